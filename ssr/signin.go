package ssr

import (
	"context"
	"errors"
	"net/http"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/sessioncookie"
)

// SignIn signs the visitor in by password and sets the cookie. Like the other
// ways to sign in, it makes a session of its own whatever the request presents,
// and then ends the session that was there; a sign-in that fails leaves that
// one. A wrong address or password is isojot.ErrUserInvalidCredentials.
//
// Sign in before anything of the answer is written: else it is
// ErrCookiesReadOnly.
func (v *Visitor) SignIn(ctx context.Context, p isojot.CreateEmailPasswordSession) (*isojot.Session, error) {
	return v.signIn(ctx, func(a *isojot.Account) (*isojot.Session, error) {
		return a.CreateEmailPasswordSession(ctx, p)
	})
}

// SignUp makes an account and signs in to it. An address that is taken is
// isojot.ErrUserAlreadyExists. If only the sign-in fails, the account stays.
func (v *Visitor) SignUp(ctx context.Context, p isojot.CreateAccount) (*isojot.Session, error) {
	return v.signIn(ctx, func(a *isojot.Account) (*isojot.Session, error) {
		if _, err := a.Create(ctx, p); err != nil {
			return nil, err
		}
		return a.CreateEmailPasswordSession(ctx, isojot.CreateEmailPasswordSession{Email: p.Email, Password: p.Password})
	})
}

// SignInAnonymously makes a user without address and password and signs in.
func (v *Visitor) SignInAnonymously(ctx context.Context) (*isojot.Session, error) {
	return v.signIn(ctx, func(a *isojot.Account) (*isojot.Session, error) { return a.CreateAnonymousSession(ctx) })
}

// SignInByToken trades a one-time token for a session. A wrong, used or expired
// one is isojot.ErrUserInvalidToken.
func (v *Visitor) SignInByToken(ctx context.Context, p isojot.CreateSession) (*isojot.Session, error) {
	return v.signIn(ctx, func(a *isojot.Account) (*isojot.Session, error) { return a.CreateSession(ctx, p) })
}

// SignOut ends the visitor's session and removes the cookie. A session that was
// gone already is no error, nor is a blocked user's, of which only the cookie
// goes. Where the API cannot be asked the error is
// ErrUnavailable and the cookie stays, so that the visitor can try again: the
// session would otherwise live on, without anybody who could end it.
func (v *Visitor) SignOut(ctx context.Context) error {
	return v.signOut(ctx, func(a *isojot.Account) error { return a.DeleteSession(ctx, "current") })
}

// SignOutEverywhere ends all sessions of the visitor's user, and else does what
// SignOut does.
func (v *Visitor) SignOutEverywhere(ctx context.Context) error {
	return v.signOut(ctx, func(a *isojot.Account) error { return a.DeleteSessions(ctx) })
}

func (v *Visitor) signIn(ctx context.Context, create func(*isojot.Account) (*isojot.Session, error)) (*isojot.Session, error) {
	before := v.current()
	if err := v.writable(ctx); err != nil {
		return nil, err
	}
	// As a guest: beside a session, the API refuses to make another.
	guest, err := v.clientFor("")
	if err != nil {
		return nil, err
	}
	session, err := create(guest.Account)
	if err != nil {
		return nil, Sort(err)
	}
	if sessioncookie.In(session.Secret) == "" {
		return nil, Sort(&isojot.Error{
			Type:    isojot.ErrBadResponse,
			Message: "the sign-in was answered without a session: something between here and the API removes its Set-Cookie header",
		})
	}
	if err := v.keep(session); err != nil {
		return nil, errors.Join(err, v.endSession(ctx, session.Secret))
	}
	if before != "" && before != session.Secret {
		if err := v.endSession(ctx, before); err != nil {
			v.sessions.log().WarnContext(ctx, "the session that a sign-in replaced lives on", "error", err)
		}
	}
	return session, nil
}

func (v *Visitor) signOut(ctx context.Context, end func(*isojot.Account) error) error {
	session := v.current()
	if err := v.writable(ctx); err != nil {
		return err
	}
	if session == "" {
		v.become("", "", v.removals(v.presented))
		return nil
	}
	client, err := v.Client()
	if err != nil {
		return err
	}
	if err := end(client.Account); err != nil && !isGone(err) {
		return Sort(err)
	}
	v.signedOut(session)
	return nil
}

// signedOut is the end of a session, if it is the visitor's.
func (v *Visitor) signedOut(session string) {
	v.sessions.tokens.end(session)
	v.become(session, "", v.removals(func(string) bool { return true }))
}

// keep sets the cookie of a new session.
func (v *Visitor) keep(session *isojot.Session) error {
	cookies := []*http.Cookie{v.sessions.cookie.kept(session, v.sessions.https(v.request))}
	cookies = append(cookies, v.removals(func(name string) bool {
		return name != v.sessions.cookie.name && v.presented(name)
	})...)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.sealed {
		return readOnlyError()
	}
	v.set(session.Secret, cookies)
	return nil
}

// endSession ends a session that is not, or no longer, the visitor's.
func (v *Visitor) endSession(ctx context.Context, session string) error {
	v.sessions.tokens.end(session)
	client, err := v.clientFor(session)
	if err != nil {
		return err
	}
	if err := client.Account.DeleteSession(ctx, "current"); err != nil && !isGone(err) {
		return err
	}
	return nil
}

// isGone reports whether a session that was to be ended is of no use already: it
// had ended, or its user is blocked, whose sessions the API does not end.
func isGone(err error) bool {
	e, ok := errors.AsType[*isojot.Error](err)
	return ok && (isGuest(e) || e.Type == isojot.ErrSessionNotFound || e.Type == isojot.ErrUserBlocked)
}

// removals are the cookies that take those of the names away.
func (v *Visitor) removals(which func(name string) bool) []*http.Cookie {
	var all []*http.Cookie
	for _, name := range v.sessions.cookie.names() {
		if which(name) {
			all = append(all, removed(name, v.sessions.https(v.request)))
		}
	}
	return all
}

// presented reports whether the request has a cookie of that name.
func (v *Visitor) presented(name string) bool { return len(v.request.CookiesNamed(name)) > 0 }

// writable refuses calls after whose success no cookie could be set.
func (v *Visitor) writable(ctx context.Context) error {
	if err := v.usable(ctx); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.sealed {
		return readOnlyError()
	}
	return nil
}
