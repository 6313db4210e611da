package server

import (
	"strconv"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// executionJSON is an execution, its members in the order of contract section
// 11; those of older and newer clients are both there (section 12.7).
type executionJSON struct {
	ID                 string       `json:"$id"`
	CreatedAt          string       `json:"$createdAt"`
	UpdatedAt          string       `json:"$updatedAt"`
	Permissions        []string     `json:"$permissions"`
	ResourceID         string       `json:"resourceId"`
	ResourceType       string       `json:"resourceType"`
	DeploymentID       string       `json:"deploymentId"`
	Trigger            string       `json:"trigger"`
	Status             string       `json:"status"`
	RequestMethod      string       `json:"requestMethod"`
	RequestPath        string       `json:"requestPath"`
	RequestHeaders     []headerJSON `json:"requestHeaders"`
	ResponseStatusCode int          `json:"responseStatusCode"`
	ResponseBody       string       `json:"responseBody"`
	ResponseHeaders    []headerJSON `json:"responseHeaders"`
	// Logs and Errors are empty unless the request carries an API key.
	Logs   string `json:"logs"`
	Errors string `json:"errors"`
	// Duration is in seconds.
	Duration    float64 `json:"duration"`
	ScheduledAt *string `json:"scheduledAt"`
	FunctionID  string  `json:"functionId"`
}

// headerJSON is a header.
type headerJSON struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// headersJSON are headers as they are answered.
func headersJSON(list store.Headers) []headerJSON {
	all := []headerJSON{}
	for _, h := range list {
		all = append(all, headerJSON{h[0], h[1]})
	}
	return all
}

// executionView is an execution as the caller sees it.
func (c *call) executionView(e *store.Execution) executionJSON {
	view := executionJSON{
		ID: e.ID, CreatedAt: wire.Date(e.CreatedAt), UpdatedAt: wire.Date(e.UpdatedAt), Permissions: []string{},
		ResourceID: e.FunctionID, ResourceType: "functions", FunctionID: e.FunctionID, DeploymentID: e.Deployment,
		Trigger: e.Trigger, Status: e.Status, RequestMethod: e.Method, RequestPath: e.Path, RequestHeaders: headersJSON(e.RequestHeaders),
		ResponseStatusCode: e.ResponseStatus, ResponseHeaders: headersJSON(e.ResponseHeaders), Duration: e.Duration.Seconds(),
	}
	if e.UserID != "" {
		view.Permissions = append(view.Permissions, "read("+strconv.Quote("user:"+e.UserID)+")")
	}
	if !e.ScheduledAt.IsZero() {
		at := wire.Date(e.ScheduledAt)
		view.ScheduledAt = &at
	}
	if c.byKey() {
		view.Logs, view.Errors = e.Logs, e.Errors
	}
	return view
}

// formatSchedule is the version since which executions have a schedule.
var formatSchedule = wire.Version{1, 5, 0}

// executionSince are the members of an execution by the version they came with.
var executionSince = map[wire.Version][]string{formatSchedule: {"scheduledAt"}}

// oldExecutionJSON is an execution as clients before 1.4.0 read it.
type oldExecutionJSON struct {
	executionJSON
	StatusCode int    `json:"statusCode"`
	Response   string `json:"response"`
	Stdout     string `json:"stdout"`
	Stderr     string `json:"stderr"`
}

// oldExecutionGone are the members that those do not have.
var oldExecutionGone = []string{"responseStatusCode", "responseBody", "logs", "errors", "scheduledAt"}

func (e executionJSON) Format(v wire.Version) any {
	if v.Before(formatBody) {
		return wire.Without(oldExecutionJSON{e, e.ResponseStatusCode, e.ResponseBody, e.Logs, e.Errors}, oldExecutionGone...)
	}
	return wire.Less(e, v, executionSince)
}
