package tabs

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/moment"
)

var (
	begin = time.Unix(1_700_000_000, 0)
	ada   = Identity{User: "ada", Session: "s1"}
	bob   = Identity{User: "bob", Session: "s2"}
)

// after is what a tab with ada's session and no token knows of itself, that long
// after the beginning.
func after(d time.Duration) *Self {
	return &Self{Who: ada, Now: begin.Add(d), At: moment.Moment{Wall: begin.Add(d), Mono: d}}
}

func unknown(d time.Duration) *Self {
	self := after(d)
	self.Who = Identity{}
	return self
}

func tokenOf(life time.Duration) *Token {
	return &Token{JWT: "jwt of " + life.String(), At: after(0).At, Life: life}
}

// connected is the State of a tab in epoch 3, with others.
func connected(company bool) *State {
	s := New(3, begin)
	s.Connect()
	s.turn.company = company
	return &s
}

func want(lot int64) Want { return Want{Lot: lot} }

func TestHear(t *testing.T) {
	fresh := after(time.Second)
	fresh.Fresh, fresh.Holds, fresh.JWT, fresh.Left = true, true, "mine", time.Minute
	out := after(0)
	out.SignedOut, out.Who = true, Identity{}
	paused := after(0)
	paused.Paused = time.Minute
	tests := []struct {
		name string
		self *Self
		m    Message
		want []Action
		then int64 // the epoch
	}{
		{"hello to a tab with a token", fresh, Message{Kind: Hello}, []Action{{Post, HasToken}}, 3},
		{"hello to one without", after(0), Message{Kind: Hello}, []Action{{Post, Here}}, 3},
		{"hello of an earlier epoch is answered too", after(0), Message{Kind: Hello, Epoch: 1}, []Action{{Post, Here}}, 3},
		{"sign-out", after(0), Message{Kind: SignedOut, Epoch: 5}, []Action{{Do: Leave}}, 5},
		{"sign-out before the last sign-in", after(0), Message{Kind: SignedOut, Epoch: 2}, nil, 3},
		{"sign-in", after(0), Message{Kind: SignedIn, Epoch: 3, Who: bob}, []Action{{Do: Become}}, 3},
		{"sign-in before the last one", after(0), Message{Kind: SignedIn, Epoch: 2, Who: bob}, nil, 3},
		{"token of the same session", after(0), Message{Kind: HasToken, Epoch: 3, Who: ada, Token: tokenOf(time.Minute)}, []Action{{Do: Adopt}, {Do: Wake}}, 3},
		{"token of another session", after(0), Message{Kind: HasToken, Epoch: 3, Who: bob, Token: tokenOf(time.Minute)}, []Action{{Do: Wake}}, 3},
		{"token of an earlier epoch", after(0), Message{Kind: HasToken, Epoch: 2, Who: ada, Token: tokenOf(time.Minute)}, nil, 3},
		{"token that lives no longer", fresh, Message{Kind: HasToken, Epoch: 3, Who: ada, Token: tokenOf(time.Minute)}, []Action{{Do: Wake}}, 3},
		{"token that lives longer", fresh, Message{Kind: HasToken, Epoch: 3, Who: ada, Token: tokenOf(time.Hour)}, []Action{{Do: Adopt}, {Do: Wake}}, 3},
		{"message that promised a token", after(0), Message{Kind: HasToken, Epoch: 3, Who: ada}, nil, 3},
		{"budget used up", after(0), Message{Kind: Here, Epoch: 3, Limited: time.Second}, []Action{{Do: Pause}}, 3},
		{"budget used up for less long than known", paused, Message{Kind: Here, Epoch: 3, Limited: time.Second}, nil, 3},
		{"budget of nobody", out, Message{Kind: Unmade, Epoch: 3, Limited: time.Second}, []Action{{Do: Wake}}, 3},
		{"kind of a later version", after(0), Message{Epoch: 9}, nil, 3},
	}
	for _, test := range tests {
		s := connected(false)
		if got := s.Hear(&test.m, test.self); !slices.Equal(got, test.want) || s.Epoch() != test.then {
			t.Errorf("%s: %v in epoch %d, want %v in %d", test.name, got, s.Epoch(), test.want, test.then)
		}
	}
}

