package describe

import (
	"regexp"
	"strings"
	"testing"

	"github.com/isojot/isojot/internal/models"
	"github.com/isojot/isojot/internal/operations"
)

// longest is how many characters a sentence may have: two lines of a comment.
const longest = 160

var (
	verbFirst = regexp.MustCompile(`^[A-Z][a-z]+s `)
	sentence  = regexp.MustCompile(`^[A-Z].*\.$`)
)

// Every operation has a sentence that begins with its verb in the third person,
// from which Go's comment is made too.
func TestEveryOperationIsDescribed(t *testing.T) {
	t.Parallel()
	for _, o := range operations.All() {
		text := Operation(o)
		if service := Service(o.Service()); o.Service() != "" && !sentence.MatchString(service) {
			t.Errorf("%s: the service is %q, which is no sentence", o.Name, service)
		}
		if !verbFirst.MatchString(text) || !sentence.MatchString(text) || len(text) > longest {
			t.Errorf("%s: %q is no sentence of at most %d characters that begins with a verb", o.Name, text, longest)
		}
		if match := wrongArticle.FindString(text); match != "" {
			t.Errorf("%s: %q has the wrong article: %q", o.Name, text, match)
		}
	}
}

// wrongArticle finds "a" before a vowel that is heard, and "an" before others.
var wrongArticle = regexp.MustCompile(`\b(a [aeiAE]|a un|an [^aeiouAEIOFLMNRSX])\w*`)

// Every parameter has one, also those that only one of the packages has.
func TestEveryParameterIsDescribed(t *testing.T) {
	t.Parallel()
	for _, o := range operations.All() {
		for _, p := range o.Params {
			text := Param(o, p)
			if !sentence.MatchString(text) || len(text) > longest || strings.Contains(text, "{") {
				t.Errorf("%s %s: %q is no sentence of at most %d characters", o.Name, p.Name, text, longest)
			}
			if match := wrongArticle.FindString(text); match != "" {
				t.Errorf("%s %s: %q has the wrong article: %q", o.Name, p.Name, text, match)
			}
		}
	}
}

// A method that has an older spelling says the same under both.
func TestOlderSpellings(t *testing.T) {
	t.Parallel()
	described := map[string]string{}
	for _, o := range operations.All() {
		described[o.Name] = Operation(o)
	}
	for name, text := range described {
		if newer := canonical(name); newer != name && described[newer] != text {
			t.Errorf("%s: %q, and %s: %q", name, text, newer, described[newer])
		}
	}
}

// What is written by hand is used: a line that nothing asks for is one that was
// meant for an operation or a parameter of another name.
func TestNothingIsLeftOver(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, o := range operations.All() {
		for _, name := range []string{canonical(o.Name), canonical(o.Method()), o.Service()} {
			used[name] = true
			for _, p := range o.Params {
				used[name+" "+p.Name] = true
				used[p.Name] = true
			}
		}
	}
	for _, table := range []map[string]string{sentences, shared, particular, glossary, services, serviceNouns, columnParams, indexParams, providerParams, oauth2Params} {
		for key := range table {
			if !used[key] {
				t.Errorf("%q is written for nothing", key)
			}
		}
	}
	for key, text := range particular {
		if _, name, _ := strings.Cut(key, " "); glossary[name] == text {
			t.Errorf("%q says what the glossary says", key)
		}
	}
}

func TestPlural(t *testing.T) {
	t.Parallel()
	for noun, want := range map[string]string{"row": "rows", "API key": "API keys", "policy": "policies", "index": "indexes", "keys": "keys"} {
		if got := plural(noun); got != want {
			t.Errorf("%s: %q, want %q", noun, got, want)
		}
	}
}

// The rules, by an example each.
func TestRules(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"tablesDB.listRows":                 "Lists the rows of a table.",
		"tablesDB.upsertRow":                "Creates a row in a table, or changes the one of that id.",
		"databases.createIpAttribute":       "Adds an attribute of IP addresses to a collection.",
		"databases.deleteIndex":             "Deletes an index of a collection.",
		"functions.createVariable":          "Creates an environment variable for a function.",
		"messaging.updateSmtpProvider":      "Changes a provider that sends e-mails by a server of one's own (SMTP).",
		"organization.listKeys":             "Lists the API keys of the organization.",
		"organization.getKey":               "Gets an API key of the organization.",
		"project.createWebPlatform":         "Lets a web app call the project.",
		"project.updateOAuth2PaypalSandbox": "Changes how users sign in by PayPal's sandbox.",
		"teams.list":                        "Lists the teams.",
	} {
		if got := Operation(named(t, name)); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"tablesDB.getRow databaseId":              "The id of the database.",
		"tablesDB.getRow transactionId":           "The id of a transaction to do it in.",
		"tablesDB.getTransaction transactionId":   "The id of the transaction.",
		"teams.create teamId":                     "The id of the new team: up to 36 letters, digits, periods, hyphens and underscores, the first a letter or digit.",
		"project.updateOAuth2Stripe apiSecretKey": "The API secret key that the provider gave out. It is never shown again.",
	} {
		operation, param, _ := strings.Cut(name, " ")
		o := named(t, operation)
		for _, p := range o.Params {
			if got := Param(o, p); p.Name == param && got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}

func named(t *testing.T, name string) operations.Operation {
	t.Helper()
	for _, o := range operations.All() {
		if o.Name == name {
			return o
		}
	}
	t.Fatalf("there is no operation %s", name)
	return operations.Operation{}
}

// What is deprecated names what there is instead, which is not deprecated too.
func TestInstead(t *testing.T) {
	t.Parallel()
	for _, o := range operations.All() {
		instead := Instead(o)
		if o.Deprecated == (instead == "") {
			t.Errorf("%s: deprecated %t, and %q instead", o.Name, o.Deprecated, instead)
		}
		if instead != "" && named(t, instead).Deprecated {
			t.Errorf("%s: %s, which is to be called instead, is deprecated too", o.Name, instead)
		}
	}
}

// Every model and every enumeration has a sentence. Fields may have none, where
// their names say it all.
func TestEveryModelIsDescribed(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	check := func(name, text string, needed bool) {
		if needed && text == "" || text != "" && !sentence.MatchString(text) || len(text) > longest || strings.Contains(text, "{column}") {
			t.Errorf("%s: %q is no sentence of at most %d characters", name, text, longest)
		}
		if match := wrongArticle.FindString(text); match != "" {
			t.Errorf("%s: %q has the wrong article: %q", name, text, match)
		}
	}
	for _, m := range models.All {
		used[m.Name] = true
		check(m.Name, Model(m), true)
		for _, f := range m.Fields {
			used[f.Name], used[m.Name+" "+f.Name] = true, true
			check(m.Name+"."+f.Name, Field(m, f), false)
		}
	}
	for _, e := range models.Enums {
		used[e.Name] = true
		check(e.Name, Enum(e), true)
	}
	for _, table := range []map[string]string{modelSentences, fields, enums} {
		for key := range table {
			if !used[key] {
				t.Errorf("%q is written for nothing", key)
			}
		}
	}
}
