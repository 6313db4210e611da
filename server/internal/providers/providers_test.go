package providers

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Every provider of which something is known can be set up, by an issuer where it has
// none of its own, and asks for who the user is.
func TestPresets(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	p8 := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	for name, known := range presets {
		c := Config{Name: name, ClientID: "id", ClientSecret: "secret"}
		if known.issuer == "" && known.auth == "" {
			if _, err := New(c); err == nil || !strings.Contains(err.Error(), "give its issuer") {
				t.Errorf("%s without an issuer: %v", name, err)
			}
			c.Issuer = "https://id.example.com"
		}
		if known.signsSecret {
			if _, err := New(c); err == nil || !strings.Contains(err.Error(), "team id") {
				t.Errorf("%s without a team: %v", name, err)
			}
			c.TeamID, c.KeyID = "TEAM", "KEY"
			if _, err := New(c); err == nil || !strings.Contains(err.Error(), ".p8") {
				t.Errorf("%s without a key: %v", name, err)
			}
			c.ClientSecret = p8
		}
		p, err := New(c)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p.Title() == "" || p.preset.read == nil {
			t.Errorf("%s has no title, or does not say how to read who the user is", name)
		}
		if (known.emails == "") != (known.pick == nil) {
			t.Errorf("%s lists addresses, and does not pick one", name)
		}
		if known.auth == "" {
			continue
		}
		location, err := p.AuthURL(t.Context(), Request{RedirectURI: "https://a.example/cb", State: "s", Verifier: strings.Repeat("v", 43)})
		u, parseErr := url.Parse(location)
		if err != nil || parseErr != nil || u.Scheme != "https" || u.Query().Get("redirect_uri") != "https://a.example/cb" || u.Query().Get("code_challenge") == "" || u.Query().Get("scope") != strings.Join(known.scopes, " ") {
			t.Errorf("%s sends browsers to %s, %v, %v", name, location, err, parseErr)
		}
	}
	secret, err := (&appleKey{"TEAM", "KEY", key}).secret("com.example", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Parse(secret, func(*jwt.Token) (any, error) { return &key.PublicKey, nil },
		jwt.WithAudience("https://appleid.apple.com"), jwt.WithIssuer("TEAM"), jwt.WithSubject("com.example"), jwt.WithValidMethods([]string{"ES256"}))
	if err != nil || token.Header["kid"] != "KEY" {
		t.Errorf("Apple's secret %s: %v", secret, err)
	}
}

// Answers as the providers document them.
func TestProfiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, answer string
		want         Profile
	}{
		{"google", `{"sub":"1","email":"a@gmail.com","email_verified":true,"name":"A"}`, Profile{"1", "a@gmail.com", true, "A"}},
		{"apple", `{"sub":"1","email":"a@icloud.com","email_verified":"true"}`, Profile{"1", "a@icloud.com", true, ""}},
		{"apple", `{"sub":"1","email":"a@icloud.com","email_verified":"false"}`, Profile{"1", "a@icloud.com", false, ""}},
		{"discord", `{"id":"80351110224678912","username":"nelly","global_name":"Nelly","email":"n@discord.com","verified":true}`, Profile{"80351110224678912", "n@discord.com", true, "Nelly"}},
		{"facebook", `{"id":"1","name":"A","email":"a@example.com"}`, Profile{"1", "a@example.com", false, "A"}},
		{"amazon", `{"user_id":"amzn1","email":"a@example.com","name":"A"}`, Profile{"amzn1", "a@example.com", false, "A"}},
		{"spotify", `{"id":"wizzler","display_name":"A","email":"a@example.com"}`, Profile{"wizzler", "a@example.com", false, "A"}},
		{"twitch", `{"data":[{"id":"141","display_name":"A","email":"a@example.com"}]}`, Profile{"141", "a@example.com", true, "A"}},
		{"twitch", `{"data":[]}`, Profile{"", "", true, ""}},
		{"dropbox", `{"account_id":"dbid:1","name":{"display_name":"A"},"email":"a@example.com","email_verified":false}`, Profile{"dbid:1", "a@example.com", false, "A"}},
		{"box", `{"id":"11446498","name":"A","login":"a@example.com"}`, Profile{"11446498", "a@example.com", false, "A"}},
		{"github", `{"id":12345678901234567890,"login":"octocat","name":null,"email":"public@example.com"}`, Profile{"12345678901234567890", "", false, "octocat"}},
		{"kakao", `{"id":123,"kakao_account":{"is_email_verified":true,"email":"a@example.com","profile":{"nickname":"A"}}}`, Profile{"123", "a@example.com", true, "A"}},
		{"microsoft", `{"sub":"1","tid":"11111111-1111-1111-1111-111111111111","email":"ceo@victim.example","email_verified":true,"name":"A"}`, Profile{"1", "ceo@victim.example", false, "A"}},
		{"microsoft", `{"sub":"1","tid":"11111111-1111-1111-1111-111111111111","email":"a@own.example","xms_edov":true}`, Profile{"1", "a@own.example", true, ""}},
		{"microsoft", `{"sub":"1","tid":"9188040d-6c67-4c5b-b112-36a304b66dad","email":"a@outlook.com"}`, Profile{"1", "a@outlook.com", true, ""}},
		{"zoom", `{"id":"z","display_name":"A","email":"a@example.com","verified":1}`, Profile{"z", "a@example.com", true, "A"}},
		{"x", `{"data":{"id":"7","name":"A","confirmed_email":"a@example.com"}}`, Profile{"7", "a@example.com", true, "A"}},
		{"paypal", `{"payer_id":"P","name":"A","emails":[{"value":"a@example.com","primary":true,"confirmed":true}]}`, Profile{"P", "a@example.com", true, "A"}},
	} {
		var o object
		if err := readObject([]byte(c.answer), &o); err != nil {
			t.Fatal(err)
		}
		if got := presets[c.kind].read(o); got != c.want {
			t.Errorf("%s: %s is read as %+v, want %+v", c.kind, c.answer, got, c.want)
		}
	}
	for _, c := range []struct {
		pick           func([]byte) (string, bool, error)
		answer, email  string
		verified, good bool
	}{
		{pickGitHub, `[{"email":"b@example.com","primary":false,"verified":true},{"email":"a@example.com","primary":true,"verified":true}]`, "a@example.com", true, true},
		{pickGitHub, `[{"email":"a@example.com","primary":true,"verified":false}]`, "a@example.com", false, true},
		{pickGitHub, `[]`, "", false, true},
		{pickGitHub, `{"message":"x"}`, "", false, false},
		{pickBitbucket, `{"values":[{"email":"a@example.com","is_primary":true,"is_confirmed":true}]}`, "a@example.com", true, true},
		{pickBitbucket, `[]`, "", false, false},
	} {
		email, verified, err := c.pick([]byte(c.answer))
		if email != c.email || verified != c.verified || (err == nil) != c.good {
			t.Errorf("%s: %q, %v, %v", c.answer, email, verified, err)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := Config{Name: "own", ClientID: "id", ClientSecret: "s", AuthURL: "https://a.example/auth", TokenURL: "https://a.example/token", UserURL: "https://a.example/user"}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Config){
		"the name":                   func(c *Config) { c.Name = "a/b" },
		"no kind of provider":        func(c *Config) { c.Kind = "nosuch" },
		"no client id":               func(c *Config) { c.ClientID = "" },
		"exclude each other":         func(c *Config) { c.Issuer = "https://a.example" },
		"not known where":            func(c *Config) { c.UserURL = "" },
		"not encrypted":              func(c *Config) { c.TokenURL = "http://a.example/token" },
		"is no URL such as":          func(c *Config) { c.TokenURL = "a.example" },
		"for who the user is is no ": func(c *Config) { c.UserURL = "https://user:pass@a.example" },
	} {
		c := good
		change(&c)
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", c, err, want)
		}
	}
}