func TestHearEpoch(t *testing.T) {
	for _, test := range []struct {
		m        Message
		overtake bool
	}{
		{Message{Kind: SignedIn, Epoch: 4}, true},
		{Message{Kind: SignedIn, Epoch: 3}, false},
		{Message{Kind: HasToken, Epoch: 4, Token: tokenOf(time.Minute)}, true},
		{Message{Kind: HasToken, Epoch: 4}, false},
		{Message{Kind: Making, Epoch: 4}, true},
		{Message{Kind: Here, Epoch: 4}, false},
		{Message{Kind: Hello, Epoch: 4}, false},
		{Message{Kind: SignedOut, Epoch: 4}, false}, // Hear takes it in
	} {
		s := connected(true)
		if got := s.HearEpoch(&test.m); (got != nil) != test.overtake || (s.Epoch() == 4) != test.overtake {
			t.Errorf("%+v: %v, epoch %d", test.m, got, s.Epoch())
		}
	}
}

func TestRaiseIsAboveAllEpochsKnown(t *testing.T) {
	for stored, want := range map[int64]int64{0: 4, 3: 4, 8: 9} {
		s := connected(true)
		if got := s.Raise(stored); got.Do != Store || s.Epoch() != want {
			t.Errorf("%d stored: %+v, epoch %d", stored, got, s.Epoch())
		}
	}
}

// event is one thing that happens in a sequence, and what comes of it.
type event struct {
	at    time.Duration
	hear  *Message
	next  *Want
	step  Step
	posts []Kind
}

func TestTurns(t *testing.T) {
	const ms = time.Millisecond
	claim := func(lot int64) *Message { return &Message{Kind: Making, Who: ada, Epoch: 3, Lot: lot} }
	w := want(500)
	forced := Want{Forced: true, Lot: 500}
	for name, sequence := range map[string][]event{
		"alone": {
			{at: 0, next: &w, step: Step{Do: Make}, posts: []Kind{Making}},
		},
		"nobody else claims": {
			{at: 0, hear: &Message{Kind: Here, Epoch: 3}},
			{at: 1 * ms, next: &w, step: Step{Do: Wait, For: ClaimWindow}, posts: []Kind{Making}},
			{at: 31 * ms, next: &w, step: Step{Do: Make}},
			{at: 32 * ms, hear: claim(100), posts: []Kind{Making}}, // it has not heard
			{at: 33 * ms, hear: claim(underway)},
		},
		"a higher lot changes nothing": {
			{at: 0, hear: &Message{Kind: Here, Epoch: 3}},
			{at: 1 * ms, next: &w, step: Step{Do: Wait, For: ClaimWindow}, posts: []Kind{Making}},
			{at: 2 * ms, hear: claim(501)},
			{at: 31 * ms, next: &w, step: Step{Do: Make}},
		},
		"a lower lot goes first, and its token ends the wait": {
			{at: 0, hear: &Message{Kind: Here, Epoch: 3}},
			{at: 1 * ms, next: &w, step: Step{Do: Wait, For: ClaimWindow}, posts: []Kind{Making}},
			{at: 2 * ms, hear: claim(499)},
			{at: 2 * ms, next: &w, step: Step{Do: Wait, For: ClaimLife}},
			{at: 100 * ms, hear: &Message{Kind: HasToken, Who: ada, Epoch: 3, Token: tokenOf(time.Minute)}},
			{at: 100 * ms, next: &Want{Lot: 500}, step: Step{Do: Take}},
		},
		"an abandoned turn is taken over after its life": {
			{at: 0, hear: claim(100)},
			{at: 1 * ms, next: &w, step: Step{Do: Wait, For: ClaimLife - ms}},
			{at: ClaimLife, next: &w, step: Step{Do: Wait, For: ClaimWindow}, posts: []Kind{Making}},
			{at: ClaimLife + ClaimWindow, next: &w, step: Step{Do: Make}},
		},
		"a vain turn is taken over at once": {
			{at: 0, hear: claim(100)},
			{at: 1 * ms, next: &w, step: Step{Do: Wait, For: ClaimLife - ms}},
			{at: 9 * ms, hear: &Message{Kind: Unmade, Epoch: 3}},
			{at: 9 * ms, next: &w, step: Step{Do: Wait, For: ClaimWindow}, posts: []Kind{Making}},
		},
		"the turn of somebody else's tab is none": {
			{at: 0, hear: &Message{Kind: Making, Who: bob, Epoch: 3, Lot: 100}},
			{at: 1 * ms, next: &w, step: Step{Do: Wait, For: ClaimWindow}, posts: []Kind{Making}},
		},
		"what is forced waits for nobody": {
			{at: 0, hear: claim(100)},
			{at: 1 * ms, next: &forced, step: Step{Do: Make}, posts: []Kind{Making}},
		},
		"a budget that is used up ends the wait": {
			{at: 0, hear: claim(100)},
			{at: 1 * ms, next: &w, step: Step{Do: Wait, For: ClaimLife - ms}},
			{at: 9 * ms, next: &Want{Lot: 500, Blocked: true}, step: Step{Do: Stop}},
		},
		"time that is up ends it too": {
			{at: 0, hear: claim(100)},
			{at: 1 * ms, next: &Want{Lot: 500, Over: true}, step: Step{Do: Make}},
		},
	} {
		s := connected(false)
		for i, e := range sequence {
			play(t, name, i, s, e)
		}
	}
}

