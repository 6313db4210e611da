package store

import (
	"database/sql"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/isojot/isojot/internal/pgtest"
)

// textIndex reports whether a database has the index of the texts of users.
func textIndex(t *testing.T, db *DB) (has bool) {
	t.Helper()
	if err := db.read.QueryRowContext(t.Context(), `SELECT to_regclass('users_by_text') IS NOT NULL`).Scan(&has); err != nil {
		t.Fatal(err)
	}
	return has
}

// A role that may not make the extension has all but the index, which can be made
// later, as docs/postgres.md says.
func TestSearchWithoutTheExtension(t *testing.T) {
	if !textIndex(t, openPostgresURL(t, pgtest.New(t))) {
		t.Error("the owner of a database gets no index")
	}
	shared := pgtest.Shared(t)
	address := shared.NewDatabase(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	shared.Admin(t, `ALTER DATABASE `+strings.TrimPrefix(u.Path, "/")+` OWNER TO postgres`)
	shared.AdminIn(t, address, `GRANT CREATE ON SCHEMA public TO `+u.User.Username())
	db := openPostgresURL(t, address)
	if textIndex(t, db) {
		t.Error("there is an index without the extension")
	}
	seedList(t, db)
	search := Page{Where: UserSearch("ANN")}
	if got := ids(t, db, search); got != "dc" {
		t.Errorf("a search without the index lists %q", got)
	}
	docs, err := os.ReadFile("../../docs/postgres.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := regexp.MustCompile(`(?s)(CREATE EXTENSION pg_trgm;)\s+(CREATE INDEX users_by_text[^;]*;)`).FindStringSubmatch(string(docs))
	if texts == nil {
		t.Fatal("the docs do not say how to make the index")
	}
	shared.AdminIn(t, address, texts[1])
	if _, err := db.write.ExecContext(t.Context(), texts[2]); err != nil {
		t.Fatal(err)
	}
	if plan := textPlan(t, db, search.Where); !strings.Contains(plan, "users_by_text") {
		t.Errorf("the index that was made is not read: %s", plan)
	}
}

// textPlan is how PostgreSQL finds the users of all projects that a search means,
// where it may not read all of them, as it would with so few.
func textPlan(t *testing.T, db *DB, search Condition) (plan string) {
	t.Helper()
	b := &builder{}
	query := `EXPLAIN SELECT id FROM users u WHERE ` + b.where(search)
	inTx(t, db, func(tx *Tx) error {
		if _, err := tx.exec(t.Context(), `SET LOCAL enable_seqscan = off`); err != nil {
			return err
		}
		plan = ""
		return tx.rows(t.Context(), func(rows *sql.Rows) error {
			var line string
			err := rows.Scan(&line)
			plan += line + "\n"
			return err
		}, query, b.args...)
	})
	return plan
}

// migrationPart is what a migration does on PostgreSQL, Up or Down.
func migrationPart(t *testing.T, file, part string) string {
	t.Helper()
	text, err := migrationFiles.ReadFile("migrations/" + file)
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "-- +goose "+part)
	_, after, found := strings.Cut(after, "-- Only for PostgreSQL:")
	statements, _, ended := strings.Cut(after, "-- For all:")
	if !found || !ended {
		t.Fatalf("%s has nothing for PostgreSQL in its part %s", file, part)
	}
	return statements
}

// A text may end in the character that PostgreSQL cannot hold.
func TestPrefixEndsInNUL(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seedList(t, db)
		inTx(t, db, func(tx *Tx) error {
			return tx.InsertUser(t.Context(), "demo", User{ID: "nul", Name: "Ab\x00x", CreatedAt: now, UpdatedAt: now, RegisteredAt: now}, "")
		})
		p := Page{Where: Condition{Op: OpStartsWith, Column: UserColumns["name"], Values: []any{"ab\x00"}}, Limit: 25}
		if got := pageIDs(t, db, p); !slices.Equal(got, []string{"nul"}) {
			t.Errorf("lists %q", got)
		}
	})
}

