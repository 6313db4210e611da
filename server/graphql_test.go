package server

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/server/internal/wire"
)

// aliased repeats an operation so many times in one query.
func aliased(kind, field string, n int) string {
	var b strings.Builder
	b.WriteString(kind + "{")
	for i := range n {
		fmt.Fprintf(&b, " o%d: %s", i, field)
	}
	return b.String() + "}"
}

// Each operation counts by itself, wherever it stands: of 11 JWTs in one
// mutation 10 are made, and the budget is that of REST.
func TestGraphQLOperationsAreLimitedOneByOne(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	body := `{"query":"` + aliased("mutation", "accountCreateJWT{jwt}", 11) + `"}`
	a := f.must(200, "POST", "/v1/graphql", session(store), body)
	g := gqlOf(t, a)
	made := map[any]bool{}
	for _, v := range g.Data {
		if v != nil {
			made[v.(map[string]any)["jwt"]] = true
		}
	}
	if len(made) == 0 || len(g.Errors) != 1 || g.Data["o10"] != nil || g.Data["o9"] == nil {
		t.Fatalf("%d tokens, errors %v", len(made), g.Errors)
	}
	if e := g.Errors[0]; e.Extensions.Code != 429 || e.Extensions.Type != "general_rate_limit_exceeded" || !slices.Equal(e.Path, []string{"o10"}) ||
		e.Message != "Rate limit for the current endpoint has been exceeded. Please try again after some time." {
		t.Errorf("the eleventh: %+v", e)
	}
	for name, want := range (headers{"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "0", "Retry-After": "3600"}) {
		if got := a.Header().Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	scenario{status: 429, kind: "general_rate_limit_exceeded"}.check(t, f.do("POST", "/v1/account/jwts", session(store), "{}"))
	f.advance(time.Hour)
	if g := f.query(session(store), "mutation{accountCreateJWT{jwt}}"); len(g.Errors) > 0 {
		t.Errorf("an hour later: %v", g.Errors)
	}
}

// So do those of a batch.
func TestGraphQLBatchesAreLimitedOneByOne(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	f.jwt(store)
	one := `{"query":"mutation{accountCreateJWT{jwt}}"}`
	a := f.must(200, "POST", "/v1/graphql/mutation", session(store), "["+one+strings.Repeat(","+one, 9)+"]")
	var answers []gqlAnswer
	decodeInto(t, a.Body.Bytes(), &answers)
	refused := 0
	for _, g := range answers {
		refused += len(g.Errors)
	}
	if len(answers) != 10 || refused != 1 || !slices.Equal(answers[9].kinds(), []string{"general_rate_limit_exceeded"}) {
		t.Errorf("%d answers, %d errors: %s", len(answers), refused, a.Body)
	}
}

// A wrong password by GraphQL is a try like one by REST.
func TestGraphQLSignInsAreLimited(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	g := f.query(nil, aliased("mutation", `accountCreateEmailPasswordSession(email:"ann@example.com",password:"wrong password"){_id}`, 11))
	want := append(slices.Repeat([]string{"user_invalid_credentials"}, 10), "general_rate_limit_exceeded")
	if !slices.Equal(g.kinds(), want) {
		t.Errorf("errors = %v", g.kinds())
	}
	scenario{status: 429, kind: "general_rate_limit_exceeded"}.
		check(t, f.do("POST", "/v1/account/sessions/email", nil, `{"email":"ann@example.com","password":"password123"}`))
}

// nested is a selection of that many levels below a field of the root.
func nested(levels int) string {
	return "{accountListSessions" + strings.Repeat("{sessions", levels) + "{ip}" + strings.Repeat("}", levels+1)
}

// quotedQuery is a body with a query.
func quotedQuery(text string) string { return `{"query":` + quoteJSON(text) + `}` }

// What asks for too much is refused with its bound, before any of it runs.
func TestGraphQLBounds(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	doubling := "query{...f0}"
	for i := range 40 {
		doubling += fmt.Sprintf(" fragment f%d on Query{...f%d ...f%d}", i, i+1, i+1)
	}
	doubling += " fragment f40 on Query{localeGet{ip}}"
	signUp := `{"query":"mutation{accountCreateAnonymousSession{_id}}"}`
	refused := func(name, query, message string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/graphql", body: quotedQuery(query), status: 200,
			want: []string{`{"errors":[{"message":` + quoteJSON(message), `"extensions":{"code":400,"type":"general_argument_invalid"}`}, wantNot: []string{`"data"`}}
	}
	whole := func(name, body, kind, message string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/graphql", body: body, status: 400, kind: kind, message: message}
	}
	f.run([]scenario{
		refused("depth", nested(5), "Max query depth should be 3 but got 5."),
		refused("depth just above", nested(4), "Max query depth should be 3 but got 4."),
		refused("complexity", "{"+strings.Repeat("localeGet{ip} ", 126)+"}", "Max query complexity should be 250 but got 252."),
		refused("fragments that double", doubling, "Max query complexity should be 250 but got 1048576."),
		refused("fragment cycle", "{...a} fragment a on Query{...b} fragment b on Query{...a}", `Cannot spread fragment "a" within itself.`),
		refused("introspection depth", "{__schema{queryType"+strings.Repeat("{ofType", 17)+"{name}"+strings.Repeat("}", 19), "Max introspection depth should be 16 but got 18."),
		refused("introspection lists", "{__schema{types{fields{type{fields{type{fields{name}}}}}}}}", "Maximum introspection depth exceeded"),
		refused("introspection complexity", "{__schema{types{"+strings.Repeat("name ", 500)+"}}}", "Max introspection complexity should be 500 but got 502."),
		refused("unused fragment", "{localeGet{ip}} fragment f on Session{ip}", `Fragment "f" is never used.`),
		refused("nesting of values", "{usersList(search:"+strings.Repeat("[", 1001)+"){total}}", "Syntax Error: exceeded maximum nesting depth of 1000"),
		whole("batch", "["+signUp+strings.Repeat(","+signUp, 10)+"]", "graphql_too_many_queries", "Too many queries."),
		whole("operations", quotedQuery(aliased("mutation", "accountCreateAnonymousSession{_id}", 51)), "graphql_too_many_queries",
			"Too many queries. A request may ask for 50 operations, and this one asks for 51. Send them in several requests."),
		whole("operations of a batch", "["+signUp+strings.Repeat(","+quotedQuery(aliased("query", "localeGet{ip}", 10)), 5)+"]", "graphql_too_many_queries",
			"Too many queries. A request may ask for 50 operations, and this one asks for 51. Send them in several requests."),
		whole("text", quotedQuery("{localeGet{ip}}"+strings.Repeat("#", 32<<10)), "general_argument_invalid",
			"Invalid `query` param: The queries of a request must be no longer than 32768 bytes together, and these are 32783. Pass long values as variables."),
		whole("variables written out", fmt.Sprintf(`{"query":"query($a:String){usersList(queries:[%s]){total}}","variables":{"a":"%s"}}`,
			strings.Repeat("$a ", 600), strings.Repeat("x", 1000)), "general_argument_invalid",
			"Invalid `variables` param: The arguments of a request must be no longer than 524288 bytes (512 KiB) together, and these are 601200: a variable counts each time it is used. Send them in several requests."),
		whole("variables in objects, fragments and a batch", "["+strings.Repeat(`{"query":"mutation($a:String){...f ...g} fragment f on Mutation{a:accountUpdatePrefs(prefs:{k:$a}){_id}} fragment g on Mutation{...on Mutation{b:accountUpdatePrefs(prefs:{k:[$a,$a]}){_id}}}",`+
			`"variables":{"a":"`+strings.Repeat("x", 36000)+`"}},`, 5)+signUp+"]", "general_argument_invalid",
			"Invalid `variables` param: The arguments of a request must be no longer than 524288 bytes (512 KiB) together, and these are 540040: a variable counts each time it is used. Send them in several requests."),
		whole("body", quotedQuery(strings.Repeat("#", wire.MaxBody)), "general_bad_request",
			"The request body is larger than 524288 bytes (512 KiB), the most this server reads. Send a smaller body."),
	})
	if g := f.query(nil, nested(3)); len(g.Errors) == 0 || strings.Contains(g.Errors[0].Message, "depth") {
		t.Errorf("three levels: %+v", g)
	}
	f.must(200, "POST", "/v1/graphql", nil, quotedQuery(aliased("query", "localeGet{ip}", 50)))
}

// Nothing of the requests that were refused may have run.
func TestGraphQLRefusedRequestsDoNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	signUp := `{"query":"mutation{accountCreateAnonymousSession{_id}}"}`
	f.must(400, "POST", "/v1/graphql", nil, "["+signUp+strings.Repeat(","+signUp, 10)+"]")
	f.must(400, "POST", "/v1/graphql", nil, "["+signUp+`,{"query":""}]`)
	f.must(400, "POST", "/v1/graphql", nil, quotedQuery(aliased("mutation", "accountCreateAnonymousSession{_id}", 51)))
	f.must(200, "POST", "/v1/graphql", nil, quotedQuery("mutation{accountCreateAnonymousSession{_id nope}}"))
	for _, query := range []string{"mutation{accountCreateAnonymousSession{_id}}", "mutation{accountCreateAnonymousSession{nope}}"} {
		a := f.must(405, "GET", "/v1/graphql?query="+url.QueryEscape(query), nil, "")
		if a.Header().Get("Allow") != "POST" || a.text("type") != "graphql_method_unsupported" {
			t.Errorf("GET of %s: %v %s", query, a.Header(), a.Body)
		}
	}
	if g := f.query(byTestKey, "{usersList{total}}"); g.Data["usersList"].(map[string]any)["total"] != 0.0 {
		t.Errorf("there are users: %v", g.Data)
	}
}

