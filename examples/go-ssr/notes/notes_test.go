package notes_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"example.com/isojot-go-ssr/notes"
	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
)

func TestNotesAreTheCallersOwn(t *testing.T) {
	srv := isojottest.NewServer(t)
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com"}, isojottest.User{ID: "bob", Email: "bob@example.com"})
	base, err := isojot.NewClient(srv.URL, srv.Project)
	if err != nil {
		t.Fatal(err)
	}
	h, err := notes.NewHandler(base)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, user, body string) (int, string) {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), method, "/notes", strings.NewReader(body))
		if user != "" {
			r.Header.Set("Authorization", "Bearer "+jwt(t, base, srv.CreateSession(user)))
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec.Code, strings.TrimSpace(rec.Body.String())
	}
	for _, step := range []struct {
		method, user, body string
		status             int
		want               string
	}{
		{"GET", "", "", http.StatusUnauthorized, "Send a JWT"},
		{"POST", "ann", `{"text":" one "}`, http.StatusCreated, `{"userId":"ann","notes":["one"]}`},
		{"POST", "ann", `{"text":"two"}`, http.StatusCreated, `{"userId":"ann","notes":["two","one"]}`},
		{"GET", "bob", "", http.StatusOK, `{"userId":"bob","notes":[]}`},
		{"GET", "ann", "", http.StatusOK, `{"userId":"ann","notes":["two","one"]}`},
		{"POST", "bob", `{"text":" "}`, http.StatusBadRequest, "1 to 280"},
		{"POST", "bob", `{"text":"` + strings.Repeat("ä", notes.MaxRunes+1) + `"}`, http.StatusBadRequest, "1 to 280"},
		{"POST", "bob", "text=1", http.StatusBadRequest, "Send {"},
	} {
		status, body := ask(step.method, step.user, step.body)
		if status != step.status || !strings.Contains(body, step.want) {
			t.Errorf("%s by %q: %d %s, want %d %s", step.method, step.user, status, body, step.status, step.want)
		}
	}
}

func TestOldNotesGo(t *testing.T) {
	srv := isojottest.NewServer(t)
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com"})
	base, err := isojot.NewClient(srv.URL, srv.Project)
	if err != nil {
		t.Fatal(err)
	}
	h, err := notes.NewHandler(base)
	if err != nil {
		t.Fatal(err)
	}
	token := jwt(t, base, srv.CreateSession("ann"))
	body := ""
	for i := range notes.MaxNotes + 1 {
		r := httptest.NewRequest("POST", "/notes", strings.NewReader(`{"text":"n`+strconv.Itoa(i)+`"}`))
		r.Header.Set("Authorization", "Bearer "+token)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		body = rec.Body.String()
	}
	if strings.Contains(body, `"n0"`) || !strings.Contains(body, `["n20","n19"`) || !strings.Contains(body, `"n1"]`) {
		t.Errorf("%s", body)
	}
}

func jwt(t *testing.T, base *isojot.Client, session string) string {
	t.Helper()
	c, err := base.With(isojot.WithSession(session))
	if err != nil {
		t.Fatal(err)
	}
	made, err := c.Account.CreateJWT(t.Context(), isojot.CreateJWT{})
	if err != nil {
		t.Fatal(err)
	}
	return made.JWT
}
