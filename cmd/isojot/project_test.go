package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// signUpStatus is what a sign-up by a password answers.
func signUpStatus(t *testing.T, endpoint, project, password string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", endpoint+"/account",
		strings.NewReader(`{"userId":"unique()","email":"`+time.Now().Format("150405.000000000")+`@example.com","password":"`+password+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Appwrite-Project", project)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Error(err)
	}
	return response.StatusCode
}

// Flags go before the file, what project set stores before both; each project has
// its own.
func TestSettingsOfProjects(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "config.json")
	if err := os.WriteFile(file, []byte(`{"projects": {"demo": {"password-needs": ["number", "symbol"], "password-min": 10}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	p, endpoint := serveProjects(t, dir, "--limits", "off", "--config", file, "--setting", "password-min=9", "--setting", "other=password-min=11")
	for _, tc := range []struct {
		project, password string
		want              int
	}{
		{"demo", "abcdefgh1", 400}, {"demo", "abcdefg1!", 201}, {"other", "abcdefghij", 400}, {"other", "abcdefghijk", 201},
	} {
		if got := signUpStatus(t, endpoint, tc.project, tc.password); got != tc.want {
			t.Errorf("sign-up of %s by %s: %d, want %d", tc.project, tc.password, got, tc.want)
		}
	}
	if code, out, stderr := runFor(t, "project", "set", "--data", dir, "--project", "other", "password-min=8"); code != 0 || !strings.Contains(out, "password-min") {
		t.Fatalf("project set: code %d, %q, %s", code, out, stderr)
	}
	// The server looks each second.
	for end := time.Now().Add(20 * time.Second); signUpStatus(t, endpoint, "other", "abcdefgh") != 201; {
		if time.Now().After(end) {
			t.Fatal("the setting does not hold")
		}
		time.Sleep(50 * time.Millisecond)
	}
	if code, out, _ := runFor(t, "project", "show", "--data", dir, "--project", "other"); code != 0 || !strings.Contains(out, "yes") {
		t.Errorf("project show: code %d, %q", code, out)
	}
	if code, out, _ := runFor(t, "project", "list", "--data", dir); code != 0 || out != "demo\nother\n" {
		t.Errorf("project list: code %d, %q", code, out)
	}
	p.cancel()
	if code := p.end(t); code != 0 {
		t.Errorf("serve ended with code %d", code)
	}
}

func TestProjectFailures(t *testing.T) {
	dir := t.TempDir()
	p, _ := serveProjects(t, dir)
	p.cancel()
	p.end(t)
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "config.json")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for _, tc := range []struct {
		args, want string
		code       int
	}{
		{"project set --data " + dir + " --project nope max-users=1", `there is no project "nope"; there is demo, other`, exitFailure},
		{"project set --data " + dir + " max-users", "takes NAME=VALUE", exitUsage},
		{"project set --data " + dir + " nosuch=1", `there is no setting "nosuch"`, exitUsage},
		{"project set --data " + dir + " password-history=21", "use 0 for none, to 20", exitUsage},
		{"project unset --data " + dir + " max-users", `has no setting "max-users" stored`, exitFailure},
		{"project sett", `unknown command "project sett"`, exitUsage},
		{"serve --memory --setting nosuch", "write NAME=VALUE", exitUsage},
		{"serve --memory --setting max-users=x", `"x" is no whole number`, exitUsage},
		{"serve --memory --setting nope=max-users=1", "there is no --project nope", exitUsage},
		{"serve --memory --setting demo=nosuch=1", `there is no setting "nosuch"`, exitUsage},
		{"serve --memory --config " + dir + "/none", "no such file", exitUsage},
		{"serve --memory --config " + file(`{"project": {}}`), "unknown field", exitUsage},
		{"serve --memory --config " + file(`{"projects": {"nope": {}}}`), "there is no --project nope", exitUsage},
		{"serve --memory --config " + file(`{"projects": {"demo": {"max-users": "x"}}}`), `project demo: max-users: "x" is no whole number`, exitUsage},
	} {
		code, stdout, stderr := runFor(t, strings.Fields(tc.args)...)
		if code != tc.code || !strings.Contains(stderr, tc.want) || stdout != "" {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q, want %d and %q", tc.args, code, stdout, stderr, tc.code, tc.want)
		}
	}
}
