package server

import (
	"strings"
	"testing"
)

// twoProjects is a server of the projects demo and other.
func twoProjects(t *testing.T) *fixture {
	return newFixture(t, func(o *Options) { o.Projects = []Project{{ID: "demo"}, {ID: "other"}} })
}

// in is the header of a project.
func in(project string) headers { return headers{"X-Appwrite-Project": project} }

// What one project gave out is nothing to another, even for a user of the same
// id, address and password.
func TestProjectsAreSeparate(t *testing.T) {
	t.Parallel()
	f := twoProjects(t)
	f.signUp("ann")
	f.must(201, "POST", "/v1/account", in("other"), `{"userId":"ann","email":"ann@example.com","password":"password123"}`)
	store, sessionID := f.signIn("ann")
	jwt := f.jwt(store)
	key, foreign := f.apiKey(), f.newKey("other", NewKey{})
	unbound := f.must(201, "POST", "/v1/users/ann/jwts", key, `{"sessionId":"none"}`).text("jwt")
	oneTime := f.must(201, "POST", "/v1/users/ann/tokens", key, "{}").text("secret")
	const bad = "Failed to verify JWT. Invalid token: Signature failed"
	f.run([]scenario{
		{name: "session", method: "GET", path: "/v1/account", headers: session(store).with(in("other")), status: 401, kind: "general_unauthorized_scope", message: guestMessage},
		{name: "cookie", method: "GET", path: "/v1/account", headers: in("other").with(headers{"Cookie": "a_session_demo=" + store}), status: 401, kind: "general_unauthorized_scope"},
		{name: "JWT", method: "GET", path: "/v1/account", headers: token(jwt).with(in("other")), status: 401, kind: "user_jwt_invalid", message: bad},
		{name: "JWT without session", method: "GET", path: "/v1/account", headers: token(unbound).with(in("other")), status: 401, kind: "user_jwt_invalid", message: bad},
		{name: "key", method: "GET", path: "/v1/users", headers: key.with(in("other")), status: 401, kind: "user_unauthorized"},
		{name: "token", method: "POST", path: "/v1/account/sessions/token", headers: in("other"), body: `{"userId":"ann","secret":"` + oneTime + `"}`,
			status: 401, kind: "user_invalid_token"},
		{name: "session by the other's key", method: "DELETE", path: "/v1/users/ann/sessions/" + sessionID, headers: foreign, status: 404, kind: "user_session_not_found"},
		{name: "delete by the other's key", method: "DELETE", path: "/v1/users/ann", headers: foreign, status: 204},
		{name: "list by the other's key", method: "GET", path: "/v1/users", headers: foreign, status: 200, want: []string{`{"total":0,"users":[]}`}},
		{name: "all is well at home", method: "GET", path: "/v1/account", headers: session(store), status: 200},
	})
}

