package server

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// listed asks for a list with queries.
func (f *fixture) listed(h headers, queries ...string) answer {
	f.t.Helper()
	values := url.Values{}
	for i, q := range queries {
		values.Set(fmt.Sprintf("queries[%d]", i), q)
	}
	return f.must(200, "GET", "/v1/functions/echo/executions?"+values.Encode(), h, "")
}

// paths are the paths of the executions in a list.
func paths(a answer) string {
	var all []string
	list, _ := a.object["executions"].([]any)
	for _, e := range list {
		all = append(all, fmt.Sprint(e.(map[string]any)["requestPath"]))
	}
	return strings.Join(all, " ")
}

// Users see their own executions, servers those of everybody.
func TestWhoReadsExecutions(t *testing.T) {
	t.Parallel()
	f, _ := echo(t)
	f.signUp("ann")
	f.signUp("bob")
	ann, _ := f.signIn("ann")
	bob, _ := f.signIn("bob")
	jwt := f.jwt(ann)
	anns := f.execute(201, "echo", session(ann), `{"path":"/ann"}`).text("$id")
	bobs := f.execute(201, "echo", session(bob), `{"path":"/bob"}`).text("$id")
	guests := f.execute(201, "echo", nil, `{"path":"/guest"}`).text("$id")
	for name, c := range map[string]struct {
		h    headers
		list string
		may  []string
	}{
		"ann": {session(ann), "/ann", []string{anns}}, "ann by JWT": {token(jwt), "/ann", []string{anns}}, "bob": {session(bob), "/bob", []string{bobs}},
		"key": {byTestKey, "/ann /bob /guest", []string{anns, bobs, guests}}, "key and session": {byTestKey.with(session(ann)), "/ann /bob /guest", []string{bobs}},
	} {
		a := f.listed(c.h)
		if got := paths(a); got != c.list || a.object["total"] != float64(len(strings.Fields(c.list))) {
			t.Errorf("%s sees %q of %v", name, got, a.object["total"])
		}
		for _, id := range []string{anns, bobs, guests} {
			want := 404
			for _, own := range c.may {
				if own == id || strings.HasPrefix(name, "key") {
					want = 200
				}
			}
			if a := f.do("GET", "/v1/functions/echo/executions/"+id, c.h, ""); a.Code != want || want == 404 && a.text("type") != "execution_not_found" {
				t.Errorf("%s reads %s: %d %s", name, id, a.Code, a.Body)
			}
		}
	}
	f.must(401, "GET", "/v1/functions/echo/executions", nil, "")
	f.must(401, "GET", "/v1/functions/echo/executions/"+guests, nil, "")
	f.must(200, "GET", "/v1/functions/echo/executions", f.apiKey("execution.read"), "")
	f.must(401, "GET", "/v1/functions/echo/executions", f.apiKey("executions.write"), "")
	f.must(401, "POST", "/v1/functions/echo/executions", f.apiKey("executions.read"), "{}")
}

