package server

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// gqlAnswer is what a query is answered with.
type gqlAnswer struct {
	Data   map[string]any
	Errors []struct {
		Message    string
		Path       []string
		Extensions struct {
			Code int
			Type string
		}
	}
}

// query sends a query, with variables in pairs of name and value.
func (f *fixture) query(h headers, text string, variables ...any) gqlAnswer {
	f.t.Helper()
	vars := map[string]any{}
	for i := 0; i < len(variables); i += 2 {
		vars[variables[i].(string)] = variables[i+1]
	}
	body, err := json.Marshal(map[string]any{"query": text, "variables": vars})
	if err != nil {
		f.t.Fatal(err)
	}
	return gqlOf(f.t, f.must(200, "POST", "/v1/graphql", h, string(body)))
}

func gqlOf(t *testing.T, a answer) gqlAnswer {
	t.Helper()
	var g gqlAnswer
	decodeInto(t, a.Body.Bytes(), &g)
	return g
}

// kinds are the types of the errors.
func (g gqlAnswer) kinds() []string {
	var kinds []string
	for _, e := range g.Errors {
		kinds = append(kinds, e.Extensions.Type)
	}
	return kinds
}

// everything selects all fields of a type, and of those below it.
func everything(f *fixture, typeName string) string {
	if typeName == "HashOptions" {
		return "{...on AlgoArgon2{memoryCost threads timeCost type} ...on AlgoSha{type}}"
	}
	fields := f.graphql.schema.Fields(strings.Trim(typeName, "[]!"))
	if fields == nil {
		return ""
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		parts = append(parts, name+everything(f, fields[name]))
	}
	if len(parts) == 0 {
		return ""
	}
	return "{" + strings.Join(parts, " ") + "}"
}

// asGraphQL is an answer of REST as GraphQL has it.
func (f *fixture) asGraphQL(t *testing.T, typeName string, text json.RawMessage) any {
	typeName = strings.Trim(typeName, "[]!")
	if typeName == "HashOptions" { // nobody here has another hash
		typeName = "AlgoArgon2"
	}
	switch {
	case typeName == "Preferences":
		return map[string]any{"data": string(text)}
	case strings.HasPrefix(string(text), "["):
		var list []json.RawMessage
		decodeInto(t, text, &list)
		made := make([]any, len(list))
		for i := range list {
			made[i] = f.asGraphQL(t, typeName, list[i])
		}
		return made
	case text == nil:
		return nil
	case text[0] != '{':
		var v any
		decodeInto(t, text, &v)
		return v
	case typeName == "HealthStatus": // each time another
		text = ping.ReplaceAll(text, []byte(`"ping":0`))
	}
	var object map[string]json.RawMessage
	decodeInto(t, text, &object)
	made := map[string]any{}
	for name, kind := range f.graphql.schema.Fields(typeName) {
		member := name
		if name[0] == '_' {
			member = "$" + name[1:]
		}
		if other := schemaShapes.Members[typeName+"."+name]; other != "" {
			member = other
		}
		made[name] = f.asGraphQL(t, kind, object[member])
		delete(object, member)
	}
	if len(object) > 0 {
		t.Errorf("%s has no fields for %v", typeName, object)
	}
	return made
}

func decodeInto(t *testing.T, text []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
}

// ping is how long something took, in milliseconds.
var ping = regexp.MustCompile(`"ping":\d+`)

