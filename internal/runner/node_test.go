package runner

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// function makes a runner of a function file's text.
func function(t *testing.T, c Config, name, text string) Runner {
	t.Helper()
	r, err := Node(c, write(t, name, text))
	return mustRunner(t, r, err)
}

func TestNodeGetsTheCall(t *testing.T) {
	t.Setenv("SERVER_SECRET", "do not pass on")
	r := function(t, Config{Env: map[string]string{"OWN": "mine"}}, "main.mjs", `
		export default async ({ req, res }) => res.json({
			method: req.method, url: req.url, scheme: req.scheme, host: req.host, port: req.port,
			path: req.path, query: req.query, queryString: req.queryString, headers: req.headers,
			body: req.body, bodyText: req.bodyText, bodyRaw: req.bodyRaw, bodyJson: req.bodyJson,
			bodyBinary: [Buffer.isBuffer(req.bodyBinary), req.bodyBinary.length],
			env: [process.env.OWN, process.env.APPWRITE_FUNCTION_ID, process.env.APPWRITE_FUNCTION_JWT, process.env.SERVER_SECRET ?? null],
			runtime: [process.env.APPWRITE_FUNCTION_RUNTIME_NAME, process.env.APPWRITE_FUNCTION_RUNTIME_VERSION === process.versions.node.split(".")[0]],
			inFolder: process.cwd() === import.meta.dirname, globals: [typeof require, typeof module],
		});`)
	got := mustRun(t, r, request())
	if got.Status != 200 || got.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("got %d %v", got.Status, got.Header)
	}
	var saw map[string]any
	if err := json.Unmarshal(got.Body, &saw); err != nil {
		t.Fatalf("%v: %s", err, got.Body)
	}
	body := map[string]any{"n": 1.0}
	for name, want := range map[string]any{
		"method": "PUT", "url": "http://api.test:8080/a%20b/c?x=1&y=%20", "scheme": "http", "host": "api.test", "port": 8080.0,
		"path": "/a%20b/c", "query": map[string]any{"x": "1", "y": "%20"}, "queryString": "x=1&y=%20",
		"body": body, "bodyText": `{"n":1}`, "bodyRaw": `{"n":1}`, "bodyJson": body, "bodyBinary": []any{true, 7.0},
		"env": []any{"mine", "hello", userJWT, nil}, "runtime": []any{"Node.js", true}, "inFolder": true, "globals": []any{"undefined", "undefined"},
	} {
		if !reflect.DeepEqual(saw[name], want) {
			t.Errorf("%s is %v, want %v", name, saw[name], want)
		}
	}
	headers, _ := saw["headers"].(map[string]any)
	for name, want := range map[string]string{"content-type": "application/json", "cookie": "a=1; b=2", "x-appwrite-user-jwt": userJWT} {
		if headers[name] != want {
			t.Errorf("header %s is %v, want %s", name, headers[name], want)
		}
	}
}

