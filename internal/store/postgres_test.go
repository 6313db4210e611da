package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/isojot/isojot/internal/pgtest"
)

// Instances that start at once on an empty database migrate it once.
func TestInstancesMigrateTogether(t *testing.T) {
	url := pgtest.Shared(t).NewDatabase(t)
	var starting sync.WaitGroup
	for range 4 {
		starting.Go(func() {
			db, err := OpenPostgres(t.Context(), url, 0, atNow)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := db.EnsureProject(t.Context(), "demo"); err != nil {
				t.Error(err)
			}
			closeDB(t, db)
		})
	}
	starting.Wait()
	p, err := openPostgresURL(t, url).Project(t.Context(), "demo")
	if err != nil || len(p.Keys) != 1 {
		t.Errorf("Project = %+v, %v", p, err)
	}
}

// A schema of a later release is refused, not guessed at.
func TestNewerSchemaIsRefused(t *testing.T) {
	refused := func(t *testing.T, db *DB, open func() (*DB, error)) {
		t.Helper()
		_, err := db.write.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, $1)`, true)
		if err != nil {
			t.Fatal(err)
		}
		again, err := open()
		if err == nil {
			closeDB(t, again)
		}
		if err == nil || !strings.Contains(err.Error(), "is version 9999, this isojot knows none after") {
			t.Errorf("opening it: %v", err)
		}
	}
	t.Run("file", func(t *testing.T) {
		dir := t.TempDir()
		refused(t, openFile(t, dir), func() (*DB, error) { return Open(t.Context(), dir, atNow) })
	})
	t.Run("postgres", func(t *testing.T) {
		url := pgtest.Shared(t).NewDatabase(t)
		refused(t, openPostgresURL(t, url), func() (*DB, error) { return OpenPostgres(t.Context(), url, 0, atNow) })
	})
}

// Texts compare by their bytes, whatever the language of the database.
func TestTextColumnsAreBytewise(t *testing.T) {
	db := openPostgresURL(t, pgtest.New(t))
	var all, bytewise int
	err := db.read.QueryRowContext(t.Context(), `SELECT COUNT(*), COUNT(*) FILTER (WHERE collation_name = 'C') FROM information_schema.columns
		WHERE table_schema = current_schema() AND data_type = 'text' AND table_name <> 'goose_db_version'`).Scan(&all, &bytewise)
	if err != nil || all < 30 || bytewise != all {
		t.Errorf("of %d columns %d compare by bytes, %v", all, bytewise, err)
	}
}

// What PostgreSQL cannot hold is replaced, not an error.
func TestTextThatPostgresCannotHold(t *testing.T) {
	db := openPostgresURL(t, pgtest.New(t))
	seed(t, db)
	inTx(t, db, func(tx *Tx) error { return tx.SetName(t.Context(), "demo", "u1", "a\x00b\xffc") })
	if u, err := db.User(t.Context(), "demo", "u1"); err != nil || u.Name != "a\uFFFDb\uFFFDc" {
		t.Errorf("User = %q, %v", u.Name, err)
	}
	if _, err := db.User(t.Context(), "demo", "u1\x00"); !errors.Is(err, ErrNotFound) {
		t.Errorf("User(u1 and NUL) = %v", err)
	}
}

// Transactions that wait for each other's rows both succeed.
func TestDeadlockIsTriedAgain(t *testing.T) {
	db := openPostgresURL(t, pgtest.New(t))
	seed(t, db)
	addUser(t, db, "demo", "u2", "u2@example.com")
	var both, first sync.WaitGroup
	first.Add(2)
	attempts := make(chan string, 2*maxAttempts)
	for _, order := range [][]string{{"u1", "u2"}, {"u2", "u1"}} {
		both.Go(func() {
			met := false
			err := db.Tx(t.Context(), func(tx *Tx) error {
				attempts <- order[0]
				if err := tx.SetName(t.Context(), "demo", order[0], "by "+order[0]); err != nil {
					return err
				}
				if !met {
					met = true
					first.Done()
					first.Wait()
				}
				return tx.SetName(t.Context(), "demo", order[1], "by "+order[0])
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if n := len(attempts); n < 3 {
		t.Errorf("they made %d attempts: they were not in each other's way", n)
	}
}

// A transaction is not tried for ever, nor longer than its context lasts.
func TestAttemptsAreBounded(t *testing.T) {
	db := openPostgresURL(t, pgtest.New(t))
	conflict := &pgconn.PgError{Code: "40001"}
	attempts := 0
	err := db.Tx(t.Context(), func(*Tx) error { attempts++; return fmt.Errorf("wrapped: %w", conflict) })
	if !errors.Is(err, conflict) || attempts != maxAttempts {
		t.Errorf("after %d attempts: %v", attempts, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	attempts = 0
	err = db.Tx(ctx, func(*Tx) error { attempts++; cancel(); return conflict })
	if !errors.Is(err, context.Canceled) || attempts != 1 {
		t.Errorf("after %d attempts: %v", attempts, err)
	}
	attempts = 0
	other := &pgconn.PgError{Code: "23514"}
	if err := db.Tx(t.Context(), func(*Tx) error { attempts++; return other }); !errors.Is(err, other) || attempts != 1 {
		t.Errorf("after %d attempts: %v", attempts, err)
	}
}

// An instance has no more connections than it was given.
func TestConnectionsAreBounded(t *testing.T) {
	db, err := OpenPostgres(t.Context(), pgtest.New(t), 2, atNow)
	if err != nil {
		t.Fatal(err)
	}
	defer closeDB(t, db)
	var using sync.WaitGroup
	var seen sync.Map // the connections by number: one that was closed before may still be listed
	for range 8 {
		using.Go(func() {
			err := db.Tx(t.Context(), func(tx *Tx) error {
				var pid int
				err := tx.row(t.Context(), []any{&pid}, `SELECT pg_backend_pid() FROM pg_sleep(0.01)`)
				seen.Store(pid, true)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	using.Wait()
	n := 0
	seen.Range(func(any, any) bool { n++; return true })
	if n != 2 {
		t.Errorf("there were %d connections", n)
	}
}

// Statements end after their time, by the URL's or by default.
func TestStatementsAreBounded(t *testing.T) {
	url := pgtest.New(t)
	db := openPostgresURL(t, url+"?statement_timeout=50")
	_, err := db.read.ExecContext(t.Context(), `SELECT pg_sleep(60)`)
	if sqlState(err) != "57014" {
		t.Errorf("a long statement: %v", err)
	}
	var settings []string
	err = openPostgresURL(t, url).rows(t.Context(), eachText(&settings), `SELECT name || '=' || setting FROM pg_settings
		WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'application_name') ORDER BY name`)
	want := []string{"application_name=isojot", "idle_in_transaction_session_timeout=30000", "statement_timeout=10000"}
	if err != nil || !slices.Equal(settings, want) {
		t.Errorf("the settings are %q, %v", settings, err)
	}
}

// Instances whose clocks differ count together.
func TestLimitsHoldWithClocksApart(t *testing.T) {
	db := openPostgresURL(t, pgtest.New(t))
	seed(t, db)
	behind := hourly.End(now).Add(-10 * time.Millisecond)
	ahead := behind.Add(5 * time.Minute) // in the next window
	for i, want := range []int{0, 1, 2, 3, 3, 3} {
		at := []time.Time{ahead, behind}[i%2]
		if got := hit(t, db, "demo", "a", at); got != want {
			t.Errorf("hit %d found %d, want %d", i, got, want)
		}
	}
	added := 0
	for i := range 2 * window.Limit {
		db.set([]time.Time{ahead, behind}[i%2])
		_, ok, err := db.addJWT(t, "u1", i)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			added++
		}
	}
	if added != window.Limit {
		t.Errorf("%d creations were added, want %d", added, window.Limit)
	}
}

// A role that may not change the schema can use one that is up to date; one
// that may can keep to a schema of its own.
func TestRolesOfThePostgresDatabase(t *testing.T) {
	cluster := pgtest.Shared(t)
	url := cluster.NewDatabase(t)
	seed(t, openPostgresURL(t, url))
	role := "user_" + strings.ToLower(t.Name())
	cluster.AdminIn(t, url, `CREATE ROLE `+role+` LOGIN PASSWORD 'only rows'`,
		`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO `+role)
	asRole := withUser(t, url, role, "only rows")
	db := openPostgresURL(t, asRole)
	addUser(t, db, "demo", "u2", "u2@example.com")
	if _, err := db.write.ExecContext(t.Context(), `CREATE TABLE mine (a TEXT)`); sqlState(err) != "42501" {
		t.Errorf("it may make tables: %v", err)
	}

	cluster.AdminIn(t, url, `CREATE SCHEMA apart AUTHORIZATION `+role)
	apart := openPostgresURL(t, asRole+"?search_path=apart")
	if _, err := apart.Project(t.Context(), "demo"); !errors.Is(err, ErrNotFound) {
		t.Errorf("the other schema's project: %v", err)
	}
	seed(t, apart)
}

// What the documentation has administrators do gives each role what it needs.
func TestDocumentedRoles(t *testing.T) {
	text, err := os.ReadFile("../../docs/postgres.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) != 3 { // the third is TestSearchWithoutTheExtension's
		t.Fatalf("there are %d blocks of SQL", len(blocks))
	}
	statements := func(block string) []string {
		return slices.DeleteFunc(strings.Split(block, ";"), func(s string) bool { return strings.TrimSpace(s) == "" })
	}
	cluster := pgtest.Shared(t)
	cluster.Admin(t, statements(blocks[0][1])...)
	url := "postgres://isojot:choose%20one@" + cluster.Address() + "/isojot"
	db := openPostgresURL(t, url)
	if seed(t, db); !textIndex(t, db) {
		t.Error("the documented owner gets no index of the texts")
	}
	cluster.Admin(t, `CREATE ROLE isojot_rows LOGIN PASSWORD 'rows'`)
	cluster.AdminIn(t, url, statements(blocks[1][1])...)
	addUser(t, openPostgresURL(t, withUser(t, url, "isojot_rows", "rows")), "demo", "u2", "u2@example.com")
}

// When the database is restarted, what is asked meanwhile fails soon, and what
// is asked afterwards does not.
func TestRestartOfTheDatabase(t *testing.T) {
	cluster := pgtest.NewCluster(t)
	db := openPostgresURL(t, cluster.NewDatabase(t))
	seed(t, db)
	block := func() error {
		return db.Tx(t.Context(), func(tx *Tx) error { return tx.SetBlocked(t.Context(), "demo", "u1", true) })
	}
	cluster.Crash()
	for name, err := range map[string]error{"reading": db.Ping(t.Context()), "writing": block()} {
		if err == nil {
			t.Errorf("%s succeeds without a database", name)
		}
	}
	cluster.Run(t)
	// That it could not be reached holds for a moment.
	for end := time.Now().Add(time.Minute); db.Ping(t.Context()) != nil && time.Now().Before(end); {
		time.Sleep(failedPause / 10)
	}
	if err := errors.Join(db.Ping(t.Context()), block()); err != nil {
		t.Error(err)
	}
}

// eachText collects rows of one text.
func eachText(to *[]string) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var s string
		err := rows.Scan(&s)
		*to = append(*to, s)
		return err
	}
}
