package server

import (
	"strings"
	"testing"
	"time"
)

// Who may execute a function, with Appwrite's words for those who may not.
func TestExecuteRoles(t *testing.T) {
	t.Parallel()
	roles := map[string][]string{"any": {"any"}, "users": {"users"}, "guests": {"guests"}, "none": nil, "ann": {"user:ann"}, "vip": {"label:vip"},
		"verified": {"users/verified"}, "either": {"guests", "user:bob"}}
	f := newFixture(t, withKey, func(o *Options) {
		for id, execute := range roles {
			o.Functions = append(o.Functions, Function{ID: id, Handler: &seen{}, Execute: execute})
		}
	})
	f.signUp("ann")
	f.signUp("bob")
	f.must(200, "PUT", "/v1/users/bob/labels", byTestKey, `{"labels":["vip"]}`)
	f.must(200, "PATCH", "/v1/users/bob/verification", byTestKey, `{"emailVerification":true}`)
	ann, _ := f.signIn("ann")
	bob, _ := f.signIn("bob")
	callers := map[string]headers{"guest": nil, "ann": session(ann), "ann by JWT": token(f.jwt(ann)), "bob": session(bob), "key": byTestKey}
	may := map[string]string{"any": "guest, ann, ann by JWT, bob, key", "users": "ann, ann by JWT, bob, key", "guests": "guest, key", "none": "key",
		"ann": "ann, ann by JWT, key", "vip": "bob, key", "verified": "bob, key", "either": "guest, bob, key"}
	for function, list := range may {
		for caller, h := range callers {
			want := 401
			for name := range strings.SplitSeq(list, ", ") {
				if name == caller {
					want = 201
				}
			}
			if a := f.do("POST", "/v1/functions/"+function+"/executions", h, "{}"); a.Code != want || want == 401 && a.text("type") != "user_unauthorized" {
				t.Errorf("%s on %s: %d %s", caller, function, a.Code, a.Body)
			}
		}
	}
	f.run([]scenario{
		{name: "guest", method: "POST", path: "/v1/functions/users/executions", status: 401, kind: "user_unauthorized",
			message: `Missing "execute" permission for role "users". Only "["any","guests"]" scopes are allowed and "["users"]" was given.`},
		{name: "user", method: "POST", path: "/v1/functions/guests/executions", headers: session(ann), status: 401, kind: "user_unauthorized",
			message: `Missing "execute" permission for role "guests". Only "["any","users","user:ann","user:ann\/unverified","users\/unverified"]" scopes are allowed and "["guests"]" was given.`},
		{name: "none", method: "POST", path: "/v1/functions/none/executions", headers: session(ann), status: 401, kind: "user_unauthorized", message: "No permissions provided for action 'execute'"},
	})
}

func TestFunctionsThatAreNotThere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withFunctions(Function{ID: "off", Handler: &seen{}, Execute: anyone, Disabled: true}, Function{ID: "empty", Execute: anyone},
		Function{ID: "closed"}), func(o *Options) {
		o.Projects = []Project{{ID: DefaultProject}, {ID: "other", Functions: []Function{{ID: "theirs", Handler: &seen{}, Execute: anyone}}}}
	})
	post := func(name, id string, h headers, status int, kind string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/functions/" + id + "/executions", headers: h, status: status, kind: kind}
	}
	f.run([]scenario{
		post("unknown", "nope", nil, 404, "function_not_found"),
		post("disabled", "off", nil, 404, "function_not_found"), post("disabled by key", "off", byTestKey, 201, ""),
		post("not deployed", "empty", nil, 404, "deployment_not_found"), post("not deployed by key", "empty", byTestKey, 404, "deployment_not_found"),
		post("not deployed comes before who may", "closed", nil, 404, "deployment_not_found"),
		post("of another project", "theirs", nil, 404, "function_not_found"),
		post("in another project", "theirs", headers{"X-Appwrite-Project": "other"}, 201, ""),
		post("without a project", "off", headers{"X-Appwrite-Project": ""}, 401, "general_access_forbidden"),
		post("in no project", "off", headers{"X-Appwrite-Project": "nope"}, 404, "project_not_found"),
		{name: "bad parameters come first", method: "POST", path: "/v1/functions/nope/executions", body: `{"method":"FOO"}`, status: 400, kind: "general_argument_invalid"},
		{name: "a guest lists", method: "GET", path: "/v1/functions/nope/executions", status: 401, kind: "general_unauthorized_scope",
			message: `User (role: guests) missing scopes (["executions.read","execution.read"])`},
	})
}

func TestFunctionOptions(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]Options{
		`the function "_a": its ID is not valid`: {Functions: []Function{{ID: "_a"}}},
		`the function "a" is listed twice`:       {Functions: []Function{{ID: "a"}, {ID: "a"}}},
		"Handler and Target exclude each other":  {Functions: []Function{{ID: "a", Handler: &seen{}, Target: "node:a.mjs"}}},
		"its Timeout is 15m1s":                   {Functions: []Function{{ID: "a", Timeout: 901 * time.Second}}},
		"its Timeout is 1ms":                     {Functions: []Function{{ID: "a", Timeout: time.Millisecond}}},
		`there is no role "team:a/"`:             {Functions: []Function{{ID: "a", Execute: []string{"team:a/"}}}},
		`there is no scope "account"`:            {Functions: []Function{{ID: "a", Scopes: []string{"account"}}}},
		"its Name has more than 128":             {Functions: []Function{{ID: "a", Name: strings.Repeat("x", 129)}}},
		`its Deployment "a b" is not valid`:      {Functions: []Function{{ID: "a", Deployment: "a b"}}},
		`project "x": the function "a"`:          {Projects: []Project{{ID: "x", Functions: []Function{{ID: "a", Timeout: 1}}}}},
		"FunctionWait is 1ms":                    {FunctionWait: time.Millisecond},
		"FunctionSlots is 1001":                  {FunctionSlots: 1001},
		`the Endpoint "localhost" is not a URL`:  {Endpoint: "localhost"},
	} {
		o.Memory = true
		if s, err := New(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %q", err, want)
			if s != nil {
				_ = s.Close()
			}
		}
	}
}
