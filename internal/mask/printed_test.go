package mask_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"text/template"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/isojotoauth2"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/server"
	"github.com/isojot/isojot/services/messaging"
	"github.com/isojot/isojot/ssr"
)

// planted is in every credential. It is 32 bytes long, as a signing key is, and
// can stand in a JWT.
const planted = "PlantedCredential0123456789abcde"

const jwt = "eyJh." + planted + ".sig"

// needles are the forms in which planted may show.
func needles() []string {
	h := hex.EncodeToString([]byte(planted[:8]))
	return []string{
		planted[:8], h, strings.ToUpper(h),
		strings.Trim(fmt.Sprint([]byte(planted[:8])), "[]"),
		fmt.Sprintf("% x", planted[:8]), fmt.Sprintf("%# x", planted[:8]),
		strings.Trim(fmt.Sprintf("%#v", []byte(planted[:8])), "[]byte{}"),
		base64.StdEncoding.EncodeToString([]byte(planted[:6])),
	}
}

// exported and hidden hold a value as programs do: fmt can call the methods of
// what is in the first, and not of what is in the second.
type (
	exported[T any] struct{ Value T }
	hidden[T any]   struct{ value T }
)

// printer looks at all that is printed of values.
type printer struct {
	t       *testing.T
	needles []string
	types   map[string]bool // those that were printed, by package and name
}

func newPrinter(t *testing.T) *printer {
	return &printer{t, needles(), map[string]bool{}}
}

// value prints a value, and a pointer to it, in all that may hold them. Its
// fields are for everybody: what is hidden prints them by a verb that is not for
// pointers, such as %s.
func value[T any](p *printer, v T) {
	p.t.Helper()
	name := fmt.Sprintf("%T", v)
	p.types[name] = true
	p.all(name, v)
	p.all("exported "+name, exported[T]{v})
	p.all("a list of "+name, []T{v})
	p.all("a map of "+name, map[string]T{"key": v})
	seen(p, &v)
	p.verbs("hidden "+name, "vdx", hidden[*T]{&v})
	p.verbs("a hidden interface of "+name, "vdx", hidden[any]{&v})
}

// pointer is value for what is never held by value, and shows no fields.
func pointer[T any](p *printer, v *T) {
	p.t.Helper()
	seen(p, v)
	name := fmt.Sprintf("%T", v)
	p.all("hidden "+name, hidden[*T]{v})
	p.all("a pointer to a hidden "+name, &hidden[*T]{v})
	p.all("a hidden interface of "+name, hidden[any]{v})
}

// seen prints a pointer where its methods can be called.
func seen[T any](p *printer, v *T) {
	p.t.Helper()
	name := fmt.Sprintf("%T", v)
	p.types[name[1:]] = true
	p.all(name, v)
	p.all("exported "+name, exported[*T]{v})
	p.all("a list of "+name, []*T{v})
	var none *T
	p.all("a nil "+name, none)
}

// all prints by every verb, handler and encoder. %p of what is no pointer calls no
// methods either.
func (p *printer) all(name string, v any) {
	p.t.Helper()
	p.verbs(name, "vTtbcdoOqxXUeEfFgGs", v)
	p.check(name+" by Println", fmt.Sprintln("value", v))
	var out bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("one", "value", v, slog.Group("group", "value", v))
		p.check(fmt.Sprintf("%s by %T", name, handler), out.String())
	}
	data, err := json.MarshalIndent(v, "", " ")
	p.check(name+" as JSON", fmt.Sprint(string(data), err))
	out.Reset()
	err = template.Must(template.New("").Parse("{{.}}")).Execute(&out, v)
	p.check(name+" by a template", fmt.Sprint(out.String(), err))
}

func (p *printer) verbs(name, verbs string, v any) {
	p.t.Helper()
	for _, flags := range []string{"", "+", "#", "+#", " ", "-", "0", "40", ".80"} {
		for _, verb := range verbs {
			format := "%" + flags + string(verb)
			if !p.check(name+" by "+format, fmt.Sprintf(format, v)) {
				return
			}
		}
	}
}

// check reports whether a text shows nothing.
func (p *printer) check(what, text string) bool {
	p.t.Helper()
	for _, needle := range p.needles {
		if strings.Contains(text, needle) {
			p.t.Errorf("%s shows %q: %.300s", what, needle, text)
			return false
		}
	}
	return true
}

// knows adds credentials that somebody else made.
func (p *printer) knows(credentials ...string) {
	p.needles = append(p.needles, credentials...)
}

func TestNothingPrintsACredential(t *testing.T) {
	p := newPrinter(t)
	printModels(p)
	printParameters(p)
	printGenerated(p)
	printWire(p)
	printServerOptions(p)
	printLiving(p)
	p.all("the zero Client", isojot.Client{})
	for name := range credentialTypes(t) {
		if !p.types[name] {
			t.Errorf("%s has a field that is a credential by its name: print one here", name)
		}
	}
}

