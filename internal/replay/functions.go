package replay

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/isojot/isojot/server"
)

// recordedFunctions are the functions of the recorded server, each with the
// deployment that it had. The recorder's executor was a fake (the recordings'
// README), as recordedFunction is.
func recordedFunctions() []server.Function {
	var list []server.Function
	for id, execute := range map[string][]string{"fnany": {"any"}, "fnusers": {"users"}, "fnguests": {"guests"}, "fnnone": nil} {
		list = append(list, server.Function{
			ID: id, Handler: http.HandlerFunc(recordedFunction), Deployment: "dep" + id, Execute: execute, Timeout: 900 * time.Second,
		})
	}
	return list
}

// recordedFunction answers as the recorder's executor did.
func recordedFunction(w http.ResponseWriter, r *http.Request) {
	status, body := http.StatusOK, fmt.Sprintf(`{"echo": true, "method": %q, "path": %q}`, r.Method, r.URL.RequestURI())
	switch r.URL.Path {
	case "/fail":
		status, body = http.StatusInternalServerError, "boom"
	case "/teapot":
		status, body = http.StatusTeapot, "teapot"
	case "/exerr":
		status = 600 // which is none: the execution fails
	case "/slow":
		<-r.Context().Done()
	}
	fmt.Fprint(server.FunctionLog(r.Context()), "log line")
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Custom", "1")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // the runner keeps it
}

// functionsPath is where functions are made.
const functionsPath = "/v1/functions"

// makeFunction does what the call that makes a function did: it is not
// deployed.
func (w *world) makeFunction(q request) error {
	var f struct {
		FunctionID, Name string
		Execute          []string
		Enabled          *bool
	}
	if err := json.Unmarshal([]byte(q.Body), &f); err != nil {
		return fmt.Errorf("the new function: %w", err)
	}
	p := w.projects[w.of.projects[0]]
	p.Functions = append(p.Functions, server.Function{
		ID: f.FunctionID, Name: f.Name, Execute: f.Execute, Disabled: f.Enabled != nil && !*f.Enabled,
	})
	return w.server.SetProject(w.ctx, *p)
}
