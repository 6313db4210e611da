package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"regexp"
	"time"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/mail"
)

// ErrNoMessage says that there is no such message.
var ErrNoMessage = errors.New("server: there is no such message")

// ErrNoOutbox says that messages cannot be read, since Options.Outbox is off.
var ErrNoOutbox = errors.New("server: messages are not kept to be read: set Options.Outbox")

// Channels of messages.
const (
	ChannelMail = store.ChannelMail
	ChannelText = store.ChannelText
)

// Message is a mail or a text message of the outbox.
type Message struct {
	// ID sorts by the time of the message.
	ID      string `json:"$id"`
	Project string `json:"project"`
	// Channel is ChannelMail or ChannelText.
	Channel string `json:"channel"`
	// Kind is what it is about: verification, recovery, magicSession,
	// otpSession, mfaChallenge, sessionAlert or invitation; of text messages
	// login, textVerification, textMfaChallenge or textInvitation.
	Kind string `json:"kind"`
	// State is kept, when nobody sends it, else waiting, sending, sent or dead.
	State string `json:"state"`
	// To is an e-mail address or a phone number, ToName the user's name.
	To     string `json:"to"`
	ToName string `json:"toName"`
	// From and ReplyTo are as a mail's header has them.
	From    string `json:"from"`
	ReplyTo string `json:"replyTo"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html"`
	// Links are the URLs of the text, Codes the numbers of six digits in it.
	Links     []string  `json:"links"`
	Codes     []string  `json:"codes"`
	CreatedAt time.Time `json:"$createdAt"`
}

// MessageFilter says which messages are meant; what is "" does not matter.
type MessageFilter struct {
	// Channel is ChannelMail or ChannelText, To an address or a number.
	Channel, To string
	// After is the ID of the message before the first.
	After string
}

// maxListed is how many messages are read at once.
const maxListed = 100

// Messages are the messages of the outbox, the oldest first, at most a hundred.
// Without Options.Outbox, it is ErrNoOutbox.
func (s *Server) Messages(ctx context.Context, f MessageFilter) ([]Message, error) {
	if !s.options.Outbox {
		return nil, ErrNoOutbox
	}
	rows, err := s.db.Messages(ctx, store.MessageFilter{Channel: f.Channel, To: f.To, After: f.After}, maxListed)
	if err != nil {
		return nil, err
	}
	list := []Message{}
	for _, row := range rows {
		m, err := readMessage(row)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// NextMessage waits for a message, until the context ends: then it is
// ErrNoMessage.
func (s *Server) NextMessage(ctx context.Context, f MessageFilter) (Message, error) {
	for {
		changed := s.outbox.Changed() // before it is looked
		list, err := s.Messages(context.WithoutCancel(ctx), f)
		if err != nil {
			return Message{}, err
		}
		if len(list) > 0 {
			return list[0], nil
		}
		if err := s.waitFor(ctx, changed); err != nil {
			return Message{}, err
		}
	}
}

// Drain lets nobody wait for messages any more, so that requests that do end:
// http.Server.RegisterOnShutdown should call it.
func (s *Server) Drain() { s.drain.Do(func() { close(s.draining) }) }

// lookPeriod is how often it is looked for messages of other servers.
const lookPeriod = time.Second

// waitFor waits until there may be a message; ErrNoMessage when the context
// ends, or the server is about to.
func (s *Server) waitFor(ctx context.Context, changed <-chan struct{}) error {
	timer := time.NewTimer(lookPeriod)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ErrNoMessage
	case <-s.draining:
		return ErrNoMessage
	case <-changed:
	case <-timer.C:
	}
	return nil
}

// message is one message of the outbox. An unknown one is ErrNoMessage.
func (s *Server) message(ctx context.Context, id string) (Message, error) {
	row, err := s.db.Message(ctx, id)
	if err != nil {
		return Message{}, store.NotFoundAs(err, ErrNoMessage)
	}
	return readMessage(row)
}

var (
	linkInText = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://[^\s<>"]+`)
	codeInText = regexp.MustCompile(`\b[0-9]{6}\b`)
)

// readMessage reads a row of the store.
func readMessage(row store.Message) (Message, error) {
	m := Message{ID: row.ID, Project: row.Project, Channel: row.Channel, Kind: row.Kind, State: row.State, To: row.To,
		Links: []string{}, Codes: []string{}, CreatedAt: row.CreatedAt}
	if row.Body == "" { // it was given up, and forgotten
		return m, nil
	}
	var made mail.Message
	if err := json.Unmarshal([]byte(row.Body), &made); err != nil {
		return m, fmt.Errorf("server: the message %s: %w", row.ID, err)
	}
	m.ToName, m.From, m.ReplyTo = made.ToName, made.From.String(), made.ReplyTo.String()
	m.Subject, m.Text, m.HTML = made.Subject, made.Text, made.HTML
	text := html.UnescapeString(made.Text) // Appwrite's invitations by phone have &amp;
	m.Links = append(m.Links, linkInText.FindAllString(text, -1)...)
	rest := linkInText.ReplaceAllString(text, " ")
	m.Codes = append(m.Codes, codeInText.FindAllString(rest, -1)...)
	return m, nil
}
