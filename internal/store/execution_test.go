package store

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// waiting is an execution that waits since a moment.
func waiting(id string, at time.Time) NewExecution {
	return NewExecution{Execution: Execution{ID: id, FunctionID: "f", Trigger: "http", Status: StatusWaiting, Method: "POST", Path: "/", CreatedAt: at, UpdatedAt: at},
		Pending: &Pending{Headers: Headers{{"a", "b"}}, Body: []byte{0, 1, 255}, ClientIP: "192.0.2.1"}, Waiter: "guests of 192.0.2.1", Keep: 100}
}

// withProject makes the project of the executions.
func withProject(t *testing.T, db *DB) {
	t.Helper()
	if _, err := db.EnsureProject(t.Context(), "p"); err != nil {
		t.Fatal(err)
	}
}

// What waits is claimed in its order, once, when it is due.
func TestClaim(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		withProject(t, db)
		later := waiting("later", now)
		later.Status, later.ScheduledAt = StatusScheduled, now.Add(time.Hour)
		inTx(t, db, func(tx *Tx) error {
			for _, e := range []NewExecution{later, waiting("first", now.Add(time.Minute)), waiting("second", now)} {
				if err := tx.InsertExecution(t.Context(), "p", e); err != nil {
					return err
				}
			}
			return nil
		})
		if due, err := db.NextDue(t.Context()); err != nil || !due.IsZero() {
			t.Errorf("the next is due at %v, %v", due, err)
		}
		for _, want := range []string{"first", "second"} {
			c, err := db.Claim(t.Context(), "me")
			if err != nil || c.ID != want || c.Waiter.Project != "p" || c.Status != StatusProcessing || c.Pending.ClientIP != "192.0.2.1" ||
				string(c.Pending.Body) != "\x00\x01\xff" || len(c.Pending.Headers) != 1 {
				t.Fatalf("claimed is %+v, %v, want %s", c, err, want)
			}
		}
		db.set(now.Add(59 * time.Minute))
		if _, err := db.Claim(t.Context(), "me"); !errors.Is(err, ErrNotFound) {
			t.Errorf("too early: %v", err)
		}
		if due, err := db.NextDue(t.Context()); err != nil || !due.Equal(now.Add(time.Hour)) {
			t.Errorf("the next is due at %v, %v", due, err)
		}
		db.set(now.Add(time.Hour))
		if c, err := db.Claim(t.Context(), "me"); err != nil || c.ID != "later" || !c.ScheduledAt.Equal(now.Add(time.Hour)) {
			t.Errorf("claimed is %+v, %v", c, err)
		}
		if _, err := db.NextDue(t.Context()); !errors.Is(err, ErrNotFound) {
			t.Errorf("nothing is due: %v", err)
		}
	})
}

// Several claimers never get the same execution.
func TestClaimsDoNotCollide(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		withProject(t, db)
		inTx(t, db, func(tx *Tx) error {
			for i := range 50 {
				if err := tx.InsertExecution(t.Context(), "p", waiting(strconv.Itoa(i), now)); err != nil {
					return err
				}
			}
			return nil
		})
		var mu sync.Mutex
		owners := map[string]string{}
		var claimers sync.WaitGroup
		for _, owner := range []string{"a", "b", "c"} {
			claimers.Go(func() {
				for {
					c, err := db.Claim(t.Context(), owner)
					if errors.Is(err, ErrNotFound) {
						return
					}
					mu.Lock()
					if err != nil || owners[c.ID] != "" {
						t.Errorf("%s claims %s of %q: %v", owner, c.ID, owners[c.ID], err)
					}
					owners[c.ID] = owner
					mu.Unlock()
				}
			})
		}
		claimers.Wait()
		if len(owners) != 50 {
			t.Errorf("%d were claimed", len(owners))
		}
	})
}

