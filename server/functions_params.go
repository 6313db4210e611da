package server

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/isojot/isojot"
	ops "github.com/isojot/isojot/internal/operations"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/wire"
)

// Bounds of an execution's parameters (contract section 11).
const (
	maxFunctionBody    = 10485760             // characters; of the URL route: bytes
	maxExecutionBody   = ops.MaxExecutionBody // bytes of the whole request
	maxPath            = 2048                 // characters
	maxHeaders         = 100
	maxHeadersSize     = 16384 // bytes of names and values
	maxHeadersText     = 65535 // bytes of the JSON
	minScheduleAdvance = time.Minute
	maxScheduleAdvance = 30 * 24 * time.Hour // ours: what waits is on the disk
)

// executionMethods are the methods of an execution.
var executionMethods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"}

// headerName is what a caller may call a header.
var headerName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$`)

// What the validators say, word by word.
const (
	describeFunctionBody  = "Value must be a valid string and no longer than 10485760 chars"
	describePath          = "Value must be a valid string and at least 1 chars and no longer than 2048 chars"
	describeURLPath       = "Value must be a path without empty or dot segments, semicolons, backslashes, encoded slashes and encoded percent signs, since the function is at a URL"
	describeMethod        = "Value must be one of (GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD)"
	describeHeadersObject = "Value must be a valid JSON object no longer than 65535 characters when encoded"
	describeHeaders       = `Alphanumeric characters or hyphens only, cannot start with "x-appwrite", maximum 100 keys, and total size 16384.`
	describeSchedule      = "Execution schedule must be a valid date, and at least 1 minute from now"
	describeFarSchedule   = "Execution schedule must be at most 30 days from now"
	describeSyncSchedule  = "Scheduled executions must run asynchronously. Set scheduledAt to a future date, or set async to true."
)

// formatBody is the version since which an execution's body is called so; it
// was data before.
var formatBody = wire.Version{1, 4, 0}

// asked is what a caller asks a function.
type asked struct {
	async        bool
	method, path string
	header       http.Header
	body         []byte
	scheduledAt  time.Time // zero: at once
}

// executionParams validates the parameters of an execution, in Appwrite's
// order.
func (c *call) executionParams(p wire.Params) (a asked, err error) {
	body := "body"
	if wire.ParseFormat(c.r.Header.Get("X-Appwrite-Response-Format")).Before(formatBody) {
		body = "data"
	}
	if a.body, err = p.LongText(body, describeFunctionBody, maxFunctionBody); err != nil {
		return a, err
	}
	if a.async, err = p.StrictTruth("async"); err != nil {
		return a, err
	}
	if a.path, err = p.TextOr("path", "/", describePath, validPath); err != nil {
		return a, err
	}
	if a.method, err = p.TextOr("method", http.MethodPost, describeMethod, func(s string) bool { return slices.Contains(executionMethods, s) }); err != nil {
		return a, err
	}
	if a.header, err = passedOn(p, "headers"); err != nil {
		return a, err
	}
	a.scheduledAt, err = scheduleOf(p, "scheduledAt", a.async, c.s.now())
	return a, err
}

// validPath reports whether a path is one. Unlike Appwrite's it has no control
// characters, which no request has.
func validPath(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 1 && n <= maxPath && !strings.ContainsFunc(s, isControl)
}

// passedOn are the headers that a caller gives a function; none when absent.
func passedOn(p wire.Params, name string) (http.Header, error) {
	h := http.Header{}
	v, given := p.Optional(name)
	if !given {
		return h, nil
	}
	members, ok := headerMembers(v)
	if !ok {
		return nil, wire.Invalid(name, describeHeadersObject)
	}
	size := 0
	for key, v := range members {
		value, ok := headerValue(v)
		size += len(key) + len(value)
		if !ok || !headerName.MatchString(key) || strings.HasPrefix(strings.ToLower(key), "x-appwrite") {
			return nil, wire.Invalid(name, describeHeaders)
		}
		h.Set(key, value)
	}
	if len(members) > maxHeaders || size >= maxHeadersSize {
		return nil, wire.Invalid(name, describeHeaders)
	}
	h.Del("Host") // which is that of another request
	return withoutClaims(executions.WithoutHopByHop(h)), nil
}

// headerMembers are the members of an object, of JSON or of a form.
func headerMembers(v any) (map[string]any, bool) {
	switch v := v.(type) {
	case map[string]any:
		return v, true
	case []any:
		return nil, len(v) == 0
	case wire.Object:
		if len(v) > maxHeadersText {
			return nil, false
		}
		dec := json.NewDecoder(strings.NewReader(string(v)))
		dec.UseNumber()
		var members map[string]any
		return members, dec.Decode(&members) == nil
	}
	return nil, false
}

// headerValue is a header's value: a text in one line, or a number.
func headerValue(v any) (string, bool) {
	switch v := v.(type) {
	case json.Number:
		return v.String(), true
	case string:
		return v, !strings.ContainsFunc(v, func(r rune) bool { return isControl(r) && r != '\t' })
	}
	return "", false
}

// scheduleOf is when an execution is to run, in whole minutes; zero for at once.
func scheduleOf(p wire.Params, name string, async bool, now time.Time) (time.Time, error) {
	v, given := p.Optional(name)
	switch {
	case !given:
		return time.Time{}, nil
	case !async:
		return time.Time{}, wire.Failf(isojot.ErrBadRequest, describeSyncSchedule)
	}
	text, _ := v.(string)
	at, ok := wire.ParseDate(text)
	if !ok || at.Before(now.Add(minScheduleAdvance)) || !at.Equal(at.Truncate(time.Minute)) || at.UTC().Year() > maxYear {
		return time.Time{}, wire.Failf(isojot.ErrBadRequest, describeSchedule)
	}
	if at.After(now.Add(maxScheduleAdvance)) {
		return time.Time{}, wire.Failf(isojot.ErrBadRequest, describeFarSchedule)
	}
	return at.UTC(), nil
}

// maxYear is the last year that dates in the API's form have.
const maxYear = 9999
