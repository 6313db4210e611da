package replay

import (
	"encoding/json"
	"time"
)

// scenario is a series of exchanges to play.
type scenario struct {
	// Order is the place among all scenarios.
	Order int    `json:"order"`
	Name  string `json:"scenario"`
	// Continued says that the limits count what the scenario before has used.
	Continued bool `json:"continued,omitempty"`
	// Skipped is how many recorded lines are not played.
	Skipped int `json:"skipped,omitempty"`
	// Pending are the operations without a handler that a committed scenario asks
	// for.
	Pending []string `json:"pending,omitempty"`
	Steps   []*step  `json:"steps"`
}

// step is one exchange.
type step struct {
	Number int    `json:"step"`
	Label  string `json:"label"`
	// At is the server's clock, in unix seconds.
	At int64 `json:"at"`
	// Class is "" for what is played and compared, or one of the classes.
	Class class `json:"class,omitempty"`
	// Cleared says that the limits' counters are deleted before.
	Cleared bool `json:"cleared,omitempty"`
	// Made are the values made for the request, by variable.
	Made    map[string]made `json:"made,omitempty"`
	Request request         `json:"request"`
	Want    *want           `json:"want,omitempty"`
	// Differences are those of a committed expectation.
	Differences []difference `json:"differences,omitempty"`
}

// class tells the exchanges apart that are not compared.
type class string

const (
	// classManagement sets the recorded server up; it is translated to
	// changes of the server's options, where they exist.
	classManagement class = "management"
	// classUnrecorded makes a user who was there, though not by a recorded
	// exchange.
	classUnrecorded class = "unrecorded"
	// classEarlier is played before what was recorded, and compared with nothing.
	classEarlier class = "earlier"
	// classMessage is no exchange: the next message is compared, or that there
	// is none.
	classMessage class = "message"
	// classAction changes the database, as was done to the recorded one.
	classAction class = "action"
	// classProvider is a request to the recorded server's own OAuth2 provider,
	// which a browser sends: nobody here answers it.
	classProvider class = "provider"
)

// request is what is sent. All texts are templates.
type request struct {
	Method  string      `json:"method"`
	Path    string      `json:"path"`
	Headers [][2]string `json:"headers,omitempty"`
	Body    string      `json:"body,omitempty"`
}

// want is what is expected of the answer. All texts are templates.
type want struct {
	Status int `json:"status"`
	// Type is the type of an error, Message its message; a committed
	// expectation has no Message.
	Type    string  `json:"type,omitempty"`
	Message *string `json:"-"`
	// Headers are the compared headers but Set-Cookie, by canonical name.
	Headers map[string][]string `json:"headers,omitempty"`
	// Cookies are the Set-Cookie headers, in order; expires=@N is N seconds
	// after the step's time.
	Cookies []string `json:"cookies,omitempty"`
	// JWT are the claims of the token in the body.
	JWT *wantJWT `json:"jwt,omitempty"`
	// Mail is what is expected of a message; all else is empty then.
	Mail *wantMessage `json:"message,omitempty"`
	// Body is a text that is no JSON; JSON is the body otherwise, its scalars
	// values (full) or kinds (reduced).
	Body *string         `json:"-"`
	Full *node           `json:"-"`
	JSON json.RawMessage `json:"json,omitempty"`
}

// wantJWT are the claims of a JWT; Life is exp less the step's time, in
// seconds.
type wantJWT struct {
	UserID    string `json:"userId"`
	SessionID string `json:"sessionId"`
	Life      int64  `json:"life"`
}

// time is the step's clock.
func (s *step) time() time.Time { return time.Unix(s.At, 0).UTC() }

// compared reports whether what comes is compared.
func (s *step) compared() bool { return s.Class == "" || s.Class == classMessage }
