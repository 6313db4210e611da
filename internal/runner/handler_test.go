package runner

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// hangTime is the timeout of what hangs.
const hangTime = 50 * time.Millisecond

func handlerOf(t *testing.T, c Config, h http.HandlerFunc) Runner {
	t.Helper()
	r, err := Handler(c, h)
	return mustRunner(t, r, err)
}

func TestHandlerGetsTheCall(t *testing.T) {
	r := handlerOf(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != `{"n":1}` || r.Method != "PUT" || r.URL.Path != "/a b/c" || r.URL.RawQuery != "x=1&y=%20" ||
			r.Host != "api.test:8080" || r.Header.Get("X-Appwrite-User-Jwt") != userJWT {
			t.Errorf("it got %s %s %v with %q, %v", r.Method, r.RequestURI, r.Header, body, err)
		}
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("X-Own", "1")
		w.WriteHeader(http.StatusTeapot)
		w.Header().Set("X-Late", "1")
		w.WriteHeader(http.StatusOK)
		if _, err := io.WriteString(w, "hello"); err != nil {
			t.Error(err)
		}
	})
	got := mustRun(t, r, request())
	if got.Status != 418 || string(got.Body) != "hello" || got.Header.Get("X-Own") != "1" || got.Header.Get("X-Late") != "" ||
		got.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("got %d %v %q", got.Status, got.Header, got.Body)
	}
}

func TestHandlerWithoutAWord(t *testing.T) {
	if got := mustRun(t, handlerOf(t, Config{}, func(http.ResponseWriter, *http.Request) {}), request()); got.Status != 200 || len(got.Body) != 0 {
		t.Errorf("got %d %q", got.Status, got.Body)
	}
}

func TestHandlerPanics(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"panic":  func(http.ResponseWriter, *http.Request) { panic("with " + userJWT) },
		"Goexit": func(http.ResponseWriter, *http.Request) { runtime.Goexit() },
	} {
		got, err := handlerOf(t, Config{}, h).Run(t.Context(), request())
		if !errors.Is(err, ErrCrashed) || got.Status != 500 || !strings.Contains(got.Errors, "handler_test.go") || strings.Contains(got.Errors, userJWT) {
			t.Errorf("%s: got %d, %v, errors %q", name, got.Status, err, got.Errors)
		}
	}
}

func TestHandlerIsTooLarge(t *testing.T) {
	r := handlerOf(t, Config{Output: 2000}, func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			_, err := w.Write(make([]byte, 1000))
			if err != nil && !errors.Is(err, ErrTooLarge) {
				t.Error(err)
			}
		}
	})
	if got, err := r.Run(t.Context(), request()); !errors.Is(err, ErrTooLarge) || got.Body != nil {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
}

// A handler that does not look at its context is left behind, and can do nothing.
func TestHandlerIgnoresItsTimeout(t *testing.T) {
	release, wrote := make(chan struct{}), make(chan error)
	r := handlerOf(t, Config{}, func(w http.ResponseWriter, _ *http.Request) {
		<-release
		_, err := io.WriteString(w, "late")
		wrote <- err
	})
	ctx, cancel := context.WithTimeout(t.Context(), hangTime)
	defer cancel()
	got, err := r.Run(ctx, request())
	if !errors.Is(err, ErrTimeout) || got.Status != 0 {
		t.Errorf("got %d, %v, want ErrTimeout", got.Status, err)
	}
	close(release)
	if err := <-wrote; err == nil {
		t.Error("it could still write")
	}
}

func TestNoHandler(t *testing.T) {
	if _, err := Handler(Config{}, nil); !errors.Is(err, ErrStart) {
		t.Errorf("got %v, want ErrStart", err)
	}
}
