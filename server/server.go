package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sync/singleflight"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/clock"
	"github.com/isojot/isojot/internal/ledger"
	"github.com/isojot/isojot/internal/password"
	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/mail"
	"github.com/isojot/isojot/server/internal/projects"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// ErrData says that the data could not be opened: its folder could not be made
// or used, or its database not be read.
var ErrData = errors.New("server: opening the data")

// Server is the server. It is safe for concurrent use.
type Server struct {
	options     *Options
	now         func() time.Time
	log         *slog.Logger
	db          *store.DB
	memory      *ledger.Ledger // of what requests hold
	compressors *compressors
	pace        pace
	hasher      *password.Hasher
	limits      preset
	proxies     reach.Proxies
	named       []string       // the ids of the projects of Options
	shared      *projectConfig // of projects that Options do not name
	ids         ids.Source
	clock       *clock.Clock // nil without Options.Dev

	api      *http.ServeMux
	graphql  *graphqlAPI
	internal *http.ServeMux // below /_isojot/
	assets   *assets

	templates  *mail.Templates
	transports map[string]mail.Transport // by channel
	outbox     *mail.Outbox
	reading    chan struct{} // has one for each who waits for a message over HTTP
	draining   chan struct{} // is closed when nobody is to wait any more
	drain      sync.Once

	runs *executions.Engine
	lock *flock.Flock // of the data directory; nil: there is none

	accesses attempts           // to note that users were here
	pings    singleflight.Group // of the database, for those who ask for its health
	renewals singleflight.Group // of providers' tokens
	toy      *toyProvider       // nil without Options.Dev

	projects *projects.Cache
	configs  sync.Map // id -> *projectConfig, those of Options and SetProject
	stored   *storedSettings
}

// Info is what a program prints when it starts the server.
type Info struct {
	// Project is the id of the project of Options.
	Project string
	// Projects are the ids of all projects of Options, Project first.
	Projects []string
	// APIKey says that Options give Project an API key.
	APIKey bool
	// Limits is the preset's name and what it means.
	Limits string
	// Data is the data directory, "memory", or where the PostgreSQL database is,
	// without who connects to it.
	Data string
	// NewData says that there was no database in the data directory before.
	NewData bool
	// AllowedOrigins are the hosts whose pages may call.
	AllowedOrigins []string
	// Page says that Options.Assets holds the page.
	Page bool
	// Dev says that the clock can be moved.
	Dev bool
	// Functions are those of all projects of Options.
	Functions []FunctionInfo
	// Mail and Texts say where mails and text messages go: a URL, without user,
	// password and query, "outbox", or "" for nowhere.
	Mail, Texts string
	// Unencrypted are warnings of messages that others may read on their way.
	Unencrypted []string
}

// FunctionInfo is a function as Info shows it.
type FunctionInfo struct {
	Project, ID string
	// Target is that of the Function, without user, password and query of a
	// URL; "" for a Go handler.
	Target string
	// Execute are the roles that may execute it.
	Execute []string
	// Unlimited says which limits cannot be set on this machine, and why.
	Unlimited []string
}

// New opens the database, makes the project if need be, and returns the
// server. The context bounds the start only. The caller must Close it.
func New(ctx context.Context, o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	s := &Server{options: &o, now: o.Now, log: o.Logger, limits: presets[o.Limits], pace: defaultPace,
		memory: ledger.New(o.RequestMemory, roomWait), compressors: newCompressors(), stored: &storedSettings{}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.useClock()
	if err := s.useToy(); err != nil {
		return nil, err
	}
	projects, err := s.useProjects()
	if err != nil {
		return nil, err
	}
	if s.proxies, err = reach.ParseProxies(o.TrustedProxies); err != nil {
		return nil, err
	}
	if s.hasher, err = password.New(o.PasswordCost.hasherCost(), hashesAtOnce(runtime.GOMAXPROCS(0)), maxHashQueue); err != nil {
		return nil, fmt.Errorf("server: PasswordCost: %w", err)
	}
	if err := s.useMail(); err != nil {
		return nil, err
	}
	s.assets = newAssets(o.Assets, s.noFile)
	s.api, s.internal = s.apiMux(), s.internalMux()
	if s.graphql, err = newGraphQLAPI(); err != nil {
		return nil, err
	}
	if err := s.open(ctx, projects); err != nil {
		return nil, err
	}
	return s, nil
}

// useProjects checks the settings of all projects, before anything is opened.
func (s *Server) useProjects() ([]Project, error) {
	all, err := reach.ParseOrigins(s.options.AllowOrigins)
	if err != nil {
		return nil, err
	}
	s.shared = &projectConfig{origins: all}
	projects, err := s.options.listed()
	if err != nil {
		return nil, err
	}
	for _, p := range projects {
		if _, err := s.configOf(p); err != nil {
			return nil, err
		}
		s.named = append(s.named, p.ID)
	}
	return projects, nil
}

// useClock settles which clock all expiries and limits follow.
func (s *Server) useClock() {
	if s.now == nil {
		s.now = time.Now
	}
	if s.options.Dev == nil {
		return
	}
	if s.clock = s.options.Dev.Clock; s.clock == nil {
		s.clock = clock.New(s.now)
	}
	s.now = s.clock.Now
}

// open opens the database and sees to the projects.
func (s *Server) open(ctx context.Context, served []Project) (err error) {
	switch {
	case s.options.Memory:
		s.db, err = store.OpenMemory(ctx, s.now)
	case s.options.DatabaseURL != "":
		s.db, err = store.OpenPostgres(ctx, s.options.DatabaseURL, s.options.DatabaseConnections, s.now)
	default:
		err = s.openDir(ctx, s.options.DataDir)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrData, err)
	}
	s.projects = projects.NewCache(s.db)
	s.runs = s.newEngine()
	s.outbox = mail.NewOutbox(s.db, s.log, s.runs.Owner(), s.options.Outbox, s.transports)
	for _, p := range served {
		if err := s.SetProject(ctx, p); err != nil {
			return errors.Join(err, s.Close())
		}
	}
	if err := s.runs.Start(ctx); err != nil {
		return errors.Join(err, s.Close())
	}
	if !s.options.Memory { // which no other program changes
		s.stored.follow(s.followSettings)
	}
	s.outbox.Start() // the engine has seen to what servers that have stopped were sending
	return nil
}

