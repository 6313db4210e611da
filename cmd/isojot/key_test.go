package main

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// callWithKey lists the users of a project by an API key and returns the
// status.
func callWithKey(t *testing.T, endpoint, project, key string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", endpoint+"/users", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Appwrite-Project", project)
	request.Header.Set("X-Appwrite-Key", key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Error(err)
	}
	return response.StatusCode
}

// serveProjects starts a server of the projects demo and other on a directory,
// and returns its endpoint.
func serveProjects(t *testing.T, dir string, more ...string) (*program, string) {
	t.Helper()
	p := start(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--data", dir, "--project", "demo", "--project", "other"}, more...)...)
	lines := p.until(t, "endpoint")
	return p, strings.Fields(lines[len(lines)-1])[1]
}

func TestKeyCommandsBesideAServer(t *testing.T) {
	dir := t.TempDir()
	p, endpoint := serveProjects(t, dir)
	code, key, stderr := runFor(t, "key", "create", "--data", dir, "--project", "other", "--name", "ci", "--scope", "users.read", "--scope", "health.read", "--expires", "24h")
	key = strings.TrimSpace(key)
	if code != 0 || !regexp.MustCompile(`^standard_[0-9a-f]{256}$`).MatchString(key) || !strings.Contains(stderr, "not shown again") {
		t.Fatalf("key create: code %d, %q, %s", code, key, stderr)
	}
	for project, want := range map[string]int{"other": 200, "demo": 401} {
		if got := callWithKey(t, endpoint, project, key); got != want {
			t.Errorf("the key on project %s: %d, want %d", project, got, want)
		}
	}
	code, list, _ := runFor(t, "key", "list", "--data", dir, "--project", "other")
	lines := strings.Split(list, "\n")
	if code != 0 || !strings.Contains(lines[1], "ci") || !strings.Contains(lines[1], "users.read,health.read") || strings.Contains(list, key) {
		t.Errorf("key list: code %d, %q", code, list)
	}
	id := strings.Fields(lines[1])[0]
	if code, out, _ := runFor(t, "key", "revoke", "--data", dir, "--project", "other", id); code != 0 || !strings.Contains(out, id) {
		t.Errorf("key revoke: code %d, %q", code, out)
	}
	if got := callWithKey(t, endpoint, "other", key); got != 401 {
		t.Errorf("the revoked key: %d", got)
	}
	p.cancel()
	if code := p.end(t); code != 0 {
		t.Errorf("serve ended with code %d", code)
	}
}

func TestKeyJWT(t *testing.T) {
	dir := t.TempDir()
	p, _ := serveProjects(t, dir)
	p.cancel()
	p.end(t)
	_, all, _ := runFor(t, "key", "jwt", "--data", dir)
	_, inHex, _ := runFor(t, "key", "jwt", "--data", dir, "--format", "hex")
	_, inBase64, _ := runFor(t, "key", "jwt", "--data", dir, "--format", "base64")
	a, errA := hex.DecodeString(strings.TrimSpace(inHex))
	b, errB := base64.StdEncoding.DecodeString(strings.TrimSpace(inBase64))
	if errA != nil || errB != nil || len(a) != 64 || string(a) != string(b) {
		t.Errorf("hex %q, base64 %q", inHex, inBase64)
	}
	if !strings.Contains(all, strings.TrimSpace(inHex)) || !strings.Contains(all, strings.TrimSpace(inBase64)) || !strings.Contains(all, "64 bytes") {
		t.Errorf("without a format: %q", all)
	}
	if _, other, _ := runFor(t, "key", "jwt", "--data", dir, "--project", "other", "--format", "hex"); other == inHex || other == "" {
		t.Errorf("the projects share the key %q", other)
	}
}

func TestKeyFailures(t *testing.T) {
	dir := t.TempDir()
	p, _ := serveProjects(t, dir)
	p.cancel()
	p.end(t)
	for _, tc := range []struct {
		args, want string
		code       int
	}{
		{"key create --data " + dir + " --project nope", `there is no project "nope"; there is demo, other`, exitFailure},
		{"key list --data " + dir + " --project nope", `there is no project "nope"`, exitFailure},
		{"key jwt --data " + dir + " --project nope", `there is no project "nope"`, exitFailure},
		{"key revoke --data " + dir + " nope", `project demo has no key "nope"`, exitFailure},
		{"key list --data " + dir + "/none", "there is no database", exitFailure},
		{"key create --data " + dir + " --scope account", `no scope "account"`, exitUsage},
		{"key create --data " + dir + " --expires 1ms", "at least a second", exitUsage},
		{"key create --data " + dir + " extra", "takes no arguments", exitUsage},
		{"key revoke --data " + dir, "takes one argument", exitUsage},
		{"key jwt --data " + dir + " --format pem", "use hex or base64", exitUsage},
		{"key crate", `unknown command "key crate"`, exitUsage},
		{"key list --nosuch", "nosuch", exitUsage},
	} {
		code, stdout, stderr := runFor(t, strings.Fields(tc.args)...)
		if code != tc.code || !strings.Contains(stderr, tc.want) || stdout != "" {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q, want %d and %q", tc.args, code, stdout, stderr, tc.code, tc.want)
		}
	}
	if _, err := os.Stat(dir + "/none"); !os.IsNotExist(err) {
		t.Errorf("a directory was made: %v", err)
	}
}

// A command under exec has an API key, its own or that of the flag.
func TestExecGivesAKey(t *testing.T) {
	for _, flags := range [][]string{nil, {"--api-key", "sixteen letters!"}, {"--project", "a", "--project", "b"}} {
		code, stdout, stderr := runFor(t, execChild(t, "key", flags...)...)
		if code != 0 || strings.TrimSpace(stdout) != "200 true" {
			t.Errorf("%q: exit code %d, stdout %q, stderr %q", flags, code, stdout, stderr)
		}
	}
}

func TestServeWithAPIKey(t *testing.T) {
	t.Setenv("ISOJOT_API_KEY", "a key of the environment")
	p, endpoint := serveProjects(t, t.TempDir(), "--allow-origin", "other=https://app.example.com")
	if got := callWithKey(t, endpoint, "demo", "a key of the environment"); got != 200 {
		t.Errorf("the key of ISOJOT_API_KEY: %d", got)
	}
	if got := callWithKey(t, endpoint, "other", "a key of the environment"); got != 401 {
		t.Errorf("the key on another project: %d", got)
	}
	for project, want := range map[string]int{"other": 200, "demo": 403} {
		request, err := http.NewRequestWithContext(t.Context(), "GET", endpoint+"/ping", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Appwrite-Project", project)
		request.Header.Set("Origin", "https://app.example.com")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil || response.StatusCode != want {
			t.Errorf("the page on project %s: %d, %v, want %d", project, response.StatusCode, err, want)
		}
	}
	p.cancel()
	if code := p.end(t); code != 0 {
		t.Errorf("serve ended with code %d", code)
	}
}
