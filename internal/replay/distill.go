package replay

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Distill plays recordings, those of the name golden or golden2, and writes
// the committed data below the repository's folder root: the expectations, and the list of
// differences with its numbers. A difference keeps the rule it had; a new one
// gets that of its class, or none, which the tests refuse. It fails when fewer
// exchanges match than before.
func Distill(ctx context.Context, name, root string) error {
	of, err := collectionNamed(name)
	if err != nil {
		return err
	}
	scenarios, err := of.load(root)
	if err != nil {
		return err
	}
	got, err := of.playAll(ctx, scenarios, nil)
	if err != nil {
		return err
	}
	var old list
	if err := readJSON(filepath.Join(root, of.listFile), &old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if got.Matched < old.Matched {
		return fmt.Errorf("replay: %d exchanges match, %d did before: find out why, or edit %s", got.Matched, old.Matched, of.listFile)
	}
	of.giveRules(scenarios, got.Differences, old.Differences)
	got.Deliberate = countDeliberate(got.Differences)
	if err := os.WriteFile(filepath.Join(root, of.listFile), []byte(got.text()), 0o644); err != nil {
		return err
	}
	reduced, err := of.reduceAll(ctx, scenarios, got.Differences)
	if err != nil {
		return err
	}
	return writeContract(filepath.Join(root, of.contractDir), reduced)
}

// reduceAll makes the committed expectations: each step with the differences
// that are left without bodies and messages, and their rules.
func (of *collection) reduceAll(ctx context.Context, scenarios []*scenario, full []difference) ([]*scenario, error) {
	var all []*scenario
	steps := map[place]*step{}
	for _, sc := range scenarios {
		r := sc.reduce(of)
		if len(r.Steps) == 0 {
			continue
		}
		all = append(all, r)
		for _, s := range r.Steps {
			steps[place{sc.Name, s.Number}] = s
		}
	}
	got, err := of.playAll(ctx, all, nil)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		r.Pending = got.Pending[r.Name]
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
	fmt.Fprintf(&b, "{\"compared\":%d,\"matched\":%d,\"deliberate\":%d,\"management\":%d,\n",
		l.Compared, l.Matched, l.Deliberate, l.Management)
	if l.Messages > 0 {
		fmt.Fprintf(&b, "\"messages\":%d,\"messagesMatched\":%d,\n", l.Messages, l.MessagesMatched)
	}
	if l.Skipped > 0 {
		fmt.Fprintf(&b, "\"skipped\":%d,\n", l.Skipped)
	}
	if len(l.Pending) > 0 {
		b.WriteString("\"pending\":{")
		for i, name := range slices.Sorted(maps.Keys(l.Pending)) {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString("\n" + encode(name) + ":" + encode(l.Pending[name]))
		}
		b.WriteString("\n},\n")
	}
	b.WriteString("\"differences\":[")
	for i, d := range l.Differences {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n" + encode(d))
	}
	return b.String() + "\n]}\n"
}
