package store

// In a page by a column, the rows that are alike in it are in the order in which
// they were made, downwards too: no index is read so. And where a page begins
// within them, no one condition has an index begin there. Whoever sorts them, or
// passes over them, reads all, which may be a million without a phone number. So
// the page is read in three parts, each by the index of the column and that
// order: what is left of the cursor's group, the groups that are on the page as a
// whole, and the begin of the last one.

// inGroups reports whether the page is read in those parts. PostgreSQL can sort
// what some conditions leave of each group, and knows whether that is much.
func (q pageQuery) inGroups() bool {
	if q.plan.sorts || q.plan.estimated && len(q.plan.where) > 0 {
		return false
	}
	return len(q.keys) == 2 && q.keys[0].Column.indexed && (q.after != nil || q.keys[0].Desc != q.keys[1].Desc)
}

// writeGroups writes the query of such a page. "edge" is the key of the last
// group. What PostgreSQL cannot know is how many rows that has, or are before it:
// so each part says how many are meant, and the last is a range, of which only
// the index of the column has the order.
func (q pageQuery) writeGroups(b *builder) string {
	key, back, groups, inside := q.keys[0].Column.sortKey(), Order{Desc: !q.keys[0].Desc}, q.keys[:1], q.keys[1:]
	query := `WITH edge AS MATERIALIZED (` + q.edge(b) + `) SELECT ` + q.table.columns + ` FROM (`
	if q.after != nil && !q.skips() {
		query += `SELECT * FROM (` + q.rows(b) + ` AND ` + key + ` = ` + b.arg(q.after[0]) + ` AND ` + b.after(inside, q.after[1:]) +
			q.first(b, inside) + `) AS started UNION ALL `
	}
	query += `SELECT * FROM (` + q.rows(b) + q.begin(b, groups) + ` AND ` + key + back.operator() + `(SELECT at FROM edge)` + q.first(b, groups) +
		`) AS passed UNION ALL SELECT * FROM (` + q.rows(b) + ` AND ` + key + ` >= (SELECT at FROM edge) AND ` + key + ` <= (SELECT at FROM edge)` +
		q.first(b, []Order{{q.keys[0].Column, inside[0].Desc}, inside[0]}) + `) AS ended`
	return query + `) AS ` + q.table.alias + ` ORDER BY ` + orderBy(q.keys) + q.bounds(b)
}

// edge writes the query of the key that the last row of the page has, if all
// groups are later than the cursor's; where there are fewer rows than that, it is
// the key of the very last.
func (q pageQuery) edge(b *builder) string {
	first, last := q.keys[:1], []Order{{q.keys[0].Column, !q.keys[0].Desc}}
	key := func() string {
		return `SELECT ` + first[0].Column.sortKey() + q.plan.from(b, q.table, q.project) + q.begin(b, first) + q.end(b)
	}
	return `SELECT COALESCE((` + key() + ` ORDER BY ` + orderBy(first) + ` LIMIT 1 OFFSET ` + b.arg(max(q.limit+q.offset-1, 0)) +
		`), (` + key() + ` ORDER BY ` + orderBy(last) + ` LIMIT 1)) AS at`
}

// rows writes a query of all columns.
func (q pageQuery) rows(b *builder) string {
	return `SELECT ` + q.table.alias + `.*` + q.plan.from(b, q.table, q.project)
}

// first writes that the first rows in an order are meant, as many as the page and
// what is left out before it have.
func (q pageQuery) first(b *builder, keys []Order) string {
	return ` ORDER BY ` + orderBy(keys) + ` LIMIT ` + b.arg(q.limit+q.offset)
}
