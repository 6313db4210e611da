package userjwt

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strings"
	"testing"
	"time"
)

var (
	key = []byte("0123456789abcdef0123456789abcdef")
	now = time.Date(2026, 8, 21, 12, 0, 0, 500e6, time.UTC)
)

// forge signs any header and payload by hand, so that the tests do not trust
// the code under test.
func forge(header, payload string, key []byte, h func() hash.Hash) string {
	enc := base64.RawURLEncoding
	text := enc.EncodeToString([]byte(header)) + "." + enc.EncodeToString([]byte(payload))
	mac := hmac.New(h, key)
	mac.Write([]byte(text))
	return text + "." + enc.EncodeToString(mac.Sum(nil))
}

// hs256Key is the key of these bytes, and oneKey the ring of it alone.
func hs256Key(t testing.TB, secret []byte) *Key {
	t.Helper()
	k, err := NewKey(HS256, secret)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func oneKey(t testing.TB, secret []byte) Ring { return Ring{{Key: hs256Key(t, secret)}} }

// signed is a well signed token of that payload.
func signed(payload string) string { return forge(header, payload, key, sha256.New) }

func TestSignWritesAppwritesBytes(t *testing.T) {
	token, err := Sign(hs256Key(t, key), New("u1", "s1", now, 15*time.Minute), More{})
	if err != nil {
		t.Fatal(err)
	}
	want := signed(fmt.Sprintf(`{"userId":"u1","sessionId":"s1","exp":%d}`, now.Unix()+900))
	if token != want {
		t.Errorf("Sign = %s\nwant   %s", token, want)
	}
}

func TestVerify(t *testing.T) {
	exp := now.Unix() + 900
	good := fmt.Sprintf(`{"userId":"u1","sessionId":"s1","exp":%d}`, exp)
	bound := Claims{UserID: "u1", SessionID: "s1", Expiry: exp}
	tests := []struct {
		name, token string
		want        Claims
		err         Error
	}{
		{"good", signed(good), bound, ""},
		{"no typ", forge(`{"alg":"HS256"}`, good, key, sha256.New), bound, ""},
		{"no session", signed(fmt.Sprintf(`{"userId":"u1","exp":%d}`, exp)), Claims{UserID: "u1", Expiry: exp}, ""},
		{"null session", signed(fmt.Sprintf(`{"userId":"u1","sessionId":null,"exp":%d}`, exp)), Claims{}, ErrClaims},
		{"userId number", signed(fmt.Sprintf(`{"userId":5,"exp":%d}`, exp)), Claims{}, ErrClaims},
		{"duplicate claim", signed(fmt.Sprintf(`{"userId":"x","userId":"u1","sessionId":"s1","exp":%d}`, exp)), Claims{}, ErrClaims},
		{"last second", signed(fmt.Sprintf(`{"userId":"u1","sessionId":"s1","exp":%d}`, now.Unix()+1)), Claims{"u1", "s1", now.Unix() + 1}, ""},
		{"iat an hour ago, less a second", signed(fmt.Sprintf(`{"userId":"u1","sessionId":"s1","exp":%d,"iat":%d}`, exp, now.Unix()-3599)), bound, ""},
		{"iat in the future", signed(fmt.Sprintf(`{"userId":"u1","sessionId":"s1","exp":%d,"iat":%d}`, exp, exp)), bound, ""},
		{"nbf past", signed(fmt.Sprintf(`{"userId":"u1","sessionId":"s1","exp":%d,"nbf":1}`, exp)), bound, ""},

		{"empty", "", Claims{}, ErrIncompleteSegments},
		{"one segment", "abc", Claims{}, ErrIncompleteSegments},
		{"two segments", "abc.def", Claims{}, ErrIncompleteSegments},
		{"garbage", "a.b.c", Claims{}, ErrSyntax},
		{"two dots", "..", Claims{}, ErrSyntax},
		{"four segments", signed(good) + ".x", Claims{}, ErrSignature},
		{"four segments, the first no JSON", "a.b.c, " + signed(good), Claims{}, ErrSyntax},
		{"quoted", `"` + signed(good) + `"`, Claims{}, ErrSignature},
		{"line break after", signed(good) + "\n", Claims{}, ErrClaims},
		{"signature cut", signed(good)[:len(signed(good))-2], Claims{}, ErrSignature},
		{"signature cut to no length of base64", signed(good)[:len(signed(good))-6], Claims{}, ErrSignature},
		{"iat an hour ago", signed(fmt.Sprintf(`{"userId":"u1","exp":%d,"iat":%d}`, exp, now.Unix()-3600)), Claims{}, ErrExpired},
		{"two tokens", signed(good) + ", " + signed(good), Claims{}, ErrSignature},
		{"header not JSON", "eHg.e30.x", Claims{}, ErrSyntax},
		{"header list", forge(`[]`, good, key, sha256.New), Claims{}, ErrMissingAlgorithm},
		{"header string", forge(`"a"`, good, key, sha256.New), Claims{}, ErrMissingAlgorithm},
		{"no alg", forge(`{"typ":"JWT"}`, good, key, sha256.New), Claims{}, ErrMissingAlgorithm},
		{"empty alg", forge(`{"alg":""}`, good, key, sha256.New), Claims{}, ErrMissingAlgorithm},
		{"alg number", forge(`{"alg":5}`, good, key, sha256.New), Claims{}, ErrAlgorithm},
		{"alg none", forge(`{"alg":"none"}`, good, key, sha256.New), Claims{}, ErrAlgorithm},
		{"alg none, no signature", strings.Join(strings.Split(forge(`{"alg":"none"}`, good, key, sha256.New), ".")[:2], ".") + ".", Claims{}, ErrAlgorithm},
		{"alg lower case", forge(`{"alg":"hs256"}`, good, key, sha256.New), Claims{}, ErrAlgorithm},
		{"HS512", forge(`{"alg":"HS512"}`, good, key, sha512.New), Claims{}, ErrSignature},
		{"RS256 that nobody signed", forge(`{"alg":"RS256"}`, good, nil, sha256.New), Claims{}, ErrSignature},
		{"ES256 that nobody signed", forge(`{"alg":"ES256"}`, good, nil, sha256.New), Claims{}, ErrAlgorithm},
		{"Bearer", "Bearer " + signed(good), Claims{}, ErrControl},
		{"HS512 in name only", forge(`{"alg":"HS512"}`, good, key, sha256.New), Claims{}, ErrAlgorithm},
		{"RS256 in name only", forge(`{"alg":"RS256"}`, good, key, sha256.New), Claims{}, ErrAlgorithm},
		{"crit", forge(`{"alg":"HS256","crit":["b64"],"b64":true}`, good, key, sha256.New), Claims{}, ErrCritical},
		{"key id", forge(`{"alg":"HS256","kid":"k1"}`, good, key, sha256.New), Claims{}, ErrUnknownKeyID},
		{"payload not JSON", signed("zzz"), Claims{}, ErrSyntax},
		{"other key", forge(header, good, []byte("another key of thirty-two bytes!"), sha256.New), Claims{}, ErrSignature},
		{"empty key", forge(header, good, nil, sha256.New), Claims{}, ErrSignature},
		{"no signature", strings.Join(strings.Split(signed(good), ".")[:2], ".") + ".", Claims{}, ErrSignature},
		{"forged and expired", forge(header, `{"userId":"u1","exp":1}`, nil, sha256.New), Claims{}, ErrSignature},
		{"forged and faulty", forge(header, `{"userId":[],"exp":"x"}`, nil, sha256.New), Claims{}, ErrSignature},
		{"exp now", signed(fmt.Sprintf(`{"userId":"u1","exp":%d}`, now.Unix())), Claims{}, ErrExpired},
		{"exp 0", signed(`{"userId":"u1","exp":0}`), Claims{}, ErrExpired},
		{"exp negative", signed(`{"userId":"u1","exp":-1}`), Claims{}, ErrExpired},
		{"exp digits in a string", signed(fmt.Sprintf(`{"userId":"u1","exp":"%d"}`, exp)), Claims{}, ErrClaims},
		{"exp with a fraction", signed(fmt.Sprintf(`{"userId":"u1","exp":%d.9}`, exp)), Claims{}, ErrClaims},
		{"exp with a fraction in a string", signed(fmt.Sprintf(`{"userId":"u1","exp":"%d.9"}`, exp)), Claims{}, ErrClaims},
		{"exp now, and a fraction", signed(fmt.Sprintf(`{"userId":"u1","exp":%d.9}`, now.Unix())), Claims{}, ErrClaims},
		{"exp now, in a string", signed(fmt.Sprintf(`{"userId":"u1","exp":"%d"}`, now.Unix())), Claims{}, ErrClaims},
		{"exp no number", signed(`{"userId":"u1","exp":"abc"}`), Claims{}, ErrClaims},
		{"exp empty", signed(`{"userId":"u1","exp":""}`), Claims{}, ErrClaims},
		{"exp null in a string", signed(`{"userId":"u1","exp":"null"}`), Claims{}, ErrClaims},
		{"exp with an exponent", signed(`{"userId":"u1","exp":1e300}`), Claims{}, ErrClaims},
		{"exp two fractions", signed(fmt.Sprintf(`{"userId":"u1","exp":"%d.5.5"}`, exp)), Claims{}, ErrClaims},
		{"exp list", signed(`{"userId":"u1","exp":[1]}`), Claims{}, ErrClaims},
		{"exp null", signed(`{"userId":"u1","exp":null}`), Claims{}, ErrClaims},
		{"exp missing", signed(`{"userId":"u1"}`), Claims{}, ErrClaims},
		{"payload list", signed(`[]`), Claims{}, ErrClaims},
		{"payload null", signed(`null`), Claims{}, ErrClaims},
		{"userId list", signed(fmt.Sprintf(`{"userId":["x"],"exp":%d}`, exp)), Claims{}, ErrClaims},
		{"nbf future", signed(fmt.Sprintf(`{"userId":"u1","exp":%d,"nbf":%d}`, exp, exp)), Claims{}, ErrNotYetValid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := oneKey(t, key).Verify(tt.token, now)
			if tt.err == "" && err != nil {
				t.Fatalf("Verify: %v", err)
			}
			if tt.err != "" && !errors.Is(err, tt.err) {
				t.Fatalf("Verify error = %v, want %v", err, tt.err)
			}
			if got != tt.want {
				t.Errorf("Verify = %+v, want %+v", got, tt.want)
			}
			mustAgree(t, tt.token)
		})
	}
}