func TestSigningKeysDiffer(t *testing.T) {
	t.Parallel()
	f := twoProjects(t)
	a, err := f.Keys().SigningKey(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Keys().SigningKey(t.Context(), "other")
	if err != nil || string(a) == string(b) {
		t.Errorf("the projects share a signing key: %v", err)
	}
}

func TestPlatformsOfProjects(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) {
		o.AllowOrigins = []string{"https://all.example.com"}
		o.Projects = []Project{
			{ID: "demo", AllowOrigins: []string{"*.demo.example", "appwrite-android://com.example.app"}},
			{ID: "other", AllowOrigins: []string{"https://other.example", "appwrite-ios://com.example.ios"}},
		}
	})
	try := func(project, origin string, status int, echoed bool) scenario {
		sc := scenario{name: project + " " + origin, method: "GET", path: "/v1/ping", headers: in(project).with(headers{"Origin": origin}), status: status,
			header: headers{"Access-Control-Allow-Origin": ""}}
		if status == 403 {
			sc.kind = "general_unknown_origin"
		}
		if echoed {
			sc.header["Access-Control-Allow-Origin"] = origin
		}
		return sc
	}
	f.run([]scenario{
		try("demo", "https://all.example.com", 200, true),
		try("other", "https://all.example.com", 200, true),
		try("demo", "https://a.demo.example", 200, true),
		try("demo", "https://demo.example", 403, false),
		try("other", "https://a.demo.example", 403, false),
		try("demo", "https://other.example", 403, false),
		try("other", "https://other.example", 200, true),
		try("demo", "appwrite-android://com.example.app", 200, true),
		try("demo", "appwrite-android://com.another.app", 200, false),
		try("demo", "appwrite-ios://com.example.app2", 403, false),
		try("other", "appwrite-android://com.another.app", 403, false),
		try("other", "appwrite-macos://x", 200, false),
		try("other", "http://com.example.ios", 200, true),
		try("demo", "appwrite-callback-demo://x", 200, false),
		try("demo", "appwrite-callback-other://x", 403, false),
	})
	scenario{status: 401, kind: "user_jwt_invalid", header: headers{"Access-Control-Allow-Origin": "https://a.demo.example"}}.check(t,
		f.do("GET", "/v1/ping", token("a.b.c").with(headers{"Origin": "https://a.demo.example"}), ""))
}

func TestSetProject(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	origin := headers{"Origin": "https://app.example"}
	f.must(404, "GET", "/v1/ping", in("late"), "")
	if err := f.SetProject(t.Context(), Project{ID: "late", AllowOrigins: []string{"https://app.example"}, APIKey: "sixteen letters!"}); err != nil {
		t.Fatal(err)
	}
	f.must(200, "GET", "/v1/ping", in("late").with(origin), "")
	f.must(200, "GET", "/v1/users", in("late").with(headers{"X-Appwrite-Key": "sixteen letters!"}), "")
	if err := f.SetProject(t.Context(), Project{ID: "late"}); err != nil {
		t.Fatal(err)
	}
	f.must(403, "GET", "/v1/ping", in("late").with(origin), "")
	f.must(401, "GET", "/v1/users", in("late").with(headers{"X-Appwrite-Key": "sixteen letters!"}), "")
}

// A project stays in the database of a server that is no longer told of it.
func TestProjectsOfTheDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	onDisk := func(projects ...Project) func(*Options) {
		return func(o *Options) { o.Memory, o.DataDir, o.Projects = false, dir, projects }
	}
	t.Run("first", func(t *testing.T) {
		f := newFixture(t, onDisk(Project{ID: "demo"}, Project{ID: "other"}))
		f.must(201, "POST", "/v1/account", in("other"), `{"userId":"ann","email":"ann@example.com","password":"password123"}`)
	})
	f := newFixture(t, onDisk(Project{ID: "demo"}))
	f.must(201, "POST", "/v1/account/sessions/email", in("other"), `{"email":"ann@example.com","password":"password123"}`)
}

func TestProjectsOfOptions(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.Project, o.Projects = "b", []Project{{ID: "a"}, {ID: "b"}, {ID: "c"}} })
	if info := f.Info(); info.Project != "b" || strings.Join(info.Projects, " ") != "b a c" || info.APIKey {
		t.Errorf("Info = %+v", info)
	}
	for want, o := range map[string]Options{
		"listed twice":       {Projects: []Project{{ID: "a"}, {ID: "a"}}},
		"use \"shop\"":       {Projects: []Project{{ID: "a"}, {ID: "Shop"}}},
		"exclude each other": {APIKey: "sixteen letters!", Projects: []Project{{ID: "a", APIKey: "sixteen letters!"}}},
		"at least 16":        {APIKey: "short"},
		"has no valid host":  {Projects: []Project{{ID: "a", AllowOrigins: []string{"https://"}}}},
	} {
		o.Memory = true
		if s, err := New(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New = %v, %v, want %q", s, err, want)
		}
	}
}
