package isojot_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/isojot/isojot"
)

// What Routes and RouteOf return are copies: changing them changes nothing.
func TestRoutesAreCopies(t *testing.T) {
	var names []string
	for name, route := range isojot.Routes() {
		names = append(names, name)
		for i := range route.Lanes {
			route.Lanes[i] = isojot.LaneGuest
		}
		clear(route.Params)
		clear(route.Optional)
	}
	if !slices.IsSorted(names) || len(names) < 600 {
		t.Errorf("%d routes, in the order %.200v", len(names), names)
	}
	create, ok := isojot.RouteOf("account.create")
	if !ok || create.Pattern != "POST /account" || create.Lanes[0] != isojot.LaneKey ||
		!slices.Equal(create.Params, []string{"userId", "email", "password", "name"}) || !slices.Equal(create.Optional, []string{"name"}) {
		t.Errorf("account.create is %+v, %v", create, ok)
	}
	if _, ok := isojot.RouteOf("account.nope"); ok {
		t.Error("there is a route of account.nope")
	}
	for range isojot.Routes() {
		break // which must be possible
	}
}

// What few operations have is read from the table too.
func TestMembersOfRoutes(t *testing.T) {
	for name, want := range map[string]isojot.Route{
		"storage.getFileView": {
			Pattern: "GET /storage/buckets/{bucketId}/files/{fileId}/view", Lanes: []isojot.Lane{isojot.LaneJWT, isojot.LaneSession, isojot.LaneKey, isojot.LaneGuest},
			Params: []string{"bucketId", "fileId", "token"}, Optional: []string{"token"}, Answer: isojot.AnswerContent, Accept: isojot.AcceptAny,
		},
		"account.createOAuth2Token": {
			Pattern: "GET /account/tokens/oauth2/{provider}", Lanes: []isojot.Lane{isojot.LaneGuest}, Answer: isojot.AnswerLocation, Accept: isojot.AcceptHTML,
			Params: []string{"provider", "success", "failure", "scopes"}, Optional: []string{"success", "failure", "scopes"},
		},
		"teams.delete": {
			Pattern: "DELETE /teams/{teamId}", Lanes: []isojot.Lane{isojot.LaneJWT, isojot.LaneSession, isojot.LaneKey, isojot.LaneGuest}, Params: []string{"teamId"},
			Accept: isojot.AcceptNone,
		},
		"ping": {Pattern: "GET /ping", Lanes: []isojot.Lane{isojot.LaneGuest}},
	} {
		if got, ok := isojot.RouteOf(name); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	for _, name := range []string{"", "account", "account.get GET", "\naccount.get", "get"} {
		if route, ok := isojot.RouteOf(name); ok {
			t.Errorf("%q is %+v", name, route)
		}
	}
}

// The effects are what clients follow.
func TestEffectsOfRoutes(t *testing.T) {
	got := map[isojot.Effect][]string{}
	for name, route := range isojot.Routes() {
		got[route.Effect] = append(got[route.Effect], name)
	}
	for effect, want := range map[isojot.Effect]string{
		isojot.EffectSignsIn: "account.createAnonymousSession account.createEmailPasswordSession account.createIdTokenSession account.createSession " +
			"account.updateMagicURLSession account.updatePhoneSession",
		isojot.EffectEndsSession: "account.deleteSession",
		isojot.EffectEndsAll:     "account.delete account.deleteSessions account.updateStatus",
		isojot.EffectEnvelope:    "graphql.mutation graphql.query",
		isojot.EffectMaySignIn:   "teams.updateMembershipStatus",
	} {
		if names := strings.Join(got[effect], " "); names != want {
			t.Errorf("effect %d: %s, want %s", effect, names, want)
		}
	}
}

func operation(pattern string, lanes ...isojot.Lane) isojot.Operation {
	return isojot.Operation{Name: "things.get", Route: isojot.Route{Pattern: pattern, Lanes: lanes}}
}

// An operation of a service that this package does not know is performed like
// its own.
func TestDo(t *testing.T) {
	rec := &recorder{}
	c := newClient(t, isojot.WithTransport(rec), isojot.WithKey("k"), isojot.WithSession("s"))
	_, err := c.Do(t.Context(), operation("PUT /things/{thingId}", isojot.LaneKey, isojot.LaneGuest),
		isojot.Params{Path: map[string]string{"thingId": "a/b"}, Body: []byte(`{}`)})
	if err != nil || len(rec.requests) != 1 {
		t.Fatalf("%v, %d requests", err, len(rec.requests))
	}
	if req := rec.requests[0]; req.Method != "PUT" || !strings.HasSuffix(req.URL, "/things/a%2Fb") || carried(req) != "key" {
		t.Errorf("%s %s by %s", req.Method, req.URL, carried(req))
	}
	// Whose sessions a server deletes by its key, it has none that is current.
	_, err = c.Do(t.Context(), operation("DELETE /things/{sessionId}", isojot.LaneKey), isojot.Params{Path: map[string]string{"sessionId": "current"}})
	if err != nil || carried(rec.requests[len(rec.requests)-1]) != "key" {
		t.Errorf("current by the key: %v", err)
	}
}

// One that is none is refused before anything is sent: a path without a slash
// would change the host.
func TestDoChecksTheOperation(t *testing.T) {
	rec := &recorder{}
	c := newClient(t, isojot.WithTransport(rec))
	nameless := operation("GET /things", isojot.LaneGuest)
	nameless.Name = ""
	for want, operations := range map[string][]isojot.Operation{
		"operation.name:": {nameless},
		"operation.pattern:": {
			operation("", isojot.LaneGuest), operation("/things", isojot.LaneGuest), operation("get /things", isojot.LaneGuest), operation("GET things", isojot.LaneGuest),
			operation("GET .example.com/", isojot.LaneGuest), operation("GET //example.com/", isojot.LaneGuest), operation("GET /a?b", isojot.LaneGuest), operation("GET /a#b", isojot.LaneGuest),
		},
		"operation.lanes:": {operation("GET /things")},
	} {
		for _, o := range operations {
			_, err := c.Do(t.Context(), o, isojot.Params{})
			e, ok := errors.AsType[*isojot.Error](err)
			if !ok || !errors.Is(err, isojot.ErrInvalidArgument) || !strings.Contains(e.Message, want) || e.Operation != o.Name {
				t.Errorf("%q %q: %v, want %s", o.Name, o.Pattern, err, want)
			}
		}
	}
	if len(rec.requests) > 0 {
		t.Errorf("%d requests were sent", len(rec.requests))
	}
}
