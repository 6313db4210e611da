package server

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
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
	if json.Unmarshal([]byte(body), &want) != nil || len(want) > maxMembers || tooDeep([]byte(body)) {
		return
	}
	got := largeJSON([]byte(body))
	if len(got.values) != len(want) {
		t.Fatalf("%q has %d members, want %d", body, len(got.values), len(want))
	}
	for name, text := range want {
		wanted := jsonValue(text)
		if list, ok := wanted.([]any); ok && len(list) > 0 {
			wanted = []any{nil} // a list is not read
		}
		if value, ok := got.value(name); !ok || !reflect.DeepEqual(value, wanted) {
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

func FuzzLargeJSON(f *testing.F) {
	for _, body := range largeBodies {
		f.Add(body)
	}
	f.Fuzz(checkLarge)
}
