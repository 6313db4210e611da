package replay

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Every recorded management call of the second recordings is translated, or says
// why it is not; and each reason is still needed.
func TestManagementIsTranslatedOrExplained(t *testing.T) {
	of := collections[1]
	open := maps.Clone(untranslated)
	for _, sc := range recorded(t, of) {
		for _, s := range sc.Steps {
			if s.Class != classManagement || of.translated(s.Request) {
				continue
			}
			name := untranslatedAs(of, s.Request)
			if _, ok := untranslated[name]; !ok {
				t.Errorf("%s %d: %s %s has no effect, and no reason: add it to changes or untranslated", sc.Name, s.Number, s.Request.Method, s.Request.Path)
			}
			delete(open, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(open)) {
		t.Errorf("no recorded call is %q: take it from untranslated", name)
	}
}

// untranslatedAs is what untranslated calls a management call.
func untranslatedAs(of *collection, q request) string {
	project, what, ok := managed(q)
	_, key, isKey := madeKey(q)
	switch {
	case q.Path == "/v1/projects", isKey && key.Name == allScopes:
		return ""
	case strings.HasPrefix(q.Path, "/v1/messaging/providers/"):
		return "messaging/providers/*"
	case !ok:
		return "setup"
	case !slices.Contains(of.projects, project):
		return "a project that is not played"
	}
	return what
}
