package isojot_test

import (
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
	for _, value := range []string{`{"a_session_other":"x"}`, `{"a_session_demo":1}`, `[]`, "junk", stored + "\n"} {
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
