package runner

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

// logged is what is kept of text that comes in chunks of size bytes.
func logged(limit, size int, text string, secrets ...string) string {
	l := newLogs(limit, secrets, func() {})
	for len(text) > 0 {
		n := min(size, len(text))
		if _, err := l.Write([]byte(text[:n])); err != nil {
			panic(err)
		}
		text = text[n:]
	}
	return l.text()
}

func TestSecretsAreRedacted(t *testing.T) {
	text := "a" + userJWT + userJWT + "b " + userJWT
	for size := 1; size <= len(text); size++ {
		if got := logged(1000, size, text, userJWT); got != "a[redacted][redacted]b [redacted]" {
			t.Fatalf("in chunks of %d: %q", size, got)
		}
	}
}

// However the bound falls, no part of a secret that is long enough to be of use
// is kept, and the bound holds.
func TestSecretsAtTheBound(t *testing.T) {
	text := strings.Repeat("é"+userJWT, 20)
	for limit := 60; limit < 3*len(userJWT); limit++ {
		got := logged(limit, 1000, text, userJWT)
		if strings.Contains(got, userJWT[:10]) || len(got) > limit || !utf8.ValidString(got) {
			t.Fatalf("with a bound of %d: %d bytes, %q", limit, len(got), got)
		}
		if !strings.HasSuffix(got, "bytes are kept]\n") {
			t.Fatalf("with a bound of %d it does not say that some is missing: %q", limit, got)
		}
	}
}

func TestLogsAreValid(t *testing.T) {
	for text, want := range map[string]string{
		"":               "",
		"plain\n":        "plain\n",
		"\xff\xfe":       "\uFFFD",
		"a\x00b":         "a\uFFFDb",
		"\xe2\x82":       "\uFFFD",
		"ends in eyJhbG": "ends in eyJhbG",
	} {
		if got := logged(100, 1, text, userJWT); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	// What is not valid grows: the bound holds for what comes out.
	if got := logged(100, 7, strings.Repeat("\xffa", 50)); len(got) > 100 || !utf8.ValidString(got) {
		t.Errorf("%d bytes, %q", len(got), got)
	}
}

func TestSecretsOfACall(t *testing.T) {
	req := &Request{JWT: userJWT, Header: http.Header{
		"Authorization":  {"Bearer another-token-of-the-caller"},
		"Cookie":         {`a_session_demo=c2Vzc2lvbi1zZWNyZXQ=; theme=dark`},
		"X-Appwrite-Key": {"ephemeral_0123456789abcdef"},
		"User-Agent":     {"a-long-but-innocent-program"},
	}}
	text := userJWT + " another-token-of-the-caller c2Vzc2lvbi1zZWNyZXQ= ephemeral_0123456789abcdef theme=dark a-long-but-innocent-program Bearer"
	want := "[redacted] [redacted] [redacted] [redacted] theme=dark a-long-but-innocent-program Bearer"
	if got := logged(1000, 1000, text, secretsOf(req)...); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCaptureTellsOfAFlood(t *testing.T) {
	calls := 0
	c := &capture{max: 3, patience: 2, full: func() { calls++ }}
	for i, want := range []int{0, 0, 0, 0, 0, 1, 1} {
		if n, err := c.Write([]byte("x")); n != 1 || err != nil || calls != want {
			t.Fatalf("byte %d: wrote %d, %v, told %d times, want %d", i, n, err, calls, want)
		}
	}
	if string(c.kept) != "xxx" || c.dropped != 4 {
		t.Errorf("kept %q, dropped %d", c.kept, c.dropped)
	}
}
