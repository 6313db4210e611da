package replay

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// difference is one thing in which an answer is not what was expected.
type difference struct {
	Scenario string `json:"scenario"`
	Step     int    `json:"step"`
	// Field is status, type, message, header NAME, cookies, cookie NAME
	// ATTRIBUTE, body /PATH, or jwt CLAIM.
	Field string `json:"field"`
	// Recorded and Ours are the two values; what differs from run to run is
	// written as a variable or a kind.
	Recorded string `json:"recorded"`
	Ours     string `json:"ours"`
	// Rule is why this is allowed.
	Rule string `json:"rule"`
}

// key is what makes a difference the same as a listed one.
func (d difference) key() string {
	return fmt.Sprintf("%s %d %s: %q, ours %q", d.Scenario, d.Step, d.Field, d.Recorded, d.Ours)
}

// comparison compares one answer.
type comparison struct {
	scenario string
	step     *step
	want     *want
	got      answer
	env      env
	found    []difference
}

// differ notes a difference.
func (c *comparison) differ(field, recorded, ours string) {
	c.found = append(c.found, difference{Scenario: c.scenario, Step: c.step.Number, Field: field, Recorded: recorded, Ours: c.stable(ours)})
}

// run compares everything.
func (c *comparison) run() []difference {
	if c.want.Status != c.got.Status {
		c.differ("status", strconv.Itoa(c.want.Status), strconv.Itoa(c.got.Status))
	}
	c.headers()
	c.cookies(c.step.time())
	if c.got.Status >= 400 || c.want.Status >= 400 {
		c.errors()
	} else {
		c.body()
	}
	return c.found
}

// reduced says that the expectation is a committed one, without values.
func (w *want) reduced() bool { return w.Full == nil && w.Body == nil && w.Message == nil }

// errors compares an error's type and message.
func (c *comparison) errors() {
	n, _ := parseNode(c.got.Body) // what is no JSON has neither
	if got := n.member("type").value(); c.want.Type != got && !(c.got.Status < 400) {
		c.differ("type", c.want.Type, got)
	}
	if c.got.Status >= 400 && !(isPage(c.step) && strings.HasPrefix(c.got.Header.Get("Content-Type"), "text/html")) {
		c.errorShape(n)
	}
	if c.want.Message == nil || c.got.Status < 400 {
		return
	}
	if got := n.member("message").value(); !c.env.match(*c.want.Message, got) {
		c.differ("message", *c.want.Message, got)
	}
}

// errorShape compares the members all errors have.
func (c *comparison) errorShape(n *node) {
	if n == nil || strings.Join(n.names, " ") != "message code type version" {
		c.differ("body /", "message code type version", "something else")
		return
	}
	if code := n.member("code"); code.kind != kindInt || code.text != strconv.Itoa(c.got.Status) {
		c.differ("body /code", strconv.Itoa(c.got.Status), code.text)
	}
	if version := n.member("version").value(); version != "1.9.6" {
		c.differ("body /version", "1.9.6", version)
	}
}

// body compares the body of a success.
func (c *comparison) body() {
	if len(c.want.Headers["Content-Encoding"]) > 0 {
		return
	}
	if c.want.Full == nil && c.want.JSON == nil {
		if c.want.Body != nil && *c.want.Body != string(c.got.Body) {
			c.differ("body", *c.want.Body, string(c.got.Body))
		}
		return
	}
	n, err := parseNode(c.got.Body)
	if err != nil {
		c.differ("body", "JSON", "no JSON")
		return
	}
	if c.want.Full != nil {
		c.node("", c.want.Full, n)
	} else {
		c.shape(n)
	}
	if c.want.JWT != nil {
		c.claims(n.find("jwt"))
	}
}

// node compares two values of JSON.
func (c *comparison) node(path string, want, got *node) {
	switch {
	case want.isScalar():
		c.scalar(path, want, got)
	case want.kind != got.kind:
		c.differ("body "+path, want.kind, got.form())
	case want.kind == kindList:
		if len(want.members) != len(got.members) {
			c.differ("body "+path, fmt.Sprint(len(want.members), " members"), fmt.Sprint(len(got.members), " members"))
			return // which is which, is anybody's guess
		}
		before := len(c.found)
		for i, member := range want.members {
			c.node(fmt.Sprint(path, "/", i), member, got.members[i])
		}
		if len(c.found)-before > maxOfList {
			c.found = c.found[:before]
			c.differ("body "+path, c.digest(want), c.digest(got))
		}
	default:
		c.object(path, want, got)
	}
}

