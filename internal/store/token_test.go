package store

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestTokensAreTakenOnce(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		if _, err := db.EnsureProject(t.Context(), "other"); err != nil {
			t.Fatal(err)
		}
		add := func(id, hash string, at time.Time) error {
			token := Token{Kind: LoginToken, ID: id, UserID: "u1", ExpiresAt: at.Add(time.Minute), CreatedAt: at}
			return in(t, db, func(ctx context.Context, tx *Tx) error { return tx.CreateToken(ctx, "demo", token, hash) })
		}
		take := func(project, user, hash string, at time.Time) (id string, err error) {
			db.set(at)
			err = in(t, db, func(ctx context.Context, tx *Tx) error {
				token, err := tx.TakeToken(ctx, project, user, hash, LoginToken)
				id = token.ID
				return err
			})
			return id, err
		}
		for i, hash := range []string{"a", "b", "a"} {
			if err := add(string(rune('1'+i)), hash, now.Add(time.Duration(i)*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		for _, step := range []struct {
			name, project, user, hash string
			at                        time.Time
			want                      string
		}{
			{"wrong", "demo", "u1", "x", now, ""},
			{"another user", "demo", "u2", "a", now, ""},
			{"another project", "other", "u1", "a", now, ""},
			{"the older of two", "demo", "u1", "a", now, "1"},
			{"the other of two", "demo", "u1", "a", now, "3"},
			{"none left", "demo", "u1", "a", now, ""},
			{"too late", "demo", "u1", "b", now.Add(61 * time.Second), ""},
			{"the last millisecond", "demo", "u1", "b", now.Add(61*time.Second - time.Millisecond), "2"},
		} {
			id, err := take(step.project, step.user, step.hash, step.at)
			if id != step.want || (step.want == "") != errors.Is(err, ErrNotFound) {
				t.Errorf("%s: token %q, %v, want %q", step.name, id, err, step.want)
			}
		}
		if err := in(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.CreateToken(ctx, "demo", Token{Kind: LoginToken, ID: "t", UserID: "nobody", ExpiresAt: now, CreatedAt: now}, "h")
		}); !errors.Is(err, ErrNotFound) {
			t.Errorf("a token of an unknown user: %v", err)
		}
	})
}

func TestExpiredTokensAreForgotten(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		for i := range 3 {
			at := now.Add(time.Duration(i) * time.Hour)
			db.set(at)
			token := Token{Kind: LoginToken, ID: string(rune('1' + i)), UserID: "u1", ExpiresAt: at.Add(time.Minute), CreatedAt: at}
			if err := in(t, db, func(ctx context.Context, tx *Tx) error { return tx.CreateToken(ctx, "demo", token, "h") }); err != nil {
				t.Fatal(err)
			}
		}
		var n int
		if err := db.row(t.Context(), []any{&n}, `SELECT COUNT(*) FROM tokens`); err != nil || n != 1 {
			t.Errorf("there are %d tokens, %v, want the one that is valid", n, err)
		}
	})
}
