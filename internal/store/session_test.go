package store

import (
	"errors"
	"testing"
	"time"
)

// inTx runs a change that must succeed.
func inTx(t *testing.T, db *DB, change func(*Tx) error) {
	t.Helper()
	if err := db.Tx(t.Context(), change); err != nil {
		t.Fatal(err)
	}
}

func TestExtendSession(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		addSession(t, db, "s1", now, 10)
		later := now.Add(time.Minute)
		extend := func(user, id string) error {
			return db.Tx(t.Context(), func(tx *Tx) error {
				_, err := tx.ExtendSession(t.Context(), "demo", user, id, time.Hour)
				return err
			})
		}
		for _, at := range []time.Time{later.Add(-time.Hour), later} {
			db.set(at)
			if err := extend("u1", "s1"); err != nil {
				t.Fatal(err)
			}
		}
		s, err := db.Session(t.Context(), "demo", "u1", "s1")
		if err != nil || !s.ExpiresAt.Equal(later.Add(time.Hour)) || !s.UpdatedAt.Equal(later) || !s.CreatedAt.Equal(now) {
			t.Errorf("%+v, %v", s, err)
		}
		db.set(now)
		if err := extend("u1", "s1"); err != nil {
			t.Fatal(err)
		}
		if s, err := db.Session(t.Context(), "demo", "u1", "s1"); err != nil || !s.UpdatedAt.Equal(later) {
			t.Errorf("the time of the change goes back with the clock: %+v, %v", s, err)
		}
		for _, missing := range [][2]string{{"u1", "s2"}, {"u2", "s1"}} {
			if err := extend(missing[0], missing[1]); !errors.Is(err, ErrNotFound) {
				t.Errorf("%v: %v", missing, err)
			}
		}
		db.set(now.Add(time.Hour + time.Millisecond))
		if err := extend("u1", "s1"); !errors.Is(err, ErrNotFound) {
			t.Errorf("a session that has expired: %v", err)
		}
	})
}

func TestDeleteOtherSessions(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		for i, id := range []string{"s1", "s2", "s3"} {
			addSession(t, db, id, now.Add(time.Duration(i)), 0)
		}
		token := Token{Kind: LoginToken, ID: "t1", UserID: "u1", ExpiresAt: now.Add(time.Hour), CreatedAt: now}
		inTx(t, db, func(tx *Tx) error { return tx.CreateToken(t.Context(), "demo", token, "h") })
		inTx(t, db, func(tx *Tx) error { return tx.DeleteOtherSessions(t.Context(), "demo", "u1", "s2") })
		if err := db.Tx(t.Context(), func(tx *Tx) error { return second(tx.TakeToken(t.Context(), "demo", "u1", "h", LoginToken)) }); !errors.Is(err, ErrNotFound) {
			t.Errorf("a one-time token outlives them: %v", err)
		}
		if left, err := db.Sessions(t.Context(), "demo", "u1"); err != nil || len(left) != 1 || left[0].ID != "s2" {
			t.Errorf("%+v, %v", left, err)
		}
	})
}

// 0 keeps all sessions; and the user agent is kept with them.
func TestUnlimitedSessions(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		for i := range 25 {
			s := Session{ID: string(rune('a' + i)), UserID: "u1", UserAgent: "curl/8.5.0", ExpiresAt: now, CreatedAt: now, UpdatedAt: now}
			inTx(t, db, func(tx *Tx) error { return tx.InsertSession(t.Context(), "demo", s, s.ID, 0) })
		}
		all, err := db.Sessions(t.Context(), "demo", "u1")
		if err != nil || len(all) != 25 || all[24].UserAgent != "curl/8.5.0" {
			t.Errorf("%d sessions, %v", len(all), err)
		}
	})
}
