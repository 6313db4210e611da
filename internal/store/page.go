package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
)

// Order is a column to sort by.
type Order struct {
	Column Column
	Desc   bool
}

// Page says which rows to list, and how.
type Page struct {
	Where Condition
	// Orders come before the order in which the rows were made.
	Orders []Order
	// Cursor, when it is not "", is the id of a row: the page begins after
	// it, or with Before ends before it.
	Cursor string
	Before bool
	// Limit is the most rows of the page, Offset those to leave out first.
	Limit, Offset int
	// Brief leaves out logs and errors, of executions.
	Brief bool
	// Room is asked for what each row takes, in bytes; its error ends the list.
	// Nil: there is always room.
	Room func(bytes int) error
}

// rowSize is about what a row takes whose long texts are empty, in bytes.
const rowSize = 1 << 10

// room asks for that of a row with long texts of so many bytes.
func (p Page) room(bytes int) error {
	if p.Room == nil {
		return nil
	}
	return p.Room(rowSize + bytes)
}

// table is one whose rows have a project_id, an id and a seq, by which they are
// listed in pages.
type table struct{ name, alias, columns string }

// from writes the clause FROM and that the project is meant.
func (t table) from(b *builder, project string) string {
	return ` FROM ` + t.name + ` ` + t.alias + ` WHERE ` + t.alias + `.project_id = ` + b.arg(project)
}

// seq is the column of the order in which the rows were made.
func (t table) seq() Column { return Column{t.alias + ".seq", KindTime} }

// count says for how many rows of a project a condition holds, counting no
// further than most.
func (db *DB) count(ctx context.Context, t table, project string, where Condition, most int) (int, error) {
	b := &builder{}
	query := `SELECT COUNT(*) FROM (SELECT 1` + t.from(b, project) + ` AND ` + b.where(where) + ` LIMIT ` + b.arg(most) + `) AS counted`
	n := 0
	err := db.query(ctx, func(rows *sql.Rows) error { return rows.Scan(&n) }, query, b.args...)
	return n, err
}

// page writes the query of a page.
func (t table) page(project string, p Page) (string, []any) {
	keys := append(slices.Clone(p.Orders), Order{Column: t.seq()})
	if p.Cursor != "" && p.Before { // the page is read backwards
		for i := range keys {
			keys[i].Desc = !keys[i].Desc
		}
	}
	b := &builder{}
	query := `SELECT ` + t.columns + t.from(b, project) + ` AND ` + b.where(p.Where)
	if p.Cursor != "" {
		query += ` AND ` + t.after(b, keys, project, p.Cursor)
	}
	query += ` ORDER BY ` + t.orderBy(keys) + ` LIMIT ` + b.arg(p.Limit) + ` OFFSET ` + b.arg(p.Offset)
	return query, b.args
}

// turn puts the rows of a page that was read backwards in order.
func turn[T any](p Page, rows []T) {
	if p.Cursor != "" && p.Before {
		slices.Reverse(rows)
	}
}

// after writes that a row comes after the one of that id: by the first key,
// or by the second with the first alike, and so on.
func (t table) after(b *builder, keys []Order, project, id string) string {
	var either []string
	for i, key := range keys {
		var all []string
		for _, alike := range keys[:i] {
			all = append(all, alike.Column.sortKey()+" = "+t.keyOf(b, alike.Column, project, id))
		}
		operator := " > "
		if key.Desc {
			operator = " < "
		}
		all = append(all, key.Column.sortKey()+operator+t.keyOf(b, key.Column, project, id))
		either = append(either, "("+strings.Join(all, " AND ")+")")
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// keyOf writes the sort key of a column of one row.
func (t table) keyOf(b *builder, c Column, project, id string) string {
	return `(SELECT ` + c.sortKey() + t.from(b, project) + ` AND ` + t.alias + `.id = ` + b.arg(id) + `)`
}

// orderBy writes the sort keys.
func (t table) orderBy(keys []Order) string {
	var all []string
	for _, key := range keys {
		text := key.Column.sortKey()
		if key.Column == t.seq() {
			text = key.Column.expr // plain, so that its index serves
		}
		if key.Desc {
			text += " DESC"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}
