package store

import (
	"context"
	"errors"
	"reflect"
	"testing"
)

func TestSigningKeys(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		for _, id := range []string{"a", "b"} {
			if _, err := db.EnsureProject(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		before, err := db.KeyVersion(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		secret := []byte("thirty-two bytes, so they are...")
		next := SigningKey{ID: "k2", Algorithm: "EdDSA", Secret: secret, SignsFrom: now, CreatedAt: now}
		insert := func() error {
			return in(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertSigningKey(ctx, "a", next) })
		}
		if err := insert(); err != nil {
			t.Fatal(err)
		}
		if err := insert(); !errors.Is(err, ErrDuplicate) {
			t.Errorf("inserting it again: %v", err)
		}
		p, err := db.Project(t.Context(), "a")
		if err != nil || len(p.Keys) != 2 || p.Keys[1].ID != "k2" || string(p.Keys[1].Secret) != string(secret) || p.KeyVersion <= before {
			t.Fatalf("Project = %+v, %v", p, err)
		}
		drop := func() error {
			return in(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteSigningKey(ctx, "a", firstKeyID) })
		}
		if err := drop(); err != nil {
			t.Fatal(err)
		}
		if err := drop(); !errors.Is(err, ErrNotFound) {
			t.Errorf("deleting it again: %v", err)
		}
		claims := []string{"iat", "aud=a"}
		if err := in(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetClaims(ctx, "a", claims) }); err != nil {
			t.Fatal(err)
		}
		after, err := db.Project(t.Context(), "a")
		if err != nil || len(after.Keys) != 1 || after.Keys[0].ID != "k2" || !reflect.DeepEqual(after.Claims, claims) || after.KeyVersion <= p.KeyVersion {
			t.Errorf("Project = %+v, %v", after, err)
		}
		if b, err := db.Project(t.Context(), "b"); err != nil || len(b.Keys) != 1 || b.Keys[0].ID != firstKeyID || len(b.Claims) != 0 {
			t.Errorf("the other project is %+v, %v", b, err)
		}
		if _, err := db.KeyVersion(t.Context(), "none"); !errors.Is(err, ErrNotFound) {
			t.Errorf("KeyVersion of no project: %v", err)
		}
	})
}

// A database of before there were several keys keeps each project's, both ways.
func TestMigrationKeepsSigningKeys(t *testing.T) {
	db := openFile(t, t.TempDir())
	p, err := db.dialect.migrations(db.write)
	if err != nil {
		t.Fatal(err)
	}
	seed(t, db)
	made, err := db.Project(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.DownTo(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	var old string
	if err := db.write.QueryRow(`SELECT jwt_key FROM projects WHERE id = 'demo'`).Scan(&old); err != nil || len(old) != 2*firstKeyBytes {
		t.Fatalf("jwt_key = %q, %v", old, err)
	}
	if _, err := p.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	again, err := db.Project(t.Context(), "demo")
	if err != nil || !reflect.DeepEqual(again.Keys, made.Keys) {
		t.Errorf("Project = %+v, %v; want the keys %+v", again, err, made.Keys)
	}
	if u, err := db.User(t.Context(), "demo", "u1"); err != nil || u.ID != "u1" {
		t.Errorf("User = %+v, %v", u, err)
	}
}