// Lists need descriptions of queries, whatever the URL says of them.
func TestListsWithoutDescriptions(t *testing.T) {
	address := pgtest.New(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("description_cache_capacity", "0")
	u.RawQuery = query.Encode()
	db := openPostgresURL(t, u.String())
	seedList(t, db)
	if got := ids(t, db, Page{}); got == "" {
		t.Error("nobody is listed")
	}
}

// pagePlan is how PostgreSQL reads a page.
func pagePlan(t *testing.T, db *DB, p Page) (plan string) {
	t.Helper()
	q, err := db.pageQuery(t.Context(), usersTable, "demo", p)
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{}
	err = db.query(t.Context(), func(rows *sql.Rows) error {
		var line string
		err := rows.Scan(&line)
		plan += line + "\n"
		return err
	}, `EXPLAIN `+q.write(b), b.args...)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// Users whose text begins so are found by the index of small letters where they
// are few, and in the order of the page where they are many: all of them are
// never sorted. What has no trigram does not read all of the index of trigrams.
func TestPrefixesArePlannedByTheirNumber(t *testing.T) {
	db := openPostgresURL(t, pgtest.New(t))
	if _, err := db.EnsureProject(t.Context(), "demo"); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`INSERT INTO users (project_id, id, name, email, phone, password, accessed_at, registered_at, created_at, updated_at, blocked, seq)
			SELECT 'demo', 'u' || n, CASE WHEN n = 17 THEN 'Quinn' WHEN n % 20 = 0 THEN 'Zoe ' || n ELSE 'Ada ' || n END, n || '@example.com', NULL, REPEAT('h', 97), 0, 0, 0, 0, 0, n
			FROM generate_series(1, 40000) AS n`,
		migrationPart(t, "00021_order_of_prefixes.sql", "Down"),
		migrationPart(t, "00012_prefixes.sql", "Down"), // the users were there before the indexes
		`ANALYZE users`,
		migrationPart(t, "00012_prefixes.sql", "Up"),
		migrationPart(t, "00021_order_of_prefixes.sql", "Up"),
	} {
		if _, err := db.write.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	prefix := func(column string, texts ...any) Condition {
		return Condition{Op: OpStartsWith, Column: UserColumns[column], Values: texts}
	}
	byName := []Order{{Column: UserColumns["name"], Desc: true}}
	for _, tt := range []struct {
		page     Page
		has, not string
	}{
		{Page{Where: prefix("name", "z")}, "users_by_seq_small", "Filter"},
		{Page{Where: prefix("name", "z"), Cursor: "u30000"}, "users_by_seq_small", "Filter"},
		{Page{Where: prefix("name", "z"), Cursor: "u30000", Before: true}, "users_by_seq_small", "Filter"},
		{Page{Where: prefix("name", "zoe"), Orders: byName}, "users_by_name", "Bitmap"},
		{Page{Where: prefix("name", "quinn")}, "users_by_small_name", "users_by_seq"},
		{Page{Where: prefix("name", "quinn", "17")}, "users_by_small_name", "users_by_seq"},
		{Page{Where: prefix("email", "17@")}, "users_by_small_email", "users_by_seq"},
		{Page{Where: prefix("$id", "u1717")}, "users_by_small_id", "users_by_seq"},
		{Page{Where: UserSearch("zo")}, "", "users_by_text"},
		{Page{Where: UserSearch("quinn zo")}, "users_by_text", "users_by_seq"},
	} {
		tt.page.Limit = 25
		if plan := pagePlan(t, db, tt.page); !strings.Contains(plan, tt.has) || strings.Contains(plan, tt.not) {
			t.Errorf("%+v: want %q and no %q:\n%s", tt.page, tt.has, tt.not, plan)
		}
	}
}

// A text has a trigram where three letters or digits follow each other, the ends
// of words among them.
func TestHasTrigram(t *testing.T) {
	for text, want := range map[string]bool{"zoe": true, "zo": false, " z": true, "z ": false, "zo ": true, "a-b": true, "ab-": true, "-": false, "": false, "漢字か": true, "@b": true, "a@": false} {
		if got := hasTrigram(text); got != want {
			t.Errorf("hasTrigram(%q) = %t", text, got)
		}
	}
}
