package server

import (
	"encoding/json"
	"html"
	"regexp"
	"testing"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/mail"
)

// withOutbox is for tests that read messages.
func withOutbox(o *Options) { o.Outbox = true }

// received is a message as a test reads it.
type received struct {
	Kind, To, ToName, Subject, Text, HTML string
	Links, Codes                          []string
}

var (
	linkInText = regexp.MustCompile(`[a-z][a-z0-9+.-]*://[^\s<>"]+`)
	codeInText = regexp.MustCompile(`\b[0-9]{6}\b`)
)

// nextMail takes the oldest mail to an address out of the outbox; without any,
// the test fails.
func nextMail(t *testing.T, f *fixture, to string) received {
	t.Helper()
	return nextMessage(t, f, store.ChannelMail, to)
}

// nextText takes the oldest text message to a number out of the outbox.
func nextText(t *testing.T, f *fixture, to string) received {
	t.Helper()
	return nextMessage(t, f, store.ChannelText, to)
}

// noMessage fails when there is a message to an address or a number.
func noMessage(t *testing.T, f *fixture, to string) {
	t.Helper()
	if list, err := f.db.Messages(t.Context(), to, "", 1); err != nil || len(list) > 0 {
		t.Fatalf("there is a message to %s: %+v, %v", to, list, err)
	}
}

func nextMessage(t *testing.T, f *fixture, channel, to string) received {
	t.Helper()
	list, err := f.db.Messages(t.Context(), to, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if m.Channel != channel {
			continue
		}
		var made mail.Message
		if err := json.Unmarshal([]byte(m.Body), &made); err != nil {
			t.Fatal(err)
		}
		if err := f.db.Tx(t.Context(), func(tx *store.Tx) error { return tx.DeleteMessage(t.Context(), m.ID) }); err != nil {
			t.Fatal(err)
		}
		text := html.UnescapeString(made.Text)
		links := linkInText.FindAllString(text, -1)
		return received{m.Kind, m.To, made.ToName, made.Subject, made.Text, made.HTML, links,
			codeInText.FindAllString(linkInText.ReplaceAllString(text, ""), -1)}
	}
	t.Fatalf("there is no %s to %s in the outbox", channel, to)
	panic("unreachable")
}
