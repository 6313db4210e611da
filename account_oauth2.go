package isojot

import (
	"context"

	"github.com/isojot/isojot/internal/args"
)

// CreateOAuth2Session holds the parameters of Account.CreateOAuth2Session and
// Account.CreateOAuth2Token. All of them may be left out but Provider.
type CreateOAuth2Session struct {
	// Provider is whom the user signs in at.
	Provider OAuthProvider
	// Success and Failure are where the browser goes afterwards.
	Success, Failure string
	// Scopes are what the provider is asked for besides who the user is.
	Scopes []string
}

func (p CreateOAuth2Session) encode(o Operation) (Params, error) {
	return Encode(o, args.Present(map[string]any{
		"provider": p.Provider, "success": p.Success, "failure": p.Failure, "scopes": p.Scopes,
	}, o.Optional))
}

// CreateOAuth2Session returns the URL to send a browser to, which signs the user in
// at the provider, and comes back with the session's cookie. Nothing is sent.
func (a *Account) CreateOAuth2Session(p CreateOAuth2Session) (string, error) {
	return a.oauth2URL(opAccountCreateOAuth2Session, p)
}

func (a *Account) oauth2URL(o Operation, p CreateOAuth2Session) (string, error) {
	encoded, err := p.encode(o)
	if err != nil {
		return "", err
	}
	return a.client.URL(o, encoded)
}

// CreateOAuth2Token returns the URL to send a browser to, which signs the user in at
// the provider, and comes back to Success with the parameters userId and secret for
// CreateSession. The server is asked for the provider's own URL, but for browsers,
// which do not show what a redirect leads to: there it is the server's, and nothing
// is sent.
func (a *Account) CreateOAuth2Token(ctx context.Context, p CreateOAuth2Session) (string, error) {
	o := opAccountCreateOAuth2Token
	if a.client.cfg().jar {
		return a.oauth2URL(o, p)
	}
	encoded, err := p.encode(o)
	if err != nil {
		return "", err
	}
	res, err := a.client.Do(ctx, o, asked(o.Route, encoded))
	if err != nil {
		return "", err
	}
	if location := res.Get("location"); location != "" {
		return location, nil
	}
	return "", &Error{Operation: o.Name, Type: ErrBadResponse, Code: res.Status, Response: string(res.Body),
		Message: "the answer is no redirect to the provider: check the endpoint"}
}
