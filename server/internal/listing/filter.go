package listing

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// filterMethod is how a method of a query filters.
type filterMethod struct {
	op store.Op
	// not turns the condition around.
	not bool
	// least and most are the numbers of values.
	least, most int
	// arity says so in Appwrite's words.
	arity string
	// texts: only for texts and lists.
	texts bool
	// as is the method that a refusal names instead; "" for itself.
	as string
}

const (
	exactlyOne = "exactly one value."
	exactlyTwo = "exactly two values."
	atLeastOne = "at least one value."
)

// filterMethods are the methods that filter, besides "and" and "or".
var filterMethods = map[string]filterMethod{
	"equal":            {op: store.OpEqual, least: 1, most: maxQueryValues, arity: atLeastOne},
	"notEqual":         {op: store.OpEqual, not: true, least: 1, most: 1, arity: exactlyOne},
	"lessThan":         {op: store.OpLess, least: 1, most: 1, arity: exactlyOne},
	"lessThanEqual":    {op: store.OpLessEqual, least: 1, most: 1, arity: exactlyOne},
	"greaterThan":      {op: store.OpGreater, least: 1, most: 1, arity: exactlyOne},
	"greaterThanEqual": {op: store.OpGreaterEqual, least: 1, most: 1, arity: exactlyOne},
	"between":          {op: store.OpGreaterEqual, least: 2, most: 2, arity: exactlyTwo},
	"notBetween":       {op: store.OpGreaterEqual, not: true, least: 2, most: 2, arity: exactlyTwo},
	"isNull":           {op: store.OpNull},
	"isNotNull":        {op: store.OpNull, not: true},
	"contains":         {op: store.OpContains, least: 1, most: maxQueryValues, arity: atLeastOne, texts: true},
	"notContains":      {op: store.OpContains, not: true, least: 1, most: maxQueryValues, arity: atLeastOne, texts: true},
	"containsAny":      {op: store.OpContains, least: 1, most: maxQueryValues, arity: atLeastOne, texts: true, as: "contains"},
	"containsAll":      {op: opContainsAll, least: 1, most: maxQueryValues, arity: atLeastOne, texts: true, as: "contains"},
	"startsWith":       {op: store.OpStartsWith, least: 1, most: 1, arity: exactlyOne},
	"notStartsWith":    {op: store.OpStartsWith, not: true, least: 1, most: 1, arity: exactlyOne},
	"endsWith":         {op: store.OpEndsWith, least: 1, most: 1, arity: exactlyOne},
	"notEndsWith":      {op: store.OpEndsWith, not: true, least: 1, most: 1, arity: exactlyOne},
	"search":           {op: opSearch, least: 1, most: 1, arity: exactlyOne},
	"notSearch":        {op: opSearch, least: 1, most: 1, arity: exactlyOne},
}

// Operators of queries that the store does not have.
const (
	// opContainsAll is store.OpContains of each value.
	opContainsAll store.Op = 100 + iota
	// opSearch is what no attribute here has an index for, as none of the lists
	// that it was recorded of: it is refused once all else is right.
	opSearch
)

// filter reads a condition.
func (p *parsedQueries) filter(q query) (store.Condition, error) {
	if q.method == "and" || q.method == "or" {
		return p.logical(q)
	}
	method, ok := filterMethods[q.method]
	if !ok {
		return store.Condition{}, badQuery("Invalid query: Invalid query method: %s", q.method)
	}
	if method.least > 0 && (len(q.values) < method.least || len(q.values) > method.most && method.most < maxQueryValues) {
		return store.Condition{}, badQuery("Invalid query: %s queries require %s", capital(q.method), method.arity)
	}
	column, ok := p.columns[q.attribute]
	if !ok {
		return store.Condition{}, badQuery("Invalid query: Attribute not found in schema: %s", q.attribute)
	}
	if len(q.values) > maxQueryValues {
		return store.Condition{}, badQuery("Invalid query: Query on attribute has greater than %d values: %s", maxQueryValues, q.attribute)
	}
	values, err := queryValues(q, column)
	if err != nil {
		return store.Condition{}, err
	}
	if err := method.suits(q, column); err != nil {
		return store.Condition{}, err
	}
	if method.op == opSearch {
		p.unindexed = cmp.Or(p.unindexed, q.attribute)
		return store.Condition{}, nil
	}
	compared := max(len(values), 1)
	if p.compared += compared; p.compared > maxComparisons {
		return store.Condition{}, badQuery("Invalid query: The queries compare with more than %d values together. Send fewer.", maxComparisons)
	}
	return method.condition(column, values), nil
}

