package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/pgtest"
	"github.com/isojot/isojot/internal/smtptest"
	"github.com/isojot/isojot/internal/store"
)

// mailbox puts messages into the database of a server, as its requests do.
type mailbox struct {
	t  *testing.T
	db *store.DB
}

func openMailbox(t *testing.T, open func() (*store.DB, error)) *mailbox {
	t.Helper()
	db, err := open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := db.EnsureProject(t.Context(), "demo"); err != nil {
		t.Fatal(err)
	}
	return &mailbox{t, db}
}

// put stores a message that waits.
func (m *mailbox) put(id, to string) {
	m.t.Helper()
	err := m.db.Tx(m.t.Context(), func(tx *store.Tx) error {
		channel, now := store.ChannelText, tx.Now()
		if strings.Contains(to, "@") {
			channel = store.ChannelMail
		}
		return tx.InsertMessage(m.t.Context(), store.Message{ID: id, Project: "demo", Channel: channel, Kind: "recovery", To: to,
			Body: `{"from":{"address":"noreply@shop.example"},"subject":"s","text":"https://shop.example/?secret=hidden"}`, State: store.MessageWaiting,
			DueAt: now, ExpiresAt: now.Add(time.Hour), CreatedAt: now, UpdatedAt: now})
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// sent waits until a message was sent.
func (m *mailbox) sent(id string) store.Message {
	m.t.Helper()
	return m.until(id, store.MessageSent)
}

// until waits until a message is in a state.
func (m *mailbox) until(id, state string) store.Message {
	m.t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		row, err := m.db.Message(m.t.Context(), id)
		if err != nil {
			m.t.Fatal(err)
		}
		if row.State == state {
			return row
		}
		<-ticker.C
	}
}

// counts are how often each mail came, by its Message-ID.
func counts(server *smtptest.Server) map[string]int {
	n := map[string]int{}
	for _, m := range server.Taken() {
		n[m.Header.Get("Message-Id")]++
	}
	return n
}

// A server that is killed after a message was stored, or while it sends one,
// sends it when it runs again: once, unless it was killed between the mail
// server's word that it has the mail and its own note of that. Then the mail
// comes again, with the same Message-ID.
func TestMailsSurviveKills(t *testing.T) {
	t.Parallel()
	var s *apart
	var onEnd atomic.Pointer[func() string]
	server := smtptest.New(t, func(command string) string {
		if do := onEnd.Swap(nil); command == "." && do != nil {
			return (*do)()
		} else if do != nil {
			onEnd.Store(do)
		}
		return ""
	})
	data := t.TempDir()
	args := []string{"--data", data, "--smtp-url", server.URL(), "--mail-from", "Shop <noreply@shop.example>"}
	s = serveApart(t, args...)
	box := openMailbox(t, func() (*store.DB, error) { return store.Open(t.Context(), data, time.Now) })

	box.put("m1", "ann@example.com")
	s.kill()
	s = serveApart(t, args...)
	box.sent("m1")

	kill := func() string { s.kill(); return "hang up" } // before it has the mail
	killed := make(chan struct{})
	before := func() string { defer close(killed); return kill() }
	onEnd.Store(&before)
	box.put("m2", "ann@example.com")
	<-killed
	if row, err := box.db.Message(t.Context(), "m2"); err != nil || row.State != store.MessageSending {
		t.Errorf("when it was killed: %+v, %v", row, err)
	}
	s = serveApart(t, args...)
	if m := box.sent("m2"); m.Body != "" || m.Attempts != 2 {
		t.Errorf("%+v", m)
	}

	killed = make(chan struct{})
	after := func() string { defer close(killed); s.kill(); return "" } // the mail is taken
	onEnd.Store(&after)
	box.put("m3", "ann@example.com")
	<-killed
	s = serveApart(t, args...)
	box.sent("m3")
	got := counts(server)
	for id, want := range map[string]int{"m1": 1, "m2": 1, "m3": 2} {
		if n := got["<"+id+"@shop.example>"]; n != want {
			t.Errorf("%s came %d times, want %d", id, n, want)
		}
	}
	s.kill()
	if text, err := os.ReadFile(s.stderr.Name()); err != nil || strings.Contains(string(text), "hidden") {
		t.Errorf("the log has a secret: %v\n%s", err, text)
	}
}

// Three servers share a database, and one is killed while it sends: every mail
// comes, each once but for those that were under way there.
func TestServersOnPostgresShareMails(t *testing.T) {
	t.Parallel()
	const messages, underWay = 150, 4
	database := pgtest.New(t)
	box := openMailbox(t, func() (*store.DB, error) { return store.OpenPostgres(t.Context(), database, 0, time.Now) })
	var third *apart
	var taken atomic.Int64
	server := smtptest.New(t, func(command string) string {
		if command == "." && taken.Add(1) == messages/3 {
			third.kill()
		}
		return ""
	})
	args := []string{"--database-url", database, "--lease", "1s", "--smtp-url", server.URL(), "--mail-from", "noreply@shop.example"}
	serveApart(t, args...)
	serveApart(t, args...)
	third = serveApart(t, args...)
	for i := range messages {
		box.put(fmt.Sprintf("m%03d", i), "ann@example.com")
	}
	for i := range messages {
		box.sent(fmt.Sprintf("m%03d", i))
	}
	got, again := counts(server), 0
	for _, n := range got {
		again += n - 1
	}
	if len(got) != messages || again > underWay {
		t.Errorf("%d of %d mails came, %d of them again", len(got), messages, again)
	}
}

// The flags and files of secrets, end to end: a gateway gets a text message.
func TestServeTexts(t *testing.T) {
	t.Parallel()
	got := make(chan string, 1)
	gateway := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("Webhook-Id") }))
	t.Cleanup(gateway.Close)
	data, secret := t.TempDir(), filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("a-secret-for-the-tests\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	serveApart(t, "--data", data, "--sms-webhook", gateway.URL, "--sms-secret-file", secret)
	box := openMailbox(t, func() (*store.DB, error) { return store.Open(t.Context(), data, time.Now) })
	box.put("m1", "+14155550123")
	if id := <-got; id != "m1" {
		t.Errorf("the gateway got %s", id)
	}
	box.sent("m1")
}

