package replay

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// The channels of messages.
const (
	channelMail = "mail"
	channelText = "text"
)

// address is an e-mail address with a name.
type address struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// message is a mail or a text message of the tested server.
type message struct {
	Channel       string
	To, ToName    string
	From, ReplyTo address // of a mail; zero where the outbox does not say
	Subject       string
	Text, HTML    string
}

// wantMessage is what is expected of the next message. All texts are templates.
type wantMessage struct {
	Channel string `json:"channel"`
	// None says that none came.
	None bool `json:"none,omitempty"`
	// To is the recipient: an e-mail address or a phone number.
	To     string `json:"to,omitempty"`
	ToName string `json:"toName,omitempty"`
	// From and ReplyTo are those of a mail.
	From    address `json:"from,omitzero"`
	ReplyTo address `json:"replyTo,omitzero"`
	// Subject is not in a committed expectation.
	Subject string `json:"-"`
	// Links are the URLs with a secret or an id; of an expire in them stands the
	// time from the step's on, in seconds: expire=@3600.
	Links []string `json:"links,omitempty"`
	// Codes are the numbers of 6 digits.
	Codes []string `json:"codes,omitempty"`
	HTML  bool     `json:"html,omitempty"`
	Text  bool     `json:"text,omitempty"`
}

// recordedMail and recordedText are what the catcher took down.
type (
	recordedMail struct {
		From, To, ReplyTo []address
		Subject           string
		Links, Codes      []string
		HasHTML           bool `json:"has_html"`
		HasText           bool `json:"has_text"`
	}
	recordedText struct{ Data string }
)

// message makes a step of a message that was recorded, or of none.
func (l *learner) message(e exchange) (*step, error) {
	s := &step{Number: e.Step, Label: e.Label, At: e.At.Unix(), Class: classMessage}
	raw, read := e.Mail, l.mail
	w := &wantMessage{Channel: channelMail}
	if e.SMS != nil {
		w.Channel, raw, read = channelText, e.SMS, l.text
	}
	s.Want = &want{Mail: w}
	if string(raw) == kindNull {
		w.None = true
		return s, nil
	}
	return s, read(w, raw, e.At)
}

// mail sets what is expected of a mail.
func (l *learner) mail(w *wantMessage, raw []byte, at time.Time) error {
	var m recordedMail
	if err := json.Unmarshal(raw, &m); err != nil {
		return fmt.Errorf("the recorded mail: %w", err)
	}
	w.Subject, w.HTML, w.Text = m.Subject, m.HasHTML, m.HasText
	for _, from := range m.From {
		w.From = from
	}
	for _, to := range m.ReplyTo {
		w.ReplyTo = to
	}
	for _, to := range m.To {
		w.To, w.ToName = l.abstract(to.Address), to.Name
	}
	l.secrets(w, m.Links, m.Codes, at)
	return nil
}

// text sets what is expected of a text message.
func (l *learner) text(w *wantMessage, raw []byte, at time.Time) error {
	var m recordedText
	var sent struct{ Message, To string }
	if err := json.Unmarshal(raw, &m); err != nil {
		return fmt.Errorf("the recorded text message: %w", err)
	}
	if err := json.Unmarshal([]byte(m.Data), &sent); err != nil {
		return fmt.Errorf("the recorded text message: %w", err)
	}
	w.To, w.Text = l.abstract(sent.To), true
	links, codes := found(sent.Message)
	l.secrets(w, links, codes, at)
	return nil
}

// secrets learns the secrets and codes of a message.
func (l *learner) secrets(w *wantMessage, links, codes []string, at time.Time) {
	for _, link := range links {
		if u, err := url.Parse(link); err == nil {
			if secret := u.Query().Get("secret"); tokenForm.MatchString(secret) || len(secret) == 256 {
				l.name("token", secret)
			}
			for _, name := range []string{"userId", "membershipId", "teamId"} {
				if id := u.Query().Get(name); idForm.MatchString(id) {
					l.name("id", id)
				}
			}
		}
		w.Links = append(w.Links, l.abstract(relativeLink(link, at)))
	}
	for _, code := range codes {
		l.forget(code)
		w.Codes = append(w.Codes, "${"+l.name("code", code)+"}")
	}
}

