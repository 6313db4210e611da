package executions

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/isojot/isojot/internal/fair"
	"github.com/isojot/isojot/internal/mask"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/projects"
)

// Config is what an Engine needs.
type Config struct {
	DB       *store.DB
	Now      func() time.Time
	Log      *slog.Logger
	Projects *projects.Cache
	// Functions are those of a project; nil where it has none.
	Functions func(project string) *Set
	// Endpoint is the URL of the API, as functions are told it.
	Endpoint string
	// Version is the version of Appwrite that the API is of, as they are told.
	Version string
	// Slots is how many executions run at once, Queue how many callers may wait
	// for one of them.
	Slots, Queue int
	// Lease is how long a server that shares its database may be silent until
	// the others report what it ran as failed.
	Lease time.Duration
}

// Engine runs executions: those that somebody waits for, and those that run
// later. It is safe for concurrent use.
type Engine struct {
	db        *store.DB
	now       func() time.Time
	log       *slog.Logger
	projects  *projects.Cache
	functions func(project string) *Set
	endpoint  string
	version   string
	lease     time.Duration

	slots      *fair.Queue   // of executions that run
	asyncSlots chan struct{} // has one for each of those that nobody waits for
	passedOver atomic.Bool   // somebody's executions wait until some of theirs end
	wake       chan struct{} // tells the dispatcher that something waits
	life       *life
	owner      string              // this process, in the executions that it runs
	secret     mask.Hidden[[]byte] // signs the API keys of functions

	running  sync.Map   // the store.ExecutionKeys of what runs here, and is not stored yet
	claiming sync.Mutex // held until what was claimed is in running

	watch   *watch        // of the other servers of a shared database
	beats   int64         // of this one
	sharing chan struct{} // closed when it does not beat any more; nil without others
}

// New makes an Engine, which runs what waits from its Start on.
func New(c Config) *Engine {
	return &Engine{
		db: c.DB, now: c.Now, log: c.Log, projects: c.Projects, functions: c.Functions, endpoint: c.Endpoint, version: c.Version, lease: c.Lease,
		slots: fair.New(c.Slots, c.Queue, maySlot), asyncSlots: make(chan struct{}, AsyncSlots(c.Slots)), wake: make(chan struct{}, 1),
		life: newLife(), owner: ids.NewSecret(), secret: mask.Hide(ids.Random(ephemeralBytes)),
	}
}

// ephemeralBytes is the length of the key that signs functions' API keys: that
// of the hash of HS256 (RFC 7518 section 3.2).
const ephemeralBytes = 32

// AsyncSlots is how many of n slots executions may take that nobody waits for,
// so that those somebody waits for find one.
func AsyncSlots(n int) int { return max(1, n*3/4) }

// Close ends what runs, giving it ten seconds, and begins nothing any more. It
// may be called again.
func (s *Engine) Close() {
	s.life.close(closeGrace)
	s.stopSharing()
}

// Context ends when what runs is cut off.
func (s *Engine) Context() context.Context { return s.life.context }

// Owner names this process in the executions that it runs.
func (s *Engine) Owner() string { return s.owner }

// Begin says that something begins to run, unless it is too late for that. It
// needs an End.
func (s *Engine) Begin() bool { return s.life.begin() }

// End says that it has ended.
func (s *Engine) End() { s.life.end() }

// Take waits for a slot of a key's, which Give gives back. The error is
// fair.ErrBusy or the context's.
func (s *Engine) Take(ctx context.Context, key string) error { return s.slots.Take(ctx, key) }

// Began says that an execution runs here, before it is stored.
func (s *Engine) Began(key store.ExecutionKey) { s.running.Store(key, true) }

// Dropped takes that back, for one that was not stored.
func (s *Engine) Dropped(key store.ExecutionKey) { s.running.Delete(key) }

// Running are the executions that run here, and are not stored yet.
func (s *Engine) Running() (keys []store.ExecutionKey) {
	s.running.Range(func(key, _ any) bool {
		keys = append(keys, key.(store.ExecutionKey))
		return true
	})
	return keys
}

// Pause keeps what waits from being taken here, until resume is called.
func (s *Engine) Pause() (resume func()) {
	s.claiming.Lock()
	return s.claiming.Unlock
}
