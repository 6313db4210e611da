package isojot

import (
	"time"

	"github.com/isojot/isojot/internal/jsonobj"
	"github.com/isojot/isojot/internal/moment"
	"github.com/isojot/isojot/internal/tabs"
)

const (
	// defaultLife is how long every Appwrite server lets a JWT live unless it
	// is asked for another time, and older ones always.
	defaultLife = 15 * time.Minute
	// maxLife is the longest life that can be asked for.
	maxLife = tabs.MaxLife
	// maxEarly bounds the default of RefreshEarly.
	maxEarly = time.Minute
)

// held is a token in hand.
type held struct {
	token Token
	// at is when it was asked for, which is no later than it was made.
	at   moment.Moment
	life time.Duration
	// outside tokens were given to the client, which did not make them.
	outside bool
	// refused tokens are of no more use.
	refused bool
	// why is what the server said against it, or "".
	why Reason
}

// hold makes a held token of one that was asked for at that moment.
func hold(jwt string, claims *Claims, at moment.Moment, life time.Duration) *held {
	return &held{
		token: Token{JWT: jwt, UserID: claims.UserID, SessionID: claims.SessionID, Expiry: at.Wall.Add(life)},
		at:    at,
		life:  life,
	}
}

// holdOutside makes a held token of one whose age is not known: it ends at its
// exp by the wall clock. One that says nothing is of use to the server alone.
func holdOutside(jwt string, now moment.Moment) *held {
	claims, err := Decode(jwt)
	if err != nil {
		return &held{token: Token{JWT: jwt}, at: now, outside: true}
	}
	h := hold(jwt, claims, now, max(0, claims.Expiry.Sub(now.Wall)))
	h.token.Expiry, h.outside = claims.Expiry, true
	return h
}

// heldFrom is the token that another tab, or this tab's last page, passed on;
// nil where there is none or it cannot be read.
func heldFrom(t *tabs.Token) *held {
	if t == nil {
		return nil
	}
	claims, err := Decode(t.JWT)
	if err != nil {
		return nil
	}
	return hold(t.JWT, claims, t.At, t.Life)
}

// reason is why the token is of no more use.
func (h *held) reason() Reason {
	switch {
	case h.why != "":
		return h.why
	case h.token.UserID == "":
		return ReasonJWTMalformed
	case h.refused:
		return ReasonUnknown
	}
	return ReasonJWTExpired
}

// left is how much longer the token lives; it may be nil.
func (h *held) left(now moment.Moment) time.Duration {
	if h == nil || h.refused {
		return 0
	}
	return max(0, h.life-now.Since(h.at))
}

// freshFor is how much longer it may be handed out without renewal.
func (h *held) freshFor(now moment.Moment, early time.Duration) time.Duration {
	if h == nil {
		return 0
	}
	if early < 0 {
		early = min(maxEarly, h.life/10)
	}
	return max(0, h.left(now)-min(early, h.life/2))
}

// lifeOf is how long a new token may be used. Without knowing the server's
// clock only what both sides are sure of counts: a server that ignores the
// duration gives 15 minutes.
func lifeOf(claims *Claims, requested time.Duration, res *Response) time.Duration {
	if requested == 0 {
		requested = defaultLife
	}
	life := min(requested, defaultLife)
	if date, ok := serverDate(res); ok {
		life = max(life, min(requested, claims.Expiry.Sub(date)))
	}
	return life
}

// retryAfter reads how long a 429 or 503 asks to wait: Retry-After in seconds (RFC
// 9110 section 10.2.3), else Appwrite's moment of the reset (contract section
// 6), by the server's clock. It is between 0, for not known, and 1 h.
func retryAfter(res *Response) time.Duration {
	if res.Status != 429 && res.Status != 503 {
		return 0
	}
	if seconds, ok := jsonobj.Int(res.Get("retry-after")); ok {
		return bounded(seconds)
	}
	reset, ok := jsonobj.Int(res.Get("x-ratelimit-reset"))
	date, dated := serverDate(res)
	if !ok || !dated {
		return 0
	}
	return bounded(reset - date.Unix())
}

func bounded(seconds int64) time.Duration {
	return time.Duration(min(max(seconds, 0), int64(maxLife/time.Second))) * time.Second
}
