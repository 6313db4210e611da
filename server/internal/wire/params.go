package wire

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"maps"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/isojot/isojot"
)

// Bounds of a request, and with them of the memory that a guest can make this
// server use: read, JSON takes up to 65 times its size.
const (
	// MaxBody is how long a body may be, in bytes. The largest that is accepted
	// is prefs of 64 KiB, which escaped (\u0000) take six times as much.
	// Executions of functions have a bound of their own (operations.MaxExecutionBody).
	MaxBody = 512 << 10
	// MaxValues is how many commas and brackets JSON may have: prefs cannot
	// have more.
	MaxValues = 64 << 10
	// maxPairs is how many parameters a request may have (as many as PHP's
	// max_input_vars).
	maxPairs = 1000
)

// Params are a request's parameters: strings from a query or form; from JSON
// also numbers (json.Number), truths, lists, objects and null (nil). A
// json.RawMessage is one that nobody has asked for yet.
type Params struct{ values map[string]any }

// NewParams are parameters of those values.
func NewParams(values map[string]any) Params { return Params{values} }

// Encode is all parameters as a JSON object.
func (p Params) Encode() ([]byte, error) { return json.Marshal(p.values) }

// Value is a parameter, and whether it is there.
func (p Params) Value(name string) (any, bool) {
	v, ok := p.values[name]
	if text, isText := v.(json.RawMessage); isText {
		v = JSONValue(text)
	}
	return v, ok
}

// BodyParams reads the parameters of a body of that content type. Of any other
// than those of JSON and forms, or without one, a body has none.
func BodyParams(contentType string, body []byte) (Params, error) {
	kind, options, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
	case kind == "application/json":
		return jsonParams(body)
	case kind == "application/x-www-form-urlencoded":
		return QueryParams(string(body))
	case kind == "multipart/form-data":
		return multipartParams(body, options["boundary"]), nil
	}
	return Params{}, nil
}

// maxDepth is how deep a body may be nested: PHP reads no deeper.
const maxDepth = 512

// jsonParams reads a JSON object, whose members are read when they are asked
// for: what no endpoint asks for takes no more memory than it came in.
func jsonParams(body []byte) (Params, error) {
	deep, many := extent(body)
	if many > MaxValues {
		return Params{}, Failf(isojot.ErrBadRequest, "The request body has %d commas and brackets, and the most this server reads is %d. Send fewer values.", many, MaxValues)
	}
	var raw map[string]json.RawMessage
	if deep > maxDepth || json.Unmarshal(body, &raw) != nil {
		return Params{}, nil
	}
	if len(raw) > maxPairs {
		return Params{}, tooManyParams(len(raw))
	}
	values := make(map[string]any, len(raw))
	for name, text := range raw {
		values[name] = text
	}
	return Params{values}, nil
}

// JSONValue reads a value, which is valid JSON without blanks around it. Numbers
// stay as they are written: 1 and 1.0 are not the same to the validators. So do
// objects, whose order matters to those who read them back.
func JSONValue(text json.RawMessage) any {
	switch text[0] {
	case '{':
		return Object(text)
	case '"': // without a decoder's buffer
		var s string
		if err := json.Unmarshal(text, &s); err != nil { // cannot happen: it was read before
			return nil
		}
		return s
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil { // cannot happen: it was read before
		return nil
	}
	return v
}

// extent is how deep a JSON text is nested, and how many commas and opening
// brackets it has, at least for valid ones: no fewer than there are values.
func extent(text []byte) (deepest, many int) {
	now, quoted, escaped := 0, false, false
	for _, b := range text {
		switch {
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == ',':
			many++
		case b == '{' || b == '[':
			many++
			now++
			deepest = max(deepest, now)
		case b == '}' || b == ']':
			now--
		}
	}
	return deepest, many
}

// TooDeep reports whether a JSON text is nested deeper than it may be.
func TooDeep(text []byte) bool {
	deep, _ := extent(text)
	return deep > maxDepth
}

// QueryParams reads a form or a query.
func QueryParams(text string) (Params, error) {
	if n := strings.Count(text, "&") + 1; n > maxPairs {
		return Params{}, tooManyParams(n)
	}
	form := map[string][]string{}
	for pair := range strings.SplitSeq(text, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name = unescapeForm(name)
		form[name] = append(form[name], unescapeForm(value))
	}
	return formParams(form), nil
}

// unescapeForm decodes a name or a value of a form. What is no escape stays as it
// is, as in PHP: %zz is %zz.
func unescapeForm(text string) string {
	if s, err := url.QueryUnescape(text); err == nil {
		return s
	}
	b := []byte(strings.ReplaceAll(text, "+", " "))
	to := b[:0] // what is decoded is no longer than what it stands in
	for len(b) > 0 {
		var one [1]byte
		if b[0] == '%' && len(b) > 2 {
			if _, err := hex.Decode(one[:], b[1:3]); err == nil {
				to, b = append(to, one[0]), b[3:]
				continue
			}
		}
		to, b = append(to, b[0]), b[1:]
	}
	return string(to)
}

func tooManyParams(n int) error {
	return Failf(isojot.ErrBadRequest, "The request has %d parameters, and the most this server reads is %d. Send fewer.", n, maxPairs)
}

// multipartParams reads the fields of a form that are no files.
func multipartParams(body []byte, boundary string) Params {
	form, err := multipart.NewReader(bytes.NewReader(body), boundary).ReadForm(MaxBody)
	if err != nil {
		return Params{}
	}
	defer form.RemoveAll() // nothing is on disk: the body is smaller than the memory allowed
	return formParams(form.Value)
}

// formParams takes the last of each name, as PHP does, and PHP's brackets:
// queries[0]=a and queries[]=a make lists, prefs[k]=a an object. There are no
// lists within lists.
func formParams(form map[string][]string) Params {
	values := make(map[string]any, len(form))
	objects := map[string]map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		list := form[name]
		outer, key, isMember := strings.Cut(strings.TrimSuffix(name, "]"), "[")
		switch {
		case len(list) == 0 || strings.ContainsAny(key, "[]") || isMember && !strings.HasSuffix(name, "]"):
		case !isMember:
			values[name] = list[len(list)-1]
		default:
			if objects[outer] == nil {
				objects[outer] = map[string]any{}
			}
			addMembers(objects[outer], key, list)
		}
	}
	for name, object := range objects {
		values[name] = listOr(object)
	}
	return Params{values}
}

// addMembers adds the values of one name in brackets: without a key they get
// the next free numbers.
func addMembers(object map[string]any, key string, list []string) {
	if key != "" {
		object[key] = list[len(list)-1]
		return
	}
	next := len(object)
	for _, v := range list {
		for object[strconv.Itoa(next)] != nil {
			next++
		}
		object[strconv.Itoa(next)] = v
	}
}

// listOr is the object as a list, in the order of its keys, if they are all
// numbers.
func listOr(object map[string]any) any {
	var numbers []int
	for key := range object {
		n, err := strconv.Atoi(key)
		if err != nil || n < 0 || strconv.Itoa(n) != key {
			return object
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	list := []any{}
	for _, n := range numbers {
		list = append(list, object[strconv.Itoa(n)])
	}
	return list
}
