package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func generate(t *testing.T, source string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "sample.go"), []byte("package sample\n"+source), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := write(dir); err != nil {
		return "", err
	}
	code, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	return string(code), nil
}

func TestWrite(t *testing.T) {
	code, err := generate(t, `
type APIKey struct{ Name, Secret, Token string }
type ByHand struct{ Password []byte }
func (b *ByHand) Format(f fmt.State, verb rune) {}
type hidden struct{ Password string }
type Plain struct{ Name string; password string; Key *Plain }
type Column struct{ Key string "json:\"key\" mask:\"-\"" }`)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"type apiKeyFields APIKey\n", "\tv.Secret = mask.Of(v.Secret)\n\tv.Token = mask.Of(v.Token)\n",
		"func (v APIKey) Format(f fmt.State, verb rune)", "// MarshalJSON masks Secret and Token.",
	} {
		if !strings.Contains(code, want) {
			t.Errorf("no %q in\n%s", want, code)
		}
	}
	if n := strings.Count(code, "\ntype "); n != 1 {
		t.Errorf("%d types, want 1:\n%s", n, code)
	}
}

// What cannot be masked must not be passed over.
func TestOtherTypesOfCredentials(t *testing.T) {
	for source, want := range map[string]string{
		"type Signer struct{ Private []byte }":                                            "Signer.Private is a []byte",
		"type A struct{ Secret *string }":                                                 "A.Secret is a *string",
		"type A struct{ APIKey json.RawMessage }":                                         "A.APIKey is a json.RawMessage",
		"type A struct{ Tokens []string }":                                                "A.Tokens is a []string",
		"type A struct{ Tokens map[int]string }":                                          "A.Tokens is a map[int]string",
		"type A struct{ Private crypto.Signer }":                                          "A.Private is a crypto.Signer",
		"type A struct{ Password any }":                                                   "A.Password is a any",
		"type A struct{ Password Text }; type Text string":                                "A.Password is a Text",
		"type A struct{ Password *text }; type text Text; type Text = string":             "A.Password is a *text",
		"type A struct{ Login login; Token login }; type login struct{ Password string }": "A.Token is a login",
		"type A struct{ Secret }; type Secret string":                                     "A.Secret is a Secret",
		"type A struct{ *isojot.Token }":                                                  "A.Token is a *isojot.Token",
		"type A struct{ login }; type login struct{ Password string }":                    "A.login has credentials",
		"type A struct{ *login }; type login struct{ Key []byte }":                        "A.*login has credentials",
		"type A struct{ Login struct{ Password string } }":                                "has credentials",
		"type A struct{ Token other.Token }":                                              "A.Token is a other.Token",
	} {
		if _, err := generate(t, strings.ReplaceAll(source, "; type ", "\ntype ")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", source, err, want)
		}
	}
}

// What masks itself, or holds no text, is nobody else's to mask.
func TestTypesThatMaskThemselves(t *testing.T) {
	code, err := generate(t, `
type Hash string
func (h Hash) Format(f fmt.State, verb rune) {}
type Held struct{ Password Hash; Token *Token; Tokens []Token; Cookies bool; LastKey time.Time; NextToken func() string; MaxKey limit }
type Token struct{ JWT string }
type limit int
type Outer struct{ Token; quiet }
type quiet struct{ Name string }`)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(code, "\ntype "); n != 1 || !strings.Contains(code, "type tokenFields Token") {
		t.Errorf("%d types, want that of Token alone:\n%s", n, code)
	}
}

// A pattern is for all packages that it matches, and those that need no methods
// have no file.
func TestPatterns(t *testing.T) {
	dir := t.TempDir()
	for name, source := range map[string]string{"teams": "type Key struct{ Secret string }", "locale": "type Code struct{ Name string }"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "sample.go"), []byte("package "+name+"\n"+source), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := run([]string{filepath.Join(dir, "*")}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "teams", fileName)); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "locale", fileName)); err == nil {
		t.Error("a file without methods was written")
	}
	if err := run([]string{filepath.Join(dir, "none*")}); err == nil {
		t.Error("a pattern that matches nothing is no error")
	}
}

// go generate masks what services/ holds.
func TestServicesAreMasked(t *testing.T) {
	code, err := os.ReadFile("../../routes.go")
	if err != nil {
		t.Fatal(err)
	}
	if line := "//go:generate go run ./internal/maskgen . server isojottest services/*\n"; !strings.Contains(string(code), line) {
		t.Errorf("routes.go has no line %q", line)
	}
}
