package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The texts of users are found by their trigrams, all sequences of three
// characters. SQLite has a full-text index of them (FTS5), that the triggers of
// the migrations keep: each column in small letters, between marks that stand
// for its begin and its end. A row's number there is its seq below that of its
// project, so that what is found comes in the order in which the rows were made.
// PostgreSQL has one of the columns' text as a whole, by its extension pg_trgm.

const (
	// seqBits is how many bits of a number in the full-text index are the seq.
	seqBits = 40
	// gram is how many characters are found at least.
	gram = 3
	// longest is how many characters of a text the index is asked for together.
	// Of a longer one it is asked for as many at either side, since each trigram
	// that most texts have takes its time; what is between must be compared.
	longest, side = 16, 8
)

// The marks around a column's text.
const (
	beginMark = "\x02\x02"
	endMark   = "\x03\x03"
)

// fromText writes FROM and WHERE for what a plan finds by the full-text index:
// the index first, as CROSS JOIN says, so that its order is kept.
func (t table) fromText(b *builder, project string, p plan) string {
	return ` FROM ` + t.text + ` CROSS JOIN ` + t.name + ` ` + t.alias + ` WHERE ` + t.matches(b, project, p) +
		` AND ` + t.alias + `.project_id = ` + b.arg(project) +
		` AND ` + t.alias + `.seq = (` + t.text + `.rowid & ` + strconv.Itoa(1<<seqBits-1) + `)`
}

// matches writes what a plan asks the full-text index for.
func (t table) matches(b *builder, project string, p plan) string {
	bound := func(seq int64) string {
		return `(SELECT (number << ` + strconv.Itoa(seqBits) + `) + ` + b.arg(seq) + ` FROM projects WHERE id = ` + b.arg(project) + `)`
	}
	match := t.text + ` MATCH ` + b.arg(p.match)
	return match + ` AND ` + t.text + `.rowid > ` + bound(p.above) + ` AND ` + t.text + `.rowid < ` + bound(p.below)
}

// matched is what the full-text index is asked for so that it finds all rows for
// which the conditions hold, and the conditions that must be looked at besides.
func matched(all []Condition) (match string, rest []Condition) {
	var parts []string
	for _, c := range all {
		part, exact := c.match()
		if part != "" {
			parts = append(parts, part)
		}
		if !exact {
			rest = append(rest, c)
		}
	}
	return strings.Join(parts, " AND "), rest
}

// match is what the full-text index is asked for to find the rows for which a
// condition holds ("": it does not help), and whether it finds no others.
func (c Condition) match() (match string, exact bool) {
	if c.Column.text == "" || len(c.Values) == 0 {
		return "", false
	}
	var either []string
	exact = true
	for _, v := range c.Values {
		parts := phrases(c.Op, fmt.Sprint(v))
		if parts == nil {
			return "", false
		}
		for i, text := range parts {
			parts[i] = c.Column.text + ` : "` + strings.ReplaceAll(text, `"`, `""`) + `"`
		}
		either = append(either, "("+strings.Join(parts, " AND ")+")")
		exact = exact && len(parts) == 1
	}
	return "(" + strings.Join(either, " OR ") + ")", exact
}

// phrases are what a column in the full-text index has that contains a text,
// begins or ends with it: one is all of it, and none that nothing is found.
func phrases(op Op, text string) []string {
	if text == "" || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) {
		return nil
	}
	text = lowerASCII(text)
	switch op {
	case OpContains:
	case OpStartsWith:
		text = beginMark + text
	case OpEndsWith:
		text += endMark
	default:
		return nil
	}
	runes := []rune(text)
	switch n := len(runes); {
	case n < gram:
		return nil
	case n <= longest:
		return []string{text}
	default:
		return []string{string(runes[:side]), string(runes[n-side:])}
	}
}

// hinted are conditions as the indexes of PostgreSQL have them, which settles by
// itself which one to read.
func hinted(all []Condition) []Condition {
	var parts []Condition
	for _, c := range all {
		parts = append(parts, c.hinted())
	}
	return parts
}

func (c Condition) hinted() Condition {
	switch {
	case c.served():
		return c.keyed()
	case c.Op == OpStartsWith && c.Column.small != "":
		return c.prefixed()
	case c.Column.text == "" || !c.matchesText():
		return c
	case !c.hasTrigrams(): // all of the index would be read
		return c.hidden()
	case c.Column.expr == userText.expr:
		return c
	}
	return c.hint()
}

// matchesText reports whether the operator is one of those that look into texts.
func (c Condition) matchesText() bool {
	return c.Op == OpContains || c.Op == OpStartsWith || c.Op == OpEndsWith
}

// prefixed is a condition on how a text begins as the ranges of its index. Its
// statistics tell how many rows there are, which those of patterns do not.
func (c Condition) prefixed() Condition {
	small := c.Column
	small.expr = c.Column.small
	either := Condition{Op: OpOr}
	for _, v := range c.Values {
		text := lowerASCII(fmt.Sprint(v))
		high := following(text)
		if high == "" {
			return c
		}
		either.Parts = append(either.Parts, Condition{Op: OpAnd, Parts: []Condition{
			{Op: OpGreaterEqual, Column: small, Values: []any{text}}, {Op: OpLess, Column: small, Values: []any{high}}}})
	}
	return either
}

// hint adds to a condition of a column what then holds for the text of the user.
func (c Condition) hint() Condition {
	whole := Condition{Op: OpContains, Column: userText, Values: c.inWhole()}
	return Condition{Op: OpAnd, Parts: []Condition{whole, c}}
}

// inWhole is what the text of a user contains for each value, between whose
// columns there are blanks.
func (c Condition) inWhole() []any {
	var values []any
	for _, v := range c.Values {
		text := fmt.Sprint(v)
		if c.Op == OpEndsWith {
			text += " "
		}
		values = append(values, text)
	}
	return values
}

// hasTrigrams reports whether pg_trgm finds something by each value.
func (c Condition) hasTrigrams() bool {
	return !slices.ContainsFunc(c.inWhole(), func(v any) bool { return !hasTrigram(v.(string)) })
}

// hasTrigram reports whether pg_trgm knows a trigram of all texts that contain
// this one: three letters or digits in a row, where the begin of a word counts as
// two more, and its end as one.
func hasTrigram(text string) bool {
	runes, start := []rune(text), 0
	for i := range len(runes) + 1 {
		if i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i])) {
			continue
		}
		n := i - start
		if n > 0 && start > 0 {
			n += 2
		}
		if n > 0 && i < len(runes) {
			n++
		}
		if n >= gram {
			return true
		}
		start = i + 1
	}
	return false
}

// prefixBounds is what the text of a column is between where conditions hold that
// say how it begins: not less than low, and less than high; "" is no bound. Its
// letters are capital or small, and the capital ones of ASCII come first.
func prefixBounds(all []Condition, column Column) (low, high string) {
	for _, c := range all {
		if c.Op == OpStartsWith && c.Column == column && len(c.Values) == 1 {
			text := fmt.Sprint(c.Values[0])
			return upperASCII(text), following(lowerASCII(text))
		}
	}
	return "", ""
}

// following is the least text that comes after all that begin with a text; "" for
// none that is known.
func following(text string) string {
	last, size := utf8.DecodeLastRuneInString(text)
	switch next := last + 1; {
	case size == 0 || last == utf8.RuneError || last == utf8.MaxRune:
		return ""
	case last == 0: // PostgreSQL has U+FFFD in its place
		return ""
	case !utf8.ValidRune(next): // a surrogate
		return text[:len(text)-size] + "\uE000"
	default:
		return text[:len(text)-size] + string(next)
	}
}
