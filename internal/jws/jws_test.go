package jws

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

var key = []byte("a key of tests, 32 bytes or more")

func sign(t *testing.T, header, payload string) string {
	t.Helper()
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
	signature, err := HS256.Sign(text, key)
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// claims have an exp and an iss; check is what Check returns.
type claims struct {
	Exp   *int64 `json:"exp"`
	Iss   string `json:"iss"`
	check error
}

func (c *claims) UnmarshalJSON(data []byte) error {
	type plain claims
	return json.Unmarshal(data, (*plain)(c))
}

func (c *claims) Expiry() (*time.Time, error) {
	if c.Exp == nil {
		return nil, nil
	}
	at := time.Unix(*c.Exp, 0)
	return &at, nil
}

func (c *claims) NotBefore() (*time.Time, error) { return nil, nil }
func (c *claims) Issuer() (string, error)        { return c.Iss, nil }
func (c *claims) Audience() ([]string, error)    { return nil, errors.New("not a text") }
func (c *claims) Check() error                   { return c.check }

func TestVerify(t *testing.T) {
	const header = `{"alg":"HS256"}`
	good := sign(t, header, `{"exp":1001,"iss":"us"}`)
	errUnknown := errors.New("no such key")
	one := func(map[string]any) (any, error) { return key, nil }
	for name, c := range map[string]struct {
		token string
		rules Rules
		check error
		find  func(map[string]any) (any, error)
		want  error
	}{
		"good":                   {token: good},
		"one of several keys":    {token: good, find: func(map[string]any) (any, error) { return Keys{[]byte("another"), key}, nil }},
		"no key":                 {token: good, find: func(map[string]any) (any, error) { return Keys(nil), nil }, want: NoAlgorithm},
		"an error of find":       {token: good, find: func(map[string]any) (any, error) { return nil, errUnknown }, want: errUnknown},
		"an issuer that is ours": {token: good, rules: Rules{Issuer: "us"}},
		"another issuer":         {token: good, rules: Rules{Issuer: "them"}, want: Foreign},
		"an audience of no type": {token: good, rules: Rules{Audience: "us"}, want: BadClaim},
		"refused by Check":       {token: good, check: Expired, want: Expired},
		"expired":                {token: sign(t, header, `{"exp":1000}`), want: Expired},
		"leeway":                 {token: sign(t, header, `{"exp":1000}`), rules: Rules{Leeway: time.Second}},
		"without exp":            {token: sign(t, header, `{}`), want: Foreign},
		"crit":                   {token: sign(t, `{"alg":"HS256","crit":[]}`, `{"exp":1001}`), want: Critical},
		"an algorithm refused":   {token: sign(t, `{"alg":"HS384"}`, `{"exp":1001}`), want: Signature},
		"no algorithm":           {token: sign(t, `{"alg":"HS257"}`, `{"exp":1001}`), want: NoAlgorithm},
		"forged":                 {token: good[:strings.LastIndexByte(good, '.')+1] + "AAAA", want: Signature},
		"padded":                 {token: good + "=", want: Malformed},
		"two parts":              {token: "e30.e30", want: Malformed},
	} {
		c.rules.Algorithms = []string{HS256.Alg()}
		c.rules.Now = func() time.Time { return time.Unix(1000, 0) }
		if c.find == nil {
			c.find = one
		}
		if err := New(c.rules).Verify(c.token, &claims{check: c.check}, c.find); err != c.want {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestRead(t *testing.T) {
	var c claims
	good := sign(t, `{"alg":"HS256"}`, `{"exp":1,"iss":"us"}`)
	forged := good[:strings.LastIndexByte(good, '.')+1] + "AAAA"
	if err := Read(forged, &c); err != nil || c.Iss != "us" {
		t.Errorf("%+v, %v", c, err)
	}
	if err := Read("e30.e30.x", &c); err != NoAlgorithm {
		t.Errorf("without an algorithm: %v", err)
	}
}
