package graphql

import (
	"bytes"
	"iter"
)

// Valid JSON is read where it is: encoding/json copies what it finds, once for
// each level of a list or an object.

// items are the values of a list, or the members of an object.
func items(text []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		rest := bytes.TrimSpace(text[1:max(1, len(text)-1)])
		for more := len(rest) > 0; more; {
			n := itemLength(rest)
			item := rest[:n]
			if more = n < len(rest); more { // behind the comma
				rest = rest[n+1:]
			}
			if !yield(bytes.TrimSpace(item)) {
				return
			}
		}
	}
}

// itemLength is where the comma is that ends the first item of a text, or the
// end of the text.
func itemLength(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i += stringLength(text[i:]) - 1
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

// stringLength is how long the string is that a text begins with, with its
// quotes.
func stringLength(text []byte) int {
	for i := 1; i < len(text); {
		n := bytes.IndexByte(text[i:], '"')
		if n < 0 {
			break
		}
		i += n + 1
		if before := text[:i-1]; (len(before)-len(bytes.TrimRight(before, `\`)))%2 == 0 {
			return i
		}
	}
	return len(text)
}

// member is a member's name, which needs no escapes, and its value.
func member(item []byte) (name, value []byte) {
	n := stringLength(item)
	value = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(item[n:]), []byte(":")))
	return bytes.Trim(item[:n], `"`), value
}
