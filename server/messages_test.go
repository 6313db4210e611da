package server

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/mail"
)

func TestAMessageExistsWhenTheChangeDoes(t *testing.T) {
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