// mustAgree checks that golang-jwt accepts what verifyOwn accepts, as the same
// claims.
func mustAgree(t *testing.T, token string) {
	t.Helper()
	k := hs256Key(t, key)
	own, ok := verifyOwn(k, token, now)
	// A token of nobody makes a guest, as in Appwrite; golang-jwt's way refuses
	// it. Neither lets anybody in.
	if !ok || own.UserID == "" {
		return
	}
	if c, err := verifyAny([]*Key{k}, token, now); err != nil || c != own {
		t.Errorf("verifyOwn(%q) = %+v, verifyAny = %+v, %v", token, own, c, err)
	}
}

func TestVerifyOwnKnowsWhatSignWrites(t *testing.T) {
	for _, want := range []Claims{New("u1", "s1", now, time.Hour), New("u1", "", now, time.Second), New("<\"\u00fc\u2028>", "s1", now, time.Minute)} {
		k := hs256Key(t, key)
		token, err := Sign(k, want, More{})
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := verifyOwn(k, token, now); !ok || got != want {
			t.Errorf("verifyOwn = %+v, %t, want %+v", got, ok, want)
		}
		mustAgree(t, token)
	}
}

// FuzzOwnClaims looks for a well signed payload that verifyOwn and golang-jwt
// read differently.
func FuzzOwnClaims(f *testing.F) {
	for _, payload := range []string{
		`{"userId":"u1","sessionId":"s1","exp":99999999999}`,
		`{"userId":"\u00fc\ud83d\ude00","sessionId":"","exp":9007199254740992}`,
		`{"exp":-0,"sessionId":"s1","userId":"u1"}`,
		`{"userId":"u1","userId":"u2","exp":99999999999}`,
		`{"userId":"u1","sessionId":null,"exp":99999999999}`,
		`{"userId":"\ud800","sessionId":"s1","exp":99999999999}`,
		` { "exp" : 99999999999 , "sessionId" : "a\/b" , "\u0075serId" : "u1" } `,
	} {
		f.Add(payload)
	}
	f.Fuzz(func(t *testing.T, payload string) { mustAgree(t, signed(payload)) })
}

