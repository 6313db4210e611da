package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"
)

func TestAuthenticators(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		do := func(f func(ctx context.Context, tx *Tx) error) error { return in(t, db, f) }
		insert := func(user, secret string) error {
			return do(func(ctx context.Context, tx *Tx) error { return tx.InsertAuthenticator(ctx, "demo", user, secret) })
		}
		read := func() (a Authenticator, err error) {
			err = do(func(ctx context.Context, tx *Tx) error {
				a, err = tx.Authenticator(ctx, "demo", "u1")
				return err
			})
			return a, err
		}
		if _, err := read(); !errors.Is(err, ErrNotFound) {
			t.Errorf("none: %v", err)
		}
		for _, secret := range []string{"A", "B"} {
			if err := insert("u1", secret); err != nil {
				t.Fatal(err)
			}
			if a, err := read(); err != nil || a != (Authenticator{Secret: secret}) {
				t.Errorf("%+v, %v", a, err)
			}
		}
		if err := insert("nobody", "A"); !errors.Is(err, ErrNotFound) {
			t.Errorf("an unknown user's: %v", err)
		}
		user := func() *User {
			u, err := db.User(t.Context(), "demo", "u1")
			if err != nil {
				t.Fatal(err)
			}
			return &u
		}
		asks := func(want bool) {
			t.Helper()
			got, err := db.AsksFactor(t.Context(), "demo", user())
			if err != nil || got != want {
				t.Errorf("AsksFactor = %t, %v", got, err)
			}
		}
		setMFA := func(on bool) {
			t.Helper()
			if err := do(func(ctx context.Context, tx *Tx) error { return tx.SetMFA(ctx, "demo", "u1", on) }); err != nil {
				t.Fatal(err)
			}
		}
		setMFA(true)
		asks(false)
		if err := do(func(ctx context.Context, tx *Tx) error { return tx.TakeStep(ctx, "demo", "u1", 7) }); err != nil {
			t.Fatal(err)
		}
		if a, err := read(); err != nil || a != (Authenticator{"B", true, 7}) {
			t.Errorf("%+v, %v", a, err)
		}
		if err := insert("u1", "C"); !errors.Is(err, ErrDuplicate) {
			t.Errorf("instead of a verified one: %v", err)
		}
		asks(true)
		setMFA(false)
		asks(false)
		setMFA(true)
		remove := func() error {
			return do(func(ctx context.Context, tx *Tx) error { return tx.DeleteAuthenticator(ctx, "demo", "u1") })
		}
		if err := remove(); err != nil {
			t.Fatal(err)
		}
		asks(false)
		if err := remove(); !errors.Is(err, ErrNotFound) {
			t.Errorf("deleting it again: %v", err)
		}
		if err := do(func(ctx context.Context, tx *Tx) error { return tx.SetEmailVerified(ctx, "demo", "u1", true) }); err != nil {
			t.Fatal(err)
		}
		asks(true)
		if f, err := db.Factors(t.Context(), "demo", user()); err != nil || f != (Factors{Email: true}) || fmt.Sprint(f.List()) != "[email]" {
			t.Errorf("Factors = %+v, %v", f, err)
		}
	})
}

func TestRecoveryCodesAreTakenOnce(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		set := func(user string, codes ...string) error {
			return in(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetRecoveryCodes(ctx, "demo", user, codes) })
		}
		take := func(code string) error {
			return in(t, db, func(ctx context.Context, tx *Tx) error { return tx.TakeRecoveryCode(ctx, "demo", "u1", code) })
		}
		left := func(want ...string) {
			t.Helper()
			if got, err := db.RecoveryCodes(t.Context(), "demo", "u1"); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("left are %v, %v, want %v", got, err, want)
			}
		}
		left()
		if err := errors.Join(set("u1", "x", "y"), set("u1", "c", "a", "b")); err != nil {
			t.Fatal(err)
		}
		left("c", "a", "b")
		if err := set("nobody", "a"); !errors.Is(err, ErrNotFound) {
			t.Errorf("an unknown user's: %v", err)
		}
		if err := take("a"); err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{"a", "x", ""} {
			if err := take(code); !errors.Is(err, ErrNotFound) {
				t.Errorf("taking %q: %v", code, err)
			}
		}
		left("c", "b")
		if err := in(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteUser(ctx, "demo", "u1", "") }); err != nil {
			t.Fatal(err)
		}
		addUser(t, db, "demo", "u1", "u1@example.com")
		left() // another user has that id
	})
}

