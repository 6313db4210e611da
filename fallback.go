package isojot

import (
	"context"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/jsonobj"
)

// storageName is where the official web SDK keeps the session for browsers
// that block the cookie, in the form of the X-Fallback-Cookies header: an
// object from cookie name to value. Sharing it keeps users signed in across a
// change of SDK.
const storageName = "cookieFallback"

// fallback returns the X-Fallback-Cookies header to send, or "". What was
// stored for another project is not sent.
func (c *config) fallback() string {
	if c.storage == nil {
		return ""
	}
	stored := c.storage.Get(storageName)
	if stored == "" || sessionIn(stored, c.project) == "" || checkCredential("", stored) != nil {
		return ""
	}
	return stored
}

// sessionIn reads the project's session out of a X-Fallback-Cookies header.
func sessionIn(fallback, project string) string {
	obj, err := jsonobj.Parse(fallback)
	if err != nil {
		return ""
	}
	for name := range obj {
		if equalFold(name, "a_session_"+project) {
			secret, _ := obj.String(name)
			return secret
		}
	}
	return ""
}

// remembers says whether an answer on this lane may change what is remembered:
// only where the storage, and not an explicit session, is who the client is.
func remembers(c *config, lane Lane) bool {
	return c.storage != nil && c.session == "" && (lane == LaneSession || lane == LaneGuest)
}

// remember keeps the session that the answer sets, and forgets one it clears.
func (c *config) remember(res *Response) {
	if header := res.Get("x-fallback-cookies"); header != "" {
		if strings.HasPrefix(header, "[") { // "[]" clears (contract section 4)
			header = ""
		}
		c.keepFallback(header)
		return
	}
	if secret, cleared := sessionCookie(res, c.cookieName()); cleared {
		c.storage.Set(storageName, "")
	} else if secret != "" {
		c.storage.Set(storageName, `{"`+c.cookieName()+`":"`+secret+`"}`)
	}
}

// keepFallback stores a session, or "" for none. Beside a cookie jar it stays
// in memory for now: most browsers keep the cookie, and then a secret that every
// script of the page can read serves nobody.
func (c *config) keepFallback(header string) {
	if !c.jar || header == "" {
		c.evidence.pending.Store(nil)
		c.storage.Set(storageName, header)
		return
	}
	c.evidence.pending.Store(&header)
	if c.fallback() != "" { // of the session before
		c.storage.Set(storageName, "")
	}
}

// proveCookie finds out, right after a sign-in, whether the browser keeps its
// cookie: on a page that is left at once, memory would not outlast the answer.
// Where nothing comes back, the next call by the session shows it.
func (c *Client) proveCookie(ctx context.Context) {
	if c.cfg.evidence.pending.Load() == nil {
		return
	}
	route := Routes["account.getSession"]
	req, err := c.cfg.request(route, Params{Path: sessionPath("current")}, LaneSession, "")
	if err != nil {
		return
	}
	if res, err := c.roundTrip(ctx, req); err == nil {
		c.cfg.cookieMissing(route, req, res)
	}
}

// deliver sends a request, and once more if the answer shows that the browser
// has not kept the session's cookie. As a guest's, it was refused before it did
// anything (contract section 2, 6).
func (c *Client) deliver(ctx context.Context, route Route, req *Request) (*Response, *Error) {
	res, err := c.roundTrip(ctx, req)
	if err == nil && c.cfg.cookieMissing(route, req, res) {
		c.cfg.presentSession(req)
		return c.roundTrip(ctx, req)
	}
	return res, err
}

// cookieMissing takes in what the answer to a request without the fallback
// header shows of the cookie. It says whether the request should be sent again,
// with one.
func (c *config) cookieMissing(route Route, req *Request, res *Response) bool {
	if c.storage == nil || !req.Cookies || req.Header["x-fallback-cookies"] != "" || slices.Contains(route.Lanes, LaneGuest) {
		return false
	}
	pending := c.evidence.pending.Load()
	if res.Status < 400 && pending != nil {
		c.evidence.pending.CompareAndSwap(pending, nil)
	}
	if res.Status != 401 || !isGuest(errorFrom(req, res)) {
		return false
	}
	if pending != nil && c.evidence.pending.CompareAndSwap(pending, nil) {
		c.storage.Set(storageName, *pending)
	}
	return c.fallback() != "" // whichever call found out first
}