// What is answered is bounded too, over all queries of a request.
func TestGraphQLAnswersAreBounded(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	prefs, err := json.Marshal(map[string]any{"prefs": map[string]any{"long": strings.Repeat(`"`, 30<<10)}})
	if err != nil {
		t.Fatal(err)
	}
	f.must(200, "PATCH", "/v1/account/prefs", session(store), string(prefs))
	// 120 KiB each, since every quotation mark is escaped twice.
	const tooLong = "The answer is longer than 8388608 bytes (8 MiB). Ask for less, or in several requests. What came before it was done."
	many := func(n int) string {
		return strings.Replace(aliased("", "prefs{data}", n), "{", "{accountGet{", 1) + "}"
	}
	if g := f.query(session(store), many(100)); g.Data != nil || len(g.Errors) != 1 || g.Errors[0].Message != tooLong {
		t.Errorf("12 MB: %d fields, errors %+v", len(g.Data), g.Errors)
	}
	half := quotedQuery(many(60)) // 7.2 MB
	a := f.must(200, "POST", "/v1/graphql", session(store), "["+half+","+half+","+half+"]")
	var answers []gqlAnswer
	decodeInto(t, a.Body.Bytes(), &answers)
	if len(answers[0].Errors) > 0 || len(answers[1].Errors) != 1 || len(answers[2].Errors) != 1 || answers[2].Errors[0].Message != tooLong {
		t.Errorf("three times 7 MB: %d bytes, errors %+v %+v %+v", a.Body.Len(), answers[0].Errors, answers[1].Errors, answers[2].Errors)
	}
}

