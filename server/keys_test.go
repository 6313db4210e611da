package server

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/server/internal/ids"
)

// apiKey makes an API key of the server's project and returns its header.
func (f *fixture) apiKey(scopes ...string) headers {
	f.t.Helper()
	return f.newKey(f.options.Project, NewKey{Scopes: scopes})
}

// newKey makes an API key and returns its header.
func (f *fixture) newKey(project string, n NewKey) headers {
	f.t.Helper()
	key, _, err := f.Keys().Create(f.t.Context(), project, n)
	if err != nil {
		f.t.Fatal(err)
	}
	return headers{"X-Appwrite-Key": key, "X-Appwrite-Project": project}
}

// with is a copy of headers with those of others.
func (h headers) with(others ...headers) headers {
	all := headers{}
	for _, other := range append([]headers{h}, others...) {
		for name, value := range other {
			all[name] = value
		}
	}
	return all
}

const (
	unauthorized = "The current user is not authorized to perform the requested action."
	expired      = "The project key has expired. Please generate a new key using the Appwrite console."
)

func TestKeysLookLikeAppwrites(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if key := f.apiKey()["X-Appwrite-Key"]; !regexp.MustCompile(`^standard_[0-9a-f]{256}$`).MatchString(key) {
		t.Errorf("the key is %q", key)
	}
}

func TestUnknownKeysAreRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.Projects = []Project{{ID: "demo"}, {ID: "other"}} })
	good, foreign := f.apiKey(), f.newKey("other", NewKey{})
	f.signUp("ann")
	store, _ := f.signIn("ann")
	shorter := headers{"X-Appwrite-Key": strings.TrimSuffix(good["X-Appwrite-Key"], "0")[:200]}
	list := func(name string, h headers, status int, kind, message string) scenario {
		return scenario{name: name, method: "GET", path: "/v1/users", headers: h, status: status, kind: kind, message: message}
	}
	f.run([]scenario{
		list("good", good, 200, "", ""),
		list("unknown", headers{"X-Appwrite-Key": "standard_x"}, 401, "user_unauthorized", unauthorized),
		list("without prefix", headers{"X-Appwrite-Key": "abc"}, 401, "user_unauthorized", unauthorized),
		list("cut off", shorter, 401, "user_unauthorized", unauthorized),
		list("of another project", headers{"X-Appwrite-Key": foreign["X-Appwrite-Key"]}, 401, "user_unauthorized", unauthorized),
		list("without project", good.with(headers{"X-Appwrite-Project": ""}), 403, "project_id_missing", ""),
		list("console", good.with(headers{"X-Appwrite-Project": "console"}), 403, "project_id_missing", ""),
		list("unknown project", good.with(headers{"X-Appwrite-Project": "nope"}), 404, "project_not_found", ""),
		list("unknown beside a session", session(store).with(headers{"X-Appwrite-Key": "standard_x"}), 401, "user_unauthorized", unauthorized),
		list("unknown beside a bad JWT", token("a.b.c").with(headers{"X-Appwrite-Key": "standard_x"}), 401, "user_jwt_invalid", ""),
		list("from an unknown origin", good.with(headers{"Origin": "http://evil.example"}), 200, "", ""),
		list("unknown, from an unknown origin", headers{"X-Appwrite-Key": "standard_x", "Origin": "http://evil.example"}, 401, "user_unauthorized", unauthorized),
	})
}

func TestKeysExpire(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	key := f.newKey("demo", NewKey{Expires: time.Hour})
	f.advance(time.Hour - time.Millisecond)
	f.must(200, "GET", "/v1/users", key, "")
	f.advance(time.Millisecond)
	scenario{status: 401, kind: "project_key_expired", message: expired}.check(t, f.do("GET", "/v1/users", key, ""))
}

func TestRevokedKeysAreRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	key := f.apiKey()
	f.must(200, "GET", "/v1/users", key, "")
	list, err := f.Keys().List(t.Context(), "demo")
	if err != nil || len(list) != 1 {
		t.Fatalf("List = %v, %v", list, err)
	}
	if err := f.Keys().Revoke(t.Context(), "demo", list[0].ID); err != nil {
		t.Fatal(err)
	}
	scenario{status: 401, kind: "user_unauthorized"}.check(t, f.do("GET", "/v1/users", key, ""))
	if err := f.Keys().Revoke(t.Context(), "demo", list[0].ID); !errors.Is(err, ErrNoKey) {
		t.Errorf("revoking again: %v", err)
	}
}

