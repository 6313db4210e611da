// Package args writes the values of an operation's parameters down, in the forms
// in which the official packages of JavaScript write theirs: as a path, a query, a
// JSON object or the fields of a form.
package args

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
)

// Present are the values without those that may be left out and are: zero values,
// such as nil, "" and the zero time. What differs from its zero value where it is
// left out is a pointer in Go.
func Present(values map[string]any, optional []string) map[string]any {
	for _, name := range optional {
		if value, ok := values[name]; ok && isZero(value) {
			delete(values, name)
		}
	}
	return values
}

func isZero(value any) bool {
	if z, ok := value.(interface{ IsZero() bool }); ok && !Absent(value) {
		return z.IsZero()
	}
	return value == nil || reflect.ValueOf(value).IsZero()
}

// Absent reports whether a value is nil, or a nil pointer.
func Absent(value any) bool {
	v := reflect.ValueOf(value)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// Text is a value as a word of a path or a query: a text, a number, a boolean, or
// what encodes as a JSON string.
func Text(value any) (string, error) {
	data, err := JSON(value)
	if err != nil {
		return "", err
	}
	var text string
	switch {
	case data[0] == '"':
		return text, json.Unmarshal(data, &text)
	case data[0] == '{' || data[0] == '[' || string(data) == "null":
		return "", fmt.Errorf("%T is neither a text, a number nor a boolean", value)
	}
	return string(data), nil
}

// Pair is a name and a text.
type Pair struct{ Name, Text string }

// Query are the pairs of a value in a query: for a list a pair for each member,
// for an object one for each field, such as queries[0] and headers[accept].
func Query(name string, value any) ([]Pair, error) {
	return flat(name, value, func(i int) string { return name + "[" + strconv.Itoa(i) + "]" }, Query)
}

// Form are the pairs of a value in a form: for a list a pair for each member, of
// one name, such as permissions[].
func Form(name string, value any) ([]Pair, error) {
	return flat(name, value, func(int) string { return name + "[]" }, Form)
}

// flat are the pairs of a value, of whose members each is written by member.
func flat(name string, value any, nameOf func(int) string, member func(string, any) ([]Pair, error)) ([]Pair, error) {
	data, err := JSON(value)
	if err != nil {
		return nil, err
	}
	var pairs []Pair
	add := func(name string, value any) error {
		more, err := member(name, value)
		pairs = append(pairs, more...)
		return err
	}
	switch data[0] {
	case 'n': // null, of which there is nothing to say
		return nil, nil
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(data, &list); err != nil {
			return nil, err
		}
		for i, value := range list {
			if err := add(nameOf(i), value); err != nil {
				return nil, err
			}
		}
		return pairs, nil
	case '{':
		return fields(name, data, add, &pairs)
	}
	text, err := Text(value)
	return []Pair{{name, text}}, err
}

// fields adds the pairs of an object, in its order.
func fields(name string, object []byte, add func(string, any) error, pairs *[]Pair) ([]Pair, error) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		if err := add(name+"["+key.(string)+"]", value); err != nil {
			return nil, err
		}
	}
	return *pairs, nil
}

// JSON encodes a value. A nil list is an empty one, and a nil map an empty object.
func JSON(value any) ([]byte, error) {
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Slice:
		if _, text := value.(json.RawMessage); v.IsNil() && !text {
			return []byte("[]"), nil
		}
	case reflect.Map:
		if v.IsNil() {
			return []byte("{}"), nil
		}
	}
	data, err := json.Marshal(value)
	if own, ok := errors.AsType[*json.MarshalerError](err); ok {
		err = own.Unwrap() // which says what is wrong
	}
	return data, err
}
