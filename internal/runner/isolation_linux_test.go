package runner

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func missing(r Runner, begins string) bool {
	return slices.ContainsFunc(Limits(r), func(s string) bool { return strings.HasPrefix(s, begins) })
}

// Every run has a user of its own, or it is said that it has none.
func TestUserOfItsOwn(t *testing.T) {
	r := script(t, Config{}, `id -u; id -g; id -G; grep NoNewPrivs /proc/self/status; cat "$1" 2>/dev/null; echo end`, writeSecret(t))
	got := string(mustRun(t, r, request()).Body)
	if missing(r, "a user of its own") {
		if uid := strconv.Itoa(os.Getuid()); !strings.HasPrefix(got, uid+"\n") || os.Getuid() == 0 {
			t.Errorf("it says that there is no user of its own, and got %q", got)
		}
		return
	}
	first := strconv.Itoa(DefaultFirstUID)
	if want := first + "\n" + first + "\n" + first + "\nNoNewPrivs:\t1\nend\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// writeSecret writes a file that the server's user alone may read.
func writeSecret(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUsersAreNotShared(t *testing.T) {
	var users pool
	a, releaseA, err := users.takeUser(90_000)
	if err != nil {
		t.Fatal(err)
	}
	b, releaseB, err := users.takeUser(90_000)
	if err != nil {
		t.Fatal(err)
	}
	releaseA()
	c, releaseC, err := users.takeUser(90_000)
	if err != nil {
		t.Fatal(err)
	}
	releaseB()
	releaseC()
	if a == b || c != a {
		t.Errorf("took %d and %d, and after the first was back %d", a, b, c)
	}
}

// What a function leaves is its own: no other function has its users.
func TestFunctionsDoNotShareUsers(t *testing.T) {
	kept := filepath.Join(sharedFolder(t), "kept")
	writer := script(t, Config{}, `umask 077; echo secret >"$1" && cat "$1"; id -u`, kept)
	reader := script(t, Config{}, `cat "$1" 2>/dev/null; id -u`, kept)
	run := func(r Runner, number int) string {
		req := request()
		req.Number = number
		return string(mustRun(t, r, req).Body)
	}
	wrote := run(writer, 1)
	if missing(reader, "a user of its own") {
		if OwnUsers(reader) || wrote != "secret\n"+strconv.Itoa(os.Getuid())+"\n" {
			t.Errorf("without users of its own it wrote %q", wrote)
		}
		return
	}
	first := DefaultFirstUID + userSlots
	if want := "secret\n" + strconv.Itoa(first) + "\n"; wrote != want || run(reader, 1) != want {
		t.Errorf("it wrote %q, want %q", wrote, want)
	}
	for number, want := range map[int]int{0: DefaultFirstUID, 2: first + userSlots} {
		if got := run(reader, number); got != strconv.Itoa(want)+"\n" {
			t.Errorf("function %d read %q", number, got)
		}
	}
	for _, number := range []int{-1, maxNumber + 1} {
		req := request()
		req.Number = number
		if _, err := reader.Run(t.Context(), req); !errors.Is(err, ErrStart) {
			t.Errorf("function %d: %v", number, err)
		}
	}
}

// sharedFolder makes a folder in which everybody may keep files, as in /tmp.
func sharedFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(programs, "")
	if err == nil {
		err = os.Chmod(dir, 0o777|os.ModeSticky)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A home that its user could not go to is not one: the function runs as the
// server's user, which is named.
func TestHomeOutOfReach(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // behind 0700
	sh := script(t, Config{}, `id -u; echo text >"$HOME/file" && cat "$HOME/file"`)
	js := function(t, Config{}, "main.mjs", `export default ({ res }) => res.text(process.getuid() + "\ntext\n")`)
	for _, r := range []Runner{sh, js} {
		if got, want := string(mustRun(t, r, request()).Body), strconv.Itoa(os.Getuid())+"\ntext\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if !missing(r, "a user of its own") {
			t.Errorf("nothing is said of it: %q", Limits(r))
		}
	}
}

// A folder that nobody else may read still works, and is named.
func TestFolderOfOnesOwn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "main.mjs") // behind 0700
	writeAt(t, file, `export default ({ res }) => res.text(String(process.getuid()))`)
	r, err := Node(Config{}, file)
	r = mustRunner(t, r, err)
	if got := string(mustRun(t, r, request()).Body); got != strconv.Itoa(os.Getuid()) {
		t.Errorf("it ran as %s", got)
	}
	if !missing(r, "a user of its own") {
		t.Errorf("nothing is said of it: %q", Limits(r))
	}
}

// Each run has an empty home of its own, and it is gone afterwards.
func TestHomeOfItsOwn(t *testing.T) {
	r := script(t, Config{}, `[ "$HOME" = "$TMPDIR" ] && ls -A "$HOME" && mkdir -p "$HOME/a/b" && echo x >"$HOME/a/b/c" && chmod 0 "$HOME/a" && printf "$HOME"`)
	var homes []string
	for range 2 {
		home := string(mustRun(t, r, request()).Body)
		if _, err := os.Stat(home); !os.IsNotExist(err) || !filepath.IsAbs(home) {
			t.Errorf("home %q: %v, want it gone", home, err)
		}
		homes = append(homes, home)
	}
	if homes[0] == homes[1] {
		t.Error("two runs had the same home")
	}
}

// No file of the server's gets into a function, also where nobody marked it.
func TestOpenFiles(t *testing.T) {
	fd, err := syscall.Open(writeSecret(t), syscall.O_RDONLY, 0) // without O_CLOEXEC
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	sh := script(t, Config{}, `for fd in /proc/$$/fd/*; do readlink "$fd"; done; true`)
	js := function(t, Config{}, "main.mjs", `
		import { readdirSync, readlinkSync } from "node:fs";
		export default ({ res }) => res.text(readdirSync("/proc/self/fd").map((fd) => {
			try { return readlinkSync("/proc/self/fd/" + fd) } catch { return "" }
		}).join("\n"))`)
	for _, r := range []Runner{sh, js} {
		if got := string(mustRun(t, r, request()).Body); !strings.Contains(got, "pipe:") || strings.Contains(got, "secret") {
			t.Errorf("it has the files %s", got)
		}
	}
}
