package runner

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Redacted stands in logs where the function wrote a secret of its call.
const Redacted = "[redacted]"

// minSecret is the least length of what is redacted: shorter values are no tokens,
// and would be found in innocent text.
const minSecret = 16

// maxFlood bounds what is written beyond the bound on logs, in bytes: to take it
// and throw it away costs the server time.
const maxFlood = 64 << 20

// capture is a writer that keeps the first max bytes and discards the rest, so
// that its writer is never blocked.
type capture struct {
	max     int
	kept    []byte
	dropped int
	// full is called once more than patience bytes are dropped.
	full     func()
	patience int
	flooded  bool
	// req, if there is one, reports whether there is room; noRoom is why not, of
	// which full is told too.
	req    *Request
	noRoom error
}

func (c *capture) Write(p []byte) (int, error) {
	n := min(len(p), c.max-len(c.kept))
	if c.req != nil && c.noRoom == nil {
		if c.kept, c.noRoom = c.req.grown(c.kept, n, c.max); c.noRoom != nil {
			c.full()
		}
	}
	if c.noRoom != nil {
		return len(p), nil
	}
	c.kept = append(c.kept, p[:n]...)
	c.dropped += len(p) - n
	if c.dropped > c.patience && !c.flooded {
		c.flooded = true
		c.full()
	}
	return len(p), nil
}

// logs takes what a function writes beside its answer.
type logs struct {
	capture
	limit   int
	secrets []string
}

// newLogs keeps more than limit, so that a secret at the border is seen whole.
// It calls full after a flood.
func newLogs(limit int, secrets []string, full func()) *logs {
	longest := 0
	for _, s := range secrets {
		longest = max(longest, len(s))
	}
	return &logs{capture{max: limit + longest, patience: maxFlood, full: full}, limit, secrets}
}

// text is what was written as valid UTF-8 of at most limit bytes, without the
// secrets and NUL, which no database keeps, and with a note where some is missing.
func (l *logs) text() string {
	kept := redact(l.kept, l.secrets)
	if l.dropped > 0 {
		kept = withoutBeginning(kept, l.secrets)
	}
	text := strings.ReplaceAll(strings.ToValidUTF8(string(kept), "\uFFFD"), "\x00", "\uFFFD")
	if l.dropped == 0 && len(text) <= l.limit {
		return text
	}
	note := fmt.Sprintf("\n[truncated: only the first %d bytes are kept]\n", l.limit)
	return cut(text, l.limit-len(note)) + note[max(0, len(note)-l.limit):]
}

// redact replaces each secret in text.
func redact(text []byte, secrets []string) []byte {
	for _, s := range secrets {
		text = bytes.ReplaceAll(text, []byte(s), []byte(Redacted))
	}
	return text
}

// err is ErrTooLarge after a flood.
func (l *logs) err() error {
	if !l.flooded {
		return nil
	}
	return tooLarge("what it wrote to its logs", l.max+l.patience)
}

// withoutBeginning is text without a secret's beginning at its end.
func withoutBeginning(text []byte, secrets []string) []byte {
	for _, s := range secrets {
		for n := min(len(s), len(text)); n > 0; n-- {
			if bytes.HasSuffix(text, []byte(s[:n])) {
				text = text[:len(text)-n]
				break
			}
		}
	}
	return text
}

// cut is at most n bytes of s, and no half character.
func cut(s string, n int) string {
	n = max(n, 0)
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// secretHeaders carry what lets someone act for the caller or the server.
var secretHeaders = []string{
	"Authorization", "Cookie", "X-Appwrite-Jwt", "X-Appwrite-Key",
	"X-Appwrite-Session", "X-Appwrite-User-Jwt", "X-Fallback-Cookies",
}

// secretsOf are the tokens that a call hands to its function, longest first.
func secretsOf(req *Request) []string {
	found := []string{req.JWT}
	for _, name := range secretHeaders {
		for _, value := range req.Header.Values(name) {
			found = append(found, value)
			for _, word := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" ;,\"", r) }) {
				found = append(found, word)
				if _, after, ok := strings.Cut(word, "="); ok && name == "Cookie" {
					found = append(found, after)
				}
			}
		}
	}
	found = slices.DeleteFunc(found, func(s string) bool { return len(s) < minSecret })
	slices.SortFunc(found, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(found)
}
