package main

import (
	"encoding/base64"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// All judges say the same of good tokens and of forged ones, by exit code.
func TestVerify(t *testing.T) {
	s := serveAda(t)
	_, keyInHex, _ := runFor(t, "key", "jwt", "--data", s.dir, "--format", "hex")
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(keyInHex), 0o600); err != nil {
		t.Fatal(err)
	}
	byHS256 := s.mint(t)
	if code, _, stderr := runFor(t, "key", "rotate", "--data", s.dir, "--alg", "ES256"); code != 0 {
		t.Fatalf("key rotate: code %d, %s", code, stderr)
	}
	byES256 := s.mint(t)
	for name, tt := range map[string]struct {
		judge   []string
		good    string
		session bool // it is looked at
	}{
		"endpoint": {[]string{"--endpoint", s.endpoint}, byES256, true},
		"data":     {[]string{"--data", s.dir}, byES256, true},
		"jwks":     {[]string{"--jwks", s.endpoint + "/projects/demo/jwks.json"}, byES256, false},
		"key file": {[]string{"--key-file", file}, byHS256, false},
		"key":      {[]string{"--key-hex", strings.TrimSpace(keyInHex)}, byHS256, false},
	} {
		verify := append([]string{"jwt", "verify"}, tt.judge...)
		code, stdout, stderr := runWith(t, tt.good, verify...)
		if code != 0 || withoutWarning(stderr) != "" || !strings.HasPrefix(stdout, "good\nuser     ada\nsession  "+s.session+"\n") || !strings.Contains(stdout, `"userId":"ada"`) ||
			strings.Contains(stdout, "--endpoint or --data tells") == tt.session {
			t.Errorf("%s: code %d, %q, %q", name, code, stdout, stderr)
		}
		code, stdout, _ = runFor(t, append(verify, "--json", tt.good)...)
		var v verdict
		if err := json.Unmarshal([]byte(stdout), &v); err != nil || code != 0 || v.Verdict != "good" || v.UserID != "ada" || v.SessionChecked != tt.session || v.Claims["sessionId"] != s.session {
			t.Errorf("%s: code %d, %v, %s", name, code, err, stdout)
		}
		for reason, token := range map[string]string{"": forge(tt.good), "jwt-malformed": "undefined"} {
			code, stdout, stderr := runFor(t, append(verify, token)...)
			if code != exitRefused || stdout != "" || !strings.HasPrefix(withoutWarning(stderr), "isojot: refused: ") || !strings.Contains(stderr, reason) {
				t.Errorf("%s, %s: code %d, %q, %q", name, reason, code, stdout, stderr)
			}
		}
	}
	s.call(t, "DELETE", "/users/ada/sessions", "")
	for _, judge := range [][]string{{"--endpoint", s.endpoint}, {"--data", s.dir}} {
		code, _, stderr := runFor(t, append(append([]string{"jwt", "verify"}, judge...), byES256)...)
		if code != exitRefused || !strings.Contains(stderr, "session-ended: Sign in again") {
			t.Errorf("%v: code %d, %q", judge, code, stderr)
		}
	}
}

// withoutWarning leaves out that a key stands in the command line.
func withoutWarning(stderr string) string {
	if _, rest, ok := strings.Cut(stderr, "by the variable ISOJOT_JWT_KEY\n"); ok {
		return rest
	}
	return stderr
}

// forge changes a token's signature.
func forge(token string) string {
	other := "A"
	if strings.HasSuffix(token[:len(token)-3], "A") {
		other = "B"
	}
	return token[:len(token)-4] + other + token[len(token)-3:]
}

// expiredToken says {"userId":"u1","sessionId":"s1","exp":895449600}, which is
// in 1998, and is signed by the key of TestVerifyExpired.
const expiredToken = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9" +
	".eyJ1c2VySWQiOiJ1MSIsInNlc3Npb25JZCI6InMxIiwiZXhwIjo4OTU0NDk2MDB9" +
	".yNx59uwp7EhtlF4xpHYKq9Qze9zVztCmvjZfdmKWj9w"

func TestVerifyExpired(t *testing.T) {
	const key = "3031323334353637383961626364656630313233343536373839616263646566"
	code, _, stderr := runFor(t, "jwt", "verify", "--key-hex", key, expiredToken)
	if code != exitRefused || !strings.Contains(stderr, "jwt-expired: Make a new JWT") {
		t.Errorf("code %d, %q", code, stderr)
	}
	code, stdout, _ := runFor(t, "jwt", "verify", "--key-hex", key, "--json", expiredToken)
	if code != exitRefused || !strings.Contains(stdout, `"verdict": "refused"`) || !strings.Contains(stdout, `"reason": "jwt-expired"`) {
		t.Errorf("code %d, %q", code, stdout)
	}
}

// What is not about the token is 2, and says what is wrong.
func TestVerifyCannotTell(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	down := "http://" + free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	p, endpoint := serveProjects(t, dir)
	part := base64.RawURLEncoding.EncodeToString
	// HS256 would be refused by --jwks without a look at the set.
	token := part([]byte(`{"alg":"EdDSA","kid":"k1"}`)) + "." + part([]byte(`{"userId":"u1","exp":99999999999}`)) + ".c2ln"
	for args, want := range map[string]string{
		"--endpoint " + down + "/v1":                      "cannot tell: ",
		"--jwks " + down:                                  "cannot tell: fetching the key set",
		"--jwks " + endpoint + "/projects/nope/jwks.json": "404",
		"--endpoint " + endpoint + " --project nope":      "wrong-project: Check the project's id",
		"--data " + dir + " --project nope":               `there is no project "nope"; there is demo, other`,
		"--data " + dir + "/none":                         "there is no database",
		"--key-file " + dir + "/none":                     "no such file",
		"--key-hex xyz":                                   "--key-hex: the key is not hex",
		"--key-hex abcd":                                  "HS256 needs at least 32",
		"--jwks http://example.com/jwks":                  "the URL is not https",
		"--endpoint example":                              "--endpoint: ",
		"":                                                "nothing says what judges the token",
		"--key-hex ab --data " + dir:                      "--data and --key-hex exclude each other",
		"--data " + dir + " --issuer me":                  "need --jwks",
	} {
		code, stdout, stderr := runFor(t, append(append([]string{"jwt", "verify"}, strings.Fields(args)...), token)...)
		if code != exitCannotTell || !strings.Contains(stderr, want) || stdout != "" {
			t.Errorf("%s: code %d, %q, stderr %q, want %q", args, code, stdout, stderr, want)
		}
	}
	// An issuer without keys has withdrawn them all: that says something.
	code, _, stderr := runFor(t, "jwt", "verify", "--jwks", endpoint+"/projects/demo/jwks.json", token)
	if code != exitRefused || !strings.Contains(stderr, "publishes no public key") {
		t.Errorf("a set without keys: code %d, stderr %q", code, stderr)
	}
	t.Setenv("ISOJOT_ENDPOINT", down+"/v1")
	if code, stdout, _ := runFor(t, "jwt", "verify", "--json", token); code != exitCannotTell || !strings.Contains(stdout, `"verdict": "unknown"`) {
		t.Errorf("by ISOJOT_ENDPOINT: code %d, %q", code, stdout)
	}
	if code, _, stderr := runFor(t, "jwt", "verify", "--key-hex", strings.Repeat("ab12", 16), token); code != exitRefused {
		t.Errorf("a flag beside a variable: code %d, %q", code, stderr)
	}
	p.cancel()
	p.end(t)
}
