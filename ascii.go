package isojot

// Header names, cookie names and project ids are ASCII. The Unicode-aware
// functions of package strings would add 10 KB of tables to the browser build.

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// lower returns s with A to Z in lower case.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + ('a' - 'A')
		}
	}
	return string(b)
}

func equalFold(a, b string) bool { return lower(a) == lower(b) }

// trim returns s without spaces and tabs around it: optional white space in
// HTTP (RFC 9110 section 5.6.3).
func trim(s string) string {
	blank := func(c byte) bool { return c == ' ' || c == '\t' }
	for s != "" && blank(s[0]) {
		s = s[1:]
	}
	for s != "" && blank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}