// maxOfList is how many differences within a list are named one by one; tables
// of countries and the like have hundreds.
const maxOfList = 40

// digest stands for a long list, without what differs from run to run.
func (c *comparison) digest(n *node) string {
	sum := sha256.New()
	n.walk("", func(name string, n *node) {
		text := n.text
		if n.kind == kindFloat || n.kind == kindTook { // how long something took
			text = kindTook
		}
		fmt.Fprintf(sum, "%s %q\n", name, c.stable(text))
	})
	return fmt.Sprintf("%d members with the SHA-256 %.8x", len(n.members), sum.Sum(nil))
}

// object compares two objects, and the order of their members.
func (c *comparison) object(path string, want, got *node) {
	if a, b := strings.Join(want.names, " "), strings.Join(got.names, " "); a != b {
		c.differ("body "+path+"/", a, b)
	}
	for i, name := range want.names {
		if member := got.member(name); member != nil {
			c.node(path+"/"+name, want.members[i], member)
		}
	}
}

// scalar compares a value that is expected to be a scalar.
func (c *comparison) scalar(path string, want, got *node) {
	same := false
	switch want.kind {
	case kindGuess:
		same = got.kind == kindBool || got.kind == kindNull
	case kindCost:
		same = got.kind == kindInt
	case kindTook:
		same = got.took()
	case kindForeign:
		same = got.kind == kindObject
	case kindDate:
		same = got.kind == kindString && dateForm.MatchString(got.text) && sameDate(dateLayout, want.text, got.text)
	case kindNote:
		same = got.kind == kindString && noteForm.MatchString(got.text) && sameDate(noteLayout, want.text, got.text)
	case kindPhrase:
		same = got.kind == kindString && phraseForm.MatchString(got.text)
	case kindPHC:
		same = got.kind == kindString && phcForm.MatchString(got.text)
	case kindHash:
		same = got.kind == kindString && hashForm.MatchString(got.text)
	case kindString:
		same = got.kind == kindString && c.env.match(want.text, got.text)
	default:
		same = got.kind == want.kind && got.text == want.text
	}
	if !same {
		c.differ("body "+path, want.form(), got.form())
	}
}

// dateLayout is how the API writes dates, noteLayout how the recorded database
// takes them.
const (
	dateLayout = "2006-01-02T15:04:05.000-07:00"
	noteLayout = "2006-01-02 15:04:05.000"
)

// sameDate reports whether two dates are about the same.
func sameDate(layout, want, got string) bool {
	a, err1 := time.Parse(layout, want)
	b, err2 := time.Parse(layout, got)
	return err1 == nil && err2 == nil && near(a.Unix(), b.Unix())
}

// form describes a value without what differs from run to run.
func (n *node) form() string {
	switch n.kind {
	case kindString:
		return strconv.Quote(n.text)
	case kindInt, kindFloat, kindBool:
		return n.text
	case kindObject, kindList:
		return fmt.Sprint(n.kind, " of ", len(n.members))
	}
	return n.kind
}

// claims compares the claims of a token.
func (c *comparison) claims(token string) {
	m, _ := takeJWT(token)
	if m.Header != `{"typ":"JWT","alg":"HS256"}` {
		c.differ("jwt header", `{"typ":"JWT","alg":"HS256"}`, m.Header)
	}
	n, err := parseNode([]byte(m.Payload))
	if err != nil || strings.Join(n.names, " ") != "userId sessionId exp" {
		c.differ("jwt payload", "userId sessionId exp", "something else")
		return
	}
	for name, want := range map[string]string{"userId": c.want.JWT.UserID, "sessionId": c.want.JWT.SessionID} {
		if got := n.member(name).text; !c.env.match(want, got) {
			c.differ("jwt "+name, want, got)
		}
	}
	exp, err := json.Number(n.member("exp").text).Int64()
	if life := exp - c.step.At; err != nil || !near(life, c.want.JWT.Life) {
		c.differ("jwt exp", fmt.Sprint("@", c.want.JWT.Life), fmt.Sprint("@", life))
	}
}

// stable writes our value without what differs from run to run.
func (c *comparison) stable(text string) string {
	for _, name := range slices.Sorted(maps.Keys(c.env)) {
		if value := c.env[name]; len(value) >= minLong {
			text = strings.ReplaceAll(text, value, "${"+name+"}")
		}
	}
	for _, form := range unstable {
		text = form.pattern.ReplaceAllString(text, form.name)
	}
	return text
}
