package replay

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/isojot/isojot/server"
)

// settings are the bodies of the management calls that are translated.
type settings struct {
	Type, Hostname, Key string // of a platform
	ServiceID           string
	Enabled             bool
	Total               int // of users or sessions
	Duration            int // of sessions, in seconds
}

// managed splits the path of a management call about a project: its id, and
// what is set.
func managed(q request) (project, what string, ok bool) {
	path, ok := strings.CutPrefix(q.Path, "/v1/projects/")
	if !ok {
		return "", "", false
	}
	return strings.Cut(path, "/")
}

// translated reports whether a management call has an effect here.
func (of *collection) translated(q request) bool {
	if q.Path == functionsPath {
		return true
	}
	if project, key, ok := madeKey(q); ok {
		return key.Name != allScopes && slices.Contains(of.projects, project)
	}
	project, what, ok := managed(q)
	return ok && slices.Contains(of.projects, project) && changes[what] != nil
}

// manage does what a management call did, and returns the variables of what
// it has made.
func (w *world) manage(q request) (env, error) {
	if !w.of.translated(q) {
		return nil, nil
	}
	if q.Path == functionsPath {
		return nil, w.makeFunction(q)
	}
	if project, key, ok := madeKey(q); ok {
		return w.makeKey(project, key)
	}
	var s settings
	if err := json.Unmarshal([]byte(q.Body), &s); err != nil {
		return nil, fmt.Errorf("the management call: %w", err)
	}
	project, what, _ := managed(q)
	changes[what](w.projects[project], s)
	return nil, w.server.SetProject(w.ctx, *w.projects[project])
}

// changes are the management calls that are translated.
var changes = map[string]func(*server.Project, settings){
	"platforms":           addPlatform,
	"auth/jwt":            method(server.MethodJWT),
	"auth/email-password": method(server.MethodEmailPassword),
	"auth/anonymous":      method(server.MethodAnonymous),
	"auth/limit":          func(p *server.Project, s settings) { p.Rules.MaxUsers = s.Total },
	"auth/max-sessions":   func(p *server.Project, s settings) { p.Rules.MaxSessions = s.Total },
	"auth/duration": func(p *server.Project, s settings) {
		p.Rules.SessionDuration = time.Duration(s.Duration) * time.Second
	},
	"service": func(p *server.Project, s settings) {
		p.Rules.DisabledServices = switched(p.Rules.DisabledServices, s.ServiceID, s.Enabled)
	},
}

// addPlatform lets a platform's origins in.
func addPlatform(p *server.Project, s settings) {
	origin := s.Hostname
	if system, ok := strings.CutPrefix(s.Type, "flutter-"); ok && system != "web" {
		origin = "appwrite-" + system + "://" + s.Key
	}
	p.AllowOrigins = append(p.AllowOrigins, origin)
}

// method switches a way of signing in.
func method(m server.AuthMethod) func(*server.Project, settings) {
	return func(p *server.Project, s settings) { p.Rules.Disabled = switched(p.Rules.Disabled, m, s.Enabled) }
}

// switched is the list of what is switched off, with or without a member.
func switched[T comparable](off []T, member T, enabled bool) []T {
	rest := slices.DeleteFunc(slices.Clone(off), func(t T) bool { return t == member })
	if enabled {
		return rest
	}
	return append(rest, member)
}
