package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/isojot/isojot/server"
)

// execChild gives the arguments that make exec run this program in a role.
func execChild(t *testing.T, role string, flags ...string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(childVar, role)
	return append(append([]string{"exec"}, flags...), "--", self)
}

func TestExecEnvironment(t *testing.T) {
	code, stdout, stderr := runFor(t, execChild(t, "environment", "--project", "shop")...)
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if code != 0 || len(lines) != 6 {
		t.Fatalf("exit code %d, stdout %q, stderr %q", code, stdout, stderr)
	}
	url, token := lines[2], lines[5]
	if !strings.HasPrefix(url, "http://127.0.0.1:") || lines[0] != url+"/v1" || lines[1] != lines[0] {
		t.Errorf("endpoints %q and %q, URL %q", lines[0], lines[1], url)
	}
	if lines[3] != "shop" || lines[4] != "shop" || len(token) < 20 {
		t.Errorf("projects %q and %q, token %q", lines[3], lines[4], token)
	}
}

// What is set for a server that runs all day is not for this one.
func TestExecIgnoresServersVariables(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	t.Setenv("ISOJOT_DATA", data)
	t.Setenv("ISOJOT_ADDR", "192.0.2.1:1")
	if code, _, stderr := runFor(t, execChild(t, "0")...); code != 0 {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("the data directory was made: %v", err)
	}
}

func TestExecData(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if code, _, stderr := runFor(t, execChild(t, "0", "--data", data)...); code != 0 {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
	if _, err := os.Stat(filepath.Join(data, "isojot.db")); err != nil {
		t.Error(err)
	}
}

func TestExecServerWorks(t *testing.T) {
	code, stdout, stderr := runFor(t, execChild(t, "call")...)
	if code != 0 || !strings.HasPrefix(stdout, `200 {"now":"`) {
		t.Errorf("exit code %d, stdout %q, stderr %q", code, stdout, stderr)
	}
}

// The server of exec is in development mode, as its help says, unless told not
// to be.
func TestExecIsForDevelopment(t *testing.T) {
	for flag, want := range map[string]struct{ clock, signUp string }{"--dev": {"200", "201"}, "--memory": {"200", "201"}, "--dev=false": {"404", "429"}} {
		for role, want := range map[string]string{"call": want.clock, "sign up": want.signUp} {
			code, stdout, stderr := runFor(t, execChild(t, role, flag)...)
			if code != 0 || !strings.HasPrefix(stdout, want) {
				t.Errorf("%s, %s: exit code %d, stdout %q, stderr %q", flag, role, code, stdout, stderr)
			}
		}
	}
	code, help, _ := runFor(t, "exec", "--help")
	for _, want := range []string{"on, unless --dev=false switches it off", "As with serve --dev, COMMAND can move the clock"} {
		if code != 0 || !strings.Contains(help, want) {
			t.Errorf("the help does not have %q: %s", want, help)
		}
	}
}

func TestExecExitCode(t *testing.T) {
	for role, want := range map[string]int{"0": 0, "1": 1, "42": 42, "die": exitSignal + int(syscall.SIGKILL)} {
		if code, _, stderr := runFor(t, execChild(t, role)...); code != want || stderr != "" {
			t.Errorf("%s: exit code %d, want %d; stderr %q", role, code, want, stderr)
		}
	}
}

func TestExecCannotStart(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for command, want := range map[string]int{"no-such-command": exitNotFound, plain + "-absent": exitNotFound, plain: exitNotExecutable} {
		code, _, stderr := runFor(t, "exec", "--", command)
		if code != want || !strings.Contains(stderr, command) {
			t.Errorf("%s: exit code %d, want %d; stderr %q", command, code, want, stderr)
		}
	}
}

// Flags after the command belong to it, with "--" or without.
func TestExecLeavesArgumentsAlone(t *testing.T) {
	args := execChild(t, "7")
	self := args[len(args)-1]
	if code, _, stderr := runFor(t, "exec", self, "--limits", "nonsense", "--help"); code != 7 {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
}

func TestExecForwardsSignals(t *testing.T) {
	awayFromTerminal(t)
	for _, s := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		p := start(t, execChild(t, "wait")...)
		p.until(t, "ready")
		if err := signalSelf(s); err != nil {
			t.Fatal(err)
		}
		if code := p.end(t); code != 3 {
			t.Errorf("%v: exit code %d, want the command's own 3; stderr %q", s, code, p.stderr.String())
		}
	}
}

// awayFromTerminal takes the terminal away for one test, if there is one: an
// interrupt is then passed on to the command.
func awayFromTerminal(t *testing.T) {
	t.Helper()
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	terminal := os.Stdin
	os.Stdin = null
	t.Cleanup(func() {
		os.Stdin = terminal
		null.Close()
	})
	if onTerminal() {
		t.Error("the null device passes for a terminal")
	}
}

// The end of the caller's context ends the command, and the server with it.
func TestExecEndsWithContext(t *testing.T) {
	p := start(t, execChild(t, "wait")...)
	p.until(t, "ready")
	p.cancel()
	if code := p.end(t); code != 3 {
		t.Errorf("exit code %d, want the command's own 3; stderr %q", code, p.stderr.String())
	}
}

// A command must not wait for a server that is gone.
func TestExecEndsWithServer(t *testing.T) {
	h, err := newHost(t.Context(), settings{addr: "127.0.0.1:0", options: server.Options{Memory: true, Logger: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	h.listener.Close()
	err = h.serveWhile(t.Context(), func(ctx context.Context) error {
		<-ctx.Done()
		return nil
	})
	if !errors.Is(err, net.ErrClosed) {
		t.Errorf("error %v, want that of the listener", err)
	}
}
