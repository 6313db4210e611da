package pgtest

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// Databases are empty and apart, and their owner is nobody special.
func TestNew(t *testing.T) {
	for range 2 {
		conn, err := pgx.Connect(t.Context(), New(t))
		if err != nil {
			t.Fatal(err)
		}
		var super bool
		var tables int
		err = conn.QueryRow(t.Context(), `SELECT rolsuper OR rolcreatedb OR rolcreaterole,
			(SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public') FROM pg_roles WHERE rolname = current_user`).Scan(&super, &tables)
		if err != nil || super || tables != 0 {
			t.Errorf("super %v, %d tables, %v", super, tables, err)
		}
		if _, err := conn.Exec(t.Context(), `CREATE TABLE a (b TEXT)`); err != nil {
			t.Error(err)
		}
		if err := conn.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// A server that has crashed keeps its port and its data.
func TestCrash(t *testing.T) {
	c := NewCluster(t)
	url := c.NewDatabase(t)
	c.AdminIn(t, url, `CREATE TABLE a (b TEXT)`)
	c.Crash()
	if _, err := pgx.Connect(t.Context(), url); err == nil {
		t.Fatal("it answers")
	}
	c.Run(t)
	c.AdminIn(t, url, `INSERT INTO a (b) VALUES ('c')`)
}
