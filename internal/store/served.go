package store

import "slices"

// flatten is a condition as those that all must hold.
func flatten(c Condition) []Condition {
	if c.Op != OpAnd {
		return []Condition{c}
	}
	var all []Condition
	for _, part := range c.Parts {
		all = append(all, flatten(part)...)
	}
	return all
}

// served reports whether an index finds the rows for which a condition holds.
func (c Condition) served() bool {
	switch c.Op {
	case OpAnd:
		return slices.ContainsFunc(c.Parts, Condition.served)
	case OpOr:
		return len(c.Parts) > 0 && !slices.ContainsFunc(c.Parts, func(p Condition) bool { return !p.served() })
	case OpNull:
		return c.Column.indexed && c.Column.missing != nil
	case OpEqual:
		return c.Column.indexed && (c.Column.missing == nil || !slices.Contains(c.Values, c.Column.missing))
	}
	return c.Column.indexed && c.compares()
}

// compares reports whether the operator is one of those that SQL has too.
func (c Condition) compares() bool { return comparisons[c.Op] != "" }

// alike reports whether both conditions compare the same column by the order of
// its values, so that together they are a range of an index.
func (c Condition) alike(other Condition) bool {
	return c.compares() && other.compares() && c.Column == other.Column
}

// keyed is a condition of sort keys, as the indexes have them, that holds for the
// same rows. Its negation does not: a key is never NULL.
func (c Condition) keyed() Condition {
	key := c.Column
	key.expr = c.Column.sortKey()
	switch {
	case !c.served():
		return c.hidden()
	case c.Op == OpAnd || c.Op == OpOr:
		var parts []Condition
		for _, part := range c.Parts {
			parts = append(parts, part.keyed())
		}
		return Condition{Op: c.Op, Parts: parts}
	case c.Op == OpNull:
		return Condition{Op: OpEqual, Column: key, Values: []any{c.Column.missing}}
	}
	kept := Condition{Op: c.Op, Column: key, Values: c.Values}
	if c.Op == OpEqual || c.Column.missing == nil {
		return kept
	}
	present := Condition{Op: OpGreater, Column: key, Values: []any{c.Column.missing}}
	return Condition{Op: OpAnd, Parts: []Condition{kept, present}}
}

// hidden is a condition for which no index is taken.
func (c Condition) hidden() Condition {
	if len(c.Parts) > 0 {
		c.Parts = hidden(c.Parts)
	} else {
		c.Column.expr = c.Column.Kind.hide(c.Column.expr)
	}
	return c
}

func hidden(all []Condition) []Condition {
	var parts []Condition
	for _, c := range all {
		parts = append(parts, c.hidden())
	}
	return parts
}

// hiddenOrders are orders for which no index is taken.
func hiddenOrders(keys []Order) []Order {
	keys = slices.Clone(keys)
	for i, key := range keys {
		keys[i].Column.key = key.Column.Kind.hide(key.Column.sortKey())
	}
	return keys
}

// hide is an expression that is the same and in no index.
func (k Kind) hide(expr string) string {
	if k == KindText || k == KindList {
		return "(" + expr + " || '')"
	}
	return "(" + expr + " + 0)"
}
