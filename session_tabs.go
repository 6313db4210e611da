package isojot

import (
	"time"

	"github.com/isojot/isojot/internal/tabs"
)

// browserTabs is what the tabs of one browser have in common, beside its
// cookie jar.
type browserTabs struct {
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

// share is one SessionTokens' way to the other tabs. What it agrees on with
// them is in SessionTokens.tabs.
type share struct {
	tabs    *browserTabs
	token   Storage // nil: in memory only
	place   tabs.Place
	channel channel // nil: other tabs cannot be reached
}

// openShare restores this tab's token, and asks the other tabs for theirs.
func (s *SessionTokens) openShare(common *browserTabs, place tabs.Place) {
	h := &share{tabs: common, token: common.own, place: place}
	if s.options.storage != nil {
		h.token = *s.options.storage
	}
	s.share = h
	s.tabs = tabs.New(h.storedEpoch(), time.Now())
	s.restore()
	if common.open == nil {
		return
	}
	c := common.open("isojot:"+place.Name(), s.hear)
	s.mu.Lock()
	if h.channel = c; c != nil {
		s.perform(nil, s.tabs.Connect())
	}
	s.mu.Unlock()
}

func (h *share) close() {
	if h.channel != nil {
		h.channel.Close()
	}
}

// hear takes in what another tab says.
func (s *SessionTokens) hear(text string) {
	s.mu.Lock()
	if h := s.share; h != nil {
		if m, ok := tabs.Read(text, h.place, s.now()); ok {
			s.heed(&m)
		}
	}
	s.mu.Unlock()
	s.queue.run()
}

func (s *SessionTokens) heed(m *tabs.Message) {
	if h := heldFrom(m.Token); h == nil || identityOf(h) != m.Who {
		m.Token = nil
	}
	s.perform(m, s.tabs.HearEpoch(m)...)
	self := s.self()
	s.perform(m, s.tabs.Hear(m, &self)...)
}

// self is what this tab knows of itself. s.mu is held.
func (s *SessionTokens) self() tabs.Self {
	now := s.now()
	self := tabs.Self{
		Who: s.who, SignedOut: s.known == signedOut, Paused: s.pause.left(now),
		Fresh: s.held.freshFor(now, s.options.early) > 0, Left: s.held.left(now),
		Now: time.Now(), At: now,
	}
	if s.held != nil {
		self.Holds, self.JWT = true, s.held.token.JWT
	}
	return self
}

// yield gives this tab's turn to the others. s.mu is held.
func (s *SessionTokens) yield() { s.perform(nil, s.tabs.Yield()...) }

// say posts a message of that kind. s.mu is held.
func (s *SessionTokens) say(kind tabs.Kind) { s.perform(nil, tabs.Action{Do: tabs.Post, Kind: kind}) }

// perform does what the state of the tabs asks for, having heard m or, where m
// is nil, no message. s.mu is held.
func (s *SessionTokens) perform(m *tabs.Message, actions ...tabs.Action) {
	for _, a := range actions {
		switch a.Do {
		case tabs.Post:
			s.post(a.Kind)
		case tabs.Store:
			s.share.storeEpoch(s.tabs.Epoch())
		case tabs.Wake:
			s.turns.ring()
		case tabs.Leave:
			s.creator.forgetCookie()
			s.leave(nil)
		case tabs.Overtaken:
			s.overtaken()
		case tabs.Become:
			s.become(m.Who)
			s.persist()
		case tabs.Adopt:
			s.adopt(heldFrom(m.Token), false)
		case tabs.Pause:
			s.pause = limitedPause(s.now(), m.Limited)
			s.persist()
		}
	}
}

// post sends a message to the other tabs.
func (s *SessionTokens) post(kind tabs.Kind) {
	h := s.share
	if h == nil || h.channel == nil {
		return
	}
	now := s.now()
	m := tabs.Message{Kind: kind, Who: s.who, Epoch: s.tabs.Epoch(), Lot: s.tabs.Lot(), Limited: s.pause.limited(now)}
	if m.Kind == tabs.HasToken {
		m.Token = &tabs.Token{JWT: s.held.token.JWT, At: s.held.at, Life: s.held.life}
	}
	text := m.Text(h.place, now)
	s.queue.add(func() { h.channel.Post(text) })
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
	if s.share == nil {
		return false
	}
	was := s.known
	actions := s.tabs.Overtake(s.share.storedEpoch())
	s.perform(nil, actions...)
	return actions != nil && was == signedIn
}
