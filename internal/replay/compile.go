package replay

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// compile turns recordings into scenarios, in the order of time, with what a
// learner knows already.
func compile(l *learner, recordings [][]exchange) ([]*scenario, error) {
	waiting, err := strangers(recordings)
	if err != nil {
		return nil, err
	}
	var all []*scenario
	made, used := census{}, counters{}
	for i, list := range recordings {
		sc := &scenario{Order: i + 1, Name: list[0].Scenario}
		for len(waiting) > 0 && waiting[0].at.Before(began(list)) {
			sc.Steps = append(sc.Steps, waiting[0].step())
			if !waiting[0].team {
				made[waiting[0].project]++
			}
			waiting = waiting[1:]
		}
		for _, s := range made.missing(list) {
			sc.Steps = append(sc.Steps, s.step())
		}
		if sc.Continued = used.goOn(list); !sc.Continued {
			used = counters{}
		}
		for _, e := range list {
			s, err := l.step(e)
			if e.Socket != nil {
				sc.Skipped++
			}
			if s == nil {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("replay: %s %d: %w", e.Scenario, e.Step, err)
			}
			s.Cleared = used.cleared(e)
			sc.Steps = append(sc.Steps, s)
		}
		if l.apart && !l.came {
			earlier := earlierSignIn(list, sc.Steps)
			sc.Steps, l.came = append(earlier, sc.Steps...), l.came || earlier != nil
		}
		all = append(all, sc)
	}
	return all, nil
}

// step makes a step of an exchange, nil of what is not played.
func (l *learner) step(e exchange) (*step, error) {
	switch {
	case e.Mail != nil || e.SMS != nil:
		return l.message(e)
	case e.Socket != nil || redirected(e.Action):
		return nil, nil
	case e.Action != "":
		return &step{Number: e.Step, Label: e.Label, At: e.At.Unix(), Class: classAction}, nil
	}
	s := &step{Number: e.Step, Label: e.Label, At: e.At.Unix(), Class: classOf(e)}
	if s.Class == classManagement {
		s.Request = request{Method: e.Request.Method, Path: managementPath(e), Body: deref(e.Request.Body)}
		return s, l.learnKey(s.Request, e.Response.Body)
	}
	s.Request = request{Method: e.Request.Method, Path: l.abstractMade(s, e.Request.Path)}
	for _, h := range e.Request.Headers {
		s.Request.Headers = append(s.Request.Headers, [2]string{h[0], l.abstractMade(s, h[1])})
	}
	s.Request.Body = shorten(l.abstractMade(s, l.abstractTOTP(s, deref(e.Request.Body), e.At)))
	if s.Class != "" {
		return s, nil
	}
	var err error
	s.Want, err = l.want(e)
	return s, err
}

// deref is the text, "" without one.
func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// classOf tells the exchanges apart that are not compared.
func classOf(e exchange) class {
	switch path := e.Request.Path; {
	case e.Scenario == setupScenario, path == functionsPath, strings.HasPrefix(path, "/v1/projects"), strings.HasPrefix(path, "/v1/project/"), strings.HasPrefix(path, "/v1/messaging/"):
		return classManagement
	case strings.HasPrefix(path, "/v1/mock/"):
		return classProvider
	}
	return ""
}

// want is what is expected, from a recorded answer.
func (l *learner) want(e exchange) (*want, error) {
	w := &want{Status: e.Response.Status, Headers: map[string][]string{}}
	json, body := false, e.Response.Body
	for _, h := range e.Response.Headers {
		name := http.CanonicalHeaderKey(h[0])
		switch {
		case name == "Set-Cookie":
			w.Cookies = append(w.Cookies, l.abstractNew(relativeExpiry(h[1], e.At)))
		case name == "Location":
			w.Headers[name] = append(w.Headers[name], l.location(e, h[1]))
		case compared[name] || e.Response.Status >= 400 && comparedOnErrors[name]:
			w.Headers[name] = append(w.Headers[name], l.abstractNew(h[1]))
		}
		json = json || name == "Content-Type" && strings.HasPrefix(h[1], "application/json")
	}
	if len(w.Headers["Content-Encoding"]) > 0 {
		return w, nil // the recordings do not keep such bodies
	}
	if !json || body == "" {
		if !strings.HasPrefix(body, "<!DOCTYPE html>") {
			w.Body = &body
		}
		return w, nil
	}
	n, err := parseNode([]byte(body))
	if err != nil {
		return nil, fmt.Errorf("the recorded body: %w", err)
	}
	l.body(w, n, e)
	return w, nil
}

