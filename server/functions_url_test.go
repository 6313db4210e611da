package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// ofTheOrigin are headers that say something of a whole origin, or to the proxy
// in front of it.
var ofTheOrigin = []string{"Clear-Site-Data", "Service-Worker-Allowed", "Strict-Transport-Security", "Access-Control-Allow-Origin",
	"Access-Control-Allow-Credentials", "X-Fallback-Cookies", "X-Content-Type-Options", "Server", "Connection", "Alt-Svc",
	"NEL", "Report-To", "Reporting-Endpoints", "Accept-CH", "Accept-CH-Lifetime", "Critical-CH", "Origin-Agent-Cluster", "Use-As-Dictionary",
	"Available-Dictionary", "Speculation-Rules", "SourceMap", "X-SourceMap", "Public-Key-Pins", "Public-Key-Pins-Report-Only", "Expect-CT", "Set-Login",
	"Activate-Storage-Access", "Origin-Trial", "Critical-Origin-Trial", "Attribution-Reporting-Register-Source", "Observe-Browsing-Topics",
	"Sec-Session-Registration", "Secure-Session-Registration", "Set-Cookie2", "X-Accel-Redirect", "X-Sendfile", "X-Appwrite-User-Id"}

// page is a function that answers with all that a page could attack with.
var page = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html")
	for _, cookie := range []string{"theme=dark", "a_session_demo=evil; path=/", "A_Session_demo_legacy=evil", "=a_session_demo=evil", " a_session_other=evil"} {
		h.Add("Set-Cookie", cookie)
	}
	for _, name := range ofTheOrigin {
		h.Set(name, "evil")
	}
	h.Set("Content-Security-Policy", "default-src 'self'")
	h.Set("Vary", "Accept")
	if _, err := w.Write([]byte("<h1>hi</h1>")); err != nil {
		panic(err)
	}
})

// urls is a server with functions, and ann's cookie.
func urls(t *testing.T) (*fixture, *seen, headers) {
	f, fn := echo(t, withFunctions(Function{ID: "page", Handler: page, Execute: anyone}, Function{ID: "trusted", Handler: page, Execute: anyone, SameOrigin: true},
		Function{ID: "users", Handler: &seen{}, Execute: []string{"users"}}), func(o *Options) { o.AllowOrigins = []string{"https://app.example.com"} })
	f.signUp("ann")
	store, _ := f.signIn("ann")
	return f, fn, headers{"Cookie": "theme=dark; " + cookieName(DefaultProject) + "=" + store + "; " + cookieName(DefaultProject) + "_legacy=" + store, "X-Appwrite-Project": ""}
}

