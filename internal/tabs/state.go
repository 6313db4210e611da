// Package tabs is what the tabs of one browser agree on about a session that
// they share: which sign-in is the last (the epoch), whose token will do for
// all (offers), and who makes the next one (turns).
//
// It is a state machine: events go in, actions come out, and whoever holds the
// State performs them in order. Time and chance are given; nothing here waits,
// stores, posts or locks.
package tabs

import (
	"time"

	"github.com/isojot/isojot/internal/moment"
)

// State is one tab's part in what the tabs agree on. The zero State is that of
// a tab without others.
//
// The epoch orders sign-ins and sign-outs of all tabs: each raises it. A
// message or a stored token of an earlier epoch is about a session that is
// gone.
type State struct {
	epoch     int64
	connected bool // there is a channel to other tabs
	opened    time.Time
	// offer is another tab's token, while this tab does not know whether its
	// session is the same.
	offer *Token
	turn  turn
}

// Self is what a tab knows of itself when something happens.
type Self struct {
	Who       Identity
	SignedOut bool // nobody is signed in, as far as known
	Holds     bool // there is a token in hand, of whatever use
	JWT       string
	Left      time.Duration // how much longer the token in hand lives
	Fresh     bool          // it may be handed out without renewal
	Paused    time.Duration // how much longer no token is to be made
	Now       time.Time     // by the clock of timers
	At        moment.Moment // by the clocks of tokens
}

// Action is one thing to do for the State. It is small, since the browser
// program holds many: what it is about is read from the State, and from the
// message that was heard.
type Action struct {
	Do   Deed
	Kind Kind // for Post
}

// Deed is what kind of action it is.
type Deed uint8

const (
	// Post a message to the other tabs.
	Post Deed = iota
	// Store the epoch for all tabs.
	Store
	// Wake those who wait, so that they ask Next again.
	Wake
	// Leave: another tab signed out.
	Leave
	// Overtaken: tabs signed in or out unheard. Whoever was signed in is not
	// any more, and who is remains to be seen.
	Overtaken
	// Become who the message says: another tab signed in.
	Become
	// Adopt the message's token.
	Adopt
	// Pause for as long as the message says: the user's budget is used up.
	Pause
)

// New returns the State of a tab that opens in that epoch.
func New(epoch int64, now time.Time) State { return State{epoch: epoch, opened: now} }

// Connect takes in that other tabs can be reached, and says hello.
func (s *State) Connect() Action {
	s.connected = true
	return Action{Post, Hello}
}

// Epoch returns the epoch that the tab is in; 0: there was no sign-in yet.
func (s *State) Epoch() int64 { return s.epoch }

// Lot returns the lot of this tab's turn, or 0.
func (s *State) Lot() int64 { return s.turn.mine }

// Raise begins a new epoch, for this tab's own sign-in or sign-out. stored is
// the epoch that is stored.
func (s *State) Raise(stored int64) Action {
	s.epoch = max(s.epoch, stored) + 1
	return Action{Do: Store}
}

// Overtake takes in that the tabs are in that epoch. If it is later than this
// tab's, the action is Overtaken.
func (s *State) Overtake(epoch int64) []Action {
	if epoch <= s.epoch {
		return nil
	}
	s.epoch = epoch
	return only(Action{Do: Overtaken})
}

// HearEpoch takes in when a message was sent, which may be the first sign of a
// sign-in that this tab did not hear of. Hear comes next, with what the tab
// then knows of itself.
func (s *State) HearEpoch(m *Message) []Action {
	switch {
	case m.Kind == SignedIn, m.Kind == HasToken && m.Token != nil, m.Kind == Making:
		return s.Overtake(m.Epoch)
	}
	return nil
}

// Hear takes in what another tab says.
func (s *State) Hear(m *Message, self *Self) []Action {
	s.turn.company = true
	switch {
	case m.Kind == Hello && self.Fresh:
		return only(Action{Post, HasToken})
	case m.Kind == Hello:
		return only(Action{Post, Here})
	case m.Epoch < s.epoch: // about a session that is gone
		return nil
	case m.Kind == SignedOut:
		s.epoch = m.Epoch
		return only(Action{Do: Leave})
	case m.Kind == SignedIn: // the cookie jar has that session now
		return only(Action{Do: Become})
	case m.Kind == HasToken && m.Token != nil:
		return append(s.hearToken(m, self), s.hearEnd(m, self)...)
	case m.Kind == Making:
		return s.hearClaim(m, self)
	case m.Kind == Here, m.Kind == Unmade:
		return s.hearEnd(m, self)
	}
	return nil
}

// hearToken takes over another tab's token if it is for the session that this
// tab shows. Where none is shown it is an offer, of which the one that lives
// longest is kept.
func (s *State) hearToken(m *Message, self *Self) []Action {
	left := m.Token.Left(self.At)
	switch {
	case self.Who.Session == "":
		if self.Who.Allows(m.Who) && left > s.offer.Left(self.At) {
			s.offer = m.Token
		}
	case self.Who.Session != m.Who.Session:
	case !self.Holds, self.JWT != m.Token.JWT && left > self.Left:
		return only(Action{Do: Adopt})
	}
	return nil
}

// only returns the action as a list. It is not inlined, since many call it.
//
//go:noinline
func only(a Action) []Action { return []Action{a} }
