package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/limit"
	"github.com/isojot/isojot/internal/pgtest"
)

var (
	now    = time.Date(2026, 8, 21, 12, 0, 0, 123e6, time.UTC)
	window = limit.Window{Limit: 10, Period: time.Hour}
)

// atNow is a clock that stands still; set moves that of a database.
func atNow() time.Time { return now }

func (db *DB) set(at time.Time) { db.clock = func() time.Time { return at } }

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// eachDB runs a test against a database in memory and one in a file, which
// differ in how connections are pooled, and one of PostgreSQL.
func eachDB(t *testing.T, test func(t *testing.T, db *DB)) {
	t.Run("memory", func(t *testing.T) {
		db, err := OpenMemory(t.Context(), atNow)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { closeDB(t, db) })
		test(t, db)
	})
	t.Run("file", func(t *testing.T) { test(t, openFile(t, t.TempDir())) })
	t.Run("postgres", func(t *testing.T) { test(t, openPostgresURL(t, pgtest.New(t))) })
}

// openPostgresURL opens a database of PostgreSQL, as an instance does.
func openPostgresURL(t *testing.T, url string) *DB {
	t.Helper()
	db, err := OpenPostgres(t.Context(), url, 0, atNow)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeDB(t, db) })
	return db
}

func TestReadsRefuseAContextThatHasEnded(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		ctx, cancel := context.WithCancel(t.Context())
		if err := db.Ping(ctx); err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := db.Ping(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Ping = %v, want %v", err, context.Canceled)
		}
	})
}

func openFile(t *testing.T, dir string) *DB {
	t.Helper()
	db, err := Open(t.Context(), dir, atNow)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeDB(t, db) })
	return db
}

func closeDB(t *testing.T, db *DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// seed makes the project demo with the user u1.
func seed(t testing.TB, db *DB) {
	t.Helper()
	if _, err := db.EnsureProject(t.Context(), "demo"); err != nil {
		t.Fatal(err)
	}
	addUser(t, db, "demo", "u1", "u1@example.com")
}

func addUser(t testing.TB, db *DB, project, id, email string) {
	t.Helper()
	u := User{ID: id, Email: email, Name: "Ann", PasswordAt: now, RegisteredAt: now, AccessedAt: now, CreatedAt: now, UpdatedAt: now}
	if err := db.Tx(t.Context(), func(tx *Tx) error { return tx.InsertUser(t.Context(), project, u, "hash of "+id) }); err != nil {
		t.Fatal(err)
	}
}

func addSession(t testing.TB, db *DB, id string, at time.Time, most int) {
	t.Helper()
	s := Session{ID: id, UserID: "u1", Provider: "email", Factors: []string{"password"}, ExpiresAt: at.Add(time.Hour), CreatedAt: at, UpdatedAt: at}
	err := db.Tx(t.Context(), func(tx *Tx) error {
		return tx.InsertSession(t.Context(), "demo", s, "hash of "+id, most)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEnsureProjectKeepsTheKey(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		a, err := db.EnsureProject(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		again, err := db.EnsureProject(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again.Keys, a.Keys) || !again.CreatedAt.Equal(now) {
			t.Error("the second EnsureProject changed the project")
		}
		b, err := db.EnsureProject(t.Context(), "b")
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Keys) != 1 || len(b.Keys) != 1 {
			t.Fatalf("%d keys, and %d", len(a.Keys), len(b.Keys))
		}
		first, other := a.Keys[0], b.Keys[0]
		if len(first.Secret) < 32 || string(first.Secret) == string(other.Secret) {
			t.Errorf("keys of %d bytes; the same in two projects: %v", len(first.Secret), string(first.Secret) == string(other.Secret))
		}
		if first.Algorithm != "HS256" || !first.SignsFrom.Equal(a.CreatedAt) {
			t.Errorf("the first key is %s, signs from %v", first.Algorithm, first.SignsFrom)
		}
		if _, err := db.Project(t.Context(), "none"); !errors.Is(err, ErrNotFound) {
			t.Errorf("Project(none): %v", err)
		}
	})
}

func TestUsers(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		u, err := db.User(t.Context(), "demo", "u1")
		if err != nil {
			t.Fatal(err)
		}
		if u.Email != "u1@example.com" || !u.CreatedAt.Equal(now) || string(u.Prefs) != "{}" || u.Labels == nil || u.Blocked {
			t.Errorf("User = %+v", u)
		}
		same, hash, err := db.UserByEmail(t.Context(), "demo", "u1@example.com")
		if err != nil || same.ID != "u1" || hash != "hash of u1" {
			t.Errorf("UserByEmail = %+v, %q, %v", same, hash, err)
		}
		for _, dup := range []User{{ID: "u1", Email: "other@example.com"}, {ID: "u2", Email: "u1@example.com"}} {
			dup.RegisteredAt, dup.AccessedAt, dup.CreatedAt, dup.UpdatedAt = now, now, now, now
			err := db.Tx(t.Context(), func(tx *Tx) error { return tx.InsertUser(t.Context(), "demo", dup, "") })
			if !errors.Is(err, ErrDuplicate) {
				t.Errorf("inserting %+v: %v, want ErrDuplicate", dup, err)
			}
		}
		addUser(t, db, "demo", "anon1", "")
		addUser(t, db, "demo", "anon2", "")
		if _, err := db.EnsureProject(t.Context(), "other"); err != nil {
			t.Fatal(err)
		}
		addUser(t, db, "other", "u1", "u1@example.com")
	})
}

