package isojot_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
)

// TestGraphQLRoundTrip signs up and in, acts and signs out, all by GraphQL.
func TestGraphQLRoundTrip(t *testing.T) {
	ctx := t.Context()
	guest, err := isojot.NewClient(servers(t).api, "demo")
	if err != nil {
		t.Fatal(err)
	}
	email := "gql." + runtime.GOOS + "@example.com"
	_, err = guest.GraphQL(ctx, isojot.GraphQL{
		Query:     `mutation($e: String!, $p: String!) { accountCreate(userId: "unique()", email: $e, password: $p) { _id } }`,
		Variables: map[string]any{"e": email, "p": "correct horse"},
	})
	if err != nil {
		t.Fatal(err)
	}
	signIn := isojot.GraphQL{
		Query: `mutation in($e: String!, $p: String!) { accountCreateEmailPasswordSession(email: $e, password: $p) { _id userId } }
			query not { accountGet { _id } }`,
		Variables: map[string]any{"e": email, "p": "correct horse"}, OperationName: "in",
	}
	signedIn, err := guest.GraphQL(ctx, signIn)
	if err != nil || signedIn.Err() != nil || signedIn.Session == "" {
		t.Fatalf("%v, %+v", err, signedIn)
	}
	client, err := guest.With(isojot.WithSession(signedIn.Session))
	if err != nil {
		t.Fatal(err)
	}
	checkGraphQLCalls(ctx, t, client)
	other, err := guest.GraphQL(ctx, signIn)
	if err != nil {
		t.Fatal(err)
	}
	second, err := guest.With(isojot.WithSession(other.Session))
	if err != nil {
		t.Fatal(err)
	}
	end := isojot.GraphQL{Query: `mutation { accountDeleteSession(sessionId: "current") { status } }`}
	ended, err := second.GraphQLBatch(ctx, end, isojot.GraphQL{Query: `{ localeGet { country } }`})
	if err != nil || len(ended) != 2 || ended[0].Data != nil || ended[0].Err() != nil || ended[1].Data != nil || ended[1].Err() != nil {
		t.Fatalf("a sign-out in a batch: %v, %+v", err, ended)
	}
	if r, err := second.GraphQL(ctx, isojot.GraphQL{Query: `{ accountGet { _id } }`}); err != nil || !errors.Is(r.Err(), isojot.ErrUnauthorizedScope) {
		t.Errorf("the session goes on: %v, %+v", err, r)
	}
	results, err := client.GraphQLBatch(ctx, isojot.GraphQL{Query: `mutation { accountDeleteSessions { status } }`}, isojot.GraphQL{Query: `{ accountGet { _id } }`}, isojot.GraphQL{Query: `{ nope }`})
	if err != nil {
		t.Fatal(err)
	}
	if string(results[0].Data) != `{"accountDeleteSessions":{"status":"OK"}}` || !errors.Is(results[1].Err(), isojot.ErrUnauthorizedScope) ||
		!errors.Is(results[2].Err(), isojot.ErrArgumentInvalid) || results[2].Data != nil {
		t.Errorf("the batch: %s, %v, %v", results[0].Data, results[1].Err(), results[2].Err())
	}
}

