package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"

	"github.com/isojot/isojot/server"
)

// listsArg makes this program measure lists of users.
const listsArg = "lists"

// listsKey is the API key of the server that is measured.
const listsKey = "a key of the benchmark of lists"

// lists is the measurement of GET /users with many users.
type lists struct {
	server *server.Server
	rows   int
	times  int
}

// runLists makes the users, and prints what pages of them take:
//
//	go run -C internal/bench . lists [-rows 100000] [-times 9] [-data DIR] [-database-url postgres://...]
func runLists(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench lists", flag.ContinueOnError)
	rows := flags.Int("rows", 100_000, "how many users to make, 1000 to 1000000, in thousands")
	times := flags.Int("times", 9, "how often each page is asked for, 1 to 100; the median counts")
	data := flags.String("data", "", "a folder to keep the users in for the next time; else one that is deleted")
	database := flags.String("database-url", "", "an empty database of PostgreSQL to use; else a file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *rows < 1000 || *rows > 1_000_000 || *rows%1000 > 0 || *times < 1 || *times > 100 {
		return fmt.Errorf("-rows %d -times %d: they must be between 1000 and 1000000 in thousands, and between 1 and 100", *rows, *times)
	}
	dir := *data
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "isojot-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	options := server.Options{DataDir: dir, Limits: server.LimitsOff, APIKey: listsKey}
	if *database != "" {
		options.DataDir, options.DatabaseURL = "", *database
	}
	l := lists{rows: *rows, times: *times}
	_, err := os.Stat(filepath.Join(dir, "isojot.db"))
	if err != nil { // nobody has made them
		err = l.makeUsers(ctx, options)
	}
	if err != nil {
		return err
	}
	if l.server, err = server.New(ctx, options); err != nil {
		return err
	}
	return errors.Join(l.measure(), l.server.Close())
}

// makeUsers makes the schema and the users.
func (l lists) makeUsers(ctx context.Context, options server.Options) error {
	srv, err := server.New(ctx, options)
	if err != nil {
		return err
	}
	if err := srv.Close(); err != nil {
		return err
	}
	db, err := openRows(options)
	if err != nil {
		return err
	}
	start := time.Now()
	indexes, err := dropIndexes(ctx, db, options)
	for from := 1; from <= l.rows && err == nil; from += perTransaction {
		err = insertAll(ctx, db, from, min(from+perTransaction, l.rows+1))
	}
	for _, index := range indexes {
		if err == nil {
			_, err = db.ExecContext(ctx, index)
		}
	}
	if err == nil && options.DatabaseURL != "" { // which it does by itself, in time
		_, err = db.ExecContext(ctx, `VACUUM ANALYZE`)
	}
	fmt.Printf("%d users made in %.1f s\n", l.rows, time.Since(start).Seconds())
	return errors.Join(err, db.Close())
}