// Every operation that reads answers, in all its fields, what REST does.
func TestQueriesAnswerAsREST(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	p.must(200, "PATCH", "/v1/account/prefs", p.ann, `{"prefs":{"theme":"dark","n":[1,{"a":null}]}}`)
	p.must(200, "PATCH", "/v1/users/ann/phone", p.key, `{"number":"+4912345678"}`)
	secret := p.enroll(p.secret)
	p.must(201, "POST", "/v1/account/mfa/recovery-codes", p.ann, "{}")
	p.advance(totpPeriod)
	p.respond(p.secret, p.challenge(p.secret, "totp"), p.code(secret)) // of late, as who reads the codes must have
	p.must(200, "GET", "/v1/account", p.ann, "")                       // notes the access
	p.must(201, "POST", "/v1/teams", p.ann, `{"teamId":"team","name":"T"}`)
	ids := map[string]string{
		"userId": "ann", "sessionId": "current", "teamId": "team", "targetId": p.newTarget("push", "token").text("$id"),
		"membershipId": p.must(200, "GET", "/v1/teams/team/memberships", p.key, "").object["memberships"].([]any)[0].(map[string]any)["$id"].(string),
	}
	fields := graphqlFields(t)
	for name, ep := range endpoints() {
		field := fields[fieldName(name)]
		if field.Name == "" || field.Mutation || name == "health.getTime" { // which is refused
			continue
		}
		_, path, _ := strings.Cut(ep.pattern, " ")
		args, h := []string{}, p.ann
		if strings.HasPrefix(name, "users.") || strings.HasPrefix(name, "health.") {
			h = p.key
		}
		for param, value := range ids {
			if strings.Contains(path, "{"+param+"}") {
				path = strings.Replace(path, "{"+param+"}", value, 1)
				args = append(args, param+`: "`+value+`"`)
			}
		}
		list := ""
		if len(args) > 0 {
			list = "(" + strings.Join(args, ", ") + ")"
		}
		if name == "health.getVersion" { // not for keys
			h = nil
		}
		rest := p.must(200, "GET", "/v1"+path, h, "").Body.Bytes()
		body := p.must(200, "POST", "/v1/graphql", h, quotedQuery("{"+field.Name+list+everything(p.fixture, field.Type)+"}")).Body.Bytes()
		var got gqlAnswer
		decodeInto(t, ping.ReplaceAll(body, []byte(`"ping":0`)), &got)
		if want := p.asGraphQL(t, field.Type, rest); len(got.Errors) > 0 || !reflect.DeepEqual(got.Data[field.Name], want) {
			t.Errorf("%s\n%v\n%v, want\n%v", field.Name, got.Errors, got.Data[field.Name], want)
		}
	}
}

// The options of a hash are of the type of its algorithm.
func TestHashOptionsByGraphQL(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.must(201, "POST", "/v1/users", byTestKey, `{"userId":"own","password":"password123"}`)
	for path, members := range imports {
		f.must(201, "POST", "/v1/users/"+path, byTestKey, importBody(path, members))
	}
	const query = `query($u:String!){usersGet(userId:$u){hashOptions{__typename ...on AlgoArgon2{memoryCost timeCost threads}
		...on AlgoScrypt{costCpu length} ...on AlgoScryptModified{saltSeparator} ...on AlgoMd5{type}}}}`
	for id, want := range map[string]string{
		"own":             `{"__typename":"AlgoArgon2","memoryCost":8,"threads":1,"timeCost":1}`,
		"argon2":          `{"__typename":"AlgoArgon2","memoryCost":20,"threads":2,"timeCost":3}`,
		"md5":             `{"__typename":"AlgoMd5","type":"md5"}`,
		"phpass":          `{"__typename":"AlgoPhpass"}`,
		"sha":             `{"__typename":"AlgoSha"}`,
		"scrypt":          `{"__typename":"AlgoScrypt","costCpu":16384,"length":64}`,
		"scrypt-modified": `{"__typename":"AlgoScryptModified","saltSeparator":"Bw=="}`,
	} {
		g := f.query(byTestKey, query, "u", id)
		got, err := json.Marshal(g.Data["usersGet"].(map[string]any)["hashOptions"])
		if err != nil || len(g.Errors) > 0 || string(got) != want {
			t.Errorf("%s: %s %v, want %s", id, got, g.Errors, want)
		}
	}
}

