package server

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/clock"
	"github.com/isojot/isojot/internal/limit"
	"github.com/isojot/isojot/internal/password"
)

// DefaultProject is the project of a server that was given none.
const DefaultProject = "demo"

// minDevToken is the least length of Dev.Token, in bytes: it must not be
// guessed by whatever else runs on the machine.
const minDevToken = 16

// Options configure a Server. The zero value needs a DataDir or Memory.
type Options struct {
	// DataDir is the directory of the database file isojot.db (made with mode
	// 0600, the directory with 0700). It is ignored with Memory.
	DataDir string
	// Memory keeps everything in memory, until Close.
	Memory bool
	// Project is the id of the project that is made, with a signing key of
	// its own, unless it exists: a lower-case letter or digit, then up to 35
	// of a-z, 0-9, period, hyphen and underscore. "" means DefaultProject. The
	// server answers for all projects of its database.
	Project string
	// AllowOrigins are the URLs or hosts of the pages whose requests are
	// accepted besides localhost, 127.0.0.1 and [::1]. Schemes and ports are
	// not compared (contract section 8). "*.example.com" allows every host
	// below example.com, "*" every host.
	AllowOrigins []string
	// Limits is the preset of rate limits.
	Limits Limits
	// Assets holds the page (index.html) and the SDK's files; with nil, or
	// without index.html, / answers a text that says so.
	Assets fs.FS
	// Logger gets faults, and one line for each decision about a caller; nil
	// discards them. No secret, token or password is ever logged.
	Logger *slog.Logger
	// Now is the clock that all expiries and limits follow; nil means
	// time.Now. Dev.Clock goes before it.
	Now func() time.Time
	// Dev, when it is not nil, opens the clock to callers on this machine.
	Dev *Dev
	// PasswordCost is the cost of new password hashes; zero means the OWASP
	// recommendation of argon2id with 7168 KiB, 5 passes and 1 thread.
	PasswordCost PasswordCost
}

// Dev opens the endpoints below /_isojot/clock, for callers on the same
// machine that know the token.
type Dev struct {
	// Clock is the clock they move; nil means one over Options.Now.
	Clock *clock.Clock
	// Token is what callers send as "Authorization: Bearer <token>"; it has
	// at least 16 bytes.
	Token string
}

// PasswordCost is the cost of an argon2id hash (RFC 9106).
type PasswordCost struct {
	// MemoryKiB is from 8 times Threads to 262144.
	MemoryKiB uint32
	// Time is the number of passes, 1 to 64.
	Time uint32
	// Threads is 1 to 16.
	Threads uint8
}

// hasherCost is the cost in the hasher's terms.
func (c PasswordCost) hasherCost() password.Cost {
	if c == (PasswordCost{}) {
		return password.OWASP
	}
	return password.Cost{Memory: c.MemoryKiB, Time: c.Time, Threads: c.Threads}
}

// Limits is a preset of rate limits.
type Limits uint8

// The presets.
const (
	// LimitsClassic allows 10 JWT creations in any 60 minutes for each user;
	// a JWT is valid for 15 minutes unless its maker asks for another
	// duration. It is the limit of Appwrite 0.7 to 0.14 (contract section
	// 5.4), counted per user and in a sliding window.
	LimitsClassic Limits = iota
	// LimitsOff limits nothing.
	LimitsOff
)

// limitNames are the names of the presets that there are.
var limitNames = map[Limits]string{LimitsClassic: "classic", LimitsOff: "off"}

// String returns the name that ParseLimits reads.
func (l Limits) String() string {
	if name, ok := limitNames[l]; ok {
		return name
	}
	return fmt.Sprintf("Limits(%d)", uint8(l))
}

// Describe says what the preset means, in one line.
func (l Limits) Describe() string {
	if l == LimitsOff {
		return "JWTs valid 15 minutes, no limits"
	}
	return "JWTs valid 15 minutes, 10 creations per 60 minutes per user"
}

// ParseLimits reads the name of a preset; "" is classic. An error names the
// presets there are.
func ParseLimits(name string) (Limits, error) {
	switch name {
	case "", "classic":
		return LimitsClassic, nil
	case "off":
		return LimitsOff, nil
	}
	return 0, fmt.Errorf("server: unknown limits %q: use classic (%s) or off (no limits)", name, LimitsClassic.Describe())
}

// jwtWindow is the window of JWT creations for each user.
func (l Limits) jwtWindow() limit.Window {
	if l == LimitsOff {
		return limit.Window{}
	}
	return limit.Window{Limit: 10, Period: time.Hour}
}

// projectPattern is the pattern of ids in lower case: the cookie's name holds
// the project id and is compared without case by some clients (contract
// section 4).
var projectPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,35}$`)

// check fills in defaults and refuses what cannot work.
func (o *Options) check() error {
	if o.Project == "" {
		o.Project = DefaultProject
	}
	if !o.Memory && o.DataDir == "" {
		return errors.New("server: no data directory: set Options.DataDir, or Options.Memory to keep nothing")
	}
	if _, ok := limitNames[o.Limits]; !ok {
		return fmt.Errorf("server: unknown limits %v: use LimitsClassic or LimitsOff", o.Limits)
	}
	if o.Dev != nil && len(o.Dev.Token) < minDevToken {
		return fmt.Errorf("server: Dev.Token has %d bytes: use at least %d random ones", len(o.Dev.Token), minDevToken)
	}
	return checkProjectID(o.Project)
}

// checkProjectID says what is wrong with the id of a project to serve.
func checkProjectID(id string) error {
	switch {
	case id != strings.ToLower(id):
		return fmt.Errorf("server: the project id %q has capital letters: use %q, since cookie names carry it", id, strings.ToLower(id))
	case id == consoleProject:
		return fmt.Errorf("server: the project id %q is reserved: choose another", id)
	case !projectPattern.MatchString(id):
		return fmt.Errorf("server: the project id %q is not valid: use 1 to 36 of a-z, 0-9, period, hyphen and underscore, the first a letter or digit", id)
	}
	return nil
}
