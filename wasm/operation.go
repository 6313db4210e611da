//go:build js && wasm

package main

import (
	"strings"

	"github.com/hack-pad/safejs"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/browser"
)

// The names of lanes and effects in descriptors (internal/gen).
var (
	laneNames   = [...]string{isojot.LaneGuest: "guest", isojot.LaneSession: "session", isojot.LaneJWT: "jwt", isojot.LaneKey: "key"}
	effectNames = [...]string{isojot.EffectNone: "", isojot.EffectSignsIn: "signs in", isojot.EffectEndsSession: "ends session",
		isojot.EffectEndsAll: "ends all", isojot.EffectEnvelope: "envelope", isojot.EffectMaySignIn: "may sign in"}
	answerNames = [...]string{isojot.AnswerJSON: "", isojot.AnswerContent: "content", isojot.AnswerLocation: "location"}
)

// operationOf reads a descriptor {name, pattern, lanes, effect, answer}: this program has
// no table of operations, so that it does not grow with the services that there
// are. A descriptor comes from the npm package's own modules, on the same page:
// it can ask for nothing that the page could not request itself. It is read so
// that what is wrong with it is named, and Client.Do checks the rest.
func operationOf(descriptor browser.Value) (isojot.Operation, error) {
	field := func(name string) string { return browser.String(browser.Get(descriptor, name)) }
	o := isojot.Operation{Name: field("name"), Route: isojot.Route{Pattern: field("pattern")}}
	// member reads one of several names, which may be left out.
	var err error
	member := func(name string, names []string) int {
		given := browser.Get(descriptor, name)
		i := indexOf(names, browser.String(given))
		if i < 0 || !given.IsUndefined() && given.Type() != safejs.TypeString {
			err = wrong(name, browser.Text(given))
		}
		return i
	}
	o.Effect = isojot.Effect(member("effect", effectNames[:]))
	o.Answer = isojot.Answer(member("answer", answerNames[:]))
	if err != nil {
		return o, err
	}
	for names := field("lanes"); names != ""; {
		var name string
		name, names, _ = strings.Cut(names, " ")
		lane := indexOf(laneNames[:], name)
		if lane < 0 {
			return o, wrong("lanes", name)
		}
		o.Lanes = append(o.Lanes, isojot.Lane(lane))
	}
	return o, nil
}

func wrong(field, value string) error {
	return &isojot.Error{Type: isojot.ErrInvalidArgument, Reason: isojot.ReasonUnknown,
		Message: "operation." + field + `: "` + value + `" is unknown here; pass a descriptor of this version's own modules`}
}

func indexOf(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}
