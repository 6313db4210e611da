package wire

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// largeBodies are bodies whose members are cut by hand.
var largeBodies = []string{
	`{}`, ` { } `, `{"a":"b"}`, "\t{ \"a\" :\n\"b\" , \"c\":1.50,\"d\":true,\"e\":null}\r\n", `{"a":"x,y:z}]\"\\","b":"\\"}`, `{"\"a\u0062\\":{"x":[1,{"y":"}"}],"z":{}},"b":-1e9}`,
	`{"a":1,"a":2}`, `{"a":[]}`, `{"a":[ ],"b":[1]}`, `{"":""}`, `[]`, `"a"`, `null`, ``, `{"a":`, `{"a":"b"}x`, `{"a":"\ud800","b":"` + "\xff" + `"}`,
}

// checkLarge compares what is cut with what encoding/json reads.
func checkLarge(t *testing.T, body string) {
	t.Helper()
	var want map[string]json.RawMessage
	if json.Unmarshal([]byte(body), &want) != nil || len(want) > maxMembers || TooDeep([]byte(body)) {
		return
	}
	got := largeJSON([]byte(body))
	if len(got.values) != len(want) {
		t.Fatalf("%q has %d members, want %d", body, len(got.values), len(want))
	}
	for name, text := range want {
		wanted := JSONValue(text)
		if list, ok := wanted.([]any); ok && len(list) > 0 {
			wanted = []any{nil} // a list is not read
		}
		if value, ok := got.Value(name); !ok || !reflect.DeepEqual(value, wanted) {
			t.Fatalf("%q has %#v for %q, want %#v", body, value, name, wanted)
		}
	}
}

func TestLargeJSON(t *testing.T) {
	t.Parallel()
	for _, body := range largeBodies {
		checkLarge(t, body)
	}
	if many := largeJSON([]byte(`{` + strings.Repeat(`"a":1,"b":2,`, 10*maxMembers) + `"c":3}`)); len(many.values) != 3 {
		t.Errorf("they are %v", many.values)
	}
	for _, body := range []string{`[]`, `"a"`, ``, `{"a":`, `{"a":1}}`} {
		if got := largeJSON([]byte(body)); got.values != nil {
			t.Errorf("%q has %v", body, got.values)
		}
	}
}

// unescapedLikeJSON expects what encoding/json reads.
func unescapedLikeJSON(t *testing.T, raw string) {
	t.Helper()
	var want string
	if !utf8.ValidString(raw) || json.Unmarshal([]byte(`"`+raw+`"`), &want) != nil {
		return
	}
	if got := string(unescapeJSON([]byte(raw))); got != want {
		t.Errorf("%q becomes %q, want %q", raw, got, want)
	}
}

// escaped are texts as they are between quotes.
var escaped = []string{``, `plain é`, `\"\\\/\b\f\n\r\t`, `\u0041x\u00e9\u2028\uFFFD`, `\ud83d\ude00\uD83D\uDE00`, `\ud83d`, `\ude00\ud83d`, `\ud83dx`, `\ud83d\n`, `\ud83d\u0041`, `\ud83d\ud83d\ude00`, `\u0000`}

func TestUnescape(t *testing.T) {
	t.Parallel()
	for _, raw := range escaped {
		unescapedLikeJSON(t, raw)
		unescapedLikeJSON(t, "x"+raw+raw+"é")
	}
}

func FuzzUnescape(f *testing.F) {
	for _, raw := range escaped {
		f.Add(raw)
	}
	f.Fuzz(unescapedLikeJSON)
}

func FuzzLargeJSON(f *testing.F) {
	for _, body := range largeBodies {
		f.Add(body)
	}
	f.Fuzz(checkLarge)
}
