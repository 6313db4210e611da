package store

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// planOf is how SQLite reads a page, a line for each table.
func planOf(t *testing.T, db *DB, p Page) []string {
	t.Helper()
	q, err := db.pageQuery(t.Context(), usersTable, "demo", p)
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{}
	var lines []string
	err = db.query(t.Context(), func(rows *sql.Rows) error {
		var id, parent, unused int
		var line string
		err := rows.Scan(&id, &parent, &unused, &line)
		lines = append(lines, line)
		return err
	}, `EXPLAIN QUERY PLAN `+q.write(b), b.args...)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// reads are the lines of a plan that read users.
func reads(plan []string) []string {
	return slices.DeleteFunc(slices.Clone(plan), func(line string) bool {
		return !strings.HasPrefix(line, "SEARCH u ") && !strings.HasPrefix(line, "SCAN u ") && !strings.HasPrefix(line, "SCAN user")
	})
}

// A page in any order that is offered is read by an index that has that order:
// from the cursor's key on, and without sorting but what is on the page.
func TestEveryOrderIsReadByAnIndex(t *testing.T) {
	db := openFile(t, t.TempDir())
	seedList(t, db)
	for name, column := range UserColumns {
		for _, desc := range []bool{false, true} {
			for _, p := range []Page{{}, {Cursor: "c"}, {Cursor: "c", Before: true}} {
				p.Limit, p.Orders = 25, []Order{{column, desc}}
				plan := planOf(t, db, p)
				grouped := slices.Contains(plan, "MATERIALIZE edge")
				for _, line := range reads(plan) {
					if !strings.HasPrefix(line, "SEARCH u USING ") || p.Cursor != "" && !grouped && !strings.ContainsAny(line, "<>") {
						t.Errorf("by %s, %+v: %q", name, p, line)
					}
				}
				if !grouped && strings.Contains(strings.Join(plan, " "), "TEMP B-TREE") {
					t.Errorf("by %s, %+v: rows are sorted: %q", name, p, plan)
				}
			}
		}
	}
}

// What few rows meet is found by its own index, also where the page has another
// order; what many meet is left to the index of the order.
func TestConditionsAreReadByTheirIndex(t *testing.T) {
	db := openFile(t, t.TempDir())
	seedList(t, db)
	where := func(op Op, column string, values ...any) Condition {
		return Condition{Op: op, Column: UserColumns[column], Values: values}
	}
	byName := []Order{{Column: UserColumns["name"]}}
	for _, tt := range []struct {
		few    int
		where  Condition
		orders []Order
		want   string
	}{
		{5000, where(OpEqual, "email", "a@example.com"), byName, "users_by_email_key"},
		{5000, where(OpEqual, "email", "a@example.com", "b@example.com"), nil, "users_by_email_key"},
		{5000, where(OpNull, "phone"), byName, "users_by_phone_key"},
		{5000, where(OpEqual, "status", int64(0)), byName, "users_by_status"},
		{2, where(OpEqual, "status", int64(1)), byName, "users_by_name"},
		{2, where(OpEqual, "status", int64(1)), nil, "users_by_status"},
		{5000, where(OpGreater, "$createdAt", now.UnixMilli()), byName, "users_by_created_at"},
		{2, where(OpLess, "$createdAt", now.UnixMilli()), byName, "users_by_name"},
		{5000, where(OpStartsWith, "name", "an"), byName, "VIRTUAL TABLE"},
		{1, where(OpStartsWith, "name", "an"), nil, "VIRTUAL TABLE"},
		{1, where(OpStartsWith, "name", "an"), byName, "users_by_name"},
		{1, UserSearch("example"), nil, "VIRTUAL TABLE"},
		{5000, UserSearch("example"), byName, "VIRTUAL TABLE"},
	} {
		planned := *sqlite
		planned.few = tt.few
		db.dialect = &planned
		plan := fmt.Sprint(reads(planOf(t, db, Page{Where: tt.where, Orders: tt.orders, Limit: 25})), planOf(t, db, Page{Where: tt.where, Orders: tt.orders, Limit: 25}))
		if !strings.Contains(plan, tt.want) {
			t.Errorf("few %d, %+v by %v: %s, want %s", tt.few, tt.where, tt.orders, plan, tt.want)
		}
	}
}

// The texts of a project's users go with it, and no others.
func TestTextsGoWithTheirProject(t *testing.T) {
	db := openFile(t, t.TempDir())
	seedList(t, db)
	texts := func() (n int) {
		t.Helper()
		if err := db.read.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM user_text WHERE user_text MATCH '"example"'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := texts()
	if _, err := db.write.ExecContext(t.Context(), `DELETE FROM projects WHERE id = 'other'`); err != nil {
		t.Fatal(err)
	}
	if n := texts(); before != 8 || n != 4 || ids(t, db, Page{Where: UserSearch("example")}) != "ecba" {
		t.Errorf("of %d texts %d are left", before, n)
	}
}
