package isojot_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/isojot/isojot"
)

// credentialHeaders are those of which a request carries at most one.
var credentialHeaders = map[string]string{
	"x-appwrite-jwt": "JWT", "x-appwrite-session": "session", "x-appwrite-key": "key", "x-fallback-cookies": "fallback", "cookie": "cookie",
}

func carried(req *isojot.Request) string {
	var found []string
	for name := range req.Header {
		if kind, ok := credentialHeaders[name]; ok {
			found = append(found, kind)
		}
	}
	slices.Sort(found)
	return strings.Join(found, "+")
}

// TestLanes holds what each operation carries, by what the client has, outside
// browsers. "-" means that nothing is sent at all.
func TestLanes(t *testing.T) {
	jwt, session, key := isojot.WithJWT(testToken), isojot.WithSession("s"), isojot.WithKey("k")
	clients := map[string][]isojot.Option{
		"nothing": {}, "jwt": {jwt}, "session": {session}, "key": {key},
		"jwt+session": {jwt, session}, "session+key": {session, key}, "all": {jwt, session, key},
	}
	order := []string{"nothing", "jwt", "session", "key", "jwt+session", "session+key", "all"}
	want := map[string][]string{
		"account.create":                     {"", "", "", "key", "", "key", "key"},
		"account.createEmailPasswordSession": {"", "", "session", "key", "session", "key", "key"},
		"account.createSession":              {"", "", "session", "key", "session", "key", "key"},
		"account.createAnonymousSession":     {"", "", "session", "key", "session", "key", "key"},
		"account.createJWT":                  {"-", "-", "session", "-", "session", "session", "session"},
		"account.deleteSessions":             {"-", "JWT", "session", "-", "session", "session", "session"},
		"account.get":                        {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"account.listSessions":               {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"account.getSession":                 {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"account.deleteSession":              {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"account.delete":                     {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"account.updateSession":              {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"account.getPrefs":                   {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"account.updatePrefs":                {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"account.updateName":                 {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"account.updateEmail":                {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"account.updatePhone":                {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"account.updatePassword":             {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"account.updateStatus":               {"-", "JWT", "session", "-", "session", "session", "session"},
		"functions.createExecution":          {"", "JWT", "session", "key", "JWT", "session", "JWT"},
		"functions.listExecutions":           {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"functions.getExecution":             {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"tablesDB.updateRow":                 {"", "JWT", "session", "key", "JWT", "session", "JWT"},
		"tablesDB.updateRows":                {"", "JWT", "session", "key", "JWT", "session", "JWT"},
		"tablesDB.deleteRows":                {"", "JWT", "session", "key", "JWT", "session", "JWT"},
		"tablesDB.deleteTable":               {"", "JWT", "session", "key", "JWT", "session", "JWT"},
		"storage.deleteBucket":               {"", "JWT", "session", "key", "JWT", "session", "JWT"},
		"messaging.createEmail":              {"", "JWT", "session", "key", "JWT", "session", "JWT"},
		"users.list":                         {"", "JWT", "session", "key", "JWT", "key", "key"},
		"graphql.query":                      {"", "JWT", "session", "key", "JWT", "session", "JWT"},
		"graphql.mutation":                   {"", "JWT", "session", "key", "JWT", "session", "JWT"},
		"ping":                               {"", "", "", "", "", "", ""},
		"account.updateSession current":      {"-", "-", "session", "-", "session", "session", "session"},
		"account.getSession current":         {"-", "-", "session", "-", "session", "session", "session"},
		"account.deleteSession current":      {"-", "-", "session", "-", "session", "session", "session"},
	}
	for _, call := range slices.Sorted(maps.Keys(want)) {
		operation, current, _ := strings.Cut(call, " ")
		id := "id"
		if current != "" {
			id = current
		}
		for i, have := range order {
			rec := &recorder{}
			c := newClient(t, append(clients[have], isojot.WithTransport(rec))...)
			_, err := c.Call(t.Context(), operation, isojot.Params{Path: map[string]string{
				"sessionId": id, "functionId": "f", "executionId": "e", "databaseId": "d", "tableId": "t", "rowId": "r", "bucketId": "b",
			}})
			got := "-"
			if len(rec.requests) == 1 {
				got = carried(rec.requests[0])
			}
			if got != want[call][i] {
				t.Errorf("%s with %s carries %q, want %q", call, have, got, want[call][i])
			}
			if refused := want[call][i] == "-"; refused != errors.Is(err, isojot.ErrUnauthorizedScope) {
				t.Errorf("%s with %s: %v", call, have, err)
			}
		}
	}
}

// TestLanesOfAll holds the same of every operation that Call knows, by the lanes
// that it has.
func TestLanesOfAll(t *testing.T) {
	jwt, session, key := isojot.WithJWT(testToken), isojot.WithSession("s"), isojot.WithKey("k")
	clients := [][]isojot.Option{{}, {jwt}, {session}, {key}, {jwt, session}, {session, key}, {jwt, session, key}}
	want := map[string][]string{
		"[0]":       {"", "", "", "", "", "", ""},
		"[1]":       {"-", "-", "session", "-", "session", "session", "session"},
		"[1 2]":     {"-", "JWT", "session", "-", "session", "session", "session"},
		"[1 2 3]":   {"-", "JWT", "session", "key", "session", "session", "session"},
		"[2 1 3]":   {"-", "JWT", "session", "key", "JWT", "session", "JWT"},
		"[2 1 3 0]": {"", "JWT", "session", "key", "JWT", "session", "JWT"},
		"[3 0]":     {"", "", "", "key", "", "key", "key"},
		"[3 1 0]":   {"", "", "session", "key", "session", "key", "key"},
		"[3 2 1 0]": {"", "JWT", "session", "key", "JWT", "key", "key"},
	}
	seen := 0
	for operation, route := range isojot.Routes() {
		seen++
		row := want[fmt.Sprint(route.Lanes)]
		if row == nil {
			t.Fatalf("%s has the lanes %v, for which there is no row here", operation, route.Lanes)
		}
		if fmt.Sprint(route.Lanes) == "[3 2 1 0]" && !strings.HasPrefix(operation, "users.") {
			t.Errorf("%s goes by a key beside a JWT: only the users service does, which refuses users", operation)
		}
		p := isojot.Params{Path: map[string]string{}}
		for _, name := range route.Params {
			p.Path[name] = "id"
		}
		for i, have := range clients {
			rec := &recorder{}
			c := newClient(t, append(have, isojot.WithTransport(rec))...)
			_, err := c.Call(t.Context(), operation, p)
			got := "-"
			if len(rec.requests) == 1 {
				got = carried(rec.requests[0])
			}
			if got != row[i] || (got == "-") != errors.Is(err, isojot.ErrUnauthorizedScope) {
				t.Errorf("%s with client %d carries %q (%v), want %q", operation, i, got, err, row[i])
			}
		}
	}
	if seen < 600 {
		t.Errorf("%d operations", seen)
	}
}

func TestNoCredentialSaysWhatToDo(t *testing.T) {
	c := newClient(t, isojot.WithTransport(&recorder{}))
	for want, call := range map[string]func() error{
		"project \"demo\": it has no JWT, session or key. Set the caller's JWT with WithJWT or a session with WithSession.": func() error { _, err := c.Account.Get(t.Context()); return err },
		`this call needs a session and the client of the project "demo" has none`:                                           func() error { _, err := c.Account.CreateJWT(t.Context(), isojot.CreateJWT{}); return err },
	} {
		var e *isojot.Error
		if err := call(); !errors.As(err, &e) || e.Code != 401 || !strings.Contains(e.Message, want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

// TestTwoUsers holds that nothing that cannot be undone is done to one user by
// a client that also acts for another.
func TestTwoUsers(t *testing.T) {
	session := isojot.WithSession(base64.StdEncoding.EncodeToString([]byte(`{"id":"ann","secret":"00"}`)))
	for user, sent := range map[string]int{"ann": 1, "bob": 0} {
		rec := &recorder{}
		c := newClient(t, session, isojot.WithJWT(tokenOf(user)), isojot.WithTransport(rec))
		_, err := c.Account.UpdateStatus(t.Context())
		if len(rec.requests) != sent || (sent == 0) != errors.Is(err, isojot.ErrInvalidArgument) {
			t.Errorf("JWT of %s: %d requests, %v", user, len(rec.requests), err)
		}
	}
}

// tokenOf is a JWT of the user whose signature nobody made.
func tokenOf(user string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." +
		encode([]byte(`{"userId":"`+user+`","sessionId":"s","exp":4102444800}`)) + ".c2ln"
}

// TestNilTokenSourceIsNone holds that a nil *SessionTokens, which as an interface
// is not nil, is no source either.
func TestNilTokenSourceIsNone(t *testing.T) {
	var none *isojot.SessionTokens
	rec := &recorder{answers: []isojot.Response{*answer(200, `{"$id":"u"}`)}}
	c := newClient(t, isojot.WithTransport(rec), isojot.WithSession("s"), isojot.WithTokenSource(none))
	if _, err := c.Account.Get(t.Context()); err != nil || carried(rec.requests[0]) != "session" {
		t.Error(err)
	}
}
