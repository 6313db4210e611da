package mask

import "testing"

func TestURL(t *testing.T) {
	for _, c := range []struct{ url, want string }{
		{"http://localhost:7519/v1", "http://localhost:7519/v1"},
		{"https://ann:hunter2@example.com/v1", "https://***@example.com/v1"},
		{"https://ann:hunt@er2@example.com", "https://***@example.com"},
		{"https://ann:hun?te#r2@example.com", "https://***@example.com"},
		{"https://ann:a://b@example.com", "https://***@example.com"},
		{"ann:hunter2@example.com", "***@example.com"},
		{`http:\\ann:hunter2@example.com`, "***@example.com"},
		{"https://example.com/v1?key=hunter2", "https://example.com/v1?***"},
		{"https://example.com/v1#hunter2", "https://example.com/v1#***"},
		{"", ""},
	} {
		if got := URL(c.url); got != c.want {
			t.Errorf("URL(%q) = %q, want %q", c.url, got, c.want)
		}
	}
}

func TestHeader(t *testing.T) {
	for _, name := range []string{
		"Authorization", "Proxy-Authorization", "cookie", "Set-Cookie", "x-fallback-cookies", "X-Api-Key",
		"x-appwrite-jwt", "x-appwrite-user-jwt", "x-appwrite-session", "x-appwrite-key", "x-appwrite-dev-key",
	} {
		if got := Header(name, "planted"); got != Text {
			t.Errorf("%s is %q", name, got)
		}
		if got := Header(name, ""); got != "" {
			t.Errorf("%s, empty, is %q", name, got)
		}
	}
	for _, name := range []string{"x-appwrite-project", "content-type", "user-agent", "location"} {
		if got := Header(name, "plain"); got != "plain" {
			t.Errorf("%s is %q", name, got)
		}
	}
}
