// Package mask makes the copies that are printed in the place of what holds a
// credential. It imports neither fmt nor net/url, which the browser program does
// without.
package mask

import "strings"

// Text stands for a credential. It is no JWT, and shorter than a password, an
// API key or a development token may be: none of them is ever it by mistake.
const Text = "***"

// Of returns Text for a credential, and "" where there is none.
func Of(credential string) string {
	if credential == "" {
		return ""
	}
	return Text
}

// Bytes is Of for a text that may hold credentials.
func Bytes(text []byte) string { return Of(string(text[:min(len(text), 1)])) }

// URL masks the user, the password, the query and the fragment of a URL, or of
// what somebody took for one.
func URL(url string) string {
	if at := strings.LastIndexByte(url, '@'); at >= 0 {
		scheme := 0
		if i := strings.Index(url[:at], "://"); i >= 0 {
			scheme = i + len("://")
		}
		url = url[:scheme] + Text + url[at:]
	}
	if i := strings.IndexAny(url, "?#"); i >= 0 {
		url = url[:i+1] + Text
	}
	return url
}

// telling are parts of the names of headers that hold credentials.
var telling = [...]string{"auth", "cookie", "jwt", "key", "passw", "secret", "session", "token"}

// Header masks the value of a header whose name says that it is a credential.
func Header(name, value string) string {
	name = strings.ToLower(name)
	for _, part := range telling {
		if strings.Contains(name, part) {
			return Of(value)
		}
	}
	return value
}

// Headers is Header for a map of them.
func Headers(values map[string]string) map[string]string {
	masked := make(map[string]string, len(values))
	for name, value := range values {
		masked[name] = Header(name, value)
	}
	return masked
}

// Object masks all values of an object, whatever its members are.
func Object(values map[string]any) map[string]any {
	if values == nil {
		return nil
	}
	masked := make(map[string]any, len(values))
	for name := range values {
		masked[name] = Text
	}
	return masked
}
