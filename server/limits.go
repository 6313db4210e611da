package server

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/limit"
)

// Limits is a preset of rate limits. The presets differ in how many JWTs a
// user may create; the limits of sign-up, sign-in, sign-out and of a change of
// password (contract section 6) are those of every preset but LimitsOff.
type Limits uint8

// The presets.
const (
	// LimitsClassic allows 10 JWT creations in any 60 minutes for each user;
	// a JWT is valid for 15 minutes unless its maker asks for another
	// duration. It is the limit of Appwrite 0.7 to 0.14 (contract section
	// 5.4), counted per user and in a sliding window.
	LimitsClassic Limits = iota
	// LimitsOff limits nothing. As in Appwrite, answers still name the limits
	// there would be.
	LimitsOff
	// LimitsAppwrite10 allows 100 JWT creations in each clock hour for each
	// user, as Appwrite 0.15 to 1.8.
	LimitsAppwrite10
	// LimitsAppwrite19 allows 120 JWT creations in each clock minute for each
	// user, as Appwrite 1.9.
	LimitsAppwrite19
)

// preset is what a value of Limits means.
type preset struct {
	name, describe string
	// sliding is the window of JWT creations, counted when they succeed; where
	// it is off, fixed is, counted as requests are everywhere else.
	sliding limit.Window
	fixed   limit.Fixed
}

// presets are the values of Limits there are.
var presets = map[Limits]preset{
	LimitsClassic: {name: "classic", describe: "JWTs valid 15 minutes, 10 creations per 60 minutes per user",
		sliding: limit.Window{Limit: 10, Period: time.Hour}},
	LimitsAppwrite10: {name: "appwrite-1.0", describe: "JWTs valid 15 minutes, 100 creations per 60 minutes per user",
		fixed: limit.Fixed{Limit: 100, Period: time.Hour}},
	LimitsAppwrite19: {name: "appwrite-1.9", describe: "JWTs valid 15 minutes, 120 creations per 60 seconds per user",
		fixed: limit.Fixed{Limit: 120, Period: time.Minute}},
	LimitsOff: {name: "off", describe: "JWTs valid 15 minutes, no limits",
		fixed: limit.Fixed{Limit: 120, Period: time.Minute}},
}

// presetOrder is the order in which the presets are named.
var presetOrder = []Limits{LimitsClassic, LimitsAppwrite10, LimitsAppwrite19, LimitsOff}

// String returns the name that ParseLimits reads.
func (l Limits) String() string {
	if p, ok := presets[l]; ok {
		return p.name
	}
	return fmt.Sprintf("Limits(%d)", uint8(l))
}

// Describe says what the preset means, in one line.
func (l Limits) Describe() string { return presets[l].describe }

// LimitsNames names the presets and what each means, in one line.
func LimitsNames() string {
	var all []string
	for _, l := range presetOrder {
		all = append(all, l.String()+" ("+l.Describe()+")")
	}
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + " or " + all[last]
}

// ParseLimits reads the name of a preset; "" is classic. An error names the
// presets there are.
func ParseLimits(name string) (Limits, error) {
	if name == "" {
		return LimitsClassic, nil
	}
	i := slices.IndexFunc(presetOrder, func(l Limits) bool { return l.String() == name })
	if i < 0 {
		return 0, fmt.Errorf("server: unknown limits %q: use %s", name, LimitsNames())
	}
	return presetOrder[i], nil
}

// check refuses a preset that does not exist.
func (l Limits) check() error {
	if _, ok := presets[l]; !ok {
		return fmt.Errorf("server: unknown limits %v: use LimitsClassic, LimitsAppwrite10, LimitsAppwrite19 or LimitsOff", l)
	}
	return nil
}

// describeLimits says what holds, for Info.
func (s *Server) describeLimits() string {
	text := s.options.Limits.String() + " (" + s.options.Limits.Describe() + ")"
	if s.clock != nil && s.options.Limits != LimitsOff {
		text += ", none by address for this machine"
	}
	return text
}
