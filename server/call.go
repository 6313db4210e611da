package server

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/limit"
	"github.com/isojot/isojot/internal/store"
)

// consoleProject is the id of Appwrite's own project; here it stands for none.
const consoleProject = "console"

// call is one request on its way through the checks to its handler.
type call struct {
	s  *Server
	ep endpoint
	w  http.ResponseWriter
	r  *http.Request
	// now is the one time of the request: all its expiries are compared and
	// all its dates are written with it.
	now time.Time

	// project is nil when the request names none, and when it is unknown.
	project        *store.Project
	unknownProject bool

	// user is nil for a guest.
	user *store.User
	// session is the one whose secret the request presents; nil for a JWT.
	session *store.Session
	// byJWT says that the request carries a JWT.
	byJWT bool

	body *params // once read
}

// checks are what a request must pass, in the order of contract section 2,
// which decides which error wins.
var checks = []func(*call) error{
	(*call).findProject,
	(*call).identify,
	(*call).checkOrigin,
	(*call).checkProject,
	(*call).checkKey,
	(*call).checkScope,
	(*call).checkBlocked,
	(*call).checkLimit,
	(*call).checkSignedOut,
}

// serve runs the checks, then the handler.
func (c *call) serve() error {
	for _, check := range checks {
		if err := check(c); err != nil {
			return err
		}
	}
	return c.ep.handle(c)
}

// key is the API key the request presents.
func (c *call) key() string { return c.r.Header.Get("X-Appwrite-Key") }

// findProject finds the project that the request names. An unknown one is
// refused later, after the origin.
func (c *call) findProject() error {
	id, err := c.projectID()
	if err != nil {
		return err
	}
	if id == "" || id == consoleProject {
		if c.key() != "" {
			return fail(errProjectMissing)
		}
		return nil
	}
	p, err := c.s.project(c.r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		c.unknownProject = true
		return nil
	}
	c.project = &p
	return err
}

// projectID is the id in the query, in the header or in the body, in this
// order (contract section 13.7), in lower case.
func (c *call) projectID() (string, error) {
	id := c.r.URL.Query().Get("project")
	if id == "" {
		id = c.r.Header.Get("X-Appwrite-Project")
	}
	if id == "" && c.r.ContentLength != 0 {
		p, err := c.params()
		if err != nil {
			return "", err
		}
		id, _ = p.values["project"].(string)
	}
	return strings.ToLower(id), nil
}

// checkOrigin refuses pages of hosts that are not allowed. Requests without
// an Origin do not come from a page of another site, those with a key not
// from a browser.
func (c *call) checkOrigin() error {
	header := c.r.Header.Get("Origin")
	if header == "" || c.key() != "" {
		return nil
	}
	id := ""
	if c.project != nil {
		id = c.project.ID
	}
	return c.s.origins.check(header, id)
}

// checkProject refuses unknown projects.
func (c *call) checkProject() error {
	if c.unknownProject {
		return fail(errProject)
	}
	return nil
}

// checkKey refuses API keys: this server has none yet, so every one is
// unknown.
func (c *call) checkKey() error {
	if c.key() != "" {
		return fail(errUnauthorized)
	}
	return nil
}

// checkScope refuses callers whose role lacks the endpoint's scope, and those
// who name no project where one is needed.
func (c *call) checkScope() error {
	name, role, scopes := "User", "guests", guestScopes
	if c.user != nil {
		role, scopes = "users", userScopes
		if c.user.Email != "" {
			name = c.user.Email
		}
	}
	if !slices.Contains(scopes, c.ep.scope) {
		return failf(errScope, `%s (role: %s) missing scopes (["%s"])`, name, role, c.ep.scope)
	}
	if c.project == nil && !c.ep.anywhere {
		return fail(errProject)
	}
	return nil
}

// checkBlocked refuses blocked users.
func (c *call) checkBlocked() error {
	if c.user != nil && c.user.Blocked {
		return fail(errBlocked)
	}
	return nil
}

// checkLimit refuses users whose window is full. Only a success counts, which
// the handler sees to.
func (c *call) checkLimit() error {
	if !c.ep.limited || c.s.window.Off() {
		return nil
	}
	usage, err := c.s.db.JWTCreations(c.r.Context(), c.project.ID, c.user.ID, c.s.window, c.now)
	if err != nil {
		return err
	}
	return c.budget(usage, usage.Count < c.s.window.Limit)
}

// budget tells the caller what is left, and refuses when it is not allowed.
func (c *call) budget(usage limit.Usage, allowed bool) error {
	b := c.s.window.Budget(usage, c.now)
	setBudget(c.w.Header(), b)
	if allowed {
		return nil
	}
	setRetryAfter(c.w.Header(), b)
	return fail(errRateLimit)
}

// checkSignedOut refuses sign-ins of callers that are signed in.
func (c *call) checkSignedOut() error {
	if c.ep.signIn && c.user != nil {
		return fail(errSessionExists)
	}
	return nil
}

// params are the parameters of the request, read at their first use.
func (c *call) params() (params, error) {
	if c.body == nil {
		p, err := readParams(c.w, c.r)
		if err != nil {
			return params{}, err
		}
		c.body = &p
	}
	return *c.body, nil
}

// logDecision logs what was decided about the caller, and why.
func (c *call) logDecision(level slog.Level, decision, reason string, args ...any) {
	if !c.s.log.Enabled(c.r.Context(), level) {
		return
	}
	all := append([]any{"decision", decision, "reason", reason, "method", c.r.Method, "path", c.r.URL.Path}, args...)
	if c.project != nil {
		all = append(all, "project", c.project.ID)
	}
	c.s.log.Log(c.r.Context(), level, "auth", all...)
}

// logRefusal logs a refusal that is about who the caller is.
func (c *call) logRefusal(err error) {
	refusal, ok := errors.AsType[*apiError](err)
	if !ok || errorTable[refusal.kind].status == http.StatusNotFound || errorTable[refusal.kind].status == http.StatusBadRequest {
		return
	}
	args := []any{}
	if c.user != nil {
		args = append(args, "user", c.user.ID)
	}
	c.logDecision(slog.LevelInfo, "refused", string(refusal.kind), args...)
}
