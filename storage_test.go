package isojot_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/isojot/isojot"
)

type memory struct {
	mu     sync.Mutex
	values map[string]string
}

func (m *memory) Get(name string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[name]
}

func (m *memory) Set(name, value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[string]string{}
	}
	m.values[name] = value
}

func signedIn(headers map[string][]string) isojot.Response {
	res := *answer(201, `{"$id":"s1","userId":"u1","secret":""}`)
	for name, values := range headers {
		res.Header[name] = values
	}
	return res
}

const stored = `{"a_session_demo":"c2VjcmV0=="}`

func TestStorageRemembersTheSession(t *testing.T) {
	for name, headers := range map[string]map[string][]string{
		"fallback header": {"x-fallback-cookies": {stored}},
		"cookie": {"set-cookie": {
			"a_session_demo_legacy=c2VjcmV0%3D%3D; path=/; HttpOnly", "a_session_demo=c2VjcmV0%3D%3D; path=/; HttpOnly; SameSite=None",
		}},
	} {
		rec, mem := &recorder{answers: []isojot.Response{signedIn(headers)}}, &memory{}
		c := newClient(t, isojot.WithTransport(rec), isojot.WithStorage(mem))
		session, err := c.Account.CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: "a@b.c", Password: "password"})
		if err != nil {
			t.Fatal(name, err)
		}
		if session.Secret != "c2VjcmV0==" {
			t.Errorf("%s: Secret is %q", name, session.Secret)
		}
		if _, err := c.Account.Get(t.Context()); err != nil {
			t.Fatal(name, err)
		}
		if got := rec.last(t).Header["x-fallback-cookies"]; got != stored {
			t.Errorf("%s: sent %q, want %q", name, got, stored)
		}
	}
}

func TestStorageForgetsASessionThatEnds(t *testing.T) {
	for name, headers := range map[string]map[string][]string{
		"fallback header":      {"x-fallback-cookies": {"[]"}},
		"several, as upstream": {"x-fallback-cookies": {"[], []"}},
		"cookie":               {"set-cookie": {"a_session_demo=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT"}},
	} {
		mem := &memory{}
		mem.Set("cookieFallback", stored)
		rec := &recorder{answers: []isojot.Response{{Status: 204, Header: headers}}}
		c := newClient(t, isojot.WithTransport(rec), isojot.WithStorage(mem))
		if err := c.Account.DeleteSession(t.Context(), "current"); err != nil {
			t.Fatal(name, err)
		}
		if got := mem.Get("cookieFallback"); got != "" {
			t.Errorf("%s: %q is left", name, got)
		}
	}
}

func TestStorageIsNotTouchedByOtherIdentities(t *testing.T) {
	for name, opt := range map[string]isojot.Option{
		"explicit session": isojot.WithSession("other"), "jwt": isojot.WithJWT(testToken),
	} {
		mem := &memory{}
		mem.Set("cookieFallback", stored)
		res := *answer(200, `{}`)
		res.Header["x-fallback-cookies"] = []string{"[]"}
		rec := &recorder{answers: []isojot.Response{res}}
		c := newClient(t, isojot.WithTransport(rec), isojot.WithStorage(mem), opt)
		if _, err := c.Account.Get(t.Context()); err != nil {
			t.Fatal(name, err)
		}
		if mem.Get("cookieFallback") != stored || rec.last(t).Header["x-fallback-cookies"] != "" {
			t.Errorf("%s: storage %q, sent %v", name, mem.Get("cookieFallback"), rec.last(t).Header)
		}
	}
}

func TestStorageOfAnotherProjectIsNotSent(t *testing.T) {
	for _, value := range []string{`{"a_session_other":"x"}`, `{"a_session_demo":1}`, `[]`, "junk", `{"a_session_demo":"é"}`, `{"a_session_demo":"` + strings.Repeat("x", 8<<10) + `"}`} {
		mem, rec := &memory{}, &recorder{}
		mem.Set("cookieFallback", value)
		c := newClient(t, isojot.WithTransport(rec), isojot.WithStorage(mem))
		if _, err := c.Account.Get(t.Context()); err == nil {
			t.Errorf("%q was sent: %v", value, rec.last(t).Header)
		}
	}
}

