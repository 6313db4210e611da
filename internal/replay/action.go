package replay

import (
	"fmt"
	"strings"
	"time"
)

// act does what was done to the recorded server's database (the recordings'
// README): the statement for each of the two kinds of expiry. The step's label
// says which.
func (w *world) act(label string) error {
	statements := actions[label]
	if statements == nil {
		return fmt.Errorf("no action is known as %q: add it to actions", label)
	}
	now := w.clock.Now().UnixMilli()
	for _, s := range statements {
		if !w.has(s.table, s.column) {
			continue // what is not there yet, no request has made either
		}
		at := now + s.after.Milliseconds()
		if _, err := w.db.ExecContext(w.ctx, "UPDATE "+s.table+" SET "+s.column+" = $1 WHERE "+s.column+" IS NOT NULL", at); err != nil {
			return err
		}
	}
	return nil
}

// statement moves a date of all rows of a table, which is in milliseconds, to a
// time after now.
type statement struct {
	table, column string
	after         time.Duration
}

// actions are the changes by label.
var actions = map[string][]statement{
	"expire tokens":            {{"tokens", "expires_at", -time.Second}},
	"expire challenges":        {{"challenges", "expires_at", -time.Second}},
	"mfaUpdatedAt a month ago": {{"sessions", "mfa_at", -30 * 24 * time.Hour}},
}

// redirected reports whether an action is the last redirect of a flow, which
// the exchange before answered.
func redirected(action string) bool { return strings.Contains(action, "://") }
