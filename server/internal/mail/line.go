package mail

import (
	"regexp"
	"strings"
	"unicode"
)

// Bounds of what stands in headers and in names, in characters.
const (
	maxName    = 128
	maxSubject = 200
)

// line makes one line of a text of strangers': whatever could end a header, or
// turn around what follows it, is a space. It has at most as many characters as
// most.
func line(text string, most int) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsGraphic(r)
	}), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// unprintable reports whether a text has what no address has.
func unprintable(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) })
}

// link is what mail programs make a link of: a period between letters, and what
// addresses and paths have.
var link = regexp.MustCompile(`[^\s.]\.[^\s.]{2}|[/@\\]`)

// greeted is a name as a mail shows it, be it of a user or a team: "" for one that
// reads like a link. Who signs up with somebody else's address, or invites it,
// chooses the name, and must not say by it what that person should look at.
func greeted(name string) string {
	if name = line(name, maxName); link.MatchString(name) {
		return ""
	}
	return name
}
