package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// idp is a provider of OAuth 2.0 and OpenID Connect for tests. It signs in whom the
// test says, and holds its clients to the rules: PKCE, the redirect URI, codes once.
type idp struct {
	*httptest.Server
	t   *testing.T
	key *ecdsa.PrivateKey

	mu    sync.Mutex
	codes map[string]idpGrant
	users map[string]map[string]any // by access token
	// claims are what ID tokens say besides, or instead.
	claims map[string]any
	// asked counts requests for tokens.
	asked int
	// refreshed counts those by refresh token.
	refreshed int
	// saysIssuer: the issuer says that it always sends iss.
	saysIssuer bool
	// broken, when it is not 0, is the status of all answers.
	broken int
}

// idpGrant is what a code stands for.
type idpGrant struct {
	user                          map[string]any
	challenge, redirectURI, nonce string
}

func newIDP(t *testing.T) *idp {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &idp{t: t, key: key, codes: map[string]idpGrant{}, users: map[string]map[string]any{}, claims: map[string]any{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("GET /user", p.user)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		broken := p.broken
		p.mu.Unlock()
		if broken != 0 {
			w.WriteHeader(broken)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

// plain is the provider as one of OAuth 2.0, and oidc as one of OpenID Connect.
func (p *idp) plain(name string) OAuth2Provider {
	return OAuth2Provider{Name: name, ClientID: "1", ClientSecret: "123456", Scopes: []string{"email"},
		AuthURL: p.URL + "/auth", TokenURL: p.URL + "/token", UserURL: p.URL + "/user"}
}

func (p *idp) oidc(name string) OAuth2Provider {
	return OAuth2Provider{Name: name, Kind: "oidc", ClientID: "1", ClientSecret: "123456", Issuer: p.URL}
}

func (p *idp) json(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

func (p *idp) discovery(w http.ResponseWriter, _ *http.Request) {
	p.json(w, 200, map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/auth", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"userinfo_endpoint": p.URL + "/user", "id_token_signing_alg_values_supported": []string{"ES256"},
		"authorization_response_iss_parameter_supported": p.saysIssuer,
	})
}

func (p *idp) keys(w http.ResponseWriter, _ *http.Request) {
	raw, err := p.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		p.t.Error(err)
	}
	p.json(w, 200, map[string]any{"keys": []any{map[string]any{"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "k", "use": "sig",
		"x": base64.RawURLEncoding.EncodeToString(raw[1:33]), "y": base64.RawURLEncoding.EncodeToString(raw[33:])}}})
}

// grant is the code that the provider sends a browser back with, which came by the
// location and signed in as that user.
func (p *idp) grant(location string, user map[string]any) (code, state string, redirectURI *url.URL) {
	p.t.Helper()
	u, err := url.Parse(location)
	if err != nil || !strings.HasPrefix(location, p.URL+"/auth?") {
		p.t.Fatalf("the browser is sent to %q, %v", location, err)
	}
	q := u.Query()
	if q.Get("response_type") != "code" || q.Get("client_id") != "1" || q.Get("code_challenge_method") != "S256" || len(q.Get("state")) < 43 {
		p.t.Errorf("the provider is asked by %s", u.RawQuery)
	}
	redirectURI, err = url.Parse(q.Get("redirect_uri"))
	if err != nil {
		p.t.Fatal(err)
	}
	code = rand.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes[code] = idpGrant{user, q.Get("code_challenge"), q.Get("redirect_uri"), q.Get("nonce")}
	return code, q.Get("state"), redirectURI
}

func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	id, secret, ok := r.BasicAuth()
	if !ok {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	access := "access-" + rand.Text()
	answer := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 14400, "refresh_token": "refresh-" + access}
	if r.PostFormValue("grant_type") == "refresh_token" && strings.HasPrefix(r.PostFormValue("refresh_token"), "refresh-") {
		p.refreshed++
		p.json(w, 200, answer)
		return
	}
	g, known := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || id != "1" || secret != "123456" || g.redirectURI != r.PostFormValue("redirect_uri") || g.challenge != base64.RawURLEncoding.EncodeToString(sum[:]) {
		p.json(w, 400, map[string]string{"error": "invalid_grant", "error_description": "Invalid token"})
		return
	}
	p.users[access] = g.user
	claims := jwt.MapClaims{"iss": p.URL, "aud": "1", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "nonce": g.nonce}
	maps.Copy(claims, g.user)
	maps.Copy(claims, p.claims)
	token := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	token.Header["kid"] = "k"
	signed, err := token.SignedString(p.key)
	if err != nil {
		p.t.Error(err)
	}
	answer["id_token"] = signed
	p.json(w, 200, answer)
}

func (p *idp) user(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	user := p.users[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	if user == nil {
		w.WriteHeader(401)
		return
	}
	p.json(w, 200, user)
}

// person is a user of the provider whose address it has verified, or has not.
func person(id, email string, verified bool) map[string]any {
	return map[string]any{"sub": id, "email": email, "email_verified": verified, "name": "User " + id}
}

// visitor is a browser with its cookies. It sends no headers of SDKs.
type visitor struct {
	f      *fixture
	jar    http.CookieJar
	origin string
	// referer and site are what it says of the page that sends it.
	referer, site string
	// remote is its address; "": that of all tests.
	remote string
}

func (f *fixture) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		f.t.Fatal(err)
	}
	return &visitor{f: f, jar: jar, origin: "http://localhost:7519", referer: "http://localhost:7519/"}
}

// visit follows a link, and answers with what comes, keeping its cookies.
func (v *visitor) visit(address string) answer {
	v.f.t.Helper()
	return v.send("GET", address, "")
}

func (v *visitor) send(method, address, form string) answer {
	v.f.t.Helper()
	u, err := url.Parse(v.origin)
	if err == nil {
		u, err = u.Parse(address)
	}
	if err != nil {
		v.f.t.Fatal(err)
	}
	h := headers{"X-Appwrite-Project": "", "Host": u.Host, "Referer": v.referer, "Sec-Fetch-Site": v.site}
	if v.remote != "" {
		h["RemoteAddr"] = v.remote
	}
	var cookies []string
	for _, c := range v.jar.Cookies(u) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	h["Cookie"] = strings.Join(cookies, "; ")
	if form != "" {
		h["Content-Type"] = "application/x-www-form-urlencoded"
	}
	a := v.f.do(method, u.RequestURI(), h, form)
	v.jar.SetCookies(u, a.Result().Cookies())
	return a
}

// start begins a sign-in and returns where the browser is sent.
func (v *visitor) start(kind, provider string, params ...string) string {
	v.f.t.Helper()
	query := url.Values{"project": {v.f.options.Project}}
	for i := 0; i < len(params); i += 2 {
		query.Set(params[i], params[i+1])
	}
	a := v.visit("/v1/account/" + kind + "/oauth2/" + provider + "?" + query.Encode())
	if a.Code != 301 {
		v.f.t.Fatalf("start: %d %s", a.Code, a.Body)
	}
	return a.Header().Get("Location")
}

// back comes back from the provider, over the callback, and returns the last
// answer.
func (v *visitor) back(to *url.URL, params ...string) answer {
	v.f.t.Helper()
	query := url.Values{}
	for i := 0; i < len(params); i += 2 {
		query.Set(params[i], params[i+1])
	}
	a := v.visit(to.Path + "?" + query.Encode())
	if a.Code != 301 || !strings.Contains(a.Header().Get("Location"), "/redirect?") {
		v.f.t.Fatalf("callback: %d %s %s", a.Code, a.Header().Get("Location"), a.Body)
	}
	return v.visit(a.Header().Get("Location"))
}

// The URLs where tests end.
const (
	okURL = "http://localhost/ok"
	noURL = "http://localhost/no"
)

// signIn signs in at a provider, and returns where the browser ends.
func (v *visitor) signIn(p *idp, provider string, user map[string]any) string {
	v.f.t.Helper()
	code, state, to := p.grant(v.start("sessions", provider, "success", okURL, "failure", noURL), user)
	return v.back(to, "code", code, "state", state).Header().Get("Location")
}

// account is who the browser is signed in as.
func (v *visitor) account() answer {
	v.f.t.Helper()
	return v.visit("/v1/account?project=" + v.f.options.Project)
}

// withProviders gives the project providers.
func withProviders(list ...OAuth2Provider) func(*Options) {
	return func(o *Options) {
		o.Projects = append(o.Projects, Project{ID: DefaultProject, OAuth2: list})
	}
}

// failure is the error that a URL tells of.
func failure(t *testing.T, location string) string {
	t.Helper()
	u, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	var e oauth2Error
	if err := json.Unmarshal([]byte(u.Query().Get("error")), &e); err != nil {
		t.Fatalf("%s tells of no error: %v", location, err)
	}
	return e.Type
}

// bareSecret is what a secret was wrapped around.
func (f *fixture) bareSecret(wrapped string) string {
	f.t.Helper()
	var claims secretClaims
	if _, _, err := jwt.NewParser().ParseUnverified(wrapped, &claims); err != nil {
		f.t.Fatal(err)
	}
	return claims.Secret
}

// useSession gives the browser the cookie of a session.
func (v *visitor) useSession(store string) {
	u, err := url.Parse(v.origin)
	if err != nil {
		v.f.t.Fatal(err)
	}
	v.jar.SetCookies(u, []*http.Cookie{{Name: cookieName(v.f.options.Project), Value: url.QueryEscape(store), Path: "/"},
		{Name: cookieName(v.f.options.Project) + legacySuffix, Value: url.QueryEscape(store), Path: "/"}})
}

// useCookies gives it those of an answer.
func (v *visitor) useCookies(a answer) {
	u, err := url.Parse(v.origin)
	if err != nil {
		v.f.t.Fatal(err)
	}
	v.jar.SetCookies(u, a.Result().Cookies())
}

// patch is visit for PATCH.
func (v *visitor) patch(address string) answer { return v.send("PATCH", address, "") }

// store is the session that the browser has.
func (v *visitor) store() string {
	v.f.t.Helper()
	u, err := url.Parse(v.origin)
	if err != nil {
		v.f.t.Fatal(err)
	}
	for _, c := range v.jar.Cookies(u) {
		if c.Name == cookieName(v.f.options.Project) {
			store, err := url.QueryUnescape(c.Value)
			if err != nil {
				v.f.t.Fatal(err)
			}
			return store
		}
	}
	v.f.t.Fatal("the browser has no session")
	return ""
}

// toldByPage is the error that a page tells of.
func toldByPage(t *testing.T, page answer) oauth2Error {
	t.Helper()
	told := regexp.MustCompile(`<small>Error (\d+)</small>\s*<h1>(.*)</h1>\s*<small>(\w+)</small>`).FindStringSubmatch(page.Body.String())
	if told == nil || told[1] != strconv.Itoa(page.Code) {
		t.Fatalf("the page of %d tells of no error: %s", page.Code, page.Body)
	}
	return oauth2Error{html.UnescapeString(told[2]), told[3], page.Code}
}

// toldByURL is the error that the failure URL tells of, after coming back from the toy
// provider with that.
func (p *people) toldByURL(t *testing.T, params ...string) (e oauth2Error) {
	t.Helper()
	v := p.visitor()
	u, err := url.Parse(v.start("sessions", toyName, "failure", noURL))
	if err != nil {
		t.Fatal(err)
	}
	back := v.back(&url.URL{Path: "/v1/account/sessions/oauth2/callback/dev/demo"}, append(params, "state", u.Query().Get("state"))...)
	end, err := url.Parse(back.Header().Get("Location"))
	if err == nil {
		err = json.Unmarshal([]byte(end.Query().Get("error")), &e)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}
