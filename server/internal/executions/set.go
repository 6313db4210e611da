package executions

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/isojot/isojot/internal/runner"
)

// Set are those of a project: the listed ones, and those of a folder.
type Set struct {
	listed map[string]*Function
	folder *runner.Folder // nil without one
}

// NewSet makes a set of none.
func NewSet() *Set { return &Set{listed: map[string]*Function{}} }

// Add adds one that is listed.
func (f *Set) Add(one *Function) { f.listed[one.ID] = one }

// OpenFolder adds those of a folder, if there is one; after an error none is
// left, listed or not.
func (f *Set) OpenFolder(dir string) (err error) {
	if dir == "" {
		return nil
	}
	if f.folder, err = runner.OpenFolder(dir, runner.Config{}); err != nil {
		f.folder = nil
		return errors.Join(fmt.Errorf("server: the folder of functions %q: %w", dir, err), f.Close())
	}
	return f.checkTwice()
}

// checkTwice refuses a folder that has a function that is listed, too.
func (f *Set) checkTwice() error {
	found, err := f.folder.Functions()
	for _, one := range found {
		if f.listed[one.ID] != nil {
			err = errors.Join(err, fmt.Errorf("server: the function %q is listed and in the folder: leave out one", one.ID))
		}
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	return nil
}

// Find returns a function, or nil. Those of the folder are as their files say
// now; where these are wrong, as they said before.
func (f *Set) Find(id string, log *slog.Logger) *Function {
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
func foldered(one *runner.Function) *Function {
	if one == nil {
		return nil
	}
	return &Function{
		ID: one.ID, Name: one.Name, Target: one.Target, Execute: one.Execute, Timeout: one.Timeout(), Disabled: !one.Enabled, Runner: one.Runner,
	}
}

// All are the functions, by id.
func (f *Set) All() ([]*Function, error) {
	var list []*Function
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
	slices.SortFunc(list, func(a, b *Function) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}

// Close closes them all, each when nobody runs it any more.
func (f *Set) Close() error {
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
