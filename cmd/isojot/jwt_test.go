package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// runWith is runFor with a standard input.
func runWith(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "stdin")
	if err := os.WriteFile(name, []byte(stdin), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	old := os.Stdin
	os.Stdin = in
	defer func() { os.Stdin = old }()
	return runFor(t, args...)
}

// call sends a request to a server by an API key and returns its status and
// body.
func call(t *testing.T, method, url, body string, header map[string]string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, b.String()
}

// served is a server with the user ada, who is signed in.
type served struct{ dir, endpoint, session string }

const testAPIKey = "sixteen letters!"

func (s served) call(t *testing.T, method, path, body string) string {
	t.Helper()
	status, answer := call(t, method, s.endpoint+path, body, map[string]string{"X-Appwrite-Project": "demo", "X-Appwrite-Key": testAPIKey})
	if status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	return answer
}

// accountStatus is what GET /account answers to a token.
func (s served) accountStatus(t *testing.T, token string) int {
	t.Helper()
	status, _ := call(t, "GET", s.endpoint+"/account", "", map[string]string{"X-Appwrite-Project": "demo", "X-Appwrite-JWT": token})
	return status
}

func serveAda(t *testing.T) served {
	t.Helper()
	s := served{dir: t.TempDir()}
	p, endpoint := serveProjects(t, s.dir, "--api-key", testAPIKey)
	s.endpoint = endpoint
	t.Cleanup(func() {
		p.cancel()
		p.end(t)
	})
	s.call(t, "POST", "/users", `{"userId":"ada","email":"ada@example.com","password":"correct horse","name":"Ada"}`)
	var session struct {
		ID string `json:"$id"`
	}
	if err := json.Unmarshal([]byte(s.call(t, "POST", "/users/ada/sessions", `{}`)), &session); err != nil {
		t.Fatal(err)
	}
	s.session = session.ID
	return s
}

// mint makes a token of ada's.
func (s served) mint(t *testing.T, flags ...string) string {
	t.Helper()
	code, stdout, stderr := runFor(t, append([]string{"jwt", "mint", "--data", s.dir, "--user", "ada"}, flags...)...)
	if code != 0 || !strings.Contains(stderr, "JWT of user ada of project demo, valid until ") {
		t.Fatalf("jwt mint: code %d, %s", code, stderr)
	}
	return strings.TrimSpace(stdout)
}

