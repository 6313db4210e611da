package runner

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// Whoever runs a function is asked for the memory of its answer, and can refuse
// it.
func TestRoom(t *testing.T) {
	t.Parallel()
	const size = 300_000
	write := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/known" {
			w.Header().Set("Content-Length", strconv.Itoa(size))
		}
		for range size / 1000 {
			if _, err := io.WriteString(w, strings.Repeat("x", 1000)); err != nil {
				return
			}
		}
	}
	far := httptest.NewServer(http.HandlerFunc(write))
	defer far.Close()
	forward, err := HTTP(Config{}, far.URL)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := Handler(Config{}, http.HandlerFunc(write))
	if err != nil {
		t.Fatal(err)
	}
	command, err := Command(Config{}, "head", "-c", strconv.Itoa(size), "/dev/zero")
	if err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]func(*Request) (*Result, error){
		"URL":                 func(r *Request) (*Result, error) { return forward.Run(t.Context(), r) },
		"URL of known length": func(r *Request) (*Result, error) { r.Path = "/known"; return forward.Run(t.Context(), r) },
		"handler":             func(r *Request) (*Result, error) { return handler.Run(t.Context(), r) },
		"command":             func(r *Request) (*Result, error) { return command.Run(t.Context(), r) },
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			room := func(n int) error { asked += n; return nil }
			res, err := run(&Request{Method: "GET", Path: "/", Header: http.Header{}, Room: room})
			if err != nil || len(res.Body) != size || asked < size || asked > 2*size+firstBuffer {
				t.Errorf("%d bytes of %d are asked for, %v", asked, len(res.Body), err)
			}
			full := errors.New("full")
			asked = 0
			room = func(n int) error {
				if asked += n; asked > size/2 {
					return full
				}
				return nil
			}
			res, err = run(&Request{Method: "GET", Path: "/", Header: http.Header{}, Room: room})
			if !errors.Is(err, ErrNoRoom) || !errors.Is(err, full) || res == nil || res.Body != nil {
				t.Errorf("without room it answers %v, %v", res, err)
			}
		})
	}
}
