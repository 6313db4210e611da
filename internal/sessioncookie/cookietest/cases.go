// Package cookietest has the Cookie headers that all who read session cookies
// must judge alike (testdata/cookies.json).
package cookietest

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
)

// Case is a Cookie header, and the user whose session it is; "" for nobody's.
type Case struct {
	Name   string `json:"name"`
	Cookie string `json:"cookie"`
	User   string `json:"user"`
}

// Read returns the cases of the project demo in the file, with the users' own
// sessions in them.
func Read(t testing.TB, file string, sessions map[string]string) []Case {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []Case
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 20 {
		t.Fatalf("only %d cases in %s", len(cases), file)
	}
	var marks []string
	for user, session := range sessions {
		marks = append(marks, "${"+user+"}", session, "${"+user+"%}", url.QueryEscape(session))
	}
	fill := strings.NewReplacer(marks...)
	for n := range cases {
		cases[n].Cookie = fill.Replace(cases[n].Cookie)
	}
	return cases
}