// checkGraphQLCalls calls as a user who is signed in.
func checkGraphQLCalls(ctx context.Context, t *testing.T, client *isojot.Client) {
	t.Helper()
	result, err := client.GraphQL(ctx, isojot.GraphQL{Query: `mutation { made: accountCreateJWT { jwt } long: accountCreateJWT(duration: 3601) { jwt } }`})
	if err != nil {
		t.Fatal(err)
	}
	var made struct {
		Made *isojot.JWT
		Long *isojot.JWT
	}
	if err := json.Unmarshal(result.Data, &made); err != nil || made.Made == nil || made.Long != nil {
		t.Fatalf("%v: %s", err, result.Data)
	}
	if failed := asError(t, result.Err()); failed.Type != isojot.ErrArgumentInvalid || failed.Code != 400 || failed.Operation != "long" {
		t.Errorf("too long a token: %v", failed)
	}
	byJWT, err := client.With(isojot.WithJWT(made.Made.JWT))
	if err != nil {
		t.Fatal(err)
	}
	result, err = byJWT.GraphQL(ctx, isojot.GraphQL{Query: `query { accountGet { email } }`})
	if err != nil || !strings.Contains(string(result.Data), "@example.com") {
		t.Errorf("by the JWT: %v", err)
	}
	result, err = byJWT.GraphQL(ctx, isojot.GraphQL{Query: `mutation { accountCreateJWT { jwt } }`})
	if err != nil || asError(t, result.Err()).Reason != isojot.ReasonJWTAndSession || !errors.Is(result.Err(), isojot.ErrUserJWTCreationDenied) {
		t.Errorf("a JWT by a JWT: %v %v", err, result)
	}
}

func asError(t *testing.T, err error) *isojot.Error {
	t.Helper()
	e, ok := errors.AsType[*isojot.Error](err)
	if !ok {
		t.Fatalf("%v is no *isojot.Error", err)
	}
	return e
}

// What is sent is the query, or a list of queries.
func TestGraphQLBody(t *testing.T) {
	rec := &recorder{answers: []isojot.Response{*answer(200, `{"data":{"a":1}}`), *answer(200, `{"data":{"a":1}}`), *answer(200, `[{"data":{"a":1}},{"data":{"a":2}}]`)}}
	c := newClient(t, isojot.WithSession("s"), isojot.WithTransport(rec))
	one := isojot.GraphQL{Query: "{a}"}
	check := func(err error, want string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if req := rec.last(t); string(req.Body) != `{"query":`+want+`}` || req.Method != "POST" || !strings.HasSuffix(req.URL, "/graphql") || req.Header["x-sdk-graphql"] != "true" {
			t.Errorf("sent %s %s %s with %v, want %s", req.Method, req.URL, req.Body, req.Header, want)
		}
	}
	_, err := c.GraphQL(t.Context(), isojot.GraphQL{Query: "{a}", Variables: map[string]any{"n": 1}, OperationName: "o"})
	check(err, `{"query":"{a}","variables":{"n":1},"operationName":"o"}`)
	_, err = c.GraphQLBatch(t.Context(), one)
	check(err, `[{"query":"{a}"}]`)
	results, err := c.GraphQLBatch(t.Context(), one, one)
	check(err, `[{"query":"{a}"},{"query":"{a}"}]`)
	if string(results[1].Data) != `{"a":2}` {
		t.Errorf("the second result is %s", results[1].Data)
	}
}