// Who asks is decided as in REST: by the request for all of it where its
// credentials are wrong, by each operation otherwise.
func TestGraphQLIdentity(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	jwt := token(p.jwt(p.secret))
	get, makeJWT := quotedQuery("{accountGet{_id}}"), quotedQuery("mutation{accountCreateJWT{jwt}}")
	at := func(name string, h headers, body string, want ...string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/graphql", headers: h, body: body, status: 200, want: want}
	}
	whole := func(name string, h headers, status int, kind string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/graphql", headers: h, body: get, status: status, kind: kind}
	}
	ann := `{"data":{"accountGet":{"_id":"ann"}}}`
	p.run([]scenario{
		at("session", p.ann, get, ann),
		at("JWT", jwt, get, ann),
		at("guest", nil, get, `{"errors":[{"message":`+quoteJSON(guestMessage)+`,"locations":[{"line":1,"column":2}],"path":["accountGet"],"extensions":{"code":401,"type":"general_unauthorized_scope"}}],"data":{"accountGet":null}}`),
		at("key", p.key, get, `"type":"general_unauthorized_scope"`),
		at("key for users", p.key, quotedQuery(`{usersGet(userId:"bob"){_id}}`), `{"data":{"usersGet":{"_id":"bob"}}}`),
		at("users by a session", p.ann, quotedQuery(`{usersGet(userId:"bob"){_id}}`), `"type":"general_unauthorized_scope"`),
		at("JWT by JWT", jwt, makeJWT, `"extensions":{"code":403,"type":"user_jwt_creation_denied"}`, `"data":{"accountCreateJWT":null}`),
		at("the project in the query", headers{"X-Appwrite-Project": ""}, `{"query":"mutation{accountCreateAnonymousSession{provider}}","project":"`+DefaultProject+`"}`,
			`{"data":{"accountCreateAnonymousSession":{"provider":"anonymous"}}}`),
		at("without a project", headers{"X-Appwrite-Project": ""}, quotedQuery("{localeGet{country} accountGet{_id}}"), `"localeGet":{"country":"Unknown"}`, `"accountGet":null`),
		at("a service that is off", headers{"X-Appwrite-Project": "strict"}, quotedQuery("{localeGet{country}}"), `"type":"general_service_disabled"`),
		whole("JWT and session", p.ann.with(jwt), 403, "user_jwt_and_cookie_set"),
		whole("bad JWT", token("a.b.c"), 401, "user_jwt_invalid"),
		whole("origin", p.ann.with(headers{"Origin": "https://evil.example"}), 403, "general_unknown_origin"),
		whole("unknown project", headers{"X-Appwrite-Project": "nope"}, 404, "project_not_found"),
		whole("unknown key", headers{"X-Appwrite-Key": "nope"}, 401, "user_unauthorized"),
	})
	p.must(200, "PATCH", "/v1/users/ann/status", p.key, `{"status":false}`)
	at("blocked", nil, "", `"extensions":{"code":403,"type":"user_blocked"}`).check(t, p.do("POST", "/v1/graphql", p.ann, get))
}

