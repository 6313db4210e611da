package urlpath

import "testing"

func TestPlain(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"/": true, "/a": true, "/a/": true, "/a/b.c": true, "/.../..a": true, "/a%20b": true, "/%C3%BC/ü": true, "/a:b@c,d": true,
		"": false, "a": false, "../a": false, "//": false, "//a": false, "/a//b": false, "/a//": false, "/.": false, "/./a": false, "/..": false,
		"/a/../b": false, "/%2e": false, "/%2E%2e/a": false, "/.%2e/a": false, "/a%2fb": false, "/a%2Fb": false, `/a\b`: false, "/a%5Cb": false,
		"/%252e": false, "/a;b": false, "/a%3Bb": false, "/%zz": false, "/%": false, "/a%00": false, "/a%0a": false, "/\x7f": false,
	} {
		if got := Plain(path); got != want {
			t.Errorf("Plain(%q) = %v", path, got)
		}
	}
}
