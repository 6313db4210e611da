package store

import (
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/pgtest"
)

// secretWord is the password of URLs that lead nowhere.
const secretWord = "pa55wordOfTheTest"

// No error has the password, whatever is wrong with the URL or the database.
func TestErrorsHaveNoPassword(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for name, tt := range map[string]struct{ url, want string }{
		"nobody answers":  {"postgres://ann:" + secretWord + "@" + silent.Addr().String() + "/db?connect_timeout=1", "the database at postgres://" + silent.Addr().String() + "/db cannot be reached"},
		"nobody listens":  {"postgres://ann:" + secretWord + "@" + address + "/db", "the database at postgres://" + address + "/db cannot be reached"},
		"other scheme":    {"mysql://ann:" + secretWord + "@" + address + "/db", "does not begin with postgres://"},
		"key and value":   {"host=127.0.0.1 password=" + secretWord, "does not begin with postgres://"},
		"no port":         {"postgres://ann:" + secretWord + "@127.0.0.1:x/db", "is not valid"},
		"@ in it":         {"postgres://ann:" + secretWord + "/@127.0.0.1:1/db", "is not valid"},
		"% in it":         {"postgres://ann:" + secretWord + "%zz@127.0.0.1:1/db", "is not valid"},
		"unknown sslmode": {"postgres://ann:" + secretWord + "@" + address + "/db?sslmode=perhaps", "is not valid"},
		"in the query":    {"postgres://" + address + "/db?user=ann&password=" + secretWord, "cannot be reached"},
		"no certificate":  {"postgres://ann:" + secretWord + "@" + address + "/db?sslmode=verify-full&sslrootcert=/" + secretWord, "is not valid"},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := OpenPostgres(t.Context(), tt.url, 0, atNow)
			if err == nil {
				closeDB(t, db)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), secretWord) {
				t.Errorf("OpenPostgres = %v, want %q", err, tt.want)
			}
		})
	}
}

// withUser is a database's URL for another user.
func withUser(t *testing.T, databaseURL, user, password string) string {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(user, password)
	return u.String()
}

func TestPostgresRefuses(t *testing.T) {
	cluster := pgtest.Shared(t)
	database := pgtest.New(t)
	cluster.Admin(t, `CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'`)
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/latin"
	for name, tt := range map[string]struct{ url, want string }{
		"wrong password": {withUser(t, database, "ordinary", secretWord), "password authentication failed"},
		"no TLS there":   {database + "?sslmode=require", "cannot be reached"},
		"no such thing":  {database + "x", "does not exist"},
		"encoding":       {u.String(), "holds text in LATIN1"},
	} {
		db, err := OpenPostgres(t.Context(), tt.url, 0, atNow)
		if err == nil {
			closeDB(t, db)
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), cluster.Address()) || strings.Contains(err.Error(), secretWord) {
			t.Errorf("%s: %v, want %q and %s", name, err, tt.want, cluster.Address())
		}
	}
}

func TestUsedPostgres(t *testing.T) {
	database := pgtest.Shared(t).NewDatabase(t)
	if used, err := UsedPostgres(t.Context(), database); err != nil || used {
		t.Errorf("an empty one: %v, %v", used, err)
	}
	openPostgresURL(t, database)
	if used, err := UsedPostgres(t.Context(), database); err != nil || !used {
		t.Errorf("one with a schema: %v, %v", used, err)
	}
}

// tarpit is a way to the database that can be made to swallow what comes.
type tarpit struct {
	net.Listener
	to     string
	closed atomic.Bool
	used   atomic.Int32 // how often somebody came
}

func newTarpit(t *testing.T, to string) *tarpit {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &tarpit{Listener: listener, to: to}
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			p.used.Add(1)
			go p.pass(from)
		}
	}()
	t.Cleanup(func() { _ = listener.Close() })
	return p
}

// pass passes on what comes in both directions, unless it is closed.
func (p *tarpit) pass(from net.Conn) {
	defer from.Close()
	to, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer to.Close()
	go func() {
		_, _ = io.Copy(from, to) // until either ends
		_ = from.Close()
	}()
	b := make([]byte, 4096)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		if p.closed.Load() {
			continue
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

// A database that takes statements and says nothing is not waited for for
// ever, and is used again when it answers.
func TestSilentDatabase(t *testing.T) {
	u, err := url.Parse(pgtest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	way := newTarpit(t, u.Host)
	u.Host = way.Addr().String()
	db, err := openPostgres(t.Context(), u.String(), 1, atNow, 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer closeDB(t, db)
	for range 2 { // from then on the connection is used without a question before
		if err := db.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	way.closed.Store(true)
	if err := db.Ping(t.Context()); err == nil {
		t.Error("it answers")
	}
	way.closed.Store(false)
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// Those who wait for a connection to a database that is away do not wait one
// after the other.
func TestManyWaitForAnAbsentDatabase(t *testing.T) {
	u, err := url.Parse(pgtest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	way := newTarpit(t, u.Host)
	u.Host, u.RawQuery = way.Addr().String(), "connect_timeout=1&sslmode=disable"
	db, err := OpenPostgres(t.Context(), u.String(), 1, atNow)
	if err != nil {
		t.Fatal(err)
	}
	defer closeDB(t, db)
	way.closed.Store(true)
	way.used.Store(0)
	var waiting sync.WaitGroup
	const n = 40
	for range n {
		waiting.Go(func() {
			if err := db.Ping(t.Context()); err == nil {
				t.Error("it answers")
			}
		})
	}
	waiting.Wait()
	if attempts := way.used.Load(); attempts > n/4 {
		t.Errorf("%d of them made %d attempts", n, attempts)
	}
}