// A project can switch GraphQL off; keys are above that.
func TestGraphQLCanBeDisabled(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, func(o *Options) {
		o.Projects = []Project{{ID: DefaultProject, Rules: Rules{DisabledServices: []string{"graphql"}}}}
	})
	scenario{status: 403, kind: "general_service_disabled"}.check(t, f.do("POST", "/v1/graphql", nil, quotedQuery("{localeGet{ip}}")))
	if g := f.query(byTestKey, "{usersList{total}}"); len(g.Errors) > 0 {
		t.Errorf("by key: %v", g.Errors)
	}
}

// The cookies of a sign-in reach the client, and so does their end.
func TestGraphQLSessions(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	signIn := quotedQuery(`mutation($p:String!){accountCreateEmailPasswordSession(email:"ann@example.com",password:$p){userId current}}`)
	signIn = strings.TrimSuffix(signIn, "}") + `,"variables":{"p":"password123"}}`
	a := f.must(200, "POST", "/v1/graphql/mutation", nil, signIn)
	if got := a.Body.String(); got != `{"data":{"accountCreateEmailPasswordSession":{"userId":"ann","current":true}}}` {
		t.Errorf("the answer is %s", got)
	}
	cookies := a.Result().Cookies()
	if len(cookies) != 2 || cookies[1].Name != cookieName(DefaultProject) || cookies[1].MaxAge <= 0 {
		t.Fatalf("cookies %v", cookies)
	}
	h := headers{"Cookie": cookies[1].Name + "=" + cookies[1].Value}
	if g := f.query(h, `{accountGet{_id} accountGetSession(sessionId:"current"){current}}`); len(g.Errors) > 0 {
		t.Errorf("by the cookie: %v", g.Errors)
	}
	if g := f.query(h, "mutation{accountCreateAnonymousSession{_id}}"); !slices.Equal(g.kinds(), []string{"user_session_already_exists"}) {
		t.Errorf("a second sign-in: %v", g)
	}
	a = f.must(204, "POST", "/v1/graphql/mutation", h, quotedQuery(`mutation{accountDeleteSession(sessionId:"current"){status}}`))
	if a.Body.Len() > 0 || a.Header().Get("X-Fallback-Cookies") != "[]" || a.Result().Cookies()[1].MaxAge >= 0 {
		t.Errorf("sign-out: %s %v", a.Body, a.Header())
	}
	if g := f.query(h, "{accountGet{_id}}"); !slices.Equal(g.kinds(), []string{"general_unauthorized_scope"}) {
		t.Errorf("afterwards: %v", g)
	}
}

