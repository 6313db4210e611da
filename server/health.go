package server

import (
	"net/http"
	"time"
)

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

// getHealth answers that the server answers: GET /health.
func (c *call) getHealth() error {
	c.answer(http.StatusOK, healthJSON{Name: "http", Status: passes})
	return nil
}

// getHealthDB asks the database something: GET /health/db. A database that
// does not answer is a fault.
func (c *call) getHealthDB() error {
	began := time.Now()
	if err := c.s.db.Ping(c.r.Context()); err != nil {
		return err
	}
	state := healthJSON{Name: "db", Ping: time.Since(began).Milliseconds(), Status: passes}
	c.answer(http.StatusOK, healthListJSON{Total: 1, Statuses: []healthJSON{state}})
	return nil
}

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
	}{appwriteVersion})
	return nil
}

// ping answers that the project can be reached: GET /ping.
func (c *call) ping() error {
	c.w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	c.s.write(c.w, http.StatusOK, []byte("Pong!"))
	return nil
}
