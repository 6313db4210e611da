package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// connector makes connections to PostgreSQL.
type connector struct {
	driver.Connector
	target target

	mu     sync.Mutex
	failed error // why the last attempt failed, until then
	until  time.Time
}

func newConnector(config *pgx.ConnConfig, t target) *connector {
	return &connector{Connector: stdlib.GetConnector(*config), target: t}
}

// failedPause is how long an attempt that has failed stands for others: all who
// wait for a connection get its error, where each would wait for its own.
const failedPause = 200 * time.Millisecond

// Connect implements driver.Connector. Its errors say where the database was
// looked for, and have no password.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	if err := c.failedLately(); err != nil {
		return nil, err
	}
	made, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, c.note(c.target.unreachable(err))
	}
	return conn{made.(*stdlib.Conn)}, nil
}

func (c *connector) failedLately() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Now().Before(c.until) {
		return c.failed
	}
	return nil
}

// note keeps an error for a moment, unless only its asker has gone.
func (c *connector) note(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed, c.until = err, time.Now().Add(failedPause)
	return err
}

// connectError is that of a connection that was not made.
type connectError struct {
	text  string
	cause error
}

func (e *connectError) Error() string { return e.text }

// Unwrap returns the cause.
func (e *connectError) Unwrap() error { return e.cause }

// unreachable says that no connection was made. The driver's text names the
// user, the database and each address; should it ever have the password, that
// is taken out.
func (t target) unreachable(err error) error {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if t.password != "" {
		text = strings.ReplaceAll(text, t.password, "[redacted]")
	}
	return &connectError{fmt.Sprintf("the database at %s cannot be reached: %s", t, text), err}
}

// conn is a connection to PostgreSQL.
type conn struct{ *stdlib.Conn }

// CheckNamedValue implements driver.NamedValueChecker: it takes out of texts
// what PostgreSQL cannot hold, bytes that are no UTF-8, and NUL.
func (c conn) CheckNamedValue(v *driver.NamedValue) error {
	if s, ok := v.Value.(string); ok {
		v.Value = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	}
	return c.Conn.CheckNamedValue(v)
}

// How a connection that is dead without a word is noticed, by the system.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3}

// dialer dials for so long at most. The connection ends when the server says
// nothing for the time of silence while it is waited for; 0 waits for ever.
func dialer(timeout, silence time.Duration) pgconn.DialFunc {
	d := &net.Dialer{Timeout: timeout, KeepAliveConfig: keepAlive}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		made, err := d.DialContext(ctx, network, address)
		if err != nil || silence == 0 {
			return made, err
		}
		return &impatient{Conn: made, silence: silence}, nil
	}
}

// impatient is a connection whose reads and writes do not wait for ever. The
// driver reads only while it waits for an answer. A statement's own time is the
// server's to bound, but a server that hangs does not.
type impatient struct {
	net.Conn
	silence time.Duration

	mu  sync.Mutex
	set bool // the driver has set a deadline
}

// Read implements net.Conn.
func (i *impatient) Read(b []byte) (int, error) {
	if err := i.bound(i.Conn.SetReadDeadline); err != nil {
		return 0, err
	}
	return i.Conn.Read(b)
}

// Write implements net.Conn.
func (i *impatient) Write(b []byte) (int, error) {
	if err := i.bound(i.Conn.SetWriteDeadline); err != nil {
		return 0, err
	}
	return i.Conn.Write(b)
}

// bound sets a deadline, unless the driver has.
func (i *impatient) bound(set func(time.Time) error) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.set {
		return nil
	}
	return set(time.Now().Add(i.silence))
}

// SetDeadline implements net.Conn: the driver's deadline, by which it ends what
// a context has ended, goes before.
func (i *impatient) SetDeadline(t time.Time) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.set = !t.IsZero()
	return i.Conn.SetDeadline(t)
}
