package replay

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Where the committed data is, below the repository's folder.
const (
	contractDir = "testdata/contract"
	listFile    = "testdata/differences.json"
)

// Distill plays the recordings of a folder and writes the committed data
// below the repository's folder root: the expectations, and the list of
// differences with its numbers. A difference keeps the rule it had; a new one
// gets that of its class, or none, which the tests refuse. It fails when fewer
// exchanges match than before.
func Distill(ctx context.Context, recordings, root string) error {
	exchanges, err := load(recordings)
	if err != nil {
		return err
	}
	scenarios, err := compile(exchanges)
	if err != nil {
		return err
	}
	got, err := playAll(ctx, scenarios, nil)
	if err != nil {
		return err
	}
	var old list
	if err := readJSON(filepath.Join(root, listFile), &old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if got.Matched < old.Matched {
		return fmt.Errorf("replay: %d exchanges match, %d did before: find out why, or edit %s", got.Matched, old.Matched, listFile)
	}
	giveRules(scenarios, got.Differences, old.Differences)
	got.Deliberate = countDeliberate(got.Differences)
	if err := os.WriteFile(filepath.Join(root, listFile), []byte(got.text()), 0o644); err != nil {
		return err
	}
	reduced, err := reduceAll(ctx, scenarios, got.Differences)
	if err != nil {
		return err
	}
	return writeContract(filepath.Join(root, contractDir), reduced)
}

// playAll plays scenarios against a new server in a temporary folder.
func playAll(ctx context.Context, scenarios []*scenario, wrap wrapper) (t tally, err error) {
	dir, err := os.MkdirTemp("", "isojot-replay-")
	if err != nil {
		return tally{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return playOn(ctx, data{dir: dir}, scenarios, wrap)
}

// playOn plays scenarios against a server that has only been set up on its data.
func playOn(ctx context.Context, d data, scenarios []*scenario, wrap wrapper) (t tally, err error) {
	w, known, err := newWorld(ctx, d)
	if err != nil {
		return tally{}, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	p := newPlayer(w, known)
	p.wrap = wrap
	for _, sc := range scenarios {
		found, err := p.play(sc)
		if err != nil {
			return tally{}, err
		}
		t.add(sc, found)
	}
	return t, nil
}

// reduceAll makes the committed expectations: each step with the differences
// that are left without bodies and messages, and their rules.
func reduceAll(ctx context.Context, scenarios []*scenario, full []difference) ([]*scenario, error) {
	var all []*scenario
	steps := map[place]*step{}
	for _, sc := range scenarios {
		r := sc.reduce()
		if len(r.Steps) == 0 {
			continue
		}
		all = append(all, r)
		for _, s := range r.Steps {
			steps[place{sc.Name, s.Number}] = s
		}
	}
	got, err := playAll(ctx, all, nil)
	if err != nil {
		return nil, err
	}
	rules := map[place]string{}
	for _, d := range full {
		rules[place{d.Scenario, d.Step}] = d.Rule
	}
	for _, d := range got.Differences {
		at := place{d.Scenario, d.Step}
		d.Rule = rules[at]
		steps[at].Differences = append(steps[at].Differences, d)
	}
	return all, nil
}

// place is where a difference is.
type place struct {
	scenario string
	step     int
}

// text writes the list with a difference on each line.
func (l list) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "{\"compared\":%d,\"matched\":%d,\"deliberate\":%d,\"management\":%d,\n\"differences\":[",
		l.Compared, l.Matched, l.Deliberate, l.Management)
	for i, d := range l.Differences {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n" + encode(d))
	}
	return b.String() + "\n]}\n"
}
