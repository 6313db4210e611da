package replay

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// collection is a folder of recordings of one server, and what is kept of it.
type collection struct {
	// name is that of the folder beside the repository.
	name string
	// variable is the environment variable that names another folder.
	variable string
	// contractDir and listFile are where the committed data is, below the
	// repository's folder.
	contractDir, listFile string
	// projects are those that the recorder made.
	projects []string
	// apart says that each scenario is played against a server of its own, on
	// which the scenario setup was played before: but for lists of what others
	// made, the recorded ones do not depend on each other.
	apart bool
	// silent are the scenarios that were recorded from a server that sends no
	// messages.
	silent []string
	// together are the scenarios that do: each series shares a server.
	together [][]string
}

// setupScenario is the one that makes the projects.
const setupScenario = "setup"

// collections are the recordings there are.
var collections = []*collection{
	{
		name: "golden", variable: "ISOJOT_GOLDEN", contractDir: "testdata/contract", listFile: "testdata/differences.json",
		projects: []string{"golden", "other"},
	},
	{
		name: "golden2", variable: "ISOJOT_GOLDEN2", contractDir: "testdata/contract2", listFile: "testdata/differences2.json",
		projects: []string{"golden", "other", "limits"}, apart: true,
		silent: []string{"smtp-disabled"},
		together: [][]string{
			// The provider knows one user only, whose identity stays.
			{"oauth2", "identities", "oauth2-unverified", "rate-limit-oauth2", "oauth2-proxy", "oauth2-anonymous"},
			// The second asks for the user of the first.
			{"response-formats", "key-scopes"},
			// Odd ids, which both ask for.
			{"users-odd-values", "account-odd-values"},
		},
	},
}

// collectionNamed is the collection of that name.
func collectionNamed(name string) (*collection, error) {
	for _, c := range collections {
		if c.name == name {
			return c, nil
		}
	}
	return nil, fmt.Errorf("replay: there are no recordings %q", name)
}

// folder is where the recordings are: in the folder that the variable names,
// else beside the repository; "" where there are none.
func (c *collection) folder(root string) string {
	if dir := os.Getenv(c.variable); dir != "" {
		return dir
	}
	dir := filepath.Join(root, "..", "shared", c.name)
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return dir
}

// worlds are the series of scenarios that share a server, in the order of their
// first ones.
func (c *collection) worlds(all []*scenario) [][]*scenario {
	if !c.apart {
		return [][]*scenario{all}
	}
	var list [][]*scenario
	at := map[string]int{}
	for _, sc := range all {
		name := c.world(sc.Name)
		if i, ok := at[name]; ok {
			list[i] = append(list[i], sc)
			continue
		}
		at[name] = len(list)
		list = append(list, []*scenario{sc})
	}
	return list
}

// world names the server of a scenario, by the first that it shares it with.
func (c *collection) world(scenario string) string {
	for _, names := range c.together {
		if slices.Contains(names, scenario) {
			return names[0]
		}
	}
	return scenario
}

// compile turns recordings into scenarios, in the order of time.
func (c *collection) compile(recordings [][]exchange) ([]*scenario, error) {
	if !c.apart {
		return compile(newLearner(), recordings)
	}
	var setup [][]exchange
	series, names := map[string][][]exchange{}, []string{}
	for _, list := range recordings {
		name := c.world(list[0].Scenario)
		switch {
		case list[0].Scenario == setupScenario:
			setup = [][]exchange{list}
		case series[name] == nil:
			names = append(names, name)
			fallthrough
		default:
			series[name] = append(series[name], list)
		}
	}
	all, err := compile(newLearner(), setup)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		l := newLearner()
		l.apart = true
		if _, err := compile(l, setup); err != nil {
			return nil, err
		}
		list, err := compile(l, series[name])
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	order := map[string]int{}
	for i, list := range recordings {
		order[list[0].Scenario] = i + 1
	}
	for _, sc := range all {
		sc.Order = order[sc.Name]
	}
	slices.SortFunc(all, func(a, b *scenario) int { return cmp.Compare(a.Order, b.Order) })
	return all, nil
}
