package server

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/isojot/isojot/internal/userjwt"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/providers"
	"github.com/isojot/isojot/server/internal/reach"
)

// Project is one project to serve, with what holds for it alone. Its users,
// API keys and signing keys are in the database.
type Project struct {
	// ID is a lower-case letter or digit, then up to 35 of a-z, 0-9, period,
	// hyphen and underscore.
	ID string
	// Name is what mails call the project; "" means its ID.
	Name string
	// AllowOrigins are accepted for this project, besides those of Options.
	AllowOrigins []string
	// APIKey, when it is not "", is an API key of the project that has every
	// scope and never expires, of at least 16 bytes. It is not stored: it
	// holds as long as the server runs.
	APIKey string
	// Rules are the rules of signing in.
	Rules Rules
	// MockNumbers are at most 10 phone numbers for tests: instead of a new code that
	// is sent, each always gets its own, and nothing is sent. Whoever knows that can
	// sign in as the user of the number.
	MockNumbers MockNumbers
	// JWTAlgorithm is what the project's JWTs are signed by: HS256, EdDSA or
	// ES256. Where the newest signing key is of another kind, the project gets
	// a new one, as by Keyring.Rotate. "" leaves the keys as they are; a new
	// project has one for HS256.
	JWTAlgorithm string
	// Functions are those that callers of the project execute.
	Functions []Function
	// OAuth2 are the providers of OAuth 2 that users sign in at.
	OAuth2 []OAuth2Provider
	// FunctionsDir, when it is not "", is a folder of further ones: each is a
	// folder of its own, with a function.json (docs/functions.md). What
	// changes there, holds from the next execution on.
	FunctionsDir string
}

// minAPIKey is the least length of Project.APIKey, in bytes.
const minAPIKey = 16

// projectConfig is what a running server keeps of a Project.
type projectConfig struct {
	origins reach.Origins
	// keyHash is the hash of APIKey; "" is no hash of anything.
	keyHash string
	rules   Rules
	name    string // "": the project's id
	// oauth2 are the providers to sign in at, by name.
	oauth2 map[string]*providers.Provider
	// mockNumbers are Project.MockNumbers.
	mockNumbers MockNumbers
	// functions are made by SetProject.
	functions *executions.Set
}

// SetProject makes the project unless it exists, and replaces what this server
// has been told about it. Requests that began before may still follow the old
// settings; functions that were replaced are closed when nobody runs them.
func (s *Server) SetProject(ctx context.Context, p Project) error {
	if _, err := s.configOf(p); err != nil {
		return err
	}
	made, err := s.db.EnsureProject(ctx, p.ID)
	if err != nil {
		return fmt.Errorf("server: making the project %q: %w", p.ID, err)
	}
	s.stored.applying.Lock()
	defer s.stored.applying.Unlock()
	settled, version, err := s.settled(ctx, p)
	if err != nil {
		return fmt.Errorf("server: the settings of the project %q: %w", p.ID, err)
	}
	config, err := s.configOf(settled)
	if err != nil {
		return err
	}
	if newest := made.Keys[len(made.Keys)-1]; p.JWTAlgorithm != "" && p.JWTAlgorithm != newest.Algorithm {
		if err := s.Keys().ring.SignBy(ctx, p.ID, p.JWTAlgorithm); err != nil {
			return err
		}
	}
	if config.functions, err = functionsOf(p.Functions, p.FunctionsDir); err != nil {
		return err
	}
	s.stored.note(p, version)
	old, replaced := s.configs.Swap(p.ID, config)
	if replaced {
		go s.closeFunctions(old.(*projectConfig).functions)
	}
	if _, err := s.projects.Reload(ctx, p.ID); err != nil {
		return err
	}
	s.runs.Wake()
	return nil
}

// closeFunctions closes functions that nobody executes any more.
func (s *Server) closeFunctions(old *executions.Set) {
	if err := old.Close(); err != nil {
		s.log.Error("a function that was replaced did not end", "error", err)
	}
}

// configOf checks the settings of a project.
func (s *Server) configOf(p Project) (*projectConfig, error) {
	if err := checkProjectID(p.ID); err != nil {
		return nil, err
	}
	if p.APIKey != "" && len(p.APIKey) < minAPIKey {
		return nil, fmt.Errorf("server: the API key of project %q has %d bytes: use at least %d random ones", p.ID, len(p.APIKey), minAPIKey)
	}
	allowed, err := reach.ParseOrigins(slices.Concat(s.options.AllowOrigins, p.AllowOrigins))
	if err != nil {
		return nil, err
	}
	if err := checkFunctions(p.Functions); err != nil {
		return nil, fmt.Errorf("server: project %q: %w", p.ID, err)
	}
	if err := p.Rules.check(); err != nil {
		return nil, fmt.Errorf("server: the rules of project %q: %w", p.ID, err)
	}
	if err := checkMockNumbers(p.MockNumbers); err != nil {
		return nil, fmt.Errorf("server: project %q: %w", p.ID, err)
	}
	if p.JWTAlgorithm != "" {
		if err := userjwt.Algorithm(p.JWTAlgorithm).Check(); err != nil {
			return nil, fmt.Errorf("server: the JWTs of project %q: %w", p.ID, err)
		}
	}
	config := &projectConfig{origins: allowed, rules: p.Rules, name: p.Name, mockNumbers: maps.Clone(p.MockNumbers)}
	if config.oauth2, err = s.oauth2Of(p.OAuth2); err != nil {
		return nil, fmt.Errorf("server: project %q: %w", p.ID, err)
	}
	if p.APIKey != "" {
		config.keyHash = ids.Hash(p.APIKey)
	}
	return config, nil
}

// config is what the server was told about a project; for one it was told
// nothing about, and for none (""), what holds for all.
func (s *Server) config(id string) *projectConfig {
	if c, ok := s.configs.Load(id); ok {
		return c.(*projectConfig)
	}
	return s.shared
}

// listed returns the projects of the options: that of Project first, with its
// APIKey, then the others.
func (o *Options) listed() ([]Project, error) {
	first, others := Project{ID: o.Project}, []Project{}
	seen := map[string]bool{}
	for _, p := range o.Projects {
		switch {
		case seen[p.ID]:
			return nil, fmt.Errorf("server: the project %q is listed twice: list it once", p.ID)
		case p.ID == o.Project:
			first = p
		default:
			others = append(others, p)
		}
		seen[p.ID] = true
	}
	if o.APIKey != "" {
		if first.APIKey != "" {
			return nil, fmt.Errorf("server: Options.APIKey and the APIKey of project %q exclude each other: leave out one", o.Project)
		}
		first.APIKey = o.APIKey
	}
	first.Functions = slices.Concat(o.Functions, first.Functions)
	if o.FunctionsDir != "" {
		if first.FunctionsDir != "" {
			return nil, fmt.Errorf("server: Options.FunctionsDir and the FunctionsDir of project %q exclude each other: leave out one", o.Project)
		}
		first.FunctionsDir = o.FunctionsDir
	}
	return append([]Project{first}, others...), nil
}
