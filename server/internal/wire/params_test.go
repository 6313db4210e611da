package wire

import (
	"reflect"
	"testing"
)

// Parameters are read by the content type, and by no guess.
func TestBodyParams(t *testing.T) {
	t.Parallel()
	form, multi := "a=1&b=x+y", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n"
	for _, tt := range []struct {
		kind, body string
		want       map[string]any
	}{
		{"application/x-www-form-urlencoded", form, map[string]any{"a": "1", "b": "x y"}},
		{"application/x-www-form-urlencoded; charset=utf-8", form, map[string]any{"a": "1", "b": "x y"}},
		{"multipart/form-data; boundary=x", multi, map[string]any{"a": "1"}},
		{"application/json", `{"a":"1"}`, map[string]any{"a": "1"}},
		{"APPLICATION/JSON", `{"a":"1"}`, map[string]any{"a": "1"}},
		{"", form, nil}, {"text/plain", form, nil}, {"text/plain", `{"a":"1"}`, nil}, {"application/vnd.api+json", `{"a":"1"}`, nil}, {";", form, nil},
	} {
		for _, read := range []func(string, []byte) (Params, error){BodyParams, LargeParams} {
			p, err := read(tt.kind, []byte(tt.body))
			got := map[string]any{}
			for name := range p.values {
				got[name], _ = p.Value(name)
			}
			if err != nil || len(got) != len(tt.want) || len(got) > 0 && !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%q of %q has %v, %v, want %v", tt.body, tt.kind, got, err, tt.want)
			}
		}
	}
}

func TestQueryParams(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]map[string]any{
		"":                      {},
		"a=%zz&b=%2&c=%":        {"a": "%zz", "b": "%2", "c": "%"},
		"a=%41%zz+%4a%&%zz=%20": {"a": "A%zz J%", "%zz": " "},
		"a=1&a=2&&=x&b":         {"a": "2", "": "x", "b": ""},
		"a;b=c;d":               {"a;b": "c;d"},
		"q[]=%zz&q[]=b":         {"q": []any{"%zz", "b"}},
	} {
		if p, err := QueryParams(text); err != nil || !reflect.DeepEqual(p.values, want) {
			t.Errorf("%q has %v, %v, want %v", text, p.values, err, want)
		}
	}
}
