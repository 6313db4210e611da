package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pemFile writes a PEM file of a key's bytes.
func pemFile(t *testing.T, kind string, der []byte, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// keys runs a key command on a server's data, which must succeed.
func (s served) keys(t *testing.T, args ...string) string {
	t.Helper()
	code, stdout, stderr := runFor(t, append([]string{"key", args[0], "--data", s.dir}, args[1:]...)...)
	if code != 0 || stderr != "" {
		t.Fatalf("key %v: code %d, %s", args, code, stderr)
	}
	return stdout
}

func TestKeyRotate(t *testing.T) {
	s := serveAda(t)
	old := s.mint(t)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(ed)
	imported := pemFile(t, "PRIVATE KEY", pkcs8, err)
	sec1, err := x509.MarshalECPrivateKey(ec)
	importedEC := pemFile(t, "EC PRIVATE KEY", sec1, err)

	out := s.keys(t, "rotate", "--import", imported)
	lines := strings.Split(out, "\n")
	if !strings.HasPrefix(lines[1], "HS256  first ") || !strings.Contains(lines[1], "until 20") || !strings.HasPrefix(lines[2], "EdDSA  ") ||
		!strings.Contains(out, "public keys: ENDPOINT/projects/demo/jwks.json") {
		t.Errorf("key rotate: %s", out)
	}
	kid := strings.Fields(lines[2])[1]
	if status, body := call(t, "GET", s.endpoint+"/projects/demo/jwks.json", "", nil); status != 200 || !strings.Contains(body, `"kid":"`+kid+`"`) {
		t.Errorf("the key set is %d %s, want the kid %s", status, body, kid)
	}
	for name, token := range map[string]string{"old": old, "new": s.mint(t)} {
		if got := s.accountStatus(t, token); got != 200 {
			t.Errorf("the %s key's token: %d", name, got)
		}
	}
	// No secret where there is none to hand out.
	if out := s.keys(t, "jwt"); !strings.Contains(out, kid) || strings.Contains(out, "hex") {
		t.Errorf("key jwt: %s", out)
	}
	code, stdout, stderr := runFor(t, "key", "jwt", "--data", s.dir, "--format", "hex")
	if code != exitFailure || stdout != "" || !strings.Contains(stderr, "ENDPOINT/projects/demo/jwks.json, in Go by auth.NewJWKS") {
		t.Errorf("key jwt --format hex: code %d, %q, %q", code, stdout, stderr)
	}

	if out := s.keys(t, "rotate", "--import", importedEC, "--alg", "ES256", "--now"); strings.Count(out, "\n") != 5 {
		t.Errorf("key rotate --now: %s", out)
	}
	if out := s.keys(t, "rotate", "--alg", "HS256", "--revoke"); strings.Count(out, "\n") != 2 || !strings.Contains(out, "HS256") {
		t.Errorf("key rotate --revoke: %s", out)
	}
	if got := s.accountStatus(t, old); got != 401 {
		t.Errorf("the revoked key's token: %d", got)
	}
	if got := s.accountStatus(t, s.mint(t)); got != 200 {
		t.Errorf("the newest key's token: %d", got)
	}
}

func TestKeyRotateFailures(t *testing.T) {
	s := serveAda(t)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(ed)
	known := pemFile(t, "PRIVATE KEY", pkcs8, err)
	s.keys(t, "rotate", "--import", known)
	pair, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err = x509.MarshalPKCS8PrivateKey(pair)
	rsaKey := pemFile(t, "PRIVATE KEY", pkcs8, err)
	public, err := x509.MarshalPKIXPublicKey(ed.Public())
	publicKey := pemFile(t, "PUBLIC KEY", public, err)
	for _, tc := range []struct {
		args, want string
		code       int
	}{
		{"rotate --alg RS256", `no algorithm "RS256": use HS256, EdDSA or ES256`, exitUsage},
		{"rotate --after 25h", "use up to 24h0m0s", exitUsage},
		{"rotate --after 1h --now", "at once and wait", exitUsage},
		{"rotate extra", "key rotate takes no arguments", exitUsage},
		{"rotate --project nope", `there is no project "nope"`, exitFailure},
		{"rotate --import " + known, "has that key already", exitFailure},
		{"rotate --import " + s.dir + "/none", "no such file", exitFailure},
		{"rotate --import " + s.dir + "/isojot.db", "is not PEM", exitFailure},
		{"rotate --import " + publicKey, "holds no private key", exitFailure},
		{"rotate --import " + rsaKey, "use Ed25519 (EdDSA) or P-256 (ES256)", exitUsage},
		{"claims role=admin", `no claim "role" to switch on: use iss=VALUE`, exitUsage},
		{"claims --project nope", `there is no project "nope"`, exitFailure},
		{"claims --project nope iat", `there is no project "nope"`, exitFailure},
	} {
		args := strings.Fields(tc.args)
		code, stdout, stderr := runFor(t, append([]string{"key", args[0], "--data", s.dir}, args[1:]...)...)
		if code != tc.code || !strings.Contains(stderr, tc.want) || stdout != "" {
			t.Errorf("%s: code %d, stdout %q, stderr %q, want %d and %q", tc.args, code, stdout, stderr, tc.code, tc.want)
		}
	}
}

// The algorithm can be a flag, of all projects or of one.
func TestServeWithAlgorithms(t *testing.T) {
	dir := t.TempDir()
	p, endpoint := serveProjects(t, dir, "--jwt-alg", "EdDSA", "--jwt-alg", "other=ES256")
	for project, want := range map[string]string{"demo": `"alg":"EdDSA"`, "other": `"alg":"ES256"`} {
		if status, body := call(t, "GET", endpoint+"/projects/"+project+"/jwks.json", "", nil); status != 200 || strings.Count(body, `"kid"`) != 1 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s", project, status, body)
		}
	}
	p.cancel()
	p.end(t)
	for args, want := range map[string]string{"--jwt-alg RS256": `no algorithm "RS256"`, "--jwt-alg nope=ES256": "--jwt-alg nope=ES256: there is no --project nope"} {
		code, _, stderr := runFor(t, append([]string{"serve", "--memory", "--addr", "127.0.0.1:0"}, strings.Fields(args)...)...)
		if code == 0 || !strings.Contains(stderr, want) {
			t.Errorf("%s: code %d, %q", args, code, stderr)
		}
	}
}

func TestKeyClaims(t *testing.T) {
	s := serveAda(t)
	if out := s.keys(t, "claims"); out != "none\n" {
		t.Errorf("key claims: %q", out)
	}
	if out := s.keys(t, "claims", "iss=https://auth.example.com", "email"); out != "iss=https://auth.example.com\nemail\n" {
		t.Errorf("key claims: %q", out)
	}
	if claims := claimsOf(t, s.mint(t)); !strings.Contains(claims, `"iss":"https://auth.example.com","email":"ada@example.com","email_verified":false}`) {
		t.Errorf("the claims are %s", claims)
	}
	s.keys(t, "claims", "none")
	if claims := claimsOf(t, s.mint(t)); strings.Contains(claims, "iss") {
		t.Errorf("the claims are %s", claims)
	}
}
