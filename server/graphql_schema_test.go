package server

import (
	"cmp"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/graphql"
	"github.com/isojot/isojot/server/internal/locale"
)

// notInGraphQL are the operations that GraphQL does not offer, and why.
var notInGraphQL = map[string]string{
	"ping":             "its answer is no JSON",
	"graphql.query":    "GraphQL itself",
	"graphql.mutation": "GraphQL itself",
	"graphql.get":      "GraphQL itself",

	"functions.createExecution":   "a query could execute fifty at once",
	"functions.listExecutions":    "without the one that creates them",
	"functions.getExecution":      "without the one that creates them",
	"functions.deleteExecution":   "without the one that creates them",
	"account.createOAuth2Session": "a browser is sent elsewhere",
	"account.createOAuth2Token":   "the same",
}

// graphqlFields are the root fields by name.
func graphqlFields(t *testing.T) map[string]graphql.RootField {
	t.Helper()
	api, err := newGraphQLAPI()
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]graphql.RootField{}
	for _, f := range api.schema.RootFields() {
		fields[f.Name] = f
	}
	return fields
}

// Every operation is a field, of the query if it only reads, with the
// parameters that it has in REST.
func TestEveryOperationIsInTheSchema(t *testing.T) {
	t.Parallel()
	fields := graphqlFields(t)
	for name, ep := range endpoints() {
		f, there := fields[fieldName(name)]
		if reason := notInGraphQL[name]; there == (reason != "") {
			t.Errorf("%s is in the schema: %v, but not to be there: %q", name, there, reason)
		}
		if !there {
			continue
		}
		method, path, _ := strings.Cut(ep.pattern, " ")
		if f.Mutation == (method == "GET") {
			t.Errorf("%s is %s and a mutation: %v", f.Name, method, f.Mutation)
		}
		for _, part := range strings.Split(path, "/") {
			if wildcard, ok := strings.CutPrefix(part, "{"); ok && !strings.HasPrefix(f.Args[strings.TrimSuffix(wildcard, "}")], "String") {
				t.Errorf("%s lacks the argument %s of its path: %v", f.Name, part, f.Args)
			}
		}
		if route, ok := isojot.RouteOf(name); ok {
			checkArguments(t, f, route)
		}
	}
}

// optionalInAppwrite are the fields whose sessionId may be left out, though REST has
// it in the path: it is then refused as an id, and no other session is meant.
var optionalInAppwrite = []string{"accountGetSession", "accountUpdateSession", "accountDeleteSession"}

// checkArguments compares the arguments of a field with the table of
// operations.
func checkArguments(t *testing.T, f graphql.RootField, route isojot.Route) {
	t.Helper()
	if got := slices.Sorted(maps.Keys(f.Args)); !slices.Equal(got, slices.Sorted(slices.Values(route.Params))) {
		t.Errorf("%s has the arguments %v, want %v", f.Name, got, route.Params)
	}
	for arg, kind := range f.Args {
		if required := strings.HasSuffix(kind, "!"); required == slices.Contains(route.Optional, arg) && !slices.Contains(optionalInAppwrite, f.Name) {
			t.Errorf("%s: %s is %s, and optional: %v", f.Name, arg, kind, !required)
		}
	}
}

// models are the types of the schema that are models of REST.
var models = map[string]any{
	"User": userJSON{}, "UserList": listJSON{name: "users"}, "AlgoArgon2": argon2JSON{}, "Target": targetJSON{},
	"Session": sessionJSON{}, "SessionList": sessionListJSON{}, "Jwt": jwtJSON{}, "Token": tokenJSON{},
	"HealthStatus": healthJSON{}, "HealthStatusList": healthListJSON{}, "HealthAntivirus": antivirusJSON{},
	"Locale": localeJSON{}, "LocaleCode": locale.Place{}, "Country": locale.Place{}, "Continent": locale.Place{},
	"CountryList": countryListJSON{}, "Phone": locale.Phone{}, "Currency": locale.Currency{}, "Language": locale.Language{},
}

// notRecorded are the services that no recorded introspection has.
var notRecorded = []string{"health"}

// What the schema has is as Appwrite has it: arguments and answers of the
// operations, fields of the types, types of the unions.
func TestSchemaIsThatOfAppwrite(t *testing.T) {
	t.Parallel()
	api, err := newGraphQLAPI()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/appwrite.graphql")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := graphql.NewSchema(string(text), schemaShapes)
	if err != nil {
		t.Fatal(err)
	}
	recorded := map[string]graphql.RootField{}
	for _, f := range theirs.RootFields() {
		recorded[f.Name] = f
	}
	names := map[string]bool{}
	for _, f := range api.schema.RootFields() {
		if slices.ContainsFunc(notRecorded, func(service string) bool { return strings.HasPrefix(f.Name, service) }) {
			continue
		}
		if want := recorded[f.Name]; !reflect.DeepEqual(f, want) {
			t.Errorf("the schema has %+v, want %+v", f, want)
		}
		addTypes(names, theirs, f.Type)
	}
	for name := range names {
		if got, want := api.schema.Fields(name), theirs.Fields(name); !maps.Equal(got, want) {
			t.Errorf("%s has %v, want %v", name, got, want)
		}
		if got, want := api.schema.Possible(name), theirs.Possible(name); !slices.Equal(got, want) {
			t.Errorf("%s is one of %v, want %v", name, got, want)
		}
	}
	if len(names) < 20 {
		t.Errorf("only the types %v are compared", names)
	}
}

// addTypes adds the name of a type, and of those that its objects have.
func addTypes(names map[string]bool, s *graphql.Schema, name string) {
	name = strings.Trim(name, "[]!")
	if names[name] {
		return
	}
	names[name] = true
	for _, kind := range s.Fields(name) {
		addTypes(names, s, kind)
	}
	for _, kind := range s.Possible(name) {
		addTypes(names, s, kind)
	}
}

// jsonNames are the members that a struct has in JSON.
func jsonNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			names = append(names, jsonNames(f.Type)...)
		} else {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			names = append(names, strings.Replace(name, "$", "_", 1))
		}
	}
	return names
}

// The schema's types have the members of the models, no more and no fewer.
func TestTypesHaveTheFieldsOfTheModels(t *testing.T) {
	t.Parallel()
	api, err := newGraphQLAPI()
	if err != nil {
		t.Fatal(err)
	}
	for name, model := range models {
		names := jsonNames(reflect.TypeOf(model))
		if list, ok := model.(listJSON); ok {
			names = []string{"total", list.name}
		}
		want, got := slices.Sorted(slices.Values(names)), []string{}
		for field := range api.schema.Fields(name) {
			got = append(got, cmp.Or(schemaShapes.Members[name+"."+field], field))
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s has\n%v, want\n%v", name, got, want)
		}
	}
}
