package server

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/isojot/isojot/internal/runner"
)

// functions are those of a project: the listed ones, and those of a folder.
type functions struct {
	listed map[string]*function
	folder *runner.Folder // nil without one
}

// newFunctions makes them; after an error none is left.
func newFunctions(list []Function, dir string) (*functions, error) {
	made := &functions{listed: map[string]*function{}}
	for _, f := range list {
		one, err := newFunction(f)
		if err != nil {
			return nil, errors.Join(err, made.close())
		}
		made.listed[f.ID] = one
	}
	if dir == "" {
		return made, nil
	}
	var err error
	if made.folder, err = runner.OpenFolder(dir, runner.Config{}); err != nil {
		return nil, errors.Join(fmt.Errorf("server: the folder of functions %q: %w", dir, err), made.close())
	}
	return made, made.checkTwice()
}

// checkTwice refuses a folder that has a function that is listed, too.
func (f *functions) checkTwice() error {
	found, err := f.folder.Functions()
	for _, one := range found {
		if f.listed[one.ID] != nil {
			err = errors.Join(err, fmt.Errorf("server: the function %q is listed and in the folder: leave out one", one.ID))
		}
	}
	if err != nil {
		return errors.Join(err, f.close())
	}
	return nil
}

// find returns a function, or nil. Those of the folder are as their files say
// now; where these are wrong, as they said before.
func (f *functions) find(id string, log *slog.Logger) *function {
	if f == nil { // of a project that the server was told nothing about
		return nil
	}
	if one := f.listed[id]; one != nil || f.folder == nil {
		return one
	}
	one, err := f.folder.Function(id)
	if err != nil {
		log.Warn("a function's files are wrong", "function", id, "error", err)
	}
	return foldered(one)
}

// foldered is a function of a folder, or nil. It is the folder that closes it.
func foldered(one *runner.Function) *function {
	if one == nil {
		return nil
	}
	return &function{runner: one.Runner, Function: Function{
		ID: one.ID, Name: one.Name, Target: one.Target, Execute: one.Execute, Timeout: one.Timeout(), Disabled: !one.Enabled,
	}}
}

// all are the functions, by id.
func (f *functions) all() ([]*function, error) {
	var list []*function
	for _, one := range f.listed {
		list = append(list, one)
	}
	if f.folder != nil {
		found, err := f.folder.Functions()
		if err != nil {
			return nil, err
		}
		for _, one := range found {
			list = append(list, foldered(one))
		}
	}
	slices.SortFunc(list, func(a, b *function) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}

// close closes them all, each when nobody runs it any more.
func (f *functions) close() error {
	if f == nil {
		return nil
	}
	var errs []error
	for _, one := range f.listed {
		errs = append(errs, one.close())
	}
	if f.folder != nil {
		errs = append(errs, f.folder.Close())
	}
	return errors.Join(errs...)
}
