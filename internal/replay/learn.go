package replay

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Texts that servers hand out.
var (
	idForm     = regexp.MustCompile(`^[0-9a-f]{20}$`)
	hashForm   = regexp.MustCompile(`^[0-9a-f]{64}$`)
	tokenForm  = regexp.MustCompile(`^[0-9a-f]{4,128}$`)
	secretForm = regexp.MustCompile(`^[0-9a-f]{4,256}$`)
	phraseForm = regexp.MustCompile(`^[A-Z][a-z]+ [a-z]+$`)
	noteForm   = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$`)
	dateForm   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$`)
	jwtForm    = regexp.MustCompile(`^eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)
	phcForm    = regexp.MustCompile(`^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$`)

	storeRun = regexp.MustCompile(`eyJpZCI6[A-Za-z0-9+/]{8,}`)
	jwtRun   = regexp.MustCompile(`[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*`)
	shortRun = regexp.MustCompile(`"([0-9a-f]{4,19})"`)
)

// minLong is the length from which a known text is replaced wherever it
// stands; a shorter one only where it is a whole JSON string.
const minLong = 20

// learner finds out what the recorded server handed out, and writes texts with
// variables in its place.
type learner struct {
	known map[string]string // recorded text -> variable
	long  []string          // the long ones, the longest first
	count map[string]int    // by kind

	owners map[string]owner // of the targets shown last, by address

	totps []string // secrets of authenticators, the newest first

	// apart says that the scenarios are played without the others of the
	// recordings; mine are the ids of what they made themselves.
	apart bool
	came  bool // a sign-in from before the recordings is played
	mine  map[string]bool
}

// newLearner knows nothing yet.
func newLearner() *learner {
	return &learner{known: map[string]string{}, count: map[string]int{}, owners: map[string]owner{}, mine: map[string]bool{}}
}

// name makes a variable for a recorded text, unless there is one.
func (l *learner) name(kind, text string) string {
	// Two tokens of one second are the same, two of the tested server need not
	// fall into one.
	if name, ok := l.known[text]; ok && kind != "jwt" {
		return name
	}
	l.count[kind]++
	name := fmt.Sprint(kind, l.count[kind])
	if kind == "token" {
		name += fmt.Sprint("x", len(text))
	}
	l.learn(text, name)
	if _, secret, ok := readStore(text); ok && kind == "store" {
		l.learn(secret, "secret"+strings.TrimPrefix(name, "store"))
		l.count["secret"] = max(l.count["secret"], l.count["store"])
	}
	return name
}

// learn gives a recorded text its variable, in the place of one it had.
func (l *learner) learn(text, name string) {
	_, had := l.known[text]
	l.known[text] = name
	if had || len(text) < minLong {
		return
	}
	at, _ := slices.BinarySearchFunc(l.long, text, func(have, want string) int { return len(want) - len(have) })
	l.long = slices.Insert(l.long, at, text)
}

// forget takes a recorded text's variable away, where the same text came again
// and means something new.
func (l *learner) forget(text string) { delete(l.known, text) }

// abstract writes a text with variables.
func (l *learner) abstract(text string) string {
	for _, known := range l.long {
		text = strings.ReplaceAll(text, known, "${"+l.known[known]+"}")
	}
	return shortRun.ReplaceAllStringFunc(text, func(m string) string {
		if name, ok := l.known[strings.Trim(m, `"`)]; ok {
			return `"${` + name + `}"`
		}
		return m
	})
}

// abstractNew is abstract for answers: new store strings get variables.
func (l *learner) abstractNew(text string) string {
	for _, run := range storeRun.FindAllString(text, -1) {
		if _, _, ok := readStore(run); ok {
			l.name("store", run)
		}
	}
	return l.abstract(text)
}

// abstractMade is abstract for requests: texts made of known ones, such as
// crafted tokens, get variables that s.Made defines.
func (l *learner) abstractMade(s *step, text string) string {
	text = l.abstract(text)
	text = jwtRun.ReplaceAllStringFunc(text, func(run string) string {
		m, ok := takeJWT(run)
		if !ok {
			return run
		}
		m.Payload = l.abstract(m.Payload)
		if m.Signature[0] == '=' && !placeholder.MatchString(m.Payload) {
			return run
		}
		return l.define(s, m)
	})
	return storeRun.ReplaceAllStringFunc(text, func(run string) string {
		raw, ok := decodeBase64(run)
		if m := (made{Base64: l.abstract(raw)}); ok && m.Base64 != raw {
			return l.define(s, m)
		}
		return run
	})
}

// define makes a variable of the step.
func (l *learner) define(s *step, m made) string {
	l.count["made"]++
	name := fmt.Sprint("made", l.count["made"])
	if s.Made == nil {
		s.Made = map[string]made{}
	}
	s.Made[name] = m
	return "${" + name + "}"
}
