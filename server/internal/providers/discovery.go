package providers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/sync/singleflight"
)

// Times of what an issuer says of itself.
const (
	// discoveryLife is how long that is believed; what was believed before is
	// used where nothing newer can be had.
	discoveryLife = time.Hour
	// discoveryPause is how long nobody asks again after a failure.
	discoveryPause = 5 * time.Second
)

// discovered is what an issuer says of itself.
type discovered struct {
	provider *oidc.Provider
	// basic: the client's secret goes into a header.
	basic bool
	// saysIssuer: the browser always comes back with the parameter iss.
	saysIssuer bool
	// userURL says that there is an endpoint for who the user is.
	userURL bool
}

// discovery asks an issuer what it says of itself (OpenID Connect Discovery), at
// the first use and then once in a while.
type discovery struct {
	issuer string
	client *http.Client
	flight singleflight.Group

	mu     sync.Mutex
	found  *discovered
	err    error     // of the last try
	tried  time.Time // the last try
	expiry time.Time // of found
}

func newDiscovery(issuer string, client *http.Client) *discovery {
	return &discovery{issuer: issuer, client: client}
}

// get returns what the issuer says of itself. It waits no longer than the context,
// and for one request whoever else waits.
func (d *discovery) get(ctx context.Context) (*discovered, error) {
	now := time.Now()
	d.mu.Lock()
	found, err, paused := d.found, d.err, now.Before(d.tried.Add(discoveryPause))
	fresh := found != nil && now.Before(d.expiry)
	d.mu.Unlock()
	switch {
	case fresh, found != nil && paused:
		return found, nil
	case paused && err != nil:
		return nil, err
	}
	flight := d.flight.DoChan("", func() (any, error) { return d.ask() })
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case done := <-flight:
		if done.Err != nil && found != nil {
			return found, nil
		}
		if done.Err != nil {
			return nil, done.Err
		}
		return done.Val.(*discovered), nil
	}
}

// ask asks the issuer. The client's own timeout bounds it: the answer is for all
// who wait.
func (d *discovery) ask() (*discovered, error) {
	found, err := d.read(oidc.ClientContext(context.Background(), d.client))
	d.mu.Lock()
	defer d.mu.Unlock()
	d.err, d.tried = err, time.Now()
	if err == nil {
		d.found, d.expiry = found, d.tried.Add(discoveryLife)
	}
	return found, err
}

func (d *discovery) read(ctx context.Context) (*discovered, error) {
	tenants := anyTenant(d.issuer)
	if tenants != "" {
		ctx = oidc.InsecureIssuerURLContext(ctx, tenants)
	}
	provider, err := oidc.NewProvider(ctx, d.issuer)
	if err != nil {
		return nil, fmt.Errorf("asking the issuer %s what it says of itself: %w", d.issuer, withoutURL(err))
	}
	var says struct {
		Auth       string   `json:"authorization_endpoint"`
		Token      string   `json:"token_endpoint"`
		User       string   `json:"userinfo_endpoint"`
		Keys       string   `json:"jwks_uri"`
		Methods    []string `json:"token_endpoint_auth_methods_supported"`
		SaysIssuer bool     `json:"authorization_response_iss_parameter_supported"`
	}
	if err := provider.Claims(&says); err != nil {
		return nil, err
	}
	for name, endpoint := range map[string]string{"authorization_endpoint": says.Auth, "token_endpoint": says.Token, "jwks_uri": says.Keys, "userinfo_endpoint": says.User} {
		if endpoint == "" && name == "userinfo_endpoint" {
			continue
		}
		if err := d.checkEndpoint(endpoint); err != nil {
			return nil, fmt.Errorf("the issuer %s has a %s that is not usable: %w", d.issuer, name, err)
		}
	}
	return &discovered{provider: provider, saysIssuer: says.SaysIssuer, userURL: says.User != "",
		basic: len(says.Methods) == 0 || slices.Contains(says.Methods, "client_secret_basic")}, nil
}

// checkEndpoint refuses endpoints that are not encrypted, where the issuer is.
func (d *discovery) checkEndpoint(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil:
		return errors.New("it is no URL")
	case u.Scheme == "https", u.Scheme == "http" && strings.HasPrefix(d.issuer, "http:"):
		return nil
	}
	return errors.New("it is not https")
}

// microsoft is where Microsoft's issuers are, one for each tenant.
const microsoft = "https://login.microsoftonline.com/"

// anyTenant is the issuer, with a place for the tenant, of an issuer of Microsoft
// that stands for several; "" for others.
func anyTenant(issuer string) string {
	switch strings.TrimSuffix(strings.TrimPrefix(issuer, microsoft), "/v2.0") {
	case "common", "organizations", "consumers":
		if strings.HasPrefix(issuer, microsoft) {
			return microsoft + "{tenantid}/v2.0"
		}
	}
	return ""
}
