package isojot

import (
	"context"
	"slices"

	"github.com/isojot/isojot/internal/ascii"
	"github.com/isojot/isojot/internal/jsonobj"
)

// storageName is where the official web SDK keeps the session for browsers
// that block the cookie, in the form of the X-Fallback-Cookies header: an
// object from cookie name to value. Sharing it keeps users signed in across a
// change of SDK.
const storageName = "cookieFallback"

// endpointName is the member beside the session that says which endpoint it came
// from. Servers pass over it, and so does the official SDK.
const endpointName = "isojot:endpoint"

// fallback returns the X-Fallback-Cookies header to send, or "": the project's
// session and nothing else of what is stored. One that came from another
// endpoint is not sent; one that the official SDK has stored does not say where
// it came from, and is.
func (c *config) fallback() string {
	if c.storage == nil {
		return ""
	}
	stored, err := jsonobj.Parse(c.storage.Get(storageName))
	if err != nil {
		return ""
	}
	name, secret := sessionMember(stored, c.project)
	header := jsonobj.Join([]string{name, jsonobj.Quote(secret)})
	from, _ := stored.String(endpointName)
	_, bound := stored[endpointName]
	if secret == "" || bound && from != c.endpoint || checkCredential("", secret) != nil || checkCredential("", header) != nil {
		return ""
	}
	return header
}

// stored is what to store for a X-Fallback-Cookies header, or "" where it has no
// session of the project.
func (c *config) stored(header string) string {
	fallback, err := jsonobj.Parse(header)
	if err != nil { // such as "[]", which clears (contract section 4)
		return ""
	}
	name, secret := sessionMember(fallback, c.project)
	if secret == "" {
		return ""
	}
	return jsonobj.Join([]string{name, jsonobj.Quote(secret), endpointName, jsonobj.Quote(c.endpoint)})
}

// sessionIn reads the project's session out of a X-Fallback-Cookies header.
func sessionIn(fallback, project string) string {
	obj, err := jsonobj.Parse(fallback)
	if err != nil {
		return ""
	}
	_, secret := sessionMember(obj, project)
	return secret
}

// sessionMember is the project's session, and its name as the server wrote it.
func sessionMember(obj jsonobj.Object, project string) (name, secret string) {
	for name := range obj {
		if ascii.EqualFold(name, "a_session_"+project) {
			secret, _ := obj.String(name)
			return name, secret
		}
	}
	return "", ""
}

// remembers reports whether an answer on this lane may change what is remembered:
// only where the storage, and not an explicit session, is who the client is.
func remembers(c *config, lane Lane) bool {
	return c.storage != nil && c.session == "" && (lane == LaneSession || lane == LaneGuest)
}

// remember keeps the session that the answer sets, and forgets one it clears.
func (c *config) remember(res *Response) {
	if header := res.Get("x-fallback-cookies"); header != "" {
		c.keepFallback(c.stored(header))
		return
	}
	if secret, cleared := sessionCookie(res, c.cookieName()); cleared {
		c.forgetFallback()
	} else if secret != "" {
		c.storage.Set(storageName, c.stored(jsonobj.Join([]string{c.cookieName(), jsonobj.Quote(secret)})))
	}
}

// keepFallback stores a session, or forgets it for "". Beside a cookie jar it
// stays in memory for now: most browsers keep the cookie, and then a secret that
// every script of the page can read serves nobody.
func (c *config) keepFallback(stored string) {
	if c.jar && stored != "" {
		c.evidence.pending.Store(&stored)
		c.forgetFallback() // of the session before
		return
	}
	c.evidence.pending.Store(nil)
	if stored == "" {
		c.forgetFallback()
		return
	}
	c.storage.Set(storageName, stored)
}

// forgetFallback removes the session from the storage, unless it is of another
// project or endpoint.
func (c *config) forgetFallback() {
	if c.fallback() != "" {
		c.storage.Set(storageName, "")
	}
}

// proveCookie finds out, right after a sign-in, whether the browser keeps its
// cookie: on a page that is left at once, memory would not outlast the answer.
// Where nothing comes back, the next call by the session shows it.
func (c *Client) proveCookie(ctx context.Context) {
	if c.cfg().evidence.pending.Load() == nil {
		return
	}
	route := opAccountGetSession.Route
	req, err := c.cfg().request(route, Params{Path: sessionPath("current")}, LaneSession, "")
	if err != nil {
		return
	}
	if res, err := c.roundTrip(ctx, req); err == nil {
		c.cfg().cookieMissing(route, req, res)
	}
}

// deliver sends a request, and once more if the answer shows that the browser
// has not kept the session's cookie. As a guest's, it was refused before it did
// anything (contract section 2, 6).
func (c *Client) deliver(ctx context.Context, route Route, req *Request) (*Response, *Error) {
	res, err := c.roundTrip(ctx, req)
	if err == nil && c.cfg().cookieMissing(route, req, res) {
		c.cfg().presentSession(req)
		return c.roundTrip(ctx, req)
	}
	return res, err
}

// cookieMissing takes in what the answer to a request without the fallback
// header shows of the cookie. It reports whether the request should be sent again,
// with one.
func (c *config) cookieMissing(route Route, req *Request, res *Response) bool {
	if c.storage == nil || !req.Cookies || req.Header["x-fallback-cookies"] != "" || slices.Contains(route.Lanes, LaneGuest) {
		return false
	}
	pending := c.evidence.pending.Load()
	if res.Status < 400 && pending != nil && c.evidence.pending.CompareAndSwap(pending, nil) {
		c.evidence.kept()
	}
	if res.Status != 401 || !isGuest(errorFrom(req, res)) {
		return false
	}
	if pending != nil && c.evidence.pending.CompareAndSwap(pending, nil) {
		c.storage.Set(storageName, *pending)
	}
	return c.fallback() != "" // whichever call found out first
}
