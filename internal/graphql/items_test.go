package graphql

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzItems finds in a list and in an object what encoding/json finds, and in what
// is no JSON something.
func FuzzItems(f *testing.F) {
	for _, text := range []string{`[]`, `{}`, `[ ]`, ` {"a" : 1 , "b":[1,{"c":"}"},[]] }`, `[1, "a,]\"\\", {"x":[",\\"]},null ,true]`, `{"a":"\\","b":"\\\"","c":"\\\\\""}`,
		`["\\\\",2]`, `{"a":{},"a":[2]}`, `["`, `{"a`, `{"a"}`, `{:}`, `[,`, `[}`, `["\"]`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		text := bytes.TrimSpace([]byte(raw))
		if len(text) == 0 {
			return
		}
		var list []json.RawMessage
		var object map[string]json.RawMessage
		isList, isObject := json.Unmarshal(text, &list) == nil && list != nil, json.Unmarshal(text, &object) == nil && object != nil
		found, plain := map[string][]byte{}, utf8.Valid(text)
		for item := range items(text) {
			name, value := member(item)
			found[string(name)], plain = value, plain && !bytes.Contains(name, []byte(`\`))
			if isList {
				if len(list) == 0 || !bytes.Equal(item, list[0]) {
					t.Fatalf("%s: an item is %s, want %s", text, item, list)
				}
				list = list[1:]
			}
		}
		if isList && len(list) > 0 {
			t.Fatalf("%s: no %s", text, list)
		}
		for name, value := range object {
			if isObject && plain && !bytes.Equal(found[name], value) {
				t.Fatalf("%s: %q is %s, want %s", text, name, found[name], value)
			}
		}
	})
}

// A text is quoted in pieces as it would be at once.
func TestQuotedPieces(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"x", "é", "\u2028", "😀", "<\"\\\n", "\xe2\x82", "\x80", "\xf0\x9f\x98x"} {
		for before := range 8 {
			text := strings.Repeat("a", before) + strings.Repeat(unit, 3*quotedPiece/len(unit))
			r := &run{room: MaxAnswer}
			if err := r.writeQuoted(quotedJSON(text)); err != nil {
				t.Fatal(err)
			}
			if got := string(bytes.Join(r.Parts(), nil)); got != quoted(text) {
				t.Errorf("%d and %q differ", before, unit)
			}
		}
	}
}
