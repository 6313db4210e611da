package jsonobj

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestParseReadsMembers(t *testing.T) {
	obj, err := Parse(" {\"a\":\"x\\u00e9\\ud83d\\ude00\\n\", \"n\":-12,\"o\":{\"a\":[1,2,{}]},\"f\":1.5e+3,\"t\":true,\"z\":null}\n")
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := obj.String("a"); !ok || s != "xé😀\n" {
		t.Errorf("a = %q, %v", s, ok)
	}
	if n, ok := obj.Int("n"); !ok || n != -12 {
		t.Errorf("n = %d, %v", n, ok)
	}
	if obj["o"] != `{"a":[1,2,{}]}` {
		t.Errorf("o = %q", obj["o"])
	}
	for _, name := range []string{"n", "missing", "A"} {
		if _, ok := obj.String(name); ok {
			t.Errorf("%s read as a string", name)
		}
	}
	for _, name := range []string{"f", "a", "missing"} {
		if _, ok := obj.Int(name); ok {
			t.Errorf("%s read as an integer", name)
		}
	}
}

func TestIntBound(t *testing.T) {
	for raw, want := range map[string]bool{
		"9007199254740992": true, "9007199254740993": false, "-9007199254740992": true,
		"99999999999999999999999": false, "0": true, "-": false,
	} {
		if _, ok := (Object{"n": raw}).Int("n"); ok != want {
			t.Errorf("Int(%s) ok = %v, want %v", raw, ok, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want error
	}{
		"empty":            {"", ErrSyntax},
		"array":            {"[]", ErrSyntax},
		"bare string":      {`"a"`, ErrSyntax},
		"trailing":         {`{} x`, ErrSyntax},
		"two objects":      {`{}{}`, ErrSyntax},
		"trailing comma":   {`{"a":1,}`, ErrSyntax},
		"no value":         {`{"a":}`, ErrSyntax},
		"no colon":         {`{"a" 1}`, ErrSyntax},
		"leading zero":     {`{"a":01}`, ErrSyntax},
		"plus":             {`{"a":+1}`, ErrSyntax},
		"bad literal":      {`{"a":nul}`, ErrSyntax},
		"control":          {"{\"a\":\"\x01\"}", ErrSyntax},
		"bad utf8":         {"{\"a\":\"\xff\"}", ErrSyntax},
		"lone surrogate":   {`{"a":"\ud800"}`, ErrSyntax},
		"low first":        {`{"a":"\udc00"}`, ErrSyntax},
		"bad escape":       {`{"a":"\x"}`, ErrSyntax},
		"unterminated":     {`{"a":"b`, ErrSyntax},
		"escape at end":    {`{"a":"\`, ErrSyntax},
		"duplicate":        {`{"a":1,"a":2}`, ErrDuplicate},
		"escaped twin":     {`{"a":1,"\u0061":2}`, ErrDuplicate},
		"nested duplicate": {`{"o":{"a":1,"a":2}}`, ErrDuplicate},
		"deep":             {`{"a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`, ErrDepth},
	} {
		if _, err := Parse(c.in); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"":                               `""`,
		"a \"b\" \\~":                    `"a \"b\" \\~"`,
		"\x00\n\x7f":                     `"\u0000\u000a\u007f"`,
		"\u00fc\u200b\uffff":             `"\u00fc\u200b\uffff"`,
		"\U00010000\U0001f600\U0010ffff": `"\ud800\udc00\ud83d\ude00\udbff\udfff"`,
		"\xff":                           `"\ufffd"`,
	} {
		got := Quote(in)
		if got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
		var back string
		if err := json.Unmarshal([]byte(got), &back); err != nil || back != strings.ToValidUTF8(in, "\ufffd") {
			t.Errorf("%q: encoding/json reads %q, %v", in, back, err)
		}
	}
}

func TestInt(t *testing.T) {
	for in, want := range map[string]int64{"0": 0, "07": 7, "-12": -12, "9007199254740992": 1 << 53, "-9007199254740992": -1 << 53} {
		if got, ok := Int(in); !ok || got != want {
			t.Errorf("%q: %d, %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "-", "+1", "1.0", "1e3", " 1", "9007199254740993", "99999999999999999999"} {
		if got, ok := Int(in); ok {
			t.Errorf("%q: %d", in, got)
		}
	}
}

// FuzzParse holds that whatever Parse accepts, encoding/json accepts too and
// reads alike.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":"b","c":[1,{"d":null}]}`, `{"a":1.5e3}`, `{"\u0061":"\ud83d\ude00"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		obj, err := Parse(in)
		if err != nil {
			return
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal([]byte(in), &want); err != nil {
			t.Fatalf("accepted %q, encoding/json says %v", in, err)
		}
		if len(want) != len(obj) {
			t.Fatalf("%q: %d members, want %d", in, len(obj), len(want))
		}
		for name := range want {
			var s string
			if got, ok := obj.String(name); ok && (json.Unmarshal(want[name], &s) != nil || s != got) {
				t.Fatalf("%q: %q is %q, want %q", in, name, got, s)
			}
		}
	})
}