func TestNodeAnswers(t *testing.T) {
	for _, test := range []struct {
		name, returns string
		status        int
		contentType   string
		body          string
	}{
		{"text", `res.text("hello")`, 200, "text/plain; charset=utf-8", "hello"},
		{"status and headers", `res.text("<p>", 201, { "Content-Type": "text/html", "X-Own": 7 })`, 201, "text/html; charset=utf-8", "<p>"},
		{"its own charset", `res.text("x", 200, { "content-type": "text/css; charset=latin1" })`, 200, "text/css; charset=latin1", "x"},
		{"json", `res.json({ a: [1] }, 202)`, 202, "application/json; charset=utf-8", `{"a":[1]}`},
		{"binary", `res.binary(Buffer.from([255, 0]), 200, { "content-type": "multipart/mixed; boundary=B" })`, 200, "multipart/mixed; boundary=B", "\xff\x00"},
		{"bytes of a view", `res.binary(new Uint8Array([65, 66, 67]).subarray(1))`, 200, "text/plain; charset=utf-8", "BC"},
		{"empty", `res.empty()`, 204, "text/plain; charset=utf-8", ""},
		{"redirect", `res.redirect("/elsewhere", 308)`, 308, "text/plain; charset=utf-8", ""},
		{"send", `res.send(5)`, 200, "text/plain; charset=utf-8", "5"},
		{"an object of its own", `({ body: "own", statusCode: 418 })`, 418, "text/plain; charset=utf-8", "own"},
		{"a promise", `new Promise((resolve) => setTimeout(() => resolve(res.text("later")), 1))`, 200, "text/plain; charset=utf-8", "later"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := function(t, Config{}, "main.mjs", "export default ({ req, res }) => "+test.returns)
			got := mustRun(t, r, request())
			if got.Status != test.status || got.Header.Get("Content-Type") != test.contentType || string(got.Body) != test.body {
				t.Errorf("got %d %v %q, want %d %q %q", got.Status, got.Header, got.Body, test.status, test.contentType, test.body)
			}
			if test.name == "redirect" && got.Header.Get("Location") != "/elsewhere" {
				t.Errorf("got %v, want the Location", got.Header)
			}
			if got.Logs != "" || got.Errors != "" {
				t.Errorf("logs %q and errors %q, want none", got.Logs, got.Errors)
			}
		})
	}
}

// Files of all kinds that Node.js has.
func TestNodeModules(t *testing.T) {
	for name, text := range map[string]string{
		"main.mjs":    `export default ({ res }) => res.text("ok")`,
		"main.cjs":    `module.exports = async ({ res }) => res.text("ok")`,
		"main.js":     `exports.__esModule = true; exports.default = ({ res }) => res.text("ok")`,
		"imports.mjs": `import { answer } from "node-appwrite"; export default ({ res }) => res.text(answer)`,
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, name, text)
			writeAt(t, filepath.Join(filepath.Dir(file), "node_modules", "node-appwrite", "index.js"), `exports.answer = "ok"`)
			r, err := Node(Config{}, file)
			if got := mustRun(t, mustRunner(t, r, err), request()); string(got.Body) != "ok" {
				t.Errorf("got %d %q, errors %s", got.Status, got.Body, got.Errors)
			}
		})
	}
}

func TestNodeFails(t *testing.T) {
	for _, test := range []struct{ name, text, errors string }{
		{"it throws", `export default () => { throw new TypeError("by intent") }`, "TypeError: by intent\n    at "},
		{"it rejects", `export default async () => { throw "a string" }`, "a string\n"},
		{"a rejection nobody waits for", `export default () => { Promise.reject(new Error("aside")); return new Promise(() => {}) }`, "Error: aside"},
		{"a timer throws", `export default () => { setTimeout(() => { throw new Error("late") }); return new Promise(() => setInterval(() => {}, 1e6)) }`, "Error: late"},
		{"nothing is returned", `export default () => {}`, "Return statement missing. return context.res.empty() if no response is expected.\n"},
		{"there is no function", `export const main = 1`, "no default export"},
		{"it cannot be read", `export default (`, "SyntaxError"},
		{"an import is missing", `import "no-such-package"; export default () => {}`, "ERR_MODULE_NOT_FOUND"},
		{"the body is not JSON", `export default ({ req, res }) => res.json(req.bodyJson)`, "SyntaxError"},
		{"the answer is not JSON", `export default ({ res }) => res.json({ n: 1n })`, "BigInt"},
	} {
		t.Run(test.name, func(t *testing.T) {
			req := request()
			req.Body = []byte("{")
			got := mustRun(t, function(t, Config{}, "main.mjs", test.text), req)
			if got.Status != http.StatusInternalServerError || len(got.Body) != 0 || !strings.Contains(got.Errors, test.errors) {
				t.Errorf("got %d %q, errors %q, want 500 with %q", got.Status, got.Body, got.Errors, test.errors)
			}
		})
	}
}

