package isojot

import (
	"errors"
	"strconv"
	"time"

	"github.com/isojot/isojot/internal/jsonobj"
)

// tell posts a message to the other tabs: "hello" asks for a token, "token"
// gives this tab's, "here" says that there is none; "making" and "unmade" are
// the begin and the vain end of this tab's turn; "signed-in" and "signed-out"
// say what this tab did. s.mu is held.
func (s *SessionTokens) tell(kind string) {
	h := s.share
	if h == nil || h.channel == nil {
		return
	}
	fields := []string{
		"kind", jsonobj.Quote(kind), "endpoint", jsonobj.Quote(h.end), "project", jsonobj.Quote(h.project),
		"userId", jsonobj.Quote(s.who.user), "sessionId", jsonobj.Quote(s.who.session), "epoch", strconv.FormatInt(h.epoch, 10),
	}
	switch now := s.now(); kind {
	case "token":
		age := now.since(s.held.at)
		fields = append(fields, "jwt", jsonobj.Quote(s.held.token.JWT), "age", spanText(age), "life", spanText(s.held.life))
	case "making":
		fields = append(fields, "lot", strconv.FormatInt(h.turn.mine, 10))
	case "here", "unmade":
		fields = append(fields, "limited", spanText(s.limited(now)))
	}
	message := object(fields)
	s.queue.add(func() { h.channel.Post(message) })
}

// message is what another tab says.
type message struct {
	kind  string
	who   identity
	epoch int64
	token *held // nil unless it has one that lives
	lot   int64 // 0 where there is none
	// limited is how much longer the user's budget is used up.
	limited time.Duration
}

// readMessage reads what is for this endpoint and project.
func (h *share) readMessage(text string, now stamp) (message, bool) {
	obj, err := jsonobj.Parse(text)
	end, _ := obj.String("endpoint")
	project, _ := obj.String("project")
	if err != nil || end != h.end || project != h.project {
		return message{}, false
	}
	var m message
	m.kind, _ = obj.String("kind")
	m.who.user, _ = obj.String("userId")
	m.who.session, _ = obj.String("sessionId")
	m.epoch, _ = obj.Int("epoch")
	m.lot, _ = obj.Int("lot")
	limited, _ := obj.Int("limited")
	m.limited = time.Duration(min(max(limited, 0), int64(maxLife/time.Millisecond))) * time.Millisecond
	if age, ok := obj.Int("age"); ok {
		m.token = heldFrom(obj, now, time.Duration(age)*time.Millisecond)
	}
	if m.token != nil && identityOf(m.token) != m.who {
		m.token = nil
	}
	return m, true
}

// hear takes in what another tab says.
func (s *SessionTokens) hear(text string) {
	s.mu.Lock()
	if h := s.share; h != nil {
		if m, ok := h.readMessage(text, s.now()); ok {
			h.turn.company = true
			s.heed(m)
		}
	}
	s.mu.Unlock()
	s.queue.run()
}

func (s *SessionTokens) heed(m message) {
	switch {
	case m.kind == "hello":
		if s.held.freshFor(s.now(), s.options.early) > 0 {
			s.tell("token")
		} else {
			s.tell("here")
		}
	case m.epoch < s.share.epoch: // about a session that is gone
	case m.kind == "signed-out":
		s.share.epoch = m.epoch
		s.client.cfg().evidence.signedIn.Store(false) // no cookie was blocked
		s.leave(nil)
	case m.kind == "signed-in":
		s.switchTo(m)
	case m.kind == "token" && m.token != nil:
		s.heedToken(m)
		s.heedEnd(m)
	case m.kind == "making":
		s.heedClaim(m)
	case m.kind == "here", m.kind == "unmade":
		s.heedEnd(m)
	}
}

// switchTo follows another tab's sign-in: the cookie jar has that session now.
func (s *SessionTokens) switchTo(m message) {
	s.overtaken(m.epoch)
	s.become(m.who)
	s.persist()
}

// heedToken takes over another tab's token if it is for the session that this
// tab shows. Where none is shown it is an offer, of which the one that lives
// longest is kept.
func (s *SessionTokens) heedToken(m message) {
	s.overtaken(m.epoch) // by a sign-in that this tab did not hear of
	h, now := s.share, s.now()
	if s.who.session == "" {
		if !s.who.allows(m.who) || m.token.left(now) <= h.offer.left(now) {
			return
		}
		if h.offer == nil {
			close(h.offered)
		}
		h.offer = m.token
		return
	}
	if s.who.session != m.who.session {
		return
	}
	if s.held == nil || s.held.token.JWT != m.token.token.JWT && m.token.left(now) > s.held.left(now) {
		s.adopt(m.token, false)
	}
}

// offered returns another tab's token if this tab does not know its session
// yet and finds that it is the same, else nil. It is an error if there is no
// session at all.
func (s *SessionTokens) offered(f *flight) (*held, *Error) {
	h, ready := s.offers(f)
	// Offers come in the first moments after the hello.
	if h == nil || !wait(f.ctx, max(0, offerPatience-time.Since(h.opened)), ready) {
		return nil, nil
	}
	offer := s.takeOffer(h)
	// One cheap request that no limit counts, instead of one of the budget.
	res, err := f.client.Call(f.ctx, "account.getSession", Params{Path: sessionPath("current")})
	if e, ok := errors.AsType[*Error](err); ok && isGuest(e) {
		return nil, e
	}
	if err != nil || !s.takes(f, offer, sessionIdentity(res)) {
		return nil, nil
	}
	return offer, nil
}

// takes reports whether the offer will do for those who wait.
func (s *SessionTokens) takes(f *flight, offer *held, who identity) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !f.forced && offer.left(s.now()) > 0 && identityOf(offer) == who
}

// offers returns where offers come in, while this tab can use one.
func (s *SessionTokens) offers(f *flight) (h *share, ready <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.forced || s.share == nil || s.share.channel == nil || s.who.session != "" || s.held != nil {
		return nil, nil
	}
	return s.share, s.share.offered
}

func (s *SessionTokens) takeOffer(h *share) *held {
	s.mu.Lock()
	defer s.mu.Unlock()
	offer := h.offer
	h.offer, h.offered = nil, make(chan struct{})
	return offer
}
