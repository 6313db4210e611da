package replay

import (
	"cmp"
	"flag"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

var (
	only = flag.String("scenario", "", "print the differences of the scenarios that match this regular expression only")
	most = flag.Int("most", 40, "print at most so many differences of a scenario")
	all  = flag.Bool("all", false, "print listed differences too")
)

// root is the repository's folder.
const root = "../.."

// TestRecordings plays the recordings themselves, values and messages
// included. The differences it prints are those to fix or to list:
//
//	ISOJOT_GOLDEN=... go test ./internal/replay -run TestRecordings -v -args -scenario '^users'
func TestRecordings(t *testing.T) {
	for _, of := range collections {
		t.Run(of.name, func(t *testing.T) {
			scenarios := recorded(t, of)
			got, err := of.playAll(t.Context(), scenarios, nil)
			if err != nil {
				t.Fatal(err)
			}
			var listed list
			if err := readJSON(filepath.Join(root, of.listFile), &listed); err != nil {
				t.Error(err)
			}
			report(t, scenarios, got.Differences, listed.Differences)
			got.Deliberate = countDeliberate(listed.Differences)
			t.Logf("%s: %.1f %% match, %.1f %% of those that do not differ deliberately", got.numbers(),
				100*float64(got.Matched)/float64(got.Compared), 100*got.share())
			faults := unexpected(listed.Differences, got.Differences)
			for _, fault := range faults[:min(len(faults), *most)] {
				t.Error(fault)
			}
			for _, fault := range unexpectedPending(listed.Pending, got.Pending) {
				t.Error(fault)
			}
			if err := listed.floor(got.list); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestContractIsCurrent holds the committed expectations to the recordings.
func TestContractIsCurrent(t *testing.T) {
	for _, of := range collections {
		t.Run(of.name, func(t *testing.T) {
			scenarios := recorded(t, of)
			committed := map[string]string{}
			list, _ := contract(t, of)
			for _, sc := range list {
				committed[sc.Name] = sc.reduceAgain().text()
			}
			for _, sc := range scenarios {
				if r := sc.reduce(of); len(r.Steps) > 0 && committed[sc.Name] != r.text() {
					t.Errorf("%s.json is not what distill makes of the recording", sc.Name)
				}
			}
		})
	}
}

// reduceAgain is a committed scenario without its differences.
func (sc *scenario) reduceAgain() *scenario {
	r := &scenario{Order: sc.Order, Name: sc.Name, Continued: sc.Continued, Skipped: sc.Skipped}
	for _, s := range sc.Steps {
		bare := *s
		bare.Differences = nil
		r.Steps = append(r.Steps, &bare)
	}
	return r
}

// report prints what differs, by scenario, and what fields differ most.
func report(t *testing.T, scenarios []*scenario, found, listed []difference) {
	filter, fields, printed, known := regexp.MustCompile(*only), map[string]int{}, map[string]int{}, map[string]bool{}
	for _, d := range listed {
		known[d.key()] = !*all
	}
	steps := map[place]*step{}
	for _, sc := range scenarios {
		for _, s := range sc.Steps {
			steps[place{sc.Name, s.Number}] = s
		}
	}
	for _, d := range found {
		if known[d.key()] || !filter.MatchString(d.Scenario) {
			continue
		}
		fields[d.Field]++
		if printed[d.Scenario]++; printed[d.Scenario] <= *most {
			s := steps[place{d.Scenario, d.Step}]
			t.Logf("%s %d %s | %s %.80s | %s: %.300q, ours %.300q", d.Scenario, d.Step, s.Label, s.Request.Method, s.Request.Path, d.Field, d.Recorded, d.Ours)
		}
	}
	names := slices.SortedFunc(maps.Keys(fields), func(a, b string) int { return cmp.Compare(fields[b], fields[a]) })
	for _, name := range names[:min(len(names), 20)] {
		t.Logf("%5d %s", fields[name], name)
	}
}

// recorded are the scenarios of the recordings, where those are. Where they are
// not, the committed expectations are all there is to test.
func recorded(t *testing.T, of *collection) []*scenario {
	t.Helper()
	if of.folder(root) == "" {
		t.Skipf("the recordings are not here: %s names their folder", of.variable)
	}
	scenarios, err := of.load(root)
	if err != nil {
		t.Fatal(err)
	}
	return scenarios
}