// What a provider names by itself must be public: it could name what only this
// machine reaches.
func TestDialsChosenOrPublic(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"1.1.1.1": true, "2606:4700:4700::1111": true, "127.0.0.1": false, "10.1.2.3": false, "192.168.0.1": false, "172.16.0.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "0.0.0.0": false, "::1": false, "fe80::1": false, "fd00::1": false, "64:ff9b::a00:1": false, "224.0.0.1": false, "255.255.255.255": false, "2002:a00:1::": false,
	} {
		if got := isPublic(netip.MustParseAddr(text)); got != want {
			t.Errorf("isPublic(%s) = %v", text, got)
		}
	}
	var visits atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visits.Add(1)
		switch r.URL.Path {
		case "/long":
			w.Write(make([]byte, MaxAnswer+1))
		case "/away":
			http.Redirect(w, r, "/", http.StatusFound)
		}
	}))
	defer server.Close()
	get := func(client *http.Client, path string) error {
		r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(r)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		buf := make([]byte, MaxAnswer+2)
		for err == nil {
			_, err = res.Body.Read(buf)
		}
		if err.Error() != "EOF" {
			return err
		}
		if res.StatusCode != 200 {
			return errors.New(res.Status)
		}
		return nil
	}
	if err := get(newClient("https://id.example.com"), "/"); err == nil || !strings.Contains(err.Error(), "is not public") || visits.Load() != 0 {
		t.Errorf("an address that the operator did not choose: %v, %d visits", err, visits.Load())
	}
	chosen := newClient(server.URL)
	if err := get(chosen, "/"); err != nil {
		t.Errorf("the operator's choice: %v", err)
	}
	if err := get(chosen, "/away"); err == nil || !strings.Contains(err.Error(), "302") {
		t.Errorf("a redirect: %v", err)
	}
	if err := get(chosen, "/long"); err == nil {
		t.Error("a long answer is read")
	}
}