func printModels(p *printer) {
	value(p, isojot.Token{JWT: jwt, UserID: "ann"})
	value(p, isojot.Holding{Token: &isojot.Token{JWT: jwt}})
	value(p, isojot.Change{Kind: isojot.SignedIn, Token: &isojot.Token{JWT: jwt}, Err: &isojot.Error{Response: planted}})
	value(p, isojot.JWT{JWT: jwt})
	session := isojot.Session{ID: "one", Secret: planted, ProviderAccessToken: planted, ProviderRefreshToken: planted}
	value(p, session)
	value(p, isojot.SessionList{Total: 1, Sessions: []isojot.Session{session}})
	value(p, isojot.User{ID: "ann", Password: planted, HashOptions: map[string]any{"type": "scrypt", "salt": planted}})
	execution := isojot.Execution{ID: "one", RequestHeaders: []isojot.Header{{Name: "Authorization", Value: planted}},
		ResponseHeaders: []isojot.Header{{Name: "set-cookie", Value: planted}}}
	value(p, execution)
	value(p, isojot.ExecutionList{Executions: []isojot.Execution{execution}})
	value(p, isojot.MFAType{Secret: planted, URI: "otpauth://totp/ann?secret=" + planted})
	value(p, isojot.MFARecoveryCodes{RecoveryCodes: []string{planted}})
	value(p, messaging.Provider{Name: "one", Credentials: map[string]any{"apiKey": planted}})
	value(p, isojot.GraphQLResult{Data: json.RawMessage(`{"accountCreateJWT":{"jwt":"` + planted + `"}}`), Session: planted})
	value(p, isojot.Error{Message: "no", Type: isojot.ErrBadResponse, Response: `{"secret":"` + planted + `"}`})
	value(p, auth.Caller{UserID: "ann", JWT: jwt, Claims: map[string]any{"userId": "ann"}})
}

func printParameters(p *printer) {
	value(p, isojot.CreateAccount{Email: "ann@example.com", Password: planted})
	value(p, isojot.CreateEmailPasswordSession{Email: "ann@example.com", Password: planted})
	value(p, isojot.CreateSession{UserID: "ann", Secret: planted})
	value(p, isojot.UpdateEmail{Email: "ann@example.com", Password: planted})
	value(p, isojot.UpdatePhone{Phone: "+14155550100", Password: planted})
	value(p, isojot.UpdatePassword{Password: planted, OldPassword: planted})
	value(p, isojot.CreateExecution{FunctionID: "one", Headers: map[string]string{"Authorization": planted}})
	value(p, isojot.GraphQL{Query: `mutation { x(password: "` + planted + `") }`, Variables: map[string]any{"password": planted}})
}

// filled is a struct that holds a credential in each field that is for one.
func filled[T any]() T {
	var v T
	s := reflect.ValueOf(&v).Elem()
	for i := range s.NumField() {
		f := s.Type().Field(i)
		if !credentialName.MatchString(f.Name) || f.Tag.Get("mask") == "-" {
			continue
		}
		switch field := s.Field(i).Addr().Interface().(type) {
		case *string:
			*field = planted
		case *map[string]any:
			*field = map[string]any{"key": planted}
		}
	}
	return v
}

func printWire(p *printer) {
	value(p, isojot.Params{Body: []byte(planted), Query: map[string]string{"token": planted}, RawQuery: "token=" + planted})
	value(p, isojot.Request{Method: "GET", URL: "http://localhost/v1?token=" + planted, Body: []byte(planted), Header: map[string]string{
		"x-appwrite-jwt": planted, "x-appwrite-session": planted, "x-appwrite-key": planted, "x-fallback-cookies": planted}})
	value(p, isojot.Response{Status: 201, Body: []byte(planted), Header: map[string][]string{
		"set-cookie": {planted}, "x-fallback-cookies": {planted}}})
}

func printServerOptions(p *printer) {
	project := server.Project{ID: "shop", APIKey: planted, Functions: []server.Function{{ID: "one", Target: "http://ann:" + planted + "@localhost/"}}}
	value(p, project)
	value(p, project.Functions[0])
	value(p, server.Options{
		APIKey: planted, DatabaseURL: "postgres://ann:" + planted + "@localhost/db", Endpoint: "http://ann:" + planted + "@localhost/v1",
		Projects: []server.Project{project}, Functions: project.Functions, Dev: &server.Dev{Token: planted},
	})
	value(p, server.Dev{Token: planted})
	value(p, server.Mail{SMTPURL: "smtp://ann:" + planted + "@localhost:587", SMTPPassword: planted})
	value(p, server.OAuth2Provider{Name: "google", ClientID: "shop", ClientSecret: planted})
	value(p, server.SMS{Webhook: "https://ann:" + planted + "@localhost/", Secret: planted})
	value(p, server.NewUser{Email: "ann@example.com", Password: planted})
	value(p, server.Rotation{Private: ed25519.NewKeyFromSeed([]byte(planted))})
	value(p, isojottest.User{Email: "ann@example.com", Password: planted})
}

