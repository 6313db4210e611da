package server

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/netaddr"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// Bounds of waiting for a message.
const (
	// maxWait is how long a request waits, in seconds.
	maxWait = 60
	// maxReading is how many requests wait at once.
	maxReading = 64
)

// mailEndpoints are those of the outbox, in the order in which they are listed.
var mailEndpoints = []struct {
	pattern string
	handle  func(*Server, http.ResponseWriter, *http.Request) error
}{
	{"GET /_isojot/mail", (*Server).listMail},
	{"DELETE /_isojot/mail", (*Server).deleteAllMail},
	{"GET /_isojot/mail/{id}", (*Server).getMail},
	{"DELETE /_isojot/mail/{id}", (*Server).deleteMail},
}

// addMail adds the endpoints of the outbox to the mux below /_isojot/, and
// returns their patterns.
func (s *Server) addMail(mux *http.ServeMux) (there []string) {
	for _, e := range mailEndpoints {
		if s.clock == nil || !s.options.Outbox {
			mux.Handle(e.pattern, s.refuse(wire.Failf(isojot.ErrDevOff, "Messages can be read here in development mode alone: start isojot with --dev, and without an SMTP server or with --outbox.")))
			continue
		}
		mux.Handle(e.pattern, s.sameOrigin(func(w http.ResponseWriter, r *http.Request) {
			err := s.checkReader(r)
			if err != nil {
				s.log.Info("auth", "decision", "refused", "reason", err.Error(), "path", "/_isojot/mail")
			} else {
				err = e.handle(s, w, r)
			}
			if err != nil {
				s.writeError(w, err)
			}
		}))
		there = append(there, e.pattern)
	}
	return there
}

// checkReader refuses who may not read messages: callers from elsewhere, and
// those on this machine without the token, but for this server's own page.
func (s *Server) checkReader(r *http.Request) error {
	if reach.Local(r) && ownPage(r) {
		return nil
	}
	return s.checkDev(r)
}

// ownPage reports whether a browser says that a page of this server's, at a name
// that is this machine for everybody, sent the request. A page cannot say so by
// itself, and at another name it may be anybody's who has that name lead here.
func ownPage(r *http.Request) bool {
	if r.Header.Get("Sec-Fetch-Site") != "same-origin" || r.Header.Get("Sec-Fetch-Mode") == "navigate" {
		return false
	}
	host := reach.Hostname(r.Host)
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && netaddr.Loopback(ip)
}

// messageListJSON is a list of messages.
type messageListJSON struct {
	Total    int       `json:"total"`
	Messages []Message `json:"messages"`
}

// listMail answers GET /_isojot/mail?to=&channel=&after=&wait=: the messages
// after an id, the oldest first. With wait, in seconds, it waits until there is
// one.
func (s *Server) listMail(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := MessageFilter{Channel: q.Get("channel"), To: q.Get("to"), After: q.Get("after")}
	if f.Channel != "" && f.Channel != ChannelMail && f.Channel != ChannelText {
		return wire.Failf(isojot.ErrDevArgumentInvalid, "The channel %q is not valid: use %s or %s.", f.Channel, ChannelMail, ChannelText)
	}
	if text := q.Get("wait"); text != "" {
		seconds, err := strconv.Atoi(text)
		if err != nil || seconds < 0 || seconds > maxWait {
			return wire.Failf(isojot.ErrDevArgumentInvalid, "The wait %q is not valid: use 0 to %d, in seconds.", text, maxWait)
		}
		if err := s.waitForMessage(r.Context(), f, time.Duration(seconds)*time.Second); err != nil {
			return err
		}
	}
	list, err := s.Messages(r.Context(), f)
	if err == nil {
		s.writeJSON(w, http.StatusOK, messageListJSON{len(list), list})
	}
	return err
}

// waitForMessage waits until there is a message, or for so long.
func (s *Server) waitForMessage(ctx context.Context, f MessageFilter, most time.Duration) error {
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
	default:
		return wire.Failf(isojot.ErrServerBusy, "%d others wait for messages already. Try again later.", maxReading)
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	if _, err := s.NextMessage(ctx, f); !errors.Is(err, ErrNoMessage) {
		return err
	}
	return nil
}

// getMail answers GET /_isojot/mail/{id}.
func (s *Server) getMail(w http.ResponseWriter, r *http.Request) error {
	m, err := s.message(r.Context(), r.PathValue("id"))
	if err == nil {
		s.writeJSON(w, http.StatusOK, m)
	}
	return unknownMessage(err)
}

// deleteMail answers DELETE /_isojot/mail/{id}.
func (s *Server) deleteMail(w http.ResponseWriter, r *http.Request) error {
	err := s.db.DeleteMessage(r.Context(), r.PathValue("id"))
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return unknownMessage(store.NotFoundAs(err, ErrNoMessage))
}

// deleteAllMail answers DELETE /_isojot/mail.
func (s *Server) deleteAllMail(w http.ResponseWriter, r *http.Request) error {
	err := s.db.DeleteMessages(r.Context())
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// unknownMessage is the answer about a message that there is not.
func unknownMessage(err error) error {
	if errors.Is(err, ErrNoMessage) {
		return wire.Failf(isojot.ErrRouteNotFound, "There is no such message, or it is about to be sent.")
	}
	return err
}
