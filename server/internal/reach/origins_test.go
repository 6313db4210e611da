package reach

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestParseOrigins(t *testing.T) {
	t.Parallel()
	o, err := ParseOrigins([]string{"https://App.Example.com/", " 10.0.0.5:8080 ", "*.example.org", "[2001:db8::1]:80", "localhost", "*"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(o.List(), " "), "localhost 127.0.0.1 [::1] app.example.com 10.0.0.5 [2001:db8::1] *.example.org *"; got != want {
		t.Errorf("list = %s, want %s", got, want)
	}
	for _, bad := range []string{"", "https://", "https://a.example/path", "https://user@a.example", "a b", "http://a.example?x=1", "*example.com", "a.*.example", "http://[::1", "-", "file://a", "ftp://a.example", "capacitors://localhost"} {
		if _, err := ParseOrigins([]string{bad}); err == nil || !strings.Contains(err.Error(), "use a URL such as https://app.example.com") {
			t.Errorf("ParseOrigins(%q): %v", bad, err)
		}
	}
}

// A webview is let in by its scheme and host together.
func TestWebviews(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		entries, in, out string
	}{
		{"capacitor://localhost https://example.com", "capacitor://localhost CAPACITOR://LOCALHOST https://example.com http://localhost",
			"capacitor://example.com capacitor://127.0.0.1 ionic://localhost app://localhost"},
		{"capacitor://app.example.com", "capacitor://app.example.com", "https://app.example.com http://app.example.com capacitor://localhost ionic://app.example.com"},
		{"app://- ionic://localhost", "app://- ionic://localhost", "app://. app://localhost ionic://- http://-"},
		{"app://.", "app://.", "app://- app:// https://."},
		{"capacitor://*", "capacitor://localhost capacitor://x", "https://evil.example capacitor:// app://x"},
		{"app://*.example.com", "app://a.example.com", "app://example.com https://a.example.com"},
		{"capacitor://localhost:8080", "capacitor://localhost", "capacitor://x"},
		{"*", "https://evil.example", "capacitor://localhost app://-"},
	} {
		o, err := ParseOrigins(strings.Fields(c.entries))
		if err != nil {
			t.Errorf("%s: %v", c.entries, err)
			continue
		}
		for _, origin := range strings.Fields(c.in) {
			h := http.Header{}
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("Origin", origin)
			o.Echo(h, r)
			if err := o.Check(origin, "demo"); err != nil || h.Get("Access-Control-Allow-Origin") != strings.ToLower(origin) {
				t.Errorf("%s does not let in %s: %v, %v", c.entries, origin, err, h)
			}
		}
		for _, origin := range strings.Fields(c.out) {
			if o.Check(origin, "demo") == nil {
				t.Errorf("%s lets in %s", c.entries, origin)
			}
		}
	}
	o, err := ParseOrigins([]string{"capacitor://app.example.com", "app://-"})
	if err != nil || o.Allows("app.example.com") {
		t.Errorf("the host of a webview is one of the server's, or %v", err)
	}
	if got, want := strings.Join(o.List(), " "), "localhost 127.0.0.1 [::1] capacitor://app.example.com app://-"; got != want {
		t.Errorf("list = %s, want %s", got, want)
	}
}
