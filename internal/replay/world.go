package replay

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/clock"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server"
)

// world is this repository's server, set up as the recorded one was.
type world struct {
	ctx      context.Context
	server   *server.Server
	clock    *clock.Clock
	of       *collection
	projects map[string]*server.Project
	keys     map[string][]byte // signing keys by project
	db       *sql.DB           // the server's database
	provider *httptest.Server  // of OAuth2, nil until there is one
}

// start is before all recordings.
var start = time.Date(2026, 11, 23, 15, 45, 0, 0, time.UTC)

// data is where a server's data is: in a directory, or else in a PostgreSQL
// database.
type data struct {
	dir, databaseURL string
	silent           bool // the server sends no messages
}

// open opens the database beside the server.
func (d data) open() (*sql.DB, error) {
	if d.dir == "" {
		return sql.Open("pgx", d.databaseURL)
	}
	return sql.Open("sqlite3", (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.Join(d.dir, store.FileName), RawQuery: "_pragma=busy_timeout(10000)"}).String())
}

// newWorld starts the server on its data, and returns what scenarios may know
// of it.
func newWorld(ctx context.Context, of *collection, d data) (*world, env, error) {
	w := &world{ctx: ctx, of: of, projects: map[string]*server.Project{}, keys: map[string][]byte{},
		clock: clock.New(func() time.Time { return start })}
	o := server.Options{
		DataDir: d.dir, DatabaseURL: d.databaseURL, Project: of.projects[0], Now: w.clock.Now, Limits: server.LimitsAppwrite19, Outbox: of.apart && !d.silent,
		Mail: server.Mail{From: "Appwrite <noreply@appwrite.io>"},
		// The recorded server believes every caller's X-Forwarded headers.
		TrustedProxies: []string{"127.0.0.0/8", "10.0.0.0/8"},
		// The lowest cost there is: the recordings have hundreds of passwords.
		PasswordCost: server.PasswordCost{MemoryKiB: 8, Time: 1, Threads: 1},
		// One recorded function outlasts its caller's patience.
		FunctionWait: time.Second,
	}
	known := env{}
	for _, id := range of.projects {
		p := server.Project{ID: id, APIKey: apiKey(id)}
		if of.apart {
			p.Name = displayNames[id]
		}
		if id == of.projects[0] {
			p.Functions = recordedFunctions()
		}
		w.projects[id], known[keyVariable(id)] = &p, p.APIKey
		o.Projects = append(o.Projects, p)
	}
	var err error
	if w.server, err = server.New(ctx, o); err != nil {
		return nil, nil, err
	}
	if err := w.open(d); err != nil {
		return nil, nil, errors.Join(err, w.close())
	}
	return w, known, nil
}

// apiKey is the project's API key, in the form of Appwrite's.
func apiKey(project string) string {
	sum := sha256.Sum256([]byte(project))
	return "standard_" + strings.Repeat(hex.EncodeToString(sum[:]), 4)
}

// open opens the server's database and reads the signing keys that the
// projects were made with.
func (w *world) open(d data) (err error) {
	w.db, err = d.open()
	if err != nil {
		return err
	}
	for _, id := range w.of.projects {
		if w.keys[id], err = w.server.Keys().SigningKey(w.ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// close closes the server.
func (w *world) close() error {
	err := w.server.Close()
	if w.provider != nil {
		w.provider.Close()
	}
	if w.db != nil {
		err = errors.Join(err, w.db.Close())
	}
	return err
}

// clearLimits deletes all counters of limits, as the recorder did. No API
// does that.
func (w *world) clearLimits() error {
	_, err := w.db.ExecContext(w.ctx, "DELETE FROM limit_hits")
	return err
}

func (w *world) handler() http.Handler            { return w.server }
func (w *world) setClock(t time.Time) error       { return w.clock.Set(t) }
func (w *world) signingKey(project string) []byte { return w.keys[project] }

// settle waits until no execution waits or runs: the recorder waited for the
// worker, too.
func (w *world) settle() error {
	for {
		var n int
		err := w.db.QueryRowContext(w.ctx, "SELECT COUNT(*) FROM executions WHERE status IN ('waiting', 'processing')").Scan(&n)
		if err != nil || n == 0 {
			return err
		}
		select {
		case <-w.ctx.Done():
			return w.ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}

// displayNames are the projects' names as mails say them, "" for their ids.
var displayNames = map[string]string{"golden": "Golden Project"}

// has reports whether the database has a table with a column.
func (w *world) has(table, column string) bool {
	rows, err := w.db.QueryContext(w.ctx, "SELECT "+column+" FROM "+table+" LIMIT 0")
	return err == nil && rows.Close() == nil
}
