package store

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"
)

// seedList makes the users a to e in the project demo, the same in other.
func seedList(t *testing.T, db *DB) {
	t.Helper()
	for _, project := range []string{"demo", "other"} {
		if _, err := db.EnsureProject(t.Context(), project); err != nil {
			t.Fatal(err)
		}
		for i, u := range []User{
			{ID: "e", Email: "e@example.com", Name: "Zoe 100%"},
			{ID: "d", Name: "ann", Phone: "+14155550100"},
			{ID: "c", Email: "c@example.com", Name: "Ann_b"},
			{ID: "b", Email: "b@example.com", Name: "", PasswordAt: now.Add(time.Hour)},
			{ID: "a", Email: "a@example.com", Name: "Bob", AccessedAt: now},
		} {
			at := now.Add(-time.Duration(i/2) * time.Minute) // pairs of the same time, against the order made in
			u.RegisteredAt, u.CreatedAt, u.UpdatedAt = at, at, at
			db.set(at)
			err := in(t, db, func(ctx context.Context, tx *Tx) error {
				if err := tx.InsertUser(ctx, project, u, ""); err != nil {
					return err
				}
				if u.ID == "b" {
					return tx.SetBlocked(ctx, project, "b", true)
				}
				if u.ID == "c" {
					return tx.SetLabels(ctx, project, "c", []string{"vip", "x1"})
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// ids lists the ids of a page, without blanks.
func ids(t *testing.T, db *DB, p Page) string {
	t.Helper()
	if p.Limit == 0 {
		p.Limit = 25
	}
	users, err := db.Users(t.Context(), "demo", p)
	if err != nil {
		t.Errorf("Users(%+v): %v", p, err)
	}
	var all strings.Builder
	for _, u := range users {
		all.WriteString(u.ID)
	}
	return all.String()
}

func TestUsersConditions(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seedList(t, db)
		where := func(op Op, column string, values ...any) Condition {
			return Condition{Op: op, Column: UserColumns[column], Values: values}
		}
		not := func(c Condition) Condition { return Condition{Op: OpNot, Parts: []Condition{c}} }
		for _, tt := range []struct {
			want  string
			where Condition
		}{
			{"edcba", Condition{}},
			{"", Condition{Op: OpOr}},
			{"ca", where(OpEqual, "email", "a@example.com", "c@example.com")},
			{"edcb", not(where(OpEqual, "$id", "a"))},
			{"d", where(OpNull, "email")},
			{"ecba", not(where(OpNull, "email"))},
			{"edca", where(OpEqual, "status", int64(1))},
			{"b", where(OpEqual, "status", int64(0))},
			{"b", not(where(OpNull, "passwordUpdate"))},
			{"a", not(where(OpNull, "accessedAt"))},
			{"a", where(OpLess, "$createdAt", now.Add(-time.Minute).UnixMilli())},
			{"cba", where(OpLessEqual, "$createdAt", now.Add(-time.Minute).UnixMilli())},
			{"ed", where(OpGreaterEqual, "registration", now.UnixMilli())},
			{"", where(OpGreater, "registration", now.UnixMilli())},
			{"c", where(OpContains, "labels", "vip")},
			{"c", where(OpContains, "labels", "none", "x1")},
			{"", where(OpContains, "labels", "VIP")},
			{"", where(OpContains, "labels", "vi")},
			{"dc", where(OpStartsWith, "name", "ANN")},
			{"c", where(OpContains, "name", "n_")},
			{"e", where(OpContains, "name", "%")},
			{"e", where(OpEndsWith, "name", "0%")},
			{"", where(OpContains, "name", "!")},
			{"c", Condition{Op: OpAnd, Parts: []Condition{where(OpContains, "name", "b"), where(OpContains, "name", "an")}}},
			{"d", UserSearch("4155")},
			{"d", UserSearch("+4155")},
			{"a", UserSearch(`"a@example.com"`)},
			{"a", UserSearch("(a@EXAMPLE*) -com")},
			{"", UserSearch(`"a example"`)},
			{"", UserSearch(`""`)},
			{"", UserSearch(" @ ")},
			{"a", where(OpEqual, "$sequence", int64(5))},
			{"ba", where(OpGreater, "$sequence", int64(3))},
			{"cb", Condition{Op: OpOr, Parts: []Condition{where(OpEqual, "$id", "b"), where(OpEqual, "$id", "c")}}},
			{"c", Condition{Op: OpAnd, Parts: []Condition{UserSearch("example.com"), where(OpContains, "labels", "vip")}}},
			{"", where(OpEqual, "impersonator", int64(1))},
			{"", where(OpEqual, "name", "' OR 1 = 1 --")},
		} {
			if got := ids(t, db, Page{Where: tt.where}); got != tt.want {
				t.Errorf("%+v lists %q, want %q", tt.where, got, tt.want)
			}
			if n, err := db.CountUsers(t.Context(), "demo", tt.where, 4); err != nil || n != min(len(tt.want), 4) {
				t.Errorf("%+v counts %d, %v, want %d", tt.where, n, err, min(len(tt.want), 4))
			}
		}
	})
}

func TestUsersPages(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seedList(t, db)
		by := func(names ...string) (orders []Order) {
			for _, name := range names {
				column, desc := strings.CutPrefix(name, "-")
				orders = append(orders, Order{UserColumns[column], desc})
			}
			return orders
		}
		for _, tt := range []struct {
			want string
			page Page
		}{
			{"ed", Page{Limit: 2}},
			{"cb", Page{Limit: 2, Offset: 2}},
			{"", Page{Offset: 5}},
			{"abcde", Page{Orders: by("$id")}},
			{"acbed", Page{Orders: by("$createdAt")}},
			{"edcba", Page{Orders: by("-$createdAt")}},
			{"bcaed", Page{Orders: by("name")}},
			{"dabce", Page{Orders: by("email")}}, // without one comes first
			{"ba", Page{Cursor: "c"}},
			{"b", Page{Cursor: "c", Limit: 1}},
			{"ed", Page{Cursor: "c", Before: true}},
			{"d", Page{Cursor: "c", Before: true, Limit: 1}},
			{"", Page{Cursor: "a"}},
			{"bed", Page{Orders: by("$createdAt"), Cursor: "c"}},
			{"acb", Page{Orders: by("$createdAt"), Cursor: "e", Before: true}},
			{"abce", Page{Orders: by("email"), Cursor: "d"}},
			{"dabc", Page{Orders: by("email"), Cursor: "e", Before: true}},
		} {
			if got := ids(t, db, tt.page); got != tt.want {
				t.Errorf("%+v lists %q, want %q", tt.page, got, tt.want)
			}
		}
		if _, err := db.Users(t.Context(), "demo", Page{Cursor: "nobody", Limit: 1}); !errors.Is(err, ErrNotFound) {
			t.Errorf("an unknown cursor: %v", err)
		}
	})
}

// Pages one after the other are the whole list, whatever it is sorted by.
func TestUsersCursorsMeetEveryone(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seedList(t, db)
		for name, column := range UserColumns {
			for _, desc := range []bool{false, true} {
				orders := []Order{{column, desc}}
				whole, paged, cursor := ids(t, db, Page{Orders: orders}), "", ""
				for range whole {
					next := ids(t, db, Page{Orders: orders, Cursor: cursor, Limit: 1})
					paged, cursor = paged+next, next
				}
				if paged != whole {
					t.Errorf("by %s (descending %v) the pages are %q, the whole %q", name, desc, paged, whole)
				}
			}
		}
	})
}

