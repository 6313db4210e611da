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
type Plain struct{ Name string; password string; Key *Plain }`)
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
	_, err := generate(t, `type Signer struct{ Private []byte }`)
	if err == nil || !strings.Contains(err.Error(), "Signer.Private is a []byte") {
		t.Errorf("error %v", err)
	}
}
