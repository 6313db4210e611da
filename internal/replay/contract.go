package replay

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// reduce makes the committed form of a scenario.
func (sc *scenario) reduce(of *collection) *scenario {
	r := &scenario{Order: sc.Order, Name: sc.Name, Continued: sc.Continued, Skipped: sc.Skipped}
	for _, s := range sc.Steps {
		short := *s
		short.Want, short.Differences = s.Want.reduce(), nil
		if s.Class == classManagement && !of.translated(s.Request) {
			continue
		}
		r.Steps = append(r.Steps, &short)
	}
	return r
}

// readContract reads the committed expectations, in their order.
func readContract(dir string) ([]*scenario, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	var all []*scenario
	for _, name := range names {
		var sc scenario
		if err := readJSON(name, &sc); err != nil {
			return nil, err
		}
		if err := sc.expand(); err != nil {
			return nil, fmt.Errorf("replay: %s: %w", name, err)
		}
		all = append(all, &sc)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("replay: no expectations (*.json) in %s", dir)
	}
	slices.SortFunc(all, func(a, b *scenario) int { return cmp.Compare(a.Order, b.Order) })
	return all, nil
}

// writeContract replaces the committed expectations.
func writeContract(dir string, all []*scenario) error {
	old, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, sc := range all {
		if err := os.WriteFile(filepath.Join(dir, sc.Name+".json"), []byte(sc.text()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// text writes a scenario with a step on each line. A body of the same shape as
// one before is written as the number of that step.
func (sc *scenario) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "{\"order\":%d,\"scenario\":%s,", sc.Order, encode(sc.Name))
	if sc.Continued {
		b.WriteString("\"continued\":true,")
	}
	if sc.Skipped > 0 {
		fmt.Fprintf(&b, "\"skipped\":%d,", sc.Skipped)
	}
	if len(sc.Pending) > 0 {
		fmt.Fprintf(&b, "\"pending\":%s,", encode(sc.Pending))
	}
	b.WriteString("\"steps\":[")
	seen := map[string]int{}
	for i, s := range sc.Steps {
		if i > 0 {
			b.WriteByte(',')
		}
		short := *s
		if s.Want != nil && s.Want.JSON != nil {
			if first, ok := seen[string(s.Want.JSON)]; ok {
				w := *s.Want
				w.JSON, short.Want = json.RawMessage(strconv.Itoa(first)), &w
			} else {
				seen[string(s.Want.JSON)] = s.Number
			}
		}
		b.WriteString("\n" + encode(short))
	}
	return b.String() + "\n]}\n"
}

// expand gives the steps back the shapes that text wrote as numbers.
func (sc *scenario) expand() error {
	shapes := map[string]json.RawMessage{}
	for _, s := range sc.Steps {
		if s.Want == nil || s.Want.JSON == nil {
			continue
		}
		if _, err := strconv.Atoi(string(s.Want.JSON)); err != nil {
			shapes[strconv.Itoa(s.Number)] = s.Want.JSON
			continue
		}
		shape, ok := shapes[string(s.Want.JSON)]
		if !ok {
			return fmt.Errorf("step %d has the shape of step %s, which has none before it", s.Number, s.Want.JSON)
		}
		s.Want.JSON = shape
	}
	return nil
}
