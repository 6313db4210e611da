package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// moment is what was known of a person when the log had that length.
type moment struct {
	person
	log int
}

// TestAServerOnADamagedLog starts servers on what a killed one left, after its
// log was cut or damaged. Each knows all that was acknowledged before the place,
// and nothing that came later.
func TestAServerOnADamagedLog(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	s := serveApart(t, "--data", data)
	ann, log := newPerson(t, "ann"), "isojot.db-wal"
	first := func() string { return ann.known.alive[0] }
	var moments []moment
	for i, do := range []func() bool{
		func() bool { return ann.signUp(s) },
		func() bool { return ann.signIn(s) },
		func() bool { return ann.makeJWTs(s, first(), 1) },
		func() bool { return ann.setPrefs(s, first(), "red") },
		func() bool { return ann.signIn(s) },
		func() bool { return ann.changePassword(s, first(), "another one") },
		func() bool { return ann.makeJWTs(s, first(), 1) },
		func() bool { return ann.signOut(s, first()) },
		func() bool { return ann.signIn(s) },
	} {
		if !do() {
			t.Fatalf("step %d has failed", i)
		}
		moments = append(moments, moment{*ann, int(sizeOf(t, filepath.Join(data, log)))})
		moments[i].jwts = maps.Clone(ann.jwts)
	}
	s.kill()
	wal, err := os.ReadFile(filepath.Join(data, log))
	if err != nil {
		t.Fatal(err)
	}
	for i := range moments[:len(moments)-1] {
		end, next := moments[i].log, moments[i+1].log
		if next <= end {
			t.Fatalf("the log has begun again: %d after %d", next, end)
		}
		damaged := slices.Clone(wal)
		damaged[(end+next)/2] ^= 0x40
		for name, left := range map[string][]byte{"cut at the end": wal[:end], "cut within": wal[:(end+next)/2], "damaged within": damaged} {
			if len(left) > end && i%2 == 0 {
				continue // half of them will do
			}
			t.Run(fmt.Sprintf("step %d, %s", i, name), func(t *testing.T) {
				after := filepath.Join(t.TempDir(), "data")
				copyData(t, data, after)
				if err := os.WriteFile(filepath.Join(after, log), left, 0o600); err != nil {
					t.Fatal(err)
				}
				p := moments[i].back(t, ann)
				if len(left) > end { // what came next may be there, as a whole
					p.maybe, p.mayHave = &moments[i+1].known, moments[i+1].made-p.made
				}
				s := serveApart(t, "--data", after)
				if faults := p.check(s); len(faults) > 0 {
					t.Errorf("%q", faults)
				}
				s.kill()
				whole(t, after)
			})
		}
	}
}

// back is the person as it was, who looks for what came later, too.
func (m moment) back(t *testing.T, later *person) *person {
	p := m.person
	p.t, p.jwts = t, maps.Clone(m.jwts)
	p.secrets = slices.Clone(later.secrets)
	p.before = later.known.password
	return &p
}
