package server

import (
	"encoding/json"
	"maps"
	"net/http/httptest"
	"testing"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/mail"
)

// withOutbox is for tests that read messages.
func withOutbox(o *Options) { o.Outbox = true }

// nextMail takes the oldest mail to an address out of the outbox; without any,
// the test fails.
func nextMail(t *testing.T, f *fixture, to string) Message {
	t.Helper()
	return nextMessage(t, f, ChannelMail, to)
}

// nextText takes the oldest text message to a number out of the outbox.
func nextText(t *testing.T, f *fixture, to string) Message {
	t.Helper()
	return nextMessage(t, f, ChannelText, to)
}

// noMessage fails when there is a message to an address or a number.
func noMessage(t *testing.T, f *fixture, to string) {
	t.Helper()
	if list, err := f.Messages(t.Context(), MessageFilter{To: to}); err != nil || len(list) > 0 {
		t.Fatalf("there is a message to %s: %+v, %v", to, list, err)
	}
}

func nextMessage(t *testing.T, f *fixture, channel, to string) Message {
	t.Helper()
	list, err := f.Messages(t.Context(), MessageFilter{Channel: channel, To: to})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		t.Fatalf("there is no %s to %s in the outbox", channel, to)
	}
	if err := f.db.DeleteMessage(t.Context(), list[0].ID); err != nil {
		t.Fatal(err)
	}
	return list[0]
}

// asCall is a call of the server's project, as a handler has it.
func (f *fixture) asCall(t *testing.T, h headers) *call {
	t.Helper()
	p, err := f.projects.Find(t.Context(), f.options.Project)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/v1/account/recovery", nil)
	for name, value := range h {
		r.Header.Set(name, value)
	}
	return &call{s: f.Server, r: r, project: p, config: f.config(p.ID)}
}

// refused is the answer to a request that a check refuses.
func (f *fixture) refused(t *testing.T, check func(*call) error) answer {
	t.Helper()
	a := answer{ResponseRecorder: httptest.NewRecorder()}
	maps.Copy(a.Header(), fixedHeader)
	f.writeError(a, check(f.asCall(t, nil)))
	if err := json.Unmarshal(a.Body.Bytes(), &a.object); err != nil {
		t.Fatal(err)
	}
	return a
}

// send puts messages into the outbox as a handler does.
func (f *fixture) send(t *testing.T, h headers, put func(c *call, tx *store.Tx) error) error {
	t.Helper()
	c := f.asCall(t, h)
	err := c.act(func(tx *store.Tx) error { return put(c, tx) })
	for _, end := range c.atEnd {
		end()
	}
	return err
}

// mustMail puts a mail into the outbox.
func (f *fixture) mustMail(t *testing.T, m mail.Mail) {
	t.Helper()
	if err := f.send(t, nil, func(c *call, tx *store.Tx) error { return c.mail(tx, m) }); err != nil {
		t.Fatal(err)
	}
}
