package providers

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
)

// preset is what is known of a provider, from its public documentation.
type preset struct {
	title string
	// issuer is that of OpenID Connect; else auth, token and user are the
	// endpoints to sign in, for tokens, and for who the user is. Without any, the
	// operator must say where the provider is.
	issuer            string
	auth, token, user string
	// scopes are what is asked for to learn the user's id, address and name.
	scopes []string
	// params are further parameters of the request to sign in.
	params map[string]string
	// basic: the client's secret goes into a header, and not into the form.
	basic bool
	// signsSecret: the client's secret is signed for each request, as Apple's.
	signsSecret bool
	// method is that of the request to user; "" means GET.
	method string
	// headers are further ones of requests to user; {client} is the client's id.
	headers map[string]string
	// read reads the profile from an answer of user, or from the claims of an ID
	// token.
	read func(object) Profile
	// emails is a further endpoint that lists addresses, and pick takes the user's.
	emails string
	pick   func(body []byte) (email string, verified bool, err error)
}

// fields reads a profile from members at fixed paths, each the first of several.
type fields struct {
	id, email, verified, name []string
	// trusted: an address that is there has been verified, by the documentation.
	trusted bool
}

func (f fields) read(o object) Profile {
	p := Profile{UID: o.text(f.id...), Email: o.text(f.email...), Name: o.text(f.name...)}
	p.EmailVerified = f.trusted || o.truth(f.verified...)
	return p
}

// standard are the claims of OpenID Connect (Core 1.0, section 5.1), and the names
// that plain providers tend to have.
var standard = fields{
	id: []string{"sub", "id"}, email: []string{"email"}, verified: []string{"email_verified", "verified"},
	name: []string{"name", "preferred_username", "nickname"},
}

var openID = []string{"openid", "email", "profile"}

// generic is a provider of which nothing is known.
var generic = preset{scopes: nil, read: standard.read}

// ofIssuer is a provider of OpenID Connect that each operator has at another place.
func ofIssuer(title string) preset {
	return preset{title: title, scopes: openID, read: standard.read}
}