func TestSetBlocked(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		block := func(id string) error {
			return db.Tx(t.Context(), func(tx *Tx) error { return tx.SetBlocked(t.Context(), "demo", id, true) })
		}
		if err := block("u1"); err != nil {
			t.Fatal(err)
		}
		if u, err := db.User(t.Context(), "demo", "u1"); err != nil || !u.Blocked {
			t.Errorf("User = %+v, %v", u, err)
		}
		if err := block("nobody"); !errors.Is(err, ErrNotFound) {
			t.Errorf("blocking nobody: %v", err)
		}
	})
}

func TestSessions(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		addSession(t, db, "s1", now, 10)
		u, s, err := db.UserBySecret(t.Context(), "demo", "u1", "hash of s1")
		if err != nil || u.ID != "u1" || s.ID != "s1" || s.Factors[0] != "password" {
			t.Errorf("UserBySecret = %+v, %+v, %v", u, s, err)
		}
		if !s.ValidAt(s.ExpiresAt) || s.ValidAt(s.ExpiresAt.Add(time.Millisecond)) {
			t.Error("a session is valid up to and including its expiry")
		}
		p, err := db.Project(t.Context(), "demo")
		if err != nil {
			t.Fatal(err)
		}
		b, err := db.Bearer(t.Context(), "demo", "u1", "s1")
		if err != nil || b.User.ID != "u1" || !b.SessionExpiresAt.Equal(s.ExpiresAt) || b.KeyVersion != p.KeyVersion {
			t.Errorf("Bearer = %+v, %v", b, err)
		}
		b, err = db.Bearer(t.Context(), "demo", "u1", "")
		if err != nil || b.User.ID != "u1" || !b.SessionExpiresAt.IsZero() || b.KeyVersion != p.KeyVersion {
			t.Errorf("Bearer without a session = %+v, %v", b, err)
		}
		for name, err := range map[string]error{
			"other secret":  third(db.UserBySecret(t.Context(), "demo", "u1", "hash of s2")),
			"other user":    third(db.UserBySecret(t.Context(), "demo", "u2", "hash of s1")),
			"other project": third(db.UserBySecret(t.Context(), "other", "u1", "hash of s1")),
			"other session": second(db.Bearer(t.Context(), "demo", "u1", "s2")),
			"no user":       second(db.Bearer(t.Context(), "demo", "u2", "")),
			"unknown user": db.Tx(t.Context(), func(tx *Tx) error {
				return tx.InsertSession(t.Context(), "demo", Session{ID: "s9", UserID: "nobody"}, "h", 10)
			}),
		} {
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: %v, want ErrNotFound", name, err)
			}
		}
		err = db.Tx(t.Context(), func(tx *Tx) error { return tx.DeleteSession(t.Context(), "demo", "u1", "s1") })
		if err != nil {
			t.Fatal(err)
		}
		if err := second(db.Bearer(t.Context(), "demo", "u1", "s1")); !errors.Is(err, ErrNotFound) {
			t.Errorf("a deleted session is found: %v", err)
		}
	})
}

// second and third are the error of a lookup.
func second[T any](_ T, err error) error { return err }

func third[T any](_ User, _ T, err error) error { return err }

func TestSessionLimitEvictsTheOldest(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		for i := range 12 {
			addSession(t, db, fmt.Sprintf("s%02d", i), now.Add(time.Duration(i)*time.Second), 10)
		}
		// A clock set back makes the newest session the earliest.
		addSession(t, db, "past", now.Add(-time.Hour), 10)
		sessions, err := db.Sessions(t.Context(), "demo", "u1")
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, s := range sessions {
			ids = append(ids, s.ID)
		}
		if got, want := strings.Join(ids, " "), "s03 s04 s05 s06 s07 s08 s09 s10 s11 past"; got != want {
			t.Errorf("sessions = %s, want %s", got, want)
		}
	})
}
