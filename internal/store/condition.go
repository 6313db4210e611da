package store

import (
	"fmt"
	"strings"
)

// Kind is what a column holds.
type Kind uint8

// The kinds, and what a Condition's values are in Go.
const (
	KindText  Kind = iota // string
	KindTime              // int64, unix milliseconds
	KindBool              // int64, 0 or 1
	KindList              // string, of letters and digits: one element
	KindInt               // int64
	KindFloat             // float64
)

// Column is something of a row that can be compared and sorted by. The zero
// Column is none.
type Column struct {
	expr string
	Kind Kind
	// missing is what stands for NULL in the sort key, less than all values; nil
	// where expr is never NULL. key is the sort key; "" is expr.
	missing any
	key     string
	// indexed says that an index has the sort key, and then the order in which
	// the rows were made; unique that no two rows have the same, constant that
	// all have.
	indexed, unique, constant bool
	// text names the columns of the full-text index that it is; "" for none.
	text string
	// small is the sort key in small letters, as an index of PostgreSQL has it; ""
	// for none.
	small string
}

// sortKey is the expression to sort by. It is never NULL, which the databases
// sort differently: what is missing comes first.
func (c Column) sortKey() string {
	if c.key != "" {
		return c.key
	}
	return c.expr
}

// Op is an operator of a Condition.
type Op uint8

// The operators. Of those with one operand only the first value counts; text
// is compared without regard to case by the last three.
const (
	OpAnd   Op = iota // of Parts; true without any
	OpOr              // of Parts
	OpNot             // of the first of Parts
	OpEqual           // to any value
	OpLess
	OpLessEqual
	OpGreater
	OpGreaterEqual
	OpNull
	OpContains // any value; of a list: has it
	OpStartsWith
	OpEndsWith
)

// comparisons are the operators that SQL has too.
var comparisons = map[Op]string{OpLess: "<", OpLessEqual: "<=", OpGreater: ">", OpGreaterEqual: ">="}

// Condition is something that holds for a row or not. Comparisons with a
// column that is NULL hold as little as their negation.
type Condition struct {
	Op     Op
	Column Column
	Values []any
	Parts  []Condition
}

// builder writes a WHERE clause; its parameters are numbered in the order in
// which they appear.
type builder struct {
	args []any
}

// arg adds a parameter and returns its placeholder.
func (b *builder) arg(v any) string {
	b.args = append(b.args, v)
	return fmt.Sprintf("$%d", len(b.args))
}

// where writes a condition.
func (b *builder) where(c Condition) string {
	switch c.Op {
	case OpAnd:
		return b.join(c.Parts, " AND ", "1 = 1")
	case OpOr:
		return b.join(c.Parts, " OR ", "1 = 0")
	case OpNot:
		return "NOT (" + b.where(c.Parts[0]) + ")"
	case OpNull:
		return c.Column.expr + " IS NULL"
	case OpLess, OpLessEqual, OpGreater, OpGreaterEqual:
		return c.Column.expr + " " + comparisons[c.Op] + " " + b.arg(c.Values[0])
	}
	var either []string
	for _, v := range c.Values {
		either = append(either, b.one(c.Op, c.Column, v))
	}
	if c.Op == OpEqual && len(either) == 1 {
		return c.Column.expr + " = " + either[0]
	}
	if c.Op == OpEqual {
		return c.Column.expr + " IN (" + strings.Join(either, ", ") + ")"
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// one writes the condition for one of the values of OpContains, OpStartsWith or
// OpEndsWith, and for OpEqual the value.
func (b *builder) one(op Op, c Column, v any) string {
	switch {
	case op == OpEqual:
		return b.arg(v)
	case c.Kind == KindList:
		// Elements are letters and digits, so that the quotes end them.
		return fmt.Sprintf("REPLACE(%s, %s, '') <> %[1]s", c.expr, b.arg(fmt.Sprintf("%q", v)))
	}
	pattern := likeText(lowerASCII(fmt.Sprint(v)))
	if op != OpStartsWith {
		pattern = "%" + pattern
	}
	if op != OpEndsWith {
		pattern += "%"
	}
	return fmt.Sprintf(`LOWER(%s) LIKE %s ESCAPE '!'`, c.expr, b.arg(pattern))
}

// join writes conditions with an operator between them.
func (b *builder) join(parts []Condition, operator, none string) string {
	if len(parts) == 0 {
		return none
	}
	var all []string
	for _, p := range parts {
		all = append(all, b.where(p))
	}
	return "(" + strings.Join(all, operator) + ")"
}

// likeText is a text that LIKE ... ESCAPE '!' takes literally.
func likeText(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}

// lowerASCII is a text with small letters for capital ones of ASCII, as LOWER
// makes it in both databases: the columns compare by their bytes.
func lowerASCII(s string) string { return shifted(s, 'A', 'Z', 'a'-'A') }

// upperASCII is lowerASCII the other way round.
func upperASCII(s string) string { return shifted(s, 'a', 'z', -('a' - 'A')) }

// shifted is a text whose bytes of a range are moved.
func shifted(s string, from, to byte, by int) string {
	b := []byte(s)
	for i, c := range b {
		if from <= c && c <= to {
			b[i] = byte(int(c) + by)
		}
	}
	return string(b)
}