func TestScopesOfKeys(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	missing := func(scopes string) string {
		return `app.demo@service.localhost (role: applications) missing scopes (["` + scopes + `"])`
	}
	try := func(name, method, path string, h headers, status int, scopes string) scenario {
		sc := scenario{name: name, method: method, path: path, headers: h, body: "{}", status: status}
		if scopes != "" {
			sc.kind, sc.message = "general_unauthorized_scope", missing(scopes)
		}
		return sc
	}
	all, read, sessions := f.apiKey(), f.apiKey("users.read"), f.apiKey("sessions.read", "sessions.write")
	jwt := f.jwt(store)
	f.run([]scenario{
		try("read with users.read", "GET", "/v1/users/ann", read, 200, ""),
		try("write with users.read", "DELETE", "/v1/users/ann", read, 401, "users.write"),
		try("read with sessions.*", "GET", "/v1/users/ann", sessions, 401, "users.read"),
		try("sessions with users.read", "GET", "/v1/users/ann/sessions", read, 200, ""),
		try("sessions with sessions.*", "GET", "/v1/users/ann/sessions", sessions, 200, ""),
		try("new session with sessions.*", "POST", "/v1/users/ann/sessions", sessions, 201, ""),
		try("new session with users.read", "POST", "/v1/users/ann/sessions", read, 401, `users.write","sessions.write`),
		try("no key has account", "GET", "/v1/account", all, 401, "account"),
		try("nor beside a session", "GET", "/v1/account", all.with(session(store)), 401, "account"),
		try("nor beside a JWT", "GET", "/v1/account", all.with(token(jwt)), 401, "account"),
		try("nor public", "GET", "/v1/health/version", all, 401, "public"),
		try("global", "GET", "/v1/ping", read, 200, ""),
		{name: "unknown route", method: "GET", path: "/v1/nope", headers: read, status: 404, kind: "general_route_not_found"},
	})
	a := f.do("GET", "/v1/account", all.with(headers{"Host": "auth.example.com:8080"}), "")
	if got := a.text("message"); !strings.HasPrefix(got, "app.demo@service.auth.example.com (role: applications)") {
		t.Errorf("message = %q", got)
	}
}

// The users service is for keys alone, also where a guest has the scope.
func TestUsersServiceNeedsAKey(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, sessionID := f.signIn("ann")
	callers := map[string]headers{"User (role: guests)": nil, "ann@example.com (role: users)": session(store)}
	checked := 0
	for name, ep := range endpoints() {
		if ep.service() != "users" {
			continue
		}
		checked++
		method, path, _ := strings.Cut(ep.pattern, " ")
		path = strings.NewReplacer("{userId}", "ann", "{sessionId}", sessionID).Replace(path)
		for who, h := range callers {
			a := f.do(method, "/v1"+path, h, `{"userId":"new","status":false}`)
			kind, want := "general_unauthorized_scope", who+` missing scopes (["`+strings.Join(ep.scope, `","`)+`"])`
			if slices.Contains(ep.scope, "sessions.write") {
				kind, want = "user_unauthorized", unauthorized
			}
			scenario{status: 401, kind: kind, message: want}.check(t, a)
			if a.Code != 401 {
				t.Errorf("%s by %s: %d", name, who, a.Code)
			}
		}
	}
	if checked <= 15 {
		t.Errorf("only %d operations of the service were called", checked)
	}
	f.must(200, "GET", "/v1/account", session(store), "")
}

