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
		isojot.EffectEndsAll: "ends all", isojot.EffectEnvelope: "envelope"}
)

// operationOf reads a descriptor {name, pattern, lanes, effect}: this program has
// no table of operations, so that it does not grow with the services that there
// are. A descriptor comes from the npm package's own modules, on the same page:
// it can ask for nothing that the page could not request itself. It is read so
// that what is wrong with it is named, and Client.Do checks the rest.
func operationOf(descriptor browser.Value) (isojot.Operation, error) {
	field := func(name string) string { return browser.String(browser.Get(descriptor, name)) }
	o := isojot.Operation{Name: field("name"), Route: isojot.Route{Pattern: field("pattern")}}
	given := browser.Get(descriptor, "effect")
	effect := indexOf(effectNames[:], browser.String(given))
	if effect < 0 || !given.IsUndefined() && given.Type() != safejs.TypeString {
		return o, wrong("effect", browser.Text(given))
	}
	o.Effect = isojot.Effect(effect)
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

// wildcards are the parameters in a pattern's path.
func wildcards(pattern string) []string {
	var names []string
	for {
		_, rest, found := strings.Cut(pattern, "{")
		if !found {
			return names
		}
		name, after, _ := strings.Cut(rest, "}")
		names, pattern = append(names, name), after
	}
}
