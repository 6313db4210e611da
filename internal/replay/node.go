package replay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// node is a JSON value that keeps the order of members and the spelling of
// numbers. A scalar's kind is one of those below.
type node struct {
	kind    string
	text    string // of a scalar: a string's value, a number's digits
	names   []string
	members []*node // of an object, beside names; of a list
}

// The kinds of nodes.
const (
	kindObject = "object"
	kindList   = "list"
	kindString = "string"
	kindInt    = "int"
	kindFloat  = "float"
	kindBool   = "bool"
	kindNull   = "null"
)

// parseNode reads a JSON text that holds one value.
func parseNode(text []byte) (*node, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	n, err := readNode(dec)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is text after the JSON value")
	}
	return n, nil
}

// readNode reads the next value.
func readNode(dec *json.Decoder) (*node, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return readObject(dec)
		}
		return readList(dec)
	case string:
		return &node{kind: kindString, text: t}, nil
	case json.Number:
		return &node{kind: numberKind(t.String()), text: t.String()}, nil
	case bool:
		return &node{kind: kindBool, text: fmt.Sprint(t)}, nil
	}
	return &node{kind: kindNull, text: "null"}, nil
}

// numberKind is the kind of a number: kindInt where it is written as an integer.
func numberKind(digits string) string {
	for _, c := range digits {
		if c == '.' || c == 'e' || c == 'E' {
			return kindFloat
		}
	}
	return kindInt
}

// readObject reads the members of an object, after its brace.
func readObject(dec *json.Decoder) (*node, error) {
	n := &node{kind: kindObject}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		member, err := readNode(dec)
		if err != nil {
			return nil, err
		}
		n.names = append(n.names, name.(string)) // the decoder accepts nothing else
		n.members = append(n.members, member)
	}
	_, err := dec.Token()
	return n, err
}

// readList reads the members of a list, after its bracket.
func readList(dec *json.Decoder) (*node, error) {
	n := &node{kind: kindList}
	for dec.More() {
		member, err := readNode(dec)
		if err != nil {
			return nil, err
		}
		n.members = append(n.members, member)
	}
	_, err := dec.Token()
	return n, err
}

// member is the member of that name, or nil.
func (n *node) member(name string) *node {
	if n == nil {
		return nil
	}
	for i, have := range n.names {
		if have == name {
			return n.members[i]
		}
	}
	return nil
}

// walk calls f for each scalar, with the name of the member it is in.
func (n *node) walk(name string, f func(name string, n *node)) {
	for i, m := range n.members {
		if n.kind == kindObject {
			name = n.names[i]
		}
		m.walk(name, f)
	}
	if n.kind != kindObject && n.kind != kindList {
		f(name, n)
	}
}

// find is the text of the first scalar of that name, "" without one.
func (n *node) find(name string) (text string) {
	n.walk("", func(at string, leaf *node) {
		if at == name && text == "" {
			text = leaf.text
		}
	})
	return text
}

// took reports whether the node is a time that something may have taken.
func (n *node) took() bool {
	return (n.kind == kindInt || n.kind == kindFloat) && !strings.HasPrefix(n.text, "-")
}

// isScalar says that the node has no members.
func (n *node) isScalar() bool { return n.kind != kindObject && n.kind != kindList }
