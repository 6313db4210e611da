package tabs

import (
	"strconv"
	"time"

	"github.com/isojot/isojot/internal/jsonobj"
	"github.com/isojot/isojot/internal/moment"
)

// Kind is what a message is about.
type Kind uint8

const (
	Unknown   Kind = iota // of a later version
	Hello                 // asks for a token
	HasToken              // gives this tab's
	Here                  // says that there is none
	Making                // begins this tab's turn
	Unmade                // ends it in vain
	SignedIn              // says what this tab did
	SignedOut             // likewise
)

// kinds are the names of the kinds on the wire.
var kinds = [...]string{"", "hello", "token", "here", "making", "unmade", "signed-in", "signed-out"}

func kindOf(name string) Kind {
	for kind, known := range kinds {
		if known == name {
			return Kind(kind)
		}
	}
	return Unknown
}

// Place is the endpoint and project that messages are about.
type Place struct{ Endpoint, Project string }

// Name returns the name of what the tabs share for the place.
func (p Place) Name() string { return p.Project + "@" + p.Endpoint }

// Identity is whose session it is; a field that is not known is "".
type Identity struct{ User, Session string }

// Allows reports whether nothing speaks against other being the same.
func (i Identity) Allows(other Identity) bool {
	return (i.User == "" || other.User == "" || i.User == other.User) &&
		(i.Session == "" || other.Session == "" || i.Session == other.Session)
}

// Message is what one tab says to the others.
type Message struct {
	Kind  Kind
	Who   Identity // whose session the sender has
	Epoch int64
	Token *Token // nil unless the sender has one that lives
	Lot   int64  // 0 where there is none
	// Limited is how much longer the user's budget is used up: 0 to 1 h.
	Limited time.Duration
}

// Text writes a message for the wire. Tabs with other versions of this package
// may be open at the same time: its form does not change.
func (m *Message) Text(place Place, now moment.Moment) string {
	text := `{"kind":"` + kinds[m.Kind] + `","endpoint":` + jsonobj.Quote(place.Endpoint) + `,"project":` + jsonobj.Quote(place.Project) +
		`,"userId":` + jsonobj.Quote(m.Who.User) + `,"sessionId":` + jsonobj.Quote(m.Who.Session) + `,"epoch":` + strconv.FormatInt(m.Epoch, 10)
	switch m.Kind {
	case HasToken:
		text += `,"jwt":` + jsonobj.Quote(m.Token.JWT) + `,"age":` + Milliseconds(now.Since(m.Token.At)) + `,"life":` + Milliseconds(m.Token.Life)
	case Making:
		text += `,"lot":` + strconv.FormatInt(m.Lot, 10)
	case Here, Unmade:
		text += `,"limited":` + Milliseconds(m.Limited)
	}
	return text + "}"
}

// Milliseconds writes a time span as messages and records hold it.
func Milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// Read reads a message that is for the place. That its token is the sender's is
// for the caller to check.
func Read(text string, place Place, now moment.Moment) (Message, bool) {
	obj, err := jsonobj.Parse(text)
	endpoint, _ := obj.String("endpoint")
	project, _ := obj.String("project")
	if err != nil || endpoint != place.Endpoint || project != place.Project {
		return Message{}, false
	}
	var m Message
	kind, _ := obj.String("kind")
	m.Kind = kindOf(kind)
	m.Who.User, _ = obj.String("userId")
	m.Who.Session, _ = obj.String("sessionId")
	m.Epoch, _ = obj.Int("epoch")
	m.Lot, _ = obj.Int("lot")
	limited, _ := obj.Int("limited")
	m.Limited = time.Duration(min(max(limited, 0), int64(MaxLife/time.Millisecond))) * time.Millisecond
	if age, ok := obj.Int("age"); ok {
		m.Token = ReadToken(obj, now, time.Duration(age)*time.Millisecond)
	}
	return m, true
}
