package server

import (
	"strings"
	"testing"
	"time"
)

// The key that a function is handed does what its scopes say, for a while, in
// its project.
func TestTheFunctionsKey(t *testing.T) {
	t.Parallel()
	fn := &seen{}
	f := newFixture(t, withKey, withFunctions(
		Function{ID: "none", Handler: fn, Execute: anyone}, Function{ID: "reads", Handler: fn, Execute: anyone, Scopes: []string{"users.read"}}),
		func(o *Options) { o.Projects = []Project{{ID: DefaultProject}, {ID: "other"}} })
	f.signUp("ann")
	f.execute(201, "none", nil, "{}")
	none := headers{"X-Appwrite-Key": fn.get("X-Appwrite-Key")}
	f.execute(201, "reads", nil, "{}")
	reads := headers{"X-Appwrite-Key": fn.get("X-Appwrite-Key")}
	if !strings.HasPrefix(reads["X-Appwrite-Key"], "ephemeral_") {
		t.Fatalf("the key is %q", reads)
	}
	text := strings.TrimPrefix(reads["X-Appwrite-Key"], "ephemeral_")
	parts := strings.Split(text, ".")
	forged := parts[0] + "." + strings.Split(strings.TrimPrefix(none["X-Appwrite-Key"], "ephemeral_"), ".")[1] + "." + parts[2]
	f.run([]scenario{
		{name: "may read", method: "GET", path: "/v1/users", headers: reads, status: 200},
		{name: "by the older name", method: "GET", path: "/v1/users", headers: headers{"X-Appwrite-Key": "dynamic_" + text}, status: 200},
		{name: "may not write", method: "POST", path: "/v1/users", headers: reads, body: "{}", status: 401, kind: "general_unauthorized_scope"},
		{name: "may nothing", method: "GET", path: "/v1/users", headers: none, status: 401, kind: "general_unauthorized_scope"},
		{name: "elsewhere", method: "GET", path: "/v1/users", headers: reads.with(headers{"X-Appwrite-Project": "other"}), status: 401, kind: "user_unauthorized"},
		{name: "forged", method: "GET", path: "/v1/users", headers: headers{"X-Appwrite-Key": "ephemeral_" + forged}, status: 401, kind: "user_unauthorized"},
		{name: "nothing", method: "GET", path: "/v1/users", headers: headers{"X-Appwrite-Key": "ephemeral_"}, status: 401, kind: "user_unauthorized"},
		{name: "is no user's token", method: "GET", path: "/v1/account", headers: token(text), status: 401, kind: "user_jwt_invalid"},
	})
	store, _ := f.signIn("ann")
	f.run([]scenario{{name: "no user's token is one", method: "GET", path: "/v1/users", headers: headers{"X-Appwrite-Key": "ephemeral_" + f.jwt(store)}, status: 401, kind: "user_unauthorized"}})
	f.advance(74 * time.Second)
	f.must(200, "GET", "/v1/users", reads, "")
	f.advance(time.Second)
	f.run([]scenario{{name: "later", method: "GET", path: "/v1/users", headers: reads, status: 401, kind: "project_key_expired"}})
}
