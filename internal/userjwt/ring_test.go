package userjwt

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// newKey makes a key.
func newKey(t testing.TB, a Algorithm) *Key {
	t.Helper()
	k, err := Generate(a)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sign(t testing.TB, k *Key, c Claims, more More) string {
	t.Helper()
	token, err := Sign(k, c, more)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestKeysOfEachAlgorithm(t *testing.T) {
	want := New("u1", "s1", now, 15*time.Minute)
	for _, a := range []Algorithm{HS256, EdDSA, ES256} {
		k := newKey(t, a)
		again, err := NewKey(a, k.Secret())
		if err != nil || again.ID() != k.ID() || again.Algorithm() != a {
			t.Fatalf("%s: the key of its secret is %v, %v", a, again, err)
		}
		for name, more := range map[string]More{"own": {}, "more": {Issuer: "me", IssuedAt: now.Unix()}} {
			token := sign(t, k, want, more)
			if got, err := (Ring{{Key: again}}).Verify(token, now); err != nil || got != want {
				t.Errorf("%s, %s: Verify = %+v, %v", a, name, got, err)
			}
			if _, ok := verifyOwn(k, token, now); ok != (name == "own") {
				t.Errorf("%s, %s: verifyOwn says %t", a, name, ok)
			}
			if got, err := verifyAny([]*Key{k}, token, now); err != nil || got != want {
				t.Errorf("%s, %s: verifyAny = %+v, %v", a, name, got, err)
			}
			if _, err := (Ring{{Key: newKey(t, a)}}).Verify(token, now); err == nil {
				t.Errorf("%s, %s: another key verifies it", a, name)
			}
		}
	}
}

// The example of RFC 8037 appendix A.3.
func TestThumbprint(t *testing.T) {
	seed, err := base64.RawURLEncoding.DecodeString("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
	if err != nil {
		t.Fatal(err)
	}
	k, err := NewKey(EdDSA, seed)
	if err != nil || k.ID() != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" {
		t.Fatalf("NewKey = %v, %v", k, err)
	}
	public, err := json.Marshal(Ring{{Key: k}}.Public(now))
	want := `[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"sig","alg":"EdDSA","kid":"` + k.ID() + `"}]`
	if err != nil || string(public) != want {
		t.Errorf("Public = %s, %v; want %s", public, err, want)
	}
}

func TestNewKeyRefuses(t *testing.T) {
	zero := make([]byte, 32)
	for want, f := range map[string]func() (*Key, error){
		"HS256 needs at least 32": func() (*Key, error) { return NewKey(HS256, key[:31]) },
		"Ed25519 needs 32":        func() (*Key, error) { return NewKey(EdDSA, key[:31]) },
		"none of P-256":           func() (*Key, error) { return NewKey(ES256, zero) },
		`no algorithm "none"`:     func() (*Key, error) { return NewKey("none", zero) },
		`no algorithm "RS256"`:    func() (*Key, error) { return Generate("RS256") },
		"use Ed25519 (EdDSA) or": func() (*Key, error) {
			private, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			return FromPrivate(private)
		},
	} {
		if k, err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, %v; want an error with %q", k, err, want)
		}
	}
	if _, err := Sign(Ring{}.Signer(now), Claims{}, More{}); err == nil {
		t.Error("a ring of no keys signs")
	}
}

// Each key verifies until the last token that it can have signed has expired,
// and no longer.
func TestRingRotates(t *testing.T) {
	old, next := newKey(t, HS256), newKey(t, EdDSA)
	from := now.Add(15 * time.Minute)
	ring := Ring{{old, now.Add(-time.Hour)}, {next, from}}
	last := from.Add(-time.Nanosecond)
	for at, want := range map[time.Time]*Key{now.Add(-24 * time.Hour): old, now: old, last: old, from: next, from.Add(time.Hour): next} {
		if got := ring.Signer(at); got != want {
			t.Errorf("at %v %s signs", at, got.Algorithm())
		}
	}
	token := sign(t, old, New("u1", "", last, MaxLife), More{})
	for at, want := range map[time.Time]bool{now: true, from: true, last.Truncate(time.Second).Add(MaxLife - 1): true, from.Add(MaxLife): false} {
		if _, err := ring.Verify(token, at); (err == nil) != want {
			t.Errorf("at %v: %v", at, err)
		}
	}
	if ring.EndsAt(0) != from.Add(MaxLife) || !ring.EndsAt(1).IsZero() {
		t.Errorf("the keys end at %v and %v", ring.EndsAt(0), ring.EndsAt(1))
	}
	// A forger's token of any time needs the key to be there.
	forged := sign(t, old, New("u1", "", from.Add(2*time.Hour), MaxLife), More{})
	if _, err := ring.Verify(forged, from.Add(2*time.Hour)); err != ErrSignature {
		t.Errorf("a key that has ended: %v", err)
	}
	if public := ring.Public(now); len(public) != 1 || public[0].ID != next.ID() {
		t.Errorf("the public keys are %v", public)
	}
	if public := (Ring{{next, now}, {old, now}}).Public(now.Add(MaxLife)); len(public) != 0 {
		t.Errorf("the public keys are %v after the last has ended", public)
	}
}

// A public key is no HS256 key, and no key is another's algorithm's.
func TestAlgorithmsAreNotConfused(t *testing.T) {
	ed, ec, hs := newKey(t, EdDSA), newKey(t, ES256), hs256Key(t, key)
	ring := Ring{{ec, now}, {ed, now}}
	good := `{"userId":"u1","sessionId":"","exp":99999999999}`
	public, err := base64.RawURLEncoding.DecodeString(ed.jwk.X)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		ring  Ring
		token string
		want  Error
	}{
		"HS256 by the public key":           {ring, forge(header, good, public, sha256.New), ErrSignature},
		"HS256 by it, named":                {ring, forge(`{"alg":"HS256","kid":"`+ed.ID()+`"}`, good, public, sha256.New), ErrUnknownKeyID},
		"HS256 by it, called EdDSA":         {ring, forge(`{"alg":"EdDSA","kid":"`+ed.ID()+`"}`, good, public, sha256.New), ErrSignature},
		"the other's name":                  {ring, sign(t, renamed(t, ed, ec.ID()), New("u1", "", now, time.Hour), More{}), ErrUnknownKeyID},
		"no name":                           {ring, forge(`{"alg":"EdDSA"}`, good, public, sha256.New), ErrUnknownKeyID},
		"an empty name":                     {ring, forge(`{"alg":"EdDSA","kid":""}`, good, public, sha256.New), ErrUnknownKeyID},
		"a name that is no string":          {ring, forge(`{"alg":"EdDSA","kid":1}`, good, public, sha256.New), ErrUnknownKeyID},
		"an algorithm it has no key for":    {Ring{{ed, now}}, sign(t, ec, New("u1", "", now, time.Hour), More{}), ErrAlgorithm},
		"EdDSA where all is HS256":          {Ring{{hs, now}}, sign(t, ed, New("u1", "", now, time.Hour), More{}), ErrAlgorithm},
		"HS256 where nothing is, by no key": {ring, forge(header, good, nil, sha256.New), ErrSignature},
		"HS256 where there are no keys":     {nil, forge(header, good, nil, sha256.New), ErrSignature},
	} {
		if c, err := tt.ring.Verify(tt.token, now); err != tt.want {
			t.Errorf("%s: Verify = %+v, %v; want %v", name, c, err, tt.want)
		}
	}
}