func TestChallengesEndAndAreForgotten(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		addUser(t, db, "demo", "u2", "u2@example.com")
		insert := func(id string) error {
			c := Challenge{ID: id, UserID: "u1", Factor: FactorEmail, CodeHash: "h", Address: "a", CreatedAt: db.Now(), ExpiresAt: db.Now().Add(time.Hour)}
			return in(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertChallenge(ctx, "demo", c) })
		}
		read := func(user, id string) (c Challenge, err error) {
			err = in(t, db, func(ctx context.Context, tx *Tx) error {
				c, err = tx.Challenge(ctx, "demo", user, id)
				return err
			})
			return c, err
		}
		remove := func(id string) error {
			return in(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteChallenge(ctx, "demo", "u1", id) })
		}
		db.set(now)
		if err := errors.Join(insert("1"), insert("2")); err != nil {
			t.Fatal(err)
		}
		want := Challenge{"1", "u1", FactorEmail, "h", "a", now.Add(time.Hour), now}
		if c, err := read("u1", "1"); err != nil || c != want {
			t.Errorf("%+v, %v, want %+v", c, err, want)
		}
		if _, err := read("u2", "1"); !errors.Is(err, ErrNotFound) {
			t.Errorf("another user's: %v", err)
		}
		if err := remove("2"); err != nil {
			t.Fatal(err)
		}
		if err := remove("2"); !errors.Is(err, ErrNotFound) {
			t.Errorf("deleting it again: %v", err)
		}
		db.set(now.Add(time.Hour - time.Millisecond))
		if _, err := read("u1", "1"); err != nil {
			t.Errorf("the last millisecond: %v", err)
		}
		db.set(now.Add(time.Hour))
		if _, err := read("u1", "1"); !errors.Is(err, ErrNotFound) {
			t.Errorf("too late: %v", err)
		}
		if err := insert("3"); err != nil {
			t.Fatal(err)
		}
		if err := remove("1"); !errors.Is(err, ErrNotFound) {
			t.Errorf("what has expired is kept: %v", err)
		}
	})
}

func TestSessionsAreRaised(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		addSession(t, db, "s1", now, 0)
		db.set(now.Add(time.Minute))
		raise := func(id string, at time.Time, factors ...Factor) (s Session, err error) {
			err = in(t, db, func(ctx context.Context, tx *Tx) error {
				s, err = tx.RaiseSession(ctx, "demo", "u1", id, at, factors...)
				return err
			})
			return s, err
		}
		s, err := raise("s1", time.Time{}, FactorTOTP, FactorEmail)
		if err != nil || !s.UpdatedAt.Equal(now) || !s.MFAAt.IsZero() || fmt.Sprint(s.Factors) != "[password totp email]" {
			t.Errorf("%+v, %v", s, err)
		}
		at := now.Add(time.Minute)
		if s, err = raise("s1", at, FactorTOTP); err != nil || fmt.Sprint(s.Factors) != "[password totp email]" || !s.MFAAt.Equal(at) {
			t.Errorf("%+v, %v", s, err)
		}
		read, err := db.Session(t.Context(), "demo", "u1", "s1")
		if err != nil || !read.UpdatedAt.Equal(at) || !read.MFAAt.Equal(at) || fmt.Sprint(read.Factors) != "[password totp email]" {
			t.Errorf("%+v, %v", read, err)
		}
		if _, err := raise("nosuch", at, FactorTOTP); !errors.Is(err, ErrNotFound) {
			t.Errorf("an unknown session: %v", err)
		}
	})
}
