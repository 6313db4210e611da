package auth_test

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/isojot/isojot/internal/userjwt"
)

var update = flag.Bool("update", false, "write testdata/publickeys.json anew, with new keys")

// TestUpdatePublicVectors writes the vectors:
//
//	go test ./auth -run TestUpdatePublicVectors -update
//
// Without the flag it holds that the file has those that are listed here.
func TestUpdatePublicVectors(t *testing.T) {
	g := newGenerator(t)
	g.good()
	g.algorithms()
	g.names()
	g.signatures()
	g.headers()
	g.claims()
	if !*update {
		g.compare(readPublicVectors(t))
		return
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(g.publicVectors); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(publicVectorsFile, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// generator collects vectors, signed by keys that it makes.
type generator struct {
	publicVectors
	t                                    *testing.T
	eddsa, es256, revoked, other, forger *userjwt.Key
}

func newGenerator(t *testing.T) *generator {
	t.Helper()
	g := &generator{t: t, publicVectors: publicVectors{UserID: "u1", Keys: map[string]privateJWK{}}}
	for name, to := range map[string]**userjwt.Key{"eddsa": &g.eddsa, "es256": &g.es256, "revoked": &g.revoked, "other": &g.other, "": &g.forger} {
		algorithm := userjwt.EdDSA
		if name == "es256" {
			algorithm = userjwt.ES256
		}
		key, err := userjwt.Generate(algorithm)
		if err != nil {
			t.Fatal(err)
		}
		*to = key
		if public := key.Public(); name != "" {
			g.Keys[name] = privateJWK{public.Type, public.Curve, public.X, public.Y, b64(key.Secret())}
		}
	}
	return g
}

func b64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

// compare holds that two lists of vectors say the same of the same names.
func (g *generator) compare(have publicVectors) {
	g.t.Helper()
	list := func(vs publicVectors) string {
		var lines []string
		for _, v := range vs.Tokens {
			lines = append(lines, fmt.Sprint(v.Name, " ", v.Good, " ", v.Except, " ", v.Because))
		}
		return strings.Join(lines, "\n")
	}
	if have, want := list(have), list(g.publicVectors); have != want {
		g.t.Errorf("the file is not of this list: run go test ./auth -run TestUpdatePublicVectors -update\n--- the file\n%s\n--- the list\n%s", have, want)
	}
}

// goodClaims are those of the tokens that say nothing worse: until 2100.
const goodClaims = `{"userId":"u1","sessionId":"","exp":4102444800}`

// add adds a token that all judge alike, except notes where they do not.
func (g *generator) add(good bool, name, token string) {
	g.Tokens = append(g.Tokens, publicToken{Name: name, Token: token, Good: good})
}

func (g *generator) except(because string, who ...string) {
	last := &g.Tokens[len(g.Tokens)-1]
	last.Except, last.Because = who, because
}

// header is a key's header with more members.
func header(k *userjwt.Key, more string) string {
	return fmt.Sprintf(`{"typ":"JWT","alg":%q,"kid":%q%s}`, k.Algorithm(), k.ID(), more)
}

// by signs a header and payload by a key, whatever the header says.
func (g *generator) by(k *userjwt.Key, header, payload string) string {
	g.t.Helper()
	text := unsigned(header, payload)
	signature, err := jwt.GetSigningMethod(string(k.Algorithm())).Sign(text, k.Private())
	if err != nil {
		g.t.Fatal(err)
	}
	return text + "." + b64(signature)
}

// own is a token by a key with its own header.
func (g *generator) own(k *userjwt.Key, payload string) string {
	return g.by(k, header(k, ""), payload)
}

// sortTokens brings tokens of a map's iteration into one order.
func sortTokens(tokens []publicToken) {
	slices.SortFunc(tokens, func(a, b publicToken) int { return cmp.Compare(a.Name, b.Name) })
}

// publicForms are the bytes by which a public key is passed around.
func (g *generator) publicForms(k *userjwt.Key) map[string][]byte {
	g.t.Helper()
	der, err := x509.MarshalPKIXPublicKey(k.Private().Public())
	if err != nil {
		g.t.Fatal(err)
	}
	jwk, err := json.Marshal(k.Public())
	if err != nil {
		g.t.Fatal(err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(k.Public().X)
	if err != nil {
		g.t.Fatal(err)
	}
	return map[string][]byte{
		"PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), "DER": der, "JWK": jwk, "raw bytes": raw,
	}
}
