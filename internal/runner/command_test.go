package runner

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// userJWT stands for a caller's token.
const userJWT = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"

func request() *Request {
	return &Request{
		Method: "PUT", Path: "/a%20b/c?x=1&y=%20", Body: []byte(`{"n":1}`),
		Header: http.Header{
			"Host": {"api.test:8080"}, "Content-Type": {"application/json"}, "Cookie": {"a=1", "b=2"},
			"X-Appwrite-User-Id": {"ada"}, "X-Appwrite-User-Jwt": {userJWT}, "Proxy": {"evil"}, "X_Appwrite_User_Id": {"eve"},
		},
		FunctionID: "hello", FunctionName: "Hello", ProjectID: "demo", DeploymentID: "d1", ExecutionID: "e1", Version: "1.9.6", Region: "default",
		Endpoint: "http://127.0.0.1:7519/v1", Trigger: "http", UserID: "ada", JWT: userJWT,
	}
}

// mustRunner fails the test where there is no runner, and closes it at its end.
func mustRunner(t *testing.T, r Runner, err error) Runner {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// script makes a command of a shell script.
func script(t *testing.T, c Config, text string, args ...string) Runner {
	t.Helper()
	r, err := Command(c, write(t, "program", "#!/bin/sh\n"+text), args...)
	return mustRunner(t, r, err)
}

// mustRun runs r once and fails the test on an error.
func mustRun(t *testing.T, r Runner, req *Request) *Result {
	t.Helper()
	result, err := r.Run(t.Context(), req)
	if err != nil {
		t.Fatalf("%v\nlogs: %s\nerrors: %s", err, result.Logs, result.Errors)
	}
	return result
}

func TestCommandGetsTheCall(t *testing.T) {
	t.Setenv("SERVER_SECRET", "do not pass on")
	r := script(t, Config{Env: map[string]string{"OWN": "mine"}}, `env; echo "DIR=$PWD"; echo "ARGS=$#:$1:$2"; printf BODY=; cat`, "a b", "*")
	lines := strings.Split(string(mustRun(t, r, request()).Body), "\n")
	for _, want := range []string{
		"APPWRITE_FUNCTION_ID=hello", "APPWRITE_FUNCTION_NAME=Hello", "APPWRITE_FUNCTION_PROJECT_ID=demo",
		"APPWRITE_FUNCTION_EXECUTION_ID=e1", "APPWRITE_FUNCTION_TRIGGER=http", "APPWRITE_FUNCTION_USER_ID=ada",
		"APPWRITE_FUNCTION_API_ENDPOINT=http://127.0.0.1:7519/v1", "APPWRITE_FUNCTION_JWT=" + userJWT,
		"APPWRITE_FUNCTION_DEPLOYMENT=d1", "APPWRITE_VERSION=1.9.6", "APPWRITE_REGION=default", "APPWRITE_FUNCTION_MEMORY=512",
		"APPWRITE_FUNCTION_CPUS=" + strconv.Itoa(runtime.NumCPU()), "APPWRITE_FUNCTION_RUNTIME_VERSION=", `APPWRITE_FUNCTION_DATA={"n":1}`, "OWN=mine", "ARGS=2:a b:*", `BODY={"n":1}`,
		"REQUEST_METHOD=PUT", "REQUEST_URI=/a%20b/c?x=1&y=%20", "PATH_INFO=/a b/c", "QUERY_STRING=x=1&y=%20",
		"CONTENT_TYPE=application/json", "CONTENT_LENGTH=7", "SERVER_NAME=api.test", "SERVER_PORT=8080",
		"HTTP_COOKIE=a=1; b=2", "HTTP_X_APPWRITE_USER_ID=ada", "HTTP_HOST=api.test:8080",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("no line %q", want)
		}
	}
	for _, line := range lines {
		if strings.Contains(line, "do not pass on") || strings.HasPrefix(line, "HTTP_PROXY=") {
			t.Errorf("it got %q", line)
		}
	}
}

// A body that no variable can hold is on standard input alone.
func TestCommandGetsAnyBody(t *testing.T) {
	r := script(t, Config{}, `printf "%s:" "$APPWRITE_FUNCTION_DATA"; wc -c`)
	for name, body := range map[string][]byte{
		"large": make([]byte, 3<<20), "NUL": []byte("a\x00b"), "invalid UTF-8": []byte("\xff"),
	} {
		t.Run(name, func(t *testing.T) {
			req := request()
			req.Body = body
			got := strings.TrimSpace(string(mustRun(t, r, req).Body))
			if data, size, _ := strings.Cut(got, ":"); data != "" || strings.TrimSpace(size) != strconv.Itoa(len(body)) {
				t.Errorf("got %.60q, want the %d bytes on standard input alone", got, len(body))
			}
		})
	}
}

