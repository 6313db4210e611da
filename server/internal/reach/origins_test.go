package reach

import (
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
