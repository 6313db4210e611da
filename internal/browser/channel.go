//go:build js && wasm

package browser

import "github.com/hack-pad/safejs"

// Channel is a BroadcastChannel of texts.
type Channel struct {
	object  Value
	receive safejs.Func
}

// OpenChannel joins the BroadcastChannel of that name. receive is called with
// each text that another context of the origin posts; it must not block.
func OpenChannel(name string, receive func(text string)) (*Channel, error) {
	object, err := Global("BroadcastChannel").New(name)
	if err != nil {
		return nil, plain(err)
	}
	c := &Channel{object: object}
	c.receive, err = safejs.FuncOf(func(_ Value, args []Value) any {
		receive(String(Get(Arg(args, 0), "data")))
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := object.Set("onmessage", c.receive); err != nil {
		c.receive.Release()
		return nil, plain(err)
	}
	// Node's keep its process alive, once somebody listens; browsers' lack it.
	_, _ = object.Call("unref")
	return c, nil
}

// Post sends a text to the others. A channel that the browser has closed
// drops it.
func (c *Channel) Post(text string) { _, _ = c.object.Call("postMessage", text) }

// Close leaves the channel.
func (c *Channel) Close() {
	_, _ = c.object.Call("close") // which cannot fail
	c.receive.Release()
}
