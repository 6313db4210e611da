package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/server/internal/wire"
)

// echo is a server with a function that everybody may execute.
func echo(t *testing.T, changes ...func(*Options)) (*fixture, *seen) {
	fn := &seen{}
	f := newFixture(t, append([]func(*Options){withKey, withFunctions(Function{ID: "echo", Handler: fn, Execute: anyone, Deployment: "v1"})}, changes...)...)
	return f, fn
}

func TestExecuteAtOnce(t *testing.T) {
	t.Parallel()
	f, fn := echo(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	a := f.execute(201, "echo", session(store), `{"body":"hello","path":"/x?y=1","method":"PUT","headers":{"x-custom":"1","content-type":"text/plain"}}`)
	for name, want := range map[string]any{
		"functionId": "echo", "resourceId": "echo", "resourceType": "functions", "deploymentId": "v1", "trigger": "http", "status": "completed",
		"requestMethod": "PUT", "requestPath": "/x?y=1", "responseStatusCode": 200.0, "responseBody": "PUT /x?y=1",
		"logs": "", "errors": "", "scheduledAt": nil, "$createdAt": wire.Date(start), "$updatedAt": wire.Date(start),
	} {
		if got := a.object[name]; got != want {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
	if text := a.Body.String(); !strings.Contains(text, `"$permissions":["read(\"user:ann\")"]`) ||
		!strings.Contains(text, `"requestHeaders":[{"name":"content-type","value":"text/plain"},{"name":"x-appwrite-client-ip","value":"192.0.2.1"}]`) ||
		!strings.Contains(text, `"responseHeaders":[{"name":"content-type","value":"text/plain"},{"name":"x-custom","value":"1"},{"name":"content-length","value":"10"},{"name":"x-appwrite-execution-id","value":"`+a.text("$id")+`"}]`) {
		t.Errorf("the execution is %s", text)
	}
	if fn.method != "PUT" || fn.path != "/x?y=1" || fn.body != "hello" || fn.get("x-custom") != "1" {
		t.Errorf("the function was asked %s %s %q with %v", fn.method, fn.path, fn.body, fn.header)
	}
	for name, want := range map[string]string{"Trigger": "http", "User-Id": "ann", "Execution-Id": a.text("$id"), "Client-Ip": "192.0.2.1",
		"Country-Code": "", "Continent-Code": "", "Continent-Eu": "false"} {
		if got, there := fn.header["X-Appwrite-"+name]; !there || got[0] != want {
			t.Errorf("X-Appwrite-%s is %q, want %q", name, got, want)
		}
	}
	got := f.must(200, "GET", "/v1/functions/echo/executions/"+a.text("$id"), session(store), "")
	if got.text("responseBody") != "" || len(headersOf(t, got, "responseHeaders")) != 2 {
		t.Errorf("stored was %s", got.Body)
	}
}

// What is asked by HEAD is answered without a body, whatever the function wrote.
func TestExecuteByHEAD(t *testing.T) {
	t.Parallel()
	f, fn := echo(t)
	a := f.execute(201, "echo", nil, `{"path":"/x","method":"HEAD"}`)
	if a.object["responseBody"] != "" || a.object["responseStatusCode"] != 200.0 || fn.method != "HEAD" ||
		!strings.Contains(a.Body.String(), `{"name":"content-length","value":"7"}`) {
		t.Errorf("the execution is %s of a %s", a.Body, fn.method)
	}
}

// A function that fails is an execution that failed, not a request that did.
func TestFunctionsThatFail(t *testing.T) {
	t.Parallel()
	f, _ := echo(t)
	for path, want := range map[string]struct {
		code   float64
		status string
	}{"/fail": {500, "failed"}, "/teapot": {418, "completed"}} {
		if a := f.execute(201, "echo", nil, `{"path":"`+path+`"}`); a.object["responseStatusCode"] != want.code || a.text("status") != want.status {
			t.Errorf("%s: %s", path, a.Body)
		}
	}
	for name, r := range map[string]funcRunner{
		"an error": func(context.Context, *runner.Request) (*runner.Result, error) {
			return &runner.Result{Logs: "begun", Errors: "oh"}, runner.ErrCrashed
		},
		"a panic": func(context.Context, *runner.Request) (*runner.Result, error) { panic("oh") },
		"no status": func(context.Context, *runner.Request) (*runner.Result, error) {
			return &runner.Result{Errors: "oh"}, nil
		},
		"nothing": func(context.Context, *runner.Request) (*runner.Result, error) { return nil, runner.ErrCrashed },
	} {
		f.useRunner("echo", r)
		a := f.execute(201, "echo", byTestKey, "{}")
		if a.object["responseStatusCode"] != 500.0 || a.text("status") != "failed" || !strings.Contains(a.text("errors"), "crashed") || a.text("responseBody") != "" {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
	f.must(200, "GET", "/v1/health/version", nil, "")
}

func TestExecutionParams(t *testing.T) {
	t.Parallel()
	f, fn := echo(t)
	const at = "/v1/functions/echo/executions"
	bad := func(name, body, param, description string) scenario {
		return scenario{name: name, method: "POST", path: at, body: body, status: 400, kind: "general_argument_invalid",
			message: "Invalid `" + param + "` param: " + description}
	}
	badSchedule := func(name, body, message string) scenario {
		return scenario{name: name, method: "POST", path: at, body: body, status: 400, kind: "general_bad_request", message: message}
	}
	many := ""
	for i := range 101 {
		many += `,"h` + strings.Repeat("a", i+1) + `":""`
	}
	f.run([]scenario{
		bad("id", "{}", "functionId", wire.DescribeUID).at("POST", "/v1/functions/_x/executions"),
		bad("body number", `{"body":5}`, "body", describeFunctionBody), bad("body object", `{"body":{"a":1}}`, "body", describeFunctionBody),
		bad("body list", `{"body":["a"]}`, "body", describeFunctionBody),
		bad("body long", `{"body":"`+strings.Repeat("x", maxFunctionBody+1)+`"}`, "body", describeFunctionBody),
		bad("async text", `{"async":"yes"}`, "async", wire.DescribeTruth),
		bad("path empty", `{"path":""}`, "path", describePath), bad("path long", `{"path":"/`+strings.Repeat("x", 2048)+`"}`, "path", describePath),
		bad("path of two lines", `{"path":"/a\nb"}`, "path", describePath),
		bad("method", `{"method":"get"}`, "method", describeMethod), bad("method of another", `{"method":"TRACE"}`, "method", describeMethod),
		bad("headers text", `{"headers":"x"}`, "headers", describeHeadersObject), bad("headers list", `{"headers":[1]}`, "headers", describeHeadersObject),
		bad("headers large", `{"headers":{"a":"`+strings.Repeat("x", 65536)+`"}}`, "headers", describeHeadersObject),
		bad("header of ours", `{"headers":{"x-appwrite-user-jwt":"evil"}}`, "headers", describeHeaders),
		bad("header of ours in capitals", `{"headers":{"X-Appwrite-User-Id":"evil"}}`, "headers", describeHeaders),
		bad("header name", `{"headers":{"bad_name":"x"}}`, "headers", describeHeaders), bad("header name end", `{"headers":{"a-":"x"}}`, "headers", describeHeaders),
		bad("header of two lines", `{"headers":{"a":"b\r\nx-appwrite-user-id: evil"}}`, "headers", describeHeaders),
		bad("header object", `{"headers":{"a":{}}}`, "headers", describeHeaders),
		bad("headers many", `{"headers":{`+many[1:]+`}}`, "headers", describeHeaders),
		bad("headers long", `{"headers":{"a":"`+strings.Repeat("x", 16383)+`"}}`, "headers", describeHeaders),
		badSchedule("schedule past", `{"async":true,"scheduledAt":"2020-01-01T00:00:00.000+00:00"}`, describeSchedule),
		badSchedule("schedule too soon", `{"async":true,"scheduledAt":"2026-08-21T12:43:00.000+00:00"}`, describeSchedule),
		badSchedule("schedule with seconds", `{"async":true,"scheduledAt":"2026-08-21T13:00:01.000+00:00"}`, describeSchedule),
		badSchedule("schedule no date", `{"async":true,"scheduledAt":"soon"}`, describeSchedule),
		badSchedule("schedule sync", `{"scheduledAt":"2026-08-21T13:00:00.000+00:00"}`, describeSyncSchedule),
		{name: "body too large", method: "POST", path: at, body: `{"body":"` + strings.Repeat("x", maxExecutionBody) + `"}`, status: 400, kind: "general_bad_request"},
		{name: "largest body", method: "POST", path: at, body: `{"body":"` + strings.Repeat("x", maxFunctionBody) + `"}`, status: 201},
		{name: "headers {}", method: "POST", path: at, body: `{"headers":{}}`, status: 201},
		{name: "headers []", method: "POST", path: at, body: `{"headers":[]}`, status: 201},
		{name: "null", method: "POST", path: at, body: `{"body":null,"async":null,"path":null,"method":null,"headers":null,"scheduledAt":null}`, status: 201},
		{name: "async false in words", method: "POST", path: at, body: `{"async":"false"}`, status: 201},
		{name: "path without slash", method: "POST", path: at, body: `{"path":"x"}`, status: 201, want: []string{`"requestPath":"x"`}},
		{name: "no body", method: "POST", path: at, status: 201},
		{name: "form", method: "POST", path: at, headers: headers{"Content-Type": "application/x-www-form-urlencoded"}, body: "body=hi&path=/f&headers[x-a]=b", status: 201, want: []string{`"requestPath":"/f"`}},
		{name: "data of old clients", method: "POST", path: at, headers: headers{"X-Appwrite-Response-Format": "1.3.0"}, body: `{"data":"legacy"}`, status: 201,
			want: []string{`"statusCode":200`, `"response":"POST /"`, `"stdout":""`, `"stderr":""`}, wantNot: []string{"responseBody", "scheduledAt", "logs"}},
	})
	if fn.body != "legacy" {
		t.Errorf("data was %q", fn.body)
	}
	f.run([]scenario{
		{name: "1.4.0", method: "POST", path: at, headers: headers{"X-Appwrite-Response-Format": "1.4.0"}, status: 201, want: []string{`"functionId":"echo"`, `"responseBody"`}, wantNot: []string{"scheduledAt"}},
		{name: "async true in words", method: "POST", path: at, body: `{"async":"true"}`, status: 202},
		{name: "2.0.0", method: "POST", path: at, headers: headers{"X-Appwrite-Response-Format": "2.0.0"}, status: 201, want: []string{`"functionId":"echo"`, `"resourceId":"echo"`, "scheduledAt"}},
	})
}

// at is the scenario on another route.
func (sc scenario) at(method, path string) scenario {
	sc.method, sc.path = method, path
	return sc
}

// The bound of 30 seconds is the callers', that of the timeout the function's.
func TestExecutionsThatTakeTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hang := funcRunner(func(ctx context.Context, _ *runner.Request) (*runner.Result, error) {
			<-ctx.Done()
			return &runner.Result{Logs: "waited"}, runner.ErrTimeout
		})
		f := newFixture(t, withKey, withFunctions(
			Function{ID: "short", Handler: &seen{}, Execute: anyone}, Function{ID: "long", Handler: &seen{}, Execute: anyone, Timeout: 900 * time.Second}))
		f.useRunner("short", hang)
		f.useRunner("long", hang)
		began := time.Now()
		a := f.execute(201, "short", byTestKey, "{}")
		if took := time.Since(began); took != 15*time.Second || a.text("status") != "failed" || a.object["duration"] != 15.0 || a.text("logs") != "waited" || !strings.Contains(a.text("errors"), "timed out") {
			t.Errorf("after %v: %s", took, a.Body)
		}
		began = time.Now()
		a = f.execute(408, "long", nil, "{}")
		if took := time.Since(began); took != 30*time.Second || a.text("message") != "Synchronous function execution timed out. Use asynchronous execution instead, or ensure the execution duration doesn't exceed 30 seconds." {
			t.Errorf("after %v: %s", took, a.Body)
		}
		list := f.must(200, "GET", "/v1/functions/long/executions", byTestKey, "")
		if !strings.Contains(list.Body.String(), `"status":"failed"`) || !strings.Contains(list.Body.String(), "must be asynchronous") {
			t.Errorf("it is kept as %s", list.Body)
		}
		id := f.execute(202, "long", nil, `{"async":true}`).text("$id")
		time.Sleep(900 * time.Second) // of the bubble
		synctest.Wait()
		if a := f.must(200, "GET", "/v1/functions/long/executions/"+id, byTestKey, ""); a.text("status") != "failed" || a.object["duration"] != 900.0 {
			t.Errorf("alone it took %s", a.Body)
		}
	})
}

// What a handler logs is for those with an API key.
func TestLogsOfHandlers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withFunctions(Function{ID: "logs", Execute: anyone, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(FunctionLog(r.Context()), "asked %s\xff", r.URL.Path)
		fmt.Fprint(FunctionLog(context.Background()), "nowhere")
		if r.URL.Path == "/much" {
			fmt.Fprint(FunctionLog(r.Context()), strings.Repeat("x", 2*runner.DefaultLogs))
		}
		w.WriteHeader(http.StatusNoContent)
	})}))
	if a := f.execute(201, "logs", byTestKey, `{"path":"/a"}`); a.text("logs") != "asked /a\uFFFD" || a.object["responseStatusCode"] != 204.0 {
		t.Errorf("it is %s", a.Body)
	}
	if a := f.execute(201, "logs", nil, "{}"); a.text("logs") != "" {
		t.Errorf("a guest sees %s", a.Body)
	}
	if n := len(f.execute(201, "logs", byTestKey, `{"path":"/much"}`).text("logs")); n < runner.DefaultLogs || n > runner.DefaultLogs+10 {
		t.Errorf("%d bytes are kept", n)
	}
}
