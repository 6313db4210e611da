//go:build js && wasm

package browser

import (
	"context"
	"runtime"
	"testing"
)

// TestNothingStays runs what crosses to JavaScript many times, and counts
// Go's objects: a function that was not released stays in the runtime's table
// for good.
func TestNothingStays(t *testing.T) {
	failure := func(err error) any { return err.Error() }
	later := eval(t, `return () => new Promise((resolve) => setTimeout(resolve, 0))`)
	for name, once := range map[string]func() error{
		"Promise": func() error {
			promise, err := Promise(func() (any, error) { return 1, nil }, failure)
			if err == nil {
				_, err = Await(t.Context(), promise)
			}
			return err
		},
		"Await, given up": func() error {
			promise, err := later.Invoke()
			if err != nil {
				return err
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := Await(ctx, promise); err != context.Canceled {
				t.Fatalf("%v instead of context.Canceled", err)
			}
			_, err = Await(t.Context(), promise) // which settles for both
			return err
		},
		"Func": func() error {
			f, err := Func(func([]Value) (any, error) { return 1, nil }, failure)
			if err == nil {
				_, err = f.Value().Invoke()
				f.Release()
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			const times = 2000
			repeat(t, 200, once)
			goroutines, objects := runtime.NumGoroutine(), liveObjects()
			repeat(t, times, once)
			if now := runtime.NumGoroutine(); now > goroutines {
				t.Errorf("%d goroutines became %d", goroutines, now)
			}
			if more := liveObjects() - objects; more >= times/4 {
				t.Errorf("%d more objects after %d times", more, times)
			}
		})
	}
}

func repeat(t *testing.T, times int, f func() error) {
	t.Helper()
	for range times {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
}

// liveObjects counts what a collection leaves, once the finalizers that release
// JavaScript's values have run.
func liveObjects() int {
	for range 3 {
		runtime.GC()
		runtime.Gosched()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapObjects)
}
