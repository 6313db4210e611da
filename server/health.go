package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/wire"
)

// healthHandlers answer the operations of the health service (contract section
// 11), and ping.
var healthHandlers = handlers{
	"ping":                   (*call).ping,
	"health.get":             (*call).getHealth,
	"health.getDB":           (*call).getHealthDB,
	"health.getAntivirus":    (*call).getHealthAntivirus,
	"health.getCache":        (*call).getHealthCache,
	"health.getPubSub":       (*call).getHealthPubSub,
	"health.getStorage":      (*call).getHealthStorage,
	"health.getStorageLocal": (*call).getHealthStorage,
	"health.getTime":         (*call).getHealthTime,
	"health.getVersion":      (*call).getVersion,
}

// healthJSON is the state of one part of the server; Ping is in milliseconds.
type healthJSON struct {
	Name   string `json:"name"`
	Ping   int64  `json:"ping"`
	Status string `json:"status"`
}

// healthListJSON is the state of several.
type healthListJSON struct {
	Total    int          `json:"total"`
	Statuses []healthJSON `json:"statuses"`
}

// antivirusJSON is the state of the virus scanner.
type antivirusJSON struct {
	Version string `json:"version"`
	Status  string `json:"status"`
}

// passes is the state of what works.
const passes = "pass"

// healthWait is how long the database may take to answer those who ask whether
// it does.
const healthWait = 3 * time.Second

// getHealthAll answers that the server and its database answer, to everybody,
// such as a load balancer: GET /_isojot/health. Those who ask at once share one
// question.
func (s *Server) getHealthAll(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	asked := s.pings.DoChan("", func() (any, error) { return nil, s.db.Ping(context.WithoutCancel(r.Context())) })
	timer := time.NewTimer(healthWait)
	defer timer.Stop()
	select {
	case answer := <-asked:
		if answer.Err != nil {
			s.logFault(answer.Err)
			s.writeError(w, wire.Fail(isojot.ErrDatabaseUnavailable))
			return
		}
		s.writeJSON(w, http.StatusOK, healthJSON{Name: "database", Ping: time.Since(began).Milliseconds(), Status: passes})
	case <-timer.C:
		s.log.Error("the database does not answer", "after", healthWait)
		s.writeError(w, wire.Fail(isojot.ErrDatabaseUnavailable))
	}
}

// getHealth answers that the server answers: GET /health.
func (c *call) getHealth() error {
	c.answer(http.StatusOK, healthJSON{Name: "http", Status: passes})
	return nil
}

// The names that Appwrite's default installation has for its databases, cache
// and message bus.
var (
	databaseNames = []string{"Console.DB (console)", "Projects.DB (database_db_main)"}
	cacheNames    = []string{"Cache"}
	pubsubNames   = []string{"PubSub (pubsub)"}
)

// getHealthDB asks the database something: GET /health/db. It is the database
// of the projects and of what manages them, so that its state is that of both.
// A database that does not answer is a fault.
func (c *call) getHealthDB() error {
	began := time.Now()
	if err := c.s.db.Ping(c.r.Context()); err != nil {
		return err
	}
	c.answerHealth(databaseNames, time.Since(began))
	return nil
}

// getHealthCache answers that what is cached can be had: GET /health/cache.
// That is in the memory of this process, which answers.
func (c *call) getHealthCache() error {
	c.answerHealth(cacheNames, 0)
	return nil
}

// getHealthPubSub answers that one request can tell another something:
// GET /health/pubsub. All are served by this process, which answers.
func (c *call) getHealthPubSub() error {
	c.answerHealth(pubsubNames, 0)
	return nil
}

// answerHealth answers that all of these work, which took so long to find out.
func (c *call) answerHealth(names []string, took time.Duration) {
	list := healthListJSON{Total: len(names)}
	for _, name := range names {
		list.Statuses = append(list.Statuses, healthJSON{Name: name, Ping: took.Milliseconds(), Status: passes})
	}
	c.answer(http.StatusOK, list)
}

// getHealthStorage writes a file to the data directory and deletes it:
// GET /health/storage and /health/storage/local. Data in memory or in another
// program's database is not stored here. A directory that takes no file is a fault.
func (c *call) getHealthStorage() error {
	began := time.Now()
	if c.s.options.DataDir != "" && !c.s.options.Memory {
		if err := tryStorage(c.s.options.DataDir); err != nil {
			return err
		}
	}
	c.answer(http.StatusOK, healthJSON{Ping: time.Since(began).Milliseconds(), Status: passes})
	return nil
}

// tryStorage writes a file to a directory and deletes it.
func tryStorage(dir string) error {
	f, err := os.CreateTemp(dir, "health-*.tmp")
	if err != nil {
		return fmt.Errorf("the data directory takes no file: %w", err)
	}
	_, err = f.WriteString("health")
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// getHealthTime refuses to say how right the clock is: GET /health/time. It
// takes a time server to know, and this server asks none, nor makes up an
// answer; an Appwrite that reaches no time server says the same.
func (c *call) getHealthTime() error { return wire.Fail(isojot.ErrServer) }

// getHealthAntivirus answers that there is no virus scanner:
// GET /health/anti-virus.
func (c *call) getHealthAntivirus() error {
	c.answer(http.StatusOK, antivirusJSON{Status: "disabled"})
	return nil
}

// getVersion answers with the version of Appwrite that the API follows: SDKs
// and tools compare it with their own. GET /health/version.
func (c *call) getVersion() error {
	c.answer(http.StatusOK, struct {
		Version string `json:"version"`
	}{wire.AppwriteVersion})
	return nil
}

// ping answers that the project can be reached: GET /ping.
func (c *call) ping() error {
	c.w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	c.s.write(c.w, http.StatusOK, []byte("Pong!"))
	return nil
}
