package main

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"example.com/isojot-go-ssr/notes"
	"github.com/isojot/isojot"
	"github.com/isojot/isojot/ssr"
)

//go:embed web
var web embed.FS

// app renders the pages.
type app struct {
	notes *notesClient
	pages map[string]*template.Template
}

// newHandler returns the pages, and at /v1/ the API for scripts that they may
// one day have.
func newHandler(base *isojot.Client, notesURL string, opts ...ssr.Option) (http.Handler, error) {
	sessions, err := ssr.New(base, opts...)
	if err != nil {
		return nil, err
	}
	a := &app{notes: newNotesClient(notesURL), pages: map[string]*template.Template{}}
	for _, name := range []string{"home", "login", "signup", "problem"} {
		if a.pages[name], err = template.ParseFS(web, "web/layout.html", "web/"+name+".html"); err != nil {
			return nil, err
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.home)
	mux.HandleFunc("GET /login", a.form("login"))
	mux.HandleFunc("POST /login", a.login)
	mux.HandleFunc("GET /signup", a.form("signup"))
	mux.HandleFunc("POST /signup", a.signUp)
	mux.HandleFunc("POST /logout", a.logout)
	mux.HandleFunc("POST /notes", a.addNote)
	for _, name := range []string{"page.css", "icon.svg"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, web, "web/"+name) })
	}
	mux.Handle(ssr.ProxyPath, sessions.Proxy())
	return secured(sessions.Middleware(mux)), nil
}

// secured tells browsers what the pages never do: run scripts, be framed, send
// forms elsewhere.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// view is what the templates show.
type view struct {
	Title string
	User  *isojot.User // nil: nobody is signed in
	Error string       // of the form
	Email string       // as it was typed
	Name  string
	Text  string

	List     *notes.List // nil: the notes service does not answer
	Sessions []isojot.Session
}

// home shows the visitor's notes, and leads guests to the login.
func (a *app) home(w http.ResponseWriter, r *http.Request) {
	a.showHome(w, r, http.StatusOK, view{})
}

func (a *app) showHome(w http.ResponseWriter, r *http.Request, status int, v view) {
	visitor, _ := ssr.FromContext(r.Context())
	user, err := visitor.User(r.Context())
	if err != nil {
		a.fail(w, r, err)
		return
	}
	client, err := visitor.Client()
	if err != nil {
		a.fail(w, r, err)
		return
	}
	sessions, err := client.Account.ListSessions(r.Context())
	if err != nil {
		a.fail(w, r, ssr.Sort(err))
		return
	}
	v.Title, v.User, v.Sessions = "Your notes", user, sessions.Sessions
	if v.List, err = a.notes.list(r.Context(), visitor); errors.Is(err, ssr.ErrSignedOut) {
		a.fail(w, r, err)
		return
	} else if err != nil {
		slog.WarnContext(r.Context(), "the notes are left out of the page", "error", err)
	}
	a.show(w, r, status, "home", v)
}

// fail shows what keeps a page from being shown. A server that is down signs
// nobody out.
func (a *app) fail(w http.ResponseWriter, r *http.Request, err error) {
	v, status := view{Title: "Something went wrong", Error: "This page could not be made. The log of this program says why."}, http.StatusInternalServerError
	switch {
	case errors.Is(err, ssr.ErrSignedOut):
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return
	case errors.Is(err, isojot.ErrUserBlocked):
		v.Error, status = "This account is blocked.", http.StatusForbidden
	case errors.Is(err, ssr.ErrUnavailable):
		retryLater(w, err)
		v.Title, v.Error = "Back in a moment", "The auth server cannot be asked at the moment. You are still signed in: try again later."
		status = http.StatusServiceUnavailable
	}
	slog.WarnContext(r.Context(), "page not shown", "path", r.URL.Path, "status", status, "error", err)
	a.show(w, r, status, "problem", v)
}

// retryLater says how long to wait where the API told, in whole seconds.
func retryLater(w http.ResponseWriter, err error) {
	if e, ok := errors.AsType[*isojot.Error](err); ok && e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((e.RetryAfter+time.Second-1)/time.Second)))
	}
}

// show renders a page, all of it before any of it is sent.
func (a *app) show(w http.ResponseWriter, r *http.Request, status int, name string, v view) {
	var page bytes.Buffer
	if err := a.pages[name].ExecuteTemplate(&page, "layout", v); err != nil {
		slog.ErrorContext(r.Context(), "template", "page", name, "error", err)
		http.Error(w, "This page could not be made.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// An error here is a browser that has gone.
	_, _ = page.WriteTo(w)
}
