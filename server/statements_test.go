package server

import "testing"

// TestReadsTakeOneStatement holds what the requests that a page makes most
// cost: one query each, that a careless change would double.
func TestReadsTakeOneStatement(t *testing.T) {
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	token := f.jwt(store)
	for name, h := range map[string]headers{
		"JWT":     {"X-Appwrite-JWT": token},
		"session": {"X-Appwrite-Session": store},
	} {
		f.must(200, "GET", "/v1/account", h, "") // the first one may note when the user was last here
		if n := f.statements("GET", "/v1/account", h); n != 1 {
			t.Errorf("GET /account by %s takes %d statements, want 1", name, n)
		}
	}
}

// Requests by JWT cost one query, whatever signs, also after a rotation was
// noticed.
func TestReadsByPublicKeysTakeOneStatement(t *testing.T) {
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	for _, algorithm := range []string{"EdDSA", "ES256", "HS256"} {
		f.rotate(Rotation{Algorithm: algorithm, AtOnce: true})
		bound, err := f.Keys().CreateJWT(t.Context(), "demo", NewJWT{UserID: "ann", Session: SessionNone})
		if err != nil {
			t.Fatal(err)
		}
		for name, jwt := range map[string]string{"bound": bound, "free": f.jwt(store)} {
			f.must(200, "GET", "/v1/account", token(jwt), "")
			if n := f.statements("GET", "/v1/account", token(jwt)); n != 1 {
				t.Errorf("%s, %s: GET /account takes %d statements, want 1", algorithm, name, n)
			}
		}
	}
}

// statements is how many statements a request takes: the fewest of a few, since
// the dispatcher of executions asks the database, too.
func (f *fixture) statements(method, path string, h headers) int64 {
	f.t.Helper()
	fewest := int64(1 << 20)
	for range 5 {
		before := f.db.Statements()
		f.must(200, method, path, h, "")
		fewest = min(fewest, f.db.Statements()-before)
	}
	return fewest
}
