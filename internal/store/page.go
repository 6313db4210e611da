package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
)

// Order is a column to sort by; the zero Column is the order in which the rows
// were made.
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
type table struct {
	name, alias, columns string
	// text is the full-text index of SQLite, by the numbers of the project and
	// the row; "" for none.
	text string
	// of writes which of a project's rows are meant; nil: all. few says that they
	// are so few that they are sorted.
	of  func(b *builder, project string) string
	few bool
}

// from writes the clause FROM and that the project is meant.
func (t table) from(b *builder, project string) string {
	from := ` FROM ` + t.name + ` ` + t.alias + ` WHERE ` + t.alias + `.project_id = ` + b.arg(project)
	if t.of != nil {
		from += ` AND ` + t.of(b, project)
	}
	return from
}

// seq is the column of the order in which the rows were made.
func (t table) seq() Column {
	return Column{expr: t.alias + ".seq", Kind: KindInt, indexed: true, unique: true}
}

// keys are what a page is sorted by, in the direction in which it is read: a
// page before a cursor is read backwards. No two rows have the same.
func (t table) keys(p Page) []Order {
	var keys []Order
	for _, o := range append(slices.Clone(p.Orders), Order{}) {
		if o.Column == (Column{}) {
			o.Column = t.seq()
		}
		if o.Column.constant {
			continue
		}
		o.Desc = o.Desc != (p.Cursor != "" && p.Before)
		if keys = append(keys, o); o.Column.unique {
			break
		}
	}
	return keys
}

// turn puts the rows of a page that was read backwards in order.
func turn[T any](p Page, rows []T) {
	if p.Cursor != "" && p.Before {
		slices.Reverse(rows)
	}
}

// list reads a page; scanRow is called for each row in the order in which it is
// read. A cursor that is no row is ErrNotFound.
func (db *DB) list(ctx context.Context, t table, project string, p Page, scanRow func(*sql.Rows) error) error {
	q, err := db.pageQuery(ctx, t, project, p)
	if err != nil {
		return err
	}
	b := &builder{}
	query := q.write(b)
	return db.query(ctx, scanRow, query, b.args...)
}

// pageQuery settles how to read a page.
func (db *DB) pageQuery(ctx context.Context, t table, project string, p Page) (q pageQuery, err error) {
	q = pageQuery{table: t, project: project, keys: t.keys(p), limit: p.Limit, offset: p.Offset}
	if p.Cursor != "" {
		if q.after, err = db.cursor(ctx, q, p.Cursor); err != nil {
			return q, err
		}
	}
	q.plan, err = db.plan(ctx, t, project, p.Where, q.keys)
	return q, err
}

// cursor reads the sort keys of the row that a page begins after: compared with
// values, and not with another row's columns, they are found by an index.
func (db *DB) cursor(ctx context.Context, q pageQuery, id string) ([]any, error) {
	b := &builder{}
	names, values, places := []string{}, make([]any, len(q.keys)), make([]any, len(q.keys))
	for i, key := range q.keys {
		names, places[i] = append(names, key.Column.sortKey()), &values[i]
	}
	query := `SELECT ` + strings.Join(names, ", ") + q.table.from(b, q.project) + ` AND ` + q.table.alias + `.id = ` + b.arg(id)
	found := false
	err := db.query(ctx, func(rows *sql.Rows) error { found = true; return rows.Scan(places...) }, query, b.args...)
	if err == nil && !found {
		return nil, ErrNotFound
	}
	return values, err
}

// pageQuery is what the query of a page is written from.
type pageQuery struct {
	table         table
	project       string
	plan          plan
	keys          []Order
	after         []any // the keys of the cursor's row; nil: from the first row on
	limit, offset int
}

// write writes the query.
func (q pageQuery) write(b *builder) string {
	if q.inGroups() {
		return q.writeGroups(b)
	}
	keys := q.keys
	switch {
	case q.plan.sorts:
		keys = hiddenOrders(keys)
	case q.plan.match != "":
		return q.writeMatches(b)
	}
	return `SELECT ` + q.table.columns + q.plan.from(b, q.table, q.project) + q.begin(b, keys) + q.end(b) + ` ORDER BY ` + orderBy(keys) + q.bounds(b)
}

// begin writes where the rows of a page begin, by some of its keys: after the
// cursor, or where the first key's bound is if that is later. Of two conditions an
// index takes one, so that there is one.
func (q pageQuery) begin(b *builder, keys []Order) string {
	switch {
	case q.skips() && keys[0].Desc:
		return ` AND ` + keys[0].Column.sortKey() + ` < ` + b.arg(q.plan.high)
	case q.skips():
		return ` AND ` + keys[0].Column.sortKey() + ` >= ` + b.arg(q.plan.low)
	case q.after != nil:
		return ` AND ` + b.after(keys, q.after[:len(keys)])
	}
	return ``
}

// skips reports whether the first key's bound is later than the cursor.
func (q pageQuery) skips() bool {
	if q.keys[0].Desc {
		return q.plan.high != "" && (q.after == nil || q.plan.high <= q.after[0].(string))
	}
	return q.plan.low != "" && (q.after == nil || q.plan.low > q.after[0].(string))
}

// end writes where the rows of a page end by the first key's bound.
func (q pageQuery) end(b *builder) string {
	key := q.keys[0].Column.sortKey()
	switch {
	case q.keys[0].Desc && q.plan.low != "":
		return ` AND ` + key + ` >= ` + b.arg(q.plan.low)
	case !q.keys[0].Desc && q.plan.high != "":
		return ` AND ` + key + ` < ` + b.arg(q.plan.high)
	}
	return ``
}

// writeMatches writes the query of a page in the order in which the rows were
// made, which is that of the full-text index.
func (q pageQuery) writeMatches(b *builder) string {
	desc := ""
	if q.keys[0].Desc {
		desc = " DESC"
	}
	if q.after != nil && desc == "" {
		q.plan.above = q.after[0].(int64)
	} else if q.after != nil {
		q.plan.below = q.after[0].(int64)
	}
	return `SELECT ` + q.table.columns + q.plan.from(b, q.table, q.project) + ` ORDER BY ` + q.table.text + `.rowid` + desc + q.bounds(b)
}

// bounds writes how many rows there are to be.
func (q pageQuery) bounds(b *builder) string {
	return ` LIMIT ` + b.arg(q.limit) + ` OFFSET ` + b.arg(q.offset)
}

// after writes that a row comes after the one of those keys. What the first key
// must be is said by itself, so that its index serves.
func (b *builder) after(keys []Order, values []any) string {
	key, operator := keys[0].Column.sortKey(), keys[0].operator()
	if len(keys) == 1 {
		return key + operator + b.arg(values[0])
	}
	return `(` + key + strings.TrimSpace(operator) + `= ` + b.arg(values[0]) + ` AND (` + key + operator + b.arg(values[0]) +
		` OR ` + b.after(keys[1:], values[1:]) + `))`
}

// operator is what holds for the key of a row that comes later.
func (o Order) operator() string {
	if o.Desc {
		return " < "
	}
	return " > "
}

// orderBy writes the sort keys.
func orderBy(keys []Order) string {
	var all []string
	for _, key := range keys {
		text := key.Column.sortKey()
		if key.Desc {
			text += " DESC"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}