// Where an operation has nothing to answer, nothing is answered at all, unless
// something failed. What stands beside it is done all the same.
func TestGraphQLWithoutContent(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	other := func() string {
		_, id := f.signIn("ann")
		return id
	}
	end := func(id string) string { return "a: accountDeleteSession(sessionId:\"" + id + "\"){status}" }
	batch := func(queries ...string) string {
		for i, q := range queries {
			queries[i] = quotedQuery(q)
		}
		return "[" + strings.Join(queries, ",") + "]"
	}
	for i, body := range []string{
		quotedQuery("mutation{" + end(other()) + "}"),
		quotedQuery("mutation{" + end(other()) + ` accountUpdateName(name:"1"){name}}`),
		batch("mutation{"+end(other())+"}", `mutation{accountUpdateName(name:"2"){name}}`),
	} {
		a := f.must(204, "POST", "/v1/graphql", session(store), body)
		if a.Body.Len() > 0 || a.Header().Get("Content-Type") != "text/html" {
			t.Errorf("%s is answered %v %s", body, a.Header(), a.Body)
		}
		if got := f.must(200, "GET", "/v1/account", session(store), "").text("name"); i > 0 && got != fmt.Sprint(i) {
			t.Errorf("after %s the name is %q", body, got)
		}
	}
	g := f.query(session(store), "mutation{"+end(other())+` accountUpdateName(name:""){name}}`)
	if !slices.Equal(g.kinds(), []string{"general_argument_invalid"}) || g.Data["a"].(map[string]any)["status"] != "OK" {
		t.Errorf("beside a failure: %v", g)
	}
	if sessions := f.must(200, "GET", "/v1/account/sessions", session(store), "").object["total"]; sessions != 1.0 {
		t.Errorf("%v sessions are left", sessions)
	}
}

// An id is an id, and leads to no other endpoint.
func TestGraphQLArgumentsAreNoPaths(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	for _, id := range []string{"", ".", "..", "/", "current/..", "?a", "x/../../users"} {
		if g := f.query(session(store), "mutation($s:String!){accountDeleteSession(sessionId:$s){status}}", "s", id); !slices.Equal(g.kinds(), []string{"general_argument_invalid"}) {
			t.Errorf("the session %q: %+v", id, g)
		}
		if g := f.query(byTestKey, "mutation($u:String!){usersDeleteSessions(userId:$u){status}}", "u", id); !slices.Equal(g.kinds(), []string{"general_argument_invalid"}) {
			t.Errorf("the user %q: %+v", id, g)
		}
	}
	f.must(200, "GET", "/v1/account", session(store), "")
}

