package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/providers"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// oauth2Life is how long a user may be away at a provider.
const oauth2Life = 10 * time.Minute

// Bounds of the scopes that are asked for.
const (
	maxOAuth2Scopes     = 100
	maxOAuth2Scope      = 4096 // characters
	describeOAuth2Scope = "Value must a valid array no longer than 100 items and Value must be a valid string and at least 1 chars and no longer than 4096 chars"
)

// The pages of this server where a sign-in ends whose app names none, as in
// Appwrite's console.
const (
	oauth2Pages   = "/console/auth/oauth2/"
	oauth2Success = oauth2Pages + "success"
	oauth2Failure = oauth2Pages + "failure"
)

// startOAuth2Session sends a browser to a provider, to come back with a session:
// GET /account/sessions/oauth2/{provider}.
func (c *call) startOAuth2Session() error { return c.startOAuth2(false) }

// startOAuth2Token sends a browser to a provider, to come back with a one-time
// token: GET /account/tokens/oauth2/{provider}.
func (c *call) startOAuth2Token() error { return c.startOAuth2(true) }

func (c *call) startOAuth2(token bool) error {
	flow, scopes, err := c.askedFlow(token)
	if err != nil {
		return err
	}
	provider := c.config.oauth2[flow.Provider]
	if provider == nil {
		return errProviderDisabled()
	}
	if token && c.byProgram() {
		return c.sendBrowserHere(flow, scopes)
	}
	browser, state := hex.EncodeToString(ids.Random(32)), hex.EncodeToString(ids.Random(32))
	ask := flowRequest(flow, browser)
	ask.State, ask.Scopes = state, scopes
	location, err := provider.AuthURL(c.r.Context(), ask)
	if err != nil {
		return c.endAt(flow.Failure, c.providerFailure(provider, err))
	}
	if flow.Provider == toyName && c.s.toy.is(provider) {
		location = c.s.toy.at(c.r, location)
	}
	err = c.act(func(t *store.Tx) error {
		flow.ExpiresAt = t.Now().Add(oauth2Life)
		flow.UserID, flow.SessionID = "", ""
		if c.user != nil && c.session != nil && c.fromOwnPage() {
			flow.UserID, flow.SessionID = c.user.ID, c.session.ID
		}
		return t.InsertOAuth2Flow(c.r.Context(), c.project.ID, ids.Hash(state), ids.Hash(browser), flow)
	})
	if err != nil {
		return err
	}
	c.setFlowCookie(state, browser)
	c.sendTo(location)
	return nil
}

// askedFlow reads what is asked for.
func (c *call) askedFlow(token bool) (f store.OAuth2Flow, scopes []string, err error) {
	p, err := c.params()
	if err != nil {
		return f, nil, err
	}
	f.Provider, f.Token = c.r.PathValue("provider"), token
	if err := checkProviderName(f.Provider, c.config); err != nil {
		return f, nil, err
	}
	base, err := c.base()
	if err != nil {
		return f, nil, err
	}
	f.RedirectURI = base + "/v1/account/sessions/oauth2/callback/" + f.Provider + "/" + c.project.ID
	for _, end := range []struct {
		name, own string
		to        *string
	}{{"success", oauth2Success, &f.Success}, {"failure", oauth2Failure, &f.Failure}} {
		*end.to = base + end.own
		if given, ok := p.Optional(end.name); !ok || given == "" {
			f.OwnSuccess = f.OwnSuccess || end.to == &f.Success
			continue
		}
		if *end.to, err = c.redirectURL(p, end.name); err != nil {
			return f, nil, err
		}
	}
	scopes, err = oauth2Scopes(p)
	return f, scopes, err
}

// oauth2Scopes are the scopes that are asked for.
func oauth2Scopes(p wire.Params) ([]string, error) {
	value, given := p.Optional("scopes")
	if !given {
		return nil, nil
	}
	list, ok := value.([]any)
	if !ok || len(list) > maxOAuth2Scopes {
		return nil, wire.Invalid("scopes", describeOAuth2Scope)
	}
	var scopes []string
	for _, item := range list {
		scope, ok := item.(string)
		if !ok || scope == "" || utf8.RuneCountInString(scope) > maxOAuth2Scope {
			return nil, wire.Invalid("scopes", describeOAuth2Scope)
		}
		scopes = append(scopes, scope)
	}
	return scopes, nil
}

// base is the server's address as the caller sees it, without a path. The provider
// compares what is made of it with what it was told.
func (c *call) base() (string, error) { return baseOf(c.r) }

func baseOf(r *http.Request) (string, error) {
	if !reach.ValidAuthority(r.Host) {
		return "", wire.Failf(isojot.ErrBadRequest, "The Host of the request is no host name or address.")
	}
	if reach.Secure(r) {
		return "https://" + r.Host, nil
	}
	return "http://" + r.Host, nil
}

// flowRequest is what a provider is asked in a flow whose browser keeps that
// secret: what proves the flow to the provider is made of it, and stored nowhere.
func flowRequest(f store.OAuth2Flow, browser string) providers.Request {
	return providers.Request{RedirectURI: f.RedirectURI, Verifier: derive(browser, "verifier"), Nonce: derive(browser, "nonce")}
}

// derive makes another secret of a secret, of 43 letters, digits, hyphens and
// underscores.
func derive(secret, purpose string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("isojot oauth2 " + purpose))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// byProgram reports whether a program asks for the URL to send a browser to:
// browsers that follow a link send none of these headers.
func (c *call) byProgram() bool {
	return c.r.Header.Get("X-Appwrite-Project") != "" || c.key() != ""
}

// sendBrowserHere answers a program with this server's own URL for its user's
// browser: only the browser that starts a sign-in may end it.
func (c *call) sendBrowserHere(f store.OAuth2Flow, scopes []string) error {
	base, err := c.base()
	if err != nil {
		return err
	}
	query := url.Values{"project": {c.project.ID}, "failure": {f.Failure}}
	if !f.OwnSuccess {
		query.Set("success", f.Success)
	}
	if f.Failure == base+oauth2Failure {
		query.Del("failure")
	}
	for i, scope := range scopes {
		query.Set("scopes["+strconv.Itoa(i)+"]", scope)
	}
	c.sendTo(base + "/v1/account/tokens/oauth2/" + f.Provider + "?" + query.Encode())
	return nil
}

// fromOwnPage reports whether a page of the project sent the browser here. Whoever is
// signed in gets the identity then: from a link elsewhere, somebody could have signed
// the browser in at the provider as themselves before.
func (c *call) fromOwnPage() bool {
	referer := c.r.Header.Get("Referer")
	if u, err := url.Parse(referer); referer != "" {
		return err == nil && (u.Host == c.r.Host || c.config.origins.Names(reach.Hostname(u.Host)))
	}
	switch c.r.Header.Get("Sec-Fetch-Site") {
	case "same-origin":
		return true
	case "":
		return c.byProgram() // such headers no page can send along
	}
	return false
}

// sendTo answers with a redirect that nobody keeps.
func (c *call) sendTo(location string) { sendTo(c.w, location) }

func sendTo(w http.ResponseWriter, location string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store, no-cache, must-revalidate, max-age=0")
	h.Set("Pragma", "no-cache")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Type", "text/html")
	h.Set("Location", location)
	w.WriteHeader(http.StatusMovedPermanently)
}
