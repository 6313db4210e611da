package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// limitFiles lets the files of a running server grow no further than to that
// size: writing beyond it fails as on a full disk, until the limit is lifted.
func (s *apart) limitFiles(size uint64) {
	s.t.Helper()
	var limit unix.Rlimit
	if err := unix.Prlimit(s.process.Pid, unix.RLIMIT_FSIZE, nil, &limit); err != nil {
		s.t.Fatal(err)
	}
	limit.Cur = min(size, limit.Max)
	if err := unix.Prlimit(s.process.Pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
		s.t.Fatal(err)
	}
}

// TestAFullDiskOnTheWire fills a server's disk: at the end of the log, and
// within what the next changes write. Changes that find no room are faults and
// are not made, those that were acknowledged stay, reading goes on, and when
// there is room again the same server changes things again.
func TestAFullDiskOnTheWire(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	s := serveApart(t, "--data", data)
	ann := newPerson(t, "ann")
	if !ann.signUp(s) || !ann.signIn(s) || !ann.makeJWTs(s, ann.known.alive[0], 1) {
		t.FailNow()
	}
	secret, log := ann.known.alive[0], filepath.Join(data, "isojot.db-wal")
	for i, room := range []uint64{0, 100, 5000, 20000, 60000} {
		s.limitFiles(sizeOf(t, log) + room)
		value, full := "", false
		for n := 0; n < 100 && !full; n++ {
			value = fmt.Sprintf("%d-%d %s", i, n, strings.Repeat("x", 3000))
			full = ann.findsNoRoom(s, "PATCH", "/v1/account/prefs", secret, `{"prefs":`+body("value", value)+`}`)
			if !full {
				ann.known.prefs = value
			}
		}
		if !full {
			t.Fatalf("with room for %d bytes, the disk is never full", room)
		}
		if room == 0 {
			ann.allFail(s, secret)
		}
		for name, by := range map[string]map[string]string{"session": bySession(secret), "JWT": byJWT(anyOf(ann.jwts))} {
			if got := s.send("GET", "/v1/account", by, ""); got.status != 200 || got.text("$id") != "ann" {
				t.Errorf("while the disk is full, reading by a %s is answered by %d %v", name, got.status, got.object)
			}
		}
		if got := s.send("GET", "/v1/account/prefs", bySession(secret), ""); got.text("value") != ann.known.prefs {
			t.Errorf("while the disk is full, the prefs are %.10q, not %.10q", got.text("value"), ann.known.prefs)
		}
		s.limitFiles(unix.RLIM_INFINITY)
		if !ann.setPrefs(s, secret, "room again") || !newPerson(t, fmt.Sprintf("bob-%d", i)).signUp(s) {
			t.FailNow()
		}
	}
	if faults := ann.check(s); len(faults) > 0 {
		t.Errorf("afterwards: %q", faults)
	}
	s.kill()
	said, err := os.ReadFile(s.stderr.Name())
	if err != nil || !strings.Contains(string(said), "level=ERROR") || !strings.Contains(string(said), "the disk of the data is full, or fails") {
		t.Errorf("%v, the log does not say why: %s", err, said)
	}
	s = serveApart(t, "--data", data)
	if faults := ann.check(s); len(faults) > 0 {
		t.Errorf("after a kill: %q", faults)
	}
	s.kill()
	whole(t, data)
}

// findsNoRoom asks for a change, which is answered as usual or by a fault.
func (p *person) findsNoRoom(s *apart, method, path, secret, body string) bool {
	p.t.Helper()
	got := s.send(method, path, bySession(secret), body)
	if got.status < 200 || got.status >= 300 && got.status < 500 || got.status >= 500 && got.text("type") == "" {
		p.t.Errorf("%s %s on a full disk is answered by %d %v", method, path, got.status, got.object)
	}
	return got.status >= 500
}

// allFail asks for each kind of change; there is no room for any.
func (p *person) allFail(s *apart, secret string) {
	p.t.Helper()
	for _, c := range []struct{ method, path, secret, body string }{
		{"POST", "/v1/account", "", body("userId", "eve", "email", "eve@example.com", "password", "password123")},
		{"POST", "/v1/account/sessions/email", "", body("email", p.email(), "password", p.known.password)},
		{"PATCH", "/v1/account/password", secret, body("password", "another one", "oldPassword", p.known.password)},
		{"POST", "/v1/account/jwts", secret, "{}"},
		{"DELETE", "/v1/account/sessions/current", secret, ""},
		{"DELETE", "/v1/account/sessions", secret, ""},
	} {
		if !p.findsNoRoom(s, c.method, c.path, c.secret, c.body) {
			p.t.Errorf("%s %s works on a full disk", c.method, c.path)
		}
	}
}

// anyOf is some key of a map.
func anyOf(m map[string]string) string {
	for key := range m {
		return key
	}
	return ""
}