func play(t *testing.T, name string, i int, s *State, e event) {
	t.Helper()
	self := after(e.at)
	self.Fresh = e.step.Do == Take
	var actions []Action
	if e.hear != nil {
		actions = s.Hear(e.hear, self)
	} else {
		var step Step
		if step, actions = s.Next(*e.next, self); step != e.step {
			t.Errorf("%s, event %d: step %+v, want %+v", name, i, step, e.step)
		}
	}
	var posts []Kind
	for _, a := range actions {
		if a.Do == Post {
			posts = append(posts, a.Kind)
		}
	}
	if !slices.Equal(posts, e.posts) {
		t.Errorf("%s, event %d: posts %v, want %v", name, i, posts, e.posts)
	}
}

func TestOffers(t *testing.T) {
	offer := func(life time.Duration) *Message {
		return &Message{Kind: HasToken, Who: ada, Epoch: 3, Token: tokenOf(life)}
	}
	s := connected(true)
	w := want(500)
	if step, _ := s.Next(w, unknown(10*time.Millisecond)); step != (Step{Do: Wait, For: 40 * time.Millisecond}) {
		t.Errorf("%+v", step)
	}
	for _, life := range []time.Duration{time.Minute, time.Hour, time.Second} {
		s.Hear(offer(life), unknown(11*time.Millisecond))
	}
	if step, _ := s.Next(w, unknown(11*time.Millisecond)); step.Do != Verify || step.Offer.Life != time.Hour {
		t.Errorf("%+v", step)
	}
	// It was another session's: the tab makes its own.
	step, actions := s.Next(w, unknown(12*time.Millisecond))
	if step != (Step{Do: Wait, For: ClaimWindow}) || !slices.Equal(actions, []Action{{Post, Making}}) {
		t.Errorf("%+v, %v", step, actions)
	}
	s = connected(true)
	if step, _ := s.Next(w, unknown(OfferPatience)); step.For != ClaimWindow {
		t.Errorf("after the first moments: %+v", step)
	}
}

