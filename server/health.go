package server

import "net/http"

// getVersion answers with the version of Appwrite that the API follows: SDKs
// and tools compare it with their own. GET /health/version.
func (c *call) getVersion() error {
	c.s.writeJSON(c.w, http.StatusOK, struct {
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