// printLiving prints what has been used.
func printLiving(p *printer) {
	t := p.t
	srv := isojottest.NewServer(t, func(o *server.Options) {
		o.APIKey, o.Dev = planted, &server.Dev{Token: planted, Clock: o.Dev.Clock}
	})
	secret := srv.CreateSession(srv.Seed(isojottest.User{Email: "ann@example.com"})[0])
	p.knows(secret)
	client := must(isojot.NewClient(srv.URL, srv.Project, isojot.WithSession(secret), isojot.WithKey(planted),
		isojot.WithHeader("Authorization", planted), isojot.WithStorage(memory{"one": planted})))(t)
	tokens := must(client.Account.TokenSource(isojot.TokenStorage(memory{"one": planted})))(t)
	token := must(tokens.Token(t.Context()))(t)
	p.knows(token.JWT)
	printClients(p, client, tokens)
	value(p, *token)

	remote := must(auth.NewRemote(client))(t)
	value(p, *must(remote.Verify(t.Context(), token.JWT))(t))
	// Another one: a flight of a Remote ends after its answer is there, and printing
	// does not wait for that. What it keeps of tokens is behind a pointer either way.
	pointer(p, must(auth.NewRemote(client))(t))
	local := must(auth.NewLocal([]byte(planted), auth.WithLiveness(remote)))(t)
	pointer(p, local)
	p.all("a hidden Local", hidden[auth.Local]{*local})
	pointer(p, must(auth.NewJWKS("https://example.com/keys", auth.WithLiveness(remote)))(t))
	pointer(p, srv)
	printServer(p)
	printVisitor(p, client, secret)
}

func printServer(p *printer) {
	one := server.Function{ID: "one", Target: "http://ann:" + planted + "@127.0.0.1:1/"}
	srv := must(server.New(p.t.Context(), server.Options{
		Memory: true, APIKey: planted, Dev: &server.Dev{Token: planted}, Functions: []server.Function{one},
	}))(p.t)
	value(p, srv.Info())
	if err := srv.Close(); err != nil { // what is hidden is read without its locks
		p.t.Fatal(err)
	}
	pointer(p, srv)
	pointer(p, srv.Keys())
}

func printClients(p *printer, client *isojot.Client, tokens *isojot.SessionTokens) {
	withJWT := must(client.With(isojot.WithJWT(jwt)))(p.t)
	for _, c := range []*isojot.Client{client, withJWT, tokens.Client(), tokens.TokenClient()} {
		value(p, *c)
		pointer(p, c)
		p.all("a hidden Client", hidden[isojot.Client]{*c})
		pointer(p, c.Account)
		pointer(p, c.Functions)
		p.all("the transport", c.Transport())
	}
	pointer(p, tokens)
	p.all("a hidden TokenSource", hidden[isojot.TokenSource]{tokens})
	p.all("an oauth2 source", isojotoauth2.TokenSource(context.WithValue(p.t.Context(), contextKey{}, jwt), fixed{isojot.Token{JWT: jwt}}))
	p.all("a context", context.WithValue(p.t.Context(), contextKey{}, client))
}

func printVisitor(p *printer, base *isojot.Client, secret string) {
	sessions := must(ssr.New(base))(p.t)
	page := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		visitor, _ := ssr.FromContext(r.Context())
		p.knows(must(visitor.Token(r.Context()))(p.t).JWT)
		pointer(p, visitor)
		pointer(p, must(visitor.Client())(p.t))
		p.all("the request's context", r.Context())
	})
	r := httptest.NewRequestWithContext(p.t.Context(), http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: "a_session_" + base.Project(), Value: strings.ReplaceAll(secret, "=", "%3D")})
	sessions.Middleware(page).ServeHTTP(httptest.NewRecorder(), r)
	pointer(p, sessions)
}

type contextKey struct{}

// memory is a Storage whose text is behind no pointer.
type memory map[string]string

func (s memory) Get(name string) string { return s[name] }
func (s memory) Set(name, value string) { s[name] = value }

// fixed is a TokenSource whose text is behind no pointer.
type fixed struct{ token isojot.Token }

func (f fixed) Token(context.Context) (*isojot.Token, error) { return &f.token, nil }

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