// A client shared by several users must not remember the last one.
func TestNothingIsRememberedWithoutStorage(t *testing.T) {
	rec := &recorder{answers: []isojot.Response{signedIn(map[string][]string{"x-fallback-cookies": {stored}})}}
	c := newClient(t, isojot.WithTransport(rec))
	if _, err := c.Account.CreateAnonymousSession(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Account.Get(t.Context()); err == nil {
		t.Errorf("the next call carried %v", rec.last(t).Header)
	}
}

// TestOnlyTheProjectsSessionIsSent of what lies in the storage that a page's
// clients share, with the official SDK too.
func TestOnlyTheProjectsSessionIsSent(t *testing.T) {
	mem := &memory{}
	mem.Set("cookieFallback", `{"a_session_demo":"ZGVtbw==", "a_session_other":"b3RoZXI=", "more":{"x":1}}`)
	for project, want := range map[string]string{
		"demo": `{"a_session_demo":"ZGVtbw=="}`, "other": `{"a_session_other":"b3RoZXI="}`, "DEMO": `{"a_session_demo":"ZGVtbw=="}`,
	} {
		for _, endpoint := range []string{"https://a.example/v1", "https://b.example/v1"} {
			rec := &recorder{}
			c, err := isojot.NewClient(endpoint, project, isojot.WithTransport(rec), isojot.WithStorage(mem))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Account.Get(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := rec.last(t).Header["x-fallback-cookies"]; got != want {
				t.Errorf("%s at %s: sent %q, want %q", project, endpoint, got, want)
			}
		}
	}
}

// TestSessionStaysAtItsEndpoint: one that a client has stored is not sent to
// another endpoint, whose sign-out leaves it, and in the form of the official SDK.
func TestSessionStaysAtItsEndpoint(t *testing.T) {
	for name, headers := range map[string]map[string][]string{
		"fallback header": {"x-fallback-cookies": {stored}},
		"cookie":          {"set-cookie": {"a_session_demo=c2VjcmV0%3D%3D; path=/; HttpOnly"}},
	} {
		mem, rec := &memory{}, &recorder{answers: []isojot.Response{signedIn(headers)}}
		at := func(endpoint string) *isojot.Client {
			t.Helper()
			c, err := isojot.NewClient(endpoint, "demo", isojot.WithTransport(rec), isojot.WithStorage(mem))
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		a, b := at("https://a.example/v1"), at("https://b.example/v1")
		_, err := a.Account.CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: "a@b.c", Password: "password"})
		if err != nil {
			t.Fatal(name, err)
		}
		kept := mem.Get("cookieFallback")
		var official map[string]string
		if err := json.Unmarshal([]byte(kept), &official); err != nil || official["a_session_demo"] != "c2VjcmV0==" {
			t.Errorf("%s: stored is %q, %v", name, kept, err)
		}
		if _, err := b.Account.Get(t.Context()); err == nil {
			t.Errorf("%s: sent to another endpoint: %v", name, rec.last(t).Header)
		}
		cleared := *answer(200, `{"$id":"u1"}`)
		cleared.Header["x-fallback-cookies"] = []string{"[]"}
		rec.answers = []isojot.Response{cleared}
		if _, err := b.Account.Create(t.Context(), isojot.CreateAccount{UserID: "u1", Email: "a@b.c", Password: "password"}); err != nil {
			t.Fatal(name, err)
		}
		if got := mem.Get("cookieFallback"); got != kept {
			t.Errorf("%s: stored is %q after the other's answer", name, got)
		}
		if _, err := at("https://a.example/v1/").Account.Get(t.Context()); err != nil || rec.last(t).Header["x-fallback-cookies"] != stored {
			t.Errorf("%s: sent %v, %v", name, rec.last(t).Header, err)
		}
	}
}
