package server

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/graphql"
	"github.com/isojot/isojot/server/internal/wire"
)

// fuzzKey is the API key of the servers that are fuzzed.
const fuzzKey = "a key for fuzzing alone"

// fuzzServer is a server in memory with the user ann, without limits.
func fuzzServer(f *testing.F) *Server {
	f.Helper()
	s, err := New(f.Context(), Options{Memory: true, Limits: LimitsOff, PasswordCost: cheap, APIKey: fuzzKey})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := s.Close(); err != nil {
			f.Errorf("Close: %v", err)
		}
	})
	a := ask(s, "POST", "/v1/account", http.Header{}, "application/json", `{"userId":"ann","email":"ann@example.com","password":"password123"}`)
	if a.Code != http.StatusCreated {
		f.Fatalf("sign up: %d %s", a.Code, a.Body)
	}
	return s
}

// ask sends a request to the default project.
func ask(s *Server, method, path string, h http.Header, kind, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header = h
	r.Header.Set("X-Appwrite-Project", DefaultProject)
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// answered fails unless the answer has one of the statuses and is JSON, with
// the type of its status where it is an error.
func answered(t *testing.T, w *httptest.ResponseRecorder, statuses ...int) {
	t.Helper()
	if !slices.Contains(statuses, w.Code) {
		t.Fatalf("the answer is %d, want one of %v\n%s", w.Code, statuses, w.Body)
	}
	if w.Code < 400 {
		if w.Body.Len() > 0 && !json.Valid(w.Body.Bytes()) {
			t.Fatalf("the answer is no JSON: %q", w.Body)
		}
		return
	}
	var e wire.ErrorBody
	if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil || e.Message == "" || e.Code != w.Code || wire.Status(e.Type) != w.Code {
		t.Fatalf("the error is %q (%v)", w.Body, err)
	}
}

// FuzzStore: a store string that is accepted means what it says, and nothing
// else crashes.
func FuzzStore(f *testing.F) {
	f.Add(encodeStore("ann", "0123"))
	f.Add(strings.TrimRight(encodeStore("ann", "0123"), "="))
	f.Add("eyJpZCI6ImFubiJ9")
	f.Add("bnVsbA==")
	f.Fuzz(func(t *testing.T, text string) {
		id, secret, ok := decodeStore(text)
		if !ok {
			if id != "" || secret != "" {
				t.Fatalf("decodeStore(%q) is no session, yet it names %q and %q", text, id, secret)
			}
			return
		}
		again, secretAgain, ok := decodeStore(encodeStore(id, secret))
		if id == "" || secret == "" || !ok || again != id || secretAgain != secret {
			t.Fatalf("decodeStore(%q) = %q %q, which encodes as %q %q %v", text, id, secret, again, secretAgain, ok)
		}
	})
}

// FuzzCredentials: whatever stands in the places of a session makes a guest
// of those who have none.
func FuzzCredentials(f *testing.F) {
	s := fuzzServer(f)
	name := cookieName(DefaultProject)
	store := encodeStore("ann", strings.Repeat("0", 256))
	f.Add(name+"="+url.QueryEscape(store), "", "")
	f.Add(name+legacySuffix+"="+store+"; "+name+"=%", "", "")
	f.Add("", store, `{"`+name+`":"`+store+`"}`)
	f.Add("", "", `{"`+name+`":["x"]}`)
	f.Add("=;=;%", "\x00", `[]`)
	f.Fuzz(func(t *testing.T, cookie, session, fallback string) {
		h := http.Header{"Cookie": {cookie}, "X-Appwrite-Session": {session}, headerFallback: {fallback}}
		answered(t, ask(s, "GET", "/v1/account", h, "", ""), http.StatusUnauthorized)
	})
}

// FuzzJWT: no token that the server has not signed is anyone.
func FuzzJWT(f *testing.F) {
	s := fuzzServer(f)
	f.Add("a.b.c")
	f.Add("eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.eyJ1c2VySWQiOiJhbm4iLCJleHAiOjk5OTk5OTk5OTl9.")
	f.Add("eyJhbGciOiJIUzI1NiIsImtpZCI6IjEifQ.eyJ1c2VySWQiOiJhbm4ifQ.AAAA")
	f.Add("\x00\xff")
	f.Fuzz(func(t *testing.T, token string) {
		if token == "" {
			return // no token at all
		}
		w := ask(s, "GET", "/v1/account", http.Header{"X-Appwrite-Jwt": {token}}, "", "")
		answered(t, w, http.StatusUnauthorized)
		if !strings.Contains(w.Body.String(), string(isojot.ErrUserJWTInvalid)) {
			t.Fatalf("the token %q is answered %s", token, w.Body)
		}
	})
}

// FuzzQueries: every query of a list is answered with rows or with what is
// wrong with it.
func FuzzQueries(f *testing.F) {
	s := fuzzServer(f)
	for _, query := range []string{
		`{"method":"limit","values":[1]}`, `{"method":"offset","values":["1"]}`,
		`{"method":"equal","attribute":"email","values":["ann@example.com"]}`,
		`{"method":"between","attribute":"$createdAt","values":["2026-01-01T00:00:00.000+00:00","2027"]}`,
		`{"method":"contains","attribute":"labels","values":["a%_"]}`,
		`{"method":"isNull","attribute":"phone"}`, `{"method":"orderDesc","attribute":""}`,
		`{"method":"cursorAfter","values":["ann"]}`, `{"method":"or","values":[{"method":"isNull","attribute":"name"}]}`,
		`{"method":"greaterThan","attribute":"accessedAt","values":[1e400]}`, `limit(1)`, `[]`, `null`, ``,
	} {
		f.Add(query, "")
	}
	f.Add("", "ann %_'\"\\")
	f.Fuzz(func(t *testing.T, query, search string) {
		path := "/v1/users?" + url.Values{"queries[0]": {query}, "search": {search}}.Encode()
		answered(t, ask(s, "GET", path, http.Header{"X-Appwrite-Key": {fuzzKey}}, "", ""), http.StatusOK, http.StatusBadRequest)
	})
}

// fuzzed are the endpoints whose bodies are fuzzed.
var fuzzed = []string{"POST /v1/account", "POST /v1/account/sessions/email", "POST /v1/users", "POST /v1/users/ann/jwts",
	"POST /v1/users/ann/tokens", "PATCH /v1/users/ann/name", "PATCH /v1/users/ann/prefs", "PATCH /v1/users/ann/email",
	"PATCH /v1/users/ann/password", "PATCH /v1/users/ann/status", "PUT /v1/users/ann/labels"}

// FuzzBody: every body is accepted or refused in the contract's words.
func FuzzBody(f *testing.F) {
	s := fuzzServer(f)
	for i, body := range []string{
		`{"userId":"unique()","email":"b@example.com","password":"password123","name":null}`,
		`{"email":"ann@example.com","password":"password123"}`, `{"userId":"bob","phone":"+4912345","labels":["a"]}`,
		`{"duration":1e3,"sessionId":"recent"}`, `{"length":4,"expire":"60"}`, `{"name":"\u0000"}`, `{"prefs":{"a":{}}}`,
		`{"email":" a@b.c"}`, `{"password":""}`, `{"status":"false"}`, `{"labels":["x",1]}`,
	} {
		f.Add(uint8(i), "application/json", body)
		f.Add(uint8(i), "application/json", `{"userId":{},"email":[],"password":1,"name":true,"prefs":"{}","labels":{},"status":[],"duration":-1}`)
	}
	f.Add(uint8(0), "application/x-www-form-urlencoded", "userId=bob&email=b%40example.com&password=password123&name[]=x")
	f.Add(uint8(6), "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"prefs\"\r\n\r\n{}\r\n--b--\r\n")
	f.Add(uint8(0), "application/json", "[]")
	f.Fuzz(func(t *testing.T, which uint8, kind, body string) {
		method, path, _ := strings.Cut(fuzzed[int(which)%len(fuzzed)], " ")
		w := ask(s, method, path, http.Header{"X-Appwrite-Key": {fuzzKey}}, kind, body)
		answered(t, w, 200, 201, 204, 400, 401, 409)
		var made struct {
			ID         string `json:"$id"`
			Registered string `json:"registration"` // of users alone
		}
		if w.Code == http.StatusCreated && json.Unmarshal(w.Body.Bytes(), &made) == nil && made.Registered != "" {
			answered(t, ask(s, "DELETE", "/v1/users/"+made.ID, http.Header{"X-Appwrite-Key": {fuzzKey}}, "", ""), http.StatusNoContent)
		}
	})
}

// FuzzGraphQL: every request is answered by data or by errors that say what is
// wrong with it, and every error has a code and a type.
func FuzzGraphQL(f *testing.F) {
	s := fuzzServer(f)
	for _, query := range []string{
		`{usersGet(userId:"ann"){_id prefs{data} targets{identifier}}}`, `query($q:[String]){usersList(queries:$q,total:true){total users{...u}}} fragment u on User{_id hashOptions{type}}`,
		`mutation($p:Assoc!){usersUpdatePrefs(userId:"ann",prefs:$p){data}}`, `mutation{usersUpdateLabels(userId:"ann",labels:["a"]){labels} a:usersCreateJWT(userId:"ann",duration:60){jwt}}`,
		`{__schema{types{name fields{name type{name ofType{kind}}}}}}`, `query a{...f @skip(if:true)} fragment f on Query{...f}`, `subscription{x}`, `{a:localeGet{ip}...@defer{localeGet{eu}}}`, "{\"\"\"\x00", `#`,
	} {
		for _, variables := range []string{`{"q":["{}"],"p":{"a":1}}`, `{"q":"x","p":"{\"a\":1}"}`, `{"p":null}`} {
			f.Add("application/json", "", `{"query":`+quoteJSON(query)+`,"variables":`+variables+`}`)
			f.Add("application/json", "true", `{"query":[{"query":`+quoteJSON(query)+`,"variables":`+variables+`},{"query":"{localeGet{eu}}"}]}`)
		}
		f.Add("application/graphql", "", query)
		f.Add("application/x-www-form-urlencoded", "", url.Values{"query": {query}, "variables": {`{"p":{}}`}}.Encode())
	}
	f.Fuzz(func(t *testing.T, kind, sdk, body string) {
		w := ask(s, "POST", "/v1/graphql", http.Header{"X-Appwrite-Key": {fuzzKey}, "X-Sdk-Graphql": {sdk}}, kind, body)
		answered(t, w, http.StatusOK, http.StatusBadRequest)
		if w.Code == http.StatusOK {
			explained(t, w.Body.Bytes())
		}
	})
}

// explained fails unless each answer of a request has data or errors.
func explained(t *testing.T, body []byte) {
	t.Helper()
	type result struct {
		Data   map[string]json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct {
				Code int
				Type isojot.ErrorType
			}
		}
	}
	results := make([]result, 1)
	var err error
	if body[0] == '[' {
		err = json.Unmarshal(body, &results)
	} else {
		err = json.Unmarshal(body, &results[0])
	}
	for _, r := range results {
		if err != nil || r.Data == nil && len(r.Errors) == 0 || len(body) > 2*wire.MaxBody+graphql.MaxAnswer {
			t.Fatalf("neither data nor errors (%v): %s", err, body)
		}
		for _, e := range r.Errors {
			if status := wire.Status(e.Extensions.Type); e.Message == "" || status == 0 || status == http.StatusInternalServerError || e.Extensions.Code != status {
				t.Fatalf("the error is not explained: %+v in %s", e, body)
			}
		}
	}
}
