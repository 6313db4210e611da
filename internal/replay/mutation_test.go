package replay

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// edit is a wrapper that lets a function change each answer before it is sent.
func edit(change func(*http.Request, *answer)) wrapper {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			a := answer{rec.Code, rec.Header(), rec.Body.Bytes()}
			change(r, &a)
			clear(w.Header())
			for name, values := range a.Header {
				w.Header()[name] = values
			}
			w.WriteHeader(a.Status)
			_, _ = w.Write(a.Body) // a recorder takes everything
		})
	}
}

// once calls a change for the first answer that it applies to.
func once(change func(*http.Request, *answer) bool) func(*http.Request, *answer) {
	done := false
	return func(r *http.Request, a *answer) { done = done || change(r, a) }
}

// mutations are faults that a server could have, one answer each, and the
// field by which the replay must report it.
var mutations = map[string]struct {
	field  string
	change func(*http.Request, *answer) bool
}{
	"a status": {"status", func(r *http.Request, a *answer) bool {
		if a.Status != http.StatusCreated {
			return false
		}
		a.Status = http.StatusOK
		return true
	}},
	"a cookie's attribute": {"cookie a_session_golden attributes", func(r *http.Request, a *answer) bool {
		cookies := a.Header["Set-Cookie"]
		for i, c := range cookies {
			if strings.HasPrefix(c, "a_session_golden=") && strings.Contains(c, "; HttpOnly") {
				cookies[i] = strings.Replace(c, "; HttpOnly", "", 1)
				return true
			}
		}
		return false
	}},
	"a cookie's lifetime": {"cookie a_session_golden Max-Age", func(r *http.Request, a *answer) bool {
		cookies := a.Header["Set-Cookie"]
		for i, c := range cookies {
			if strings.HasPrefix(c, "a_session_golden=") && strings.Contains(c, "Max-Age=31536000") {
				cookies[i] = strings.Replace(c, "Max-Age=31536000", "Max-Age=3153600", 1)
				return true
			}
		}
		return false
	}},
	"an error's type": {"type", func(r *http.Request, a *answer) bool {
		before := a.Body
		a.Body = bytes.Replace(a.Body, []byte(`"user_already_exists"`), []byte(`"user_not_found"`), 1)
		return !bytes.Equal(before, a.Body)
	}},
	"a budget": {"header X-Ratelimit-Remaining", func(r *http.Request, a *answer) bool {
		if a.Header.Get("X-RateLimit-Remaining") == "" {
			return false
		}
		a.Header.Set("X-RateLimit-Remaining", "100000")
		return true
	}},
	"a member's kind": {"body /emailVerification", func(r *http.Request, a *answer) bool {
		before := a.Body
		a.Body = bytes.Replace(a.Body, []byte(`"emailVerification":false`), []byte(`"emailVerification":null`), 1)
		return !bytes.Equal(before, a.Body)
	}},
	"a member left out": {"body /", func(r *http.Request, a *answer) bool {
		before := a.Body
		a.Body = bytes.Replace(a.Body, []byte(`"mfa":false,`), nil, 1)
		return !bytes.Equal(before, a.Body)
	}},
	"the user's id": {"body /userId", func(r *http.Request, a *answer) bool {
		if !strings.HasSuffix(r.URL.Path, "/sessions/email") || a.Status != http.StatusCreated {
			return false
		}
		a.Body = regexp.MustCompile(`"userId":"[^"]*"`).ReplaceAll(a.Body, []byte(`"userId":7`))
		return true
	}},
}

// TestReplayCanFail shows that the replay notices faults: of a server that
// answers one request wrongly, it reports that step and nothing of the others.
func TestReplayCanFail(t *testing.T) {
	of := collections[0]
	all, _ := contract(t, of)
	scenarios := all[:min(4, len(all))]
	var listed []difference
	known := map[string]bool{}
	for _, sc := range scenarios {
		for _, s := range sc.Steps {
			listed = append(listed, s.Differences...)
			for _, d := range s.Differences {
				known[d.key()] = true
			}
		}
	}
	for name, m := range mutations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := of.playAll(t.Context(), scenarios, edit(once(m.change)))
			if err != nil {
				t.Fatal(err)
			}
			steps := map[place]bool{}
			for _, d := range got.Differences {
				if known[d.key()] {
					continue
				}
				steps[place{d.Scenario, d.Step}] = true
				if !strings.HasPrefix(d.Field, m.field) {
					t.Errorf("reported as %s, want %s", d.key(), m.field)
				}
			}
			faults := unexpected(listed, got.Differences)
			if len(steps) != 1 {
				t.Errorf("%d steps are reported, want 1: %v", len(steps), faults)
			}
		})
	}
}
