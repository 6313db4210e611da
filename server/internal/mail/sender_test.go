package mail

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/clock"
	"github.com/isojot/isojot/internal/pgtest"
	"github.com/isojot/isojot/internal/smtptest"
	"github.com/isojot/isojot/internal/store"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var start = time.Date(2026, 8, 21, 12, 0, 0, 0, time.UTC)

// office is a database whose messages are sent.
type office struct {
	t     *testing.T
	db    *store.DB
	clock *clock.Clock
	log   *bytes.Buffer
	mu    sync.Mutex // of log
}

// Write makes it the destination of a log.
func (o *office) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.log.Write(p)
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, clock: clock.New(func() time.Time { return start }), log: &bytes.Buffer{}}
	var err error
	if o.db, err = store.OpenMemory(t.Context(), o.clock.Now); err != nil {
		t.Fatal(err)
	}
	o.init(t)
	return o
}

func (o *office) init(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		if err := o.db.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := o.db.EnsureProject(t.Context(), "shop"); err != nil {
		t.Fatal(err)
	}
}

// put stores a message that waits.
func (o *office) put(channel, id, to string) {
	o.t.Helper()
	body, err := json.Marshal(Message{From: Address{"Shop", "noreply@shop.example"}, ReplyTo: Address{"Help", "help@shop.example"},
		ToName: "Ann", Subject: "Subject " + id, Text: "https://shop.example/?secret=" + id, HTML: "<p>" + id + "</p>"})
	if err == nil {
		now := o.db.Now()
		err = o.db.Tx(o.t.Context(), func(t *store.Tx) error {
			return t.InsertMessage(o.t.Context(), store.Message{ID: id, Project: "shop", Channel: channel, Kind: string(Recovery), To: to, Body: string(body),
				State: store.MessageWaiting, DueAt: now, ExpiresAt: now.Add(time.Hour), CreatedAt: now, UpdatedAt: now})
		})
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

// send begins to send what waits, until the test ends.
func (o *office) send(channel, owner string, transport Transport, keep bool) *Sender {
	o.t.Helper()
	s := NewSender(SenderConfig{DB: o.db, Log: slog.New(slog.NewTextHandler(o, nil)), Channel: channel, Owner: owner, Keep: keep, Transport: transport})
	s.Start()
	o.t.Cleanup(s.Close)
	return s
}

// until waits until a message is in a state.
func (o *office) until(id, state string) store.Message {
	o.t.Helper()
	for {
		m, err := o.db.Message(o.t.Context(), id)
		if err != nil {
			o.t.Fatal(err)
		}
		if m.State == state {
			return m
		}
		runtime.Gosched()
	}
}

// smtpTo is a transport to a server.
func smtpTo(t *testing.T, server *smtptest.Server) *SMTP {
	t.Helper()
	made, err := NewSMTP(server.URL(), "")
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestAMailAsItArrives(t *testing.T) {
	t.Parallel()
	server, o := smtptest.New(t, smtptest.Usual), newOffice(t)
	o.put(store.ChannelMail, "m1", "ann@example.com")
	o.send(store.ChannelMail, "me", smtpTo(t, server), false)
	m := server.Wait(1)[0]
	for name, want := range map[string]string{
		"From": `"Shop" <noreply@shop.example>`, "Reply-To": `"Help" <help@shop.example>`, "To": `"Ann" <ann@example.com>`, "Subject": "Subject m1",
		"Message-Id": "<m1@shop.example>", "X-Mailer": "isojot", "Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
		"Date": start.Format(time.RFC1123Z),
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	parts := partsOf(t, m)
	if parts["text/plain"] != "https://shop.example/?secret=m1" || parts["text/html"] != "<p>m1</p>" || len(parts) != 2 {
		t.Errorf("the parts are %q", parts)
	}
	sent := o.until("m1", store.MessageSent)
	if sent.Body != "" || sent.Attempts != 1 || sent.Reason != "" {
		t.Errorf("what is kept of it is %+v", sent)
	}
}

// partsOf are the parts of a multipart/alternative, by their type.
func partsOf(t *testing.T, m *netmail.Message) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type: %s, %v", kind, err)
	}
	parts, reader := map[string]string{}, multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		parts[kind] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
}

// Whatever a name, a subject or an address has, there are the headers that there
// should be, and one receiver.
func TestHeadersCannotBeAdded(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var receivers []string
	server := smtptest.New(t, func(command string) string {
		if strings.HasPrefix(command, "RCPT") {
			mu.Lock()
			defer mu.Unlock()
			receivers = append(receivers, command)
		}
		return ""
	})
	transport := smtpTo(t, server)
	t.Cleanup(transport.Rest)
	for i, evil := range []string{"Ann\r\nBcc: all@example.com", "Ann\nBcc: all@example.com", "\"Ann\" <eve@example.com>, ", "Ann\x00\x1b[2J", strings.Repeat("äöü ", 2000), strings.Repeat("x", 5000)} {
		m := Outgoing{ID: fmt.Sprint(i), To: "ann@example.com", CreatedAt: start,
			Message: Message{From: Address{"Shop", "noreply@shop.example"}, ToName: evil, Subject: evil, Text: evil, HTML: evil}}
		if err := transport.Send(t.Context(), m); err != nil {
			t.Fatalf("%q: %v", evil, err)
		}
		got := server.Wait(i + 1)[i]
		to, err := got.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "ann@example.com" || got.Header.Get("Bcc") != "" || len(got.Header) != 9 {
			t.Errorf("%q: %v, %v, %v", evil, to, err, got.Header)
		}
		for name, values := range got.Header {
			for _, value := range values {
				if len(value) > 1200 {
					t.Errorf("%q: the header %s has %d characters", evil, name, len(value))
				}
			}
		}
	}
	for _, address := range []string{"ann@example.com\r\nRCPT TO:<eve@example.com>", "ann@example.com>, <eve@example.com", "ann@example.com\nx", "", "ann", "ann@example.com\x00"} {
		err := transport.Send(t.Context(), Outgoing{ID: "x", To: address, CreatedAt: start, Message: Message{From: Address{"", "noreply@shop.example"}, Text: "x"}})
		if !isPermanent(err) {
			t.Errorf("to %q: %v", address, err)
		}
	}
	for _, r := range receivers {
		if r != "RCPT TO:<ann@example.com>" {
			t.Errorf("a mail went to %q", r)
		}
	}
}

// What a server refuses for now is tried again, later each time, with the same
// Message-ID; what it refuses for ever, and what was tried often enough, is
// given up, and can be tried again by hand until it is of no use any more.
func TestRefusedMails(t *testing.T) {
	t.Parallel()
	var later atomic.Bool
	later.Store(true)
	server := smtptest.New(t, func(command string) string {
		switch {
		case strings.Contains(command, "<nobody@"):
			return "550 5.1.1 no such user"
		case strings.Contains(command, "<later@") && later.Load():
			return "451 4.7.1 come back later"
		}
		return ""
	})
	o := newOffice(t)
	o.put(store.ChannelMail, "m1", "nobody@example.com")
	o.put(store.ChannelMail, "m2", "later@example.com")
	o.put(store.ChannelMail, "m3", "ann@example.com")
	s := o.send(store.ChannelMail, "me", smtpTo(t, server), false)
	o.until("m3", store.MessageSent)
	if m := o.until("m1", store.MessageDead); m.Attempts != 1 || m.Body == "" || !strings.Contains(m.Reason, "no such user") {
		t.Errorf("%+v", m)
	}
	for attempt := 1; attempt <= 5; attempt++ {
		m := o.again("m2", attempt)
		want := firstWait << (attempt - 1)
		if got := m.DueAt.Sub(o.db.Now()); got != want || !strings.Contains(m.Reason, "come back later") {
			t.Errorf("after %d attempts it waits %v, want %v: %+v", attempt, got, want, m)
		}
		o.advance(want)
		s.Wake()
	}
	later.Store(false)
	o.again("m2", 6)
	o.advance(maxWait)
	s.Wake()
	if m := o.until("m2", store.MessageSent); m.Attempts < 6 || m.Body != "" {
		t.Errorf("%+v", m)
	}
	if err := o.db.RetryMessage(t.Context(), "m1"); err != nil {
		t.Fatal(err)
	}
	s.Wake()
	o.until("m1", store.MessageDead)
	o.advance(time.Hour)
	if err := Tidy(t.Context(), o.db); err != nil {
		t.Fatal(err)
	}
	if m := o.until("m1", store.MessageDead); m.Body != "" {
		t.Errorf("what it said is still there: %+v", m)
	}
	if err := o.db.RetryMessage(t.Context(), "m1"); err == nil {
		t.Error("a message without its text is tried again")
	}
	for _, secret := range []string{"secret=", "https://", "Subject m"} {
		if strings.Contains(o.log.String(), secret) {
			t.Errorf("the log has %q:\n%s", secret, o.log)
		}
	}
}

// again waits until a message waits after so many attempts, or was sent.
func (o *office) again(id string, attempts int) store.Message {
	o.t.Helper()
	for {
		m, err := o.db.Message(o.t.Context(), id)
		if err != nil {
			o.t.Fatal(err)
		}
		if m.Attempts == attempts && m.State == store.MessageWaiting || m.State == store.MessageSent {
			return m
		}
		runtime.Gosched()
	}
}

func (o *office) advance(d time.Duration) {
	o.t.Helper()
	if err := o.clock.Advance(d); err != nil {
		o.t.Fatal(err)
	}
}

func TestWaits(t *testing.T) {
	t.Parallel()
	total := time.Duration(0)
	for attempt := 1; attempt < maxAttempts; attempt++ {
		total += waitAfter(attempt)
	}
	if waitAfter(1) != 10*time.Second || waitAfter(2) != 20*time.Second || waitAfter(100) != maxWait || total < 8*time.Hour {
		t.Errorf("it waits %v, %v, ..., %v, and %v in all", waitAfter(1), waitAfter(2), waitAfter(100), total)
	}
}

// While a mail server is away, ten thousand messages wait in the database: they
// take no memory, there are few attempts to reach it, and none counts. When it is
// back, those that are of use arrive, each once, and the others are forgotten.
func TestADeadMailServer(t *testing.T) {
	t.Parallel()
	const messages, every = 10_000, 10
	server, o := smtptest.New(t, smtptest.Usual), newOffice(t)
	server.Stop()
	err := o.db.Tx(t.Context(), func(tx *store.Tx) error {
		body := `{"from":{"address":"noreply@shop.example"},"text":"` + strings.Repeat("x", 4000) + `"}`
		now := tx.Now()
		for i := range messages {
			life := time.Hour
			if i%every != 0 {
				life = time.Second
			}
			err := tx.InsertMessage(t.Context(), store.Message{ID: fmt.Sprintf("m%05d", i), Project: "shop", Channel: store.ChannelMail, Kind: string(Recovery),
				To: "ann@example.com", Body: body, State: store.MessageWaiting, DueAt: now, ExpiresAt: now.Add(life), CreatedAt: now, UpdatedAt: now})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	transport := &counted{Transport: smtpTo(t, server)}
	before := heap()
	s := o.send(store.ChannelMail, "me", transport, false)
	for transport.calls.Load() < 2 { // the pause of the first is over
		s.Wake()
		runtime.Gosched()
	}
	if grown := heap() - before; grown > 4<<20 {
		t.Errorf("%d bytes of memory more are held", grown)
	}
	if n := transport.calls.Load(); n > sendersAtOnce+2 {
		t.Errorf("it was tried %d times in a second", n)
	}
	o.advance(2 * time.Second) // most are of no use any more
	server.Restart()
	taken := map[string]bool{}
	for _, m := range server.Wait(messages / every) {
		taken[m.Header.Get("Message-Id")] = true
	}
	if len(taken) != messages/every {
		t.Errorf("%d mails are %d", messages/every, len(taken))
	}
	for i := 0; i < messages; i += every {
		if m := o.until(fmt.Sprintf("m%05d", i), store.MessageSent); m.Attempts != 1 || m.Body != "" {
			t.Errorf("%+v", m)
		}
	}
	if err := Tidy(t.Context(), o.db); err != nil {
		t.Fatal(err)
	}
	if m := o.until("m00001", store.MessageDead); m.Attempts != 0 || m.Body != "" || m.Reason == "" {
		t.Errorf("%+v", m)
	}
	if n := len(server.Taken()); n != messages/every {
		t.Errorf("%d mails came, and not %d", n, messages/every)
	}
	if n := server.Accepted(); n > 2*sendersAtOnce {
		t.Errorf("there were %d connections for %d mails", n, messages)
	}
}

// counted counts what is sent.
type counted struct {
	Transport
	calls atomic.Int64
}

func (c *counted) Send(ctx context.Context, m Outgoing) error {
	c.calls.Add(1)
	return c.Transport.Send(ctx, m)
}

// heap is how many bytes are held.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Servers that share a database send each message once, also when they take them
// at the same time.
func TestServersShareMessages(t *testing.T) {
	t.Parallel()
	const servers, messages = 3, 300
	server, url := smtptest.New(t, smtptest.Usual), pgtest.New(t)
	var offices []*office
	for range servers {
		o := &office{t: t, clock: clock.New(func() time.Time { return start }), log: &bytes.Buffer{}}
		var err error
		if o.db, err = store.OpenPostgres(t.Context(), url, 0, o.clock.Now); err != nil {
			t.Fatal(err)
		}
		o.init(t)
		offices = append(offices, o)
	}
	senders := map[*counted]*Sender{}
	for i, o := range offices {
		transport := &counted{Transport: smtpTo(t, server)}
		senders[transport] = o.send(store.ChannelMail, fmt.Sprint("server ", i), transport, false)
	}
	for i := range messages {
		offices[i%servers].put(store.ChannelMail, fmt.Sprintf("m%03d", i), "ann@example.com")
		for _, s := range senders {
			s.Wake()
		}
	}
	server.Wait(messages)
	for i := range messages {
		offices[0].until(fmt.Sprintf("m%03d", i), store.MessageSent)
	}
	if n := len(server.Taken()); n != messages {
		t.Errorf("%d mails came, and not %d", n, messages)
	}
	for transport := range senders {
		if transport.calls.Load() == 0 {
			t.Error("a server has sent nothing")
		}
	}
}
