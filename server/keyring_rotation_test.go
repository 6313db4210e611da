package server

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/server/internal/projects"
)

// rotate gives the server's project a new signing key.
func (f *fixture) rotate(r Rotation) SigningKey {
	f.t.Helper()
	key, err := f.Keys().Rotate(f.t.Context(), f.options.Project, r)
	if err != nil {
		f.t.Fatal(err)
	}
	return key
}

// published are the kids of the project's key set.
func (f *fixture) published() []string {
	f.t.Helper()
	var set struct{ Keys []struct{ Kid string } }
	a := f.must(200, "GET", "/v1"+JWKSPath(f.options.Project), headers{"X-Appwrite-Project": ""}, "")
	if err := json.Unmarshal(a.Body.Bytes(), &set); err != nil {
		f.t.Fatal(err)
	}
	ids := []string{}
	for _, k := range set.Keys {
		ids = append(ids, k.Kid)
	}
	return ids
}

// kidOf is the kid that a token's header has.
func kidOf(t *testing.T, jwt string) string {
	t.Helper()
	return part(t, jwt, 0)["kid"].(string)
}

// part is the header (0) or the payload (1) of a token.
func part(t *testing.T, jwt string, n int) map[string]any {
	t.Helper()
	data, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[n])
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(data, &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// The life of keys, by the clock: published, signing, followed, gone.
func TestRotation(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"EdDSA", "ES256"} {
		t.Run(algorithm, func(t *testing.T) { testRotation(t, algorithm) })
	}
}

func testRotation(t *testing.T, algorithm string) {
	f := newFixture(t, noLimits)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	long := func() string {
		return f.must(201, "POST", "/v1/account/jwts", session(store), `{"duration":3600}`).text("jwt")
	}
	check := func(status int, jwt string) { t.Helper(); f.must(status, "GET", "/v1/account", token(jwt), "") }
	byHS256 := long()

	// The first public key signs at once: nobody knows another one.
	first := f.rotate(Rotation{Algorithm: algorithm})
	byFirst := long()
	if got := kidOf(t, byFirst); got != first.ID || part(t, byFirst, 0)["alg"] != algorithm || !first.SignsFrom.Equal(start) {
		t.Fatalf("a token by key %s, want %+v", got, first)
	}
	check(200, byHS256)
	check(200, byFirst)
	f.advance(time.Hour - time.Second)
	check(200, f.sign("ann", "", time.Minute))
	f.advance(time.Second)
	check(401, byHS256)

	// The next one is published first.
	second := f.rotate(Rotation{})
	if second.Algorithm != algorithm || second.ID == first.ID || !second.SignsFrom.Equal(f.clock.Now().Add(projects.PublishDelay)) {
		t.Errorf("the second key is %+v", second)
	}
	if got := f.published(); !slices.Equal(got, []string{first.ID, second.ID}) {
		t.Errorf("published are %v", got)
	}
	f.advance(projects.PublishDelay - time.Second)
	last := long()
	if kidOf(t, last) != first.ID {
		t.Error("the second key signs before its time")
	}
	f.advance(time.Second)
	if kidOf(t, long()) != second.ID {
		t.Error("the second key does not sign at its time")
	}

	// The first one's last token is good until it expires; then the key is gone.
	f.advance(time.Hour - 2*time.Second)
	check(200, last)
	if got := f.published(); !slices.Equal(got, []string{first.ID, second.ID}) {
		t.Errorf("published are %v", got)
	}
	f.advance(2 * time.Second)
	check(401, last)
	if got := f.published(); !slices.Equal(got, []string{second.ID}) {
		t.Errorf("published are %v", got)
	}
	keys, err := f.Keys().SigningKeys(t.Context(), "demo")
	if err != nil || len(keys) != 1 || keys[0].ID != second.ID {
		t.Errorf("SigningKeys = %v, %v", keys, err)
	}

	// Back to HS256, without a wait: nobody has to learn that key.
	f.rotate(Rotation{Algorithm: "HS256"})
	if jwt := long(); part(t, jwt, 0)["kid"] != nil || part(t, jwt, 0)["alg"] != "HS256" {
		t.Errorf("the header is %v", part(t, jwt, 0))
	}
	f.advance(time.Hour)
	if got := f.published(); len(got) != 0 {
		t.Errorf("published are %v", got)
	}
	p, err := f.db.Project(t.Context(), "demo")
	if err != nil || len(p.Keys) != 2 {
		t.Errorf("%d keys are kept, %v: want those of the last rotation", len(p.Keys), err)
	}
}

// A key that has leaked ends at once, also for a server that has used it.
func TestRotationRevokes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	for _, algorithm := range []string{"", "EdDSA", "EdDSA", "ES256", "HS256"} {
		jwt := f.jwt(store)
		f.must(200, "GET", "/v1/account", token(jwt), "")
		key := f.rotate(Rotation{Algorithm: algorithm, Revoke: true})
		f.must(401, "GET", "/v1/account", token(jwt), "")
		f.must(200, "GET", "/v1/account", token(f.jwt(store)), "")
		if keys, err := f.Keys().SigningKeys(t.Context(), "demo"); err != nil || len(keys) != 1 || keys[0].ID != key.ID {
			t.Errorf("SigningKeys = %v, %v", keys, err)
		}
	}
}

