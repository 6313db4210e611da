package replay

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
)

// load reads the recordings and turns them into scenarios.
func (of *collection) load(root string) ([]*scenario, error) {
	exchanges, err := load(of.folder(root))
	if err != nil {
		return nil, err
	}
	return of.compile(exchanges)
}

// playAll plays scenarios against new servers in temporary folders.
func (of *collection) playAll(ctx context.Context, scenarios []*scenario, wrap wrapper) (t tally, err error) {
	dir, err := os.MkdirTemp("", "isojot-replay-")
	if err != nil {
		return tally{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return of.playOn(ctx, func() (data, error) {
		name, err := os.MkdirTemp(dir, "")
		return data{dir: name}, err
	}, scenarios, wrap)
}

// playOn plays scenarios against servers that have only been set up on their
// data.
func (of *collection) playOn(ctx context.Context, fresh func() (data, error), scenarios []*scenario, wrap wrapper) (tally, error) {
	var t tally
	for _, list := range of.worlds(scenarios) {
		d, err := fresh()
		if err != nil {
			return tally{}, err
		}
		d.silent = slices.Contains(of.silent, list[0].Name)
		if err := of.playWorld(ctx, d, list, wrap, setupOf(scenarios), &t); err != nil {
			return tally{}, err
		}
	}
	return t, nil
}

// setupOf is the scenario that makes the projects, nil without one.
func setupOf(scenarios []*scenario) *scenario {
	for _, sc := range scenarios {
		if sc.Name == setupScenario {
			return sc
		}
	}
	return nil
}

// playWorld plays the scenarios that share a server, after the setup.
func (of *collection) playWorld(ctx context.Context, d data, list []*scenario, wrap wrapper, setup *scenario, t *tally) (err error) {
	w, known, err := newWorld(ctx, of, d)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	p := newPlayer(w, known)
	p.wrap = wrap
	if of.apart && setup != nil && setup != list[0] {
		if _, err := p.play(setup); err != nil {
			return err
		}
	}
	for _, sc := range list {
		found, err := p.play(sc)
		if err != nil {
			return err
		}
		t.add(sc, found, slices.Sorted(maps.Keys(p.pending)))
	}
	return nil
}
