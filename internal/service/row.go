package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// UnmarshalRow reads a row: into system what the server keeps of each, and the
// whole of it into data, which is the caller's own.
func UnmarshalRow(text []byte, system, data any) error {
	if err := json.Unmarshal(text, system); err != nil {
		return err
	}
	return json.Unmarshal(text, data)
}

// Sequence is the number of a row, as a text. Older servers have a JSON number.
type Sequence string

// UnmarshalJSON implements json.Unmarshaler.
func (s *Sequence) UnmarshalJSON(text []byte) error {
	var number json.Number
	if text[0] != '"' && json.Unmarshal(text, &number) == nil {
		*s = Sequence(number)
		return nil
	}
	return json.Unmarshal(text, (*string)(s))
}

// MarshalRow is the JSON from which UnmarshalRow reads the same: the members of
// data, and those of system that it has not.
func MarshalRow(system, data any) ([]byte, error) {
	own, err := json.Marshal(data)
	if err != nil {
		return nil, err
	}
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(own, &members); err != nil {
		return nil, errors.New("the data of a row is no JSON object: " + reflect.TypeOf(data).String())
	}
	kept, err := json.Marshal(system)
	if err != nil {
		return nil, err
	}
	more := map[string]json.RawMessage{}
	if err := json.Unmarshal(kept, &more); err != nil {
		return nil, err
	}
	for name, value := range members {
		more[name] = value
	}
	return json.Marshal(more)
}

// Object is what encodes as a JSON object, the data of a row: anything else is an
// error. A nil map is an empty one. An operator in the place of a value is a text.
type Object struct{ Value any }

// MarshalJSON implements json.Marshaler.
func (o Object) MarshalJSON() ([]byte, error) {
	if v := reflect.ValueOf(o.Value); v.Kind() == reflect.Map && v.IsNil() {
		return []byte("{}"), nil
	}
	return only(o.Value, '{', "object: pass a struct or a map")
}

// IsZero reports whether there is nothing.
func (o Object) IsZero() bool { return o.Value == nil }

// List is what encodes as a JSON list of objects. A nil slice is an empty one.
type List struct{ Value any }

// MarshalJSON implements json.Marshaler.
func (l List) MarshalJSON() ([]byte, error) {
	if v := reflect.ValueOf(l.Value); v.Kind() == reflect.Slice && v.IsNil() {
		return []byte("[]"), nil
	}
	return only(l.Value, '[', "array: pass a slice of structs or maps")
}

// IsZero reports whether there is nothing.
func (l List) IsZero() bool { return l.Value == nil }

// only encodes what begins so.
func only(value any, first byte, want string) ([]byte, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(data, []byte{first}) {
		return nil, fmt.Errorf("%T does not encode as a JSON %s", value, want)
	}
	return data, nil
}
