package isojot

// Channel is what a tab of a test's browser has for a BroadcastChannel.
type Channel = channel

// WithBrowser makes a client behave as in a tab of a browser: there is a
// cookie jar, own is its sessionStorage, all its localStorage, and open makes
// a BroadcastChannel (nil: the browser has none).
func WithBrowser(own, all Storage, open func(name string, receive func(string)) Channel) Option {
	return func(c *config) error {
		c.jar, c.storage, c.tabs = true, all, &browserTabs{own: own, all: all, open: open}
		return nil
	}
}

// FlightTimeout and Patience are the bounds that tests of slow servers need.
const (
	FlightTimeout = flightTimeout
	Patience      = patience
)
