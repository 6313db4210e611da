package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// in runs one change of the project demo in a transaction.
func in(t *testing.T, db *DB, change func(ctx context.Context, tx *Tx) error) error {
	t.Helper()
	return db.Tx(t.Context(), func(tx *Tx) error { return change(t.Context(), tx) })
}

func TestChangesOfAUser(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		later := now.Add(time.Minute)
		db.set(later)
		changes := map[string]func(ctx context.Context, tx *Tx, id string) error{
			"name": func(ctx context.Context, tx *Tx, id string) error { return tx.SetName(ctx, "demo", id, "Bob") },
			"prefs": func(ctx context.Context, tx *Tx, id string) error {
				return tx.SetPrefs(ctx, "demo", id, []byte(`{"a":1}`))
			},
			"labels": func(ctx context.Context, tx *Tx, id string) error {
				return tx.SetLabels(ctx, "demo", id, []string{"vip"})
			},
			"password": func(ctx context.Context, tx *Tx, id string) error {
				return tx.SetPassword(ctx, "demo", id, "new hash", 0)
			},
			"email": func(ctx context.Context, tx *Tx, id string) error {
				return tx.SetEmail(ctx, "demo", id, "bob@example.com", "t1")
			},
			"phone": func(ctx context.Context, tx *Tx, id string) error {
				return tx.SetPhone(ctx, "demo", id, "+14155550100", "t2")
			},
			"email verified": func(ctx context.Context, tx *Tx, id string) error {
				return tx.SetEmailVerified(ctx, "demo", id, true)
			},
			"phone verified": func(ctx context.Context, tx *Tx, id string) error {
				return tx.SetPhoneVerified(ctx, "demo", id, true)
			},
			"blocked": func(ctx context.Context, tx *Tx, id string) error { return tx.SetBlocked(ctx, "demo", id, true) },
		}
		for _, name := range []string{"name", "prefs", "labels", "password", "email", "phone", "email verified", "phone verified", "blocked"} {
			if err := in(t, db, func(ctx context.Context, tx *Tx) error { return changes[name](ctx, tx, "u1") }); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if err := in(t, db, func(ctx context.Context, tx *Tx) error { return changes[name](ctx, tx, "nobody") }); name != "email" && name != "phone" && !errors.Is(err, ErrNotFound) {
				t.Errorf("%s of an unknown user: %v", name, err)
			}
		}
		u, hash, err := db.UserAndHash(t.Context(), "demo", "u1")
		if err != nil {
			t.Fatal(err)
		}
		if u.Name != "Bob" || string(u.Prefs) != `{"a":1}` || len(u.Labels) != 1 || hash != "new hash" || !u.PasswordAt.Equal(later) ||
			u.Email != "bob@example.com" || u.Phone != "+14155550100" || !u.EmailVerified || !u.PhoneVerified || !u.Blocked || !u.UpdatedAt.Equal(later) {
			t.Errorf("the user is %+v with hash %q", u, hash)
		}
		if u.EmailTarget.ID != "t1" || !u.PhoneTarget.UpdatedAt.Equal(later) {
			t.Errorf("the targets are %+v and %+v", u.EmailTarget, u.PhoneTarget)
		}
	})
}

// A clock that is set back takes no time of a change back.
func TestUpdatedAtNeverGoesBack(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		for _, minutes := range []time.Duration{2, 1, 3, 0} {
			db.set(now.Add(minutes * time.Minute))
			inTx(t, db, func(tx *Tx) error { return tx.SetName(t.Context(), "demo", "u1", "Bob") })
			u, err := db.User(t.Context(), "demo", "u1")
			if want := now.Add(max(minutes, 2) * time.Minute); err != nil || u.UpdatedAt.Before(want) {
				t.Errorf("%v, %v; want no earlier than %v", u.UpdatedAt, err, want)
			}
		}
	})
}

// A new password, as its end, ends the one-time tokens.
func TestSetPasswordEndsTokens(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		for _, hash := range []string{"another", ""} {
			token := Token{Kind: LoginToken, ID: "t", UserID: "u1", ExpiresAt: now.Add(time.Hour), CreatedAt: now}
			inTx(t, db, func(tx *Tx) error { return tx.CreateToken(t.Context(), "demo", token, "h") })
			inTx(t, db, func(tx *Tx) error { return tx.SetPassword(t.Context(), "demo", "u1", hash, 0) })
			err := db.Tx(t.Context(), func(tx *Tx) error { return second(tx.TakeToken(t.Context(), "demo", "u1", "h", LoginToken)) })
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("after the password %q: %v", hash, err)
			}
		}
	})
}

