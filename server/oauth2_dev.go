package server

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/netaddr"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/providers"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// toyName is the name of the provider that every project has in development mode.
const toyName = "dev"

// Where the toy provider is. Only the first is for browsers.
const (
	toyAuthorize = internalPrefix + "oauth2/authorize"
	toyToken     = internalPrefix + "oauth2/token"
	toyUser      = internalPrefix + "oauth2/user"
)

// Bounds of what the toy provider keeps.
const (
	toyLife = time.Minute
	toyMost = 100 // sign-ins and tokens, each
)

// toyProvider is a provider of OAuth 2.0 for development, in which everybody on
// this machine signs in as whomever they like.
type toyProvider struct {
	provider *providers.Provider
	mux      *http.ServeMux // for requests of this process
	now      func() time.Time

	mu     sync.Mutex
	codes  map[string]toyGrant
	tokens map[string]toyUserJSON
}

// toyGrant is what a code stands for.
type toyGrant struct {
	user                   toyUserJSON
	redirectURI, challenge string
	expires                time.Time
}

// toyUserJSON is who signed in.
type toyUserJSON struct {
	ID       string `json:"id"`
	Email    string `json:"email"`
	Verified bool   `json:"verified"`
	Name     string `json:"name"`
}

// useToy makes the toy provider, in development mode.
func (s *Server) useToy() (err error) {
	if s.clock == nil {
		return nil
	}
	t := &toyProvider{mux: http.NewServeMux(), now: s.now, codes: map[string]toyGrant{}, tokens: map[string]toyUserJSON{}}
	t.mux.HandleFunc("POST "+toyToken, t.token)
	t.mux.HandleFunc("GET "+toyUser, t.user)
	const here = "http://localhost"
	t.provider, err = providers.NewLocal(providers.Config{
		Name: toyName, Title: "Dev", ClientID: "isojot", ClientSecret: rand.Text(), Scopes: []string{"email"},
		AuthURL: here + toyAuthorize, TokenURL: here + toyToken, UserURL: here + toyUser,
	}, t)
	s.toy = t
	return err
}

// is reports whether a provider is this one.
func (t *toyProvider) is(p *providers.Provider) bool { return t != nil && t.provider == p }

// at is the URL to sign in at, where the request's sender sees this server.
func (t *toyProvider) at(r *http.Request, location string) string {
	base, err := baseOf(r)
	if err != nil {
		return location
	}
	return base + strings.TrimPrefix(location, "http://localhost")
}

// RoundTrip implements http.RoundTripper: requests to it do not leave the process.
func (t *toyProvider) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &toyAnswer{header: http.Header{}, status: http.StatusOK}
	t.mux.ServeHTTP(w, r)
	return &http.Response{StatusCode: w.status, Status: http.StatusText(w.status), Header: w.header, Body: io.NopCloser(&w.body), Request: r}, nil
}

// toyAnswer is an answer to the process itself.
type toyAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *toyAnswer) Header() http.Header            { return a.header }
func (a *toyAnswer) WriteHeader(status int)         { a.status = status }
func (a *toyAnswer) Write(text []byte) (int, error) { return a.body.Write(text) }

// handle adds the pages to sign in, for browsers on this machine, and returns their
// patterns.
func (t *toyProvider) handle(mux *http.ServeMux, s *Server) []string {
	page, form := "GET "+toyAuthorize, "POST "+toyAuthorize
	local := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if !toyLocal(r) {
				s.writeErrorPage(w, "isojot", wire.Failf(isojot.ErrDevNotLocal, "The toy provider is for browsers on the machine isojot runs on, at localhost, and not by a proxy."))
				return
			}
			next(w, r)
		}
	}
	mux.HandleFunc(page, local(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Referrer-Policy", "same-origin") // without one a form has the origin null
		s.writePage(w, http.StatusOK, "toy", "default-src 'none'; style-src 'unsafe-inline'",
			toyValues{pageValues{Title: "Toy sign-in of isojot"}, r.URL.Query()})
	}))
	mux.Handle(form, s.sameOrigin(local(t.signIn)))
	return []string{page, form}
}

