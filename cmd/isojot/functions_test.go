package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/isojot/isojot"
)

// post executes a function of a server and returns the answer.
func post(t *testing.T, endpoint, function string) (int, string) {
	t.Helper()
	request, err := http.NewRequest("POST", endpoint+"/functions/"+function+"/executions", strings.NewReader(`{"body":"hello"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Appwrite-Project", "demo")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestServeFunctions(t *testing.T) {
	dir := t.TempDir()
	manifest := filepath.Join(dir, "folded", "function.json")
	if err := os.MkdirAll(filepath.Dir(manifest), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(manifest, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"target":"command:cat","execute":["any"]}`)
	p := start(t, "serve", "--addr", "127.0.0.1:0", "--memory", "--project", "demo", "--project", "other", "--functions", dir,
		"--function", "echo=command:cat", "--function", "closed=command:cat", "--function-role", "closed=users", "--function-role", "closed=label:vip",
		"--function", "other/theirs=command:cat", "--dev")
	lines := p.until(t, "token")
	got := facts(lines)
	for _, want := range []string{"echo = command:cat (any)", "closed = command:cat (users, label:vip)", "folded = command:cat (any)", "other/theirs = command:cat (any)"} {
		if !strings.Contains(strings.Join(lines, "\n"), "function  "+want) {
			t.Errorf("the start does not say %q:\n%s", want, strings.Join(lines, "\n"))
		}
	}
	for function, want := range map[string]struct {
		status int
		part   string
	}{"echo": {201, `"responseBody":"hello"`}, "folded": {201, `"responseBody":"hello"`}, "closed": {401, "user_unauthorized"}, "theirs": {404, "function_not_found"}} {
		if status, body := post(t, got["endpoint"], function); status != want.status || !strings.Contains(body, want.part) {
			t.Errorf("%s: %d %s", function, status, body)
		}
	}
	write(`{"target":"command:cat","execute":["users"],"name":"changed"}`)
	if status, body := post(t, got["endpoint"], "folded"); status != 401 {
		t.Errorf("after the change: %d %s", status, body)
	}
	p.cancel()
	if code := p.end(t); code != 0 {
		t.Errorf("exit code %d, stderr %s", code, p.stderr.String())
	}
}

func TestFunctionFlags(t *testing.T) {
	dir := t.TempDir()
	for want, args := range map[string][]string{
		"--function echo: write NAME=TARGET":                     {"--function", "echo"},
		"--function echo=: write NAME=TARGET":                    {"--function", "echo="},
		"--function nope/echo=http://a: there is no --project":   {"--function", "nope/echo=http://a"},
		"--function-role echo=users: there is no --function":     {"--function-role", "echo=users"},
		"--function-role echo: write NAME=ROLE":                  {"--function", "echo=command:cat", "--function-role", "echo"},
		`there is no role "team"`:                                {"--function", "echo=command:cat", "--function-role", "echo=team"},
		"its ID is not valid":                                    {"--function", "_echo=command:cat"},
		"is listed twice":                                        {"--function", "echo=command:cat", "--function", "echo=command:cat"},
		"is none of":                                             {"--function", "echo=cat"},
		"--functions " + dir + ": the project demo has the":      {"--functions", dir, "--functions", dir},
		"--functions nope=" + dir + ": there is no --project":    {"--functions", "nope=" + dir},
		`the folder of functions "` + filepath.Join(dir, "nope"): {"--functions", filepath.Join(dir, "nope")},
	} {
		code, _, stderr := runFor(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--memory"}, args...)...)
		if code == 0 || !strings.Contains(stderr, want) {
			t.Errorf("%q: exit code %d, %s, want %q", args, code, stderr, want)
		}
	}
}

// In variables, functions are one a line: targets may have commas.
func TestFunctionsByEnvironment(t *testing.T) {
	t.Setenv("ISOJOT_FUNCTION", "echo=command:cat\nshout=command:printf a,b\n")
	t.Setenv("ISOJOT_FUNCTION_ROLE", "echo=users,echo=guests")
	p := start(t, "serve", "--addr", "127.0.0.1:0", "--memory", "--dev")
	lines := strings.Join(p.until(t, "token"), "\n")
	for _, want := range []string{"echo = command:cat (users, guests)", "shout = command:printf a,b (any)"} {
		if !strings.Contains(lines, want) {
			t.Errorf("the start does not say %q:\n%s", want, lines)
		}
	}
	if status, body := post(t, facts(strings.Split(lines, "\n"))["endpoint"], "shout"); status != 201 || !strings.Contains(body, `"responseBody":"a,b"`) {
		t.Errorf("%d %s", status, body)
	}
	p.cancel()
	if code := p.end(t); code != 0 {
		t.Errorf("exit code %d, stderr %s", code, p.stderr.String())
	}
}

// whoami is a function file that asks the API who its caller is.
const whoami = `export default async ({ req, res, log }) => {
  log("called by " + req.headers["x-appwrite-user-jwt"]);
  const answer = await fetch(process.env.APPWRITE_FUNCTION_API_ENDPOINT + "/account", {
    headers: { "x-appwrite-project": process.env.APPWRITE_FUNCTION_PROJECT_ID, "x-appwrite-jwt": req.headers["x-appwrite-user-jwt"] },
  });
  const body = await answer.json();
  return res.text(answer.status + " " + (body.$id ?? body.type));
};`

// A Node.js file acts for its caller, whoever that is, by the token and the
// address that it is handed.
func TestANodeFunctionActsForItsCaller(t *testing.T) {
	file := filepath.Join(t.TempDir(), "whoami.mjs")
	if err := os.WriteFile(file, []byte(whoami), 0o644); err != nil {
		t.Fatal(err)
	}
	p := start(t, "serve", "--addr", "127.0.0.1:0", "--memory", "--function", "whoami=node:"+file, "--api-key", durableKey, "--dev")
	endpoint := facts(p.until(t, "token"))["endpoint"]
	client, err := isojot.NewClient(endpoint, "demo")
	if err != nil {
		t.Fatal(err)
	}
	session, err := client.Account.CreateAnonymousSession(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for want, opt := range map[string]isojot.Option{
		"200 " + session.UserID: isojot.WithSession(session.Secret), "401 general_unauthorized_scope": isojot.WithKey(durableKey),
	} {
		caller, err := client.With(opt)
		if err != nil {
			t.Fatal(err)
		}
		e, err := caller.Functions.CreateExecution(t.Context(), isojot.CreateExecution{FunctionID: "whoami"})
		if err != nil || e.ResponseBody != want {
			t.Errorf("the function says %+v, %v, want %s", e, err, want)
		}
	}
	server, err := client.With(isojot.WithKey(durableKey))
	if err != nil {
		t.Fatal(err)
	}
	list, err := server.Functions.ListExecutions(t.Context(), "whoami")
	if err != nil || list.Total != 2 {
		t.Fatalf("the list is %+v, %v", list, err)
	}
	redacted := 0
	for _, e := range list.Executions {
		if strings.Contains(e.Logs, "called by [redacted]") {
			redacted++
		}
		if strings.Contains(e.Logs, "eyJ") {
			t.Errorf("the logs have a token: %s", e.Logs)
		}
	}
	if redacted != 1 {
		t.Errorf("%d logs are redacted: %+v", redacted, list.Executions)
	}
	p.cancel()
	if code := p.end(t); code != 0 {
		t.Errorf("exit code %d, stderr %s", code, p.stderr.String())
	}
	if strings.Contains(p.stderr.String(), "eyJ") {
		t.Errorf("the log has a token: %s", p.stderr.String())
	}
}
