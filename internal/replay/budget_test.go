package replay

import (
	"fmt"
	"testing"
)

// limited is an exchange with a limit of 10.
func limited(method, path, body string, status, remaining int, headers ...[2]string) exchange {
	var e exchange
	e.Request.Method, e.Request.Path, e.Request.Body, e.Request.Headers = method, path, &body, headers
	e.Response.Status = status
	e.Response.Headers = [][2]string{{"X-Ratelimit-Limit", "10"}, {"X-Ratelimit-Remaining", fmt.Sprint(remaining)}, {"X-Ratelimit-Reset", "1795449600"}}
	return e
}

// The recorder's clearing of limits shows in budgets that grow where no
// request makes them.
func TestCleared(t *testing.T) {
	signUp := func(remaining int, headers ...[2]string) exchange {
		return limited("POST", "/v1/account", "{}", 201, remaining, headers...)
	}
	signIn := func(email string, status, remaining int) exchange {
		return limited("POST", "/v1/account/sessions/email", `{"email":"`+email+`"}`, status, remaining)
	}
	key := [2]string{"X-Appwrite-Key", "k"}
	for name, tt := range map[string]struct {
		exchanges []exchange
		cleared   bool // before the last
	}{
		"first":                        {[]exchange{signUp(9)}, false},
		"counted":                      {[]exchange{signUp(9), signUp(8)}, false},
		"not counted":                  {[]exchange{signUp(9), signUp(9)}, true},
		"grown":                        {[]exchange{signUp(3), signUp(9)}, true},
		"by key":                       {[]exchange{signUp(9, key), signUp(9)}, false},
		"another address":              {[]exchange{signIn("a", 401, 9), signIn("b", 401, 9)}, false},
		"the same address":             {[]exchange{signIn("a", 401, 9), signIn("a", 401, 9)}, true},
		"a success empties":            {[]exchange{signIn("a", 401, 9), signIn("a", 201, 8), signIn("a", 401, 9)}, false},
		"PATCH and DELETE share":       {[]exchange{limited("PATCH", "/v1/account/sessions/x", "", 404, 9), limited("DELETE", "/v1/account/sessions/x", "", 404, 9)}, true},
		"nothing is left, and a key":   {[]exchange{signUp(0), signUp(0, key)}, false},
		"refused, which says no count": {[]exchange{signUp(0), limited("POST", "/v1/account", "{}", 429, 0)}, false},
		"no limit":                     {[]exchange{limited("GET", "/v1/users", "", 200, 9), limited("GET", "/v1/users", "", 200, 9)}, false},
	} {
		c, got := counters{}, false
		for _, e := range tt.exchanges {
			got = c.cleared(e)
		}
		if got != tt.cleared {
			t.Errorf("%s: cleared = %v", name, got)
		}
	}
}

// A scenario goes on where the one before ended only if its first answer counts
// exactly what that has used, in the same window.
func TestGoOn(t *testing.T) {
	anonymous := func(remaining int) exchange {
		return limited("POST", "/v1/account/sessions/anonymous", "{}", 201, remaining)
	}
	before := counters{}
	before.cleared(anonymous(9))
	before.cleared(anonymous(8))
	for name, tt := range map[string]struct {
		list []exchange
		want bool
	}{
		"goes on":         {[]exchange{anonymous(7)}, true},
		"begins anew":     {[]exchange{anonymous(9)}, false},
		"something else":  {[]exchange{anonymous(6)}, false},
		"later, but anew": {[]exchange{anonymous(9), anonymous(8), anonymous(7)}, false},
		"another limit":   {[]exchange{limited("POST", "/v1/account", "{}", 201, 7)}, false},
		"nothing":         {nil, false},
	} {
		if got := before.goOn(tt.list); got != tt.want {
			t.Errorf("%s: goOn = %v", name, got)
		}
	}
}
