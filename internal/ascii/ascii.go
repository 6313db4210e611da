// Package ascii holds functions of text that is ASCII, as header names, cookie
// names and project ids are. The Unicode-aware ones of package strings would add
// 10 KB of tables to the browser build.
package ascii

// Alphanumeric reports whether c is a letter or a digit.
func Alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// Lower returns s with A to Z in lower case.
func Lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + ('a' - 'A')
		}
	}
	return string(b)
}

// EqualFold reports whether a and b differ in their case at most.
func EqualFold(a, b string) bool { return Lower(a) == Lower(b) }

// Trim returns s without spaces and tabs around it: optional white space in
// HTTP (RFC 9110 section 5.6.3).
func Trim(s string) string {
	blank := func(c byte) bool { return c == ' ' || c == '\t' }
	for s != "" && blank(s[0]) {
		s = s[1:]
	}
	for s != "" && blank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}
