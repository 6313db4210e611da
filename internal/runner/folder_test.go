package runner

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newFolder makes a folder with a function for each pair of id and manifest.
func newFolder(t *testing.T, manifests map[string]string) string {
	t.Helper()
	dir := filepath.Dir(write(t, "readme.md", "no function"))
	for id, manifest := range manifests {
		writeAt(t, filepath.Join(dir, id, ManifestName), manifest)
	}
	return dir
}

func TestFolder(t *testing.T) {
	dir := newFolder(t, map[string]string{
		"hello": `{"target": "node:src/main.mjs", "execute": ["any"]}`,
		"shout": `{"name": "Shout!", "target": "command:./my program", "args": ["a b", "$HOME"], "execute": ["users", "user:ada"],
			"timeout": 30, "memory": 64, "env": {"LOUD": "yes"}, "enabled": false}`,
	})
	writeAt(t, filepath.Join(dir, "hello", "src", "main.mjs"), `export default ({ res }) => res.text(process.cwd())`)
	writeAt(t, filepath.Join(dir, "shout", "my program"), "#!/bin/sh\necho \"$#:$1:$2:$LOUD\"")
	writeAt(t, filepath.Join(dir, "library", "shared.mjs"), "")
	f, err := OpenFolder(dir, Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := f.Functions()
	if err != nil || len(all) != 2 {
		t.Fatalf("got %d functions, %v", len(all), err)
	}
	hello, shout := all[0], all[1]
	if hello.ID != "hello" || hello.Name != "hello" || !hello.Enabled || hello.Timeout() != DefaultTimeout {
		t.Errorf("hello is %+v", hello.Manifest)
	}
	if shout.Name != "Shout!" || shout.Enabled || shout.Timeout() != 30*time.Second || len(shout.Execute) != 2 {
		t.Errorf("shout is %+v", shout.Manifest)
	}
	if got := mustRun(t, hello.Runner, request()); string(got.Body) != hello.Dir {
		t.Errorf("hello ran in %q, errors %s", got.Body, got.Errors)
	}
	if got := mustRun(t, shout.Runner, request()); string(got.Body) != "2:a b:$HOME:yes\n" {
		t.Errorf("shout got %q", got.Body)
	}
}

func TestFolderIsReadAgain(t *testing.T) {
	const echo = `{"target": "command:echo one", "execute": ["any"]}`
	dir := newFolder(t, map[string]string{"a": echo})
	f, err := OpenFolder(dir, Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	says := func(want string) {
		t.Helper()
		function, err := f.Function("a")
		if err != nil {
			t.Fatal(err)
		}
		if got := string(mustRun(t, function.Runner, request()).Body); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
	says("one\n")
	before, _ := f.Function("a")
	if again, _ := f.Function("a"); again != before {
		t.Error("it was read again without a change")
	}
	manifest := filepath.Join(dir, "a", ManifestName)
	writeAt(t, manifest, strings.Replace(echo, "one", "number two", 1))
	says("number two\n")

	writeAt(t, manifest, `{"target": `)
	kept, err := f.Function("a")
	if err == nil || !strings.Contains(err.Error(), "function a: function.json:") {
		t.Errorf("a broken manifest: %v", err)
	}
	if got := string(mustRun(t, kept.Runner, request()).Body); got != "number two\n" {
		t.Errorf("a broken manifest took the function away: it says %q", got)
	}
	if all, err := f.Functions(); err == nil || len(all) != 1 {
		t.Errorf("a broken manifest: %d functions, %v", len(all), err)
	}
	writeAt(t, manifest, strings.Replace(echo, "one", "mended", 1))
	says("mended\n")

	writeAt(t, filepath.Join(dir, "b", ManifestName), echo)
	if b, err := f.Function("b"); err != nil || b == nil {
		t.Errorf("a new function: %v, %v", b, err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "a")); err != nil {
		t.Fatal(err)
	}
	if gone, err := f.Function("a"); gone != nil || err != nil {
		t.Errorf("a function that is gone: %v, %v", gone, err)
	}
	if all, err := f.Functions(); err != nil || len(all) != 1 {
		t.Errorf("%d functions, %v, want b alone", len(all), err)
	}
	for _, id := range []string{"", "..", "../" + filepath.Base(dir) + "/b", "b/."} {
		if found, err := f.Function(id); found != nil || err != nil {
			t.Errorf("%q is a function: %v, %v", id, found, err)
		}
	}
}

func TestFolderRefusesToOpen(t *testing.T) {
	if _, err := OpenFolder(filepath.Join(programs, "missing"), Config{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	dir := newFolder(t, map[string]string{
		"good": `{"target": "command:echo", "execute": []}`, "bad": `{"target": "command:./missing", "execute": []}`,
		"not an id": `{"target": "command:echo", "execute": []}`,
	})
	_, err := OpenFolder(dir, Config{})
	if err == nil || !strings.Contains(err.Error(), "function bad:") || !strings.Contains(err.Error(), "function not an id:") {
		t.Errorf("got %v, want both that are wrong", err)
	}
}

func TestManifestIsChecked(t *testing.T) {
	for manifest, text := range map[string]string{
		``:                        "it is empty",
		`[]`:                      `it must be an object, as in {"target": "node:main.mjs", "execute": ["any"]}, and is a list`,
		`{"target": "command:x",`: "line 1 is no JSON",
		"{\n\"target\" \"x\"}":    "line 2 is no JSON",
		`{"execute": []}`:         `"target" is missing`,
		`{"target": "command:x"}`: `"execute" is missing`,
		`{"target": "command:x", "execute": [], "schedule": "* * * * *"}`: `there is no "schedule": use name, target, args, execute, timeout, memory, env, enabled`,
		`{"target": "command:x", "execute": []} {}`:                       "follows",
		`{"target": "command:x", "execute": ["everybody"]}`:               `"everybody" is no role`,
		`{"target": "command:x", "execute": ["user:"]}`:                   `is no role`,
		`{"target": "command:x", "execute": [], "timeout": 901}`:          `"timeout" is 901, it must be between 1 and 900`,
		`{"target": "command:x", "execute": [], "timeout": 0}`:            `"timeout" is 0`,
		`{"target": "command:x", "execute": [], "timeout": 1.5}`:          `"timeout" must be a whole number of seconds, 1 to 900, and is the number 1.5`,
		`{"target": "command:x", "execute": "any"}`:                       `"execute" must be a list of roles, as in ["any"], and is a text`,
		`{"target": "command:x", "execute": [1]}`:                         `"execute" must be a list of roles, as in ["any"], and has a number`,
		`{"target": 1, "execute": []}`:                                    `"target" must be a text`,
		`{"name": [], "target": "command:x", "execute": []}`:              `"name" must be a text, and is a list`,
		`{"target": "command:x", "execute": [], "args": "a b"}`:           `"args" must be a list of texts, as in ["-v", "two words"], and is a text`,
		`{"target": "command:x", "execute": [], "timeout": "15s"}`:        `"timeout" must be a whole number of seconds, 1 to 900, and is a text`,
		`{"target": "command:x", "execute": [], "memory": "64M"}`:         `"memory" must be a whole number of MiB, 16 to 1048576, and is a text`,
		`{"target": "command:x", "execute": [], "memory": 1e99}`:          `"memory" must be a whole number of MiB`,
		`{"target": "command:x", "execute": [], "env": ["A=b"]}`:          `"env" must be an object of texts, as in {"LEVEL": "debug"}, and is a list`,
		`{"target": "command:x", "execute": [], "env": {"A": 1}}`:         `"env" must be an object of texts, as in {"LEVEL": "debug"}, and has a number`,
		`{"target": "command:x", "execute": [], "enabled": "no"}`:         `"enabled" must be true or false, and is a text`,
		`{"target": "command:x", "execute": [], "memory": 15}`:            `"memory" is 15, it must be between 16 and 1048576`,
		`{"target": "command:x", "execute": [], "name": ""}`:              `"name" must have 1 to 128`,
		`{"target": "node:x", "execute": [], "args": []}`:                 `"args" are for a command`,
		`{"target": "command:x", "execute": [], "args": ["\u0000"]}`:      `"args" holds a NUL`,
	} {
		if _, err := ParseManifest("id", []byte(manifest)); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: got %v, want %q", manifest, err, text)
		}
	}
	if _, err := ParseManifest("-id", []byte(`{"target": "command:x", "execute": []}`)); err == nil {
		t.Error("an id that is none was taken")
	}
}
