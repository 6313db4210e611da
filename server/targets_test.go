package server

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
)

const pushPath = "/v1/account/targets/push"

func TestPushTargets(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.signUp("ann")
	f.signUp("bob")
	store, _ := f.signIn("ann")
	bobs, _ := f.signIn("bob")
	h := session(store)
	f.run([]scenario{
		{name: "create", method: "POST", path: pushPath, headers: h, body: `{"targetId":"phone","identifier":"token-1","providerId":"fcm"}`, status: 201},
		{name: "taken id", method: "POST", path: pushPath, headers: h, body: `{"targetId":"phone","identifier":"token-2"}`, status: 409, kind: "user_target_already_exists"},
		{name: "taken identifier", method: "POST", path: pushPath, headers: session(bobs), body: `{"targetId":"unique()","identifier":"token-1"}`, status: 409, kind: "user_target_already_exists"},
		{name: "another", method: "POST", path: pushPath, headers: h, body: `{"targetId":"tablet","identifier":"token-2"}`, status: 201},
		{name: "no identifier", method: "POST", path: pushPath, headers: h, body: `{"targetId":"x"}`, status: 400, kind: "general_argument_invalid", message: `Param "identifier" is not optional.`},
		{name: "guest", method: "POST", path: pushPath, body: `{"targetId":"x","identifier":"y"}`, status: 401, kind: "general_unauthorized_scope"},
		{name: "key", method: "POST", path: pushPath, headers: byTestKey, body: `{"targetId":"x","identifier":"y"}`, status: 401, kind: "user_unauthorized"},
		{name: "update", method: "PUT", path: "/v1/account/targets/phone/push", headers: h, body: `{"identifier":"token-3"}`, status: 200},
		{name: "update to a taken one", method: "PUT", path: "/v1/account/targets/phone/push", headers: h, body: `{"identifier":"token-2"}`, status: 409, kind: "user_target_already_exists"},
		{name: "update another's", method: "PUT", path: "/v1/account/targets/phone/push", headers: session(bobs), body: `{"identifier":"token-4"}`, status: 404, kind: "user_target_not_found"},
		{name: "delete another's", method: "DELETE", path: "/v1/account/targets/phone/push", headers: session(bobs), status: 404, kind: "user_target_not_found"},
	})
	if got := f.targets(h); fmt.Sprint(got) != "[email ann@example.com push token-3 push token-2]" {
		t.Errorf("the targets are %v", got)
	}
	f.run([]scenario{
		{name: "delete", method: "DELETE", path: "/v1/account/targets/phone/push", headers: h, status: 204},
		{name: "again", method: "DELETE", path: "/v1/account/targets/phone/push", headers: h, status: 404, kind: "user_target_not_found"},
	})
	if got := f.targets(h); fmt.Sprint(got) != "[email ann@example.com push token-2]" {
		t.Errorf("the targets are %v", got)
	}
	f.must(204, "DELETE", "/v1/account", h, "")
	f.must(201, "POST", pushPath, session(bobs), `{"targetId":"tablet","identifier":"token-2"}`)
}

// targets are the kinds and identifiers of a caller's targets.
func (f *fixture) targets(h headers) (all []string) {
	for _, target := range f.must(200, "GET", "/v1/account", h, "").object["targets"].([]any) {
		members := target.(map[string]any)
		all = append(all, members["providerType"].(string)+" "+members["identifier"].(string))
	}
	return all
}

func TestTargetsAreBounded(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	var wg sync.WaitGroup
	var mu sync.Mutex
	made := 0
	for i := range 110 {
		wg.Go(func() {
			got := f.do("POST", pushPath, session(store), fmt.Sprintf(`{"targetId":"unique()","identifier":"token-%d"}`, i))
			mu.Lock()
			defer mu.Unlock()
			switch got.Code {
			case http.StatusCreated:
				made++
			case http.StatusBadRequest:
			default:
				t.Errorf("a target answered %d %s", got.Code, got.Body)
			}
		})
	}
	wg.Wait()
	if made != 100 || len(f.targets(session(store))) != 101 {
		t.Errorf("%d targets were made, %d are there, want 100 and the e-mail address's", made, len(f.targets(session(store))))
	}
}

