package server

import (
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// internalPrefix is where this server's own endpoints are, which are not part
// of Appwrite's API and send no CORS headers.
const internalPrefix = "/_isojot/"

// maxInternalBody bounds the body of a request to them, in bytes.
const maxInternalBody = 4096

// The endpoints that are there always.
const (
	healthPattern = "GET /_isojot/health"
	infoPattern   = "GET /_isojot/info"
)

// devEndpoints are those of development mode, in the order in which they are
// listed.
var devEndpoints = []struct {
	pattern string
	handle  func(*Server, *http.Request) error
}{
	{"GET /_isojot/clock", (*Server).getClock},
	{"POST /_isojot/clock/advance", (*Server).advanceClock},
	{"POST /_isojot/clock/set", (*Server).setClock},
	{"POST /_isojot/clock/freeze", (*Server).freezeClock},
	{"POST /_isojot/clock/reset", (*Server).resetClock},
}

// internalMux makes the mux below /_isojot/.
func (s *Server) internalMux() *http.ServeMux {
	mux, there := http.NewServeMux(), []string{healthPattern, infoPattern}
	mux.HandleFunc(healthPattern, s.getHealthAll)
	mux.Handle(infoPattern, s.sameOrigin(s.getInfo))
	for _, e := range devEndpoints {
		if s.clock == nil {
			mux.Handle(e.pattern, s.refuse(wire.Fail(isojot.ErrDevOff)))
			continue
		}
		mux.Handle(e.pattern, s.development(func(r *http.Request) error { return e.handle(s, r) }))
		there = append(there, e.pattern)
	}
	if s.toy != nil {
		there = append(there, s.toy.handle(mux, s)...)
	}
	there = append(there, s.addMail(mux)...)
	mux.Handle("/", s.refuse(wire.Failf(isojot.ErrRouteNotFound, "Route not found. Below %s there is: %s.", internalPrefix, strings.Join(there, ", "))))
	return mux
}

// refuse answers every request with err.
func (s *Server) refuse(err error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { s.writeError(w, err) }
}

// sameOrigin lets through requests to a host of this server's that no other
// site's page has made.
func (s *Server) sameOrigin(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.checkHost(r, &s.config(s.options.Project).origins); err != nil {
			s.writeError(w, err)
			return
		}
		if reach.Foreign(r) {
			s.log.Info("auth", "decision", "refused", "reason", "the page of another site asks", "path", r.URL.Path)
			s.writeError(w, wire.Fail(isojot.ErrDevNotLocal))
			return
		}
		next(w, r)
	})
}

// development lets through requests from this machine that have the token.
func (s *Server) development(next func(*http.Request) error) http.Handler {
	return s.sameOrigin(func(w http.ResponseWriter, r *http.Request) {
		err := s.checkDev(r)
		if err == nil {
			err = next(r)
		} else {
			s.log.Info("auth", "decision", "refused", "reason", err.Error(), "path", r.URL.Path)
		}
		if err != nil {
			s.writeError(w, err)
			return
		}
		s.writeClock(w)
	})
}

// checkDev refuses callers from elsewhere and those without the token.
func (s *Server) checkDev(r *http.Request) error {
	if !reach.Local(r) {
		return wire.Fail(isojot.ErrDevNotLocal)
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") ||
		subtle.ConstantTimeCompare([]byte(strings.TrimSpace(token)), []byte(s.options.Dev.Token)) != 1 {
		return wire.Fail(isojot.ErrDevTokenInvalid)
	}
	return nil
}

// infoJSON is what the page needs to know.
type infoJSON struct {
	Version string `json:"version"`
	Project string `json:"project"`
	Limits  string `json:"limits"`
	Dev     bool   `json:"dev"`
}

// getInfo answers GET /_isojot/info.
func (s *Server) getInfo(w http.ResponseWriter, _ *http.Request) {
	s.writeJSON(w, http.StatusOK, infoJSON{version, s.options.Project, s.options.Limits.String(), s.clock != nil})
}

// clockJSON is the clock as its endpoints answer it.
type clockJSON struct {
	Now      string `json:"now"`
	OffsetMs int64  `json:"offsetMs"`
	Frozen   bool   `json:"frozen"`
}

// writeClock answers with what the clock shows now.
func (s *Server) writeClock(w http.ResponseWriter) {
	state := s.clock.State()
	s.writeJSON(w, http.StatusOK, clockJSON{wire.Date(state.Now), state.Offset.Milliseconds(), state.Frozen})
}

func (s *Server) getClock(*http.Request) error { return nil }

// advanceClock reads {"duration":"60m"}, in Go's notation.
func (s *Server) advanceClock(r *http.Request) error {
	var body struct {
		Duration string `json:"duration"`
	}
	if err := readDevBody(r, &body, `{"duration":"60m"}`); err != nil {
		return err
	}
	d, err := time.ParseDuration(body.Duration)
	if err != nil {
		return wire.Failf(isojot.ErrDevArgumentInvalid, "The duration %q is not valid: use a number with a unit, such as 90s, 60m or 24h.", body.Duration)
	}
	return s.moved(s.clock.Advance(d))
}

// setClock reads {"time":"2026-08-21T12:00:00Z"}.
func (s *Server) setClock(r *http.Request) error {
	var body struct {
		Time string `json:"time"`
	}
	if err := readDevBody(r, &body, `{"time":"2026-08-21T12:00:00Z"}`); err != nil {
		return err
	}
	t, err := time.Parse(time.RFC3339, body.Time)
	if err != nil {
		return wire.Failf(isojot.ErrDevArgumentInvalid, "The time %q is not valid: write it like 2026-08-21T12:00:00Z (RFC 3339).", body.Time)
	}
	return s.moved(s.clock.Set(t))
}

func (s *Server) freezeClock(*http.Request) error {
	s.clock.Freeze()
	return s.moved(nil)
}

func (s *Server) resetClock(*http.Request) error {
	s.clock.Reset()
	return s.moved(nil)
}

// moved logs a move, or says why the clock did not move.
func (s *Server) moved(err error) error {
	if err != nil {
		return wire.Failf(isojot.ErrDevArgumentInvalid, "%v.", err)
	}
	s.log.Info("the clock was moved", "now", s.clock.Now())
	return nil
}

// readDevBody reads a small JSON object.
func readDevBody(r *http.Request, into any, example string) error {
	text, err := io.ReadAll(io.LimitReader(r.Body, maxInternalBody))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return wire.Failf(isojot.ErrDevArgumentInvalid, "The body must be a JSON object such as %s, of at most %d bytes.", example, maxInternalBody)
	}
	return nil
}
