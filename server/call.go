package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/internal/userjwt"
	"github.com/isojot/isojot/server/internal/projects"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// consoleProject is the id of Appwrite's own project; here it stands for none.
const consoleProject = "console"

// call is one request on its way through the checks to its handler.
type call struct {
	s  *Server
	ep endpoint
	w  http.ResponseWriter
	r  *http.Request
	// now is when the caller was looked at; act looks again, and sets it to the
	// time of its transaction. What decides is decided there.
	now time.Time

	// project is nil when the request names none, and when it is unknown.
	project        *projects.Project
	unknownProject bool
	// config is what holds for the project; never nil after findProject.
	config *projectConfig

	// user is nil for a guest.
	user *store.User
	// session is the one whose secret the request presents; nil for a JWT.
	session *store.Session
	// byJWT says that the request carries a JWT; claims are those of a valid
	// one.
	byJWT  bool
	claims userjwt.Claims
	// factors are those that the session has shown, also that of a JWT; known
	// where the user's second factor is on.
	factors []string
	// apiKey is the valid API key of the request; nil without one.
	apiKey *store.Key

	// impersonator is the id of the user that presents itself, where the request
	// reads as another, who is user then.
	impersonator string

	// accessed says that this request is the one that noted its user's access.
	accessed bool

	// counted is the try that the limit counted last.
	counted countedTry
	// forgiven is the limit's counter that a 201 empties; "" for none.
	forgiven string

	body *wire.Params // once read
	sent []byte       // the body as it was sent

	// atEnd is done when the request has been answered.
	atEnd []func()
}

// checks are what a request must pass, in the order of contract section 2,
// which decides which error wins.
var checks = append(slices.Clone(requestChecks),
	(*call).checkScope,
	(*call).checkBlocked,
	(*call).checkFactors,
	(*call).noteAccess,
	(*call).impersonate,
	(*call).checkLimit,
	(*call).checkMethod,
	(*call).checkSignedOut,
)

// requestChecks are those that say nothing of what the caller may do.
var requestChecks = []func(*call) error{
	(*call).findProject,
	(*call).identify,
	(*call).checkOrigin,
	(*call).checkProject,
	(*call).checkKey,
	(*call).checkService,
}

// serve runs the checks, then the handler.
func (c *call) serve() error {
	defer func() {
		for _, f := range c.atEnd {
			f()
		}
	}()
	all := checks
	if c.ep.envelope {
		all = requestChecks
	}
	for _, check := range all {
		if err := check(c); err != nil {
			return err
		}
	}
	c.mayCompress()
	return c.ep.handle(c)
}

// findProject finds the project that the request names. An unknown one is
// refused later, after the origin.
func (c *call) findProject() error {
	id, err := c.projectID()
	c.config = c.s.config(id)
	c.allowOrigin() // before any refusal, so that a page can read it
	if err != nil {
		return err
	}
	if id == "" || id == consoleProject {
		if c.key() != "" {
			return wire.Fail(isojot.ErrProjectIDMissing)
		}
		return nil
	}
	p, err := c.s.projects.Find(c.r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		c.unknownProject = true
		return nil
	}
	c.project = p
	return err
}

// projectID is the id in the path, where the endpoint has one there; else in
// the query, in the header or in the body, in this order (contract section 13.7), in lower case.
func (c *call) projectID() (string, error) {
	if c.ep.project != "" {
		return strings.ToLower(c.r.PathValue(c.ep.project)), nil
	}
	id := ""
	if c.r.URL.RawQuery != "" {
		id = c.r.URL.Query().Get("project")
	}
	if id == "" {
		id = c.r.Header.Get("X-Appwrite-Project")
	}
	if id == "" && c.r.ContentLength != 0 {
		p, err := c.params()
		if err != nil {
			return "", err
		}
		v, _ := p.Value("project")
		id, _ = v.(string)
	}
	return strings.ToLower(id), nil
}

