package store

import (
	"database/sql"
	"net/url"
	"os"
	"regexp"
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
