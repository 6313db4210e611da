package server

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/isojot/isojot/internal/store"
)

// settingsPeriod is how often the server looks whether isojot project has
// changed something.
const settingsPeriod = time.Second

// ErrNoSetting says that a setting is not stored.
var ErrNoSetting = errors.New("server: the project has no such setting stored")

// storedSettings follow the settings in the database, which go before those that
// the server was told.
type storedSettings struct {
	applying sync.Mutex // while what holds for a project is replaced
	end      func()     // ends following; nil: nobody does

	mu sync.Mutex
	// given are the projects as the server was told, and versions those of their
	// stored settings that hold; both by id. Pointers are not followed by who
	// prints a server, and projects have keys.
	given    map[string]*Project
	versions map[string]int64
}

// follow runs f until stop is called.
func (s *storedSettings) follow(f func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { f(ctx) })
	s.end = func() {
		cancel()
		done.Wait()
	}
}

// stop ends following.
func (s *storedSettings) stop() {
	if s.end != nil {
		s.end()
	}
}

// note keeps what the server was told of a project.
func (s *storedSettings) note(p Project, version int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.given == nil {
		s.given, s.versions = map[string]*Project{}, map[string]int64{}
	}
	s.given[p.ID], s.versions[p.ID] = &p, version
}

// changed are the projects whose stored settings are of another version.
func (s *storedSettings) changed(versions map[string]int64) []Project {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Project
	for _, id := range slices.Sorted(maps.Keys(s.given)) {
		if versions[id] != s.versions[id] {
			all = append(all, *s.given[id])
		}
	}
	return all
}

// settled is a project with its stored settings, and their version. One that
// this server does not know, or that no longer passes, is logged and left out: a
// server must start beside a newer one.
func (s *Server) settled(ctx context.Context, p Project) (Project, int64, error) {
	versions, err := s.db.SettingsVersions(ctx)
	if err != nil {
		return p, 0, err
	}
	stored, err := s.db.Settings(ctx, p.ID)
	for _, name := range slices.Sorted(maps.Keys(stored)) {
		if err := p.Set(name, stored[name]); err != nil {
			s.log.Error("a stored setting of a project is left out", "project", p.ID, "setting", name, "error", err)
		}
	}
	return p, versions[p.ID], err
}

// followSettings applies what isojot project changes, until the context ends.
func (s *Server) followSettings(ctx context.Context) {
	ticker := time.NewTicker(settingsPeriod)
	defer ticker.Stop()
	for failing := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := s.refreshSettings(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			s.log.Warn("the stored settings of projects cannot be read", "error", err)
		}
		failing = err != nil
	}
}

// refreshSettings applies the stored settings that have changed.
func (s *Server) refreshSettings(ctx context.Context) error {
	versions, err := s.db.SettingsVersions(ctx)
	if err != nil {
		return err
	}
	for _, given := range s.stored.changed(versions) {
		if err := s.applySettings(ctx, given); err != nil {
			return err
		}
	}
	return nil
}

// applySettings replaces what holds for a project by what it was told and its
// stored settings. Its functions stay.
func (s *Server) applySettings(ctx context.Context, given Project) error {
	s.stored.applying.Lock()
	defer s.stored.applying.Unlock()
	p, version, err := s.settled(ctx, given)
	if err != nil {
		return err
	}
	config, err := s.configOf(p)
	if err != nil {
		return err
	}
	if old, ok := s.configs.Load(given.ID); ok {
		config.functions = old.(*projectConfig).functions
		s.configs.Store(given.ID, config)
	}
	s.stored.note(given, version)
	return nil
}

// Settings are what isojot project has set of a project, by name. An unknown
// project is ErrNoProject.
func (k *Keyring) Settings(ctx context.Context, project string) (map[string]string, error) {
	return k.ring.Settings(ctx, project)
}

// SetSetting stores a setting of a project, which holds within a second at every
// server of the database, and goes before what they were told at their start.
func (k *Keyring) SetSetting(ctx context.Context, project, name, value string) error {
	p := Project{ID: project}
	if err := p.Set(name, value); err != nil {
		return err
	}
	return k.ring.SetSetting(ctx, project, name, value)
}

// UnsetSetting forgets a stored setting. One that is not there is ErrNoSetting.
func (k *Keyring) UnsetSetting(ctx context.Context, project, name string) error {
	return store.NotFoundAs(k.ring.UnsetSetting(ctx, project, name), ErrNoSetting)
}