func TestContacts(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		addUser(t, db, "demo", "u2", "u2@example.com")
		set := func(user, email, target string) error {
			return in(t, db, func(ctx context.Context, tx *Tx) error {
				return tx.SetEmail(ctx, "demo", user, email, target)
			})
		}
		for _, taken := range []string{"u1@example.com", "u2@example.com"} {
			if err := set("u1", taken, "t"); !errors.Is(err, ErrDuplicate) {
				t.Errorf("SetEmail(%q) = %v, want a duplicate", taken, err)
			}
		}
		for _, email := range []string{"", "a@example.com", "b@example.com"} {
			if err := set("u1", email, "target of "+email); err != nil {
				t.Fatalf("SetEmail(%q): %v", email, err)
			}
			u, err := db.User(t.Context(), "demo", "u1")
			if err != nil || u.Email != email || (u.EmailTarget.ID == "") != (email == "") {
				t.Errorf("after SetEmail(%q): %+v, %v", email, u, err)
			}
			if email == "b@example.com" && u.EmailTarget.ID != "target of a@example.com" {
				t.Errorf("the target is %+v, want it to stay", u.EmailTarget)
			}
		}
		if err := set("nobody", "c@example.com", "t"); !errors.Is(err, ErrNotFound) {
			t.Errorf("SetEmail of an unknown user: %v", err)
		}
	})
}

func TestUserWithPassword(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		must := func(user, hash string) error {
			return in(t, db, func(ctx context.Context, tx *Tx) error {
				u, err := tx.UserWithPassword(ctx, "demo", user, hash)
				if err == nil && (u.ID != user || u.Email == "") {
					t.Errorf("the user is %+v", u)
				}
				return err
			})
		}
		if err := must("u1", "hash of u1"); err != nil {
			t.Error(err)
		}
		for _, c := range [][2]string{{"u1", "another hash"}, {"u1", ""}, {"nobody", "hash of u1"}} {
			if err := must(c[0], c[1]); !errors.Is(err, ErrNotFound) {
				t.Errorf("%v: %v, want ErrNotFound", c, err)
			}
		}
	})
}

func TestDeleteUserTakesAllAlong(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		addSession(t, db, "s1", now, 10)
		token := Token{Kind: LoginToken, ID: "t1", UserID: "u1", ExpiresAt: now.Add(time.Hour), CreatedAt: now}
		if err := in(t, db, func(ctx context.Context, tx *Tx) error { return tx.CreateToken(ctx, "demo", token, "h") }); err != nil {
			t.Fatal(err)
		}
		for id, status := range map[string]string{"waits": StatusWaiting, "is scheduled": StatusScheduled} {
			e := waiting(id, now)
			e.UserID, e.Status = "u1", status
			inTx(t, db, func(tx *Tx) error { return tx.InsertExecution(t.Context(), "demo", e) })
		}
		remove := func(ctx context.Context, tx *Tx) error { return tx.DeleteUser(ctx, "demo", "u1", "gone") }
		if err := in(t, db, remove); err != nil {
			t.Fatal(err)
		}
		if err := in(t, db, remove); !errors.Is(err, ErrNotFound) {
			t.Errorf("deleting again: %v", err)
		}
		addUser(t, db, "demo", "u1", "u1@example.com")
		for _, id := range []string{"waits", "is scheduled"} {
			if e, err := db.Execution(t.Context(), "demo", "f", id); err != nil || e.Status != StatusFailed || e.Errors != "gone" {
				t.Errorf("what %s for it: %+v, %v", id, e, err)
			}
		}
		if list, err := db.Sessions(t.Context(), "demo", "u1"); err != nil || len(list) != 0 {
			t.Errorf("the new user has the sessions %v, %v", list, err)
		}
		if err := in(t, db, func(ctx context.Context, tx *Tx) error {
			_, err := tx.TakeToken(ctx, "demo", "u1", "h", LoginToken)
			return err
		}); !errors.Is(err, ErrNotFound) {
			t.Errorf("the new user has the old one's token: %v", err)
		}
	})
}

// A user can have as many labels as the API takes, of the greatest length.
func TestManyLabels(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		var labels []string
		for i := range 1000 {
			labels = append(labels, fmt.Sprintf("%032x%04d", sha256.Sum256([]byte{byte(i), byte(i >> 8)}), i)[28:])
		}
		if err := in(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetLabels(ctx, "demo", "u1", labels) }); err != nil {
			t.Fatal(err)
		}
		u, _, err := db.UserAndHash(t.Context(), "demo", "u1")
		if err != nil || !slices.Equal(u.Labels, labels) {
			t.Errorf("there are %d labels, %v, want %d", len(u.Labels), err, len(labels))
		}
	})
}
