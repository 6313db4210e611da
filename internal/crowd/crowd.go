// Package crowd is a load of clients that hold what they can: slow senders,
// whose bodies never end, and slow readers, who never read their answers; and
// honest clients beside them, whose answers are timed.
package crowd

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Crowd are the clients that hold the server's memory. They come back when
// they are cut off.
type Crowd struct {
	// Addr is the server's.
	Addr string
	// From are the addresses that they call from, in turn; nil is the usual one.
	From []string
	// Senders send Body after Head as far as Burst at once, and the rest a byte
	// at a time, one each Drip.
	Senders int
	Head    string
	Burst   int
	Drip    time.Duration
	// Readers send Requests, in turn, and never read; after Patience they come
	// back.
	Readers  int
	Requests []string
	Patience time.Duration

	// Answers counts what clients were answered, by status; the readers look at
	// theirs when their patience is over.
	Answers sync.Map // string -> *atomic.Int64
	open    atomic.Int64
}

// Open is how many clients are connected.
func (c *Crowd) Open() int { return int(c.open.Load()) }

// Start starts the clients, which end with ctx; wait waits for that.
func (c *Crowd) Start(ctx context.Context) (wait func()) {
	var all sync.WaitGroup
	for i := range c.Senders {
		all.Go(func() { c.again(ctx, i, c.send) })
	}
	for i := range c.Readers {
		request := c.Requests[i%len(c.Requests)]
		all.Go(func() { c.again(ctx, i, func(ctx context.Context, conn net.Conn) { c.hold(ctx, conn, request) }) })
	}
	return all.Wait
}

// pause is how long a client waits before it comes back.
const pause = time.Second

// again connects the i-th client over and over.
func (c *Crowd) again(ctx context.Context, i int, use func(context.Context, net.Conn)) {
	for sleep(ctx, time.Duration(i%1000)*time.Millisecond); ctx.Err() == nil; sleep(ctx, pause) {
		conn, err := dial(ctx, c.Addr, c.from(i))
		if err != nil {
			c.count("no connection")
			continue
		}
		c.open.Add(1)
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		use(ctx, conn)
		stop()
		_ = conn.Close()
		c.open.Add(-1)
	}
}

func (c *Crowd) from(i int) string {
	if len(c.From) == 0 {
		return ""
	}
	return c.From[i%len(c.From)]
}

func (c *Crowd) count(what string) {
	n, _ := c.Answers.LoadOrStore(what, new(atomic.Int64))
	n.(*atomic.Int64).Add(1)
}

// send is a slow sender, until it is answered or cut off.
func (c *Crowd) send(ctx context.Context, conn net.Conn) {
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		c.countAnswer(conn)
	}()
	part := strings.Repeat("x", 16<<10)
	_, err := io.WriteString(conn, c.Head)
	for left := c.Burst; err == nil && left > 0; left -= len(part) {
		_, err = io.WriteString(conn, part[:min(left, len(part))])
	}
	for tick := time.NewTicker(c.Drip); err == nil; {
		select {
		case <-answered:
			tick.Stop()
			return
		case <-ctx.Done():
			err = ctx.Err()
		case <-tick.C:
			_, err = conn.Write([]byte("x"))
		}
	}
	_ = conn.Close()
	<-answered
}

// hold is a slow reader.
func (c *Crowd) hold(ctx context.Context, conn net.Conn, request string) {
	if _, err := io.WriteString(conn, request); err != nil {
		c.count("cut off")
		return
	}
	sleep(ctx, c.Patience)
	if ctx.Err() == nil {
		c.countAnswer(conn)
	}
}

// countAnswer counts the status of the answer.
func (c *Crowd) countAnswer(conn net.Conn) {
	line, err := bufio.NewReaderSize(conn, 64).ReadString('\n')
	fields := strings.Fields(line)
	if err != nil || len(fields) < 2 {
		c.count("cut off")
		return
	}
	c.count(fields[1])
}

// smallWindow is how much of an answer the kernel takes for a client.
const smallWindow = 4 << 10

// dial connects from an address of this machine.
func dial(ctx context.Context, to, from string) (net.Conn, error) {
	d := net.Dialer{Timeout: 10 * time.Second}
	if from != "" {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	conn, err := d.DialContext(ctx, "tcp", to)
	if err != nil {
		return nil, err
	}
	return conn, conn.(*net.TCPConn).SetReadBuffer(smallWindow)
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// Request writes a request down, with as much of its body as there is; length
// is the one it announces.
func Request(method, path string, header map[string]string, body string, length int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\nX-Appwrite-Project: demo\r\n", method, path)
	for name, value := range header {
		b.WriteString(name + ": " + value + "\r\n")
	}
	if length > 0 {
		b.WriteString("Content-Type: application/json\r\nContent-Length: " + strconv.Itoa(length) + "\r\n")
	}
	return b.String() + "\r\n" + body
}

// Client is an honest client at an address of this machine.
type Client struct {
	http *http.Client
	url  string
}

// NewClient is a client of the server at addr.
func NewClient(addr, from string) *Client {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, to string) (net.Conn, error) {
		d := net.Dialer{Timeout: 10 * time.Second}
		if from != "" {
			d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
		}
		return d.DialContext(ctx, "tcp", to)
	}}
	return &Client{&http.Client{Transport: transport, Timeout: time.Minute}, "http://" + addr}
}

// Do sends a request and reads its answer.
func (c *Client) Do(ctx context.Context, method, path string, header map[string]string, body string) (*http.Response, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.url+path, strings.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("X-Appwrite-Project", "demo")
	r.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	res, err := c.http.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res, text, err
}

// Close closes the connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }
