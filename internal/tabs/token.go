package tabs

import (
	"time"

	"github.com/isojot/isojot/internal/jsonobj"
	"github.com/isojot/isojot/internal/moment"
)

// MaxLife is the longest life that can be asked for.
const MaxLife = time.Hour

// Token is a token as tabs pass it on.
type Token struct {
	JWT string
	// At is when it was asked for, which is no later than it was made.
	At moment.Moment
	// Life is how long it lives from then: 1 ms to MaxLife.
	Life time.Duration
}

// Left returns how much longer the token lives; it may be nil.
func (t *Token) Left(now moment.Moment) time.Duration {
	if t == nil {
		return 0
	}
	return max(0, t.Life-now.Since(t.At))
}

// ReadToken reads a token of that age from a message or record. It returns nil
// for one that does not live.
func ReadToken(obj jsonobj.Object, now moment.Moment, age time.Duration) *Token {
	jwt, _ := obj.String("jwt")
	life, _ := obj.Int("life")
	// A negative age is a clock that was set back: the true one is not known.
	if jwt == "" || age < 0 || life <= 0 || time.Duration(life) > MaxLife/time.Millisecond {
		return nil
	}
	t := &Token{JWT: jwt, At: now.Before(age), Life: time.Duration(life) * time.Millisecond}
	if t.Left(now) == 0 {
		return nil
	}
	return t
}
