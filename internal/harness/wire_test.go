//go:build !race

package harness

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// patience is how long anything may take on a busy machine.
const patience = 5 * time.Minute

// request is a request as it goes over the wire.
type request struct {
	method, path string
	header       map[string]string
	body         string
}

// write writes the request's head, and its body unless that is held back:
// chunked or not, behind a 100 (Continue).
func (r request) write(w io.Writer, held, chunked bool) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\n", r.method, r.path)
	for name, value := range r.header {
		fmt.Fprintf(&b, "%s: %s\r\n", name, value)
	}
	if r.body != "" {
		b.WriteString("Content-Type: application/json\r\n")
	}
	switch {
	case chunked:
		b.WriteString("Transfer-Encoding: chunked\r\n")
	case r.body != "" || r.method != http.MethodGet:
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(r.body))
	}
	if held {
		b.WriteString("Expect: 100-continue\r\n\r\n")
	} else {
		b.WriteString("\r\n" + r.body)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// answer is a response.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// member is a member of the body that is a string, or of an object in it.
func (a answer) member(names ...string) string {
	var v any
	if json.Unmarshal(a.body, &v) != nil {
		return ""
	}
	for _, name := range names {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	text, _ := v.(string)
	return text
}

// first is the first of a member of the body that is a list of strings.
func (a answer) first(name string) string {
	var v map[string]any
	if json.Unmarshal(a.body, &v) != nil {
		return ""
	}
	list, _ := v[name].([]any)
	if len(list) == 0 {
		return ""
	}
	text, _ := list[0].(string)
	return text
}

// conn is a connection to a server, kept between requests.
type conn struct {
	net.Conn
	in *bufio.Reader
}

// read reads a response, the interim ones too.
func (c *conn) read(method string) (a answer, last bool, err error) {
	response, err := http.ReadResponse(c.in, &http.Request{Method: method})
	if err != nil {
		return a, true, err
	}
	defer response.Body.Close()
	a = answer{status: response.StatusCode, header: response.Header}
	a.body, err = io.ReadAll(response.Body)
	return a, response.Close, err
}

// peer is a server as its clients see it.
type peer struct {
	address string

	mu   sync.Mutex
	free []*conn
	all  []*conn
}

// take takes a connection that nobody uses, or makes one.
func (p *peer) take() (*conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if last := len(p.free) - 1; last >= 0 {
		c := p.free[last]
		p.free = p.free[:last]
		return c, c.SetDeadline(time.Now().Add(patience))
	}
	dialed, err := net.DialTimeout("tcp", p.address, patience)
	if err != nil {
		return nil, err
	}
	c := &conn{dialed, bufio.NewReaderSize(dialed, 1024)}
	p.all = append(p.all, c)
	return c, c.SetDeadline(time.Now().Add(patience))
}

// give gives a connection back, unless it has ended.
func (p *peer) give(c *conn, ended bool) {
	if ended {
		_ = c.Close()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, c)
}

// close ends all connections, those of requests under way too.
func (p *peer) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.all {
		_ = c.Close()
	}
}

// ask sends a request and reads its answer.
func (p *peer) ask(r request) (answer, error) {
	c, err := p.take()
	if err != nil {
		return answer{}, err
	}
	if err := r.write(c, false, false); err != nil {
		p.give(c, true)
		return answer{}, err
	}
	a, last, err := c.read(r.method)
	p.give(c, last || err != nil)
	return a, err
}

// held is a request whose server waits for the rest of its body.
type held struct {
	peer    *peer
	conn    *conn
	method  string
	rest    string
	chunked bool
	// early is the answer of a server that did not ask for the body.
	early *answer
}

// begin sends a request's head and half of its body, when the server has asked
// for it. A request without a body gets an empty object.
func (p *peer) begin(r request, chunked bool) (*held, error) {
	if r.body == "" {
		r.body = "{}"
	}
	c, err := p.take()
	if err != nil {
		return nil, err
	}
	if err := r.write(c, true, chunked); err != nil {
		return nil, err
	}
	a, last, err := c.read(r.method)
	if err != nil {
		return nil, err
	}
	h := &held{peer: p, conn: c, method: r.method, chunked: chunked}
	if a.status != http.StatusContinue {
		h.early = &a
		p.give(c, last)
		return h, nil
	}
	half := len(r.body) / 2
	h.rest = r.body[half:]
	return h, h.send(r.body[:half])
}

// send sends a part of the body.
func (h *held) send(part string) error {
	if h.chunked {
		part = strconv.FormatInt(int64(len(part)), 16) + "\r\n" + part + "\r\n"
	}
	_, err := io.WriteString(h.conn, part)
	return err
}

// release sends the rest of the body.
func (h *held) release() error {
	if h.early != nil {
		return nil
	}
	if err := h.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if err := h.send(h.rest); err != nil || !h.chunked {
		return err
	}
	_, err := io.WriteString(h.conn, "0\r\n\r\n")
	return err
}

// answer reads the answer of a request that was released.
func (h *held) answer() (answer, error) {
	if h.early != nil {
		return *h.early, nil
	}
	a, last, err := h.conn.read(h.method)
	h.peer.give(h.conn, last || err != nil)
	return a, err
}

// finish sends the rest of the body and reads the answer.
func (h *held) finish() (answer, error) {
	if err := h.release(); err != nil {
		return answer{}, err
	}
	return h.answer()
}

// quote is a value as JSON.
func quote(v any) string {
	text, err := json.Marshal(v)
	if err != nil { // texts, numbers and maps of them always encode
		panic(err)
	}
	return string(text)
}
