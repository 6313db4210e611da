package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/isojot/isojot/internal/store"
)

// Bounds of sending.
const (
	// sendersAtOnce is how many messages of a channel are under way at once.
	sendersAtOnce = 4
	// pollPeriod is how often it is looked whether a message is due: other
	// servers put some there, and the clock may be moved.
	pollPeriod = time.Second
	// maxAttempts is how often a message is tried that is refused for now.
	maxAttempts = 30
	// firstWait is how long its second attempt waits; it doubles, up to maxWait.
	firstWait = 10 * time.Second
	maxWait   = 30 * time.Minute
	// firstPause is how long all wait when nobody can be reached; it doubles, up
	// to maxPause.
	firstPause = time.Second
	maxPause   = time.Minute
	// finishPause is how long it waits to note again what came of a message,
	// while the database is away.
	finishPause = time.Second
	// closeGrace is how long messages that are under way may take to end when the
	// server closes.
	closeGrace = 5 * time.Second
)

// Transport sends messages.
type Transport interface {
	// Send sends a message. It is called by several at once.
	Send(ctx context.Context, m Outgoing) error
	// Rest is called when there is nothing to send.
	Rest()
}

// Sender sends the messages of a channel that are due: those of the store that
// no other server has taken. Make one with NewSender.
type Sender struct {
	db        *store.DB
	log       *slog.Logger
	channel   string
	owner     string
	keep      bool
	transport Transport

	wake  chan struct{}
	slots chan struct{}
	doubt bool // a message may have been taken that run does not know of
	mu    sync.Mutex
	busy  map[string]bool // ids of what is under way
	pause time.Duration   // until nobody could be reached again; 0: the last time somebody could
	until time.Time       // by the real clock, which nobody moves

	// ctx ends when nothing new begins, cut when what is under way is cut off.
	ctx, cut   context.Context
	stop, kill context.CancelFunc
	running    sync.WaitGroup
}

// SenderConfig is what a Sender needs.
type SenderConfig struct {
	DB  *store.DB
	Log *slog.Logger
	// Channel is store.ChannelMail or store.ChannelText.
	Channel string
	// Owner names this server in the messages that it sends.
	Owner string
	// Keep keeps what messages said after they were sent.
	Keep      bool
	Transport Transport
}

// NewSender makes a Sender, which sends from its Start on.
func NewSender(c SenderConfig) *Sender {
	s := &Sender{db: c.DB, log: c.Log.With("channel", c.Channel), channel: c.Channel, owner: c.Owner, keep: c.Keep, transport: c.Transport,
		wake: make(chan struct{}, 1), slots: make(chan struct{}, sendersAtOnce), busy: map[string]bool{}}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.cut, s.kill = context.WithCancel(context.Background())
	return s
}

// Start begins to send.
func (s *Sender) Start() { s.running.Go(s.run) }

// Wake tells it that a message is due.
func (s *Sender) Wake() {
	select {
	case s.wake <- struct{}{}:
	default: // it has been told
	}
}

// Close ends it, giving what is under way some seconds. What is cut off then is
// sent by the next server, although it may have gone out.
func (s *Sender) Close() {
	s.stop()
	grace := time.AfterFunc(closeGrace, s.kill)
	defer grace.Stop()
	s.running.Wait()
	s.kill()
	s.transport.Rest()
}

// run sends what is due, until the Sender closes.
func (s *Sender) run() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case s.slots <- struct{}{}:
		}
		if s.paused() || !s.next() {
			<-s.slots
			s.await()
		}
	}
}

// paused reports whether nobody could be reached a moment ago. Until somebody
// can, one message at a time finds out.
func (s *Sender) paused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pause > 0 && (time.Now().Before(s.until) || len(s.busy) > 0)
}

// await waits until a message may be due, or the pause ends.
func (s *Sender) await() {
	timer := time.NewTimer(pollPeriod)
	defer timer.Stop()
	select {
	case <-s.ctx.Done():
	case <-s.wake:
	case <-timer.C:
	}
}

// next takes the next message and sends it beside the others. It reports whether
// there was one.
func (s *Sender) next() bool {
	m, err := s.claim()
	switch {
	case errors.Is(err, store.ErrNotFound):
		s.rest()
		return false
	case err != nil:
		if s.ctx.Err() == nil {
			s.log.Error("what is to be sent cannot be read", "error", err)
		}
		return false
	}
	s.mark(m.ID, true)
	s.running.Go(func() {
		defer func() { <-s.slots }()
		defer s.mark(m.ID, false)
		s.send(m)
	})
	return true
}

