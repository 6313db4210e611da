package isojot_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/isojot/isojot"
)

// Values go where the operation's pattern says, in the order of its parameters.
func TestEncode(t *testing.T) {
	route := func(pattern string) isojot.Operation {
		o := operation(pattern, isojot.LaneGuest)
		o.Params, o.Optional = []string{"thingId", "name", "tags", "note"}, []string{"tags", "note"}
		return o
	}
	values := map[string]any{"thingId": "a/b", "name": nil, "tags": []string{"x y", "ü"}, "note": (*string)(nil)}
	p, err := isojot.Encode(route("PUT /things/{thingId}"), values)
	if err != nil || p.Path["thingId"] != "a/b" || string(p.Body) != `{"name":null,"tags":["x y","ü"]}` || p.RawQuery != "" || p.Header["accept"] != "application/json" {
		t.Errorf("%v, %+v, %s", err, p.Path, p.Body)
	}
	values["name"] = "n"
	p, err = isojot.Encode(route("GET /things/{thingId}"), values)
	if err != nil || p.RawQuery != "name=n&tags%5B0%5D=x%20y&tags%5B1%5D=%C3%BC" || p.Body != nil {
		t.Errorf("%v, %s, %s", err, p.RawQuery, p.Body)
	}
}

func TestEncodeRefuses(t *testing.T) {
	o := operation("PUT /things/{thingId}", isojot.LaneGuest)
	o.Params = []string{"thingId"}
	for want, values := range map[string]map[string]any{
		"thingId: missing; pass a value":                              nil,
		"other: no parameter of things.get, which has thingId":        {"thingId": "a", "other": 1},
		"thingId: []string is neither a text, a number nor a boolean": {"thingId": []string{"a"}},
		"thingId: <nil> is neither a text, a number nor a boolean":    {"thingId": nil},
		"thingId: json: unsupported type: chan int":                   {"thingId": make(chan int)},
	} {
		_, err := isojot.Encode(o, values)
		e, ok := errors.AsType[*isojot.Error](err)
		if !ok || !errors.Is(err, isojot.ErrInvalidArgument) || !strings.Contains(e.Message, want) || e.Operation != "things.get" {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// What has no typed method is called by the names of its parameters.
func TestCallJSON(t *testing.T) {
	rec := &recorder{}
	c := newClient(t, isojot.WithTransport(rec), isojot.WithKey("k"))
	if _, err := isojot.CallJSON[map[string]any](t.Context(), c, "webhooks.create", map[string]any{
		"webhookId": "unique()", "url": "https://example.com", "name": "n", "events": []string{"users.*.create"}, "enabled": false,
	}); err != nil {
		t.Fatal(err)
	}
	req := rec.requests[0]
	if want := `{"webhookId":"unique()","url":"https://example.com","name":"n","events":["users.*.create"],"enabled":false}`; string(req.Body) != want || carried(req) != "key" {
		t.Errorf("%s by %s, want %s", req.Body, carried(req), want)
	}
	if _, err := isojot.CallJSON[map[string]any](t.Context(), c, "webhooks.nope", nil); !errors.Is(err, isojot.ErrInvalidArgument) {
		t.Errorf("%v", err)
	}
}

// URLs for pages name the project, and hold no credential.
func TestURL(t *testing.T) {
	c := newClient(t, isojot.WithKey("k"), isojot.WithSession("s"), isojot.WithTransport(&recorder{}))
	o := operation("GET /things/{thingId}", isojot.LaneKey)
	for want, p := range map[string]isojot.Params{
		"/things/a%2Fb?project=demo":        {Path: map[string]string{"thingId": "a/b"}},
		"/things/a?width=1&project=demo":    {Path: map[string]string{"thingId": "a"}, RawQuery: "width=1"},
		"/things/a?name=a%26b&project=demo": {Path: map[string]string{"thingId": "a"}, Query: map[string]string{"name": "a&b"}},
	} {
		if url, err := c.URL(o, p); err != nil || url != c.Endpoint()+want {
			t.Errorf("%s, %v, want %s", url, err, want)
		}
	}
	for _, o := range []isojot.Operation{o, operation("no pattern", isojot.LaneKey)} {
		if url, err := c.URL(o, isojot.Params{}); !errors.Is(err, isojot.ErrInvalidArgument) {
			t.Errorf("%s, %v", url, err)
		}
	}
}

// A sign-in at a provider begins with a URL: that of the server, or, for a token,
// that to which the server sends.
func TestOAuth2(t *testing.T) {
	rec := &recorder{}
	c := newClient(t, isojot.WithTransport(rec))
	p := isojot.CreateOAuth2Session{Provider: isojot.OAuthProviderGithub, Success: "https://a.example/?b=c", Scopes: []string{"user"}}
	url, err := c.Account.CreateOAuth2Session(p)
	const query = "?success=https%3A%2F%2Fa.example%2F%3Fb%3Dc&scopes%5B0%5D=user"
	if want := c.Endpoint() + "/account/sessions/oauth2/github" + query + "&project=demo"; err != nil || url != want || len(rec.requests) > 0 {
		t.Errorf("%s, %v, want %s", url, err, want)
	}
	rec.answers = []isojot.Response{{Status: 301, Header: map[string][]string{"location": {"https://github.com/login"}}}}
	url, err = c.Account.CreateOAuth2Token(t.Context(), p)
	if err != nil || url != "https://github.com/login" || len(rec.requests) != 1 || !strings.HasSuffix(rec.requests[0].URL, "/account/tokens/oauth2/github"+query) {
		t.Errorf("%s, %v", url, err)
	}
	if url, err := c.Account.CreateOAuth2Token(t.Context(), p); !errors.Is(err, isojot.ErrBadResponse) {
		t.Errorf("no redirect: %s, %v", url, err)
	}
}
