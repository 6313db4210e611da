package server

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/clock"
	"github.com/isojot/isojot/internal/password"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/projects"
)

// DefaultProject is the project of a server that was given none.
const DefaultProject = "demo"

// minDevToken is the least length of Dev.Token, in bytes: it must not be
// guessed by whatever else runs on the machine.
const minDevToken = 16

// Options configure a Server. The zero value needs a DataDir, Memory or a
// DatabaseURL.
type Options struct {
	// DataDir is the directory of the database file isojot.db (made with mode
	// 0600, the directory with 0700). It is ignored with Memory.
	DataDir string
	// Memory keeps everything in memory, until Close.
	Memory bool
	// DatabaseURL is that of a PostgreSQL database, which several servers can
	// share: postgres://user:password@host:5432/database?sslmode=verify-full.
	// What it leaves out, such as the password, comes from the environment or
	// from files, as psql takes it (docs/postgres.md). It excludes DataDir and
	// Memory, and is in no error and no log.
	DatabaseURL string
	// DatabaseConnections is how many connections the server has to PostgreSQL
	// at most, 1 to 1000; 0 means 10.
	DatabaseConnections int
	// Lease is how long a server that shares its database may be silent until
	// the others report what it ran as failed, 1 s to 1 h; 0 means 30 s.
	Lease time.Duration
	// Project is the id of the project that is made, with a signing key of
	// its own, unless it exists: a lower-case letter or digit, then up to 35
	// of a-z, 0-9, period, hyphen and underscore. "" means the first of
	// Projects, else DefaultProject. The page and this package's methods use
	// it; the server answers for all projects of its database.
	Project string
	// APIKey, when it is not "", is an API key of Project: see Project.APIKey.
	APIKey string
	// Projects are projects to serve besides Project, made like it; and what
	// holds for one project alone, where one of them has the id of Project.
	Projects []Project
	// Functions are functions of Project, besides those of its entry in
	// Projects.
	Functions []Function
	// FunctionsDir is a folder of functions of Project: see
	// Project.FunctionsDir.
	FunctionsDir string
	// Endpoint is the URL of the API, such as http://127.0.0.1:7519/v1, as
	// functions are told it: they send their caller's token there. It is never
	// taken from a request, whose Host anybody can set. Its host is one of the
	// server's own: see AllowOrigins.
	Endpoint string
	// FunctionWait is how long a caller waits for an execution, 1 s to 900 s;
	// 0 means 30 s, as in Appwrite. What takes longer is 408
	// function_synchronous_timeout.
	FunctionWait time.Duration
	// FunctionSlots is how many executions run at once, 1 to 1000; 0 means two
	// for each processor, and at least eight. Users, and the guests of an
	// address, get another one only while they have fewer than are free: alone,
	// half of them. As many callers as MaxQueue wait, and are served in turn,
	// user by user; the others get 503 isojot_functions_busy.
	FunctionSlots int
	// RequestMemory is how many bytes all requests together may hold, 32 MiB to
	// 1 TiB; 0 means 32 MiB. It is shared by the addresses of the callers, of
	// which none gets more than half. Who finds no room waits up to 5 s, and then gets
	// 503 isojot_server_busy (docs/limits.md).
	RequestMemory int64
	// AllowOrigins are the URLs or hosts of the pages whose requests are
	// accepted, by every project, besides localhost, 127.0.0.1 and [::1].
	// Schemes and ports are not compared (contract section 8). They are the
	// hosts of the server itself, too: at others, functions' paths and
	// /_isojot/ are not answered, but for /_isojot/health.
	// "*.example.com" allows every host below example.com, "*" every host.
	// "appwrite-android://com.example.app" is the app of that package, and so
	// on for appwrite-ios, -macos, -linux and -windows; as in Appwrite, it
	// lets in the other apps of the system too (contract section 13.5).
	// "capacitor://localhost", and so on for ionic and app, are the pages of an
	// app's webview at that scheme and host, which no other entry lets in, and
	// which is no host of the server or of any other page.
	AllowOrigins []string
	// Limits is the preset of rate limits.
	Limits Limits
	// TrustedProxies are the networks (10.0.0.0/8) and addresses of the
	// proxies in front of the server: from them, X-Forwarded-For, -Proto and
	// -Host are believed. None are by default, since anybody can send them.
	TrustedProxies []string
	// Assets holds the page (index.html) and the SDK's files, which must be
	// io.Seekers, as those of embed and os are; the page is at /console/, where /
	// leads. With nil, or without index.html, a text says so
	// there.
	Assets fs.FS
	// Logger gets faults, and one line for each decision about a caller; nil
	// discards them. No secret, token or password is ever logged. Of a function
	// that failed it gets the first line of its errors, at most 500 bytes of
	// it, without the tokens that the function was handed.
	Logger *slog.Logger
	// Now is the clock that all expiries and limits follow; nil means
	// time.Now. Dev.Clock goes before it.
	Now func() time.Time
	// Mail says how mails are made and sent.
	Mail Mail
	// SMS says how text messages are sent.
	SMS SMS
	// Outbox keeps mails and text messages to be read (Messages, and
	// /_isojot/mail with Dev), those too that nobody sends: with Mail and SMS
	// empty, none goes out. It is for development and tests.
	Outbox bool
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

// check fills in defaults and refuses what cannot work.
func (o *Options) check() error {
	switch {
	case o.Project != "":
	case len(o.Projects) > 0:
		o.Project = o.Projects[0].ID
	default:
		o.Project = DefaultProject
	}
	if err := o.checkData(); err != nil {
		return err
	}
	if err := o.Limits.check(); err != nil {
		return err
	}
	if err := o.checkFunctions(); err != nil {
		return err
	}
	if o.RequestMemory = cmp.Or(o.RequestMemory, DefaultRequestMemory); o.RequestMemory < DefaultRequestMemory || o.RequestMemory > maxRequestMemory {
		return fmt.Errorf("server: RequestMemory is %d: use %d (%d MiB) to %d (1 TiB), or 0 for the least", o.RequestMemory, DefaultRequestMemory, DefaultRequestMemory>>20, int64(maxRequestMemory))
	}
	if err := o.checkMail(); err != nil {
		return err
	}
	if o.Dev != nil && len(o.Dev.Token) < minDevToken {
		return fmt.Errorf("server: Dev.Token has %d bytes: use at least %d random ones", len(o.Dev.Token), minDevToken)
	}
	return checkProjectID(o.Project)
}

// Bounds of the options about PostgreSQL.
const (
	// DefaultDatabaseConnections and DefaultLease are what 0 means there.
	DefaultDatabaseConnections = store.DefaultConnections
	DefaultLease               = 30 * time.Second

	maxDatabaseConnections = 1000
	minLease               = time.Second
	maxLease               = time.Hour
)

// checkData says what is wrong with the options about where the data is.
func (o *Options) checkData() error {
	switch {
	case o.DatabaseURL != "" && (o.DataDir != "" || o.Memory):
		return errors.New("server: Options.DatabaseURL excludes DataDir and Memory: leave out one")
	case o.DatabaseURL == "" && !o.Memory && o.DataDir == "":
		return errors.New("server: no data directory: set Options.DataDir, or Options.Memory to keep nothing, or DatabaseURL")
	case o.DatabaseConnections < 0 || o.DatabaseConnections > maxDatabaseConnections:
		return fmt.Errorf("server: DatabaseConnections is %d: use 1 to %d, or 0 for %d", o.DatabaseConnections, maxDatabaseConnections, DefaultDatabaseConnections)
	case o.Lease != 0 && (o.Lease < minLease || o.Lease > maxLease):
		return fmt.Errorf("server: Lease is %v: use %v to %v, or 0 for %v", o.Lease, minLease, maxLease, DefaultLease)
	case o.DatabaseURL == "":
		return nil
	}
	return store.CheckPostgresURL(o.DatabaseURL)
}

// checkProjectID says what is wrong with the id of a project to serve.
func checkProjectID(id string) error {
	switch {
	case id != strings.ToLower(id):
		return fmt.Errorf("server: the project id %q has capital letters: use %q, since cookie names carry it", id, strings.ToLower(id))
	case strings.HasSuffix(id, legacySuffix):
		return fmt.Errorf("server: the project id %q ends in %s, which is how another project's second cookie is named: choose another", id, legacySuffix)
	case id == consoleProject:
		return fmt.Errorf("server: the project id %q is reserved: choose another", id)
	case !projects.ValidID(id):
		return fmt.Errorf("server: the project id %q is not valid: use 1 to 36 of a-z, 0-9, period, hyphen and underscore, the first a letter or digit", id)
	}
	return nil
}