// Who runs an execution finishes it; what others have left is failed.
func TestFinishAndOrphans(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		withProject(t, db)
		inTx(t, db, func(tx *Tx) error {
			return errors.Join(tx.InsertExecution(t.Context(), "p", waiting("mine", now)), tx.InsertExecution(t.Context(), "p", waiting("theirs", now)))
		})
		for _, owner := range []string{"me", "them"} {
			if _, err := db.Claim(t.Context(), owner); err != nil {
				t.Fatal(err)
			}
		}
		db.set(now.Add(time.Minute))
		inTx(t, db, func(tx *Tx) error {
			n, err := tx.FailOrphans(t.Context(), "me", "gone")
			if n != 1 {
				t.Errorf("%d were left", n)
			}
			return err
		})
		theirs, err := db.Execution(t.Context(), "p", "f", "theirs")
		if err != nil || theirs.Status != StatusFailed || theirs.Errors != "gone" || theirs.ResponseStatus != 500 || !theirs.UpdatedAt.Equal(now.Add(time.Minute)) {
			t.Errorf("theirs is %+v, %v", theirs, err)
		}
		done := Execution{ID: "mine", Status: StatusCompleted, ResponseStatus: 200, ResponseHeaders: Headers{{"c", "d"}}, Logs: "l", Duration: 1500 * time.Microsecond, UpdatedAt: now.Add(time.Second)}
		for owner, want := range map[string]error{"them": ErrNotFound, "me": nil} {
			err := db.Tx(t.Context(), func(tx *Tx) error { return tx.FinishExecution(t.Context(), "p", owner, done) })
			if !errors.Is(err, want) {
				t.Errorf("%s finishes it: %v, want %v", owner, err, want)
			}
		}
		mine, err := db.Execution(t.Context(), "p", "f", "mine")
		if err != nil || mine.Status != StatusCompleted || mine.Duration != done.Duration || mine.Logs != "l" || mine.ResponseHeaders[0][1] != "d" || mine.Method != "POST" {
			t.Errorf("mine is %+v, %v", mine, err)
		}
		var kept int
		if err := db.read.QueryRow(`SELECT COUNT(*) FROM executions WHERE pending IS NOT NULL OR pending_size > 0 OR owner <> ''`).Scan(&kept); err != nil || kept != 0 {
			t.Errorf("of %d something is kept, %v", kept, err)
		}
	})
}

// Of a project's logs and errors, the newest are kept up to a bound, counted
// when enough has come that it may be passed.
func TestBoundedLogs(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		withProject(t, db)
		const most, size = 8000, 500
		add := func(id, logs, errs string) (cleared int64) {
			t.Helper()
			e := waiting(id, now)
			e.Owner, e.Pending, e.Status = "me", nil, StatusProcessing
			done := Execution{ID: id, Status: StatusFailed, Logs: logs, Errors: errs, UpdatedAt: now}
			inTx(t, db, func(tx *Tx) error {
				return errors.Join(tx.InsertExecution(t.Context(), "p", e), tx.FinishExecution(t.Context(), "p", "me", done))
			})
			cleared, err := db.BoundLogs(t.Context(), "p", int64(len(logs)+len(errs)), most)
			if err != nil {
				t.Fatal(err)
			}
			return cleared
		}
		half, statements := strings.Repeat("ä", size/4), int64(0)
		for i := range 16 {
			if n := add(strconv.Itoa(i), half, half); n != 0 {
				t.Errorf("%d are cleared at the %d-th", n, i)
			}
		}
		add("silent", "", "")
		before := db.Statements()
		add("uncounted", half, "")
		statements = db.Statements() - before
		if n := add("counted", half, half); n != 2 {
			t.Errorf("%d are cleared", n)
		}
		if perExecution := int64(8); statements > perExecution {
			t.Errorf("an execution takes %d statements", statements)
		}
		for id, want := range map[string][2]bool{"0": {true, true}, "1": {true, true}, "2": {}, "15": {}, "silent": {}, "counted": {}} {
			e, err := db.Execution(t.Context(), "p", "f", id)
			if err != nil || strings.HasPrefix(e.Logs, "[removed: ") != want[0] || strings.HasPrefix(e.Errors, "[removed: ") != want[1] {
				t.Errorf("%s has %.20q and %.20q, %v", id, e.Logs, e.Errors, err)
			}
		}
		if brief, err := db.BriefExecution(t.Context(), "p", "f", "15"); err != nil || brief.Logs != "" || brief.Status != StatusFailed {
			t.Errorf("in brief it is %+v, %v", brief, err)
		}
		var rows []int
		list, err := db.Executions(t.Context(), "p", Page{Limit: 100, Room: func(n int) error { rows = append(rows, n); return nil }})
		if err != nil || len(list) != 19 || rows[18] != rowSize+size {
			t.Errorf("of %d rows, %v are asked for: %v", len(list), rows, err)
		}
		full := errors.New("full")
		if _, err := db.Executions(t.Context(), "p", Page{Limit: 100, Room: func(int) error { return full }}); !errors.Is(err, full) {
			t.Errorf("without room: %v", err)
		}
		brief, err := db.Executions(t.Context(), "p", Page{Limit: 100, Brief: true})
		if err != nil || len(brief) != 19 || brief[18].Logs != "" || brief[18].ID != "counted" {
			t.Errorf("in brief: %v", err)
		}
	})
}

