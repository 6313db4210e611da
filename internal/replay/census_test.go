package replay

import (
	"net/http"
	"testing"
	"time"
)

// about is an exchange of the project p.
func about(method, path string, status int, body string) (e exchange) {
	e.Scenario, e.At = "s", time.Unix(1795449600, 0)
	e.Request.Method, e.Request.Path, e.Request.Headers = method, path, [][2]string{{"X-Appwrite-Project", "p"}}
	e.Response.Status, e.Response.Body = status, body
	return e
}

func TestCensusFindsWhoIsMissing(t *testing.T) {
	signUp := about("POST", "/v1/account", http.StatusCreated, "{}")
	total := func(query, n string) exchange {
		return about("GET", "/v1/users"+query, http.StatusOK, `{"total":`+n+`,"users":[]}`)
	}
	for name, tt := range map[string]struct {
		list    []exchange
		missing int
	}{
		"all are known":    {[]exchange{signUp, signUp, total("", "2")}, 0},
		"one is not":       {[]exchange{signUp, total("", "2"), signUp, total("", "3")}, 1},
		"refused":          {[]exchange{about("POST", "/v1/account", http.StatusConflict, "{}"), total("", "1")}, 1},
		"deleted":          {[]exchange{signUp, about("DELETE", "/v1/users/u1", http.StatusNoContent, ""), total("", "1")}, 1},
		"a session ends":   {[]exchange{signUp, about("DELETE", "/v1/users/u1/sessions", http.StatusNoContent, ""), total("", "1")}, 0},
		"limited":          {[]exchange{total(`?queries[0]={"method":"limit","values":[1]}`, "2")}, 2},
		"ordered":          {[]exchange{total(`?queries[0]={"method":"orderDesc","attribute":"$createdAt"}`, "2")}, 2},
		"filtered":         {[]exchange{total(`?queries[0]={"method":"equal","attribute":"email","values":["x"]}`, "2")}, 0},
		"searched":         {[]exchange{total("?search=x", "2")}, 0},
		"no total":         {[]exchange{total("?total=0", "0")}, 0},
		"what is not made": {[]exchange{about("POST", "/v1/functions/f/executions", http.StatusCreated, "{}"), total("", "1")}, 1},
	} {
		if got := (census{}).missing(tt.list); len(got) != tt.missing {
			t.Errorf("%s: %d are missing, want %d", name, len(got), tt.missing)
		}
	}
}

// A deleted user's target does not keep its successor from one; who had none
// before gets none.
func TestSuccessorsGetTargets(t *testing.T) {
	l := newLearner()
	user := func(id, born, email, targets string) *node {
		n, err := parseNode([]byte(`{"$id":"` + id + `","$createdAt":"` + born + `","email":"` + email + `","targets":[` + targets + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		l.giveTargets(n)
		return n.member("targets")
	}
	const target = `{"$id":"t1","$createdAt":"1","$updatedAt":"1","userId":"a","identifier":"a@example.com"}`
	user("a", "1", "a@example.com", target)
	if got := user("a", "1", "a@example.com", ""); len(got.members) != 0 {
		t.Error("the same user gets a target that is gone")
	}
	if got := user("b", "2", "b@example.com", ""); len(got.members) != 0 {
		t.Error("a user gets a target though nobody had the address")
	}
	got := user("c", "3", "a@example.com", "")
	if len(got.members) != 1 {
		t.Fatalf("the successor has %d targets", len(got.members))
	}
	for name, want := range map[string]string{"userId": "c", "$createdAt": "3", "$updatedAt": "3", "identifier": "a@example.com"} {
		if text := got.members[0].member(name).text; text != want {
			t.Errorf("%s is %s, want %s", name, text, want)
		}
	}
	again := user("c", "3", "a@example.com", "")
	if a, b := got.members[0].member("$id").text, again.members[0].member("$id").text; a != b || !idForm.MatchString(a) {
		t.Errorf("the target's id is %s, then %s", a, b)
	}
}