// A function answers plain HTTP and sees who calls.
func TestFunctionsAnswerAtAPath(t *testing.T) {
	t.Parallel()
	f, fn, cookie := urls(t)
	a := f.must(200, "POST", "/_functions/demo/echo/a%20b/c?x=1&project=other", cookie.with(headers{"Content-Type": "text/x", "X-Appwrite-User-Id": "evil",
		"X-Forwarded-For": "evil", "X-Fallback-Cookies": "{}", "Authorization": "Basic own", "Connection": "x-hop", "X-Hop": "1"}), "hello")
	if a.Body.String() != "POST /a%20b/c?x=1&project=other" || a.Header().Get("Content-Type") != "text/plain" || a.Header().Get("X-Custom") != "1" {
		t.Errorf("it answers %q with %v", a.Body, a.Header())
	}
	if fn.body != "hello" || fn.get("X-Appwrite-User-Id") != "ann" || fn.get("Cookie") != "theme=dark" || fn.get("Authorization") != "Basic own" || fn.get("Content-Type") != "text/x" {
		t.Errorf("it was asked %q with %v", fn.body, fn.header)
	}
	if leak := holds(strings.Join([]string{fn.get("X-Forwarded-For"), fn.get("X-Fallback-Cookies"), fn.get("X-Hop"), fn.get("Connection")}, ""), "evil", "{}", "1", "x-hop"); leak != "" {
		t.Errorf("it got %v", fn.header)
	}
	if claims := claimsOf(t, fn.get("X-Appwrite-User-Jwt")); claims.UserID != "ann" {
		t.Errorf("the claims are %+v", claims)
	}
	e := f.must(200, "GET", "/v1/functions/echo/executions/"+a.Header().Get("X-Appwrite-Execution-Id"), byTestKey, "")
	if e.text("requestPath") != "/a%20b/c?x=1&project=other" || e.text("status") != "completed" || !strings.Contains(e.Body.String(), `read(\"user:ann\")`) {
		t.Errorf("kept is %s", e.Body)
	}
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	f.must(200, "GET", "/_functions/demo/echo", token(jwt).with(headers{"X-Appwrite-Project": ""}), "")
	if fn.get("X-Appwrite-User-Jwt") != jwt || fn.path != "/" {
		t.Errorf("by JWT it was asked %s with %v", fn.path, fn.header)
	}
	f.must(200, "GET", "/_functions/demo/echo/", headers{"X-Appwrite-Project": ""}, "")
	if fn.get("X-Appwrite-User-Jwt") != "" {
		t.Errorf("a guest's token is %q", fn.get("X-Appwrite-User-Jwt"))
	}
	for _, path := range []string{"/fail", "/teapot"} {
		if a := f.do("HEAD", "/_functions/demo/echo"+path, nil, ""); a.Code != map[string]int{"/fail": 500, "/teapot": 418}[path] || a.Body.Len() != 0 || a.Header().Get("Content-Length") != "10" && a.Header().Get("Content-Length") != "12" {
			t.Errorf("HEAD %s: %d %v", path, a.Code, a.Header())
		}
	}
	f.run([]scenario{
		{name: "users only", method: "GET", path: "/_functions/demo/users/", status: 401, kind: "user_unauthorized"},
		{name: "users", method: "GET", path: "/_functions/demo/users/", headers: cookie, status: 200},
		{name: "unknown", method: "GET", path: "/_functions/demo/nope/", status: 404, kind: "function_not_found"},
		{name: "unknown project", method: "GET", path: "/_functions/nope/echo/", status: 404, kind: "project_not_found"},
		{name: "no project", method: "GET", path: "/_functions/", status: 401, kind: "general_access_forbidden"},
		{name: "no function", method: "GET", path: "/_functions/demo/", status: 400, kind: "general_argument_invalid"},
		{name: "method", method: "TRACE", path: "/_functions/demo/echo/", status: 404, kind: "general_route_not_found"},
		{name: "long", method: "GET", path: "/_functions/demo/echo/" + strings.Repeat("x", 2048), status: 400, kind: "general_argument_invalid"},
		{name: "large", method: "POST", path: "/_functions/demo/echo/", body: strings.Repeat("x", maxFunctionBody+1), status: 400, kind: "general_bad_request"},
		{name: "largest", method: "POST", path: "/_functions/demo/echo/", body: strings.Repeat("x", maxFunctionBody), status: 200},
		{name: "bad JWT", method: "GET", path: "/_functions/demo/echo/", headers: token("a.b.c"), status: 401, kind: "user_jwt_invalid"},
		{name: "two identities", method: "GET", path: "/_functions/demo/echo/", headers: cookie.with(token(jwt)), status: 403, kind: "user_jwt_and_cookie_set"},
	})
	f.useRunner("echo", crashes())
	f.run([]scenario{{name: "no answer", method: "GET", path: "/_functions/demo/echo/", status: 500, kind: "isojot_function_failed"}})
	f.must(200, "PATCH", "/v1/users/ann/status", byTestKey, `{"status":false}`)
	f.run([]scenario{{name: "blocked", method: "GET", path: "/_functions/demo/echo/", headers: cookie, status: 403, kind: "user_blocked"}})
}

