package store

import (
	"context"
	"database/sql"
	"slices"
)

// SQLite does not know how many rows a condition holds for: it may take an index
// for one that holds for nearly all, and sort them, or read all rows in order to
// find the one that is meant. So lists are planned here. What an index serves is
// counted first, by that index and not far. A condition that few rows meet is
// read by its index, and they are sorted. Where all are met by many, the rows are
// read in the order of the page, which is soon full.

// tried is how many conditions are counted.
const tried = 4

// plan is how rows are found.
type plan struct {
	match string      // what the full-text index is asked for; "" for nothing
	where []Condition // of the rows
	sorts bool        // the rows are few, and sorted
	// estimated says that the database knows how many rows meet a condition.
	estimated bool
	// above and below bound the seq of what the full-text index finds.
	above, below int64
	// low and high are what the first key of a page is between, where that is a
	// text: not less than low, and less than high; "" is no bound.
	low, high string
}

// newPlan is a plan by the rows alone.
func newPlan(where []Condition) plan { return plan{where: where, below: 1 << seqBits} }

// from writes the clauses FROM and WHERE, without what a cursor adds.
func (p plan) from(b *builder, t table, project string) string {
	from := ``
	if p.match == "" {
		from = t.from(b, project)
	} else {
		from = t.fromText(b, project, p)
	}
	if len(p.where) == 0 {
		return from
	}
	return from + ` AND ` + b.where(Condition{Op: OpAnd, Parts: p.where})
}

// plan settles how to find the rows for which a condition holds, to be sorted by
// those keys.
func (db *DB) plan(ctx context.Context, t table, project string, where Condition, keys []Order) (plan, error) {
	all := flatten(where)
	if db.dialect.few == 0 {
		p := plan{where: hinted(all), estimated: true}
		p.low, p.high = prefixBounds(all, keys[0].Column)
		return p, nil
	}
	if t.few {
		p := newPlan(hidden(all))
		p.sorts = true
		return p, nil
	}
	bySeq := len(keys) == 1 && keys[0].Column == t.seq()
	found := choices(t, all)
	switch {
	case len(found) == 0:
		return newPlan(all), nil
	case len(found) == 1 && bySeq && found[0].ordered:
		return found[0].plan, nil
	}
	if err := db.countChoices(ctx, t, project, found, db.dialect.few); err != nil {
		return plan{}, err
	}
	switch best := found[0]; {
	case best.rows < db.dialect.few:
		best.plan.sorts = true
		return best.plan, nil
	case bySeq && best.ordered:
		return best.plan, nil
	}
	p := newPlan(hidden(all))
	p.low, p.high = prefixBounds(all, keys[0].Column)
	return p, nil
}

// choice is a plan by a condition that an index serves.
type choice struct {
	plan
	by      plan // for the condition alone
	rows    int  // for which it holds, counted to a bound
	ordered bool // they are found in the order in which they were made
}

// choices are the plans for conditions of which all must hold.
func choices(t table, all []Condition) []choice {
	var found []choice
	if match, rest := matched(all); match != "" && t.text != "" {
		c := choice{plan: newPlan(hidden(rest)), by: newPlan(nil), ordered: true}
		c.plan.match, c.by.match = match, match
		found = append(found, c)
	}
	for i, c := range all {
		if !c.served() || len(found) == tried || slices.ContainsFunc(all[:i], c.alike) {
			continue
		}
		by, rest := []Condition{c.keyed()}, []Condition{}
		for j, other := range all {
			switch {
			case j == i:
			case c.alike(other):
				by = append(by, other.keyed())
			default:
				rest = append(rest, other.hidden())
			}
		}
		found = append(found, choice{plan: newPlan(append(by[:len(by):len(by)], rest...)), by: newPlan(by),
			ordered: len(by) == 1 && c.Op == OpEqual && len(c.Values) == 1})
	}
	return found
}

// countChoices counts to most for each, and puts those with the fewest rows
// first.
func (db *DB) countChoices(ctx context.Context, t table, project string, found []choice, most int) (err error) {
	for i := range found {
		if found[i].rows, err = db.countPlan(ctx, t, project, found[i].by, most); err != nil {
			return err
		}
	}
	slices.SortStableFunc(found, func(a, b choice) int { return a.rows - b.rows })
	return nil
}

// count counts for how many rows of a project a condition holds, no further than
// most.
func (db *DB) count(ctx context.Context, t table, project string, where Condition, most int) (int, error) {
	all := flatten(where)
	if db.dialect.few == 0 {
		return db.countPlan(ctx, t, project, newPlan(hinted(all)), most)
	}
	found := choices(t, all)
	if len(found) == 0 {
		return db.countPlan(ctx, t, project, newPlan(all), most)
	}
	if err := db.countChoices(ctx, t, project, found, most); err != nil {
		return 0, err
	}
	switch best := found[0]; {
	case len(best.plan.where) == len(best.by.where): // there is nothing else
		return best.rows, nil
	case best.rows < most:
		return db.countPlan(ctx, t, project, best.plan, most)
	}
	return db.countPlan(ctx, t, project, newPlan(hidden(all)), most)
}

// countPlan counts the rows of a plan, no further than most.
func (db *DB) countPlan(ctx context.Context, t table, project string, p plan, most int) (n int, err error) {
	b := &builder{}
	from := ``
	if p.match != "" && len(p.where) == 0 {
		from = ` FROM ` + t.text + ` WHERE ` + t.matches(b, project, p)
	} else {
		from = p.from(b, t, project)
	}
	query := `SELECT COUNT(*) FROM (SELECT 1` + from + ` LIMIT ` + b.arg(most) + `) AS counted`
	err = db.query(ctx, func(rows *sql.Rows) error { return rows.Scan(&n) }, query, b.args...)
	return n, err
}