var (
	linkRun = regexp.MustCompile(`https?://[^\s<>"']+`) // the catcher looked for no others
	codeRun = regexp.MustCompile(`\b[0-9]{6}\b`)
)

// found are the links of a text that have a secret or a user's id, and the
// numbers of 6 digits outside links; none twice.
func found(text string) (links, codes []string) {
	for _, link := range linkRun.FindAllString(text, -1) {
		link = html.UnescapeString(link)
		if u, err := url.Parse(link); err == nil && (u.Query().Has("secret") || u.Query().Has("userId")) && !slices.Contains(links, link) {
			links = append(links, link)
		}
	}
	for _, code := range codeRun.FindAllString(linkRun.ReplaceAllString(text, ""), -1) {
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return links, codes
}

// expireParam is the parameter of a link that says when it ends.
var expireParam = regexp.MustCompile(`([?&]expire=)([^&#]+)`)

// relativeLink writes a link's expire as @N, N seconds after a time.
func relativeLink(link string, at time.Time) string {
	return expireParam.ReplaceAllStringFunc(link, func(m string) string {
		p := expireParam.FindStringSubmatch(m)
		text, err := url.QueryUnescape(p[2])
		t, err2 := time.Parse(dateLayout, text)
		if err != nil || err2 != nil {
			return m
		}
		return fmt.Sprint(p[1], "@", t.Unix()-at.Unix())
	})
}

// messages takes the next message of a host and compares it.
func (c *comparison) messages(h host) ([]difference, error) {
	got, err := h.nextMessage(c.want.Mail.Channel)
	if err != nil {
		return nil, err
	}
	c.message(got)
	return c.found, nil
}

// message compares a message with what is expected.
func (c *comparison) message(got *message) {
	w := c.want.Mail
	switch {
	case w.None && got == nil:
		return
	case got == nil:
		c.differ("message", w.Channel, "none")
		return
	case w.None:
		c.differ("message", "none", got.Channel)
		return
	}
	c.same("message to", w.To, got.To)
	c.same("message to name", w.ToName, got.ToName)
	if w.Channel == channelMail {
		c.same("message from", fmt.Sprint(w.From), fmt.Sprint(got.From))
		c.same("message reply-to", fmt.Sprint(w.ReplyTo), fmt.Sprint(got.ReplyTo))
	}
	if w.Subject != "" {
		c.same("message subject", w.Subject, got.Subject)
	}
	c.same("message has text", fmt.Sprint(w.Text), fmt.Sprint(got.Text != ""))
	c.same("message has html", fmt.Sprint(w.HTML), fmt.Sprint(got.HTML != ""))
	links, codes := found(got.Text)
	c.links(w.Links, links)
	if len(w.Codes) != len(codes) {
		c.differ("message codes", fmt.Sprint(len(w.Codes)), fmt.Sprint(len(codes)))
		return
	}
	for i, code := range w.Codes {
		c.same("message code", code, codes[i])
	}
}

// links compares the links of a message.
func (c *comparison) links(want, got []string) {
	if len(want) != len(got) {
		c.differ("message links", fmt.Sprint(len(want)), fmt.Sprint(len(got)))
		return
	}
	for i, link := range want {
		ours := relativeLink(got[i], c.step.time())
		if !sameLife(link, ours) {
			c.differ("message link expire", link, ours)
			continue
		}
		c.same("message link", lifeOf.ReplaceAllString(link, "$1"), lifeOf.ReplaceAllString(ours, "$1"))
	}
}

// lifeOf is a link's relative expire.
var lifeOf = regexp.MustCompile(`([?&]expire=@)(-?[0-9]+)`)

// sameLife reports whether two links end at about the same time after their
// step, or neither does.
func sameLife(want, got string) bool {
	a, b := lifeOf.FindStringSubmatch(want), lifeOf.FindStringSubmatch(got)
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return sameExpiry(expiryPrefix+"@"+a[2], expiryPrefix+"@"+b[2])
}

// same compares a text with its template.
func (c *comparison) same(field, want, got string) {
	if !c.env.match(want, got) {
		c.differ(field, want, got)
	}
}
