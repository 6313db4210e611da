package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// stranger is a user to whom no file of a test belongs.
const stranger = 65534

// asStranger runs f with the rights on files of another user than root, who may
// do everything. The thread is not used again.
func asStranger(t *testing.T, f func()) {
	t.Helper()
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		if os.Geteuid() == 0 {
			if err := syscall.Setfsuid(stranger); err != nil {
				done <- err
				return
			}
		}
		f()
		done <- nil
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// A folder that the user may not use is told from one without a database.
func TestDataWithoutPermission(t *testing.T) {
	data := dataOf(t)
	locked := t.TempDir()
	// So that it is the folders themselves that refuse.
	for _, parent := range []string{filepath.Dir(locked), filepath.Dir(data), filepath.Dir(filepath.Dir(data))} {
		if err := os.Chmod(parent, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	for dir, mode := range map[string]fs.FileMode{data: 0, locked: 0o500} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := os.Chmod(dir, 0o700); err != nil {
				t.Error(err)
			}
		})
	}
	below := filepath.Join(locked, "data")
	asStranger(t, func() {
		tells(t, []string{"serve", "--addr", "127.0.0.1:0", "--data", below}, exitFailure, "--data: "+below+" cannot be used by this user", "permission denied", "chown", "name another folder")
		tells(t, []string{"serve", "--addr", "127.0.0.1:0", "--data", data}, exitFailure, "--data: "+data+" cannot be used by this user")
		tells(t, []string{"key", "list", "--data", data}, exitFailure, "--data: "+data+" cannot be used by this user (", "permission denied")
		tells(t, []string{"jwt", "verify", "--data", data, "x"}, exitCannotTell, "--data: "+data+" cannot be used by this user")
	})
	// What is wrong with another folder is not said of this one.
	functions := t.TempDir()
	if err := os.Chmod(functions, 0); err != nil {
		t.Fatal(err)
	}
	fresh := t.TempDir()
	if err := os.Chmod(fresh, 0o777); err != nil {
		t.Fatal(err)
	}
	asStranger(t, func() {
		code, _, stderr := runFor(t, "serve", "--addr", "127.0.0.1:0", "--data", fresh, "--functions", functions)
		if code == 0 || !strings.Contains(stderr, "the folder of functions") || strings.Contains(stderr, "--data") {
			t.Errorf("exit code %d, stderr %q", code, stderr)
		}
	})
	tells(t, []string{"key", "list", "--data", filepath.Join(t.TempDir(), "none")}, exitFailure, "--data: ", "there is no database in ")
}