// toyLocal reports whether a request is of this machine, by a name of it, and was not
// passed on by a proxy, as far as proxies say so.
func toyLocal(r *http.Request) bool {
	for _, header := range []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip"} {
		if r.Header.Get(header) != "" {
			return false
		}
	}
	host := reach.Hostname(r.Host)
	addr, err := netip.ParseAddr(host)
	return reach.Local(r) && (host == "localhost" || err == nil && netaddr.Loopback(addr))
}

// toyValues are what the page to sign in shows.
type toyValues struct {
	pageValues
	Query url.Values
}

// Kept are the parameters of the request that the form sends along.
func (v toyValues) Kept() map[string]string {
	kept := map[string]string{}
	for _, name := range []string{"redirect_uri", "state", "code_challenge"} {
		kept[name] = v.Query.Get(name)
	}
	return kept
}

func init() { template.Must(pages.Parse(toyPage)) }

// toyPage is the page to sign in.
const toyPage = `{{define "toy"}}{{template "page" .}}
<h1>Sign in with the toy provider</h1>
<p>This is no real provider: it is here in development mode alone, for this machine, and takes whatever you say.</p>
<form method="post">
{{range $name, $value := .Kept}}<input type="hidden" name="{{$name}}" value="{{$value}}">
{{end}}<label>E-mail address <input name="email" type="email" required value="dev@example.com"></label>
<label>Name <input name="name" value="Dev User"></label>
<label><input type="checkbox" name="verified" value="true" checked> The provider has verified the address</label>
<button name="answer" value="yes">Sign in</button>
<button name="answer" value="no" formnovalidate>Refuse</button>
</form>
</body></html>
{{end}}`

// signIn answers the form: it sends the browser back with a code.
func (t *toyProvider) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxInternalBody)
	back, err := url.Parse(r.PostFormValue("redirect_uri"))
	if err != nil || !strings.HasPrefix(back.Path, "/v1/account/sessions/oauth2/callback/"+toyName+"/") || back.Host != r.Host {
		http.Error(w, "The redirect URI is not that of this server.", http.StatusBadRequest)
		return
	}
	query := url.Values{"state": {r.PostFormValue("state")}}
	email := r.PostFormValue("email")
	if r.PostFormValue("answer") == "no" || email == "" {
		query.Set("error", "access_denied")
	} else {
		user := toyUserJSON{ID: ids.Hash(strings.ToLower(email))[:16], Email: email, Verified: r.PostFormValue("verified") == "true", Name: r.PostFormValue("name")}
		query.Set("code", t.grant(toyGrant{user, back.String(), r.PostFormValue("code_challenge"), t.now().Add(toyLife)}))
	}
	back.RawQuery = query.Encode()
	w.Header().Set("Location", back.String())
	w.WriteHeader(http.StatusSeeOther)
}

// grant keeps what a new code stands for.
func (t *toyProvider) grant(g toyGrant) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	for code, old := range t.codes {
		if len(t.codes) >= toyMost || !t.now().Before(old.expires) {
			delete(t.codes, code)
		}
	}
	code := rand.Text()
	t.codes[code] = g
	return code
}

// token trades a code for a token.
func (t *toyProvider) token(w http.ResponseWriter, r *http.Request) {
	code := r.PostFormValue("code")
	t.mu.Lock()
	g, ok := t.codes[code]
	delete(t.codes, code)
	t.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	if !ok || !t.now().Before(g.expires) || r.PostFormValue("redirect_uri") != g.redirectURI || subtle.ConstantTimeCompare([]byte(challenge), []byte(g.challenge)) != 1 {
		toyJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "The code is not valid"})
		return
	}
	access := rand.Text()
	t.mu.Lock()
	if len(t.tokens) >= toyMost {
		clear(t.tokens)
	}
	t.tokens[access] = g.user
	t.mu.Unlock()
	toyJSON(w, http.StatusOK, map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 3600})
}

// user tells whose a token is.
func (t *toyProvider) user(w http.ResponseWriter, r *http.Request) {
	access, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	t.mu.Lock()
	user, ok := t.tokens[access]
	t.mu.Unlock()
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	toyJSON(w, http.StatusOK, user)
}

// toyJSON answers with JSON. What it is asked for always encodes, and an answer to
// this process can always be written.
func toyJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(text)
}
