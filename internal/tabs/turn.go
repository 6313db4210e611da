package tabs

import "time"

// Tabs that call at the same moment would each make a JWT, and spend three of
// the user's ten where one does. So they take turns: a tab that is about to make
// one says so, with a lot that it draws, and listens for a moment. The lowest
// lot makes the token, the others wait for it. Nothing is locked: a tab that is
// closed or frozen meanwhile keeps the others waiting for seconds at most, and
// what goes wrong costs one more JWT.

const (
	// OfferPatience is how long a tab that does not know its session yet waits
	// for another tab's token before it spends one of the user's budget.
	OfferPatience = 50 * time.Millisecond
	// ClaimWindow is how long a tab that is not alone listens for the others'
	// lots, which take milliseconds between processes.
	ClaimWindow = 30 * time.Millisecond
	// ClaimLife is how long a tab waits for the token that another one makes.
	ClaimLife = 5 * time.Second
	// underway is below each lot: the token is being made.
	underway = 1
	// MinLot and MaxLot bound a lot, which a JSON message can hold exactly.
	MinLot = underway + 1
	MaxLot = underway + 1<<52
)

// turn is who makes the next token, as far as one tab knows.
type turn struct {
	phase   phase
	company bool      // another tab was heard
	mine    int64     // this tab's lot, or underway, or 0
	other   int64     // the lot that this tab waits for, or 0
	until   time.Time // when it waits no longer
}

// phase is where this tab stands on its way to a token.
type phase uint8

const (
	seeking   phase = iota // looks for offers
	claiming               // is about to say that it will make one
	listening              // has said so
	waiting                // for another tab's
)

// left is how much longer to wait for another tab's token.
func (t *turn) left(now time.Time) time.Duration {
	if t.other == 0 {
		return 0
	}
	return max(0, t.until.Sub(now))
}

// Want is what the maker of a token brings along.
type Want struct {
	Forced  bool  // another tab's token will not do
	Blocked bool  // none may be made now
	Over    bool  // its time is up
	Lot     int64 // drawn anew for each Next: MinLot to MaxLot
}

// Step is what a tab that needs a token does next.
type Step struct {
	Do    Move
	For   time.Duration // for Wait
	Offer *Token        // for Verify
}

// Move is what kind of step it is.
type Move uint8

const (
	// Make the token.
	Make Move = iota
	// Wait for the time, or until the action Wake; then ask Next again.
	Wait
	// Verify that the offer is of this tab's session. If it is not, ask Next
	// again.
	Verify
	// Take the token in hand, which is fresh.
	Take
	// Stop: no token may be made.
	Stop
)

// Next returns what a tab that needs a token does now, and what it says
// about it. The way to one token ends with Made or Yield.
func (s *State) Next(want Want, self *Self) (Step, []Action) {
	if !s.connected || want.Over {
		return end(want, self), nil
	}
	if s.turn.phase == waiting {
		s.turn.phase = seeking
		if step := end(want, self); step.Do != Make {
			return step, nil
		}
	}
	if s.turn.phase == seeking {
		if step := s.seek(want, self); step.Do != Make {
			return step, nil
		}
	}
	if s.turn.phase == claiming {
		if step, actions := s.claim(want, self.Now); step.Do != Make {
			return step, actions
		} else if actions != nil {
			return end(want, self), actions
		}
	}
	return s.settle(want, self), nil
}

// end is the last step: to make the token, unless there is another or none may
// be made.
func end(want Want, self *Self) Step {
	switch {
	case want.Blocked:
		return Step{Do: Stop}
	case !want.Forced && self.Fresh:
		return Step{Do: Take}
	}
	return Step{Do: Make}
}

// seek looks for an offer, while this tab can use one. Offers come in the first
// moments after the hello.
func (s *State) seek(want Want, self *Self) Step {
	usable := !want.Forced && self.Who.Session == "" && !self.Holds
	if left := s.opened.Add(OfferPatience).Sub(self.Now); usable && s.offer == nil && left > 0 {
		return Step{Do: Wait, For: left}
	}
	s.turn.phase = claiming
	if offer := s.offer; usable && offer != nil {
		s.offer = nil
		return Step{Do: Verify, Offer: offer}
	}
	return Step{Do: Make}
}

// claim tells the other tabs that this one is about to make a token, unless it
// is another's turn. What was forced waits for nobody, since another tab's
// token will not do.
func (s *State) claim(want Want, now time.Time) (Step, []Action) {
	t := &s.turn
	t.phase = listening
	if t.left(now) > 0 && !want.Forced {
		return Step{Do: Make}, nil
	}
	t.mine, t.other = want.Lot, 0
	if want.Forced || !t.company {
		t.mine = underway
	}
	actions := []Action{{Post, Making}}
	if t.mine == underway {
		return Step{Do: Make}, actions
	}
	return Step{Do: Wait, For: ClaimWindow}, actions
}

// settle ends the wait for the others' lots.
func (s *State) settle(want Want, self *Self) Step {
	t := &s.turn
	if left := t.left(self.Now); left > 0 {
		t.mine, t.phase = 0, waiting
		return Step{Do: Wait, For: left}
	}
	t.mine = underway
	return end(want, self)
}

// hearClaim takes in that another tab is about to make a token.
func (s *State) hearClaim(m *Message, self *Self) []Action {
	t := &s.turn
	switch {
	case m.Lot < underway || !self.Who.Allows(m.Who):
	case t.mine == underway:
		if m.Lot != underway {
			return []Action{{Post, Making}} // it has not heard
		}
	case t.mine != 0 && t.mine < m.Lot:
	case t.left(self.Now) == 0 || m.Lot < t.other:
		t.other, t.until = m.Lot, self.Now.Add(ClaimLife)
		return only(Action{Do: Wake})
	}
	return nil
}

// hearEnd takes in that another tab's turn is over, and what it knows of the
// user's budget.
func (s *State) hearEnd(m *Message, self *Self) []Action {
	var actions []Action
	if m.Limited > 0 && !self.SignedOut && self.Paused < m.Limited {
		actions = append(actions, Action{Do: Pause})
	}
	if m.Kind != Here {
		s.turn.other = 0
		actions = append(actions, Action{Do: Wake})
	}
	return actions
}

// Made ends this tab's turn with a token.
func (s *State) Made() Action {
	s.turn.mine = 0
	return Action{Post, HasToken}
}

// Yield ends this tab's turn, if it still has one without a token.
func (s *State) Yield() []Action {
	var actions []Action
	t := &s.turn
	if t.mine != 0 {
		actions = append(actions, Action{Post, Unmade})
	}
	t.mine, t.other, t.phase = 0, 0, seeking
	return append(actions, Action{Do: Wake})
}
