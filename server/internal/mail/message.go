package mail

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Address is a name and an e-mail address.
type Address struct {
	Name    string `json:"name,omitempty"`
	Address string `json:"address"`
}

// String is the address as a header has it.
func (a Address) String() string {
	if a == (Address{}) {
		return ""
	}
	return (&netmail.Address{Name: a.Name, Address: a.Address}).String()
}

// ParseAddress reads an address such as "Shop <noreply@shop.example>".
func ParseAddress(text string) (Address, error) {
	a, err := netmail.ParseAddress(text)
	if err != nil {
		return Address{}, fmt.Errorf("%q is no address such as noreply@example.com or Shop <noreply@example.com>", text)
	}
	return Address{line(a.Name, maxName), a.Address}, nil
}

// Message is a message as it is sent, which the outbox keeps as JSON.
type Message struct {
	// From and ReplyTo are of mails alone.
	From    Address `json:"from,omitzero"`
	ReplyTo Address `json:"replyTo,omitzero"`
	ToName  string  `json:"toName,omitempty"`
	Subject string  `json:"subject,omitempty"`
	Text    string  `json:"text"`
	HTML    string  `json:"html,omitempty"`
}

// Outgoing is a message on its way.
type Outgoing struct {
	Message
	// ID is the same at each attempt.
	ID            string
	Project, Kind string
	To            string
	CreatedAt     time.Time
}

// mailer is the X-Mailer of mails.
const mailer = "isojot"

// errAddress says that a mail cannot be addressed.
var errAddress = errors.New("the address is not valid")

// compose makes a mail. Its Message-ID is the message's, so that who gets it
// twice can tell.
func compose(m Outgoing) (*gomail.Msg, error) {
	to := Address{line(m.ToName, maxName), m.To}
	if _, err := netmail.ParseAddress(to.String()); err != nil || unprintable(m.To) {
		return nil, errAddress
	}
	made := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	made.FromMailAddress(m.From.mail())
	made.ToMailAddress(to.mail())
	if m.ReplyTo != (Address{}) {
		made.ReplyToMailAddress(m.ReplyTo.mail())
	}
	made.Subject(line(m.Subject, maxSubject))
	made.SetDateWithValue(m.CreatedAt)
	_, domain, _ := strings.Cut(m.From.Address, "@")
	made.SetMessageIDWithValue(m.ID + "@" + domain)
	made.SetGenHeader(gomail.HeaderXMailer, mailer)
	made.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody is away from this
	made.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		made.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return made, nil
}

func (a Address) mail() *netmail.Address {
	return &netmail.Address{Name: a.Name, Address: a.Address}
}
