package replay

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"
)

func TestUnexpected(t *testing.T) {
	a := difference{Scenario: "s", Step: 1, Field: "status", Recorded: "500", Ours: "400", Rule: "12.1"}
	b := a
	b.Step = 2
	bare := a
	bare.Rule = ""
	vague := a
	vague.Rule = "section 6: as in 12.1"
	excepted := difference{Scenario: "misc", Step: 62, Field: "body /countries", Recorded: "x", Ours: "y", Rule: unruled[place{"misc", 62}]}
	misnamed := excepted
	misnamed.Rule = "none: whatever"
	tests := []struct {
		name          string
		listed, found []difference
		want          []string
	}{
		{"as listed", []difference{a, b}, []difference{b, a}, nil},
		{"a new one", []difference{a}, []difference{a, b}, []string{`not listed: s 2 status: "500", ours "400"`}},
		{"one that vanished", []difference{a, b}, []difference{a}, []string{`listed, but no longer so: s 2 status`}},
		{"another value", []difference{a}, []difference{{Scenario: "s", Step: 1, Field: "status", Recorded: "500", Ours: "401"}},
			[]string{"not listed: ", "listed, but no longer so: "}},
		{"twice", []difference{a}, []difference{a, a}, []string{"not listed: "}},
		{"no rule", []difference{bare}, []difference{a}, []string{"listed without a rule "}},
		{"no rule of the contract", []difference{vague}, []difference{a}, []string{"listed without a rule "}},
		{"excepted", []difference{excepted}, []difference{excepted}, nil},
		{"excepted for another reason", []difference{misnamed}, []difference{excepted}, []string{"listed without a rule "}},
	}
	for _, tt := range tests {
		got := unexpected(tt.listed, tt.found)
		if len(got) != len(tt.want) {
			t.Errorf("%s: %q", tt.name, got)
			continue
		}
		for i, want := range tt.want {
			if !strings.HasPrefix(got[i], want) {
				t.Errorf("%s: %q, want %q", tt.name, got[i], want)
			}
		}
	}
}

func TestDeliberateRules(t *testing.T) {
	for rule, want := range map[string]bool{
		"12.1: x": true, "13.14: x": true, "12.5, 13.8: x": true,
		"": false, "12": false, "12.": false, "12.0: x": false, "1.2": false, "14.1": false, "13.x": false, "13.123: x": false, "see 12.1": false, "none: 12.1": false,
	} {
		if deliberate(rule) != want {
			t.Errorf("deliberate(%q) = %v", rule, !want)
		}
	}
}

// Every difference in the committed list names a rule of the contract, but for
// the exchanges that unruled names; and those all differ still.
func TestEveryDifferenceHasARule(t *testing.T) {
	var listed list
	if err := readJSON(filepath.Join(root, collections[0].listFile), &listed); err != nil {
		t.Fatal(err)
	}
	for _, fault := range unexpected(listed.Differences, listed.Differences) {
		t.Error(fault)
	}
	open := maps.Clone(unruled)
	for _, d := range listed.Differences {
		delete(open, place{d.Scenario, d.Step})
	}
	for at := range open {
		t.Errorf("%s %d no longer differs: take it from unruled", at.scenario, at.step)
	}
}

func TestFloor(t *testing.T) {
	stored := list{Compared: 100, Matched: 97}
	for name, tt := range map[string]struct {
		got  list
		want string
	}{
		"the same":       {list{Compared: 100, Matched: 97}, ""},
		"fewer match":    {list{Compared: 100, Matched: 96}, "96 exchanges match, 97 did before"},
		"fewer compared": {list{Compared: 97, Matched: 97}, "97 exchanges are compared"},
		"more match":     {list{Compared: 100, Matched: 98}, "run distill"},
		"more skipped":   {list{Compared: 100, Matched: 97, Management: 1}, "run distill"},
		"too few":        {list{Compared: 200, Matched: 189}, "less than 95 %"},
	} {
		err := stored.floor(tt.got)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An exchange differs deliberately when all its differences have a rule of the
// contract's sections 12 and 13.
func TestDeliberate(t *testing.T) {
	all := []difference{
		{Scenario: "a", Step: 1, Rule: "12.1: x"}, {Scenario: "a", Step: 1, Rule: "13.2: x"},
		{Scenario: "a", Step: 2, Rule: "12.1: x"}, {Scenario: "a", Step: 2, Rule: "not covered: 12.1"},
		{Scenario: "a", Step: 3}, {Scenario: "b", Step: 3, Rule: "12.1: x"},
	}
	if n := countDeliberate(all); n != 2 {
		t.Errorf("countDeliberate = %d, want 2", n)
	}
	l := list{Compared: 102, Matched: 95, Deliberate: 2}
	if l.share() != 0.95 {
		t.Errorf("the share is %v, want 0.95", l.share())
	}
}

// A shape says the kinds of values, and lists in short; it accepts what it was
// made of and nothing of other kinds.
func TestShape(t *testing.T) {
	full, err := parseNode([]byte(`{"n":1,"f":1.5,"s":"x","b":true,"z":null,"l":[{"a":"1"},{"a":"2"},{"a":3}],"v":"${id1}","e":[],"o":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	shape := full.shape()
	if want := `{"n":"int","f":"float","s":"string","b":"bool","z":"null","l":[{"a":"string"},"+1",{"a":"int"}],"v":"${id1}","e":[],"o":{}}`; shape != want {
		t.Errorf("the shape is %s\nwant         %s", shape, want)
	}
	expected := want{JSON: []byte(shape)}
	for text, field := range map[string]string{
		`{"n":2,"f":0.5,"s":"","b":false,"z":null,"l":[{"a":"1"},{"a":""},{"a":3}],"v":"me","e":[],"o":{}}`:    "",
		`{"n":"2","f":0.5,"s":"","b":false,"z":null,"l":[{"a":"1"},{"a":""},{"a":3}],"v":"me","e":[],"o":{}}`:  "body /n",
		`{"n":2,"f":0.5,"s":"","b":false,"z":null,"l":[{"a":"1"},{"a":3}],"v":"me","e":[],"o":{}}`:             "body /l",
		`{"n":2,"f":0.5,"s":"","b":false,"z":null,"l":[{"a":"1"},{"a":""},{"a":3}],"v":"you","e":[],"o":{}}`:   "body /v",
		`{"n":2,"f":0.5,"s":"","b":false,"z":null,"l":[{"a":"1"},{"a":""},{"a":3}],"v":"me","e":[],"o":[]}`:    "body /o",
		`{"f":0.5,"n":2,"s":"","b":false,"z":null,"l":[{"a":"1"},{"a":""},{"a":3}],"v":"me","e":[],"o":{}}`:    "body /",
		`{"n":2,"f":0.5,"s":null,"b":false,"z":null,"l":[{"a":"1"},{"a":""},{"a":3}],"v":"me","e":[],"o":{}}`:  "body /s",
		`{"n":2,"f":0.5,"s":"","b":false,"z":null,"l":[{"a":"1"},{"a":""},{"a":3}],"v":"me","e":[{}],"o":{}} `: "body /e",
	} {
		got, err := parseNode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		c := comparison{step: &step{}, want: &expected, env: env{"id1": "me"}}
		c.shape(got)
		if field == "" && len(c.found) > 0 || field != "" && (len(c.found) == 0 || c.found[0].Field != field) {
			t.Errorf("%s: %v, want %q", text, c.found, field)
		}
	}
}
