package providers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/oauth2"
)

// Config is what an operator says of a provider: server.OAuth2Provider, which
// says what its members mean.
type Config struct {
	Name                       string
	Kind                       string
	Title                      string
	ClientID                   string
	ClientSecret               string
	TeamID, KeyID              string
	Issuer                     string
	AuthURL, TokenURL, UserURL string
	Scopes                     []string
	TrustEmail                 bool
}

// namePattern is what the name of a provider looks like: a part of a path.
var namePattern = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$`)

// ValidName reports whether a text can name a provider.
func ValidName(name string) bool { return namePattern.MatchString(name) }

// Provider is a provider that is set up. It is safe for concurrent use.
type Provider struct {
	config    Config
	preset    preset
	client    *http.Client
	discovery *discovery // nil: plain OAuth 2
	apple     *appleKey  // nil: the secret is the same for every request
}

// New checks a configuration, and readies its provider. Nothing is sent: a
// provider that is down keeps no server from starting.
func New(c Config) (*Provider, error) {
	if !ValidName(c.Name) {
		return nil, fmt.Errorf("the name %q is not valid: use 1 to 64 of a-z, A-Z, 0-9, hyphen and underscore, the first a letter or digit", c.Name)
	}
	p := &Provider{config: c}
	if err := p.usePreset(); err != nil {
		return nil, err
	}
	if p.config.ClientID == "" {
		return nil, errors.New("there is no client id: give the one that the provider gave you")
	}
	if err := p.checkURLs(); err != nil {
		return nil, err
	}
	if p.preset.signsSecret {
		key, err := parseAppleKey(p.config)
		if err != nil {
			return nil, err
		}
		p.apple = key
	}
	p.client = newClient(p.config.Issuer, p.config.TokenURL, p.config.UserURL, p.preset.emails)
	if p.config.Issuer != "" {
		p.discovery = newDiscovery(p.config.Issuer, p.client)
	}
	return p, nil
}

// NewLocal is New for a provider that is in this process: its requests go to a
// transport.
func NewLocal(c Config, to http.RoundTripper) (*Provider, error) {
	p, err := New(c)
	if err == nil {
		p.client = &http.Client{Transport: to, Timeout: requestTimeout}
	}
	return p, err
}

// usePreset fills in what is known of the provider.
func (p *Provider) usePreset() error {
	c := &p.config
	kind := c.Kind
	if kind == "" {
		kind = c.Name
	}
	known, ok := presets[kind]
	switch {
	case ok:
	case c.Kind != "":
		return fmt.Errorf("there is no kind of provider %q: leave it out, or use one of %s", c.Kind, strings.Join(Known(), ", "))
	default:
		known = generic
	}
	p.preset = known
	if c.Title == "" {
		c.Title = known.title
	}
	if c.Title == "" {
		first := []rune(c.Name)
		first[0] = unicode.ToUpper(first[0])
		c.Title = string(first)
	}
	own := c.Issuer != "" || c.AuthURL != "" || c.TokenURL != "" || c.UserURL != ""
	if !own {
		c.Issuer, c.AuthURL, c.TokenURL, c.UserURL = known.issuer, known.auth, known.token, known.user
	}
	return nil
}

// checkURLs says what is wrong with where the provider is.
func (p *Provider) checkURLs() error {
	c := p.config
	endpoints := []string{c.AuthURL, c.TokenURL, c.UserURL}
	switch {
	case c.Issuer != "" && strings.Join(endpoints, "") != "":
		return errors.New("an issuer and endpoints exclude each other: the issuer says its endpoints")
	case c.Issuer != "":
		return checkURL("issuer", c.Issuer)
	case slices.Contains(endpoints, ""):
		return errors.New("it is not known where the provider is: give its issuer (OpenID Connect), or the three URLs to sign in, for tokens, and for who the user is")
	}
	for i, name := range []string{"URL to sign in", "URL for tokens", "URL for who the user is"} {
		if err := checkURL(name, endpoints[i]); err != nil {
			return err
		}
	}
	return nil
}

// checkURL refuses what is no https URL; http is for this machine.
func checkURL(what, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("the %s is no URL such as https://id.example.com", what)
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return fmt.Errorf("the %s %s is not encrypted: use https, which only this machine can do without", what, u.Redacted())
	}
	return nil
}

// Name is the provider's name in the project; Title is what people call it.
func (p *Provider) Name() string  { return p.config.Name }
func (p *Provider) Title() string { return p.config.Title }

// Issuer is who says the ids of its users.
func (p *Provider) Issuer() string {
	if p.config.Issuer != "" {
		return p.config.Issuer
	}
	return p.config.TokenURL
}

// Secret is the client's secret; "" for a client without one.
func (p *Provider) Secret() string { return p.config.ClientSecret }

// Request is what a browser is sent to the provider with.
type Request struct {
	// RedirectURI is where the provider sends the browser back.
	RedirectURI string
	State       string
	// Verifier is that of PKCE (RFC 7636), Nonce that of OpenID Connect.
	Verifier, Nonce string
	// Scopes are what is asked for besides who the user is.
	Scopes []string
}

// AuthURL is the URL to send a browser to.
func (p *Provider) AuthURL(ctx context.Context, r Request) (string, error) {
	endpoint, err := p.endpoint(ctx)
	if err != nil {
		return "", err
	}
	config := oauth2.Config{ClientID: p.config.ClientID, Endpoint: endpoint, RedirectURL: r.RedirectURI, Scopes: p.scopes(r.Scopes)}
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(r.Verifier)}
	if p.discovery != nil {
		options = append(options, oauth2.SetAuthURLParam("nonce", r.Nonce))
	}
	for name, value := range p.preset.params {
		options = append(options, oauth2.SetAuthURLParam(name, value))
	}
	return config.AuthCodeURL(r.State, options...), nil
}

// scopes are those of the provider, those of the configuration and the further
// ones, each once.
func (p *Provider) scopes(further []string) []string {
	var all []string
	for _, s := range slices.Concat(p.preset.scopes, p.config.Scopes, further) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// Answer is what the browser came back with.
type Answer struct {
	Code string
	// Issuer is the parameter iss (RFC 9207); "" without one.
	Issuer string
	// User is the parameter user, by which Apple tells the name.
	User string
}

// Tokens are what the provider gives for its own API.
type Tokens struct {
	Access, Refresh string
	// Life is how long Access is valid; 0 where the provider does not say.
	Life time.Duration
}

// Profile is who the user is.
type Profile struct {
	UID   string
	Email string
	// EmailVerified says that the provider has verified the address.
	EmailVerified bool
	Name          string
}

// Finish trades the code that the browser came back with for tokens, and asks who
// the user is.
func (p *Provider) Finish(ctx context.Context, r Request, a Answer) (Tokens, Profile, error) {
	ctx, cancel := context.WithTimeout(p.with(ctx), signInTimeout)
	defer cancel()
	if err := p.checkIssuer(ctx, a.Issuer); err != nil {
		return Tokens{}, Profile{}, err
	}
	config, err := p.exchanger(ctx)
	if err != nil {
		return Tokens{}, Profile{}, err
	}
	config.RedirectURL = r.RedirectURI
	token, err := config.Exchange(ctx, a.Code, oauth2.VerifierOption(r.Verifier))
	if err != nil {
		return Tokens{}, Profile{}, refusedBy(err)
	}
	profile, err := p.profile(ctx, token, r.Nonce)
	if err != nil {
		return Tokens{}, Profile{}, err
	}
	if profile.UID == "" {
		return Tokens{}, Profile{}, errors.New("the provider did not say the user's id")
	}
	if profile.Name == "" {
		profile.Name = nameOf(a.User)
	}
	profile.EmailVerified = profile.Email != "" && (profile.EmailVerified || p.config.TrustEmail)
	return tokensOf(token), profile, nil
}

// Refresh trades a refresh token for new tokens.
func (p *Provider) Refresh(ctx context.Context, refresh string) (Tokens, error) {
	ctx, cancel := context.WithTimeout(p.with(ctx), signInTimeout)
	defer cancel()
	config, err := p.exchanger(ctx)
	if err != nil {
		return Tokens{}, err
	}
	token, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: refresh}).Token()
	if err != nil {
		return Tokens{}, refusedBy(err)
	}
	return tokensOf(token), nil
}

// signInTimeout bounds all requests of a sign-in together.
const signInTimeout = 20 * time.Second

// with lets requests of a context be sent by the provider's client.
func (p *Provider) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, p.client)
}

// exchanger is who asks for tokens.
func (p *Provider) exchanger(ctx context.Context) (*oauth2.Config, error) {
	endpoint, err := p.endpoint(ctx)
	if err != nil {
		return nil, err
	}
	secret := p.config.ClientSecret
	if p.apple != nil {
		if secret, err = p.apple.secret(p.config.ClientID, time.Now()); err != nil {
			return nil, err
		}
	}
	return &oauth2.Config{ClientID: p.config.ClientID, ClientSecret: secret, Endpoint: endpoint}, nil
}

// endpoint is where the provider is.
func (p *Provider) endpoint(ctx context.Context) (oauth2.Endpoint, error) {
	style := oauth2.AuthStyleInParams
	if p.preset.basic {
		style = oauth2.AuthStyleInHeader
	}
	if p.discovery == nil {
		return oauth2.Endpoint{AuthURL: p.config.AuthURL, TokenURL: p.config.TokenURL, AuthStyle: style}, nil
	}
	found, err := p.discovery.get(ctx)
	if err != nil {
		return oauth2.Endpoint{}, err
	}
	endpoint := found.provider.Endpoint()
	endpoint.AuthStyle = style
	if found.basic {
		endpoint.AuthStyle = oauth2.AuthStyleInHeader
	}
	return endpoint, nil
}

// tokensOf are the tokens of an answer.
func tokensOf(t *oauth2.Token) Tokens {
	return Tokens{Access: t.AccessToken, Refresh: t.RefreshToken, Life: time.Duration(max(0, t.ExpiresIn)) * time.Second}
}

// Refused is what a provider says against a sign-in.
type Refused struct{ Code, Description string }

// Error is what it says, for people.
func (r *Refused) Error() string {
	if r.Description != "" {
		return r.Description
	}
	return r.Code
}

// refusedBy is an error of the endpoint for tokens, without what else the answer
// has: it may be anything.
func refusedBy(err error) error {
	answered, ok := errors.AsType[*oauth2.RetrieveError](err)
	switch {
	case !ok:
		return withoutURL(err)
	case answered.ErrorCode != "":
		return &Refused{answered.ErrorCode, answered.ErrorDescription}
	}
	return fmt.Errorf("the provider answered the request for tokens with %s", answered.Response.Status)
}

// withoutURL is an error without the URL that was asked for, whose query may be
// secret.
func withoutURL(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return failed.Err
	}
	return err
}
