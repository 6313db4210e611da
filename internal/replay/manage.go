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
	Numbers             []struct{ Phone, OTP string } // with fixed codes
	Total               int                           // of users, sessions, or older passwords
	Duration            int                           // of sessions, in seconds

	Min                                   int // the least length of passwords
	Uppercase, Lowercase, Number, Symbols bool

	Provider, AppID, Secret string // of OAuth2

	UserID, UserName, UserEmail, UserPhone, UserMFA bool
}

// providerCall switches a provider of OAuth2 on.
const providerCall = "oauth2"

// managementPath is the path of a management call. What a project's own API key
// asks for below /v1/project is written as what the console asks for.
func managementPath(e exchange) string {
	if what, ok := strings.CutPrefix(e.Request.Path, "/v1/project/"); ok {
		return "/v1/projects/" + requestHeader(e, "X-Appwrite-Project") + "/" + what
	}
	return e.Request.Path
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
	return ok && slices.Contains(of.projects, project) && (changes[what] != nil || what == providerCall)
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
	if what == providerCall {
		w.provide(w.projects[project], s)
	} else {
		changes[what](w.projects[project], s)
	}
	return nil, w.server.SetProject(w.ctx, *w.projects[project])
}

// changes are the management calls that are translated.
var changes = map[string]func(*server.Project, settings){
	"platforms":           addPlatform,
	"auth/jwt":            method(server.MethodJWT),
	"auth/email-password": method(server.MethodEmailPassword),
	"auth/anonymous":      method(server.MethodAnonymous),
	"auth/magic-url":      method(server.MethodMagicURL),
	"auth/email-otp":      method(server.MethodEmailOTP),
	"auth/phone":          method(server.MethodPhone),
	"auth/invites":        method(server.MethodInvites),
	"auth/limit":          func(p *server.Project, s settings) { p.Rules.MaxUsers = s.Total },
	"auth/max-sessions":   func(p *server.Project, s settings) { p.Rules.MaxSessions = s.Total },
	"auth/duration": func(p *server.Project, s settings) {
		p.Rules.SessionDuration = time.Duration(s.Duration) * time.Second
	},
	"policies/password-history":       func(p *server.Project, s settings) { p.Rules.PasswordHistory = s.Total },
	"policies/password-dictionary":    func(p *server.Project, s settings) { p.Rules.PasswordDictionary = s.Enabled },
	"policies/password-personal-data": func(p *server.Project, s settings) { p.Rules.PasswordPersonalData = s.Enabled },
	"policies/password-strength": func(p *server.Project, s settings) {
		p.Rules.PasswordStrength = server.PasswordStrength{Min: s.Min, Uppercase: s.Uppercase, Lowercase: s.Lowercase, Number: s.Number, Symbol: s.Symbols}
	},
	"policies/session-alert":        func(p *server.Project, s settings) { p.Rules.SessionAlerts = s.Enabled },
	"policies/session-invalidation": func(p *server.Project, s settings) { p.Rules.KeepSessions = !s.Enabled },
	"policies/membership-privacy": func(p *server.Project, s settings) {
		p.Rules.MembershipPrivacy = server.MembershipPrivacy{UserID: s.UserID, UserName: s.UserName, UserEmail: s.UserEmail, UserPhone: s.UserPhone, MFA: s.UserMFA}
	},
	"auth/mock-numbers": func(p *server.Project, s settings) {
		p.MockNumbers = server.MockNumbers{}
		for _, n := range s.Numbers {
			p.MockNumbers[n.Phone] = n.OTP
		}
	},
	"service": func(p *server.Project, s settings) {
		p.Rules.DisabledServices = switched(p.Rules.DisabledServices, s.ServiceID, s.Enabled)
	},
}

// untranslated are the management calls that change nothing here, and why. A
// call is either here or in changes, or makes a function or a key.
var untranslated = map[string]string{
	"":                      "the project, or its key of all scopes, is there from the start",
	"smtp":                  "the replay reads the outbox, which says nothing of who sends: mail servers of a project are not set in it",
	"templates/email":       "templates are files of the server, not of a project",
	"messaging/providers/*": "there are no providers of push messages: a target's provider is not looked at",
	"setup":                 "the console's own users and teams are not there",
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
