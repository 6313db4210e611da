package graphql

import (
	"encoding/json"
	"strings"
	"testing"
)

// A union of what is told by a member, and one whose fields are called otherwise in
// the answers.
const unionSchema = `
type Query { pets: [Pet] }
union Pet = Cat | Dog
type Cat { kind: String  lives: Int }
type Dog { kind: String  barkLoud: Boolean  best: Pet }
`

var unionShapes = Shapes{
	Unions:  map[string]Union{"Pet": {Member: "kind", Types: map[string]string{"dog": "Dog"}, Otherwise: "Cat"}},
	Members: map[string]string{"Dog.barkLoud": "bark_loud"},
}

func TestUnions(t *testing.T) {
	t.Parallel()
	s, err := NewSchema(unionSchema, unionShapes)
	if err != nil {
		t.Fatal(err)
	}
	pets := func(string, map[string]json.RawMessage) (any, *Error) {
		return json.RawMessage(`[{"kind":"dog","bark_loud":true,"best":{"lives":9}},{"kind":"sphynx","lives":7},null,{"lives":1,"kind":5}]`), nil
	}
	for query, want := range map[string]string{
		`{pets{__typename}}`: `{"data":{"pets":[{"__typename":"Dog"},{"__typename":"Cat"},null,{"__typename":"Cat"}]}}`,
		`{pets{...on Cat{lives} ...on Dog{barkLoud kind}}}`:                                            `{"data":{"pets":[{"barkLoud":true,"kind":"dog"},{"lives":7},null,{"lives":1}]}}`,
		`{pets{...p}} fragment p on Pet{...on Dog{best{...on Cat{__typename lives} ...on Dog{kind}}}}`: `{"data":{"pets":[{"best":{"__typename":"Cat","lives":9}},{},null,{}]}}`,
		`{pets{...on Dog{...on Pet{...on Cat{lives} ...on Dog{a: kind}}}}}`:                            `{"data":{"pets":[{"a":"dog"},{},null,{}]}}`,
		`{pets{...{__typename}}}`:                                     `{"data":{"pets":[{"__typename":"Dog"},{"__typename":"Cat"},null,{"__typename":"Cat"}]}}`,
		`{__type(name:"Pet"){kind fields{name} possibleTypes{name}}}`: `{"data":{"__type":{"kind":"UNION","fields":null,"possibleTypes":[{"name":"Cat"},{"name":"Dog"}]}}}`,
	} {
		check(t, s, Request{Query: query}, pets, want)
	}
	if got := answer(t, s, Request{Query: `{pets{kind}}`}, pets); !strings.Contains(got, `Cannot query field \"kind\" on type \"Pet\"`) {
		t.Errorf("a field of no union: %s", got)
	}
}