// body sets what is expected of a JSON body.
func (l *learner) body(w *want, n *node, e exchange) {
	if e.Response.Status >= 400 {
		w.Type = n.member("type").value()
		message := l.abstract(n.member("message").value())
		w.Message = &message
		return
	}
	l.hideForeign(n)
	l.giveTargets(n)
	n.walk("", func(name string, leaf *node) { l.leaf(w, name, leaf, e) })
	w.Full = n
}

// value is the text of a scalar, "" for nil.
func (n *node) value() string {
	if n == nil {
		return ""
	}
	return n.text
}

// The further kinds of scalars, for values that differ from run to run.
const (
	kindDate   = "date"
	kindNote   = "noted"  // a date in the form of the database
	kindHash   = "hash"   // of a secret, in hex
	kindPHC    = "phc"    // a password's hash
	kindGuess  = "bool?"  // bool or null: the recordings are only approximate here
	kindCost   = "cost"   // of a password's hash: the replay hashes cheaply
	kindPhrase = "phrase" // two words that were drawn
	kindTook   = "took"   // how long something took
)

// costs are the members that say what a password's hash costs.
var costs = set("memory_cost", "time_cost", "threads")

// guessed are members whose recorded values are not those of the recorded
// version (the recordings' README), and that may be null by contract section 9.
var guessed = set("emailIsFree", "emailIsDisposable", "emailIsCorporate")

// leaf turns a recorded scalar into what is expected.
func (l *learner) leaf(w *want, name string, n *node, e exchange) {
	text := n.text
	switch {
	case guessed[name]:
		n.kind = kindGuess
	case costs[name] && n.kind == kindInt:
		n.kind = kindCost
	case name == "ping" && n.kind == kindInt || name == "duration" && n.kind == kindFloat:
		n.kind = kindTook
	case n.kind != kindString:
	case dateForm.MatchString(text):
		n.kind = kindDate
	case noteForm.MatchString(text):
		n.kind = kindNote
	case phcForm.MatchString(text):
		n.kind = kindPHC
	case (name == "ip" || name == "value") && text == "127.0.0.1":
		n.text = "${client}"
	case name == "jwt" && jwtForm.MatchString(text):
		n.text = "${" + l.name("jwt", text) + "}"
		w.JWT = l.claims(text, e.At)
	case name == "secret" && e.Request.Method == http.MethodPost && handedOut(e.Request.Path) && secretForm.MatchString(text):
		n.text = "${" + l.name("token", text) + "}"
	case name == "phrase" && text != "":
		n.kind = kindPhrase
	case name == "secret" && hashForm.MatchString(text):
		n.kind = kindHash
	case name == "secret" && totpForm.MatchString(text):
		n.text = "${" + l.name("totp", text) + "}"
		l.totps = append([]string{text}, l.totps...)
	case name == "recoveryCodes" && tokenForm.MatchString(text):
		n.text = "${" + l.name("token", text) + "}"
	case name == "secret" && tokenForm.MatchString(text):
		n.text = "${" + l.name("token", text) + "}"
	case idForm.MatchString(text) && !strings.Contains(deref(e.Request.Body), text):
		n.text = "${" + l.name("id", text) + "}"
	default:
		n.text = l.abstractNew(text)
	}
}

// handedOut reports whether a path's answers show API keys the secret of a
// one-time token.
func handedOut(path string) bool {
	return strings.HasPrefix(path, "/v1/account/tokens/") || strings.HasPrefix(path, "/v1/account/verification") ||
		strings.HasPrefix(path, "/v1/account/recovery") || strings.HasSuffix(path, "/magic-url") || strings.HasSuffix(path, "/sessions/phone")
}

// claims are the claims of a recorded token.
func (l *learner) claims(token string, at time.Time) *wantJWT {
	m, _ := takeJWT(token)
	var c struct {
		UserID    string `json:"userId"`
		SessionID string `json:"sessionId"`
		Exp       int64  `json:"exp"`
	}
	if json.Unmarshal([]byte(m.Payload), &c) != nil {
		return nil
	}
	for _, id := range []string{c.UserID, c.SessionID} {
		if l.apart && idForm.MatchString(id) {
			l.name("id", id) // of a session that a redirect began
		}
	}
	return &wantJWT{l.abstract(c.UserID), l.abstract(c.SessionID), c.Exp - at.Unix()}
}