func TestNodeAnswersWrongly(t *testing.T) {
	for _, test := range []struct {
		name, text string
		status     int
		want       error
		says       string
	}{
		{"it exits", `export default () => process.exit(137)`, 500, ErrCrashed, "exit code 137"},
		{"it exits without a word", `export default () => process.exit(0)`, 500, ErrCrashed, "without an answer"},
		{"it has nothing to wait for", `export default () => new Promise(() => {})`, 500, ErrCrashed, "without an answer"},
		{"it is killed", `export default () => { process.kill(process.pid, "SIGKILL"); return new Promise((r) => setTimeout(r, 1e6)) }`, 500, ErrCrashed, "SIGKILL"},
		{"a status that is none", `export default ({ res }) => res.text("", 99)`, 500, ErrCrashed, "status 99"},
		{"a header value that is none", `export default ({ res }) => res.text("", 200, { a: "b\u0001" })`, 500, ErrCrashed, "invalid value"},
		{"a header name that is none", `export default ({ res }) => res.text("", 200, { "a b": "c" })`, 500, ErrCrashed, "invalid name"},
		{"huge headers", `export default ({ res }) => res.text("", 200, { a: "b".repeat(70000) })`, 0, ErrTooLarge, "headers"},
		{"a huge answer", `export default ({ res }) => res.text("b".repeat(3000))`, 0, ErrTooLarge, "body is above 2000 bytes"},
		{"no answer but noise", `import { writeSync } from "node:fs"; export default () => { writeSync(4, "\0\0\0\u0002{]\0\0\0\0"); return new Promise((r) => setTimeout(r, 1e6)) }`, 500, ErrCrashed, "answer's head"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := function(t, Config{Output: 2000}, "main.mjs", test.text).Run(t.Context(), request())
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) || got.Status != test.status {
				t.Errorf("got %d, %v, want %d, %v with %q", got.Status, err, test.status, test.want, test.says)
			}
		})
	}
}

func TestNodeLogs(t *testing.T) {
	r := function(t, Config{}, "main.mjs", `
		export default ({ req, res, log, error }) => {
			log("one"); log({ two: 2 }); log(3, "four");
			for (const name of ["log", "info", "debug", "warn", "error"]) console[name](name);
			process.stdout.write("raw\n");
			error("bad"); error(new Error("worse")); log(req.headers["x-appwrite-user-jwt"]);
			process.stderr.write(process.env.APPWRITE_FUNCTION_JWT.slice(0, 20));
			process.stderr.write(process.env.APPWRITE_FUNCTION_JWT.slice(20));
			return res.empty();
		}`)
	got := mustRun(t, r, request())
	if want := "one\n{\"two\":2}\n3 four\nlog\ninfo\ndebug\nwarn\nerror\nraw\n[redacted]\n"; got.Logs != want {
		t.Errorf("logs %q, want %q", got.Logs, want)
	}
	if !strings.HasPrefix(got.Errors, "bad\nError: worse\n    at ") || !strings.HasSuffix(got.Errors, "\n[redacted]") {
		t.Errorf("errors %q", got.Errors)
	}
}

func TestNodeCannotStart(t *testing.T) {
	file := write(t, "main.mjs", "export default ({ res }) => res.empty()")
	old := write(t, "node", "#!/bin/sh\necho v18.20.4\n")
	for name, c := range map[string]Config{
		"an old Node.js": {Node: old}, "no Node.js": {Node: old + "-missing"}, "not Node.js": {Node: "/bin/ls"},
	} {
		if _, err := Node(c, file); !errors.Is(err, ErrStart) {
			t.Errorf("%s: %v, want ErrStart", name, err)
		}
	}
	if _, err := Node(Config{}, file+".missing"); !errors.Is(err, ErrStart) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v, want ErrStart", err)
	}
}