func TestCommandAnswers(t *testing.T) {
	for _, test := range []struct {
		name, script string
		status       int
		contentType  string
		body         string
	}{
		{"a body alone", `printf hello`, 200, "text/plain; charset=utf-8", "hello"},
		{"nothing", ``, 200, "text/plain; charset=utf-8", ""},
		{"bytes", `printf '\377'`, 200, "application/octet-stream", "\xff"},
		{"a header block", `printf 'Status: 201 Created\r\nContent-Type: text/html\r\n\r\nhi'`, 201, "text/html", "hi"},
		{"line feeds alone", `printf 'status:404\nContent-Type: a/b\n\n\nhi\n'`, 404, "a/b", "\nhi\n"},
		{"a header block with nothing else", `printf 'Status: 204\n\n'`, 204, "", ""},
		{"a body like a header block", `printf 'Content-Type: text/html\n\nhi'`, 200, "text/plain; charset=utf-8", "Content-Type: text/html\n\nhi"},
		{"a body like a status", `printf 'Status: fine\n\nhi'`, 200, "text/plain; charset=utf-8", "Status: fine\n\nhi"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := mustRun(t, script(t, Config{}, test.script), request())
			if got.Status != test.status || got.Header.Get("Content-Type") != test.contentType || string(got.Body) != test.body {
				t.Errorf("got %d %v %q, want %d %q %q", got.Status, got.Header, got.Body, test.status, test.contentType, test.body)
			}
		})
	}
}

func TestCommandAnswersWrongly(t *testing.T) {
	for _, test := range []struct {
		name, script string
		status       int
		want         error
		text         string
	}{
		{"exit code 3", `echo why >&2; exit 3`, 500, ErrCrashed, "exit code 3"},
		{"exit code 137", `exit 137`, 500, ErrCrashed, "exit code 137"},
		{"a signal", `kill -SEGV $$`, 500, ErrCrashed, "SIGSEGV"},
		{"a header block without end", `printf 'Status: 200\nA: b\n'`, 500, ErrCrashed, "no empty line"},
		{"no header", `printf 'Status: 200\nnot a header\n\n'`, 500, ErrCrashed, "header block"},
		{"a status that is none", `printf 'Status: 999\n\n'`, 500, ErrCrashed, "999"},
		{"a header name that is none", `printf 'Status: 200\nA b: c\n\n'`, 500, ErrCrashed, "header"},
		{"a header value that is none", `printf 'Status: 200\nA: b\001\n\n'`, 500, ErrCrashed, "header block"},
		{"huge headers", `printf 'Status: 200\nA: '; head -c 70000 /dev/zero | tr '\0' x; printf '\n\n'`, 0, ErrTooLarge, "is above"},
		{"a huge answer", `head -c 3000 /dev/zero`, 0, ErrTooLarge, "above 2000 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := script(t, Config{Output: 2000}, test.script).Run(t.Context(), request())
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
				t.Errorf("got %v, want %v with %q", err, test.want, test.text)
			}
			if got.Status != test.status || len(got.Body) != 0 {
				t.Errorf("got %d %q, want %d", got.Status, got.Body, test.status)
			}
		})
	}
}

// What an error quotes of an answer gets into records: no token may be in it.
func TestErrorsHoldNoToken(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
				t.Error(err)
			}
			fmt.Fprintf(conn, "%s\r\n\r\n", userJWT)
			conn.Close()
		}
	}()
	noHTTP, err := HTTP(Config{}, "http://"+listener.Addr().String())
	for name, r := range map[string]Runner{
		"no HTTP":     mustRunner(t, noHTTP, err),
		"no header":   script(t, Config{}, `printf "Status: 200\n$APPWRITE_FUNCTION_JWT\n\n"`),
		"header name": function(t, Config{}, "main.mjs", `export default ({ req, res }) => res.text("", 200, { [" " + req.headers["x-appwrite-user-jwt"]]: "" })`),
	} {
		got, err := r.Run(t.Context(), request())
		if name == "no HTTP" && !strings.Contains(err.Error(), Redacted) {
			t.Errorf("nothing was quoted: %v", err)
		}
		if !errors.Is(err, ErrCrashed) || strings.Contains(err.Error()+got.Logs+got.Errors, userJWT[20:]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCommandCannotStart(t *testing.T) {
	for name, program := range map[string]string{
		"no such file": "./nothing", "no such program": "isojot-no-such-program",
	} {
		if _, err := Command(Config{}, program); !errors.Is(err, ErrStart) {
			t.Errorf("%s: %v, want ErrStart", name, err)
		}
	}
	// What is no program shows when it is started.
	r, err := Command(Config{}, write(t, "program", "\x00no program"))
	if _, err := mustRunner(t, r, err).Run(t.Context(), request()); !errors.Is(err, ErrStart) {
		t.Errorf("a file of no format: %v, want ErrStart", err)
	}
}

func TestCommandLogs(t *testing.T) {
	r := script(t, Config{Logs: 300}, `echo "token $APPWRITE_FUNCTION_JWT end" >&2; printf 'a\000b\377\n' >&2; printf "body $APPWRITE_FUNCTION_JWT"`)
	got := mustRun(t, r, request())
	if want := "token [redacted] end\na\uFFFDb\uFFFD\n"; got.Logs != want || got.Errors != "" {
		t.Errorf("logs %q, errors %q, want %q and none", got.Logs, got.Errors, want)
	}
	if string(got.Body) != "body "+userJWT {
		t.Errorf("the answer was changed: %q", got.Body)
	}
}

func TestStoppedBeforeItStarts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	result, err := script(t, Config{}, `echo no`).Run(ctx, request())
	if !errors.Is(err, ErrStopped) || !errors.Is(err, context.Canceled) || result == nil {
		t.Errorf("got %v, %v, want ErrStopped", result, err)
	}
}