// The shapes in which queries come.
func TestGraphQLRequests(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	sdk := headers{"X-SDK-GraphQL": "true"}
	const locale, one = `{"query":"{localeGet{country}}"}`, `{"data":{"localeGet":{"country":"Unknown"}}}`
	ok := func(name string, h headers, body, want string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/graphql", headers: h, body: body, status: 200, want: []string{want}, header: headers{"Content-Type": "application/json; charset=UTF-8", "Cache-Control": "no-store"}}
	}
	bad := func(name string, h headers, body, kind string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/graphql", headers: h, body: body, status: 400, kind: kind}
	}
	get := func(name string, q url.Values, want string) scenario {
		return scenario{name: name, method: "GET", path: "/v1/graphql?" + q.Encode(), status: 200, want: []string{want}}
	}
	form := headers{"Content-Type": "application/x-www-form-urlencoded"}
	choice := `{"query":"query a{localeGet{country}} query b($s:Boolean=true){localeGet{eu country@skip(if:$s)}}","operationName":"b","variables":`
	f.run([]scenario{
		ok("plain", nil, locale, one), ok("of an SDK", sdk, `{"query":`+locale+`}`, one),
		ok("a list of one", nil, "["+locale+"]", one), ok("a batch", nil, "["+locale+","+locale+"]", "["+one+","+one+"]"),
		ok("a batch of an SDK", sdk, `{"query":[`+locale+`,{"query":"{nope}"}]}`, "["+one+`,{"errors":[{"message":"Cannot query field`),
		ok("as text", headers{"Content-Type": "application/graphql; charset=utf-8"}, "{localeGet{country}}", one),
		ok("as a form", form, "query="+url.QueryEscape("query($s:Boolean!){localeGet{country@skip(if:$s)}}")+"&variables="+url.QueryEscape(`{"s":false}`), one),
		ok("as a form of an SDK", form.with(sdk), "query[query]="+url.QueryEscape("{localeGet{country}}"), one),
		ok("no variables, of PHP", nil, `{"query":"{localeGet{country}}","variables":[],"operationName":null}`, one),
		ok("a default", nil, choice+`null}`, `{"data":{"localeGet":{"eu":false}}}`),
		ok("a variable", nil, choice+`{"s":false}}`, `{"data":{"localeGet":{"eu":false,"country":"Unknown"}}}`),
		ok("a variable of the wrong type", nil, choice+`{"s":"no"}}`, `"message":"Variable \"$s\" cannot use string as Boolean."`),
		ok("no such operation", nil, `{"query":"query a{localeGet{country}}","operationName":"b"}`, `"message":"Unknown operation named \"b\"."`),
		ok("which operation", nil, `{"query":"query a{localeGet{country}} query b{localeGet{eu}}"}`, `"message":"Must provide operation name if query contains multiple operations."`),
		ok("no operation", nil, `{"query":"fragment f on Query{localeGet{eu}}"}`, `"errors"`),
		ok("only a comment", nil, `{"query":"#"}`, `"message":"The query has no operation.`),
		ok("no GraphQL", nil, `{"query":"SELECT 1"}`, `"message":"Syntax Error: Unexpected Name \"SELECT\"","locations":[{"line":1,"column":1}]`),
		ok("a subscription", nil, `{"query":"subscription{account}"}`, `"errors"`),
		ok("defer", nil, `{"query":"{...@defer{localeGet{eu}}}"}`, `Unknown directive`),
		bad("nothing", nil, "{}", "graphql_no_query"), bad("no JSON", nil, "{", "graphql_no_query"), bad("too deep", nil, strings.Repeat("[", 513)+strings.Repeat("]", 513), "graphql_no_query"),
		bad("an empty list", nil, "[]", "graphql_no_query"), bad("a list of none", nil, "[null]", "graphql_no_query"), bad("an empty query", nil, `{"query":""}`, "graphql_no_query"),
		bad("nothing of an SDK", sdk, "{}", "graphql_no_query"), bad("null of an SDK", sdk, `{"query":null}`, "graphql_no_query"), bad("an empty list of an SDK", sdk, `{"query":[]}`, "graphql_no_query"),
		bad("an empty object of an SDK", sdk, `{"query":{}}`, "graphql_no_query"), bad("a text of an SDK", sdk, locale, "general_argument_invalid"), bad("a number of an SDK", sdk, `{"query":42}`, "general_argument_invalid"),
		bad("a number", nil, `{"query":42}`, "general_argument_invalid"), bad("variables", nil, `{"query":"{localeGet{ip}}","variables":[1]}`, "general_argument_invalid"),
		bad("a name", nil, `{"query":"{localeGet{ip}}","operationName":{}}`, "general_argument_invalid"),
		get("GET", url.Values{"query": {"{localeGet{country}}"}}, one),
		get("GET with variables", url.Values{"query": {"query q($s:Boolean!){localeGet{country@include(if:$s)}}"}, "variables": {`{"s":true}`}, "operationName": {"q"}}, one),
		{name: "GET of a chosen mutation", method: "GET", path: "/v1/graphql?operationName=b&query=" + url.QueryEscape("query a{localeGet{ip}} mutation b{accountCreateAnonymousSession{_id}}"),
			status: 405, kind: "graphql_method_unsupported", message: "GET requests only support GraphQL query operations.", header: headers{"Allow": "POST"}},
		get("GET beside a mutation", url.Values{"operationName": {"a"}, "query": {"query a{localeGet{country}} mutation b{accountCreateAnonymousSession{_id}}"}}, one),
		ok("an argument that lacks", nil, `{"query":"mutation{accountUpdateName{name}}"}`, `"message":"Field \"accountUpdateName\" argument \"name\" of type \"String!\" is required but not provided."`),
		{name: "GET of nothing", method: "GET", path: "/v1/graphql", status: 400, kind: "general_argument_invalid", message: `Param "query" is not optional.`},
	})
}

// Faults are logged and say nothing, as in REST.
func TestGraphQLFaultsDoNotLeak(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	h := session(store).with(headers{"X-Appwrite-Project": ""})
	if err := f.db.Close(); err != nil {
		t.Fatal(err)
	}
	a := f.must(200, "POST", "/v1/graphql", h, quotedQuery("{healthGetVersion{version} accountGet{_id}}"))
	var g gqlAnswer
	if err := json.Unmarshal(a.Body.Bytes(), &g); err != nil || g.Data["healthGetVersion"] == nil {
		t.Errorf("%v: %s", err, a.Body)
	}
	scenario{status: 500, kind: "general_unknown", message: "Server Error"}.check(t, f.do("POST", "/v1/graphql", session(store), quotedQuery("{accountGet{_id}}")))
}
