package graphql

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// answer is what a request is answered with, as JSON.
func answer(t *testing.T, s *Schema, r Request, resolve Resolver) string {
	t.Helper()
	plan, res := s.Prepare(r)
	if res == nil {
		res = ran(t, plan, resolve, MaxAnswer)
	}
	text, err := res.Parts()
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.Join(text, nil))
}

// ran is a plan's result where there is room enough.
func ran(t *testing.T, p *Plan, resolve Resolver, room int) *Result {
	t.Helper()
	held := 0
	res, err := p.Run(resolve, room, func(bytes int) error {
		held += bytes
		return nil
	})
	if err != nil || held < res.Data.Len() {
		t.Fatalf("%d bytes are held of %d, %v", held, res.Data.Len(), err)
	}
	return res
}

func check(t *testing.T, s *Schema, r Request, resolve Resolver, want string) {
	t.Helper()
	if got := answer(t, s, r, resolve); got != want {
		t.Errorf("%s is answered\n%s, want\n%s", r.Query, got, want)
	}
}

// heroes is a resolver that knows one hero and her friends.
func heroes(name string, args map[string]json.RawMessage) (any, *Error) {
	switch name {
	case "fail":
		if string(args["hard"]) == "true" {
			return json.RawMessage(`[]`), nil // no Hero
		}
		return nil, &Error{Message: "no luck", Extensions: map[string]any{"code": 404}}
	case "heroes":
		return json.RawMessage(`[{"name":"ann"},{"name":"bob"}]`), nil
	}
	return json.RawMessage(`{"$id":"h1","name":"ann","n":1.0,"friends":[{"name":"bob","friends":[]},null],"box":{"z":1.0,"a":[]}}`), nil
}

func TestRun(t *testing.T) {
	t.Parallel()
	s := newTestSchema(t)
	for query, want := range map[string]string{
		`{hero{_id}}`: `{"data":{"hero":{"_id":"h1"}}}`,
		`{b: hero{x: name __typename} a: hero{friends{name friends{name} box{text}}}}`:      `{"data":{"b":{"x":"ann","__typename":"Hero"},"a":{"friends":[{"name":"bob","friends":[],"box":null},null]}}}`,
		`{hero{name} hero{_id friends{name}} ...f} fragment f on Query{hero{friends{_id}}}`: `{"data":{"hero":{"name":"ann","_id":"h1","friends":[{"name":"bob","_id":null},null]}}}`,
		`{hero{box{text}}}`: `{"data":{"hero":{"box":{"text":"{\"z\":1.0,\"a\":[]}"}}}}`,
		`{heroes{name}}`:    `{"data":{"heroes":[{"name":"ann"},{"name":"bob"}]}}`,
		`query($no: Boolean = false){hero{name @include(if: $no) ...@skip(if: true){_id} ...{name @skip(if: $no)} ...g @include(if: true)}} fragment g on Hero{n: name}`: `{"data":{"hero":{"name":"ann","n":"ann"}}}`,
		`mutation{rename(name: "x"){name}}`: `{"data":{"rename":{"name":"ann"}}}`,
		`{hero{_id} fail{_id} again: fail{_id}}`: `{"errors":[{"message":"no luck","locations":[{"line":1,"column":12}],"path":["fail"],"extensions":{"code":404}},` +
			`{"message":"no luck","locations":[{"line":1,"column":22}],"path":["again"],"extensions":{"code":404}}],"data":{"hero":{"_id":"h1"},"fail":null,"again":null}}`,
		`{fail(hard: true){_id}}`: `{"errors":[{"message":"Server Error","locations":[{"line":1,"column":2}],"path":["fail"]}],"data":{"fail":null}}`,
		`{hero{nope}}`:            `{"errors":[{"message":"Cannot query field \"nope\" on type \"Hero\". Did you mean \"name\"?","locations":[{"line":1,"column":7}]}]}`,
		`{hero}`:                  `{"errors":[{"message":"Field \"hero\" of type \"Hero\" must have a selection of subfields. Did you mean \"hero { ... }\"?","locations":[{"line":1,"column":2}]}]}`,
		`{`:                       `{"errors":[{"message":"Syntax Error: Expected Name, found <EOF>","locations":[{"line":1,"column":2}]}]}`,
	} {
		check(t, s, Request{Query: query}, heroes, want)
	}
}