// presets are the providers of which something is known, by name.
var presets = map[string]preset{
	"amazon": {title: "Amazon", auth: "https://www.amazon.com/ap/oa", token: "https://api.amazon.com/auth/o2/token", user: "https://api.amazon.com/user/profile",
		scopes: []string{"profile"}, read: fields{id: []string{"user_id"}, email: []string{"email"}, name: []string{"name"}}.read},
	"apple": {title: "Apple", issuer: "https://appleid.apple.com", scopes: []string{"openid", "email", "name"},
		params: map[string]string{"response_mode": "form_post"}, signsSecret: true, read: standard.read},
	"auth0":     ofIssuer("Auth0"),
	"authentik": ofIssuer("authentik"),
	"bitbucket": {title: "Bitbucket", auth: "https://bitbucket.org/site/oauth2/authorize", token: "https://bitbucket.org/site/oauth2/access_token", basic: true,
		user: "https://api.bitbucket.org/2.0/user", emails: "https://api.bitbucket.org/2.0/user/emails", scopes: []string{"account", "email"},
		read: fields{id: []string{"uuid"}, name: []string{"display_name"}}.read, pick: pickBitbucket},
	"box": {title: "Box", auth: "https://account.box.com/api/oauth2/authorize", token: "https://api.box.com/oauth2/token", user: "https://api.box.com/2.0/users/me",
		read: fields{id: []string{"id"}, email: []string{"login"}, name: []string{"name"}}.read},
	"discord": {title: "Discord", auth: "https://discord.com/oauth2/authorize", token: "https://discord.com/api/oauth2/token", user: "https://discord.com/api/users/@me",
		scopes: []string{"identify", "email"},
		read:   fields{id: []string{"id"}, email: []string{"email"}, verified: []string{"verified"}, name: []string{"global_name", "username"}}.read},
	"dropbox": {title: "Dropbox", auth: "https://www.dropbox.com/oauth2/authorize", token: "https://api.dropboxapi.com/oauth2/token",
		user: "https://api.dropboxapi.com/2/users/get_current_account", method: http.MethodPost, scopes: []string{"account_info.read"},
		params: map[string]string{"token_access_type": "offline"},
		read:   fields{id: []string{"account_id"}, email: []string{"email"}, verified: []string{"email_verified"}, name: []string{"name.display_name"}}.read},
	"facebook": {title: "Facebook", auth: "https://www.facebook.com/v23.0/dialog/oauth", token: "https://graph.facebook.com/v23.0/oauth/access_token",
		user: "https://graph.facebook.com/v23.0/me?fields=id,name,email", scopes: []string{"email", "public_profile"},
		read: fields{id: []string{"id"}, email: []string{"email"}, name: []string{"name"}}.read},
	"figma": {title: "Figma", auth: "https://www.figma.com/oauth", token: "https://api.figma.com/v1/oauth/token", user: "https://api.figma.com/v1/me", basic: true,
		scopes: []string{"current_user:read"}, read: fields{id: []string{"id"}, email: []string{"email"}, name: []string{"handle"}}.read},
	"fusionauth": ofIssuer("FusionAuth"),
	"github": {title: "GitHub", auth: "https://github.com/login/oauth/authorize", token: "https://github.com/login/oauth/access_token",
		user: "https://api.github.com/user", emails: "https://api.github.com/user/emails", scopes: []string{"read:user", "user:email"},
		read: fields{id: []string{"id"}, name: []string{"name", "login"}}.read, pick: pickGitHub},
	"gitlab": {title: "GitLab", issuer: "https://gitlab.com", scopes: openID, read: standard.read},
	"google": {title: "Google", issuer: "https://accounts.google.com", scopes: openID, params: map[string]string{"access_type": "offline"}, read: standard.read},
	"kakao": {title: "Kakao", auth: "https://kauth.kakao.com/oauth/authorize", token: "https://kauth.kakao.com/oauth/token", user: "https://kapi.kakao.com/v2/user/me",
		scopes: []string{"account_email", "profile_nickname"},
		read: fields{id: []string{"id"}, email: []string{"kakao_account.email"}, verified: []string{"kakao_account.is_email_verified"},
			name: []string{"kakao_account.profile.nickname"}}.read},
	"keycloak": ofIssuer("Keycloak"),
	// LinkedIn's ID tokens have no nonce: who the user is comes from its API.
	"linkedin": {title: "LinkedIn", auth: "https://www.linkedin.com/oauth/v2/authorization", token: "https://www.linkedin.com/oauth/v2/accessToken",
		user: "https://api.linkedin.com/v2/userinfo", scopes: openID, read: standard.read},
	"microsoft": {title: "Microsoft", issuer: microsoft + "common/v2.0", scopes: append(slices.Clone(openID), "offline_access"), read: readMicrosoft},
	"oidc":      ofIssuer("OpenID Connect"),
	"okta":      ofIssuer("Okta"),
	"paypal": {title: "PayPal", auth: "https://www.paypal.com/signin/authorize", token: "https://api-m.paypal.com/v1/oauth2/token", basic: true,
		user: "https://api-m.paypal.com/v1/identity/openidconnect/userinfo?schema=openid", scopes: openID, read: readPayPal},
	"paypalSandbox": {title: "PayPal Sandbox", auth: "https://www.sandbox.paypal.com/signin/authorize", token: "https://api-m.sandbox.paypal.com/v1/oauth2/token", basic: true,
		user: "https://api-m.sandbox.paypal.com/v1/identity/openidconnect/userinfo?schema=openid", scopes: openID, read: readPayPal},
	"salesforce": {title: "Salesforce", issuer: "https://login.salesforce.com", scopes: openID, read: standard.read},
	"slack":      {title: "Slack", issuer: "https://slack.com", scopes: openID, read: standard.read},
	// Spotify says itself that the address is not verified.
	"spotify": {title: "Spotify", auth: "https://accounts.spotify.com/authorize", token: "https://accounts.spotify.com/api/token", user: "https://api.spotify.com/v1/me", basic: true,
		scopes: []string{"user-read-email", "user-read-private"}, read: fields{id: []string{"id"}, email: []string{"email"}, name: []string{"display_name"}}.read},
	"twitch": {title: "Twitch", auth: "https://id.twitch.tv/oauth2/authorize", token: "https://id.twitch.tv/oauth2/token", user: "https://api.twitch.tv/helix/users",
		headers: map[string]string{"Client-Id": "{client}"}, scopes: []string{"user:read:email"},
		read: fields{id: []string{"data.0.id"}, email: []string{"data.0.email"}, name: []string{"data.0.display_name"}, trusted: true}.read},
	"x": {title: "X", auth: "https://x.com/i/oauth2/authorize", token: "https://api.x.com/2/oauth2/token", basic: true,
		user: "https://api.x.com/2/users/me?user.fields=confirmed_email", scopes: []string{"users.read", "tweet.read", "users.email", "offline.access"},
		read: fields{id: []string{"data.id"}, email: []string{"data.confirmed_email"}, name: []string{"data.name"}, trusted: true}.read},
	"yahoo": {title: "Yahoo", issuer: "https://api.login.yahoo.com", scopes: openID, read: standard.read},
	"yandex": {title: "Yandex", auth: "https://oauth.yandex.com/authorize", token: "https://oauth.yandex.com/token", user: "https://login.yandex.ru/info?format=json",
		scopes: []string{"login:email", "login:info"}, read: fields{id: []string{"id"}, email: []string{"default_email"}, name: []string{"real_name", "display_name"}}.read},
	"zoom": {title: "Zoom", auth: "https://zoom.us/oauth/authorize", token: "https://zoom.us/oauth/token", user: "https://api.zoom.us/v2/users/me", basic: true,
		read: fields{id: []string{"id"}, email: []string{"email"}, verified: []string{"verified"}, name: []string{"display_name"}}.read},
}

