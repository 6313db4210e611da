package server

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestOrigins(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) {
		o.AllowOrigins = []string{"https://app.example.com:8443", "*.preview.example.org", "10.0.0.5", "appwrite-android://com.example.app", "capacitor://localhost", "app://notes"}
	})
	allowed := func(origin, echoed string) scenario {
		return scenario{name: origin, method: "GET", path: "/v1/account", headers: headers{"Origin": origin}, status: 401, kind: "general_unauthorized_scope",
			header: headers{"Access-Control-Allow-Origin": echoed, "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}}
	}
	refused := func(origin, message string) scenario {
		return scenario{name: origin, method: "GET", path: "/v1/account", headers: headers{"Origin": origin}, status: 403, kind: "general_unknown_origin", message: message,
			header: headers{"Access-Control-Allow-Origin": "", "Vary": "Origin"}}
	}
	unknown := func(origin, host, platform string) scenario {
		return refused(origin, "Invalid Origin. Register your new client ("+host+") as a new "+platform+
			" platform on your project console dashboard")
	}
	const scheme = " is not supported. If you are using a custom scheme, please change it to `appwrite-callback-<PROJECT_ID>`"
	f.run([]scenario{
		allowed("http://localhost", "http://localhost"),
		allowed("http://LOCALHOST:3000", "http://localhost:3000"),
		allowed("https://127.0.0.1:5173", "https://127.0.0.1:5173"),
		allowed("http://[::1]:3000", "http://[::1]:3000"),
		allowed("http://app.example.com", "http://app.example.com"),
		allowed("https://pr-1.preview.example.org", "https://pr-1.preview.example.org"),
		allowed("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
		allowed("tauri://localhost", "tauri://localhost"),
		allowed("appwrite-android://com.example.app", "appwrite-android://com.example.app"),
		allowed("capacitor://localhost", "capacitor://localhost"),
		allowed("app://notes", "app://notes"),
		allowed("exp://192.168.0.2:19000", ""),
		allowed("appwrite-callback-demo://x", ""),
		unknown("http://evil.example", "evil.example", "Web"),
		unknown("https://localhost.evil.example", "localhost.evil.example", "Web"),
		unknown("https://preview.example.org", "preview.example.org", "Web"),
		unknown("https://badpreview.example.org", "badpreview.example.org", "Web"),
		unknown("http://localhost.", "localhost.", "Web"),
		unknown("appwrite-ios://com.example.other", "com.example.other", "iOS"),
		unknown("chrome-extension://abcdef", "abcdef", "Web (Chrome Extension)"),
		unknown("app://other", "other", "Web"),
		// Whose host may read the refusal, as Appwrite has it.
		{name: "ionic://localhost", method: "GET", path: "/v1/account", headers: headers{"Origin": "ionic://localhost"}, status: 403, kind: "general_unknown_origin",
			message: "Invalid Scheme. The scheme used (ionic) in the Origin (ionic://localhost)" + scheme},
		refused("null", "Invalid Origin."),
		refused("localhost", "Invalid Origin."),
		refused("file://", "Invalid Scheme. The scheme used (file) in the Origin (file://)"+scheme),
		refused("appwrite-callback-other://x", "Invalid Scheme. The scheme used (appwrite-callback-other) in the Origin (appwrite-callback-other://x)"+scheme),
		{name: "none", method: "GET", path: "/v1/ping", status: 200},
		{name: "Referer alone", method: "GET", path: "/v1/ping", headers: headers{"Referer": "http://evil.example/"}, status: 200},
		{name: "unknown origin of an unknown project", method: "GET", path: "/v1/ping",
			headers: headers{"Origin": "http://evil.example", "X-Appwrite-Project": "nope"}, status: 403, kind: "general_unknown_origin"},
	})
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for origin, echoed := range map[string]string{
		"http://localhost:3000": "http://localhost:3000", "http://evil.example": "http://evil.example", "null": "", "": "",
	} {
		for _, path := range []string{"/v1/account/jwts", "/v1/nope"} {
			a := f.must(204, "OPTIONS", path, headers{"Origin": origin, "X-Appwrite-Project": "", "Access-Control-Request-Method": "POST"}, "")
			scenario{status: 204, header: headers{
				"Access-Control-Allow-Origin":   echoed,
				"Access-Control-Allow-Methods":  "GET, POST, PUT, PATCH, DELETE",
				"Access-Control-Expose-Headers": "X-Appwrite-Session, X-Fallback-Cookies, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, Date",
				"Access-Control-Max-Age":        "86400",
				"Content-Type":                  "text/html",
			}}.check(t, a)
			for _, name := range []string{"X-Appwrite-Project", "X-Appwrite-JWT", "X-Fallback-Cookies", "Content-Type", "X-SDK-Name"} {
				if !slices.Contains(strings.Split(a.Header().Get("Access-Control-Allow-Headers"), ", "), name) {
					t.Errorf("%s is not among the allowed headers", name)
				}
			}
		}
	}
}

// What a program around the server does to the header of an answer must not
// show in the next one.
func TestAnswersDoNotShareTheirHeader(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	want := f.must(401, "GET", "/v1/account", nil, "").Header().Clone()
	h := f.must(401, "GET", "/v1/account", nil, "").Header()
	for name := range want {
		h.Add(name, "added")
		h.Set(name, "set")
	}
	if got := f.must(401, "GET", "/v1/account", nil, "").Header(); !reflect.DeepEqual(got, want) {
		t.Errorf("the header is %v, was %v", got, want)
	}
}
