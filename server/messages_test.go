package server

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/smtptest"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/mail"
)

func TestAMessageExistsWhenTheChangeDoes(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withOutbox, func(o *Options) { o.Projects = []Project{{ID: DefaultProject, Name: "Shop & Sons"}} })
	link := "http://localhost/x?userId=u&secret=s&expire=1"
	put := func(fail error) error {
		return f.send(t, nil, func(c *call, tx *store.Tx) error {
			if err := c.mail(tx, mail.Mail{Kind: mail.Recovery, To: "ann@example.com", ToName: "Ann", Values: mail.Values{User: "Ann", Redirect: link}}); err != nil {
				return err
			}
			if err := c.text(tx, mail.Text{Kind: mail.TextLogin, To: "+14155550123", Values: mail.Values{OTP: "123456"}}); err != nil {
				return err
			}
			return fail
		})
	}
	failed := errors.New("the change failed")
	if err := put(failed); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	noMessage(t, f, "ann@example.com")
	noMessage(t, f, "+14155550123")
	if err := put(nil); err != nil {
		t.Fatal(err)
	}
	m := nextMail(t, f, "ann@example.com")
	if m.Subject != "Password Reset for Shop & Sons" || m.ToName != "Ann" || !slices.Equal(m.Links, []string{link}) {
		t.Errorf("the mail is %+v", m)
	}
	if !strings.Contains(m.HTML, `href="http://localhost/x?userId=u&amp;secret=s&amp;expire=1"`) || !strings.Contains(m.HTML, "Shop &amp; Sons") {
		t.Errorf("the HTML is\n%s", m.HTML)
	}
	noMessage(t, f, "ann@example.com")
	if s := nextText(t, f, "+14155550123"); s.Text != "123456" || !slices.Equal(s.Codes, []string{"123456"}) {
		t.Errorf("the text message is %+v", s)
	}
}

// Without anybody to send them, messages are refused as was recorded; alerts,
// which nobody asked for, are left out.
func TestMessagesThatNobodySends(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for kind, want := range map[mail.Kind]string{
		mail.Recovery: "SMTP Disabled", mail.Verification: "SMTP Disabled", mail.MagicSession: "SMTP disabled", mail.OTPSession: "SMTP disabled", mail.MFAChallenge: "SMTP disabled",
		mail.Invitation: `SMTP is disabled on your Appwrite instance. You can <a href="/docs/email-delivery">learn more about setting up SMTP</a> in our docs.`,
	} {
		a := f.refused(t, func(c *call) error { return c.mailReady(kind) })
		if a.Code != 503 || a.text("type") != "general_smtp_disabled" || a.text("message") != want {
			t.Errorf("%s: %s", kind, a.Body)
		}
		err := f.send(t, nil, func(c *call, tx *store.Tx) error { return c.mail(tx, mail.Mail{Kind: kind, To: "ann@example.com"}) })
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if a := f.refused(t, (*call).textReady); a.Code != 503 || a.text("type") != "general_phone_disabled" || a.text("message") != "Phone provider not configured" {
		t.Errorf("%s", a.Body)
	}
	f.mustMail(t, mail.Mail{Kind: mail.SessionAlert, To: "ann@example.com"})
	if list, err := f.db.Messages(t.Context(), store.MessageFilter{}, 1); err != nil || len(list) > 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

// The caller's locale decides the language, else the server's.
func TestLanguageOfMessages(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withOutbox, func(o *Options) {
		o.Mail = Mail{From: "noreply@shop.example", ReplyTo: "Help <help@shop.example>", Locale: "de"}
	})
	for locale, want := range map[string]string{"": "Kennwort zurücksetzen", "xx": "Kennwort zurücksetzen", "en": "Password Reset for demo", "de-CH": "Kennwort zurücksetzen"} {
		err := f.send(t, headers{"X-Appwrite-Locale": locale}, func(c *call, tx *store.Tx) error {
			return c.mail(tx, mail.Mail{Kind: mail.Recovery, To: "ann@example.com"})
		})
		if err != nil {
			t.Fatal(err)
		}
		if m := nextMail(t, f, "ann@example.com"); m.Subject != want || m.From != `"demo" <noreply@shop.example>` || m.ReplyTo != `"Help" <help@shop.example>` {
			t.Errorf("%q: %+v", locale, m)
		}
	}
}

// A mail of a server that has SMTP waits for it, for as long as it is of use.
func TestMailsWaitForTheirServer(t *testing.T) {
	t.Parallel()
	mails := smtptest.New(t, smtptest.Usual)
	mails.Stop()
	f := newFixture(t, func(o *Options) { o.Mail = Mail{SMTPURL: mails.URL(), From: "Shop <noreply@shop.example>"} })
	for _, m := range []mail.Mail{
		{Kind: mail.OTPSession, To: "ann@example.com", Expires: start.Add(15 * time.Minute)},
		{Kind: mail.Invitation, To: "bob@example.com"},
	} {
		f.mustMail(t, m)
	}
	list, err := f.db.Messages(t.Context(), store.MessageFilter{}, 10)
	if err != nil || len(list) != 2 || list[0].ExpiresAt.Sub(list[0].CreatedAt) != 15*time.Minute || list[1].ExpiresAt.Sub(list[1].CreatedAt) != maxMessageAge {
		t.Fatalf("%+v, %v", list, err)
	}
	f.advance(15 * time.Minute)
	for { // an attempt may be under way
		if err := mail.Tidy(t.Context(), f.db); err != nil {
			t.Fatal(err)
		}
		m, err := f.db.Message(t.Context(), list[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if m.State == store.MessageDead {
			if m.Body != "" {
				t.Errorf("%+v", m)
			}
			break
		}
	}
	mails.Restart()
	if m := mails.Wait(1)[0]; m.Header.Get("To") != "<bob@example.com>" || m.Header.Get("From") != `"Shop" <noreply@shop.example>` {
		t.Errorf("%v", m.Header)
	}
}