// openRows opens the database beside the server.
func openRows(options server.Options) (*sql.DB, error) {
	if options.DatabaseURL != "" {
		return sql.Open("pgx", options.DatabaseURL)
	}
	db, err := driver.Open("file:"+filepath.Join(options.DataDir, "isojot.db")+"?_pragma=synchronous(off)&_pragma=cache_size(-64000)", fts5.Register)
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// dropIndexes drops the indexes of SQLite that can be made again, and returns how:
// to make them from a million users takes far less than to keep them meanwhile.
func dropIndexes(ctx context.Context, db *sql.DB, options server.Options) ([]string, error) {
	if options.DatabaseURL != "" {
		return nil, nil
	}
	rows, err := db.QueryContext(ctx, `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'users' AND sql IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	var drops, makes []string
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		drops, makes = append(drops, `DROP INDEX `+name), append(makes, text)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	_, err = db.ExecContext(ctx, strings.Join(drops, "; "))
	return makes, err
}

// How many users are made at once.
const (
	perTransaction = 100_000
	perStatement   = 20
)

// userFields are the columns of a user that is made.
const userFields = "project_id, id, email, phone, name, password, password_at, accessed_at, registered_at, created_at, updated_at, blocked, email_verified, seq"

// insertAll makes the users of some numbers in one transaction.
func insertAll(ctx context.Context, db *sql.DB, from, to int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	stmt, err := tx.PrepareContext(ctx, `INSERT INTO users (`+userFields+`) VALUES `+places())
	for ; from < to && err == nil; from += perStatement {
		var args []any
		for i := from; i < from+perStatement; i++ {
			args = append(args, userOf(i)...)
		}
		_, err = stmt.ExecContext(ctx, args...)
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// places are the places of the fields of the users of one statement.
func places() string {
	n, fields := 0, strings.Count(userFields, ",")+1
	var users []string
	for range perStatement {
		var all []string
		for range fields {
			n++
			all = append(all, fmt.Sprintf("$%d", n))
		}
		users = append(users, "("+strings.Join(all, ", ")+")")
	}
	return strings.Join(users, ", ")
}

// hash is that of no password, of the usual length.
var hash = "$argon2id$v=19$m=7168,t=5,p=1$" + strings.Repeat("A", 22) + "$" + strings.Repeat("A", 43)

// userOf are the fields of a user: of twenty one has no e-mail address and no
// password, of ten one a phone, of fifty one is blocked.
func userOf(i int) []any {
	at := 1_700_000_000_000 + int64(i)*1000
	user := []any{server.DefaultProject, idOf(i), mailOf(i), phoneOf(i), nameOf(i), hash, at,
		at + int64(i*7919%86_400_000), at, at, at, bit(i%50 == 0), bit(i%3 == 0), i}
	if i%20 == 0 {
		user[2], user[5], user[6] = nil, nil, nil
	}
	return user
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// idOf is the id of a user, in another order than they are made.
func idOf(i int) string { return fmt.Sprintf("%06x%06d", i*7919%0xffffff, i) }

func mailOf(i int) any {
	return fmt.Sprintf("%06d.%s@example.com", i, strings.ToLower(firstNames[i%len(firstNames)]))
}

func phoneOf(i int) any {
	if i%10 != 0 {
		return nil
	}
	return fmt.Sprintf("+1415%07d", i)
}

func nameOf(i int) string {
	return firstNames[i%len(firstNames)] + " " + lastNames[i/7%len(lastNames)] + " " + fmt.Sprint(i)
}

var (
	firstNames = strings.Fields("Ada Bob Cem Dora Eve Finn Gül Hana Ivo Jane Kai Lea Max Nora Otto Pia Quinn Rosa Sam Tess Uma Vera Will Xenia Yara Zoe")
	lastNames  = strings.Fields("Adler Baker Cole Diaz Evans Fox Gray Hughes Ito Jones Kim Lopez Meyer Nash Owens Park Reed Silva Tran Weber Young")
)

// measure prints a line for each kind of list.
func (l lists) measure() error {
	fmt.Printf("%-52s %9s %9s\n", "GET /users", "p50 ms", "worst ms")
	deep := q("cursorAfter", "", idOf(l.rows*9/10))
	for _, method := range []string{"orderAsc", "orderDesc"} {
		for _, name := range append([]string{""}, columns...) {
			order := q(method, name)
			if err := l.line(method+" "+name, page(order), page(order, deep), page(order, q("cursorBefore", "", idOf(l.rows*9/10)))); err != nil {
				return err
			}
		}
	}
	some := l.rows / 2
	for _, kind := range []struct {
		name  string
		pages []string
	}{
		{"equal, of one", []string{page(q("equal", "email", mailOf(some+1))), page(q("equal", "name", nameOf(some))), page(q("equal", "$id", idOf(some)))}},
		{"equal, of many", []string{page(q("equal", "status", true)), page(q("equal", "status", false)), page(q("equal", "emailVerification", true), deep)}},
		{"equal, of many, in other orders", []string{page(q("equal", "status", true), q("orderAsc", "name")), page(q("equal", "status", false), q("orderDesc", "$createdAt"), deep)}},
		{"prefix of few", []string{page(q("startsWith", "name", nameOf(some))), page(q("startsWith", "email", "00010")), page(q("startsWith", "$id", idOf(some)[:6]))}},
		{"prefix of many", []string{page(q("startsWith", "name", "z")), page(q("startsWith", "email", "0"), deep), page(q("startsWith", "email", "09")), page(q("startsWith", "name", "Zoe W"))}},
		{"prefix of many, sorted by it", []string{page(q("startsWith", "email", "0"), q("orderDesc", "email")), page(q("startsWith", "name", "Zoe"), q("orderDesc", "name"))}},
		{"search, of few", []string{search(nameOf(some)), search(mailOf(some + 1).(string)), search("nobody")}},
		{"search, of many", []string{search("example.com"), search("zoe"), search("zoe weber"), search("zoe", deep), search("zoe", q("orderDesc", ""))}},
		{"search, of many, in other orders", []string{search("weber", q("orderDesc", "$createdAt")), search("weber", q("orderAsc", "name"), deep)}},
		{"search, of two characters", []string{search("zo"), search("zo we")}},
	} {
		if err := l.line(kind.name, kind.pages...); err != nil {
			return err
		}
	}
	return l.measureSignUps()
}

// columns are what can be sorted by.
var columns = strings.Fields("$id $createdAt $updatedAt name email phone status passwordUpdate registration accessedAt emailVerification phoneVerification labels impersonator")

// q writes a query.
func q(method, attribute string, values ...any) string {
	text, err := json.Marshal(map[string]any{"method": method, "attribute": attribute, "values": values})
	if err != nil { // strings, numbers and truths always encode
		panic(err)
	}
	return string(text)
}

// page is the path of a list with queries.
func page(queries ...string) string { return search("", queries...) }

// search is the path of a list with a search and queries.
func search(text string, queries ...string) string {
	values := url.Values{"search": {text}, "queries[]": queries}
	return "/v1/users?" + values.Encode()
}

// line measures the pages of one kind and prints the slowest's median, and the
// slowest answer.
func (l lists) line(name string, paths ...string) error {
	var median, worst time.Duration
	for _, path := range paths {
		var took []time.Duration
		for range l.times {
			d, err := l.ask(http.MethodGet, path, "", http.StatusOK)
			if err != nil {
				return err
			}
			took = append(took, d)
		}
		slices.Sort(took)
		median, worst = max(median, took[len(took)/2]), max(worst, took[len(took)-1])
	}
	fmt.Printf("%-52s %9.1f %9.1f\n", name, median.Seconds()*1e3, worst.Seconds()*1e3)
	return nil
}

// ask asks the server, and returns how long the answer took.
func (l lists) ask(method, path, body string, status int) (time.Duration, error) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Appwrite-Project", server.DefaultProject)
	r.Header.Set("X-Appwrite-Key", listsKey)
	w := httptest.NewRecorder()
	start := time.Now()
	l.server.ServeHTTP(w, r)
	took := time.Since(start)
	if w.Code != status {
		return took, fmt.Errorf("%s %s: %d: %s", method, path, w.Code, w.Body)
	}
	return took, nil
}

// measureSignUps prints what it takes to make one more user, without a password,
// whose hash would take longer than all else.
func (l lists) measureSignUps() error {
	var took []time.Duration
	for i := range 200 {
		body := fmt.Sprintf(`{"userId":"unique()","email":"%x.new@example.com","name":%q}`, time.Now().UnixNano(), nameOf(i))
		d, err := l.ask(http.MethodPost, "/v1/users", body, http.StatusCreated)
		if err != nil {
			return err
		}
		took = append(took, d)
	}
	slices.Sort(took)
	fmt.Printf("%-52s %9.1f %9.1f\n", "POST /users, without a password", took[len(took)/2].Seconds()*1e3, took[len(took)-1].Seconds()*1e3)
	return nil
}