func TestMailFlags(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	smtp := []string{"--smtp-url", "smtps://u@mail.example.com", "--mail-from", "noreply@shop.example"}
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"--smtp-url", "smtps://mail.example.com"}, "Mail.From is not: say whom mails are from"},
		{[]string{"--smtp-url", "mail.example.com", "--mail-from", "noreply@shop.example"}, "use smtps:// or smtp://"},
		{[]string{"--smtp-url", "smtps://u:hidden@mail.example.com/x", "--mail-from", "noreply@shop.example"}, "has more than user, host"},
		{smtp, "there is no password"},
		{append(smtp, "--smtp-password", "a", "--smtp-password-file", file("p", "b")), "exclude each other"},
		{append(smtp, "--smtp-password-file", file("empty", "\n")), "is empty"},
		{append(smtp, "--smtp-password-file", file("lines", "a\nb\n")), "several lines"},
		{append(smtp, "--smtp-password-file", filepath.Join(dir, "none")), "--smtp-password-file: open"},
		{[]string{"--smtp-password", "hidden"}, "Mail.SMTPURL is not"},
		{[]string{"--smtp-url", "smtps://mail.example.com", "--mail-from", "Shop <noreply>"}, "is no address such as"},
		{[]string{"--mail-reply-to", "x\r\nBcc: y@example.com"}, "is no address such as"},
		{[]string{"--mail-locale", "fr"}, "use one of de, en"},
		{[]string{"--templates", filepath.Join(dir, "none")}, "there is no such folder"},
		{[]string{"--templates", dir}, "is no template"},
		{[]string{"--sms-webhook", "gateway.example.com"}, "must be like https://"},
		{[]string{"--sms-webhook", "https://gateway.example.com"}, "has 0 bytes"},
		{[]string{"--sms-secret", "hidden-and-long-enough"}, "SMS.Webhook is not"},
		{[]string{"--outbox"}, "--outbox needs --dev"},
	} {
		p := start(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--memory"}, tc.args...)...)
		code := p.end(t)
		said := p.stderr.String()
		if code == 0 || !strings.Contains(said, tc.want) || strings.Contains(said, "hidden") {
			t.Errorf("%v: %d, %s; want %q", tc.args, code, said, tc.want)
		}
	}
}

