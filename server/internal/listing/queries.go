package listing

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// Bounds of a list's queries (contract section 10).
const (
	maxQueries = 100
	// maxQuery is how many characters one has; Appwrite has no such bound.
	maxQuery       = 16384
	maxQueryValues = 100
	// maxComparisons is how many values all filters of a list may compare with:
	// SQLite's effort grows with their square, and with the rows. Appwrite has
	// no such bound.
	maxComparisons  = 500
	defaultPageSize = 25
	// maxPageSize bounds what one request reads; Appwrite has no such bound.
	maxPageSize = 5000
	// maxTotal is how far a list counts.
	maxTotal = 5000
)

// queryError is what is wrong with a list of queries, in Appwrite's words
// where they are known.
type queryError string

// Error returns the words.
func (e queryError) Error() string { return string(e) }

// badQuery makes a queryError.
func badQuery(format string, args ...any) error { return queryError(fmt.Sprintf(format, args...)) }

// query is one parsed query.
type query struct {
	method, attribute string
	values            []any
}

// parsedQueries are the queries of a list of rows with certain columns.
type parsedQueries struct {
	columns map[string]store.Column
	page    store.Page
	limited bool // a limit was given; further ones are ignored
	moved   bool // an offset was given
	// compared is how many values the filters so far compare with.
	compared int
	// unindexed is the first attribute that a filter searches; "" for none.
	unindexed string
}

// Parse reads the parameter queries of a list of rows with certain columns.
func Parse(p wire.Params, columns map[string]store.Column) (store.Page, error) {
	texts, err := queryTexts(p)
	if err != nil {
		return store.Page{}, err
	}
	page, err := parseQueries(texts, columns)
	if _, ok := errors.AsType[queryError](err); ok {
		return page, wire.Invalid("queries", err.Error())
	}
	return page, err
}

// parseQueries reads the texts of queries.
func parseQueries(texts []string, columns map[string]store.Column) (store.Page, error) {
	if len(texts) > maxQueries {
		return store.Page{}, badQuery("Value must a valid array no longer than %d items", maxQueries)
	}
	p := parsedQueries{columns: columns, page: store.Page{Limit: defaultPageSize}}
	for _, text := range texts {
		q, err := parseQuery(text)
		if err == nil {
			err = p.add(q)
		}
		if err != nil {
			return store.Page{}, err
		}
	}
	if p.unindexed != "" {
		return store.Page{}, wire.InvalidQuery("Searching by attribute \"%s\" requires a fulltext index.", p.unindexed)
	}
	return p.page, nil
}

// parseQuery reads the text of a query.
func parseQuery(text string) (query, error) {
	if utf8.RuneCountInString(text) > maxQuery {
		return query{}, badQuery("Invalid query: Value must be a valid string and no longer than %d chars", maxQuery)
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil || dec.More() {
		return query{}, badQuery("Invalid query: Invalid query: Syntax error")
	}
	return queryOf(v)
}

// queryOf reads a query from JSON.
func queryOf(v any) (query, error) {
	m, isObject := v.(map[string]any)
	if _, isList := v.([]any); !isObject && !isList {
		return query{}, badQuery("Invalid query: Invalid query. Must be an array, got %s", phpType(v))
	}
	var q query
	var ok bool
	if q.method, ok = stringMember(m, "method"); !ok {
		return q, badQuery("Invalid query: Invalid query method. Must be a string, got %s", phpType(m["method"]))
	}
	if q.attribute, ok = stringMember(m, "attribute"); !ok {
		return q, badQuery("Invalid query: Invalid query attribute. Must be a string, got %s", phpType(m["attribute"]))
	}
	if q.values, ok = m["values"].([]any); !ok && m["values"] != nil {
		return q, badQuery("Invalid query: Invalid query values. Must be an array, got %s", phpType(m["values"]))
	}
	return q, nil
}

// stringMember is a member that is a string; "" when it is absent or null.
func stringMember(m map[string]any, name string) (string, bool) {
	s, ok := m[name].(string)
	return s, ok || m[name] == nil
}

// phpType names a JSON value as Appwrite does.
func phpType(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "double"
		}
		return "integer"
	}
	return "array"
}

// add takes one query in.
func (p *parsedQueries) add(q query) error {
	switch q.method {
	case "limit":
		return p.number(q, 1, &p.page.Limit, &p.limited)
	case "offset":
		return p.number(q, 0, &p.page.Offset, &p.moved)
	case "cursorAfter", "cursorBefore":
		return p.cursor(q)
	case "orderAsc", "orderDesc":
		return p.order(q)
	case "select": // a method that there is, and no list here has
		return badQuery("Invalid query method: select")
	}
	condition, err := p.filter(q)
	p.page.Where.Parts = append(p.page.Where.Parts, condition)
	return err
}

// numeric is what PHP takes for a number.
var numeric = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

// number reads the value of limit or offset, of which the first counts.
func (p *parsedQueries) number(q query, least int64, to *int, given *bool) error {
	text := strings.TrimSpace(fmt.Sprint(append(q.values, nil)[0]))
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case !numeric.MatchString(text): // of an offset it is said, too
		return badQuery("Invalid query: Invalid limit: Value must be a valid number")
	case err != nil || n < least:
		return badQuery("Invalid query: Invalid %s: %s", q.method, wire.DescribeRange(least, math.MaxInt64))
	case *given:
		return nil
	}
	*to, *given = int(min(n, math.MaxInt32)), true
	if q.method == "limit" {
		*to = min(*to, maxPageSize)
	}
	return nil
}

// cursor reads where the page begins or ends; the first one counts.
func (p *parsedQueries) cursor(q query) error {
	id, _ := append(q.values, nil)[0].(string)
	if !wire.ValidID(id) {
		return badQuery("Invalid query: Invalid cursor: %s", wire.DescribeUID)
	}
	if p.page.Cursor == "" {
		p.page.Cursor, p.page.Before = id, q.method == "cursorBefore"
	}
	return nil
}

// order reads what to sort by. Without an attribute it is the order in which
// the rows were made.
func (p *parsedQueries) order(q query) error {
	column, ok := p.columns[q.attribute]
	if !ok && q.attribute != "" {
		return badQuery("Invalid query: Attribute not found in schema: %s", q.attribute)
	}
	// What sorts already cannot sort again.
	if slices.ContainsFunc(p.page.Orders, func(o store.Order) bool { return o.Column == column }) {
		return nil
	}
	p.page.Orders = append(p.page.Orders, store.Order{Column: column, Desc: q.method == "orderDesc"})
	return nil
}

// Total is how many rows a list has of which a page shows n, as far as it
// counts: where the last row is on the page, they need not be counted.
func Total(page store.Page, n int, count func(most int) (int, error)) (int, error) {
	if page.Cursor == "" && n < page.Limit && (n > 0 || page.Offset == 0) {
		return min(page.Offset+n, maxTotal), nil
	}
	return count(maxTotal)
}

// WantsTotal reads the parameter total, true unless given.
func WantsTotal(p wire.Params) (bool, error) {
	if _, given := p.Optional("total"); !given {
		return true, nil
	}
	return p.Truth("total")
}

// queryTexts are the texts of the parameter queries; none when it is absent.
func queryTexts(p wire.Params) ([]string, error) {
	v, given := p.Optional("queries")
	if !given {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, wire.Invalid("queries", "Queries must be an array")
	}
	var texts []string
	for _, item := range list {
		s, isString := item.(string)
		if !isString {
			return nil, wire.Invalid("queries", "Queries must be an array")
		}
		texts = append(texts, s)
	}
	return texts, nil
}
