package server

import (
	"strconv"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/limit"
	ops "github.com/isojot/isojot/internal/operations"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// The headers that tell a client its budget (contract section 6). Reset is in
// unix seconds.
const (
	headerLimit     = "X-RateLimit-Limit"
	headerRemaining = "X-RateLimit-Remaining"
	headerReset     = "X-RateLimit-Reset"
)

// limiter is the limit of an endpoint.
type limiter interface {
	// check tells the caller its budget, and refuses it when that is spent.
	check(*call) error
}

// rule is a limit that counts requests, before their parameters are looked at
// (contract section 6). Those that agree in what the rule names, and in the
// project, share a counter. Appwrite's counters are shared between projects.
type rule struct {
	window limit.Fixed
	// route: the path of the endpoint, not its method.
	route bool
	// ip: the caller's address.
	ip bool
	// user: the caller's user; servers without one share a counter.
	user bool
	// ownID: the id of the caller's user, as if it were sent as userId.
	ownID bool
	// param: the parameter of that name, as key writes it.
	param string
	// key writes the parameter as the handler looks it up; nil leaves it. Were
	// spellings of one account counted apart, it could be tried without end
	// (contract section 13.4); were those of two counted together, a success
	// with the one would forgive the failures with the other.
	key func(string) string
	// as tells counters apart that agree in the rest; "" for most.
	as string
	// forgives: a 201 empties the counter.
	forgives bool
}

// hourly is a window of that many requests in each clock hour.
func hourly(n int) limit.Fixed { return limit.Fixed{Limit: n, Period: time.Hour} }

// The rules of the endpoints. What only users may ask for is counted for each
// of them at an address: one cannot spend what others behind it have.
var (
	limitCaller    = rule{window: hourly(10), route: true, ip: true}
	limitUser      = rule{window: hourly(10), route: true, ip: true, user: true}
	limitSignOut   = rule{window: hourly(100), route: true, ip: true, user: true}
	limitEmail     = rule{window: hourly(10), route: true, param: "email", key: wire.EmailKey, forgives: true}
	limitToken     = rule{window: hourly(10), ip: true, param: "userId", forgives: true}
	limitAnonymous = rule{window: hourly(50), ip: true}

	// What mails or texts, by whom it goes to and by who asks for it.
	limitRecovery = rules{
		{window: hourly(10), route: true, param: "email", key: wire.EmailKey},
		{window: hourly(10), route: true, ip: true},
	}
	limitMagicURL = rules{
		{window: hourly(60), route: true, param: "email", key: wire.EmailKey},
		{window: hourly(60), route: true, ip: true},
	}
	limitPhoneToken = rules{
		{window: hourly(10), route: true, param: "phone"},
		{window: hourly(10), route: true, ip: true},
	}
	limitPhoneVerification = rules{
		{window: hourly(10), route: true, user: true},
		{window: hourly(10), route: true, ip: true},
	}
	limitInvitation = rule{window: hourly(10), route: true, ip: true}

	// Tries of what was sent. Mails and tries of verification share a counter.
	limitRecoverySecret     = rule{window: hourly(10), route: true, param: "userId"}
	limitVerification       = rule{window: hourly(10), route: true, ownID: true}
	limitVerificationSecret = rule{window: hourly(10), route: true, param: "userId"}
	limitPhoneCode          = rule{window: hourly(10), ip: true, param: "userId"}
	limitPhoneVerified      = rule{window: hourly(10), param: "userId"}

	// Second factors. In Appwrite each challenge has ten tries of its own, and
	// those that succeed count, too.
	limitChallenge     = rule{window: hourly(10), route: true, user: true}
	limitChallengeCode = rule{window: hourly(10), route: true, ownID: true}
)

// limiters are the limits by the names that package operations gives them.
var limiters = map[ops.Limit]limiter{
	ops.LimitCaller: limitCaller, ops.LimitUser: limitUser, ops.LimitSignOut: limitSignOut,
	ops.LimitEmail: limitEmail, ops.LimitToken: limitToken, ops.LimitAnonymous: limitAnonymous,
	ops.LimitJWTs: jwtLimit{},

	ops.LimitRecovery: limitRecovery, ops.LimitRecoverySecret: limitRecoverySecret,
	ops.LimitVerification: limitVerification, ops.LimitVerificationSecret: limitVerificationSecret,
	ops.LimitMagicURL: limitMagicURL, ops.LimitEmailToken: limitRecovery, ops.LimitPhoneToken: limitPhoneToken, ops.LimitPhoneCode: limitPhoneCode,
	ops.LimitPhoneVerification: limitPhoneVerification, ops.LimitPhoneVerificationCode: limitPhoneVerified,
	ops.LimitChallenge: limitChallenge, ops.LimitChallengeCode: limitChallengeCode, ops.LimitInvitation: limitInvitation,
}

// jwtLimit is the limit of JWT creations, which the preset decides.
type jwtLimit struct{}

func (jwtLimit) check(c *call) error {
	if p := c.s.limits; p.sliding.Off() {
		return rule{window: p.fixed, route: true, user: true}.check(c)
	}
	return c.checkCreations()
}

// checkLimit refuses callers whose budget is spent.
func (c *call) checkLimit() error {
	if c.ep.limit == nil {
		return nil
	}
	return c.ep.limit.check(c)
}

// rules are several that count a request, each of which can refuse it.
type rules []rule

// check counts the request by each rule, and tells the caller the least that is
// left. Each counts, whatever the others say: what one refused, is not free.
func (all rules) check(c *call) error {
	var least limit.Budget
	allowed := true
	for i, r := range all {
		b, ok, err := r.count(c)
		if err != nil {
			return err
		}
		if i == 0 || allowed && !ok || ok == allowed && b.Remaining < least.Remaining {
			least = b
		}
		allowed = allowed && ok
	}
	return c.budget(least, allowed)
}

// check counts the request, unless its caller is exempt.
func (r rule) check(c *call) error {
	b, allowed, err := r.count(c)
	if err != nil {
		return err
	}
	return c.budget(b, allowed)
}

// count is check without telling the caller.
func (r rule) count(c *call) (b limit.Budget, allowed bool, err error) {
	bucket, err := r.bucket(c)
	if err != nil {
		return b, false, err
	}
	if r.forgives {
		c.forgiven = bucket
	}
	ctx, exempt := c.r.Context(), r.exempts(c)
	var hits store.Hits
	switch {
	case c.s.options.Limits == LimitsOff:
		hits = store.Hits{Start: r.window.Start(c.now), Now: c.now}
	case exempt:
		hits, err = c.s.db.Hits(ctx, c.project.ID, bucket, r.window)
	default:
		hits, err = c.s.db.Hit(ctx, c.project.ID, bucket, r.window)
		c.counted = countedTry{bucket, hits}
	}
	if err != nil {
		return b, false, err
	}
	return r.budget(hits), exempt || r.window.Allows(hits.Used), nil
}

// budget is what hits leave.
func (r rule) budget(h store.Hits) limit.Budget { return r.window.Budget(h.Used, h.Start, h.Now) }

// exempts reports whether the rule lets the caller through whatever it has used:
// servers with an API key and, with Options.Dev, callers on this machine as
// far as their address is what is counted: there they all share one.
func (r rule) exempts(c *call) bool {
	return c.s.options.Limits == LimitsOff || c.byKey() || r.ip && c.s.clock != nil && reach.Local(c.r)
}

// bucket names the counter of the request. It is a hash, so that the database
// keeps no addresses of those who only tried, and is bounded in length.
func (r rule) bucket(c *call) (string, error) {
	var parts []string
	if r.route {
		parts = append(parts, "route "+c.ep.path())
	}
	if r.ip {
		parts = append(parts, "ip "+reach.Network(reach.ClientIP(c.r)))
	}
	if r.user {
		id := ""
		if c.user != nil {
			id = c.user.ID
		}
		parts = append(parts, "user "+id)
	}
	if r.ownID && c.user != nil {
		parts = append(parts, "userId "+c.user.ID)
	}
	if r.param != "" {
		p, err := c.params()
		if err != nil {
			return "", err
		}
		v, _ := p.Value(r.param)
		value, _ := v.(string)
		if r.key != nil {
			value = r.key(value)
		}
		parts = append(parts, r.param+" "+value)
	}
	if r.as != "" {
		parts = append(parts, "as "+r.as)
	}
	return ids.Hash(strings.Join(parts, "\x00")), nil
}

// budget tells the caller what is left, and refuses it when it is not allowed.
func (c *call) budget(b limit.Budget, allowed bool) error {
	h := c.w.Header()
	h.Set(headerLimit, strconv.Itoa(b.Limit))
	h.Set(headerRemaining, strconv.Itoa(b.Remaining))
	h.Set(headerReset, strconv.FormatInt(b.ResetUnix(), 10))
	if allowed {
		return nil
	}
	// Whole seconds, as the headers of the budget count.
	h.Set("Retry-After", strconv.Itoa(int(b.RetryAfter/time.Second)))
	return wire.Fail(isojot.ErrRateLimitExceeded)
}
