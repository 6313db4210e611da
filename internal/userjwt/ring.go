package userjwt

import (
	"slices"
	"time"
)

// MaxLife is how long a token lives at most, and how old one may be that says
// when it was issued, which Appwrite's own do not (contract section 5.3).
const MaxLife = time.Hour

// MaxSkew is how far the clocks of servers that share a database may be apart
// without a key being dropped that has signed.
const MaxSkew = 10 * time.Minute

// Timed is a key and when it begins to sign.
type Timed struct {
	*Key
	SignsFrom time.Time
}

// Ring is the keys of a project in the order in which they were made. Each
// signs until the next one does, and verifies for MaxLife more, which is when
// its last token has expired. One that does not sign yet verifies already: the
// clock of the server that signs may be ahead.
type Ring []Timed

// Signer is the key that signs at a time; nil for a Ring of none. A clock that
// was set back to before the first key finds that one.
func (r Ring) Signer(now time.Time) *Key {
	for _, k := range slices.Backward(r) {
		if !k.SignsFrom.After(now) {
			return k.Key
		}
	}
	if len(r) == 0 {
		return nil
	}
	return r[0].Key
}

// EndsAt is the first moment at which the key with that index verifies nothing
// any more; zero for the last one, whose end is not known. One that is to sign
// later than the next one may have signed by a clock that was ahead.
func (r Ring) EndsAt(i int) time.Time {
	if i+1 == len(r) {
		return time.Time{}
	}
	own, next := r[i].SignsFrom, r[i+1].SignsFrom
	if own.After(next) {
		return own.Add(MaxLife + MaxSkew)
	}
	return next.Add(MaxLife)
}

// Ended reports whether the key with that index verifies nothing any more.
func (r Ring) Ended(i int, now time.Time) bool {
	end := r.EndsAt(i)
	return !end.IsZero() && !now.Before(end)
}

// live are the keys that verify at a time.
func (r Ring) live(now time.Time) []*Key {
	var keys []*Key
	for i := range r {
		if !r.Ended(i, now) {
			keys = append(keys, r[i].Key)
		}
	}
	return keys
}

// Public are the keys that everybody may know and that verify at a time, those
// included that do not sign yet.
func (r Ring) Public(now time.Time) []JWK {
	public := []JWK{}
	for _, k := range r.live(now) {
		if k.algorithm.Public() {
			public = append(public, k.jwk)
		}
	}
	return public
}

// Verify checks a token against the keys at a time and returns its claims, or
// an Error. The keys decide on the algorithm, never the token alone; an exp is
// required, and no leeway allowed: a token is refused from the second of its
// exp on.
func (r Ring) Verify(token string, now time.Time) (Claims, error) {
	for i := range r {
		if r.Ended(i, now) {
			continue
		}
		if c, ok := verifyOwn(r[i].Key, token, now); ok {
			return c, nil
		}
	}
	return verifyAny(r.live(now), token, now)
}