func claimsOf(t *testing.T, token string) string {
	t.Helper()
	data, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestMint(t *testing.T) {
	s := serveAda(t)
	for name, tt := range map[string]struct {
		flags []string
		want  string
	}{
		"recent":  {nil, `"sessionId":"` + s.session + `"`},
		"by id":   {[]string{"--session", s.session}, `"sessionId":"` + s.session + `"`},
		"none":    {[]string{"--session", "none", "--duration", "1h"}, `"sessionId":""`},
		"1 s":     {[]string{"--duration", "1s"}, `"userId":"ada"`},
		"project": {[]string{"--project", "demo,other"}, `"userId":"ada"`},
	} {
		token := s.mint(t, tt.flags...)
		if claims := claimsOf(t, token); !strings.Contains(claims, tt.want) {
			t.Errorf("%s: the claims are %s", name, claims)
		}
		if got := s.accountStatus(t, token); got != 200 && name != "1 s" {
			t.Errorf("%s: the server answers %d", name, got)
		}
	}
	if code, out, _ := runFor(t, "key", "claims", "--data", s.dir, "aud=orders", "iat"); code != 0 || out != "aud=orders\niat\n" {
		t.Errorf("key claims: %d, %q", code, out)
	}
	if claims := claimsOf(t, s.mint(t, "--claim", "aud=billing")); !strings.Contains(claims, `"aud":"billing","iat":`) {
		t.Errorf("the claims are %s", claims)
	}
	s.call(t, "POST", "/users", `{"userId":"eve","email":"eve@example.com","password":"correct horse"}`)
	s.call(t, "PATCH", "/users/eve/status", `{"status":false}`)
	s.call(t, "POST", "/users", `{"userId":"bob","email":"bob@example.com","password":"correct horse"}`)
	for _, tc := range []struct {
		args, want string
		code       int
	}{
		{"", "--user: name the user", exitUsage},
		{"--user nobody", `project demo has no user "nobody"`, exitFailure},
		{"--user ada --project nope", `there is no project "nope"`, exitFailure},
		{"--user eve", "eve is blocked", exitFailure},
		{"--user bob", "--session none binds the JWT to none", exitFailure},
		{"--user bob --session " + s.session, "has no session", exitFailure},
		{"--user ada --duration 2h", "use 1s to 1h0m0s", exitUsage},
		{"--user ada --claim aud", "write it as NAME=VALUE", exitUsage},
		{"--user ada --claim aud=a --claim aud=b", "given twice", exitUsage},
		{"--user ada --claim iss=me", `has not switched on the claim "iss"`, exitUsage},
		{"--user ada --claim userId=eve", `no claim "userId"`, exitUsage},
		{"--user ada extra", "jwt mint takes no arguments", exitUsage},
	} {
		code, stdout, stderr := runFor(t, append([]string{"jwt", "mint", "--data", s.dir}, strings.Fields(tc.args)...)...)
		if code != tc.code || !strings.Contains(stderr, tc.want) || stdout != "" {
			t.Errorf("%s: code %d, stdout %q, stderr %q; want %d, %q", tc.args, code, stdout, stderr, tc.code, tc.want)
		}
	}
}

func TestDecode(t *testing.T) {
	s := serveAda(t)
	token := s.mint(t)
	for name, run := range map[string]func() (int, string, string){
		"argument":        func() (int, string, string) { return runFor(t, "jwt", "decode", token) },
		"standard input":  func() (int, string, string) { return runWith(t, token+"\n", "jwt", "decode") },
		"input by a dash": func() (int, string, string) { return runWith(t, "\t"+token, "jwt", "decode", "-") },
	} {
		code, stdout, stderr := run()
		if code != 0 || stderr != "" || !strings.HasPrefix(stdout, "NOT VERIFIED") {
			t.Errorf("%s: code %d, %q, %q", name, code, stdout, stderr)
		}
		for _, want := range []string{`"alg": "HS256"`, `"userId": "ada"`, "\nexpires  " + time.Now().UTC().Format("2006-"), ", in 14 minutes\n"} {
			if !strings.Contains(stdout, want) {
				t.Errorf("%s: no %q in %s", name, want, stdout)
			}
		}
	}
	code, stdout, _ := runFor(t, "jwt", "decode", "--json", token)
	var got struct {
		Verified, Expired *bool
		Header, Claims    map[string]any
		Expires           time.Time
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || code != 0 {
		t.Fatalf("--json: code %d, %v, %s", code, err, stdout)
	}
	if got.Verified == nil || *got.Verified || got.Expired == nil || *got.Expired || got.Header["typ"] != "JWT" ||
		got.Claims["sessionId"] != s.session || got.Expires.Unix() != int64(got.Claims["exp"].(float64)) {
		t.Errorf("--json: %s", stdout)
	}
}

// What no terminal must obey is shown, as is a token that is none of a user's.
func TestDecodeHostile(t *testing.T) {
	part := base64.RawURLEncoding.EncodeToString
	token := func(header, payload string) string {
		return part([]byte(header)) + "." + part([]byte(payload)) + ".c2ln"
	}
	code, stdout, stderr := runFor(t, "jwt", "decode", token(`{"alg":"none"}`, "{\"a\":\"\u009b2J\u202e\",\"a\":1,\"b\":\"\\u001b[2J\U000e0041\"}"))
	if code != 0 || stderr != "" {
		t.Fatalf("code %d, %s", code, stderr)
	}
	for _, want := range []string{`"a": "\u009b2J\u202e"`, `"a": 1`, `"b": "\u001b[2J\udb40\udc41"`, "expires  unknown", "fault    ", "no signing algorithm"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %s in %s", want, stdout)
		}
	}
	if code, stdout, _ := runFor(t, "jwt", "decode", token(`{"alg":"HS256"}`, `{"userId":"u","exp":1}`)); code != 0 || !strings.Contains(stdout, "expires  1970-01-01T00:00:01Z, ") || !strings.Contains(stdout, " days ago") {
		t.Errorf("code %d, %s", code, stdout)
	}
	for arg, want := range map[string]string{"a.b": "2 parts", "!.e30.x": "header is not base64url", "e30.W10.x": "payload is not a JSON object", "bnVsbA.e30.x": "header is not a JSON"} {
		if code, stdout, stderr := runFor(t, "jwt", "decode", arg); code != exitFailure || stdout != "" || !strings.Contains(stderr, want) {
			t.Errorf("%s: code %d, %q, %q", arg, code, stdout, stderr)
		}
	}
	if code, _, stderr := runWith(t, "\n", "jwt", "decode"); code != exitUsage || !strings.Contains(stderr, "there is no token") {
		t.Errorf("an empty line: code %d, %q", code, stderr)
	}
	if code, _, stderr := runFor(t, "jwt", "decode", "a", "b"); code != exitUsage || !strings.Contains(stderr, "takes one token") {
		t.Errorf("two tokens: code %d, %q", code, stderr)
	}
	if code, _, stderr := runFor(t, "jwt", "encode"); code != exitUsage || !strings.Contains(stderr, `unknown command "jwt encode"`) {
		t.Errorf("an unknown command: code %d, %q", code, stderr)
	}
}

func TestRelative(t *testing.T) {
	now := time.Unix(1795449600, 0)
	for d, want := range map[time.Duration]string{
		0: "0 seconds ago", time.Second: "in 1 second", 119 * time.Second: "in 119 seconds", 15 * time.Minute: "in 15 minutes",
		-time.Hour: "60 minutes ago", -47 * time.Hour: "47 hours ago", -72 * time.Hour: "3 days ago",
	} {
		if got := relative(now.Add(d), now); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
