package store

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

func TestKeys(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		for _, project := range []string{"a", "b"} {
			if _, err := db.EnsureProject(t.Context(), project); err != nil {
				t.Fatal(err)
			}
		}
		first := Key{ID: "k1", Name: "one", Scopes: []string{"users.read", "users.write"}, CreatedAt: now}
		second := Key{ID: "k2", Scopes: []string{}, ExpiresAt: now.Add(time.Hour), CreatedAt: now.Add(time.Second)}
		for hash, k := range map[string]Key{"h1": first, "h2": second} {
			if err := in(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertKey(ctx, "a", k, hash) }); err != nil {
				t.Fatal(err)
			}
		}
		got, err := db.KeyByHash(t.Context(), "a", "h1")
		if err != nil || got.Name != "one" || !slices.Equal(got.Scopes, first.Scopes) || got.ExpiredAt(now.Add(1000*time.Hour)) {
			t.Errorf("KeyByHash = %+v, %v", got, err)
		}
		if _, err := db.KeyByHash(t.Context(), "b", "h1"); !errors.Is(err, ErrNotFound) {
			t.Errorf("the key is known to another project: %v", err)
		}
		list, err := db.Keys(t.Context(), "a")
		if err != nil || len(list) != 2 || list[0].ID != "k1" || list[1].ID != "k2" {
			t.Errorf("Keys = %+v, %v", list, err)
		}
		if k := list[1]; k.ExpiredAt(now.Add(time.Hour-time.Millisecond)) || !k.ExpiredAt(now.Add(time.Hour)) {
			t.Errorf("%+v expires at the wrong time", k)
		}
		remove := func(project string) error {
			return in(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteKey(ctx, project, "k1") })
		}
		if err := remove("b"); !errors.Is(err, ErrNotFound) {
			t.Errorf("another project could delete the key: %v", err)
		}
		if err := remove("a"); err != nil {
			t.Error(err)
		}
		if _, err := db.KeyByHash(t.Context(), "a", "h1"); !errors.Is(err, ErrNotFound) {
			t.Errorf("the deleted key is known: %v", err)
		}
	})
}

func TestProjects(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		var want [][]byte
		for _, id := range []string{"a", "b"} {
			p, err := db.EnsureProject(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, p.Keys[0].Secret)
		}
		got, err := db.Projects(t.Context())
		if err != nil || len(got) != 2 || got[0].ID != "a" || string(got[1].Keys[0].Secret) != string(want[1]) || string(want[0]) == string(want[1]) {
			t.Errorf("Projects = %v, %v", got, err)
		}
	})
}
