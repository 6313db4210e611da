package replay

import (
	"crypto/sha256"
	"encoding/base64"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/userjwt"
)

// forged is a token of that payload, signed with a key.
func forged(payload, key string) string {
	enc := base64.RawURLEncoding
	text := enc.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + enc.EncodeToString([]byte(payload))
	return text + "." + mac(sha256.New, []byte(key), text)
}

// A token that the recorded server accepted is signed anew, for the tested
// server to accept; one that it refused stays one to refuse.
func TestCraftedTokensAreSignedAnew(t *testing.T) {
	key, now := []byte("a key of the tested server, 64 bytes at best"), time.Unix(1795449000, 0)
	signing, err := userjwt.NewKey(userjwt.HS256, key)
	if err != nil {
		t.Fatal(err)
	}
	payload := `{"userId":"recorded","exp":1795449826}`
	for _, tt := range []struct {
		name, token string
		ok          bool
	}{
		{"signed", forged(payload, recordedKey), true},
		{"signed by another key", forged(payload, "another"), false},
	} {
		m, ok := takeJWT(tt.token)
		if !ok {
			t.Fatalf("%s: takeJWT is not ok", tt.name)
		}
		l := newLearner()
		l.learn("recorded", "id1")
		m.Payload = `{"userId":"${id1}","exp":1795449826}`
		claims, err := userjwt.Ring{{Key: signing}}.Verify(m.value(env{"id1": "ours"}, key, now), now)
		if (err == nil) != tt.ok || tt.ok && claims.UserID != "ours" {
			t.Errorf("%s: Verify = %v, %v", tt.name, claims, err)
		}
	}
	for _, token := range []string{"", "a.b", "a.b.c.d", "!.e30.x", "e30.!.x", "/w.e30.x"} {
		if _, ok := takeJWT(token); ok {
			t.Errorf("takeJWT(%q) is ok", token)
		}
	}
}

func TestLearnerFindsWhatRequestsAreMadeOf(t *testing.T) {
	l, s := newLearner(), &step{}
	l.name("id", "0123456789abcdef0123")
	l.name("token", "a1b2c3")
	raw := base64.RawStdEncoding.EncodeToString([]byte(`{"id":"0123456789abcdef0123","secret":"x"}`))
	token := forged(`{"userId":"0123456789abcdef0123"}`, recordedKey)
	for text, want := range map[string]string{
		"/v1/users/0123456789abcdef0123":      "/v1/users/${id1}",
		`{"secret":"a1b2c3","x":"a1b2c3d4"}`:  `{"secret":"${token1x6}","x":"a1b2c3d4"}`,
		"a_session_golden=" + raw + "%3D":     "a_session_golden=${made1}%3D",
		"eyJpZCI6ImFubiJ9 a.b.c eyJhIjoxfQ==": "eyJpZCI6ImFubiJ9 a.b.c eyJhIjoxfQ==",
	} {
		l.count["made"] = 0
		if got := l.abstractMade(s, text); got != want {
			t.Errorf("abstractMade(%q) = %q, want %q", text, got, want)
		}
	}
	if got := s.Made["made1"].Base64; got != `{"id":"${id1}","secret":"x"}` {
		t.Errorf("the store is made of %q", got)
	}
	l.count["made"] = 1
	if got := l.abstractMade(s, token); got != "${made2}" || s.Made["made2"].Signature != "sha256" || s.Made["made2"].Payload != `{"userId":"${id1}"}` {
		t.Errorf("abstractMade(token) = %q, %+v", got, s.Made["made2"])
	}
}
