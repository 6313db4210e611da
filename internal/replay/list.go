package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
)

// list is what is known to differ, and how much does not.
type list struct {
	// Compared is the number of exchanges that are played and compared,
	// Matched that of those without any difference, listed or not. Deliberate
	// are those all of whose differences have rules of the contract's sections
	// 12 and 13.
	Compared   int `json:"compared"`
	Matched    int `json:"matched"`
	Deliberate int `json:"deliberate"`
	// Management is the number of exchanges that are not compared.
	Management int `json:"management"`
	// Messages is the number of mails and text messages that are compared, or of
	// times when none came; MessagesMatched that of those without any difference.
	Messages        int `json:"messages,omitempty"`
	MessagesMatched int `json:"messagesMatched,omitempty"`
	// Skipped is the number of lines of WebSockets, which are not played.
	Skipped int `json:"skipped,omitempty"`
	// Pending are the scenarios that ask for operations without a handler, with
	// those operations. They are counted in none of the numbers above.
	Pending map[string][]string `json:"pending,omitempty"`
	// Differences are all that there are, in the order they occur in.
	Differences []difference `json:"differences"`
}

// minShare is the least part of the compared exchanges, the deliberately
// different ones apart, that must match.
const minShare = 0.95

// share is that part.
func (l list) share() float64 { return float64(l.Matched) / float64(l.Compared-l.Deliberate) }

// countDeliberate counts the exchanges whose differences all are deliberate,
// by the rules of the list.
func countDeliberate(all []difference) int {
	open := map[place]bool{}
	for _, d := range all {
		at := place{d.Scenario, d.Step}
		open[at] = open[at] || !deliberate(d.Rule)
	}
	n := 0
	for _, other := range open {
		if !other {
			n++
		}
	}
	return n
}

// tally is the result of a run over scenarios.
type tally struct {
	list
	all []difference // those of pending scenarios, too
}

// add counts a scenario and the differences of its steps, unless operations are
// missing for it.
func (t *tally) add(sc *scenario, found map[int][]difference, missing []string) {
	t.Skipped += sc.Skipped
	for _, s := range sc.Steps {
		t.all = append(t.all, found[s.Number]...)
	}
	if len(missing) > 0 {
		if t.Pending == nil {
			t.Pending = map[string][]string{}
		}
		t.Pending[sc.Name] = missing
		return
	}
	for _, s := range sc.Steps {
		switch s.Class {
		case classManagement:
			t.Management++
		case classMessage:
			t.Messages++
			if len(found[s.Number]) == 0 {
				t.MessagesMatched++
			}
			t.Differences = append(t.Differences, found[s.Number]...)
		case "":
			t.Compared++
			if len(found[s.Number]) == 0 {
				t.Matched++
			}
			t.Differences = append(t.Differences, found[s.Number]...)
		}
	}
}

// unexpected names the differences found that are not listed, those listed
// that were not found, and those listed without a rule of the contract.
func unexpected(listed, found []difference) []string {
	open := map[string]int{}
	for _, d := range listed {
		open[d.key()]++
	}
	var faults []string
	for _, d := range found {
		if open[d.key()] == 0 {
			faults = append(faults, "not listed: "+d.key())
			continue
		}
		open[d.key()]--
	}
	for _, key := range slices.Sorted(maps.Keys(open)) {
		for range open[key] {
			faults = append(faults, "listed, but no longer so: "+key)
		}
	}
	for _, d := range listed {
		if !deliberate(d.Rule) && !explained[d.Rule] && (d.Rule == "" || d.Rule != unruled[place{d.Scenario, d.Step}]) {
			faults = append(faults, "listed without a rule of the contract's section 12 or 13: "+d.key())
		}
	}
	return faults
}

// unexpectedPending says for which scenarios the list is wrong about what is
// missing.
func unexpectedPending(listed, found map[string][]string) []string {
	var faults []string
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		if !slices.Equal(listed[name], found[name]) {
			faults = append(faults, fmt.Sprintf("%s is listed as pending for %q, but %q are missing: run distill", name, listed[name], found[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if listed[name] == nil {
			faults = append(faults, fmt.Sprintf("%s is not listed as pending, but %q are missing", name, found[name]))
		}
	}
	return faults
}

// floor says what is wrong with the numbers of a run: fewer exchanges must
// never match than the list says, and the list must say how many do.
func (l list) floor(got list) error {
	got.Deliberate = countDeliberate(l.Differences)
	switch {
	case got.Compared < l.Compared:
		return fmt.Errorf("%d exchanges are compared, %d were before", got.Compared, l.Compared)
	case got.Matched < l.Matched:
		return fmt.Errorf("%d exchanges match, %d did before", got.Matched, l.Matched)
	case got.MessagesMatched < l.MessagesMatched:
		return fmt.Errorf("%d messages match, %d did before", got.MessagesMatched, l.MessagesMatched)
	case got.share() < minShare:
		return fmt.Errorf("%d of %d exchanges match, and %d more differ deliberately: less than %v %%",
			got.Matched, got.Compared, got.Deliberate, 100*minShare)
	case got.numbers() != l.numbers():
		return fmt.Errorf("the list says %s, but there are %s: run distill", l.numbers(), got.numbers())
	}
	return nil
}

// numbers are the numbers of the list, in words.
func (l list) numbers() string {
	text := fmt.Sprintf("%d compared, %d match, %d differ deliberately, %d management",
		l.Compared, l.Matched, l.Deliberate, l.Management)
	if l.Messages+l.Skipped+len(l.Pending) > 0 {
		text += fmt.Sprintf("; %d messages, %d match; %d lines of WebSockets are not played; %d scenarios are pending",
			l.Messages, l.MessagesMatched, l.Skipped, len(l.Pending))
	}
	return text
}

// readJSON reads a file that holds nothing but what v has.
func readJSON(name string, v any) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("replay: %s: %w", name, err)
	}
	return nil
}