// A fault is for the log, and keeps its cause.
func TestFaults(t *testing.T) {
	t.Parallel()
	plan, res := newTestSchema(t).Prepare(Request{Query: `{fail(hard: true){_id}}`})
	if res != nil {
		t.Fatal(res.Errors[0])
	}
	if errs := ran(t, plan, heroes, MaxAnswer).Errors; len(errs) != 1 || errs[0].Fault == nil || !strings.Contains(errs[0].Fault.Error(), "no Hero") {
		t.Errorf("errors = %v", errs)
	}
}

// echo answers a hero whose name is the arguments that came.
func echo(_ string, args map[string]json.RawMessage) (any, *Error) {
	text, err := json.Marshal(args)
	if err != nil {
		return nil, &Error{Message: err.Error()}
	}
	return json.RawMessage(`{"name":` + quoted(string(text)) + `}`), nil
}

// Arguments come as they were written: numbers, order of members and all.
func TestArguments(t *testing.T) {
	t.Parallel()
	s := newTestSchema(t)
	for _, c := range []struct{ query, variables, want string }{
		{`{hero{name}}`, ``, `{"id":1}`},
		{`{hero(id: null){name}}`, ``, `{"id":null}`},
		{`{hero(id: 2, like: {z: 1.0, a: ["x", true, null, SMALL], b: """block"""}){name}}`, ``, `{"id":2,"like":{"z":1.0,"a":["x",true,null,"SMALL"],"b":"block"}}`},
		{`query($l: Any){hero(like: $l){name}}`, `{"l":{"z":1.0,"a":1e400}}`, `{"id":1,"like":{"z":1.0,"a":1e400}}`},
		{`query($l: Any){hero(like: $l){name}}`, `{}`, `{"id":1}`},
		{`query($l: Any){hero(like: $l){name}}`, `{"l":null}`, `{"id":1,"like":null}`},
		{`query($l: Any = {b: 1}){hero(like: [$l, {x: $l}]){name}}`, `{}`, `{"id":1,"like":[{"b":1},{"x":{"b":1}}]}`},
		{`query($l: Any){hero(like: {x: $l}){name}}`, ``, `{"id":1,"like":{"x":null}}`},
		{`query($t: [String]){hero(tags: $t){name}}`, `{"t":"a"}`, `{"id":1,"tags":["a"]}`},
		{`{hero(tags: "a"){name}}`, ``, `{"id":1,"tags":["a"]}`},
		{`query($i: Int!){hero(id: $i){name}}`, `{"i":7}`, `{"id":7}`},
	} {
		r := Request{Query: c.query}
		if c.variables != "" {
			if err := json.Unmarshal([]byte(c.variables), &r.Variables); err != nil {
				t.Fatal(err)
			}
		}
		var got struct {
			Data struct {
				Hero struct{ Name json.RawMessage }
			}
		}
		text := answer(t, s, r, echo)
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		var has string
		if err := json.Unmarshal(got.Data.Hero.Name, &has); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if has != c.want {
			t.Errorf("%s with %s:\n%s, want\n%s", c.query, c.variables, has, c.want)
		}
	}
}

func TestVariablesOfTheWrongType(t *testing.T) {
	t.Parallel()
	s := newTestSchema(t)
	for value, want := range map[string]string{
		`{}`:          `Variable "$i" must be defined.`,
		`{"i":null}`:  `Variable "$i" cannot be null.`,
		`{"i":"x"}`:   `Variable "$i" cannot use string as Int.`,
		`{"i":1.5}`:   `Variable "$i" cannot use value 0 as Int.`,
		`{"i":{}}`:    `Variable "$i" cannot use map as Int.`,
		`{"i":[[1]]}`: `Variable "$i" cannot use slice as Int.`,
	} {
		r := Request{Query: `query($i: Int!){hero(id: $i){name}}`}
		if err := json.Unmarshal([]byte(value), &r.Variables); err != nil {
			t.Fatal(err)
		}
		_, res := s.Prepare(r)
		if res == nil || res.Errors[0].Message != want {
			t.Errorf("%s: %+v, want %s", value, res, want)
		}
	}
}

