package ssr_test

import (
	"net/http"
	"testing"

	"github.com/isojot/isojot"
)

func TestSignOutOfASessionThatIsGone(t *testing.T) {
	w := newWorld(t)
	for name, b := range map[string]*browser{"never was": w.browser(t), "was ended": w.browser(t), "no session": w.browser(t), "blocked": w.browser(t)} {
		switch name {
		case "never was":
			b.plant("bm90IGEgc2Vzc2lvbg==")
		case "was ended":
			b.plant(ended(t, w, "ann"))
		case "no session":
			b.plant("deleted")
		case "blocked":
			b.plant(w.CreateSession("bob"))
			w.BlockUser("bob")
		}
		out := b.post("/out")
		cookies := out.setCookies(t)
		c := cookies["a_session_demo"]
		if out.status != http.StatusOK || c == nil || c.MaxAge >= 0 || b.cookie() != "" {
			t.Errorf("%s: %d %s, cookies %v", name, out.status, out.body, cookies)
		}
		if out.header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: Cache-Control %q", name, out.header.Get("Cache-Control"))
		}
	}
}

func TestSignOutRemovesBothCookies(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/out", "/out-everywhere", "/out-by-client"} {
		b := w.signedIn(t, "ann")
		other := w.CreateSession("ann")
		out := b.post(path)
		for _, name := range []string{"a_session_demo", "a_session_demo_legacy"} {
			if c := out.setCookies(t)[name]; c == nil || c.MaxAge >= 0 || !c.HttpOnly || c.Path != "/" {
				t.Errorf("%s: %d %s: %s is %v", path, out.status, out.body, name, c)
			}
		}
		b.sees("")
		if w.live(t, other) == (path == "/out-everywhere") {
			t.Errorf("%s: the user's other session lives: %v", path, w.live(t, other))
		}
	}
}

// TestSignOutWhileTheAPIIsDown leaves a cookie to try again with.
func TestSignOutWhileTheAPIIsDown(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(t, "ann")
	w.api.down.Store(true)
	if out := b.post("/out"); out.status != http.StatusServiceUnavailable || b.cookie() == "" {
		t.Errorf("%d %s, cookie %q", out.status, out.body, b.cookie())
	}
	w.api.down.Store(false)
	if out := b.post("/out"); out.status != http.StatusOK || b.cookie() != "" {
		t.Errorf("%d %s", out.status, out.body)
	}
}

// ended is a session that was signed out.
func ended(t *testing.T, w *world, user string) string {
	t.Helper()
	session := w.CreateSession(user)
	c, err := w.base.With(isojot.WithSession(session))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Account.DeleteSession(t.Context(), "current"); err != nil {
		t.Fatal(err)
	}
	return session
}
