package auth_test

import (
	"bytes"
	"cmp"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"math/big"
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

func (g *generator) good() {
	g.add(true, "EdDSA", g.own(g.eddsa, goodClaims))
	g.add(true, "ES256, by the key that signed before", g.own(g.es256, goodClaims))
	g.add(true, "no sessionId", g.own(g.eddsa, `{"userId":"u1","exp":4102444800}`))
	g.add(true, "more claims", g.own(g.eddsa, `{"userId":"u1","sessionId":"","exp":4102444800,"iss":"me","sub":"u1","aud":"orders","email":"u1@example.com","email_verified":true,"name":"U","labels":["a"]}`))
	g.add(true, "no typ", g.by(g.eddsa, fmt.Sprintf(`{"kid":%q,"alg":"EdDSA"}`, g.eddsa.ID()), goodClaims))
	g.add(false, "another project's key", g.own(g.other, goodClaims))
	g.add(false, "another project's key under our name", g.by(g.other, header(g.eddsa, ""), goodClaims))
	g.add(false, "a key that was revoked", g.own(g.revoked, goodClaims))
}

func (g *generator) algorithms() {
	none := unsigned(`{"typ":"JWT","alg":"none"}`, goodClaims)
	g.add(false, "alg none, no signature", none+".")
	g.add(false, "alg none, a signature", none+"."+b64([]byte("signature")))
	g.add(false, "alg none, our kid", unsigned(fmt.Sprintf(`{"alg":"none","kid":%q}`, g.eddsa.ID()), goodClaims)+".")
	g.add(false, "alg NONE", unsigned(`{"alg":"NONE"}`, goodClaims)+".")
	begin := len(g.Tokens)
	for _, key := range []*userjwt.Key{g.eddsa, g.es256} {
		for form, bytes := range g.publicForms(key) {
			for name, header := range map[string]string{"": `{"typ":"JWT","alg":"HS256"}`, ", named": fmt.Sprintf(`{"typ":"JWT","alg":"HS256","kid":%q}`, key.ID())} {
				g.add(false, fmt.Sprintf("HS256 by the %s public key as %s%s", key.Algorithm(), form, name), hs256(unsigned(header, goodClaims), bytes))
			}
		}
	}
	sortTokens(g.Tokens[begin:])
	g.add(false, "HS256 by the public key, called EdDSA", hs256(unsigned(header(g.eddsa, ""), goodClaims), g.publicForms(g.eddsa)["raw bytes"]))
	g.add(false, "HS256 by no key", hs256(unsigned(`{"alg":"HS256"}`, goodClaims), nil))
	for _, alg := range []string{"ES256", "ES384", "RS256", "PS256", "eddsa", "Ed25519", "HS512", ""} {
		g.add(false, "signed by EdDSA, called "+alg, g.by(g.eddsa, fmt.Sprintf(`{"alg":%q,"kid":%q}`, alg, g.eddsa.ID()), goodClaims))
	}
	g.add(false, "no alg", g.by(g.eddsa, fmt.Sprintf(`{"kid":%q}`, g.eddsa.ID()), goodClaims))
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

func (g *generator) names() {
	kid := func(value string) string { return g.by(g.eddsa, `{"alg":"EdDSA","kid":`+value+`}`, goodClaims) }
	g.add(false, "the other key's kid", g.by(g.eddsa, fmt.Sprintf(`{"alg":"EdDSA","kid":%q}`, g.es256.ID()), goodClaims))
	g.add(false, "the other key's kid and alg", g.by(g.eddsa, header(g.es256, ""), goodClaims))
	begin := len(g.Tokens)
	for name, value := range map[string]string{
		"unknown": `"k1"`, "a path": `"../../dev/null"`, "SQL": `"' OR '1'='1"`, "empty": `""`,
		"in lower case": fmt.Sprintf("%q", swapCase(g.eddsa.ID())), "with a blank": fmt.Sprintf("%q", g.eddsa.ID()+" "),
		"a URL": `"https://attacker.example/jwks.json"`,
	} {
		g.add(false, "kid "+name, kid(value))
	}
	sortTokens(g.Tokens[begin:])
	g.add(false, "kid a number", kid("1"))
	g.add(false, "kid a list", kid(fmt.Sprintf("[%q]", g.eddsa.ID())))
	g.add(false, "kid null", kid("null"))
	g.add(true, "no kid", g.by(g.eddsa, `{"alg":"EdDSA"}`, goodClaims))
	g.except("the set has one key for EdDSA, which a verifier by a set may take (RFC 7517); the server takes only tokens as it makes them", "server")
}

// swapCase is the text with its letters in the other case.
func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if up := strings.ToUpper(string(r)); up != string(r) {
			return []rune(up)[0]
		}
		return []rune(strings.ToLower(string(r)))[0]
	}, s)
}