// suits looks at whether the method can be used for a column.
func (m filterMethod) suits(q query, column store.Column) error {
	isList := column.Kind == store.KindList
	switch {
	case m.texts && !isList && column.Kind != store.KindText, m.prefixes() && (column.Kind == store.KindInt || column.Kind == store.KindFloat):
		return badQuery("Invalid query: Cannot query %s on attribute \"%s\" because it is not an array, string, or object.", cmp.Or(m.as, q.method), q.attribute)
	case isList && !m.texts && m.op != store.OpNull:
		return badQuery("Invalid query: Cannot query %s on attribute \"%s\" because it is an array.", q.method, q.attribute)
	}
	return nil
}

// prefixes reports whether the method looks at how a text begins or ends.
func (m filterMethod) prefixes() bool { return m.op == store.OpStartsWith || m.op == store.OpEndsWith }

// condition is the method for some values.
func (m filterMethod) condition(column store.Column, values []any) store.Condition {
	c := store.Condition{Op: m.op, Column: column, Values: values}
	switch {
	case m.least == 2:
		upper := store.Condition{Op: store.OpLessEqual, Column: column, Values: values[1:]}
		c = store.Condition{Op: store.OpAnd, Parts: []store.Condition{c, upper}}
	case m.op == opContainsAll:
		c = store.Condition{Op: store.OpAnd}
		for i := range values {
			c.Parts = append(c.Parts, store.Condition{Op: store.OpContains, Column: column, Values: values[i : i+1]})
		}
	case m.prefixes() && column.Kind != store.KindText:
		c = wholePrefix(c)
	}
	if m.not {
		return store.Condition{Op: store.OpNot, Parts: []store.Condition{c}}
	}
	return c
}

// wholePrefix is what a date or truth begins with as Appwrite's database writes
// it: a date with itself alone, true with 1, and what is false with nothing, as
// everything does.
func wholePrefix(c store.Condition) store.Condition {
	if c.Column.Kind == store.KindBool && c.Values[0] == int64(0) {
		return store.Condition{Op: store.OpNot, Parts: []store.Condition{{Op: store.OpNull, Column: c.Column}}}
	}
	c.Op = store.OpEqual
	return c
}

// logical reads a condition made of conditions.
func (p *parsedQueries) logical(q query) (store.Condition, error) {
	c := store.Condition{Op: store.OpAnd}
	if q.method == "or" {
		c.Op = store.OpOr
	}
	for _, v := range q.values {
		inner, err := queryOf(v)
		if err != nil {
			return c, err
		}
		if slices.Contains([]string{"limit", "offset", "cursorAfter", "cursorBefore", "orderAsc", "orderDesc"}, inner.method) {
			return c, badQuery("Invalid query: %s queries can only contain filter queries", capital(q.method))
		}
		part, err := p.filter(inner)
		if err != nil {
			return c, err
		}
		c.Parts = append(c.Parts, part)
	}
	if len(c.Parts) < 2 {
		return c, badQuery("Invalid query: %s queries require at least two queries", capital(q.method))
	}
	return c, nil
}

// queryValues turns the values into those of the column.
func queryValues(q query, column store.Column) ([]any, error) {
	values := []any{}
	for _, v := range q.values {
		value, ok := queryValue(v, column.Kind)
		if !ok {
			return nil, badQuery("Invalid query: Query value is invalid for attribute \"%s\"", q.attribute)
		}
		values = append(values, value)
	}
	return values, nil
}

// queryValue turns a value into one of a kind.
func queryValue(v any, kind store.Kind) (any, bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1), kind == store.KindBool
		}
		return int64(0), kind == store.KindBool
	case json.Number:
		if kind == store.KindFloat {
			f, err := v.Float64()
			return f, err == nil
		}
		n, err := v.Int64()
		return n, err == nil && kind == store.KindInt
	case string:
		if kind == store.KindTime {
			t, ok := wire.ParseDate(v)
			return t.UnixMilli(), ok
		}
		return v, kind == store.KindText || kind == store.KindList
	}
	return nil, false
}

// capital writes a name with a capital letter.
func capital(name string) string { return strings.ToUpper(name[:1]) + name[1:] }
