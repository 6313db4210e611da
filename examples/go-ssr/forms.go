package main

import (
	"errors"
	"net/http"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/ssr"
)

// maxForm bounds a form, in bytes.
const maxForm = 64 << 10

var titles = map[string]string{"login": "Sign in", "signup": "Create an account"}

// form shows an empty form, to who is not signed in yet.
func (a *app) form(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		visitor, _ := ssr.FromContext(r.Context())
		switch _, err := visitor.User(r.Context()); {
		case err == nil:
			http.Redirect(w, r, "/", http.StatusSeeOther)
		case errors.Is(err, ssr.ErrSignedOut) || errors.Is(err, isojot.ErrUserBlocked): // another user may sign in
			a.show(w, r, http.StatusOK, name, view{Title: titles[name]})
		default:
			a.fail(w, r, err)
		}
	}
}

func (a *app) login(w http.ResponseWriter, r *http.Request) {
	email, password, ok := a.credentials(w, r, "login")
	if !ok {
		return
	}
	visitor, _ := ssr.FromContext(r.Context())
	_, err := visitor.SignIn(r.Context(), isojot.CreateEmailPasswordSession{Email: email, Password: password})
	a.done(w, r, "login", view{Email: email}, err)
}

func (a *app) signUp(w http.ResponseWriter, r *http.Request) {
	email, password, ok := a.credentials(w, r, "signup")
	if !ok {
		return
	}
	name := strings.TrimSpace(r.PostFormValue("name"))
	visitor, _ := ssr.FromContext(r.Context())
	_, err := visitor.SignUp(r.Context(), isojot.CreateAccount{Email: email, Password: password, Name: name})
	a.done(w, r, "signup", view{Email: email, Name: name}, err)
}

// credentials reads the form, or answers what is wrong with it.
func (a *app) credentials(w http.ResponseWriter, r *http.Request, name string) (email, password string, ok bool) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		a.show(w, r, http.StatusBadRequest, name, view{Title: titles[name], Error: "The form could not be read: it is broken or too long."})
		return "", "", false
	}
	return strings.TrimSpace(r.PostFormValue("email")), r.PostFormValue("password"), true
}

// done leads on after a form that worked, so that reloading sends it no second
// time, and else shows the form again with what is wrong.
func (a *app) done(w http.ResponseWriter, r *http.Request, name string, v view, err error) {
	if err == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	text, status := explain(err)
	if text == "" {
		a.fail(w, r, err)
		return
	}
	retryLater(w, err)
	v.Title, v.Error = titles[name], text
	a.show(w, r, status, name, v)
}

// explain says what a user can do about an error of a form, or "".
func explain(err error) (string, int) {
	switch e, _ := errors.AsType[*isojot.Error](err); {
	case errors.Is(err, isojot.ErrUserInvalidCredentials):
		return "The e-mail address or the password is wrong.", http.StatusUnprocessableEntity
	case errors.Is(err, isojot.ErrUserAlreadyExists):
		return "There is an account with this e-mail address already: sign in instead.", http.StatusUnprocessableEntity
	case errors.Is(err, isojot.ErrUserBlocked):
		return "This account is blocked.", http.StatusForbidden
	case errors.Is(err, isojot.ErrRateLimitExceeded):
		return "That were too many attempts. Wait a while, then try again.", http.StatusTooManyRequests
	case errors.Is(err, isojot.ErrArgumentInvalid):
		// Such as: Invalid `password` param: Password must be between ...
		if _, what, named := strings.Cut(e.Message, " param: "); named {
			return what, http.StatusUnprocessableEntity
		}
		return e.Message, http.StatusUnprocessableEntity
	}
	return "", 0
}

func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	visitor, _ := ssr.FromContext(r.Context())
	if err := visitor.SignOut(r.Context()); err != nil {
		a.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

// addNote asks who is signed in before it acts: a JWT may be used for a while
// after its session has ended, since the service remembers what it was told.
func (a *app) addNote(w http.ResponseWriter, r *http.Request) {
	visitor, _ := ssr.FromContext(r.Context())
	if _, err := visitor.User(r.Context()); err != nil {
		a.fail(w, r, err)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	text := r.PostFormValue("text")
	switch _, err := a.notes.add(r.Context(), visitor, text); {
	case err == nil:
		http.Redirect(w, r, "/", http.StatusSeeOther)
	case errors.Is(err, ssr.ErrSignedOut), errors.Is(err, ssr.ErrUnavailable):
		a.fail(w, r, err)
	default:
		a.showHome(w, r, http.StatusUnprocessableEntity, view{Text: text, Error: "The note was not kept. It needs 1 to 280 characters."})
	}
}