// checkOrigin refuses pages of hosts that are not allowed. Requests without
// an Origin do not come from a page of another site, those with a key not
// from a browser.
func (c *call) checkOrigin() error {
	if c.key() != "" {
		return nil
	}
	if c.ep.ownOrigin {
		if err := c.s.checkHost(c.r, &c.config.origins); err != nil {
			return err
		}
	}
	header := c.r.Header.Get("Origin")
	if header == "" || c.ep.ownOrigin && !reach.Foreign(c.r) {
		return nil
	}
	id := ""
	if c.project != nil {
		id = c.project.ID
	}
	err := c.config.origins.Check(header, id)
	if err != nil {
		// Appwrite's message sends its reader to a console that is not here.
		c.s.log.Warn("a page was refused", "origin", header, "project", id, "hint", "start isojot with --allow-origin and that origin, if it is yours")
	}
	return err
}

// checkProject refuses unknown projects.
func (c *call) checkProject() error {
	if c.unknownProject {
		return wire.Fail(isojot.ErrProjectNotFound)
	}
	return nil
}

// checkBlocked refuses blocked users. A server with an API key acts for itself.
func (c *call) checkBlocked() error {
	if c.user != nil && c.user.Blocked && !c.byKey() {
		return wire.Fail(isojot.ErrUserBlocked)
	}
	return nil
}

// accessPeriod is how often it is noted that a user was here: once a day, so
// that reading does not write.
const accessPeriod = 24 * time.Hour

// noteAccess notes that the user was here (accessedAt), where that can be done
// soon: no request fails or waits long for it.
func (c *call) noteAccess() error {
	if c.user == nil || c.byKey() || c.now.Sub(c.user.AccessedAt) <= accessPeriod || !c.s.accesses.try() {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.r.Context(), accessWait)
	defer cancel()
	var at time.Time
	err := c.s.db.Tx(ctx, func(t *store.Tx) error {
		at = t.Now()
		return t.SetAccessed(ctx, c.project.ID, c.user.ID)
	})
	switch {
	case err == nil:
		c.user.AccessedAt, c.accessed = at, true
		c.s.accesses.ended(true)
	case errors.Is(err, store.ErrNotFound): // deleted meanwhile; the handler will see
	case c.r.Context().Err() == nil:
		c.s.accesses.ended(false)
		c.s.log.Warn("it cannot be noted that a user was here", "user", c.user.ID, "error", err)
	}
	return nil
}

// checkSignedOut refuses sign-ins of callers that are signed in.
func (c *call) checkSignedOut() error {
	if c.ep.signIn && c.user != nil {
		return wire.Fail(isojot.ErrSessionAlreadyExists)
	}
	return nil
}

// params are the parameters of the request, read at their first use.
func (c *call) params() (wire.Params, error) {
	if c.body == nil {
		p, sent, err := c.readParams()
		if err != nil {
			return wire.Params{}, err
		}
		c.body, c.sent = &p, sent
	}
	return *c.body, nil
}

// logDecision logs what was decided about the caller, and why.
func (c *call) logDecision(level slog.Level, decision, reason string, about ...slog.Attr) {
	if !c.s.log.Enabled(c.r.Context(), level) {
		return
	}
	all := append([]slog.Attr{slog.String("decision", decision), slog.String("reason", reason),
		slog.String("method", c.r.Method), slog.String("path", c.r.URL.Path)}, about...)
	if c.project != nil {
		all = append(all, slog.String("project", c.project.ID))
	}
	c.s.log.LogAttrs(c.r.Context(), level, "auth", all...)
}

// logRefusal logs a refusal that is about who the caller is.
func (c *call) logRefusal(err error) {
	refusal, ok := refusalOf(err)
	if !ok || refusal.Status() == http.StatusNotFound || refusal.Status() == http.StatusBadRequest {
		return
	}
	var about []slog.Attr
	if c.user != nil {
		about = append(about, slog.String("user", c.user.ID))
	}
	c.logDecision(slog.LevelInfo, "refused", string(refusal.Kind), about...)
}
