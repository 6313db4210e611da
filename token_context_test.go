package isojot_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
)

// TestCancelledCallerLeavesTheOthers: whoever's context ends stops waiting,
// also the one who began.
func TestCancelledCallerLeavesTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := newClock(moment)
		a := newAuthority(clock)
		gate := make(chan struct{})
		a.create = func(ctx context.Context, _ int) (*isojot.Response, error) {
			select {
			case <-gate:
				return nil, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		s := sourceOf(t, a, clock)
		first, cancel := context.WithCancel(t.Context())
		errs, stays := make(chan error, 1), make(chan error, 1)
		go func() { _, err := s.Token(first); errs <- err }()
		synctest.Wait()
		go func() { _, err := s.Token(t.Context()); stays <- err }()
		synctest.Wait()
		cancel()
		if err := <-errs; !errors.Is(err, context.Canceled) || !errors.Is(err, isojot.ErrCanceled) {
			t.Errorf("the cancelled caller got %v", err)
		}
		close(gate)
		if err := <-stays; err != nil {
			t.Errorf("the other caller got %v", err)
		}
		if a.creations() != 1 {
			t.Errorf("%d creations", a.creations())
		}
	})
}

func TestDeadlineOfACaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(newClock(moment))
		a.create = func(ctx context.Context, _ int) (*isojot.Response, error) { <-ctx.Done(); return nil, ctx.Err() }
		s := sourceOf(t, a, a.clock)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.Token(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		s.Close() // ends the flight
		synctest.Wait()
	})
}

// TestEndedContextStartsNothing: it must not cost one of the user's budget.
func TestEndedContextStartsNothing(t *testing.T) {
	clock := newClock(moment)
	a := newAuthority(clock)
	s := sourceOf(t, a, clock)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, ask := range map[string]func(context.Context) (*isojot.Token, error){"Token": s.Token, "ForceRefresh": s.ForceRefresh} {
		if _, err := ask(ctx); !errors.Is(err, context.Canceled) || !errors.Is(err, isojot.ErrCanceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if a.creations() != 0 {
		t.Errorf("%d creations", a.creations())
	}
	token(t, s)
	if _, err := s.Token(ctx); err != nil {
		t.Errorf("a token in hand costs nothing, but: %v", err)
	}
}

// TestSlowServer: while a token lives, nobody waits long for the next, and
// nobody waits at all once it is known that the server is slow.
func TestSlowServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := newClock(moment)
		a := newAuthority(clock)
		s := sourceOf(t, a, clock)
		old := token(t, s)
		gate := make(chan struct{})
		a.set(func() { a.create = func(context.Context, int) (*isojot.Response, error) { <-gate; return nil, nil } })
		clock.pass(14 * time.Minute)
		for i, want := range []time.Duration{isojot.Patience, 0, 0} {
			began := time.Now()
			if got := token(t, s); got.JWT != old.JWT || time.Since(began) != want {
				t.Errorf("call %d waited %v, want %v", i, time.Since(began), want)
			}
		}
		close(gate)
		synctest.Wait()
		if got := token(t, s); got.JWT == old.JWT || a.creations() != 2 {
			t.Errorf("%d creations", a.creations())
		}
	})
}

// TestTokenThatDiesWhileWaiting: patience is for a token to fall back on.
func TestTokenThatDiesWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := newClock(moment)
		a := newAuthority(clock)
		s := sourceOf(t, a, clock)
		old := token(t, s)
		a.set(func() {
			a.create = func(context.Context, int) (*isojot.Response, error) { time.Sleep(20 * time.Second); return nil, nil }
		})
		clock.pass(15*time.Minute - 2*time.Second)
		go func() { time.Sleep(3 * time.Second); clock.pass(3 * time.Second) }()
		if got := token(t, s); got.JWT == old.JWT {
			t.Error("got the token that died meanwhile")
		}
	})
}

// TestServerThatNeverAnswers: that is the network's fault, not the caller's.
func TestServerThatNeverAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(newClock(moment))
		a.create = func(ctx context.Context, _ int) (*isojot.Response, error) { <-ctx.Done(); return nil, ctx.Err() }
		s := sourceOf(t, a, a.clock)
		began := time.Now()
		_, err := s.Token(t.Context())
		if e := failure(t, err); e.Type != isojot.ErrNetwork || e.Reason != isojot.ReasonNetwork || errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if time.Since(began) != isojot.FlightTimeout {
			t.Errorf("it took %v", time.Since(began))
		}
	})
}