// rest lets the transport rest when nothing is under way.
func (s *Sender) rest() {
	s.mu.Lock()
	idle := len(s.busy) == 0
	s.mu.Unlock()
	if idle {
		s.transport.Rest()
	}
}

// mark notes that a message is under way, or is not any more.
func (s *Sender) mark(id string, busy bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if busy {
		s.busy[id] = true
	} else {
		delete(s.busy, id)
	}
}

// claim takes the next message; none is store.ErrNotFound. When the database
// breaks off, one may have been taken that nobody learned of: it is given back
// before the next.
func (s *Sender) claim() (store.Message, error) {
	if s.doubt {
		if err := s.free(); err != nil {
			return store.Message{}, err
		}
		s.doubt = false
	}
	due, err := s.db.MessageDue(s.ctx, s.channel)
	if err == nil && !due {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Message{}, err
	}
	m, err := s.db.ClaimMessage(s.ctx, s.channel, s.owner)
	s.doubt = err != nil && !errors.Is(err, store.ErrNotFound)
	return m, err
}

// free gives back all that is not under way.
func (s *Sender) free() error {
	s.mu.Lock()
	busy := slices.Collect(maps.Keys(s.busy))
	s.mu.Unlock()
	return s.db.FreeMessages(s.ctx, s.channel, s.owner, busy)
}

// send sends a message, and notes what came of it.
func (s *Sender) send(m store.Message) {
	out := Outgoing{ID: m.ID, Project: m.Project, Kind: m.Kind, To: m.To, CreatedAt: m.CreatedAt}
	err := json.Unmarshal([]byte(m.Body), &out.Message)
	if err != nil {
		err = &permanent{fmt.Errorf("the message cannot be read: %w", err)}
	} else {
		err = s.transport.Send(s.cut, out)
	}
	s.reached(err)
	o := s.outcome(m, err)
	s.logOutcome(m, o)
	s.finish(m.ID, o)
}

// reached begins, lengthens or ends the pause of all.
func (s *Sender) reached(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !isUnreachable(err) {
		if s.pause > 0 {
			s.Wake()
		}
		s.pause = 0
		return
	}
	s.pause = min(max(2*s.pause, firstPause), maxPause)
	s.until = time.Now().Add(s.pause)
}

// outcome is what becomes of a message.
func (s *Sender) outcome(m store.Message, err error) store.Outcome {
	switch {
	case err == nil:
		return store.Outcome{State: store.MessageSent, Forget: !s.keep}
	case isUnreachable(err):
		return store.Outcome{State: store.MessageWaiting, Uncounted: true, Reason: reason(err)} // due now: behind those that have waited longer
	case isPermanent(err), m.Attempts >= maxAttempts:
		return store.Outcome{State: store.MessageDead, Reason: reason(err)}
	}
	return store.Outcome{State: store.MessageWaiting, Wait: waitAfter(m.Attempts), Reason: reason(err)}
}

// waitAfter is how long a message waits after so many attempts.
func waitAfter(attempts int) time.Duration {
	wait := firstWait
	for range attempts - 1 {
		if wait = min(2*wait, maxWait); wait == maxWait {
			break
		}
	}
	return wait
}

// reason is why sending failed, bounded: a server chooses the words.
func reason(err error) string { return line(err.Error(), maxReason) }

// maxReason is the length of a reason, in characters.
const maxReason = 300

// logOutcome logs what came of a message, but nothing of what it says.
func (s *Sender) logOutcome(m store.Message, o store.Outcome) {
	about := []any{"message", m.ID, "project", m.Project, "kind", m.Kind, "attempt", m.Attempts}
	switch o.State {
	case store.MessageSent:
		s.log.Info("a message was sent", about...)
	case store.MessageDead:
		s.log.Error("a message could not be sent and is given up", append(about, "reason", o.Reason)...)
	default:
		s.log.Warn("a message could not be sent and is tried again", append(about, "reason", o.Reason)...)
	}
}

// finish notes what came of a message: until the database has it, or the server
// is killed, it is not sent again.
func (s *Sender) finish(id string, o store.Outcome) {
	for failed := false; ; failed = true {
		ctx, cancel := context.WithTimeout(context.Background(), closeGrace)
		err := s.db.FinishMessage(ctx, id, s.owner, o)
		cancel()
		if err == nil || errors.Is(err, store.ErrNotFound) {
			return
		}
		if !failed {
			s.log.Error("what came of a message cannot be noted", "message", id, "error", err)
		}
		select {
		case <-s.cut.Done():
			return
		case <-time.After(finishPause):
		}
	}
}
