// Package describe says in words what the operations of the API do, what their
// parameters are, and what the models hold. From it go run ./internal/gen writes
// the comments of the TypeScript declarations and of the Go services. No program
// links it.
//
// Most sentences are made by rules, from the parts of a name and the path of an
// operation: tablesDB.listRows, of a table, "Lists the rows of a table." What
// rules cannot say well is in tables: sentences, glossary and so on.
//
// The texts fit either language: a sentence on an operation begins with its verb,
// which TypeScript shows as it is and Go behind the method's name.
package describe

import (
	"strings"
	"unicode"

	"github.com/isojot/isojot/internal/operations"
)

// Operation is a sentence or two on what the operation does. It begins with a
// verb in the third person.
func Operation(o operations.Operation) string {
	name := canonical(o.Name)
	if text, ok := sentences[name]; ok {
		return text
	}
	method := canonical(o.Method())
	if text, ok := shared[method]; ok {
		return text
	}
	for _, family := range families {
		if text := family(o.Service(), method); text != "" {
			return text
		}
	}
	return composed(o, method)
}

// canonical is the name under which the official packages keep a method that
// they have under an older one too, such as createMFAChallenge.
func canonical(name string) string { return olderSpellings.Replace(name) }

var olderSpellings = strings.NewReplacer("Mfa", "MFA", "Sms", "SMS", "Apns", "APNS", "Fcm", "FCM", "Smtp", "SMTP")

// composed is the sentence that the parts of the operation's name make: what is
// done, to what, and where that belongs.
func composed(o operations.Operation, method string) string {
	verb, rest := cutVerb(method)
	own, parent := place(o)
	thing := nounOf(rest)
	if rest == "" {
		thing, parent = serviceNouns[o.Service()], ""
	}
	switch verb {
	case "list":
		return "Lists the " + plural(thing) + of(parent) + "."
	case "get":
		return "Gets " + article(thing) + of(parent) + "."
	case "create":
		return "Creates " + article(thing) + within(parent) + "."
	case "upsert":
		return "Creates " + article(thing) + within(parent) + ", or changes the one of that id."
	case "update":
		if !own && rest != "" { // a property of what the path names
			return "Changes the " + thing + of(parent) + "."
		}
		return "Changes " + article(thing) + of(parent) + "."
	case "delete":
		return "Deletes " + article(thing) + of(parent) + "."
	}
	return ""
}

// place says what the operation's path is about: whether it names the thing
// itself, and in what that lies, such as "table", or "" if in nothing.
func place(o operations.Operation) (own bool, parent string) {
	_, path, _ := strings.Cut(o.Pattern, " ")
	var wildcards []string
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		own = strings.HasPrefix(segment, "{")
		if own && segment != "{project}" {
			wildcards = append(wildcards, strings.TrimSuffix(strings.Trim(segment, "{}"), "Id"))
		}
	}
	if own {
		wildcards = wildcards[:len(wildcards)-1]
	}
	if len(wildcards) > 0 {
		return own, nounOf(wildcards[len(wildcards)-1])
	}
	return own, wholes[o.Service()]
}

// wholes are what the things of a service belong to, where no path names it.
var wholes = map[string]string{"project": "the project", "organization": "the organization", "account": "the user"}

// of is "of a table", for one.
func of(parent string) string {
	switch {
	case parent == "":
		return ""
	case strings.HasPrefix(parent, "the "):
		return " of " + parent
	}
	return " of " + article(parent)
}

// within is "in a table", or "for a function", which contains nothing.
func within(parent string) string {
	switch parent {
	case "":
		return ""
	case "table", "collection", "database", "bucket", "the project", "the organization":
		return " in " + strings.TrimPrefix(of(parent), " of ")
	}
	return " for " + strings.TrimPrefix(of(parent), " of ")
}

// cutVerb splits a method's name behind its verb: "list", "Rows".
func cutVerb(method string) (verb, rest string) {
	i := strings.IndexFunc(method, unicode.IsUpper)
	if i < 0 {
		return method, ""
	}
	return method[:i], method[i:]
}

// nounOf is a name in words: "EmailTemplates" is "email templates". A word in
// capitals stays so.
func nounOf(name string) string {
	if noun, ok := nouns[name]; ok {
		return noun
	}
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		begins := unicode.IsUpper(r)
		if begins && i > 0 && !unicode.IsUpper(runes[i-1]) {
			b.WriteByte(' ')
		}
		if begins && (i+1 == len(runes) || !unicode.IsUpper(runes[i+1])) && (i == 0 || !unicode.IsUpper(runes[i-1])) {
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// article puts "a" or "an" before a noun that has none.
func article(noun string) string {
	switch {
	case strings.HasPrefix(noun, "the "):
		return noun
	case strings.ContainsRune("aeiouA", rune(noun[0])) && !strings.HasPrefix(noun, "user"):
		return "an " + noun
	}
	return "a " + noun
}

// plural is a noun for several.
func plural(noun string) string {
	stem, isY := strings.CutSuffix(noun, "y")
	switch {
	case strings.HasSuffix(noun, "s"):
		return noun
	case strings.HasSuffix(noun, "x"):
		return noun + "es"
	case isY && !strings.ContainsAny(stem[len(stem)-1:], "aeiou"):
		return stem + "ies"
	}
	return noun + "s"
}