// The operations that change something do what REST does: both are asked, for
// two users, and what they answer differs in the users alone.
func TestMutationsAnswerAsREST(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	for _, step := range []struct {
		field, args  string
		method, path string
		body         string
		byKey        bool
	}{
		{field: "accountUpdateName", args: `name: "Ann Lee"`, method: "PATCH", path: "/account/name", body: `{"name":"Ann Lee"}`},
		{field: "accountUpdatePrefs", args: `prefs: {b: 1.0, a: [true, null, "x", {}]}`, method: "PATCH", path: "/account/prefs", body: `{"prefs":{"b":1.0,"a":[true,null,"x",{}]}}`},
		{field: "accountUpdatePrefs", args: `prefs: "{\"z\": 1, \"a\": 2}"`, method: "PATCH", path: "/account/prefs", body: `{"prefs":{"z":1,"a":2}}`},
		{field: "accountUpdatePassword", args: `password: "password456", oldPassword: "password123"`, method: "PATCH", path: "/account/password", body: `{"password":"password456","oldPassword":"password123"}`},
		{field: "usersUpdateLabels", args: `userId: "USER", labels: "vip"`, method: "PUT", path: "/users/USER/labels", body: `{"labels":["vip"]}`, byKey: true},
		{field: "usersUpdateStatus", args: `userId: "USER", status: false`, method: "PATCH", path: "/users/USER/status", body: `{"status":false}`, byKey: true},
		{field: "usersUpdateStatus", args: `userId: "USER", status: true`, method: "PATCH", path: "/users/USER/status", body: `{"status":true}`, byKey: true},
		{field: "usersUpdatePrefs", args: `userId: "USER", prefs: {a: 1}`, method: "PATCH", path: "/users/USER/prefs", body: `{"prefs":{"a":1}}`, byKey: true},
		{field: "usersUpdateEmailVerification", args: `userId: "USER", emailVerification: true`, method: "PATCH", path: "/users/USER/verification", body: `{"emailVerification":true}`, byKey: true},
		{field: "accountUpdateSession", args: `sessionId: "current"`, method: "PATCH", path: "/account/sessions/current", body: `{}`},
	} {
		byGraphQL, byREST := p.key, p.key
		if !step.byKey {
			byGraphQL = p.ann
			bobs, _ := p.signInWith("bob", map[bool]string{true: "password456", false: "password123"}[step.field == "accountUpdateSession"])
			byREST = session(bobs)
		}
		field := graphqlFields(t)[step.field]
		got := p.query(byGraphQL, "mutation {"+step.field+"("+strings.ReplaceAll(step.args, "USER", "ann")+")"+everything(p.fixture, field.Type)+"}")
		rest := p.must(200, step.method, "/v1"+strings.ReplaceAll(step.path, "USER", "bob"), byREST, step.body).Body.Bytes()
		want := p.asGraphQL(t, field.Type, rest)
		if len(got.Errors) > 0 {
			t.Fatalf("%s: %v", step.field, got.Errors)
		}
		if got, want := anonymous(t, got.Data[step.field]), anonymous(t, want); got != want {
			t.Errorf("%s\n%s, want\n%s", step.field, got, want)
		}
	}
}

// signInWith is signIn with another password.
func (f *fixture) signInWith(id, password string) (store, sessionID string) {
	f.t.Helper()
	a := f.must(201, "POST", "/v1/account/sessions/email", nil, `{"email":"`+id+`@example.com","password":"`+password+`"}`)
	var cookies map[string]string
	decodeInto(f.t, []byte(a.Header().Get("X-Fallback-Cookies")), &cookies)
	return cookies[cookieName(f.options.Project)], a.text("$id")
}

// own are the members whose values are each user's or session's own.
var own = []string{"_id", "userId", "providerUid", "email", "identifier", "emailCanonical", "hash", "password"}

// anonymous is an answer as JSON without what is a user's own.
func anonymous(t *testing.T, v any) string {
	t.Helper()
	var strip func(any)
	strip = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name := range v {
				if slices.Contains(own, name) && v[name] != nil {
					v[name] = "OWN"
				}
				strip(v[name])
			}
		case []any:
			for _, item := range v {
				strip(item)
			}
		}
	}
	strip(v)
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