func TestUserTargets(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.signUp("ann")
	const path = "/v1/users/ann/targets"
	f.must(200, "PATCH", "/v1/users/ann/phone", byTestKey, `{"number":"+14155550123"}`)
	f.run([]scenario{
		{name: "push", method: "POST", path: path, headers: byTestKey, body: `{"targetId":"p","providerType":"push","identifier":"tok","providerId":"fcm1","name":"Phone"}`, status: 201},
		{name: "e-mail", method: "POST", path: path, headers: byTestKey, body: `{"targetId":"e","providerType":"email","identifier":"Second@example.com"}`, status: 201},
		{name: "bad e-mail", method: "POST", path: path, headers: byTestKey, body: `{"targetId":"unique()","providerType":"email","identifier":"nope"}`, status: 400, kind: "general_invalid_email"},
		{name: "own e-mail", method: "POST", path: path, headers: byTestKey, body: `{"targetId":"unique()","providerType":"email","identifier":"ann@example.com"}`, status: 409, kind: "user_target_already_exists"},
		{name: "bad phone", method: "POST", path: path, headers: byTestKey, body: `{"targetId":"unique()","providerType":"sms","identifier":"123"}`, status: 400, kind: "general_invalid_phone"},
		{name: "bad kind", method: "POST", path: path, headers: byTestKey, body: `{"targetId":"unique()","providerType":"pigeon","identifier":"1"}`, status: 400, kind: "general_argument_invalid", message: "Invalid `providerType` param: Value must be one of (email, sms, push)"},
		{name: "unknown user", method: "POST", path: "/v1/users/nobody/targets", headers: byTestKey, body: `{"targetId":"unique()","providerType":"push","identifier":"x"}`, status: 404, kind: "user_not_found"},
		{name: "get", method: "GET", path: path + "/p", headers: byTestKey, status: 200},
		{name: "get unknown", method: "GET", path: path + "/nosuch", headers: byTestKey, status: 404, kind: "user_target_not_found"},
		{name: "update", method: "PATCH", path: path + "/p", headers: byTestKey, body: `{"identifier":"tok9","name":"New"}`, status: 200},
		{name: "update provider", method: "PATCH", path: path + "/p", headers: byTestKey, body: `{"providerId":"nosuch"}`, status: 404, kind: "provider_not_found"},
		{name: "update nothing", method: "PATCH", path: path + "/p", headers: byTestKey, body: `{}`, status: 200},
		{name: "delete of an unknown user", method: "DELETE", path: "/v1/users/nobody/targets/x", headers: byTestKey, status: 404, kind: "user_not_found"},
	})
	list := func(query string) string {
		got := f.must(200, "GET", path+query, byTestKey, "")
		all := fmt.Sprint(got.object["total"])
		for _, target := range got.object["targets"].([]any) {
			all += " " + target.(map[string]any)["identifier"].(string)
		}
		return all
	}
	for query, want := range map[string]string{
		"": "4 ann@example.com +14155550123 tok9 second@example.com",
		`?queries[0]={"method":"equal","attribute":"providerType","values":["push"]}`: "1 tok9",
		`?queries[0]={"method":"limit","values":[1]}`:                                 "4 ann@example.com",
		`?queries[0]={"method":"orderDesc","attribute":"identifier"}&total=0`:         "0 tok9 second@example.com ann@example.com +14155550123",
		`?queries[0]={"method":"cursorAfter","values":["p"]}`:                         "4 second@example.com",
	} {
		if got := list(query); got != want {
			t.Errorf("list%s = %s, want %s", query, got, want)
		}
	}
	f.must(204, "DELETE", path+"/p", byTestKey, "")
	f.must(404, "DELETE", path+"/p", byTestKey, "")
}

// A device is forgotten with the session that added it, however that ends.
func TestDevicesEndWithTheirSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.signUp("ann")
	keep, _ := f.signIn("ann")
	f.must(201, "POST", pushPath, session(keep), `{"targetId":"keep","identifier":"token-0"}`)
	f.must(201, "POST", "/v1/users/ann/targets", byTestKey, `{"targetId":"server","providerType":"push","identifier":"token-1"}`)
	for name, end := range map[string]func(store, id string){
		"by itself":  func(store, _ string) { f.must(204, "DELETE", "/v1/account/sessions/current", session(store), "") },
		"by another": func(_, id string) { f.must(204, "DELETE", "/v1/account/sessions/"+id, session(keep), "") },
		"by a key":   func(_, id string) { f.must(204, "DELETE", "/v1/users/ann/sessions/"+id, byTestKey, "") },
		"by a password": func(string, string) {
			f.must(200, "PATCH", "/v1/account/password", session(keep), `{"password":"password123","oldPassword":"password123"}`)
		},
	} {
		store, id := f.signIn("ann")
		h := session(store)
		if name == "by a key" { // whose JWT adds it
			h = headers{"X-Appwrite-JWT": f.must(201, "POST", "/v1/account/jwts", h, "{}").text("jwt")}
		}
		f.must(201, "POST", pushPath, h, `{"targetId":"unique()","identifier":"token-2"}`)
		end(store, id)
		if got := fmt.Sprint(f.targets(session(keep))); got != "[email ann@example.com push token-0 push token-1]" {
			t.Errorf("after the session's end %s the targets are %s", name, got)
		}
	}
	f.must(204, "DELETE", "/v1/users/ann/sessions", byTestKey, "")
	store, _ := f.signIn("ann")
	if got := fmt.Sprint(f.targets(session(store))); got != "[email ann@example.com push token-1]" {
		t.Errorf("after all sessions' end the targets are %s", got)
	}
}