func (g *generator) signatures() {
	ed, ec := g.own(g.eddsa, goodClaims), g.own(g.es256, goodClaims)
	cut := func(token string) (text string, signature []byte) {
		dot := strings.LastIndexByte(token, '.')
		signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
		if err != nil {
			g.t.Fatal(err)
		}
		return token[:dot+1], signature
	}
	edText, edSignature := cut(ed)
	ecText, ecSignature := cut(ec)
	der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(ecSignature[:32]), new(big.Int).SetBytes(ecSignature[32:])})
	if err != nil {
		g.t.Fatal(err)
	}
	order := g.es256.Private().Public().(*ecdsa.PublicKey).Curve.Params().N.Bytes()
	g.add(false, "ES256 signature in DER", ecText+b64(der))
	g.add(false, "ES256 signature cut off", ecText+b64(ecSignature[:63]))
	g.add(false, "ES256 signature with a byte more", ecText+b64(append(ecSignature[:64:64], 0)))
	g.add(false, "ES256 signature of zeros", ecText+b64(make([]byte, 64)))
	g.add(false, "ES256 signature of the group's order", ecText+b64(append(order, order...)))
	g.add(false, "EdDSA signature cut off", edText+b64(edSignature[:63]))
	g.add(false, "EdDSA signature of zeros", edText+b64(make([]byte, 64)))
	g.add(false, "EdDSA signature by the ES256 key", edText+b64(ecSignature))
	g.add(false, "no signature", edText)
	g.add(false, "a signature of other claims", strings.Replace(ed, b64([]byte(goodClaims)), b64([]byte(strings.Replace(goodClaims, "u1", "u2", 1))), 1))
	g.add(false, "four parts", ed+".x")
	g.add(false, "two parts", strings.TrimSuffix(edText, "."))
	g.add(false, "EdDSA signature spelled another way", edText+respelled(b64(edSignature)))
	g.except("its last character has bits that do not count; where a token is looked up by its text, it must have one", "jose")
}

// respelled sets a bit of the last character that does not count.
func respelled(signature string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := len(signature) - 1
	return signature[:last] + string(alphabet[strings.IndexByte(alphabet, signature[last])|1])
}

func (g *generator) headers() {
	public, err := json.Marshal(g.forger.Public())
	if err != nil {
		g.t.Fatal(err)
	}
	forged := func(id, more string) string {
		return g.by(g.forger, fmt.Sprintf(`{"typ":"JWT","alg":"EdDSA","kid":%q,%s}`, id, more), goodClaims)
	}
	for _, of := range []struct{ name, more string }{
		{"jwk", `"jwk":` + string(public)},
		{"jku", `"jku":"https://attacker.example/jwks.json"`},
		{"x5u", `"x5u":"https://attacker.example/cert.pem"`},
		{"x5c", `"x5c":["MIIB"]`},
	} {
		g.add(false, "a forger's key by "+of.name, forged(g.forger.ID(), of.more))
		g.add(false, "a forger's key by "+of.name+", our kid", forged(g.eddsa.ID(), of.more))
	}
	g.add(true, "our signature, a jku that nobody follows", g.by(g.eddsa, header(g.eddsa, `,"jku":"https://attacker.example/jwks.json"`), goodClaims))
	g.add(false, "crit of an extension that nobody knows", g.by(g.eddsa, header(g.eddsa, `,"crit":["x"],"x":1`), goodClaims))
	g.add(false, "crit of exp", g.by(g.eddsa, header(g.eddsa, `,"crit":["exp"],"exp":1`), goodClaims))
	g.add(false, "crit empty", g.by(g.eddsa, header(g.eddsa, `,"crit":[]`), goodClaims))
	g.add(false, "crit b64", g.by(g.eddsa, header(g.eddsa, `,"crit":["b64"],"b64":true`), goodClaims))
	g.except("it knows this extension (RFC 7797), the others know none", "jose")
	g.add(false, "b64 false", g.by(g.eddsa, header(g.eddsa, `,"crit":["b64"],"b64":false`), goodClaims))
}

func (g *generator) claims() {
	claims := func(good bool, name, payload string) { g.add(good, name, g.own(g.eddsa, payload)) }
	claims(false, "expired", `{"userId":"u1","sessionId":"","exp":1}`)
	claims(false, "not valid before 2100", `{"userId":"u1","sessionId":"","exp":4102444800,"nbf":4102444799}`)
	claims(false, "no exp", `{"userId":"u1","sessionId":""}`)
	claims(false, "exp a string", `{"userId":"u1","sessionId":"","exp":"4102444800"}`)
	claims(false, "exp null", `{"userId":"u1","sessionId":"","exp":null}`)
	claims(false, "no userId", `{"sub":"u1","exp":4102444800}`)
	claims(false, "payload a list", `[]`)
	const readOnce = "auth and the server read tokens by the same code, which takes one spelling; what is issued never has this"
	claims(false, "exp a fraction", `{"userId":"u1","sessionId":"","exp":4102444800.5}`)
	g.except(readOnce, "jose")
	claims(false, "userId a number", `{"userId":1,"sessionId":"","exp":4102444800}`)
	g.except(readOnce, "jose")
	claims(false, "userId twice", `{"userId":"u2","userId":"u1","sessionId":"","exp":4102444800}`)
	g.except(readOnce, "jose")
	claims(false, "longer than 8 KiB", `{"userId":"u1","sessionId":"","exp":4102444800,"x":"`+strings.Repeat("x", 6200)+`"}`)
	g.except(readOnce, "jose")
	claims(true, "issued long ago", `{"userId":"u1","sessionId":"","exp":4102444800,"iat":1}`)
	g.except("the server makes no token that lives for more than an hour (contract section 5.3); other issuers of a set do", "server")
	claims(true, "a user who does not exist", `{"userId":"u2","sessionId":"","exp":4102444800}`)
	g.except("only the server knows users: WithLiveness asks it", "server")
	claims(true, "a session that does not exist", `{"userId":"u1","sessionId":"s1","exp":4102444800}`)
	g.except("only the server knows sessions: WithLiveness asks it", "server")
}

// sortTokens brings tokens of a map's iteration into one order.
func sortTokens(tokens []publicToken) {
	slices.SortFunc(tokens, func(a, b publicToken) int { return cmp.Compare(a.Name, b.Name) })
}