// renamed is the key under another's name.
func renamed(t *testing.T, k *Key, id string) *Key {
	t.Helper()
	own := *k
	own.header = encoding.EncodeToString([]byte(`{"typ":"JWT","alg":"`+string(k.algorithm)+`","kid":"`+id+`"}`)) + "."
	return &own
}

// Tokens of two HS256 keys, which have no names.
func TestSeveralHS256Keys(t *testing.T) {
	a, b := newKey(t, HS256), newKey(t, HS256)
	ring := Ring{{a, now}, {b, now}}
	for _, k := range []*Key{a, b} {
		for _, more := range []More{{}, {Subject: "u1"}} {
			if _, err := ring.Verify(sign(t, k, New("u1", "", now, time.Hour), more), now); err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := ring.Verify(sign(t, newKey(t, HS256), New("u1", "", now, time.Hour), More{}), now); err != ErrSignature {
		t.Errorf("a third key: %v", err)
	}
}

func TestSignWritesMore(t *testing.T) {
	verified, labels := false, []string{}
	token := sign(t, hs256Key(t, key), Claims{"u1", "s1", 7}, More{Issuer: "i", Subject: "u1", Audience: "a", IssuedAt: 5,
		Email: "e", EmailVerified: &verified, Name: "n", Labels: &labels})
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	want := `{"userId":"u1","sessionId":"s1","exp":7,"iss":"i","sub":"u1","aud":"a","iat":5,"email":"e","email_verified":false,"name":"n","labels":[]}`
	if err != nil || string(payload) != want {
		t.Errorf("the payload is %s, %v; want %s", payload, err, want)
	}
}
