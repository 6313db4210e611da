package operations

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	nameForm    = regexp.MustCompile(`^([a-z][a-zA-Z0-9]*\.)?[a-z][a-zA-Z0-9]*$`)
	patternForm = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) (/[a-zA-Z0-9_.-]+|/\{[a-zA-Z]+\})+$`)
	wildcard    = regexp.MustCompile(`\{([a-zA-Z]+)\}`)
)

// twins reports whether two operations are one, which has an older name too.
func twins(a, b Operation) bool {
	return a.Deprecated != b.Deprecated && a.Pattern == b.Pattern && reflect.DeepEqual(a.Endpoint, b.Endpoint) && a.Answer == b.Answer
}

// Names are of one operation each, and so are the patterns of those that the
// server answers, but for operations with two names; what a pattern's wildcards stand for is among the parameters,
// but for the client's project.
func TestEntries(t *testing.T) {
	t.Parallel()
	names, patterns := map[string]bool{}, map[string]Operation{}
	for _, o := range All() {
		if names[o.Name] || !nameForm.MatchString(o.Name) {
			t.Errorf("%q is the name of two, or no name", o.Name)
		}
		names[o.Name] = true
		for _, pattern := range append([]string{o.Pattern}, o.Aliases...) {
			if !patternForm.MatchString(pattern) {
				t.Errorf("%s: %q is no pattern", o.Name, pattern)
			}
			if o.Endpoint != nil {
				if other, taken := patterns[pattern]; taken && !twins(o, other) {
					t.Errorf("%s: %q is the pattern of %s too", o.Name, pattern, other.Name)
				}
				patterns[pattern] = o
			}
			for _, match := range wildcard.FindAllStringSubmatch(pattern, -1) {
				inPath := func(p Param) bool {
					return p.Name == match[1] && !p.Optional && p.Wire == "" && !strings.HasSuffix(string(p.Type), "[]")
				}
				if match[1] != "project" && !slices.ContainsFunc(o.Params, inPath) {
					t.Errorf("%s: %s is no required text among its parameters", o.Name, match[1])
				}
			}
		}
		if o.Lanes == nil && o.Endpoint == nil {
			t.Errorf("%s is performed by no client and answered by no server", o.Name)
		}
	}
}

// A client acts on an effect by what it knows of the operation: who signs in
// starts as a guest, and an end of one session says which.
func TestEffects(t *testing.T) {
	t.Parallel()
	for _, o := range All() {
		switch o.Effect {
		case SignsIn:
			if !slices.Contains(o.Lanes, Guest) || o.Reads() {
				t.Errorf("%s signs in, and not as a guest", o.Name)
			}
		case EndsSession:
			if !o.InPath("sessionId") {
				t.Errorf("%s ends a session and has no sessionId in its path", o.Name)
			}
		case EndsAll:
			if o.Reads() || len(o.Params) > 0 {
				t.Errorf("%s ends all sessions of the caller, and only reads or has parameters", o.Name)
			}
		}
		if o.Effect == EndsSession && !slices.Contains(o.Lanes, Session) {
			t.Errorf("%s ends a session that its lanes do not present", o.Name)
		}
	}
}

// Positional calls leave parameters out from the end.
func TestOptionalParametersComeLast(t *testing.T) {
	t.Parallel()
	for _, o := range All() {
		optional := false
		for _, p := range o.Params {
			if optional && !p.Optional {
				t.Errorf("%s: %s is required after one that is optional", o.Name, p.Name)
			}
			optional = p.Optional
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"account.createJWT": "account createJWT accountCreateJWT", "ping": " ping ping",
	} {
		o := Operation{Name: name}
		if got := strings.Join([]string{o.Service(), o.Method(), o.Field()}, " "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
