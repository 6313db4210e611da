package args

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"
)

type word string

type moment struct{ time.Time }

func (m moment) MarshalJSON() ([]byte, error) { return []byte(`"then"`), nil }

func TestPresent(t *testing.T) {
	t.Parallel()
	zero := 0
	given := map[string]any{
		"text": "", "number": 0, "flag": false, "list": []string(nil), "object": map[string]any(nil), "nothing": nil, "pointer": (*int)(nil),
		"moment": moment{}, "utc": moment{time.Time{}.UTC()}, "needed": "",
		"zero": &zero, "empty": []string{}, "then": moment{time.Unix(0, 0)},
	}
	optional := []string{"text", "number", "flag", "list", "object", "nothing", "pointer", "moment", "utc", "zero", "empty", "then", "unheard"}
	got := Present(given, optional)
	for name, want := range map[string]bool{"needed": true, "zero": true, "empty": true, "then": true, "text": false, "pointer": false, "utc": false, "nothing": false} {
		if _, ok := got[name]; ok != want {
			t.Errorf("%s is there: %t", name, ok)
		}
	}
	if len(got) != 4 {
		t.Errorf("%v", got)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	seven := 7
	for want, value := range map[string]any{
		"a \"ü": "a \"ü", "b": word("b"), "7": &seven, "1.5": 1.5, "true": true, "9007199254740993": int64(9007199254740993), "then": moment{},
	} {
		if got, err := Text(value); err != nil || got != want {
			t.Errorf("%v: %q, %v", value, got, err)
		}
	}
	for _, value := range []any{nil, []string{}, map[string]any{}, struct{}{}, make(chan int)} {
		if got, err := Text(value); err == nil {
			t.Errorf("%v: %q", value, got)
		}
	}
}

func TestQueryAndForm(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		value       any
		query, form string
	}{
		{"a", "[{v a}]", "[{v a}]"},
		{[]word{"a", "b"}, "[{v[0] a} {v[1] b}]", "[{v[] a} {v[] b}]"},
		{[]string(nil), "[]", "[]"},
		{nil, "[]", "[]"},
		{map[string]any{"b": 1, "a": []any{true, nil}}, "[{v[a][0] true} {v[b] 1}]", "[{v[a][] true} {v[b] 1}]"},
		{json.RawMessage(`{"b":1,"a":2}`), "[{v[b] 1} {v[a] 2}]", "[{v[b] 1} {v[a] 2}]"},
	} {
		query, err := Query("v", tc.value)
		form, err2 := Form("v", tc.value)
		if err != nil || err2 != nil || fmt.Sprint(query) != tc.query || fmt.Sprint(form) != tc.form {
			t.Errorf("%v: %v, %v; %v, %v", tc.value, query, err, form, err2)
		}
	}
	if _, err := Query("v", []any{make(chan int)}); err == nil {
		t.Error("a channel was written down")
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	for want, value := range map[string]any{"[]": []int(nil), "{}": map[string]int(nil), "null": nil, `"x"`: json.RawMessage(`"x"`), "[1]": []int{1}} {
		if got, err := JSON(value); err != nil || !slices.Equal(got, []byte(want)) {
			t.Errorf("%v: %s, %v", value, got, err)
		}
	}
	if _, err := JSON(refusing{}); err == nil || err.Error() != "no" {
		t.Errorf("the error of a value is not its own: %v", err)
	}
}

type refusing struct{}

func (refusing) MarshalJSON() ([]byte, error) { return nil, fmt.Errorf("no") }