// Users from before their order was kept are in that of their times.
func TestMigrationNumbersTheUsers(t *testing.T) {
	dir := t.TempDir()
	path, err := prepareFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	old, err := open(fileDSN(path, nil), 1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, old, os.DirFS("migrations"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	_, err = old.ExecContext(t.Context(), `INSERT INTO projects VALUES ('a', '00', 1), ('b', '00', 1);
		INSERT INTO users (project_id, id, email, email_target_id, name, registered_at, accessed_at, created_at, updated_at)
		VALUES ('a', 'z', 'z@example.com', 't', '', 5, 5, 5, 5), ('a', 'y', NULL, NULL, '', 9, 9, 9, 9),
			('a', 'x', NULL, NULL, '', 5, 5, 5, 5), ('b', 'z', NULL, NULL, '', 7, 7, 7, 7)`)
	if err := errors.Join(err, old.Close()); err != nil {
		t.Fatal(err)
	}
	db := openFile(t, dir)
	var numbers string
	err = db.row(t.Context(), []any{&numbers}, `SELECT GROUP_CONCAT(project_id || seq || id, ' ') FROM (
		SELECT project_id, seq, id FROM users ORDER BY project_id, seq)`)
	if err != nil || numbers != "a1x a2z a3y b1z" {
		t.Errorf("the users are numbered %q, %v", numbers, err)
	}
	if u, err := db.User(t.Context(), "a", "z"); err != nil || u.EmailTarget.CreatedAt.UnixMilli() != 5 {
		t.Errorf("the target of an old user is %+v, %v", u.EmailTarget, err)
	}
	if found, err := db.Users(t.Context(), "a", Page{Where: UserSearch("Z@example"), Limit: 5}); err != nil || len(found) != 1 || found[0].ID != "z" {
		t.Errorf("a search of old users finds %+v, %v", found, err)
	}
}