func TestKeysOfOptions(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) {
		o.Project, o.APIKey = "demo", "sixteen letters!"
		o.Projects = []Project{{ID: "other", APIKey: "another such key"}}
	})
	list := func(name, project, key string, status int) scenario {
		kind := ""
		if status == 401 {
			kind = "user_unauthorized"
		}
		return scenario{name: name, method: "GET", path: "/v1/users", status: status, kind: kind,
			headers: headers{"X-Appwrite-Project": project, "X-Appwrite-Key": key}}
	}
	f.run([]scenario{
		list("its project", "demo", "sixteen letters!", 200),
		list("another project", "other", "sixteen letters!", 401),
		list("the other's", "other", "another such key", 200),
		list("the hash of the key", "demo", ids.Hash("sixteen letters!"), 401),
	})
	if keys, err := f.Keys().List(t.Context(), "demo"); err != nil || len(keys) != 0 {
		t.Errorf("a key of Options is stored: %v, %v", keys, err)
	}
}

func TestNewKeys(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for want, n := range map[string]NewKey{
		"no scope \"account\"":        {Scopes: []string{"users.read", "account"}},
		"at least a second":           {Expires: time.Millisecond},
		"valid for -1h0m0s":           {Expires: -time.Hour},
		"more than 128 characters":    {Name: strings.Repeat("x", 129)},
		"has control characters: wri": {Name: "a\nb"},
	} {
		if _, _, err := f.Keys().Create(t.Context(), "demo", n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Create(%+v): %v, want %q", n, err, want)
		}
	}
	_, key, err := f.Keys().Create(t.Context(), "demo", NewKey{Name: "ci", Expires: time.Hour})
	if err != nil || key.Name != "ci" || !key.ExpiresAt.Equal(start.Add(time.Hour)) || !slices.Equal(key.Scopes, Scopes()) {
		t.Errorf("Create = %+v, %v", key, err)
	}
	if _, _, err := f.Keys().Create(t.Context(), "nope", NewKey{}); !errors.Is(err, ErrNoProject) {
		t.Errorf("a key of an unknown project: %v", err)
	}
	if _, err := f.Keys().List(t.Context(), "nope"); !errors.Is(err, ErrNoProject) {
		t.Errorf("the keys of an unknown project: %v", err)
	}
}

// A key made beside a running server holds at once, and so does its end.
func TestKeyringBesideAServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := OpenKeyring(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "no database") {
		t.Errorf("OpenKeyring of an empty directory: %v", err)
	}
	f := newFixture(t, func(o *Options) { o.Memory, o.DataDir = false, dir })
	keys := f.openKeyring()
	secret, key, err := keys.Create(t.Context(), "demo", NewKey{})
	if err != nil {
		t.Fatal(err)
	}
	h := headers{"X-Appwrite-Key": secret}
	f.must(200, "GET", "/v1/users", h, "")
	if err := keys.Revoke(t.Context(), "demo", key.ID); err != nil {
		t.Fatal(err)
	}
	f.must(401, "GET", "/v1/users", h, "")
	signing, err := keys.SigningKey(t.Context(), "demo")
	if err != nil || len(signing) != 64 {
		t.Errorf("SigningKey has %d bytes, %v", len(signing), err)
	}
}

// Servers see the secrets of the sessions they make, pages do not.
func TestSecretsAreForKeys(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	const credentials = `{"email":"ann@example.com","password":"password123"}`
	if secret := f.must(201, "POST", "/v1/account/sessions/email", nil, credentials).text("secret"); secret != "" {
		t.Errorf("a page sees the secret %q", secret)
	}
	secret := f.must(201, "POST", "/v1/account/sessions/email", f.apiKey(), credentials).text("secret")
	if got := f.must(200, "GET", "/v1/account", session(secret), "").text("$id"); got != "ann" {
		t.Errorf("the secret is that of %q", got)
	}
}

func TestForwardedUserAgent(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	h := headers{"User-Agent": "curl/8", "X-Forwarded-User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0"}
	const credentials = `{"email":"ann@example.com","password":"password123"}`
	if got := f.must(201, "POST", "/v1/account/sessions/email", h, credentials).text("clientName"); got == "Firefox" {
		t.Error("the header counts without an API key")
	}
	if got := f.must(201, "POST", "/v1/account/sessions/email", h.with(f.apiKey()), credentials).text("clientName"); got != "Firefox" {
		t.Errorf("clientName = %q with an API key, want Firefox", got)
	}
}