// Mutations run in the order of the query, and one that fails ends nothing.
func TestMutationsRunInOrder(t *testing.T) {
	t.Parallel()
	plan, res := newTestSchema(t).Prepare(Request{Query: `mutation{a: rename(name: "1"){_id} b: rename(name: "2"){_id} ...{c: rename(name: "3"){_id}}}`})
	if res != nil {
		t.Fatal(res.Errors[0])
	}
	var order []string
	res = ran(t, plan, func(_ string, args map[string]json.RawMessage) (any, *Error) {
		order = append(order, string(args["name"]))
		return nil, &Error{Message: "no"}
	}, MaxAnswer)
	if !slices.Equal(order, []string{`"1"`, `"2"`, `"3"`}) || len(res.Errors) != 3 || plan.Operations() != 3 {
		t.Errorf("order %v, %d errors, %d operations", order, len(res.Errors), plan.Operations())
	}
}

// A run ends where its answer has become too long: no more is resolved.
func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	plan, res := newTestSchema(t).Prepare(Request{Query: `{a: hero{name} b: hero{name} c: hero{name}}`})
	if res != nil {
		t.Fatal(res.Errors[0])
	}
	calls := 0
	res = ran(t, plan, func(string, map[string]json.RawMessage) (any, *Error) {
		calls++
		return json.RawMessage(`{"name":"0123456789"}`), nil
	}, 40)
	if calls != 2 || res.Data.Len() > 0 || len(res.Errors) != 1 || !strings.Contains(res.Errors[0].Message, "8388608 bytes") {
		t.Errorf("%d calls, %+v", calls, res)
	}
}

// What holds the answer can end the run, and nothing more is resolved.
func TestAnswersNeedRoom(t *testing.T) {
	t.Parallel()
	plan, res := newTestSchema(t).Prepare(Request{Query: `{a: hero{name} b: hero{name} c: hero{name}}`})
	if res != nil {
		t.Fatal(res.Errors[0])
	}
	full, calls, held := errors.New("full"), 0, 0
	res, err := plan.Run(func(string, map[string]json.RawMessage) (any, *Error) {
		calls++
		return json.RawMessage(`{"name":"` + strings.Repeat("x", 1000) + `"}`), nil
	}, MaxAnswer, func(bytes int) error {
		if held += bytes; held > 2000 {
			return full
		}
		return nil
	})
	if res != nil || err != full || calls != 2 {
		t.Errorf("%d calls, %+v, %v", calls, res, err)
	}
}

// A field is not resolved where there is no room for its name.
func TestNoFieldIsResolvedInVain(t *testing.T) {
	t.Parallel()
	plan, res := newTestSchema(t).Prepare(Request{Query: `mutation{a: rename(name: "1"){name} b: rename(name: "2"){name}}`})
	if res != nil {
		t.Fatal(res.Errors[0])
	}
	full, calls, room := errors.New("full"), 0, 0
	_, err := plan.Run(func(string, map[string]json.RawMessage) (any, *Error) {
		calls++
		return json.RawMessage(`{"name":"` + strings.Repeat("x", room-len(`{"a":{"name":""}`)) + `"}`), nil
	}, MaxAnswer, func(bytes int) error {
		if room > 0 {
			return full
		}
		room = bytes
		return nil
	})
	if err != full || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

// introspectionCost is what the query of the tools costs.
func introspectionCost(t *testing.T) cost {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: introspectionQuery(t)})
	if err != nil {
		t.Fatal(err)
	}
	m := &meter{doc: doc, fragments: map[fragmentUse]cost{}, counting: map[string]bool{}, used: map[string]bool{}}
	return m.selections(doc.Operations[0].SelectionSet, false)
}

func TestSchemasThatAreNotSupported(t *testing.T) {
	t.Parallel()
	for sdl, want := range map[string]string{
		"type Query { a: B }":                                       "Undefined type B",
		"type Query { a: U } union U = Query":                       `objects of the union U may be a "", which is none of its types [Query]`,
		"type Query { a(i: I): Int } input I { x: Int }":            "I is of the kind INPUT_OBJECT, which is not supported",
		"type Query implements N { a: Int } interface N { a: Int }": "N is of the kind INTERFACE, which is not supported",
	} {
		if _, err := NewSchema(sdl, Shapes{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", sdl, err, want)
		}
	}
}