// Close ends sending, giving what is under way five seconds, and the functions,
// giving those that run ten, and closes the database. Requests should have ended before.
func (s *Server) Close() error {
	s.stored.stop()
	s.outbox.Close() // before the engine says good-bye for this server
	s.runs.Close()
	var errs []error
	s.configs.Range(func(_, config any) bool {
		errs = append(errs, config.(*projectConfig).functions.Close())
		return true
	})
	if err := s.db.Close(); err != nil {
		errs = append(errs, fmt.Errorf("server: closing the data: %w", err))
	}
	errs = append(errs, s.unlock())
	return errors.Join(errs...)
}

// Info says how the server was set up.
func (s *Server) Info() Info {
	data := s.options.DataDir
	switch {
	case s.options.Memory:
		data = "memory"
	case s.options.DatabaseURL != "":
		data = s.db.Target()
	}
	mails, texts, unencrypted := s.options.whereMessagesGo()
	return Info{
		Mail:           mails,
		Texts:          texts,
		Unencrypted:    unencrypted,
		Project:        s.options.Project,
		Projects:       s.named,
		APIKey:         s.config(s.options.Project).keyHash != "",
		Limits:         s.describeLimits(),
		Data:           data,
		NewData:        s.db.Made(),
		AllowedOrigins: s.config(s.options.Project).origins.List(),
		Page:           s.assets.page,
		Dev:            s.clock != nil,
		Functions:      s.functionInfos(),
	}
}

// functionInfos are the functions of the projects of Options.
func (s *Server) functionInfos() []FunctionInfo {
	var infos []FunctionInfo
	for _, project := range s.named {
		all, err := s.config(project).functions.All()
		if err != nil {
			s.log.Warn("the folder of functions cannot be read", "project", project, "error", err)
		}
		for _, fn := range all {
			info := FunctionInfo{Project: project, ID: fn.ID, Target: maskedTarget(fn.Target), Execute: fn.Execute}
			if fn.Runner != nil {
				info.Unlimited = runner.Limits(fn.Runner)
			}
			infos = append(infos, info)
		}
	}
	return infos
}

// fixedHeader is the header of every answer. Its values are shared between
// answers, which replace them or append to copies, as http.Header does.
var fixedHeader = http.Header{"Server": {"isojot"}, "X-Content-Type-Options": {"nosniff"}}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = s.proxies.Resolve(r)
	e, r := s.begin(w, r)
	defer e.end()
	defer s.recover(e, r)
	maps.Copy(w.Header(), fixedHeader)
	if err := e.hold(max(0, headerSize(r)-freeMemory)); err != nil {
		s.writeError(e, err)
		return
	}
	s.route(e, r)
}

// route hands a request to what answers it.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case path == "/v1" || strings.HasPrefix(path, "/v1/"):
		s.serveAPI(w, r)
	case path == oauth2Success || path == oauth2Failure:
		s.serveEndOfFlow(w, r)
	case strings.HasPrefix(path, internalPrefix):
		s.internal.ServeHTTP(w, r)
	case strings.HasPrefix(path, functionsPrefix):
		s.serveFunction(w, r)
	case r.Method == http.MethodOptions:
		s.serveAPI(w, r)
	case path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		s.toPage(w, r)
	default:
		s.assets.ServeHTTP(w, r)
	}
}

// toPage gives browsers the page, and sends others to where Appwrite's console
// is. A browser sent on would leave the prefix of a proxy whose address ended
// without a slash. Browsers must ask again: the next server on this port may be
// another.
func (s *Server) toPage(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Accept")
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.assets.ServeHTTP(w, r)
		return
	}
	s.setCORS(w, r)
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Type", "text/html")
	h.Set("Location", strings.TrimPrefix(pagePath, "/"))
	w.WriteHeader(http.StatusMovedPermanently)
}

// noFile answers a request for a file that is not there.
func (s *Server) noFile(w http.ResponseWriter, r *http.Request) {
	s.setCORS(w, r)
	s.handler(unknownFile).ServeHTTP(w, r)
}

// recover turns a panic of a handler into a logged fault.
func (s *Server) recover(w http.ResponseWriter, r *http.Request) {
	fault := recover()
	if fault == nil {
		return
	}
	if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(fault) // net/http's own way to drop a connection
	}
	s.log.Error("a handler panicked", "method", r.Method, "path", r.URL.Path, "panic", fault, "stack", string(debug.Stack()))
	s.writeError(w, wire.Fail(isojot.ErrUnknown))
}

// version is the module's version, for those who ask about this program and
// not about the Appwrite version it answers like.
const version = isojot.Version
