package mail

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/isojot/isojot/internal/store"
)

// Bounds of what is kept.
const (
	// tidyPeriod is how often what is of no use any more is forgotten.
	tidyPeriod = time.Minute
	// keepFor is how long it is known that a message was sent or given up.
	keepFor = 7 * 24 * time.Hour
	// maxKnown is of how many messages of each it is known at most.
	maxKnown = 10_000
	// MaxKept is how many messages there are to be read that nobody sends.
	MaxKept = 1000
)

// Outbox sees to the messages of the store: it sends them, and forgets them.
type Outbox struct {
	db      *store.DB
	log     *slog.Logger
	senders map[string]*Sender // by channel

	ctx    context.Context
	stop   context.CancelFunc
	tidier sync.WaitGroup

	mu      sync.Mutex
	changed chan struct{} // is closed at the next message
}

// NewOutbox makes an Outbox. The transports are by channel; messages of a
// channel without one are not sent. The owner names this server; keep says that
// messages can be read after they were sent.
func NewOutbox(db *store.DB, log *slog.Logger, owner string, keep bool, transports map[string]Transport) *Outbox {
	o := &Outbox{db: db, log: log, senders: map[string]*Sender{}, changed: make(chan struct{})}
	o.ctx, o.stop = context.WithCancel(context.Background())
	for channel, transport := range transports {
		o.senders[channel] = NewSender(SenderConfig{DB: db, Log: log, Channel: channel, Owner: owner, Keep: keep, Transport: transport})
	}
	return o
}

// Start begins to send, when what servers that have stopped left under way was
// seen to.
func (o *Outbox) Start() {
	o.tidier.Go(o.tidy)
	for _, s := range o.senders {
		s.Start()
	}
}

// Close ends it, giving what is under way some seconds. It may be called again.
func (o *Outbox) Close() {
	o.stop()
	var closing sync.WaitGroup
	for _, s := range o.senders {
		closing.Go(s.Close)
	}
	closing.Wait()
	o.tidier.Wait()
}

// Sends reports whether messages of a channel are sent.
func (o *Outbox) Sends(channel string) bool { return o.senders[channel] != nil }

// Added tells that a message was stored.
func (o *Outbox) Added(channel string) {
	if s := o.senders[channel]; s != nil {
		s.Wake()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.changed)
	o.changed = make(chan struct{})
}

// Changed is closed when the next message is stored by this server.
func (o *Outbox) Changed() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.changed
}

// tidy forgets what is of no use any more, now and then.
func (o *Outbox) tidy() {
	ticker := time.NewTicker(tidyPeriod)
	defer ticker.Stop()
	for {
		select {
		case <-o.ctx.Done():
			return
		case <-ticker.C:
		}
		if err := Tidy(o.ctx, o.db); err != nil && o.ctx.Err() == nil {
			o.log.Error("old messages cannot be forgotten", "error", err)
		}
	}
}

// Tidy forgets what is of no use any more: what messages said that are not sent
// in time, and that there were messages a week ago.
func Tidy(ctx context.Context, db *store.DB) error {
	for {
		more, err := db.TidyMessages(ctx, db.Now().Add(-keepFor), maxKnown)
		if err != nil || !more {
			return err
		}
	}
}
