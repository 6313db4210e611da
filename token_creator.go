package isojot

import (
	"context"
	"strconv"
	"time"

	"github.com/isojot/isojot/internal/jsonobj"
	"github.com/isojot/isojot/internal/moment"
	"github.com/isojot/isojot/internal/tabs"
)

// creator makes the JWTs of a client's session. It is all that the token engine
// asks of a client; the client, in its turn, tells an observer of its calls.
type creator struct {
	client   *Client
	duration time.Duration // 0: the server's default
}

// newCreator returns a creator that calls as c would. observer is told of the
// calls.
func newCreator(c *Client, duration time.Duration, o *observer) creator {
	cfg := *c.cfg()
	cfg.observer = o
	return creator{withConfig(cfg), duration}
}

// create asks the server for a token. now is when.
func (c creator) create(ctx context.Context, now moment.Moment) (*held, *Error) {
	res, cause := c.client.Do(ctx, opAccountCreateJWT, Params{Body: c.body()})
	if cause != nil {
		return nil, sourceError(cause)
	}
	obj, cause := jsonobj.Parse(string(res.Body))
	jwt, _ := obj.String("jwt")
	claims, badJWT := Decode(jwt)
	if cause != nil || badJWT != nil {
		return nil, &Error{
			Operation: opAccountCreateJWT.Name, Type: ErrBadResponse, Code: res.Status, Response: string(res.Body), Reason: ReasonUnknown,
			Message: "the answer is no JWT that can be read: check the endpoint", cause: badJWT,
		}
	}
	return hold(jwt, claims, now, lifeOf(claims, c.duration, res)), nil
}

func (c creator) body() []byte {
	if c.duration == 0 {
		return nil
	}
	return []byte(`{"duration":` + strconv.Itoa(int(c.duration/time.Second)) + `}`)
}

// session asks the server whose session it is. No limit counts that.
func (c creator) session(ctx context.Context) (identity, *Error) {
	res, err := c.client.Do(ctx, opAccountGetSession, Params{Path: sessionPath("current")})
	if err != nil {
		return identity{}, sourceError(err)
	}
	return sessionIdentity(res), nil
}

// user is whose session the client was given, or "".
func (c creator) user() string { return sessionUser(c.client.cfg().session) }

// remembers reports whether a sign-in gives the client a session.
func (c creator) remembers() bool {
	cfg := c.client.cfg()
	return cfg.session == "" && (cfg.jar || cfg.storage != nil)
}

// forgetCookie takes in that another tab signed out: no cookie was blocked.
func (c creator) forgetCookie() { c.client.cfg().evidence.signedIn.Store(false) }

// serves reports whether a client that is made of other has the session that c
// makes tokens of.
func (c creator) serves(other *config) bool {
	own := c.client.cfg()
	same := own.endpoint == other.endpoint && own.project == other.project && own.session == other.session && own.key == other.key
	return same && (own.session != "" || own.evidence == other.evidence)
}

// sharesEvidence reports whether other is a copy, by With, of the same client.
func (c creator) sharesEvidence(other *Client) bool {
	return c.client.cfg().evidence == other.cfg().evidence
}

// shared returns what the client's session is shared by: nil where no other tab
// has the same one. Others have it if it is in the cookie jar or in
// localStorage, and not one that the client was given.
func (c creator) shared() (*browserTabs, tabs.Place) {
	cfg := c.client.cfg()
	if cfg.tabs == nil || cfg.session != "" || cfg.key != "" || cfg.storage != nil && cfg.storage != cfg.tabs.all {
		return nil, tabs.Place{}
	}
	return cfg.tabs, tabs.Place{Endpoint: cfg.endpoint, Project: cfg.project}
}
