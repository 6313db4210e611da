package server

import (
	"os/signal"
	"syscall"
	"testing"
)

// noWrites lets no file take more, as a full disk or a quota does, until it is
// undone. It holds for the whole program, and so for a test that is not parallel.
func noWrites(t *testing.T) (undo func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ) // which would end the program
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 0, Max: was.Max}); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
			t.Fatal(err)
		}
	}
}

// With a full disk everything can be read, and with room again be changed.
func TestFullDisk(t *testing.T) {
	f := newFixture(t, onDisk(t))
	f.signUp("ann")
	ann, _ := f.signIn("ann")
	before := f.must(200, "GET", "/v1/account", session(ann), "").text("accessedAt")
	f.advance(accessPeriod + accessPeriod)
	undo := noWrites(t)
	a := f.do("GET", "/v1/account", session(ann), "")
	change := f.do("PATCH", "/v1/account/name", session(ann), `{"name":"Ann"}`)
	undo()
	if a.Code != 200 || a.text("accessedAt") != before {
		t.Errorf("reading is answered %d: %s", a.Code, a.Body)
	}
	if change.Code < 500 {
		t.Errorf("a change that cannot be stored is answered %d: %s", change.Code, change.Body)
	}
	f.must(200, "PATCH", "/v1/account/name", session(ann), `{"name":"Ann"}`)
	f.accesses.ended(true)
	if a := f.must(200, "GET", "/v1/account", session(ann), ""); a.text("accessedAt") == before || a.text("name") != "Ann" {
		t.Errorf("with room again: %s", a.Body)
	}
}
