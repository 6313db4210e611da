package replay

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Show says what Print prints.
type Show struct {
	// Scenarios is a regular expression for the names of what is played.
	Scenarios string
	// Summary prints the numbers of each scenario and no differences.
	Summary bool
	// Width is where values are cut off, in bytes.
	Width int
}

// Print plays recordings, those of the name golden or golden2, and prints what
// differs in each scenario, listed or not.
func Print(ctx context.Context, w io.Writer, name, root string, show Show) error {
	of, err := collectionNamed(name)
	if err != nil {
		return err
	}
	filter, err := regexp.Compile(show.Scenarios)
	if err != nil {
		return err
	}
	if of.folder(root) == "" {
		return fmt.Errorf("the recordings %s are not here: set %s to their folder", of.name, of.variable)
	}
	all, err := of.load(root)
	if err != nil {
		return err
	}
	some := of.sharing(all, filter)
	got, err := of.playAll(ctx, some, nil)
	if err != nil {
		return err
	}
	byStep := map[place][]difference{}
	for _, d := range got.all {
		at := place{d.Scenario, d.Step}
		byStep[at] = append(byStep[at], d)
	}
	for _, sc := range some {
		if filter.MatchString(sc.Name) {
			sc.print(w, byStep, show)
			if missing := got.Pending[sc.Name]; len(missing) > 0 {
				fmt.Fprintf(w, "%s: not there: %s\n", sc.Name, strings.Join(missing, " "))
			}
		}
	}
	return nil
}

// sharing are the scenarios whose names match, the setup, and those that share
// a server with them.
func (of *collection) sharing(all []*scenario, filter *regexp.Regexp) []*scenario {
	worlds := map[string]bool{}
	for _, sc := range all {
		worlds[of.world(sc.Name)] = worlds[of.world(sc.Name)] || filter.MatchString(sc.Name)
	}
	return slices.DeleteFunc(slices.Clone(all), func(sc *scenario) bool {
		return of.apart && !worlds[of.world(sc.Name)] && sc.Name != setupScenario
	})
}

// print prints a scenario's differences.
func (sc *scenario) print(w io.Writer, found map[place][]difference, show Show) {
	compared, matched := 0, 0
	for _, s := range sc.Steps {
		diffs := found[place{sc.Name, s.Number}]
		if s.compared() {
			compared++
			if len(diffs) == 0 {
				matched++
			}
		}
		if len(diffs) == 0 || show.Summary {
			continue
		}
		fmt.Fprintf(w, "%s %d: %s\n    %s %.200s %.200s\n", sc.Name, s.Number, s.Label, s.Request.Method, s.Request.Path, s.Request.Body)
		for _, d := range diffs {
			fmt.Fprintf(w, "    %s\n        recorded %.*q\n        ours     %.*q\n", d.Field, show.Width, d.Recorded, show.Width, d.Ours)
		}
	}
	fmt.Fprintf(w, "%s: %d compared, %d match\n", sc.Name, compared, matched)
}