// What the start says of where messages go, and of what others can read.
func TestMailLines(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		args []string
		want []string
	}{
		{[]string{"--dev"}, []string{"mail      kept, not sent: http://127.0.0.1:", "texts     kept, not sent: http://127.0.0.1:"}},
		{[]string{"--smtp-url", "smtp://u:hidden@localhost:1", "--mail-from", "noreply@shop.example"},
			[]string{"mail      smtp://localhost:1\n", "warning   --smtp-url: all programs on this machine"}},
		{[]string{"--smtp-url", "smtp://mail.example.com?tls=off", "--mail-from", "noreply@shop.example", "--sms-webhook", "http://g.example/?t=hidden", "--sms-secret", "hidden-and-long-enough"},
			[]string{"texts     http://g.example/\n", "warning   mails go to smtp://mail.example.com:587 without TLS", "warning   text messages go to http://g.example/ without TLS", "warning   --sms-secret: all programs"}},
	} {
		p := start(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--memory"}, tc.args...)...)
		lines := p.until(t, "endpoint")
		for p.lines.Scan() && p.lines.Text() != "" {
			lines = append(lines, p.lines.Text())
		}
		p.cancel()
		p.end(t)
		said := strings.Join(lines, "\n") + "\n"
		for _, want := range tc.want {
			if !strings.Contains(said, want) {
				t.Errorf("%v: no %q in\n%s", tc.args, want, said)
			}
		}
		if strings.Contains(said+p.stderr.String(), "hidden") {
			t.Errorf("%v: a secret is in\n%s%s", tc.args, said, p.stderr.String())
		}
	}
}

// What an operator sees of a message that was refused, and can do about it, while
// the server runs.
func TestMailCommands(t *testing.T) {
	t.Parallel()
	var refuse atomic.Bool
	refuse.Store(true)
	server := smtptest.New(t, func(command string) string {
		if refuse.Load() && strings.HasPrefix(command, "RCPT") {
			return "550 5.1.1 no such user"
		}
		return ""
	})
	data := t.TempDir()
	serveApart(t, "--data", data, "--smtp-url", server.URL(), "--mail-from", "noreply@shop.example")
	box := openMailbox(t, func() (*store.DB, error) { return store.Open(t.Context(), data, time.Now) })
	box.put("m1", "ann@example.com")
	box.put("m2", "bob@example.com")
	box.until("m1", store.MessageDead)
	box.until("m2", store.MessageDead)
	command := func(want int, args ...string) string {
		t.Helper()
		var out, errs strings.Builder
		if code := run(t.Context(), append(append([]string{"isojot", "mail"}, args...), "--data", data), &out, &errs); code != want {
			t.Errorf("mail %v: %d, %s", args, code, errs.String())
		}
		return out.String() + errs.String()
	}
	list := command(0, "list", "--state", "dead")
	for _, want := range []string{"m1", "ann@example.com", "dead", "no such user", "recovery"} {
		if !strings.Contains(list, want) {
			t.Errorf("no %q in\n%s", want, list)
		}
	}
	if strings.Contains(list, "hidden") {
		t.Errorf("a secret is in\n%s", list)
	}
	refuse.Store(false)
	command(0, "retry", "m1")
	box.sent("m1")
	command(1, "retry", "m1")
	command(0, "delete", "m2")
	command(1, "delete", "m2")
	command(2, "list", "--state", "lost")
	command(2, "send")
	command(2, "retry")
	if list := command(0, "list"); strings.Contains(list, "m2") || !strings.Contains(list, "sent") {
		t.Errorf("%s", list)
	}
}
