package runner

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestPool(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		r := NewPool(2, 3).Limit(handlerOf(t, Config{}, func(http.ResponseWriter, *http.Request) {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Second)
			now.Add(-1)
		}))
		errs := make(chan error, 6)
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				_, err := r.Run(t.Context(), request())
				errs <- err
			})
			synctest.Wait()
		}
		all.Wait()
		close(errs)
		var refused int
		for err := range errs {
			if errors.Is(err, ErrBusy) {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		}
		if refused != 1 || most.Load() != 2 {
			t.Errorf("%d were refused and %d ran at once, want 1 and 2", refused, most.Load())
		}
	})
}

// The timeout covers the waiting, and who waited in vain takes no place.
func TestPoolTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := NewPool(1, 1)
		r := pool.Limit(handlerOf(t, Config{}, func(http.ResponseWriter, *http.Request) { time.Sleep(10 * time.Second) }))
		first := make(chan error, 1)
		go func() {
			_, err := r.Run(t.Context(), request())
			first <- err
		}()
		synctest.Wait()
		for range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if got, err := r.Run(ctx, request()); !errors.Is(err, ErrTimeout) || got == nil {
				t.Errorf("got %v, want ErrTimeout", err)
			}
			cancel()
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
		if _, err := r.Run(t.Context(), request()); err != nil {
			t.Error(err)
		}
	})
}
