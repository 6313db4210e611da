package graphql

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

// testSchema has one of each kind of type that is supported.
const testSchema = `
"Any JSON."
scalar Any
enum Size { SMALL LARGE }
"What is asked."
type Query { hero(id: Int = 1, like: Any, tags: [String]): Hero  heroes(size: Size): [Hero!]  fail(hard: Boolean): Hero }
type Mutation { rename(name: String!): Hero }
type Hero { _id: String  name: String  friends: [Hero]  box: Box }
type Box { text: String }
`

func newTestSchema(t testing.TB) *Schema {
	t.Helper()
	s, err := NewSchema(testSchema, Shapes{Texts: map[string]string{"Box": "text"}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// introspectionQuery is the one that tools send (graphql-js 16,
// getIntrospectionQuery).
func introspectionQuery(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/introspection.graphql")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestIntrospection(t *testing.T) {
	t.Parallel()
	plan, res := newTestSchema(t).Prepare(Request{Query: introspectionQuery(t)})
	if res != nil {
		t.Fatal(res.Errors[0])
	}
	res = ran(t, plan, nil, MaxAnswer)
	if len(res.Errors) > 0 {
		t.Fatal(res.Errors[0])
	}
	var data struct {
		Schema struct {
			QueryType, MutationType, SubscriptionType *struct{ Name string }
			Types                                     []map[string]any
			Directives                                []struct {
				Name      string
				Locations []string
				Args      []map[string]any
			}
		} `json:"__schema"`
	}
	if err := json.Unmarshal(bytes.Join(res.Data.Parts(), nil), &data); err != nil {
		t.Fatal(err)
	}
	s := data.Schema
	if s.QueryType.Name != "Query" || s.MutationType.Name != "Mutation" || s.SubscriptionType != nil {
		t.Errorf("the roots are %v %v %v", s.QueryType, s.MutationType, s.SubscriptionType)
	}
	var names []string
	types := map[string]map[string]any{}
	for _, def := range s.Types {
		names = append(names, def["name"].(string))
		types[def["name"].(string)] = def
	}
	want := []string{"Any", "Boolean", "Box", "Float", "Hero", "ID", "Int", "Mutation", "Query", "Size", "String",
		"__Directive", "__DirectiveLocation", "__EnumValue", "__Field", "__InputValue", "__Schema", "__Type", "__TypeKind"}
	if !reflect.DeepEqual(names, want) {
		t.Errorf("types = %v", names)
	}
	for name, want := range map[string]string{
		"Any":      `{"description":"Any JSON.","enumValues":null,"fields":null,"inputFields":null,"interfaces":null,"kind":"SCALAR","name":"Any","possibleTypes":null,"specifiedByURL":null}`,
		"Size":     `{"description":null,"enumValues":[{"deprecationReason":null,"description":null,"isDeprecated":false,"name":"SMALL"},{"deprecationReason":null,"description":null,"isDeprecated":false,"name":"LARGE"}],"fields":null,"inputFields":null,"interfaces":null,"kind":"ENUM","name":"Size","possibleTypes":null,"specifiedByURL":null}`,
		"Mutation": `{"description":null,"enumValues":null,"fields":[{"args":[{"defaultValue":null,"deprecationReason":null,"description":null,"isDeprecated":false,"name":"name","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"SCALAR","name":"String","ofType":null}}}],"deprecationReason":null,"description":null,"isDeprecated":false,"name":"rename","type":{"kind":"OBJECT","name":"Hero","ofType":null}}],"inputFields":null,"interfaces":[],"kind":"OBJECT","name":"Mutation","possibleTypes":null,"specifiedByURL":null}`,
	} {
		if got, err := json.Marshal(types[name]); err != nil || string(got) != want {
			t.Errorf("%s is\n%s, want\n%s (%v)", name, got, want, err)
		}
	}
	hero := types["Query"]["fields"].([]any)[0].(map[string]any)
	if got := hero["args"].([]any)[0].(map[string]any)["defaultValue"]; got != "1" {
		t.Errorf("the default of id is %v", got)
	}
	list := types["Query"]["fields"].([]any)[1].(map[string]any)["type"].(map[string]any)
	if list["kind"] != "LIST" || list["ofType"].(map[string]any)["kind"] != "NON_NULL" {
		t.Errorf("the type of heroes is %v", list)
	}
	if d := s.Directives; len(d) == 0 || d[0].Name != "deprecated" || len(d[0].Args) != 1 || len(d[0].Locations) == 0 {
		t.Errorf("directives = %+v", d)
	}
}

// Nothing that is introspected is asked of the resolver, which is none here.
func TestIntrospectionByName(t *testing.T) {
	t.Parallel()
	check(t, newTestSchema(t), Request{Query: `query($n: String!){q: __type(name: $n){kind name} none: __type(name: "No"){name} __typename}`, Variables: map[string]json.RawMessage{"n": json.RawMessage(`"Hero"`)}}, nil,
		`{"data":{"q":{"kind":"OBJECT","name":"Hero"},"none":null,"__typename":"Query"}}`)
}

// What introspection asks for is within its bounds, with room to spare.
func TestIntrospectionIsWithinItsBounds(t *testing.T) {
	t.Parallel()
	c := introspectionCost(t)
	if c.introspected > maxIntrospectionComplexity || c.introspectedDepth-1 > maxIntrospectionDepth || c.fields != 0 {
		t.Errorf("the query of the tools costs %+v", c)
	}
	t.Logf("%+v", c)
}
