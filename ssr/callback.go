package ssr

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/mask"
	"github.com/isojot/isojot/internal/sessioncookie"
)

// callbackLife is how long the browser that began a sign-in may come back by its
// callback: as long as the links of mails work.
const callbackLife = time.Hour

// stateParam is the parameter of callbacks by which their browser is known again.
const stateParam = "state"

// CallbackURL returns address, of a page of this program that calls
// SignInByCallback, with a parameter that binds it to this browser: pass it as the
// URL of isojot.CreateMagicURLToken, or as the Success of
// isojot.CreateOAuth2Session. The address is absolute, or a path where
// PublicOrigin is set; never make it of the request's Host, which others may
// choose. It sets a cookie, and so is called before anything of the answer is
// written: else it is ErrCookiesReadOnly.
func (v *Visitor) CallbackURL(ctx context.Context, address string) (string, error) {
	if err := v.writable(ctx); err != nil {
		return "", err
	}
	u, err := v.sessions.ownURL(address)
	if err != nil {
		return "", err
	}
	secret := v.callbackSecret()
	if secret == "" {
		secret = rand.Text()
	}
	cookie := own(v.callbackCookie(), secret, v.sessions.https(v.request))
	cookie.MaxAge = int(callbackLife / time.Second)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.sealed {
		return "", readOnlyError()
	}
	v.callback, v.consulted = cookie, true
	q := u.Query()
	q.Set(stateParam, stateOf(secret))
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// SignInByCallback signs in by the parameters userId and secret that a link of a
// mail, or a sign-in at a provider, has brought the browser here with, and sets the
// cookie. Lead on with http.StatusSeeOther, so that the secret, which works once
// and is gone by then, does not stay in the address bar; the answer has
// Referrer-Policy: no-referrer.
//
// Where the sign-in was not begun in this browser it is ErrOtherBrowser, and the
// secret still works: the link was opened elsewhere, a program looked at it, or
// somebody wants this visitor to use an account of theirs. Ask the visitor, by a
// form with both parameters whose POST calls SignInByToken.
func (v *Visitor) SignInByCallback(ctx context.Context) (*isojot.Session, error) {
	q := v.request.URL.Query()
	v.hasSecret()
	if secret := v.callbackSecret(); secret == "" || subtle.ConstantTimeCompare([]byte(stateOf(secret)), []byte(q.Get(stateParam))) != 1 {
		return nil, ErrOtherBrowser
	}
	session, err := v.SignInByToken(ctx, isojot.CreateSession{UserID: q.Get("userId"), Secret: q.Get("secret")})
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.callback = removed(v.callbackCookie(), v.sessions.https(v.request))
	return session, nil
}

// hasSecret keeps the address of the request, which has a secret, from other sites.
func (v *Visitor) hasSecret() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.secretive, v.consulted = true, true
}

// callbackSecret is what the browser's cookie has, or "". Two that differ are
// none: a neighbouring host may have set one.
func (v *Visitor) callbackSecret() string {
	secret, _ := sessioncookie.Agreed(v.request.CookiesNamed(v.callbackCookie()))
	return secret
}

// callbackCookie is the name of the cookie. Over https no neighbouring host can set
// it (RFC 6265bis section 4.1.3).
func (v *Visitor) callbackCookie() string {
	name := "isojot_callback_" + strings.ToLower(v.sessions.base.Project())
	if v.sessions.https(v.request) {
		return "__Host-" + name
	}
	return name
}

// stateOf is what an address shows of a cookie's secret.
func stateOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// ownURL is an address of this program.
func (s *Sessions) ownURL(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
		return u, nil
	case err == nil && s.public != nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(u.Path, "/"):
		return s.public.ResolveReference(u), nil
	}
	return nil, invalid(fmt.Sprintf("callback: %q is no address to come back to: write it as https://app.example.com/callback, "+
		"or as /callback with ssr.PublicOrigin", mask.URL(address)))
}

// complete writes what a callback needs on the header.
func (v *Visitor) complete(h http.Header) {
	if v.callback != nil {
		h.Add("Set-Cookie", v.callback.String())
	}
	if v.secretive {
		h.Set("Referrer-Policy", "no-referrer")
	}
}
