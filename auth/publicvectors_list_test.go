package auth_test

import (
	"crypto/ecdsa"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"github.com/isojot/isojot/internal/userjwt"
)

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
