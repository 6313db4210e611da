//go:build !race

package harness

import (
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver "pgx"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server"
)

// loss is an event that happens in the database, as the last thing that a
// transaction does for which all others have waited.
type loss struct {
	name string
	ways way
	sql  func(*person) string
	// touches are what the event itself changes, as look calls it.
	touches []string
	// spares says which operations it leaves to the caller.
	spares func(*operation) bool
}

var losses = []loss{
	{name: "session ended", ways: byUser, touches: []string{"sessions"},
		sql: func(w *person) string { return `DELETE FROM sessions WHERE id = '` + w.sessionID + `'` }},
	{name: "user blocked", ways: byUser, touches: []string{"user (status)"},
		sql: func(w *person) string { return `UPDATE users SET blocked = 1 WHERE id = '` + w.id + `'` }},
	{name: "user deleted", ways: byUser, touches: []string{"user", "sessions", "what the user has"},
		sql: func(w *person) string { return `DELETE FROM users WHERE id = '` + w.id + `'` }},
	{name: "API key revoked", ways: byKey,
		sql: func(w *person) string { return `DELETE FROM api_keys WHERE id = '` + w.keyID + `'` }},
	{name: "second factor asked for", ways: byUser, spares: keepsByFactor,
		touches: []string{"user (mfa)", "what the user has (mfa)", "what the user has (totp)"},
		sql: func(w *person) string {
			return `INSERT INTO authenticators (project_id, user_id, secret, verified, created_at)
				SELECT project_id, id, 'A', 1, 0 FROM users WHERE id = '` + w.id + `'
				ON CONFLICT (project_id, user_id) DO UPDATE SET verified = 1; UPDATE users SET mfa = 1 WHERE id = '` + w.id + `'`
		}},
}

// mostWaiting is how many requests wait to write at once.
const mostWaiting = 100

// manyConnections are so many that none of those waits for one.
func manyConnections(o *server.Options) {
	if o.DatabaseURL != "" {
		o.DatabaseConnections = 120
	}
}

// A right is looked at by the transaction that acts: it may have ended while
// that waited for its turn to write, whether the request has a body or not.
func TestRightsEndWhileAWriteWaits(t *testing.T) {
	t.Parallel()
	inEach(t, together, func(p *place) {
		for i := range losses {
			p.Run(losses[i].name, func(t *testing.T) { p.writesEnd(t, &losses[i]) })
		}
	}, userRules, manyConnections)
}

// waiter is a request whose transaction waits.
type waiter struct {
	*attempt
	before map[string]string
	got    answer
}

// writesEnd tests the requests that an event concerns, some at a time.
func (p *place) writesEnd(t *testing.T, l *loss) {
	e := &event{name: l.name, ways: l.ways}
	all := slices.DeleteFunc(e.attempts(t), func(a *attempt) bool {
		return a.call.op.name == "users.createJWT" || l.spares != nil && l.spares(a.call.op) // the first writes nothing
	})
	for some := range slices.Chunk(all, mostWaiting) {
		p.theseWritesEnd(t, l, some)
	}
}

// theseWritesEnd keeps all others from writing, lets requests come to that, makes the
// event happen, and lets them go on.
func (p *place) theseWritesEnd(t *testing.T, l *loss, some []*attempt) {
	reader := p.newPerson(needs{ways: bySession})
	reader.do(here, "account.updateName", bySession, args{"name": "x"})
	var all []*waiter
	for _, a := range some {
		all = append(all, p.waiter(a))
	}
	lock := p.lock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		atOnce(len(all), func(i int) { all[i].got = p.ask(here, all[i].call.request(all[i].over)) })
	}()
	// By the time that others have been answered as often, they have begun; if
	// not, they are refused as they should be.
	account := request{"GET", "/v1/account", reader.header(bySession), ""}
	account.header["X-Appwrite-Project"] = server.DefaultProject
	for range all {
		p.ask(here, account)
	}
	for _, w := range all {
		lock.exec(l.sql(w.who))
	}
	lock.end()
	<-done
	for _, w := range all {
		if wrong := w.judge(p, l); wrong != "" {
			t.Errorf("%s by %v, %s while it waits to write: %s", w.call.name(w.over), w.by, l.name, wrong)
		}
	}
}

// waiter makes the user of a request, who has been here today.
func (p *place) waiter(a *attempt) *waiter {
	a.who = p.newPerson(needs{ways: a.by | bySession, passwordless: a.call.op.passwordless})
	a.call = a.who.call(a.call.op, a.by)
	a.who.do(here, "account.updateName", bySession, args{"name": "before"})
	return &waiter{attempt: a, before: a.look(p)}
}

// judge returns what is wrong with the answer and with what has changed besides
// what the event itself changes.
func (w *waiter) judge(p *place, l *loss) string {
	var wrong []string
	want := w.over.status(p.ask(elsewhere, w.call.request(w.over)))
	if got := w.over.status(w.got); !refuses(got, want) || !refuses(want, 401) {
		wrong = append(wrong, fmt.Sprintf("%d, want %d", got, want))
	}
	changed := slices.DeleteFunc(differ(w.before, w.look(p)), func(what string) bool {
		return slices.ContainsFunc(l.touches, func(prefix string) bool { return strings.HasPrefix(what, prefix) })
	})
	if len(changed) > 0 {
		wrong = append(wrong, "it changed "+strings.Join(changed, ", "))
	}
	return strings.Join(wrong, "; ")
}

// lock is a transaction for which all others wait that write.
type lock struct {
	place *place
	db    *sql.DB
	tx    *sql.Tx
}

// lock takes the lock: on SQLite every writer has it, on PostgreSQL there is one
// on each table.
func (p *place) lock() *lock {
	p.Helper()
	db, err := p.otherProgram()
	if err != nil {
		p.Fatal(err)
	}
	l := &lock{place: p, db: db}
	if l.tx, err = db.BeginTx(p.Context(), nil); err != nil {
		p.Fatal(err)
	}
	if p.options.DatabaseURL != "" {
		l.exec(`LOCK TABLE users, sessions, tokens, jwt_creations, limit_hits, executions, api_keys, projects IN EXCLUSIVE MODE`)
	}
	return l
}

// otherProgram opens the database beside the servers.
func (p *place) otherProgram() (*sql.DB, error) {
	if p.options.DatabaseURL != "" {
		return sql.Open("pgx", p.options.DatabaseURL)
	}
	query := url.Values{"_pragma": {"busy_timeout(10000)", "foreign_keys(on)"}, "_txlock": {"immediate"}}
	// The texts of users are in a table of FTS5.
	return driver.Open("file:"+filepath.Join(p.options.DataDir, store.FileName)+"?"+query.Encode(), fts5.Register)
}

func (l *lock) exec(statement string) {
	if _, err := l.tx.ExecContext(l.place.Context(), statement); err != nil {
		l.place.Errorf("%s: %v", statement, err)
	}
}

// end lets the others go on.
func (l *lock) end() {
	if err := l.tx.Commit(); err != nil {
		l.place.Error(err)
	}
	if err := l.db.Close(); err != nil {
		l.place.Error(err)
	}
}
