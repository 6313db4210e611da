package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/isojot/isojot/internal/models"
	"github.com/isojot/isojot/internal/operations"
)

// Sign-ins are known by the verb alone: what a server calls one is its own affair.
func TestChanging(t *testing.T) {
	t.Parallel()
	want := []string{"accountCreate*Session", "accountDelete", "accountUpdate*Session", "accountUpdateStatus", "teamsUpdateMembershipStatus"}
	if got := changing(operations.All()); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	planted := append(operations.All(),
		operations.Operation{Name: "account.refreshOldSession", Answer: "Session", Effect: operations.SignsIn},
		operations.Operation{Name: "account.signInByBadge", Answer: "Session", Effect: operations.SignsIn},
		operations.Operation{Name: "account.leave", Answer: "Status", Effect: operations.EndsAll},
		operations.Operation{Name: "account.look", Answer: "Account"})
	want = append(want, "accountLeave", "accountRefresh*Session", "accountSignInByBadge")
	slices.Sort(want)
	if got := changing(planted); !slices.Equal(got, want) {
		t.Errorf("with planted ones: %q, want %q", got, want)
	}
}

// What is said of an enumeration in Go is a sentence: "is one of the ...", but
// "says which part ...".
func TestEnumWords(t *testing.T) {
	for _, e := range models.Enums {
		words := enumWords(e.Name)
		if rest, ok := strings.CutPrefix(words, "is one of "); ok && !strings.HasPrefix(rest, "the ") || !ok && !strings.HasPrefix(words, "says ") {
			t.Errorf("%s %s", e.Name, words)
		}
	}
}