func TestDeleteExecution(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		withProject(t, db)
		scheduled := waiting("scheduled", now)
		scheduled.Status = StatusScheduled
		inTx(t, db, func(tx *Tx) error {
			return errors.Join(tx.InsertExecution(t.Context(), "p", waiting("waiting", now)), tx.InsertExecution(t.Context(), "p", scheduled))
		})
		for _, c := range []struct {
			function, id string
			want         error
		}{{"f", "waiting", ErrRunning}, {"g", "scheduled", ErrNotFound}, {"f", "scheduled", nil}, {"f", "scheduled", ErrNotFound}} {
			err := db.Tx(t.Context(), func(tx *Tx) error { return tx.DeleteExecution(t.Context(), "p", c.function, c.id) })
			if !errors.Is(err, c.want) {
				t.Errorf("%s %s: %v, want %v", c.function, c.id, err, c.want)
			}
		}
		dup := db.Tx(t.Context(), func(tx *Tx) error { return tx.InsertExecution(t.Context(), "p", waiting("waiting", now)) })
		if !errors.Is(dup, ErrDuplicate) {
			t.Errorf("twice: %v", dup)
		}
	})
}

// Of a function, as many executions as wanted are kept, and those that have not
// ended besides.
func TestKeptExecutions(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		withProject(t, db)
		add := func(id, function, status string) {
			t.Helper()
			e := waiting(id, now)
			e.FunctionID, e.Status, e.Keep = function, status, 3
			inTx(t, db, func(tx *Tx) error { return tx.InsertExecution(t.Context(), "p", e) })
		}
		add("other", "g", StatusCompleted)
		add("waits", "f", StatusWaiting)
		for i := range 6 {
			add(strconv.Itoa(i), "f", StatusCompleted)
		}
		list, err := db.Executions(t.Context(), "p", Page{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		ids := ""
		for _, e := range list {
			ids += e.ID + " "
		}
		if ids != "other waits 3 4 5 " {
			t.Errorf("kept are %s", ids)
		}
		if n, err := db.CountExecutions(t.Context(), "p", ExecutionsOf("f", ""), 2); err != nil || n != 2 {
			t.Errorf("counted are %d, %v", n, err)
		}
		inTx(t, db, func(tx *Tx) error {
			n, bytes, err := tx.Waiting(t.Context(), "p", "guests of 192.0.2.1")
			all, allBytes, allErr := tx.GuestsWaiting(t.Context(), "p")
			none, _, noneErr := tx.Waiting(t.Context(), "p", "guests of 192.0.2.2")
			if n != 1 || bytes < 10 || all != 1 || allBytes != bytes || none != 0 {
				t.Errorf("%d of %d bytes wait, of all guests %d of %d, of another %d", n, bytes, all, allBytes, none)
			}
			return errors.Join(err, allErr, noneErr)
		})
	})
}
