package server

import (
	"sync"
	"testing"
)

const passwordPath = "/v1/account/password"

// change is the body of a change of password.
func change(to, from string) string {
	return `{"password": "` + to + `", "oldPassword": "` + from + `"}`
}

func TestPasswordStrength(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.setRules(Rules{PasswordStrength: PasswordStrength{Min: 10, Uppercase: true, Lowercase: true, Number: true, Symbol: true}})
	body := func(password string) string {
		return `{"userId": "unique()", "email": "ann@example.com", "password": "` + password + `"}`
	}
	weak := func(password string) scenario {
		return scenario{name: password, method: "POST", path: "/v1/account", body: body(password), status: 400, kind: "general_argument_invalid",
			message: "Invalid `password` param: Password must be between 10 and 256 characters long, include an uppercase letter, include a lowercase letter, include a number, include a symbol."}
	}
	f.run([]scenario{
		weak("abcdefgh"), weak("Abcdefgh12"), weak("Abcdef12!"), weak("ABCDEFGH12!"), weak("abcdefgh12!"), weak("Abcdefghij!"),
		{name: "strong", method: "POST", path: "/v1/account", body: body("Abcdefgh12!"), status: 201},
	})
}

func TestCommonPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.setRules(Rules{PasswordDictionary: true})
	body := func(password string) string { return `{"userId": "unique()", "password": "` + password + `"}` }
	f.run([]scenario{
		{name: "common", method: "POST", path: "/v1/users", headers: byTestKey, body: body("football"), status: 400, kind: "general_argument_invalid",
			message: "Invalid `password` param: " + describeCommon},
		{name: "in capitals", method: "POST", path: "/v1/users", headers: byTestKey, body: body("FOOTBALL"), status: 201},
		{name: "none", method: "POST", path: "/v1/users", headers: byTestKey, body: `{"userId": "unique()"}`, status: 201},
	})
}

func TestPersonalDataIsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.setRules(Rules{PasswordPersonalData: true})
	refused := func(name, password string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/users", headers: byTestKey, status: 400, kind: "password_personal_data",
			body: `{"userId": "ann-1", "email": "lovelace@example.com", "phone": "+14155550123", "name": "Ada Byron", "password": "` + password + `"}`}
	}
	f.run([]scenario{
		refused("id", "xxANN-1xx"), refused("address", "lovelace@example.com1"), refused("its first part", "12LoveLace34"),
		refused("number", "x14155550123"), refused("name", "my ada byron"),
	})
}

func TestPasswordHistory(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.signUp("ann")
	f.setRules(Rules{PasswordHistory: 2, KeepSessions: true})
	store, _ := f.signIn("ann")
	try := func(name, to, from string, status int) scenario {
		sc := scenario{name: name, method: "PATCH", path: passwordPath, headers: session(store), body: change(to, from), status: status}
		if status == 400 {
			sc.kind = "password_recently_used"
		}
		return sc
	}
	f.run([]scenario{
		try("the present one", "password123", "password123", 400),
		try("a new one", "second password", "password123", 200),
		try("the one before", "password123", "second password", 400),
		try("another", "third password", "second password", 200),
		try("the one before that", "password123", "third password", 200),
		{name: "by a key", method: "PATCH", path: "/v1/users/ann/password", headers: byTestKey, body: `{"password": "third password"}`, status: 400, kind: "password_recently_used"},
	})
}

// Of changes by keys that overlap, each looks at the one before it.
func TestPasswordHistoryOfChangesAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.signUp("ann")
	f.setRules(Rules{PasswordHistory: 3})
	const n = 8
	var wg sync.WaitGroup
	statuses := make([]int, n)
	for i := range n {
		wg.Go(func() {
			statuses[i] = f.do("PATCH", "/v1/users/ann/password", byTestKey, `{"password": "the same for all"}`).Code
		})
	}
	wg.Wait()
	done := 0
	for _, status := range statuses {
		if status == 200 {
			done++
		}
	}
	if done != 1 {
		t.Errorf("%d changes to one password were made, want 1: %v", done, statuses)
	}
}
