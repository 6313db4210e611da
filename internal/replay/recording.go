package replay

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// exchange is one recorded exchange.
type exchange struct {
	Scenario string
	Step     int
	Label    string
	Request  struct {
		Method, Path string
		Headers      [][2]string
		Body         *string
	}
	Response struct {
		Status  int
		Headers [][2]string
		Body    string
	}
	At time.Time

	// What else was recorded, beside the exchanges: the mail that came next and
	// the text message that was sent, or null; what was done outside HTTP; and
	// a line of a WebSocket.
	Mail, SMS json.RawMessage
	Action    string
	Socket    json.RawMessage
}

// isHTTP reports whether the line is an exchange.
func (e *exchange) isHTTP() bool {
	return e.Mail == nil && e.SMS == nil && e.Action == "" && e.Socket == nil
}

// maxLine bounds a line of a recording, in bytes.
const maxLine = 16 << 20

// load reads the recordings of a folder, in the order of time. Lines without a
// scenario, which record something else, are left out.
func load(dir string) ([][]exchange, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("replay: no recordings (*.jsonl) in %s", dir)
	}
	var all [][]exchange
	for _, name := range names {
		list, err := loadFile(name)
		if err != nil {
			return nil, fmt.Errorf("replay: %s: %w", filepath.Base(name), err)
		}
		if len(list) > 0 {
			all = append(all, list)
		}
	}
	slices.SortStableFunc(all, func(a, b []exchange) int { return began(a).Compare(began(b)) })
	return all, nil
}

// bodyDate is a date in a body.
var bodyDate = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00`)

// began is when a scenario began. Its lines say the second; where the first
// answer holds the date of something new, that says the millisecond.
func began(list []exchange) time.Time {
	t, err := time.Parse(dateLayout, bodyDate.FindString(list[0].Response.Body))
	if err == nil && near(t.Unix(), list[0].At.Unix()) {
		return t
	}
	return list[0].At
}

// loadFile reads one recording.
func loadFile(name string) (list []exchange, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var e exchange
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(list)+1, err)
		}
		if e.Scenario != "" {
			list = append(list, e)
		}
	}
	return list, lines.Err()
}
