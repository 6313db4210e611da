package isojottest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

// DevProvider is a provider to sign in at by OAuth 2 that every project of a Server
// has: whoever comes is who they say.
const DevProvider = "dev"

// ProviderUser is who signs in at DevProvider.
type ProviderUser struct {
	// Email is a valid address; it also makes the user's id there.
	Email string
	// Unverified says that the provider has not verified the address.
	Unverified bool
	// Name may be empty.
	Name string
}

// SignInAtProvider does what a user's browser does with the URL of
// CreateOAuth2Session or CreateOAuth2Token for DevProvider: it goes there, signs in
// as u, and comes back. It returns where the browser ends, such as the success URL
// with its parameters userId and secret; nobody goes there.
func (s *Server) SignInAtProvider(start string, u ProviderUser) *url.URL {
	s.t.Helper()
	end, err := s.signInAtProvider(start, u)
	s.check("SignInAtProvider", err)
	return end
}

func (s *Server) signInAtProvider(start string, u ProviderUser) (*url.URL, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form, err := s.follow(browser, start)
	if err != nil || !strings.HasSuffix(form.Path, "/oauth2/authorize") {
		return form, err // such as the failure URL
	}
	fields := url.Values{"email": {u.Email}, "name": {u.Name}, "answer": {"yes"}}
	for _, name := range []string{"redirect_uri", "state", "code_challenge"} {
		fields.Set(name, form.Query().Get(name))
	}
	if !u.Unverified {
		fields.Set("verified", "true")
	}
	res, err := browser.PostForm(form.String(), fields)
	if err != nil {
		return nil, err
	}
	back, err := redirectOf(res)
	if err != nil || back == nil {
		return nil, fmt.Errorf("the provider's form was answered with %s, %w", res.Status, err)
	}
	return s.follow(browser, back.String())
}

// follow follows redirects from an address of the server's, to where a page is, or to
// the first address elsewhere.
func (s *Server) follow(browser *http.Client, address string) (*url.URL, error) {
	at, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	home, err := url.Parse(s.URL)
	for err == nil && at.Host == home.Host {
		res, getErr := browser.Get(at.String())
		if getErr != nil {
			return nil, getErr
		}
		next, readErr := redirectOf(res)
		switch {
		case readErr != nil:
			return nil, readErr
		case next == nil && res.StatusCode != http.StatusOK:
			return nil, fmt.Errorf("GET %s was answered with %s", at.Path, res.Status)
		case next == nil:
			return at, nil
		}
		at = next
	}
	return at, err
}

// redirectOf is where an answer leads; nil for one that is no redirect.
func redirectOf(res *http.Response) (*url.URL, error) {
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return nil, err
	}
	if err := res.Body.Close(); err != nil {
		return nil, err
	}
	if res.StatusCode/100 != 3 {
		return nil, nil
	}
	return res.Location()
}
