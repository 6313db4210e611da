package isojottest

import (
	"context"
	"testing"
	"time"

	"github.com/isojot/isojot/server"
)

// messageWait is how long NextMail and NextText wait: the app that a test is
// about may ask for the message meanwhile.
const messageWait = 10 * time.Second

// NextMail returns the next mail to an address that it has not returned yet, and
// waits for one up to ten seconds. Its Links and Codes are what its reader would
// follow or type in. Nothing is sent anywhere.
func (s *Server) NextMail(t testing.TB, address string) server.Message {
	t.Helper()
	return s.nextMessage(t, server.ChannelMail, address)
}

// NextText returns the next text message to a phone number, as NextMail does a
// mail.
func (s *Server) NextText(t testing.TB, number string) server.Message {
	t.Helper()
	return s.nextMessage(t, server.ChannelText, number)
}

func (s *Server) nextMessage(t testing.TB, channel, to string) server.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), messageWait)
	defer cancel()
	key := channel + " " + to
	m, err := s.srv.NextMessage(ctx, server.MessageFilter{Channel: channel, To: to, After: s.read[key]})
	if err != nil {
		t.Fatalf("isojottest: no %s to %s came in %v: %v", channel, to, messageWait, err)
	}
	s.read[key] = m.ID
	return m
}
