package reach_test

import (
	"strings"
	"testing"

	"github.com/isojot/isojot/server/internal/reach"
)

// redirects are URLs, each with why it is refused; "" is allowed.
var redirects = map[string]string{
	"http://localhost":                     "",
	"http://localhost/a?b=c#d":             "",
	"HTTP://LOCALHOST:3000/a":              "",
	"https://127.0.0.1:65535":              "",
	"http://[::1]:3000/x":                  "",
	"https://app.example.com:8443/a":       "",
	"https://a.preview.example.org?x":      "",
	"https://app.example.com#https://x":    "",
	"https://app.example.com/?u=http://x/": "",
	"https://app.example.com/zürich?ä=ö":   "",
	"appwrite-callback-demo://recovery":    "",
	"appwrite-android://com.example.app":   "",
	"capacitor://localhost/x":              "",
	"exp://localhost:19000/--/x":           "",
	"tauri://localhost":                    "",

	// What leads elsewhere.
	"http://evil.example/v":                unregistered("(evil.example)", "Web"),
	"https://app.example.com.evil.example": unregistered("(app.example.com.evil.example)", "Web"),
	"https://preview.example.org":          unregistered("(preview.example.org)", "Web"),
	"https://evilpreview.example.org":      unregistered("(evilpreview.example.org)", "Web"),
	"http://localhost.":                    unregistered("(localhost.)", "Web"),
	"http://2130706433/":                   unregistered("(2130706433)", "Web"),
	"http://127.1/":                        unregistered("(127.1)", "Web"),
	"exp://192.168.0.9:19000":              unregistered("(192.168.0.9)", ""),
	"appwrite-callback-other://x":          unregistered("(x)", ""),
	"appwrite-ios://com.example.app":       unregistered("(com.example.app)", "iOS"),
	"http://com.example.app/":              unregistered("(com.example.app)", "Web"),
	"capacitor://evil":                     unregistered("(evil)", ""),
	"ftp://localhost/x":                    unregistered("(localhost)", ""),
	"file://localhost/etc/passwd":          unregistered("(localhost)", ""),
	"javascript://localhost/%0aalert(1)":   unregistered("(localhost)", ""),
	"javascript:alert(1)":                  unregistered("", ""),
	"data:text/html,x":                     unregistered("", ""),
	"mailto:ann@localhost":                 unregistered("", ""),
	"https:app.example.com":                unregistered("", "Web"),
	"https:/app.example.com":               unregistered("", "Web"),
	"":                                     "Invalid URI.",
	"zzz":                                  "Invalid URI.",
	"not a url":                            "Invalid URI.",
	"localhost":                            "Invalid URI.",
	"/path":                                "Invalid URI.",
	"//localhost/x":                        "Invalid URI.",
	"///localhost":                         "Invalid URI.",
	"://localhost":                         "Invalid URI.",
	"?url":                                 "Invalid URI.",

	// What browsers and servers read in different ways.
	"http:///evil.example":                          "Invalid URI.",
	"http://":                                       "Invalid URI.",
	"http:////evil.example":                         "Invalid URI.",
	"appwrite-callback-demo://":                     "Invalid URI.",
	"http://evil.example@localhost":                 "Invalid URI.",
	"http://localhost@evil.example":                 "Invalid URI.",
	"http://localhost:80@evil.example":              "Invalid URI.",
	"http://localhost:x@evil.example/":              "Invalid URI.",
	"http://user:pass@localhost/":                   "Invalid URI.",
	"http://evil.example\\@localhost":               "Invalid URI.",
	"http://localhost\\.evil.example":               "Invalid URI.",
	"http:\\\\evil.example":                         "Invalid URI.",
	"http://localhost/\\evil.example":               "Invalid URI.",
	"http://localhost%2eevil.example":               "Invalid URI.",
	"http://localhost%00.evil.example":              "Invalid URI.",
	"http://evil。example/.localhost":                "Invalid URI.",
	"http://ⓛocalhost":                              "Invalid URI.",
	"http://loc\u00adalhost":                        "Invalid URI.",
	"http://localhost\u202e/":                       "Invalid URI.",
	"http://localhost:80:90":                        "Invalid URI.",
	"http://localhost:99999":                        "Invalid URI.",
	"http://localhost:":                             "Invalid URI.",
	"http://[::1":                                   "Invalid URI.",
	"http://[::1%25eth0]/":                          "Invalid URI.",
	"http://[localhost]/":                           "Invalid URI.",
	"http://localhost,evil.example":                 "Invalid URI.",
	"http://localhost;evil.example":                 "Invalid URI.",
	" http://localhost":                             "Invalid URI.",
	"http://localhost ":                             "Invalid URI.",
	"http://localhost/a b":                          "Invalid URI.",
	"http://localhost/\r\nBcc: x@example.com":       "Invalid URI.",
	"http://local\thost/":                           "Invalid URI.",
	"http://localhost/\x00":                         "Invalid URI.",
	"http://localhost/\xff":                         "Invalid URI.",
	"java\nscript:alert(1)":                         "Invalid URI.",
	"http://localhost/\"><script>":                  "Invalid URI.",
	"ht\u212ap://localhost":                         "Invalid URI.",
	"http://localhost/" + strings.Repeat("a", 2048): "Invalid URI.",
}

// unregistered is what is said of a host that is nobody's.
func unregistered(host, platform string) string {
	return "Invalid URI. Register your new client " + host + " as a new " + platform + " platform on your project console dashboard"
}

func TestRedirectsLeadToTheProjectsOwnHosts(t *testing.T) {
	entries := []string{"https://app.example.com", "*.preview.example.org", "appwrite-android://com.example.app", "capacitor://localhost"}
	for _, any := range []bool{false, true} { // "*" names no host
		if any {
			entries = append(entries, "*")
		}
		o, err := reach.ParseOrigins(entries)
		if err != nil {
			t.Fatal(err)
		}
		for address, want := range redirects {
			err, got := o.CheckRedirect("url", address, "demo"), ""
			if err != nil {
				got = strings.TrimPrefix(err.Error(), "Invalid `url` param: ")
			}
			if got != want && !strings.Contains(got, want) || (want == "") != (err == nil) {
				t.Errorf("%q (with *: %v): %v, want %q", address, any, err, want)
			}
		}
	}
}

// No project has no scheme of its own: "appwrite-callback-" is nobody's.
func TestNoProjectHasNoScheme(t *testing.T) {
	o, err := reach.ParseOrigins(nil)
	if err != nil {
		t.Fatal(err)
	}
	if o.CheckRedirect("url", "appwrite-callback-://x", "") == nil {
		t.Error("the scheme of no project is let in")
	}
}