// A server that runs notices what a keyring beside it does, with its next
// request: tokens by the new key are good, those by a revoked one are not.
func TestRotationBesideAServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	real := func(o *Options) { o.Memory, o.DataDir, o.Now, o.Limits = false, dir, time.Now, LimitsOff }
	f := newFixture(t, real)
	keys := f.openKeyring()
	f.signUp("ann")
	store, _ := f.signIn("ann")
	rotate := func(r Rotation) {
		t.Helper()
		if _, err := keys.Rotate(t.Context(), "demo", r); err != nil {
			t.Fatal(err)
		}
	}
	for _, revoke := range []bool{false, true, false} {
		old := f.jwt(store)
		f.must(200, "GET", "/v1/account", token(old), "")
		rotate(Rotation{Algorithm: "EdDSA", AtOnce: true, Revoke: revoke})
		fresh := f.jwt(store)
		f.must(200, "GET", "/v1/account", token(fresh), "")
		want := 200
		if revoke {
			want = 401
		}
		f.must(want, "GET", "/v1/account", token(old), "")
	}
}

// A project can be told its algorithm at the start; it rotates to it once.
func TestProjectsAlgorithm(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := newFixture(t, func(o *Options) {
		o.Memory, o.DataDir, o.Projects = false, dir, []Project{{ID: "demo", JWTAlgorithm: "ES256"}, {ID: "other"}}
	})
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	if alg := part(t, jwt, 0)["alg"]; alg != "ES256" {
		t.Errorf("alg = %v", alg)
	}
	if key, err := f.Keys().SigningKey(t.Context(), "other"); err != nil || len(key) != 64 {
		t.Errorf("the other project has a key of %d bytes, %v", len(key), err)
	}
	published := f.published()
	f = f.restart()
	if got := f.published(); len(got) != 1 || !slices.Equal(got, published) {
		t.Errorf("published are %v, and before %v", got, published)
	}
	f.must(200, "GET", "/v1/account", token(jwt), "")
}

// A key that waits is replaced by the next one, and one that is told to signs
// at once.
func TestRotationReplacesKeysThatWait(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first := f.rotate(Rotation{Algorithm: "ES256"})
	f.rotate(Rotation{After: time.Hour})
	third := f.rotate(Rotation{})
	if got := f.published(); !slices.Equal(got, []string{first.ID, third.ID}) {
		t.Errorf("published are %v", got)
	}
	fourth := f.rotate(Rotation{AtOnce: true})
	if got := f.published(); !slices.Equal(got, []string{first.ID, fourth.ID}) || !fourth.SignsFrom.Equal(start) {
		t.Errorf("published are %v, the fourth signs from %v", got, fourth.SignsFrom)
	}
}

func TestRotationRefuses(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	_, own, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	large, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	f.rotate(Rotation{Private: own})
	for want, r := range map[string]Rotation{
		`no algorithm "RS256"`:        {Algorithm: "RS256"},
		`no algorithm "eddsa"`:        {Algorithm: "eddsa"},
		"after -1ns":                  {After: -1},
		"up to 24h0m0s":               {After: 25 * time.Hour},
		"at once and wait":            {After: time.Minute, AtOnce: true},
		"one for EdDSA, not for HS25": {Private: own, Algorithm: "HS256"},
		"use Ed25519 (EdDSA) or":      {Private: large},
		"has that key already":        {Private: own, Revoke: true},
		ErrKnownKey.Error():           {Private: own},
	} {
		if _, err := f.Keys().Rotate(t.Context(), "demo", r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Rotate(%+v): %v, want %q", r, err, want)
		}
	}
	for name, err := range map[string]error{
		"Rotate":      func() error { _, err := f.Keys().Rotate(t.Context(), "nope", Rotation{}); return err }(),
		"SigningKeys": func() error { _, err := f.Keys().SigningKeys(t.Context(), "nope"); return err }(),
		"SigningKey":  func() error { _, err := f.Keys().SigningKey(t.Context(), "nope"); return err }(),
		"Claims":      func() error { _, err := f.Keys().Claims(t.Context(), "nope"); return err }(),
		"SetClaims":   f.Keys().SetClaims(t.Context(), "nope", nil),
	} {
		if !errors.Is(err, ErrNoProject) {
			t.Errorf("%s of an unknown project: %v", name, err)
		}
	}
	if _, err := f.Keys().SigningKey(t.Context(), "demo"); !errors.Is(err, ErrPublicKeys) {
		t.Errorf("SigningKey of a project with public keys: %v", err)
	}
}

// Rotations at the same time leave keys of which one signs.
func TestRotationsAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	done := make(chan error)
	const n = 8
	for range n {
		go func() {
			_, err := f.Keys().Rotate(context.Background(), "demo", Rotation{Algorithm: "EdDSA", AtOnce: true})
			done <- err
		}()
	}
	for range n {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if got := f.published(); len(got) != n {
		t.Errorf("%d keys are published, want %d", len(got), n)
	}
	f.must(200, "GET", "/v1/account", token(f.jwt(store)), "")
}
