package executions

import (
	"context"
	"errors"
	"time"

	"github.com/isojot/isojot/internal/store"
)

// Servers that share a database are instances of one. Each of them beats, and
// looks whether the others do: what one that is silent has left under way is
// reported as failed. How long it has been silent is measured by the clock of
// the one that looks, never by comparing clocks; and by the real one, since
// Options.Now may be moved.

// BeatsALease is how often an instance beats, and looks, in the time of a lease.
const BeatsALease = 6

// leaveTime is how long it may take to say good-bye.
const leaveTime = 5 * time.Second

// StoppedWhileRunning is why an execution failed whose server is gone.
const StoppedWhileRunning = "the server stopped while it ran"

// sighting is the last beat that was seen of an instance, and since when.
type sighting struct {
	beats int64
	since time.Time
}

// watch is what an instance has seen of the others.
type watch struct {
	lease    time.Duration
	lastLook time.Time
	seen     map[string]sighting
}

// LookPeriod is the time between two looks at the other servers.
func (s *Engine) LookPeriod() time.Duration { return s.watch.period() }

// LastLook is when this server looked last.
func (s *Engine) LastLook() time.Time { return s.watch.lastLook }

// period is the time between two looks.
func (w *watch) period() time.Duration { return w.lease / BeatsALease }

// look notes the beats of the others at a time, and returns those of them that
// have been silent for a lease. When there was no looking for long, because the
// database was away or this process stood still, the others get a new lease:
// they may have been unable to beat, too.
func (w *watch) look(beats map[string]int64, now time.Time) (silent []string) {
	blind := now.Sub(w.lastLook) > 2*w.period()
	seen := map[string]sighting{}
	for id, n := range beats {
		s, known := w.seen[id]
		if !known || s.beats != n || blind {
			s = sighting{n, now}
		}
		seen[id] = s
		if now.Sub(s.since) >= w.lease {
			silent = append(silent, id)
		}
	}
	w.seen, w.lastLook = seen, now
	return silent
}

// startSharing makes the server an instance.
func (s *Engine) startSharing(ctx context.Context) error {
	s.watch = &watch{lease: s.lease}
	if err := s.Beat(ctx); err != nil {
		return err
	}
	s.sharing = make(chan struct{})
	go s.share()
	return nil
}

// share beats and looks as long as something runs here.
func (s *Engine) share() {
	defer close(s.sharing)
	ticker := time.NewTicker(s.watch.period())
	defer ticker.Stop()
	for {
		select {
		case <-s.life.context.Done():
			return
		case <-ticker.C:
		}
		ctx, cancel := context.WithTimeout(s.life.context, s.watch.lease)
		if err := s.BeatAndLook(ctx, time.Now()); err != nil && s.life.context.Err() == nil {
			s.log.Error("the other servers of the database cannot be seen, nor see this one", "error", err)
		}
		cancel()
	}
}

// Beat says that this instance lives.
func (s *Engine) Beat(ctx context.Context) error {
	s.beats++
	return s.db.Beat(ctx, s.owner, s.beats)
}

// BeatAndLook beats, and fails what silent instances have left.
func (s *Engine) BeatAndLook(ctx context.Context, now time.Time) error {
	if err := s.Beat(ctx); err != nil {
		return err
	}
	if err := s.disownLost(ctx); err != nil {
		return err
	}
	beats, err := s.db.Beats(ctx, s.owner)
	if err != nil {
		return err
	}
	for _, id := range s.watch.look(beats, now) {
		left, err := s.db.FailInstance(ctx, id, beats[id], StoppedWhileRunning)
		switch {
		case errors.Is(err, store.ErrNotFound): // it has beaten, or another has been here
		case err != nil:
			return err
		case left > 0:
			s.log.Warn("another server has stopped while functions ran: their executions are marked as failed", "executions", left)
		}
	}
	return nil
}

// disownLost gives back what the database says runs here, and does not: when a
// connection breaks, a claim may have been made that nobody here learned of.
func (s *Engine) disownLost(ctx context.Context) error {
	if !s.claiming.TryLock() { // one is under way: the next look will tell
		return nil
	}
	defer s.claiming.Unlock()
	owned, err := s.db.Owned(ctx, s.owner)
	if err != nil {
		return err
	}
	for _, key := range owned {
		if _, runs := s.running.Load(key); runs {
			continue
		}
		err := s.db.Tx(ctx, func(t *store.Tx) error { return t.Disown(ctx, key, s.owner, notBegun) })
		switch {
		case errors.Is(err, store.ErrNotFound): // it has ended since
		case err != nil:
			return err
		default:
			s.log.Warn("an execution was taken here and not begun: it is given back", "execution", key.ID)
			s.Wake()
		}
	}
	return nil
}

// stopSharing lets the other instances know that this one has ended.
func (s *Engine) stopSharing() {
	if s.sharing == nil {
		return
	}
	<-s.sharing
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	if err := s.db.Leave(ctx, s.owner); err != nil {
		s.log.Warn("the other servers will find out by themselves that this one has ended", "error", err)
	}
}
