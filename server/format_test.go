package server

import (
	"strings"
	"testing"
)

// What older clients do not read is left out; the rest is as it was.
func TestResponseFormats(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	f.must(200, "PATCH", "/v1/account/name", session(store), `{"name":"<Ann> \" 😀"}`)
	in := func(h headers, version string) headers {
		all := headers{"X-Appwrite-Response-Format": version}
		for name, value := range h {
			all[name] = value
		}
		return all
	}
	const impersonator, mfa, factors = `,"impersonator":false,"impersonatorUserId":null`, `"mfa":false`, `"factors":["password"],"secret":""`
	account := f.must(200, "GET", "/v1/account", session(store), "").Body.String()
	for version, want := range map[string]string{
		"1.9.0": account, "9.9.9": account, "1.8.0": strings.Replace(account, impersonator, "", 1), "abc": strings.Replace(account, impersonator, "", 1),
	} {
		got := f.must(200, "GET", "/v1/account", in(session(store), version), "").Body.String()
		if unescape(got) != want {
			t.Errorf("%s: %s\nwant %s", version, got, want)
		}
	}
	get := func(name, path string, h headers, version string, want, wantNot []string) scenario {
		return scenario{name: name + " " + version, method: "GET", path: path, headers: in(h, version), status: 200, want: want, wantNot: wantNot}
	}
	f.run([]scenario{
		get("session", "/v1/account/sessions/current", session(store), "1.5.0", []string{factors}, nil),
		get("session", "/v1/account/sessions/current", session(store), "1.4.0", []string{`"current":true,"mfaUpdatedAt":""`}, []string{"factors", "secret"}),
		get("sessions", "/v1/account/sessions", session(store), "1.4.0", []string{`{"total":1,"sessions":[{"$id":`}, []string{"factors", "secret"}),
		get("user", "/v1/users/ann", byTestKey, "1.9.0", []string{impersonator, mfa, `"targets":[{`}, nil),
		get("user", "/v1/users/ann", byTestKey, "1.5.0", []string{mfa, `"targets":[{`}, []string{"impersonator"}),
		get("user", "/v1/users/ann", byTestKey, "1.4.0", []string{`"hash":"argon2"`}, []string{"impersonator", mfa, "targets"}),
		get("users", "/v1/users", byTestKey, "1.4.0", []string{`{"total":1,"users":[{"$id":"ann"`}, []string{"impersonator", mfa, "targets"}),
		get("prefs", "/v1/account/prefs", session(store), "1.4.0", []string{"{}"}, nil),
		{name: "token", method: "POST", path: "/v1/users/ann/tokens", headers: in(byTestKey, "1.4.0"), body: "{}", status: 201, want: []string{`"secret":"`}, wantNot: []string{"phrase"}},
		{name: "error", method: "GET", path: "/v1/account/sessions/nosuch", headers: in(session(store), "1.4.0"), status: 404, kind: "user_session_not_found"},
	})
}

// unescape undoes the escapes of HTML, which mean the same.
func unescape(s string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(s)
}
