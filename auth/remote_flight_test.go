package auth_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
)

// Callers with one token share one question; one that gives up does not end it
// for the others.
func TestRemoteAsksOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		answer := make(chan struct{})
		r := remote(t, fake(t, func(ctx context.Context, _ *isojot.Request) (*isojot.Response, error) {
			asked.Add(1)
			select {
			case <-answer:
				return annAnswer(), nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}), at(now))
		firstGivesUp(t, r, token(claims("")), 50, answer)
		wantCount(t, &asked, 1)
	})
}

// An endpoint that never answers is given up after 10 s (of a bubble's clock).
func TestRemoteGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := remote(t, fake(t, func(ctx context.Context, _ *isojot.Request) (*isojot.Response, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}))
		began := time.Now()
		_, err := r.Verify(t.Context(), token(fmt.Sprintf(`{"userId":"ann","exp":%d}`, began.Unix()+900)))
		wantUnavailable(t, err, "")
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("gave up after %v", took)
		}
	})
}

// Many different tokens do not take more memory than the bound; the ones in use
// stay.
func TestRemoteMemoryIsBounded(t *testing.T) {
	var asked atomic.Int64
	r := remote(t, fake(t, func(context.Context, *isojot.Request) (*isojot.Response, error) {
		asked.Add(1)
		return annAnswer(), nil
	}), at(now), auth.CacheEntries(1000))
	used := token(claims(""))
	for i := range 10_000 {
		caller, err := r.Verify(t.Context(), token(claims(fmt.Sprintf(`,"n":%d`, i))))
		wantUser(t, caller, err, "ann")
		if _, err := r.Verify(t.Context(), used); err != nil {
			t.Fatal(err)
		}
	}
	if n := r.Entries(); n != 1000 {
		t.Errorf("%d entries, want 1000", n)
	}
	wantCount(t, &asked, 10_001)
}

// Forged tokens, which anybody can make, do not make good ones forgotten, nor take
// more memory than the bound.
func TestRemoteForgeriesForgetNoGoodToken(t *testing.T) {
	var asked atomic.Int64
	good := token(claims(""))
	r := remote(t, fake(t, func(_ context.Context, req *isojot.Request) (*isojot.Response, error) {
		asked.Add(1)
		if req.Header["x-appwrite-jwt"] == good {
			return annAnswer(), nil
		}
		return jsonAnswer(401, `{"message":"no","type":"user_jwt_invalid"}`), nil
	}), at(now), auth.CacheEntries(100))
	caller, err := r.Verify(t.Context(), good)
	wantUser(t, caller, err, "ann")
	for i := range 1000 {
		if _, err := r.Verify(t.Context(), token(claims(fmt.Sprintf(`,"n":%d`, i)))); !errors.Is(err, auth.ErrRefused) {
			t.Fatal(err)
		}
	}
	caller, err = r.Verify(t.Context(), good)
	wantUser(t, caller, err, "ann")
	wantCount(t, &asked, 1001)
	if n := r.Entries(); n != 101 {
		t.Errorf("%d entries, want 101", n)
	}
}

func TestRemoteConcurrently(t *testing.T) {
	clock := &testClock{at: now}
	r := remote(t, fake(t, func(context.Context, *isojot.Request) (*isojot.Response, error) {
		return annAnswer(), nil
	}), auth.WithClock(clock.Now), auth.CacheEntries(8), auth.CacheFor(time.Second))
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 200 {
				jwt := token(claims(fmt.Sprintf(`,"n":%d`, (worker+i)%16)))
				if caller, err := r.Verify(t.Context(), jwt); err != nil || caller.JWT != jwt {
					t.Errorf("Verify = %v, %v", caller, err)
				}
				clock.Advance(10 * time.Millisecond)
			}
		})
	}
	group.Wait()
	if n := r.Entries(); n > 8 {
		t.Errorf("%d entries, want at most 8", n)
	}
}

func TestCacheForZeroRemembersNothing(t *testing.T) {
	srv, base := service(t)
	_, jwt := signIn(t, srv, base, "ann")
	client, asked := counted(t, base)
	r := remote(t, client, auth.WithClock(srv.Now), auth.CacheFor(0))
	for range 3 {
		caller, err := r.Verify(t.Context(), jwt)
		wantUser(t, caller, err, "ann")
	}
	wantCount(t, asked, 3)
	if n := r.Entries(); n != 0 {
		t.Errorf("%d entries", n)
	}
}