func TestListExecutions(t *testing.T) {
	t.Parallel()
	f, _ := echo(t)
	var ids []string
	for _, path := range []string{"/a", "/fail", "/c", "/teapot"} {
		ids = append(ids, f.execute(201, "echo", nil, `{"path":"`+path+`","method":"GET"}`).text("$id"))
		f.advance(time.Second)
	}
	later := f.execute(202, "echo", byTestKey, `{"path":"/later","async":true,"scheduledAt":"2026-08-21T15:00:00.000+00:00"}`).text("$id")
	for query, want := range map[string]string{
		`{"method":"limit","values":[2]}`:                                                              "/a /fail",
		`{"method":"offset","values":[3]}`:                                                             "/teapot /later",
		`{"method":"cursorAfter","values":["` + ids[1] + `"]}`:                                         "/c /teapot /later",
		`{"method":"cursorBefore","values":["` + ids[1] + `"]}`:                                        "/a",
		`{"method":"orderDesc","attribute":"$createdAt"}`:                                              "/later /teapot /c /fail /a",
		`{"method":"equal","attribute":"status","values":["failed"]}`:                                  "/fail",
		`{"method":"equal","attribute":"status","values":["failed","scheduled"]}`:                      "/fail /later",
		`{"method":"equal","attribute":"trigger","values":["schedule"]}`:                               "/later",
		`{"method":"equal","attribute":"responseStatusCode","values":[418]}`:                           "/teapot",
		`{"method":"greaterThanEqual","attribute":"responseStatusCode","values":[418]}`:                "/fail /teapot",
		`{"method":"between","attribute":"responseStatusCode","values":[200,299]}`:                     "/a /c",
		`{"method":"lessThan","attribute":"duration","values":[900.5]}`:                                "/a /fail /c /teapot /later",
		`{"method":"greaterThan","attribute":"duration","values":[900]}`:                               "",
		`{"method":"equal","attribute":"requestMethod","values":["POST"]}`:                             "/later",
		`{"method":"equal","attribute":"requestPath","values":["/c"]}`:                                 "/c",
		`{"method":"equal","attribute":"deploymentId","values":["v2"]}`:                                "",
		`{"method":"equal","attribute":"$id","values":["` + later + `"]}`:                              "/later",
		`{"method":"greaterThan","attribute":"$createdAt","values":["2026-08-21T12:42:58.500+00:00"]}`: "/c /teapot /later",
	} {
		if a := f.listed(byTestKey, query); paths(a) != want {
			t.Errorf("%s: %q, want %q", query, paths(a), want)
		}
	}
	if a := f.must(200, "GET", "/v1/functions/echo/executions?total=0", byTestKey, ""); a.object["total"] != 0.0 {
		t.Errorf("without a total: %v", a.object["total"])
	}
	for query, kind := range map[string]string{
		`{"method":"equal","attribute":"user_id","values":["ann"]}`:          "general_argument_invalid",
		`{"method":"equal","attribute":"responseStatusCode","values":["a"]}`: "general_argument_invalid",
		`{"method":"equal","attribute":"responseStatusCode","values":[1.5]}`: "general_argument_invalid",
		`{"method":"cursorAfter","values":["nope"]}`:                         "general_cursor_not_found",
	} {
		a := f.must(400, "GET", "/v1/functions/echo/executions?queries[0]="+url.QueryEscape(query), byTestKey, "")
		if a.text("type") != kind {
			t.Errorf("%s: %s", query, a.Body)
		}
	}
}

func TestDeleteExecutions(t *testing.T) {
	t.Parallel()
	f, fn := echo(t)
	f.signUp("ann")
	ann, _ := f.signIn("ann")
	id := f.execute(201, "echo", session(ann), "{}").text("$id")
	at := "/v1/functions/echo/executions/"
	f.run([]scenario{
		{name: "user", method: "DELETE", path: at + id, headers: session(ann), status: 404, kind: "function_not_found"},
		{name: "guest", method: "DELETE", path: at + id, status: 404, kind: "function_not_found"},
		{name: "bad id", method: "DELETE", path: at + "_", headers: byTestKey, status: 400, kind: "general_argument_invalid"},
		{name: "key", method: "DELETE", path: at + id, headers: byTestKey, status: 204},
		{name: "again", method: "DELETE", path: at + id, headers: byTestKey, status: 404, kind: "execution_not_found"},
		{name: "gone", method: "GET", path: at + id, headers: byTestKey, status: 404, kind: "execution_not_found"},
	})
	later := f.execute(202, "echo", session(ann), `{"async":true,"scheduledAt":"2026-08-21T15:00:00.000+00:00"}`).text("$id")
	f.must(204, "DELETE", at+later, byTestKey, "")
	f.advance(4 * time.Hour)
	f.settled("echo", f.execute(202, "echo", session(ann), `{"async":true,"path":"/last"}`).text("$id"))
	if fn.times != 2 || fn.path != "/last" {
		t.Errorf("after the deletion it ran %d times, last %s", fn.times, fn.path)
	}
}