func TestYield(t *testing.T) {
	s := connected(false)
	if got := s.Yield(); !slices.Equal(got, []Action{{Do: Wake}}) {
		t.Errorf("without a turn: %v", got)
	}
	s.Next(want(500), after(0))
	if got := s.Yield(); !slices.Equal(got, []Action{{Post, Unmade}, {Do: Wake}}) {
		t.Errorf("of a turn: %v", got)
	}
	s.Next(want(500), after(0))
	if got := s.Made(); got != (Action{Post, HasToken}) {
		t.Errorf("made: %v", got)
	}
	if got := s.Yield(); !slices.Equal(got, []Action{{Do: Wake}}) {
		t.Errorf("of a turn with a token: %v", got)
	}
}

func TestATabWithoutOthersMakesItsToken(t *testing.T) {
	var s State
	for want, step := range map[Want]Move{{}: Make, {Forced: true}: Make, {Blocked: true}: Stop} {
		if got, actions := s.Next(want, unknown(0)); got.Do != step || actions != nil {
			t.Errorf("%+v: %+v, %v", want, got, actions)
		}
	}
}

// TestTheWire: the form of messages does not change, since tabs with other
// versions may be open.
func TestTheWire(t *testing.T) {
	place := Place{Endpoint: "http://localhost/v1", Project: "demo"}
	const head = `","endpoint":"http://localhost/v1","project":"demo","userId":"ada","sessionId":"s1","epoch":7`
	token := &Token{JWT: "a.b.c", At: after(0).At, Life: time.Minute}
	now := after(2 * time.Second).At
	for text, m := range map[string]Message{
		`{"kind":"hello` + head + `}`:                                       {Kind: Hello},
		`{"kind":"token` + head + `,"jwt":"a.b.c","age":2000,"life":60000}`: {Kind: HasToken, Token: token},
		`{"kind":"here` + head + `,"limited":1500}`:                         {Kind: Here, Limited: 1500 * time.Millisecond},
		`{"kind":"making` + head + `,"lot":42}`:                             {Kind: Making, Lot: 42},
		`{"kind":"unmade` + head + `,"limited":0}`:                          {Kind: Unmade},
		`{"kind":"signed-in` + head + `}`:                                   {Kind: SignedIn},
		`{"kind":"signed-out` + head + `}`:                                  {Kind: SignedOut},
	} {
		m.Who, m.Epoch = ada, 7
		if got := m.Text(place, now); got != text {
			t.Errorf("%s\nwant %s", got, text)
		}
		back, ok := Read(text, place, now)
		if (back.Token == nil) != (m.Token == nil) || back.Token != nil && *back.Token != *m.Token {
			t.Errorf("%s: %+v", text, back.Token)
		}
		back.Token = m.Token
		if !ok || back != m {
			t.Errorf("%s: %+v, %v", text, back, ok)
		}
		if _, ok := Read(strings.Replace(text, "demo", "other", 1), place, now); ok {
			t.Errorf("%s: read as another project's", text)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	const head = `{"kind":"token","endpoint":"e","project":"p","userId":"u","sessionId":"s","epoch":1,`
	for name, rest := range map[string]string{
		"no life":      `"jwt":"a.b.c","age":1}`,
		"too long":     `"jwt":"a.b.c","age":1,"life":3600001}`,
		"negative age": `"jwt":"a.b.c","age":-1,"life":1000}`,
		"over":         `"jwt":"a.b.c","age":1000,"life":1000}`,
		"no token":     `"age":1,"life":1000}`,
	} {
		if m, ok := Read(head+rest, Place{"e", "p"}, after(time.Hour).At); !ok || m.Token != nil {
			t.Errorf("%s: %+v, %v", name, m, ok)
		}
	}
	for _, text := range []string{"", "[]", "{", `{"kind":"hello"}`} {
		if m, ok := Read(text, Place{"e", "p"}, after(0).At); ok {
			t.Errorf("%q: %+v", text, m)
		}
	}
}
