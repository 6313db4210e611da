package providers

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// profile asks who the user of a token is.
func (p *Provider) profile(ctx context.Context, token *oauth2.Token, nonce string) (Profile, error) {
	if p.discovery == nil {
		return p.plainProfile(ctx, token)
	}
	found, err := p.discovery.get(ctx)
	if err != nil {
		return Profile{}, err
	}
	claims, err := p.idToken(ctx, found.provider, token, nonce)
	if err != nil {
		return Profile{}, err
	}
	said := p.preset.read(claims)
	if said.Email != "" || !found.userURL {
		return said, nil
	}
	return p.userInfo(ctx, found.provider, token, said)
}

// idToken verifies the ID token beside a token (OpenID Connect Core 1.0, section
// 3.1.3.7), and returns its claims.
func (p *Provider) idToken(ctx context.Context, from *oidc.Provider, token *oauth2.Token, nonce string) (object, error) {
	raw, _ := token.Extra("id_token").(string)
	if raw == "" {
		return nil, errors.New("the provider gave no ID token: ask for the scope openid")
	}
	tenants := anyTenant(p.config.Issuer) != ""
	verified, err := from.Verifier(&oidc.Config{ClientID: p.config.ClientID, SkipIssuerCheck: tenants}).Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("the ID token does not verify: %w", withoutURL(err))
	}
	var claims object
	if err := decode(verified.Claims, &claims); err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(verified.Nonce), []byte(nonce)) != 1 || nonce == "" {
		return nil, errors.New("the ID token is of another sign-in: it does not have the nonce")
	}
	if azp := claims.text("azp"); len(verified.Audience) > 1 && azp != p.config.ClientID || azp != "" && azp != p.config.ClientID {
		return nil, errors.New("the ID token was made for another client")
	}
	if tenant := claims.text("tid"); tenants && verified.Issuer != microsoft+tenant+"/v2.0" {
		return nil, errors.New("the ID token's issuer is not that of its tenant")
	}
	if verified.AccessTokenHash != "" {
		if err := verified.VerifyAccessToken(token.AccessToken); err != nil {
			return nil, errors.New("the ID token was made for another access token")
		}
	}
	return claims, nil
}

// decode reads claims with their numbers as they are written.
func decode(claims func(any) error, into *object) error {
	var raw json.RawMessage
	if err := claims(&raw); err != nil {
		return err
	}
	return readObject(raw, into)
}

// userInfo adds what the endpoint for who the user is says beside the ID token.
func (p *Provider) userInfo(ctx context.Context, from *oidc.Provider, token *oauth2.Token, said Profile) (Profile, error) {
	info, err := from.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return Profile{}, fmt.Errorf("asking who the user is: %w", withoutURL(err))
	}
	if info.Subject != said.UID { // section 5.3.2
		return Profile{}, errors.New("the provider says of one user that it is another")
	}
	var claims object
	if err := decode(info.Claims, &claims); err != nil {
		return Profile{}, err
	}
	more := p.preset.read(claims)
	if more.Name == "" {
		more.Name = said.Name
	}
	return more, nil
}

// plainProfile asks the provider's own API.
func (p *Provider) plainProfile(ctx context.Context, token *oauth2.Token) (Profile, error) {
	var user object
	body, err := p.fetch(ctx, p.preset.method, p.config.UserURL, token)
	if err == nil {
		err = readObject(body, &user)
	}
	if err != nil {
		return Profile{}, fmt.Errorf("asking who the user is: %w", err)
	}
	said := p.preset.read(user)
	if p.preset.emails == "" || p.config.UserURL != p.preset.user {
		return said, nil
	}
	body, err = p.fetch(ctx, http.MethodGet, p.preset.emails, token)
	if err != nil {
		return Profile{}, fmt.Errorf("asking for the user's addresses: %w", err)
	}
	said.Email, said.EmailVerified, err = p.preset.pick(body)
	return said, err
}

// fetch sends a request with an access token, and returns the body of the answer.
func (p *Provider) fetch(ctx context.Context, method, address string, token *oauth2.Token) (body []byte, err error) {
	if method == "" {
		method = http.MethodGet
	}
	r, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "isojot") // GitHub refuses requests without
	r.Header.Set("Authorization", "Bearer "+token.AccessToken)
	for name, value := range p.preset.headers {
		r.Header.Set(name, strings.ReplaceAll(value, "{client}", p.config.ClientID))
	}
	res, err := p.client.Do(r)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the provider answered with %s", res.Status)
	}
	return io.ReadAll(res.Body)
}

// checkIssuer refuses an answer of another issuer than was asked (RFC 9207): the
// code would be shown to a provider that it is not for.
func (p *Provider) checkIssuer(ctx context.Context, said string) error {
	if p.discovery == nil {
		return nil // the redirect URI and the state are the provider's alone
	}
	if said == "" {
		found, err := p.discovery.get(ctx)
		if err == nil && found.saysIssuer {
			err = errors.New("the browser came back without the issuer that the provider always names")
		}
		return err
	}
	if said != p.config.Issuer && anyTenant(p.config.Issuer) == "" {
		return errors.New("the browser came back from another issuer")
	}
	return nil
}

// object is a JSON object whose numbers are json.Number.
type object map[string]any

func readObject(text []byte, into *object) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(into); err != nil {
		return errors.New("the provider's answer is no JSON object")
	}
	return nil
}

// at is the value at a path such as data.0.id, nil where there is none.
func (o object) at(path string) any {
	var v any = map[string]any(o)
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

// text is the first text or number at some paths that is not empty.
func (o object) text(paths ...string) string {
	for _, path := range paths {
		switch v := o.at(path).(type) {
		case string:
			if v != "" {
				return v
			}
		case json.Number:
			return v.String()
		}
	}
	return ""
}

// truth reports whether one of the paths says true; some providers write that as
// a text or a number.
func (o object) truth(paths ...string) bool {
	return slices.ContainsFunc(paths, func(path string) bool {
		switch v := o.at(path).(type) {
		case bool:
			return v
		case string:
			return v == "true" || v == "1"
		case json.Number:
			return v.String() == "1"
		}
		return false
	})
}

// nameOf is the name in Apple's parameter user, {"name":{"firstName":...}}, which
// the browser says: it proves nothing.
func nameOf(user string) string {
	var o object
	if user == "" || readObject([]byte(user), &o) != nil {
		return ""
	}
	return strings.TrimSpace(o.text("name.firstName") + " " + o.text("name.lastName"))
}
