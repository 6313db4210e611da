package isojot_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/testpeer"
)

// executed reads what the function echo was asked.
func executed(t *testing.T, e *isojot.Execution, err error) testpeer.Echo {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var asked testpeer.Echo
	if err := json.Unmarshal([]byte(e.ResponseBody), &asked); err != nil {
		t.Fatalf("%q: %v", e.ResponseBody, err)
	}
	return asked
}

// signedUp is a client of the server with the function echo, and the session of
// a new user.
func signedUp(t *testing.T) (*isojot.Client, *isojot.Session) {
	t.Helper()
	guest, err := isojot.NewClient(servers(t).api, "demo")
	if err != nil {
		t.Fatal(err)
	}
	session, err := guest.Account.CreateAnonymousSession(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return guest, session
}

// with is the client with another option.
func with(t *testing.T, c *isojot.Client, opt isojot.Option) *isojot.Client {
	t.Helper()
	changed, err := c.With(opt)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// A function is executed as whoever the client acts for, and knows it.
func TestCreateExecution(t *testing.T) {
	ctx := t.Context()
	guest, session := signedUp(t)
	bySession := with(t, guest, isojot.WithSession(session.Secret))
	jwt, err := bySession.Account.CreateJWT(ctx, isojot.CreateJWT{})
	if err != nil {
		t.Fatal(err)
	}
	byJWT := with(t, guest, isojot.WithJWT(jwt.JWT))
	for name, c := range map[string]struct {
		client *isojot.Client
		user   string
	}{"guest": {guest, ""}, "session": {bySession, session.UserID}, "JWT": {byJWT, session.UserID}} {
		e, err := c.client.Functions.CreateExecution(ctx, isojot.CreateExecution{FunctionID: "echo", Body: "hi", Path: "/a?b=c", Method: "PUT", Headers: map[string]string{"x-a": "b"}})
		asked := executed(t, e, err)
		if e.Status != "completed" || e.FunctionID != "echo" || e.ResponseStatusCode != 200 || e.CreatedAt.IsZero() || !e.ScheduledAt.IsZero() {
			t.Errorf("%s: %+v", name, e)
		}
		if asked.Method != "PUT" || asked.Path != "/a" || asked.Body != "hi" || asked.Header.Get("X-A") != "b" || asked.Header.Get("X-Appwrite-User-Id") != c.user {
			t.Errorf("%s: it was asked %+v", name, asked)
		}
		got := asked.Header.Get("X-Appwrite-User-Jwt")
		if c.user == "" {
			if got != "" {
				t.Errorf("a guest's function got %q", got)
			}
			continue
		}
		me, err := with(t, guest, isojot.WithJWT(got)).Account.Get(ctx)
		if err != nil || me.ID != session.UserID {
			t.Errorf("%s: the function acts for %v, %v", name, me, err)
		}
	}
}

func TestReadExecutions(t *testing.T) {
	ctx := t.Context()
	guest, session := signedUp(t)
	c := with(t, guest, isojot.WithSession(session.Secret)).Functions
	for range 3 {
		if _, err := c.CreateExecution(ctx, isojot.CreateExecution{FunctionID: "echo"}); err != nil {
			t.Fatal(err)
		}
	}
	at := time.Now().Add(time.Hour).Truncate(time.Minute)
	later, err := c.CreateExecution(ctx, isojot.CreateExecution{FunctionID: "echo", Async: true, ScheduledAt: at})
	if err != nil || later.Status != "scheduled" || !later.ScheduledAt.Equal(at) {
		t.Fatalf("later: %+v, %v", later, err)
	}
	list, err := c.ListExecutions(ctx, "echo")
	if err != nil || list.Total != 4 || len(list.Executions) != 4 {
		t.Fatalf("the list is %+v, %v", list, err)
	}
	list, err = c.ListExecutions(ctx, "echo", `{"method":"equal","attribute":"status","values":["scheduled"]}`, `{"method":"limit","values":[5]}`)
	if err != nil || list.Total != 1 || list.Executions[0].ID != later.ID {
		t.Fatalf("those that wait are %+v, %v", list, err)
	}
	one, err := c.GetExecution(ctx, "echo", later.ID)
	if err != nil || one.ID != later.ID || one.Trigger != "schedule" {
		t.Fatalf("the one is %+v, %v", one, err)
	}
	_, unknown := c.GetExecution(ctx, "echo", "nope")
	_, none := c.CreateExecution(ctx, isojot.CreateExecution{FunctionID: "nope"})
	_, wrong := c.ListExecutions(ctx, "echo", "{")
	_, sync := c.CreateExecution(ctx, isojot.CreateExecution{FunctionID: "echo", ScheduledAt: at})
	for want, err := range map[isojot.ErrorType]error{isojot.ErrExecutionNotFound: unknown, isojot.ErrFunctionNotFound: none,
		"general_argument_invalid": wrong, "general_bad_request": sync} {
		if !errors.Is(err, want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := guest.Functions.GetExecution(ctx, "echo", later.ID); !errors.Is(err, isojot.ErrUnauthorizedScope) || !strings.Contains(err.Error(), "nobody is signed in") && !strings.Contains(err.Error(), "missing scopes") {
		t.Errorf("a guest: %v", err)
	}
}
