package isojot

import (
	"strconv"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/jsonobj"
)

// tabs is what the tabs of one browser have in common, beside its cookie jar.
type tabs struct {
	// own is kept for this tab alone, over reloads: sessionStorage.
	own Storage
	// all is kept for all tabs: localStorage.
	all Storage
	// open joins the channel of that name; receive is called with what other
	// tabs post. nil where there is none.
	open func(name string, receive func(message string)) channel
}

// channel reaches the other tabs of the page's origin: a BroadcastChannel.
type channel interface {
	Post(message string)
	Close()
}

// sharesSession reports whether other tabs have the same session: it is the one
// in the cookie jar or in localStorage, and not one that the client was given.
func (c *config) sharesSession() bool {
	return c.tabs != nil && c.session == "" && c.key == "" && (c.storage == nil || c.storage == c.tabs.all)
}

// offerPatience is how long a tab that does not know its session yet waits
// for another tab's token before it spends one of the user's budget.
const offerPatience = 50 * time.Millisecond

// share is one SessionTokens' part in what the tabs share.
//
// The epoch orders sign-ins and sign-outs of all tabs: each raises it. A
// message or a stored token of an earlier epoch is about a session that is
// gone.
type share struct {
	tabs    *tabs
	token   Storage // nil: in memory only
	name    string
	project string
	end     string // the endpoint
	epoch   int64
	channel channel
	turn    turn
	opened  time.Time
	// offer is another tab's token, while this tab does not know whether its
	// session is the same.
	offer   *held
	offered chan struct{} // closed when there is one
}

// openShare restores this tab's token, and asks the other tabs for theirs.
func (s *SessionTokens) openShare() {
	cfg := s.client.cfg()
	h := &share{
		tabs: cfg.tabs, token: cfg.tabs.own, name: cfg.project + "@" + cfg.endpoint,
		project: cfg.project, end: cfg.endpoint, opened: time.Now(), offered: make(chan struct{}),
		turn: newTurn(),
	}
	if s.options.storage != nil {
		h.token = *s.options.storage
	}
	h.epoch = h.storedEpoch()
	s.share = h
	s.restore()
	if h.tabs.open != nil {
		h.channel = h.tabs.open("isojot:"+h.name, s.hear)
		s.tell("hello")
	}
}

func (h *share) close() {
	if h.channel != nil {
		h.channel.Close()
	}
}

func (h *share) epochName() string { return "isojot:epoch:" + h.name }
func (h *share) tokenName() string { return "isojot:token:" + h.name }

func (h *share) storedEpoch() int64 {
	epoch, _ := jsonobj.Int(h.tabs.all.Get(h.epochName())) // 0: none yet
	return epoch
}

// bumpEpoch begins a new epoch for all tabs. s.mu is held.
func (s *SessionTokens) bumpEpoch() {
	if h := s.share; h != nil {
		h.epoch = max(h.epoch, h.storedEpoch()) + 1
		h.tabs.all.Set(h.epochName(), strconv.FormatInt(h.epoch, 10))
	}
}

// checkEpoch notices what other tabs did while this one could not hear them,
// such as in the browser's back/forward cache. It reports whether whoever was
// signed in here is not any more.
func (s *SessionTokens) checkEpoch() (left bool) {
	s.mu.Lock()
	left = s.notice()
	s.mu.Unlock()
	s.queue.run()
	return left
}

// notice is checkEpoch for who holds s.mu.
func (s *SessionTokens) notice() (left bool) {
	return s.share != nil && s.overtaken(s.share.storedEpoch())
}

// overtaken takes in that the tabs are in that epoch. If it is a later one than
// this tab's, whoever was signed in is not any more, and who is remains to be
// seen. s.mu is held.
func (s *SessionTokens) overtaken(epoch int64) (left bool) {
	if epoch <= s.share.epoch {
		return false
	}
	s.share.epoch = epoch
	if left = s.known == signedIn; left {
		s.leave(nil)
	}
	s.forget()
	s.known = signedUnknown
	return left
}

// persist writes the token down for this tab's next page, or removes it.
// s.mu is held.
func (s *SessionTokens) persist() {
	h := s.share
	if h == nil || h.token == nil {
		return
	}
	record := s.record()
	s.queue.add(func() { h.token.Set(h.tokenName(), record) })
}

// record is the token in hand, and the end of a pause, as JSON; or "".
func (s *SessionTokens) record() string {
	now := s.now()
	fields := []string{"epoch", strconv.FormatInt(s.share.epoch, 10)}
	if s.held.left(now) > 0 {
		fields = append(fields, "jwt", jsonobj.Quote(s.held.token.JWT), "at", millis(s.held.at.wall), "life", spanText(s.held.life))
	}
	if left := s.limited(now); left > 0 {
		fields = append(fields, "limited", millis(now.wall.Add(left)))
	}
	if len(fields) == 2 {
		return ""
	}
	return object(fields)
}

// restore takes up what this tab's last page wrote down.
func (s *SessionTokens) restore() {
	h, now := s.share, s.now()
	if h.token == nil {
		return
	}
	record, err := jsonobj.Parse(h.token.Get(h.tokenName()))
	if epoch, ok := record.Int("epoch"); err != nil || !ok || epoch != h.epoch {
		return
	}
	if until, ok := record.Int("limited"); ok {
		if left := time.UnixMilli(until).Sub(now.wall); left > 0 {
			s.pause = pause{from: now, span: min(left, maxLife), err: limitedError()}
		}
	}
	at, ok := record.Int("at")
	age := now.wall.Sub(time.UnixMilli(at))
	if held := heldFrom(record, now, age); ok && held != nil {
		s.known, s.who, s.held = signedIn, identityOf(held), held
	}
}

// limited is how much longer the user's budget is known to be used up.
func (s *SessionTokens) limited(now stamp) time.Duration {
	if s.pause.err == nil || s.pause.err.Code != 429 {
		return 0
	}
	return s.pause.left(now)
}

func limitedError() *Error {
	return &Error{
		Code: 429, Type: ErrRateLimitExceeded, Reason: ReasonRateLimited, Operation: "account.createJWT",
		Message: "the user's budget of JWTs, which all of their tabs and devices share, was used up a moment ago",
	}
}

// heldFrom reads a token of that age from a record or message, or nil.
func heldFrom(obj jsonobj.Object, now stamp, age time.Duration) *held {
	jwt, _ := obj.String("jwt")
	life, _ := obj.Int("life")
	claims, err := Decode(jwt)
	// A negative age is a clock that was set back: the true one is not known.
	if err != nil || age < 0 || life <= 0 || time.Duration(life) > maxLife/time.Millisecond {
		return nil
	}
	h := hold(jwt, claims, now.before(age), time.Duration(life)*time.Millisecond)
	if h.left(now) == 0 {
		return nil
	}
	return h
}

func millis(t time.Time) string       { return strconv.FormatInt(t.UnixMilli(), 10) }
func spanText(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// object writes a JSON object of names and values, which are JSON already.
func object(namesAndValues []string) string {
	var members []string
	for i := 0; i < len(namesAndValues); i += 2 {
		members = append(members, jsonobj.Quote(namesAndValues[i])+":"+namesAndValues[i+1])
	}
	return "{" + strings.Join(members, ",") + "}"
}