// An issuer is asked once for all who wait, not again for a while when it fails, and
// what it said is used while it is away.
func TestDiscovery(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	var status atomic.Int32
	status.Store(200)
	var issuer string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(int(status.Load()))
		fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":"%[1]s/a","token_endpoint":"%[1]s/t","jwks_uri":"%[1]s/k","token_endpoint_auth_methods_supported":["client_secret_post"]}`, issuer)
	}))
	defer server.Close()
	issuer = server.URL
	d := newDiscovery(server.URL, newClient(server.URL))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if found, err := d.get(t.Context()); err != nil || found.basic {
				t.Errorf("%+v, %v", found, err)
			}
		})
	}
	wg.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
	status.Store(500)
	d.mu.Lock()
	d.expiry, d.tried = time.Now(), time.Time{}
	d.mu.Unlock()
	for range 3 {
		if _, err := d.get(t.Context()); err != nil {
			t.Errorf("what it said before is not used: %v", err)
		}
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("it was asked %d times", n)
	}
	never := newDiscovery(server.URL, newClient(server.URL))
	for range 3 {
		if _, err := never.get(t.Context()); err == nil {
			t.Error("there is an answer")
		}
	}
	if n := asked.Load(); n != 3 {
		t.Errorf("it was asked %d times", n)
	}
	status.Store(200)
	issuer = "https://evil.example"
	if _, err := newDiscovery(server.URL, newClient(server.URL)).get(t.Context()); err == nil {
		t.Error("one that says it is another is believed")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newDiscovery("http://127.0.0.1:1", newClient("http://127.0.0.1:1")).get(ctx); err == nil {
		t.Error("there is an answer from nowhere")
	}
	secure := newDiscovery("https://id.example.com", nil)
	for text, good := range map[string]bool{"https://a.example/x": true, "http://a.example/x": false, "": false, "https://u:p@a.example": false} {
		if err := secure.checkEndpoint(text); (err == nil) != good {
			t.Errorf("the endpoint %q: %v", text, err)
		}
	}
}
