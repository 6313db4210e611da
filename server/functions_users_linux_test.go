package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/isojot/isojot/internal/runner"
)

// Functions of one server do not run as each other's user, in whatever order
// they are executed, and each runs as the same after a restart.
func TestFunctionsHaveUsersOfTheirOwn(t *testing.T) {
	t.Parallel()
	folder, err := os.MkdirTemp("", "isojot-users-") // that of t.TempDir nobody else may read
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	program := filepath.Join(folder, "who")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nid -u\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	who := Function{ID: "who", Target: "command:" + program, Execute: anyone}
	other := who
	other.ID = "other"
	f := newFixture(t, func(o *Options) {
		o.Memory, o.DataDir = false, t.TempDir()
		o.Projects = []Project{{ID: DefaultProject, Functions: []Function{who, other}}, {ID: "two", Functions: []Function{who}}}
	})
	own := runner.OwnUsers(f.config(DefaultProject).functions.Find("who", f.log).Runner)
	ask := func(project, function string) string {
		return strings.TrimSpace(f.execute(201, function, headers{"X-Appwrite-Project": project}, "{}").text("responseBody"))
	}
	users := map[string]string{}
	for _, key := range [][2]string{{DefaultProject, "who"}, {"two", "who"}, {DefaultProject, "other"}} {
		user := ask(key[0], key[1])
		if before, taken := users[user]; user == "" || taken && own {
			t.Errorf("%v runs as %q, as %s does", key, user, before)
		}
		users[user] = key[0] + " " + key[1]
	}
	f = f.restart()
	for _, key := range [][2]string{{DefaultProject, "other"}, {"two", "who"}, {DefaultProject, "who"}} {
		if user := ask(key[0], key[1]); own && users[user] != key[0]+" "+key[1] {
			t.Errorf("%v runs as %s, of %s", key, user, users[user])
		}
	}
}