// Known are the names of the providers of which something is known.
func Known() []string { return slices.Sorted(maps.Keys(presets)) }

// personalTenant is that of Microsoft's own accounts, which verify addresses.
const personalTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

// readMicrosoft reads Microsoft's claims. The address of an account of work or
// school is what its administrator wrote, unless xms_edov says that the domain is
// the tenant's.
func readMicrosoft(o object) Profile {
	p := standard.read(o)
	p.EmailVerified = o.text("tid") == personalTenant || o.truth("xms_edov")
	return p
}

// readPayPal reads PayPal's answer, which lists addresses or has one.
func readPayPal(o object) Profile {
	p := fields{id: []string{"payer_id", "user_id", "sub"}, email: []string{"email", "emails.0.value"}, name: []string{"name"},
		verified: []string{"email_verified", "emails.0.confirmed"}}.read(o)
	return p
}

// pickGitHub takes the primary address.
func pickGitHub(body []byte) (string, bool, error) {
	var list []struct {
		Email             string
		Primary, Verified bool
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return "", false, errors.New("the provider's list of addresses is not one")
	}
	for _, e := range list {
		if e.Primary {
			return e.Email, e.Verified, nil
		}
	}
	return "", false, nil
}

// pickBitbucket takes the primary address.
func pickBitbucket(body []byte) (string, bool, error) {
	var list struct {
		Values []struct {
			Email     string
			Primary   bool `json:"is_primary"`
			Confirmed bool `json:"is_confirmed"`
		}
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return "", false, errors.New("the provider's list of addresses is not one")
	}
	for _, e := range list.Values {
		if e.Primary {
			return e.Email, e.Confirmed, nil
		}
	}
	return "", false, nil
}
