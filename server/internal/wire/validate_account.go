package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// Bounds of the account service (contract section 9).
const (
	maxPrefs       = 65535 // bytes, as compact JSON
	maxSecret      = 256   // characters, of a one-time token
	maxOldPassword = 256   // characters
)

// What the validators of the account service say, word by word.
const (
	DescribeObject      = "Value must be a valid object."
	describeSecret      = "Value must be a valid string and at least 1 chars and no longer than 256 chars"
	describeOldPassword = "Value must be a valid string and no longer than 256 chars"
)

// Name is a name of 1 to 128 characters.
func (p Params) Name(name string) (string, error) {
	return p.Text(name, DescribeName, func(s string) bool { return lengthWithin(s, 1, MaxName) })
}

// Secret is the secret of a one-time token.
func (p Params) Secret(name string) (string, error) {
	return p.Text(name, describeSecret, func(s string) bool { return lengthWithin(s, 1, maxSecret) })
}

// OldPassword is a password that may be no longer allowed, or "" when it is
// absent.
func (p Params) OldPassword(name string) (string, error) {
	if _, given := p.Optional(name); !given {
		return "", nil
	}
	return p.Text(name, describeOldPassword, func(s string) bool { return lengthWithin(s, 0, maxOldPassword) })
}

// lengthWithin reports whether a text has lo to hi characters.
func lengthWithin(s string, lo, hi int) bool {
	n := utf8.RuneCountInString(s)
	return n >= lo && n <= hi
}

// Prefs are preferences: a JSON object, kept as it was sent. An empty list is
// an empty object, which PHP cannot tell apart. Unlike Appwrite's, {} is taken
// too, and what is nested is not changed (contract section 13.1).
func (p Params) Prefs(name string) (json.RawMessage, error) {
	v, err := p.required(name)
	if err != nil {
		return nil, err
	}
	var text []byte
	switch v := v.(type) {
	case Object:
		text, err = v.compact()
		if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return nil, Invalid(name, describeNumbers)
		}
	case map[string]any: // of a form
		text, err = json.Marshal(v)
	case []any:
		if len(v) == 0 {
			text = []byte("{}")
		}
	}
	if err != nil {
		return nil, err
	}
	if text == nil || len(text) > maxPrefs {
		return nil, Invalid(name, DescribeObject)
	}
	return text, nil
}

// describeNumbers is what is wrong with a number that no reader of JSON could
// make one of.
const describeNumbers = "Value must be a valid object, whose numbers are not beyond 1.8e308."

// Object is a parameter that is a JSON object, as it was sent. It is valid
// JSON.
type Object json.RawMessage

// compact is the object without blanks. Its members keep their order, unless
// a name occurs twice somewhere: then they are sorted, and the last one counts.
func (o Object) compact() ([]byte, error) {
	var b bytes.Buffer
	if err := json.Compact(&b, o); err != nil {
		return nil, err
	}
	repeats, err := repeatsName(json.NewDecoder(bytes.NewReader(o)))
	if err != nil || !repeats {
		return b.Bytes(), err
	}
	dec := json.NewDecoder(bytes.NewReader(o))
	dec.UseNumber()
	var values map[string]any
	if err := dec.Decode(&values); err != nil {
		return nil, err
	}
	return json.Marshal(values)
}

// repeatsName reports whether some object of a JSON text has a name twice.
func repeatsName(dec *json.Decoder) (bool, error) {
	var names []map[string]bool // of the objects around; nil for a list
	isName := false             // the next string is one
	for {
		token, err := dec.Token()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return false, err
		}
		switch t := token.(type) {
		case json.Delim:
			names = enter(names, t)
		case string:
			if isName {
				if around := names[len(names)-1]; around[t] {
					return true, nil
				} else {
					around[t] = true
				}
				isName = false
				continue
			}
		}
		isName = len(names) > 0 && names[len(names)-1] != nil
	}
}

// enter follows the decoder into a value or out of it.
func enter(names []map[string]bool, d json.Delim) []map[string]bool {
	switch d {
	case '{':
		return append(names, map[string]bool{})
	case '[':
		return append(names, nil)
	}
	return names[:len(names)-1]
}
