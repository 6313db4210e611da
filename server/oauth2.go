package server

import (
	"fmt"
	"slices"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/providers"
	"github.com/isojot/isojot/server/internal/wire"
)

// oauth2Handlers answer the operations that send browsers to providers.
var oauth2Handlers = handlers{
	"account.createOAuth2Session": (*call).startOAuth2Session,
	"account.createOAuth2Token":   (*call).startOAuth2Token,
}

// oauth2Endpoints are where browsers come back to, which is no operation of SDKs.
// The callback itself (oauth2_callback.go) sends them here.
var oauth2Endpoints = []endpoint{{
	pattern: "GET /account/sessions/oauth2/{provider}/redirect",
	scope:   scopes{"public", "global"}, page: true, limit: limitAnonymous, handle: (*call).finishOAuth2,
}}

// OAuth2Provider is a provider of OAuth 2.0 or OpenID Connect that users of a
// project sign in at. It is told the URL
// https://HOST/v1/account/sessions/oauth2/callback/NAME/PROJECT.
type OAuth2Provider struct {
	// Name is what apps call the provider, such as google: 1 to 64 of a-z, A-Z,
	// 0-9, hyphen and underscore. Where Kind is "", too, what is known of the
	// provider of that name holds.
	Name string
	// Kind is one of OAuth2Kinds whose ways the provider has; "" is Name, where
	// that is one of them.
	Kind string
	// Title is what people call the provider; "" is that of its kind, or Name.
	Title string
	// ClientID and ClientSecret are what the provider gave; ClientSecret is "" for a
	// client without one, of which no tokens are kept. For Apple ClientSecret is the
	// text of the file .p8, whose key signs secrets for the developer's TeamID under
	// the name KeyID.
	ClientID, ClientSecret string
	TeamID, KeyID          string
	// Issuer is that of OpenID Connect, whose endpoints are asked for at the first
	// sign-in: an https URL, or an http one on this machine. Kinds that are a
	// service of one place have one, or endpoints, and need none.
	Issuer string
	// AuthURL, TokenURL and UserURL are, without an issuer, where users sign in,
	// where a code is traded for tokens, and where it is said who the user is: a JSON
	// object with sub or id, email, email_verified or verified, and name.
	AuthURL, TokenURL, UserURL string
	// Scopes are what is asked for besides what the kind needs to know who the user
	// is.
	Scopes []string
	// TrustEmail lets an address count as verified though the provider does not say
	// so. Whoever can give themselves an address there, gets the account that has it
	// here.
	TrustEmail bool
}

// OAuth2Kinds are the kinds of providers of which it is known how to sign in there.
func OAuth2Kinds() []string { return providers.Known() }

// otherSignIns are the providers of sessions that are none of OAuth 2.
var otherSignIns = []string{byPassword.provider, asAnonymous.provider, byTheServer.provider, "token", "magic-url", "phone"}

// oauth2Of readies the providers of a project.
func (s *Server) oauth2Of(list []OAuth2Provider) (map[string]*providers.Provider, error) {
	all := map[string]*providers.Provider{}
	for _, config := range list {
		p, err := providers.New(providers.Config(config))
		switch {
		case err != nil:
			return nil, fmt.Errorf("the OAuth2 provider %q: %w", config.Name, err)
		case slices.Contains(otherSignIns, config.Name):
			return nil, fmt.Errorf("the OAuth2 provider %q: sessions of another way of signing in are called so: give it another name", config.Name)
		case all[config.Name] != nil:
			return nil, fmt.Errorf("the OAuth2 provider %q is listed twice: list it once", config.Name)
		}
		all[config.Name] = p
	}
	if s.toy != nil && all[toyName] == nil {
		all[toyName] = s.toy.provider
	}
	return all, nil
}

// oauth2Names are the names that a client may give, whether the project has such a
// provider or not; the last ones are those of Appwrite's own tests.
var oauth2Names = []string{
	"amazon", "apple", "appwrite", "auth0", "authentik", "autodesk", "bitbucket", "bitly", "box", "dailymotion", "discord", "disqus",
	"dropbox", "etsy", "facebook", "figma", "fusionauth", "github", "gitlab", "google", "huggingface", "keycloak", "kick", "linkedin",
	"microsoft", "notion", "oidc", "okta", "paypal", "paypalSandbox", "podio", "salesforce", "slack", "spotify", "stripe", "tradeshift",
	"tradeshiftBox", "twitch", "wordpress", "x", "yahoo", "yammer", "yandex", "zoho", "zoom", "mock", "mock-unverified",
}

// checkProviderName refuses names of providers that nobody has.
func checkProviderName(name string, config *projectConfig) error {
	if config.oauth2[name] != nil || slices.Contains(oauth2Names, name) {
		return nil
	}
	return wire.Invalid("provider", "Value must be one of ("+strings.Join(oauth2Names, ", ")+")")
}

// errProviderDisabled says that the project has no such provider.
func errProviderDisabled() error {
	return wire.Failf(isojot.ErrProjectProviderDisabled, "This provider is disabled. Please enable the provider from your Appwrite console to continue.")
}