// Pages of other sites cannot act as the user: they are refused, or the
// user's cookies are not looked at.
func TestOtherSitesCannotUseCookies(t *testing.T) {
	t.Parallel()
	f, fn, cookie := urls(t)
	from := func(site, mode, dest, origin string) headers {
		return cookie.with(headers{"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest, "Origin": origin})
	}
	for name, c := range map[string]struct {
		method string
		h      headers
		user   string // or the refusal's type
	}{
		"typed in":                         {"GET", from("none", "navigate", "document", ""), "ann"},
		"a link of another site":           {"GET", from("cross-site", "navigate", "document", ""), "ann"},
		"a frame of another site":          {"GET", from("cross-site", "navigate", "iframe", ""), ""},
		"an image of another site":         {"GET", from("cross-site", "no-cors", "image", ""), ""},
		"a script of a sibling":            {"GET", from("same-site", "no-cors", "script", ""), ""},
		"a fetch of another site":          {"GET", from("cross-site", "cors", "empty", "https://evil.example"), "general_unknown_origin"},
		"a form of another site":           {"POST", from("cross-site", "navigate", "document", "https://evil.example"), "general_unknown_origin"},
		"a form without its origin":        {"POST", from("cross-site", "navigate", "document", ""), ""},
		"a form of a sandbox":              {"POST", from("cross-site", "navigate", "document", "null"), "general_unknown_origin"},
		"an old browser, another site":     {"POST", from("", "", "", "https://evil.example"), "general_unknown_origin"},
		"the app's fetch":                  {"POST", from("cross-site", "cors", "empty", "https://app.example.com"), "ann"},
		"our page's fetch":                 {"POST", from("same-origin", "cors", "empty", "http://localhost:7519"), "ann"},
		"our page's form":                  {"POST", from("same-origin", "navigate", "document", "http://localhost:7519"), "ann"},
		"our page's form, by another name": {"POST", from("same-origin", "navigate", "document", "https://app.example.com").with(headers{"Host": "app.example.com"}), "ann"},
		"no browser":                       {"POST", cookie, "ann"},
	} {
		a := f.do(c.method, "/_functions/demo/echo/", c.h, "")
		if got := a.text("type") + fn.get("X-Appwrite-User-Id"); a.Code == 200 && got != c.user || a.Code != 200 && a.text("type") != c.user {
			t.Errorf("%s: %d, as %q, want %q", name, a.Code, got, c.user)
		}
	}
	read := f.do("GET", "/_functions/demo/echo/", headers{"Origin": "https://app.example.com"}, "")
	if got := read.Header().Get("Access-Control-Allow-Origin"); got != "https://app.example.com" {
		t.Errorf("the app may read: %q", got)
	}
	preflight := f.do("OPTIONS", "/_functions/demo/echo/", headers{"Origin": "https://app.example.com", "Access-Control-Request-Method": "PUT"}, "")
	if preflight.Code != 204 || fn.method == "OPTIONS" {
		t.Errorf("the preflight is %d, the function was asked %s", preflight.Code, fn.method)
	}
	if a := f.do("OPTIONS", "/_functions/demo/echo/", nil, ""); a.Code != 200 || fn.method != "OPTIONS" {
		t.Errorf("OPTIONS is %d, the function was asked %s", a.Code, fn.method)
	}
}

// A function's page is kept from the origin of the API, unless it is trusted;
// no function sets sessions.
func TestFunctionsPagesAreKeptFromTheOrigin(t *testing.T) {
	t.Parallel()
	f, _, cookie := urls(t)
	for id, policies := range map[string]string{"page": "default-src 'self' | " + sandbox, "trusted": "default-src 'self'"} {
		sc := scenario{status: 200, want: []string{"<h1>hi</h1>"}, header: headers{
			"Content-Security-Policy": policies, "X-Content-Type-Options": "nosniff", "Set-Cookie": "theme=dark; Path=/_functions/demo/" + id, "Cache-Control": "no-store",
			"Clear-Site-Data": "", "Service-Worker-Allowed": "", "Strict-Transport-Security": "", "Access-Control-Allow-Origin": "", "X-Fallback-Cookies": "",
			"Access-Control-Allow-Credentials": "true", "Server": "isojot", "Vary": "Origin | Accept", "Connection": "", "Alt-Svc": "", "Content-Length": "11",
		}}
		got := f.do("GET", "/_functions/demo/"+id+"/", cookie, "")
		sc.check(t, got)
		for _, name := range ofTheOrigin {
			if value := got.Header().Get(name); value == "evil" {
				t.Errorf("%s is answered", name)
			}
		}
	}
	if strings.Contains(sandbox, "allow-same-origin") || strings.Contains(sandbox, "allow-top-navigation") {
		t.Error("the sandbox is none")
	}
}

// Callers cannot leave the path of a function at a URL.
func TestFunctionsAtURLsKeepTheirPath(t *testing.T) {
	t.Parallel()
	service := httptest.NewServer(&seen{})
	defer service.Close()
	f, fn := echo(t, withFunctions(Function{ID: "url", Target: service.URL + "/public/api", Execute: anyone}))
	const there = "/v1/functions/url/executions"
	for _, path := range []string{"/../../admin", "/..%2f..%2fadmin", "/%2e%2e/admin", `/..\\..\\admin`, "/..%5c..%5cadmin", "/%252e%252e/admin", "/..;/admin", "//admin", "../admin"} {
		f.run([]scenario{
			{name: "execution of " + path, method: "POST", path: there, body: `{"path":"` + path + `"}`, status: 400, kind: "general_argument_invalid", message: "Invalid `path` param: " + describeURLPath},
			{name: "later " + path, method: "POST", path: there, body: `{"async":true,"path":"` + path + `"}`, status: 400, kind: "general_argument_invalid"},
		})
		if !strings.HasPrefix(path, "/") || strings.Contains(path, `\`) {
			continue
		}
		f.run([]scenario{{name: "url " + path, method: "GET", path: "/_functions/demo/url" + path, status: 400, kind: "general_argument_invalid"}})
	}
	f.run([]scenario{
		{name: "plain", method: "GET", path: "/_functions/demo/url/a%20b/?x=/../y", status: 200, want: []string{"GET /public/api/a%20b/?x=/../y"}},
		{name: "no path", method: "GET", path: "/_functions/demo/url", status: 200, want: []string{"GET /public/api/"}},
		{name: "without slash", method: "POST", path: there, body: `{"path":"x"}`, status: 201, want: []string{"POST /public/api/x"}},
		{name: "another function", method: "POST", path: "/v1/functions/echo/executions", body: `{"path":"/../x"}`, status: 201},
	})
	if fn.path != "/../x" {
		t.Errorf("the other was asked for %s", fn.path)
	}
}

// No caller tells a function what the server or a proxy tells it: who calls, from
// where, and at what host.
func TestCallersCannotForgeHeaders(t *testing.T) {
	t.Parallel()
	target := &seen{}
	service := httptest.NewServer(target)
	defer service.Close()
	f, handler := echo(t, withFunctions(Function{ID: "url", Target: service.URL, Execute: anyone}))
	names := []string{"X-Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-User", "X-Real-Ip", "Forwarded", "True-Client-Ip", "X-Client-Ip",
		"Cf-Connecting-Ip", "X-Original-Url", "X-Rewrite-Url", "Proxy"}
	own := headers{"X-Custom-1": "mine", "Authorization": "Basic mine"}
	forged, list := own.with(headers{"X_Appwrite_User_Id": "evil", "X_Forwarded_For": "evil", "X-Appwrite_User-Id": "evil", "X.Real.Ip": "evil", "X-Real-Ip-": "evil"}), `"host":"evil","x-custom-1":"mine","authorization":"Basic mine"`
	for _, name := range names {
		forged[name] = "evil"
		list += `,"` + strings.ToLower(name) + `":"evil"`
	}
	for function, fn := range map[string]*seen{"echo": handler, "url": target} {
		for way, ask := range map[string]func(){
			"at its path": func() { f.must(200, "GET", "/_functions/demo/"+function+"/", forged, "") },
			"by the API":  func() { f.execute(201, function, nil, `{"headers":{`+list+`}}`) },
			"later": func() {
				f.settled(function, f.execute(202, function, nil, `{"async":true,"headers":{`+list+`}}`).text("$id"))
			},
		} {
			ask()
			if got, there := fn.header["X-Appwrite-User-Id"]; !there || got[0] != "" || fn.get("X-Custom-1") != "mine" || fn.get("Authorization") != "Basic mine" {
				t.Errorf("%s %s: it got %v", function, way, fn.header)
			}
			for name, values := range fn.header {
				if strings.Contains(values[0], "evil") || strings.ContainsAny(name, "_.") {
					t.Errorf("%s %s: it got %s: %s", function, way, name, values)
				}
			}
		}
	}
}

// The cookies of a function are those of its path.
func TestFunctionsCookiesAreTheirOwn(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"a=b":                                                     "a=b; Path=/_functions/DEMO/cookies",
		"a=b; Path=/":                                             "a=b; Path=/_functions/DEMO/cookies",
		"a=b;path=/x/y; Secure; SameSite=None":                    "a=b; Secure; SameSite=None; Path=/_functions/DEMO/cookies/x/y",
		"a=b; Path=/x; Path=/y":                                   "a=b; Path=/_functions/DEMO/cookies/y",
		"a=b; Path=/x; Path=":                                     "a=b; Path=/_functions/DEMO/cookies",
		"a=b; Path=x":                                             "a=b; Path=/_functions/DEMO/cookies",
		"a=b; Domain=example.com; HttpOnly":                       "a=b; HttpOnly; Path=/_functions/DEMO/cookies",
		"a=b; DOMAIN =.example.com; Max-Age=1":                    "a=b; Max-Age=1; Path=/_functions/DEMO/cookies",
		"a=b; Path=/_functions/DEMO/cookies":                      "a=b; Path=/_functions/DEMO/cookies",
		"a=b; Path=/_functions/DEMO/cookies/x":                    "a=b; Path=/_functions/DEMO/cookies/x",
		"a=b; Path=/_functions/DEMO/cookies2":                     "a=b; Path=/_functions/DEMO/cookies/_functions/DEMO/cookies2",
		"a=b; Path=/_functions/DEMO/cookies/../other":             "a=b; Path=/_functions/DEMO/cookies/../other",
		"__Host-a=b; Path=/; Secure":                              "",
		"__host-a=b; Path=/; Secure":                              "",
		"__Secure-a=b; Secure":                                    "__Secure-a=b; Secure; Path=/_functions/DEMO/cookies",
		"a_session_demo=b":                                        "",
		"; Path=/":                                                "",
		"a=b; Expires=Thu, 01 Jan 2026 00:00:00 GMT; Partitioned": "a=b; Expires=Thu, 01 Jan 2026 00:00:00 GMT; Partitioned; Path=/_functions/DEMO/cookies",
	} {
		f := newFixture(t, withFunctions(Function{ID: "cookies", Execute: anyone, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Set-Cookie", sent)
		})}))
		if got := strings.Join(f.must(200, "GET", "/_functions/DEMO/cookies", nil, "").Header().Values("Set-Cookie"), " | "); got != want {
			t.Errorf("%q becomes %q, want %q", sent, got, want)
		}
	}
}