// Errors come as errors only if nothing was run.
func TestGraphQLErrors(t *testing.T) {
	for name, c := range map[string]struct {
		answer *isojot.Response
		kind   isojot.ErrorType
		want   string
	}{
		"refused":         {answer(400, `{"message":"Too many queries.","code":400,"type":"graphql_too_many_queries"}`), "graphql_too_many_queries", "graphql.query: Too many queries. (400 graphql_too_many_queries)"},
		"wrong":           {answer(200, `{"errors":[{"message":"Bad.","extensions":{"code":400,"type":"general_argument_invalid"}}]}`), isojot.ErrArgumentInvalid, "graphql.query: Bad. (400 general_argument_invalid)"},
		"wrong, Appwrite": {answer(200, `{"errors":[{"message":"Bad."},{"message":"Worse."}],"data":null}`), "", "graphql.query: Bad (and 1 more in Errors)"},
		"nothing":         {answer(200, `{}`), isojot.ErrBadResponse, "neither data nor errors: check the endpoint"},
		"not an object":   {answer(200, `[]`), isojot.ErrBadResponse, "check the endpoint"},
		"null":            {answer(200, `null`), isojot.ErrBadResponse, "neither data nor errors"},
		"not signed in":   {answer(401, `{"message":"Expired","code":401,"type":"user_jwt_invalid"}`), isojot.ErrUserJWTInvalid, "Make a new JWT"},
	} {
		client := newClient(t, isojot.WithJWT("a.b.c"), isojot.WithTransport(&recorder{answers: []isojot.Response{*c.answer}}))
		result, err := client.GraphQL(t.Context(), isojot.GraphQL{Query: "{a}"})
		if failed := asError(t, err); result != nil || failed.Type != c.kind || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// A limit's end is in the error of the operation that it refused.
func TestGraphQLRetryAfter(t *testing.T) {
	limited := answer(200, `{"errors":[{"message":"Slow down.","path":["o1"],"extensions":{"code":429,"type":"general_rate_limit_exceeded"}}],"data":{"o0":{},"o1":null}}`)
	limited.Header["retry-after"] = []string{"60"}
	c := newClient(t, isojot.WithSession("s"), isojot.WithTransport(&recorder{answers: []isojot.Response{*limited}}))
	result, err := c.GraphQL(t.Context(), isojot.GraphQL{Query: "{a}"})
	if err != nil {
		t.Fatal(err)
	}
	if e := asError(t, result.Err()); e.RetryAfter != time.Minute || e.Reason != isojot.ReasonRateLimited || e.Operation != "o1" {
		t.Errorf("%+v", e)
	}
}

func TestGraphQLRefusesWhatCannotBeSent(t *testing.T) {
	rec := &recorder{}
	c := newClient(t, isojot.WithSession("s"), isojot.WithTransport(rec))
	_, err := c.GraphQL(t.Context(), isojot.GraphQL{Query: "{a}", Variables: map[string]any{"f": func() {}}})
	if !errors.Is(err, isojot.ErrInvalidArgument) || !strings.Contains(err.Error(), "variables: ") {
		t.Error(err)
	}
	if _, err := c.GraphQLBatch(t.Context()); !errors.Is(err, isojot.ErrInvalidArgument) || !strings.Contains(err.Error(), "queries: none") {
		t.Error(err)
	}
	rec.answers = []isojot.Response{*answer(200, `[{"data":{}}]`)}
	if _, err := c.GraphQLBatch(t.Context(), isojot.GraphQL{}, isojot.GraphQL{}); !errors.Is(err, isojot.ErrBadResponse) || !strings.Contains(err.Error(), "1 results for 2 queries") {
		t.Error(err)
	}
	if len(rec.requests) != 1 {
		t.Errorf("%d requests", len(rec.requests))
	}
}

// A token is not handed out after a mutation that may have ended its session,
// and goes on being used after any other.
func TestGraphQLAndTokens(t *testing.T) {
	jwt := func(user string) isojot.Response {
		return *answer(201, `{"jwt":"`+unsigned(t, user)+`"}`)
	}
	done := *answer(200, `{"data":{}}`)
	rec := &recorder{answers: []isojot.Response{jwt("ann"), done, done, jwt("bob")}}
	tokens, err := newClient(t, isojot.WithSession("s"), isojot.WithTransport(rec)).Account.TokenSource()
	if err != nil {
		t.Fatal(err)
	}
	defer tokens.Close()
	for i, step := range []struct{ query, user string }{
		{"{accountGet{_id}}", "ann"},
		{`mutation{accountDeleteSession(sessionId:"current"){status}}`, "bob"},
	} {
		before, err := tokens.Token(t.Context())
		if err != nil || before.UserID != "ann" {
			t.Fatalf("step %d: %v %v", i, before, err)
		}
		if _, err := tokens.Client().GraphQL(t.Context(), isojot.GraphQL{Query: step.query}); err != nil {
			t.Fatal(err)
		}
		after, err := tokens.Token(t.Context())
		if err != nil || after.UserID != step.user {
			t.Errorf("after %s: %v %v", step.query, after, err)
		}
	}
}

// A mutation that may sign in or out makes the token another's, also on servers
// that call it otherwise; js/test/graphql.test.mjs has the same cases.
func TestGraphQLThatChangesTheUser(t *testing.T) {
	var cases []struct {
		Query   string
		Changes bool
	}
	data, err := os.ReadFile("testdata/graphql.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &cases); err != nil || len(cases) < 20 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, c := range cases {
		rec := &recorder{answers: []isojot.Response{*answer(201, `{"jwt":"`+unsigned(t, "ann")+`"}`), *answer(200, `{"data":{}}`), *answer(201, `{"jwt":"`+unsigned(t, "bob")+`"}`)}}
		tokens, err := newClient(t, isojot.WithSession("s"), isojot.WithTransport(rec)).Account.TokenSource()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tokens.Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := tokens.Client().GraphQL(t.Context(), isojot.GraphQL{Query: c.Query}); err != nil {
			t.Fatal(err)
		}
		after, err := tokens.Token(t.Context())
		if err != nil || (after.UserID == "bob") != c.Changes {
			t.Errorf("after %s: the token of %s, %v", c.Query, after.UserID, err)
		}
		tokens.Close()
	}
}

// Who accepts an invitation as a guest is signed in by it.
func TestAnOperationThatMaySignIn(t *testing.T) {
	rec := &recorder{answers: []isojot.Response{*answer(201, `{"jwt":"`+unsigned(t, "ann")+`"}`), *answer(200, `{"$id":"m"}`), *answer(201, `{"jwt":"`+unsigned(t, "bob")+`"}`)}}
	tokens, err := newClient(t, isojot.WithSession("s"), isojot.WithTransport(rec)).Account.TokenSource()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tokens.Token(t.Context()); err != nil {
		t.Fatal(err)
	}
	accept := isojot.Params{Path: map[string]string{"teamId": "t", "membershipId": "m"}}
	if _, err := tokens.Client().Call(t.Context(), "teams.updateMembershipStatus", accept); err != nil {
		t.Fatal(err)
	}
	if after, err := tokens.Token(t.Context()); err != nil || after.UserID != "bob" {
		t.Errorf("after it: %v %v", after, err)
	}
	tokens.Close()
}

// The query of a request may hold it as well as the body.
func TestGraphQLInAQueryThatChangesTheUser(t *testing.T) {
	for query, want := range map[string]string{"query=mutation+%7BaccountDeleteSessions%7D": "bob", "query=%7BaccountGet%7D": "ann"} {
		rec := &recorder{answers: []isojot.Response{*answer(201, `{"jwt":"`+unsigned(t, "ann")+`"}`), *answer(200, `{"data":{}}`), *answer(201, `{"jwt":"`+unsigned(t, "bob")+`"}`)}}
		tokens, err := newClient(t, isojot.WithSession("s"), isojot.WithTransport(rec)).Account.TokenSource()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tokens.Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		get := isojot.Operation{Name: "call", Route: isojot.Route{Pattern: "GET /graphql", Lanes: []isojot.Lane{isojot.LaneSession}, Effect: isojot.EffectEnvelope}}
		if _, err := tokens.Client().Do(t.Context(), get, isojot.Params{RawQuery: query}); err != nil {
			t.Fatal(err)
		}
		if after, err := tokens.Token(t.Context()); err != nil || after.UserID != want {
			t.Errorf("after %s: %v %v", query, after, err)
		}
		tokens.Close()
	}
}

// unsigned is a token of a user that nobody has signed.
func unsigned(t *testing.T, user string) string {
	t.Helper()
	payload, err := json.Marshal(map[string]any{"userId": user, "sessionId": "s-" + user, "exp": time.Now().Add(time.Hour).Unix()})
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"HS256"}`)) + "." + encode(payload) + ".x"
}