// Changing any one character of a token must refuse it, whatever the reason.
func TestVerifyRefusesEveryTamperedCharacter(t *testing.T) {
	token := signed(fmt.Sprintf(`{"userId":"u1","sessionId":"s1","exp":%d}`, now.Unix()+900))
	for i := range len(token) {
		b := []byte(token)
		b[i]++
		if c, err := oneKey(t, key).Verify(string(b), now); err == nil {
			t.Fatalf("character %d: Verify = %+v, want an error", i, c)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(signed(`{"userId":"u1","exp":99999999999}`))
	f.Add("a.b.c")
	f.Add(forge(`{"alg":"none"}`, `{}`, nil, sha256.New))
	ring := oneKey(f, []byte("a key that no seed was signed by"))
	for _, a := range []Algorithm{EdDSA, ES256} {
		k := newKey(f, a)
		f.Add(sign(f, k, New("u1", "", now, time.Hour), More{}) + "x")
		f.Add(forge(`{"alg":"HS256","kid":"`+k.ID()+`"}`, `{"userId":"u1","exp":99999999999}`, nil, sha256.New))
		ring = append(ring, Timed{Key: k})
	}
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := ring.Verify(token, now); err == nil {
			t.Fatalf("Verify accepted %q", token)
		} else if _, ok := errors.AsType[Error](err); !ok {
			t.Fatalf("Verify(%q) returned %T", token, err)
		}
	})
}
