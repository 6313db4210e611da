package server

import "testing"

func TestImpersonation(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.signUp("ann")
	f.signUp("bob")
	f.must(200, "PATCH", "/v1/users/bob/phone", byTestKey, `{"number": "+14155550123"}`)
	store, sessionID := f.signIn("ann")
	bobs, _ := f.signIn("bob")
	jwt := f.must(201, "POST", "/v1/account/jwts", session(store), "{}").text("jwt")
	as := func(h headers, header, value string) headers {
		all := headers{header: value}
		for name, v := range h {
			all[name] = v
		}
		return all
	}
	const id, email, phone = "X-Appwrite-Impersonate-User-Id", "X-Appwrite-Impersonate-User-Email", "X-Appwrite-Impersonate-User-Phone"
	get := func(h headers) string { return f.must(200, "GET", "/v1/account", h, "").text("$id") }
	if got := get(as(session(store), id, "bob")); got != "ann" {
		t.Errorf("before: the account is %s, want ann", got)
	}
	f.must(200, "PATCH", "/v1/users/ann/impersonator", byTestKey, `{"impersonator": true}`)
	for name, h := range map[string]headers{
		"id": as(session(store), id, "bob"), "e-mail": as(session(store), email, "Bob@example.com"), "phone": as(session(store), phone, "+14155550123"),
		"JWT": as(headers{"X-Appwrite-JWT": jwt}, id, "bob"),
	} {
		got := f.must(200, "GET", "/v1/account", h, "")
		if got.text("$id") != "bob" || got.text("impersonatorUserId") != "ann" {
			t.Errorf("by %s: the account is %s, by %q, want bob by ann", name, got.text("$id"), got.text("impersonatorUserId"))
		}
	}
	if got := f.must(200, "GET", "/v1/account?impersonateUserId=bob", session(store), "").text("$id"); got != "bob" {
		t.Errorf("by query: the account is %s, want bob", got)
	}
	if got := get(as(session(store), id, "nobody")); got != "ann" {
		t.Errorf("unknown: the account is %s, want ann", got)
	}
	if got := get(as(session(bobs), id, "ann")); got != "bob" {
		t.Errorf("by bob: the account is %s, want bob", got)
	}
	h := as(session(store), id, "bob")
	refused := func(method, path, body string) scenario {
		return scenario{name: method + " " + path, method: method, path: path, headers: h, body: body, status: 401, kind: "user_unauthorized"}
	}
	f.run([]scenario{
		refused("PATCH", "/v1/account/prefs", `{"prefs":{"a":1}}`), refused("PATCH", "/v1/account/name", `{"name":"x"}`),
		refused("GET", "/_functions/"+DefaultProject+"/none", ""), refused("DELETE", "/v1/account", ""), refused("PATCH", "/v1/account/status", "{}"),
		refused("PATCH", "/v1/account/password", `{"password":"password456","oldPassword":"password123"}`),
		{name: "users", method: "GET", path: "/v1/users", headers: session(store), status: 401, kind: "general_unauthorized_scope"},
		{name: "by GraphQL", method: "POST", path: "/v1/graphql", headers: h, body: `{"query": "mutation { accountUpdateName(name: \"x\") { name } }"}`, status: 200},
	})
	if got := f.must(200, "GET", "/v1/users/bob", byTestKey, "").text("name"); got != "Ann" {
		t.Errorf("the name of bob is %q by now", got)
	}
	if got := f.must(200, "GET", "/v1/account/sessions/current", h, "").text("$id"); got != sessionID {
		t.Errorf("the current session is %s, want ann's, %s", got, sessionID)
	}
	own := f.must(201, "POST", "/v1/account/jwts", h, "{}").text("jwt")
	if got := get(headers{"X-Appwrite-JWT": own}); got != "ann" {
		t.Errorf("the JWT is %s's, want ann's", got)
	}
	f.must(204, "DELETE", "/v1/account/sessions/current", h, "")
	f.must(401, "GET", "/v1/account", session(store), "")
	f.must(200, "GET", "/v1/account", session(bobs), "")
}
