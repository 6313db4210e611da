package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	_ "github.com/ncruces/go-sqlite3/driver" // the server's driver
)

// join reads a user through a session, both by primary key.
const join = `SELECT u.name, u.email, s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND u.id = $2`

// startFloor makes the handler that the server is compared with.
func startFloor(ctx context.Context, dir string) (http.Handler, map[string]string, io.Closer, error) {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "floor.db")+"?_pragma=journal_mode(wal)")
	if err != nil {
		return nil, nil, nil, err
	}
	db.SetMaxIdleConns(8) // opening one costs more than a query
	_, err = db.ExecContext(ctx, `
		CREATE TABLE users (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL);
		CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, user_id TEXT NOT NULL, expires_at BIGINT NOT NULL);
		INSERT INTO users VALUES ('ada', 'Ada', 'ada@example.com');
		INSERT INTO sessions VALUES ('s1', 'ada', 32503680000000)`)
	if err != nil {
		return nil, nil, nil, errors.Join(err, db.Close())
	}
	stmt, err := db.PrepareContext(ctx, join)
	if err != nil {
		return nil, nil, nil, errors.Join(err, db.Close())
	}
	key := []byte(rand.Text())
	claims := jwt.MapClaims{"userId": "ada", "sessionId": "s1", "exp": time.Now().Add(time.Hour).Unix()}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
	if err != nil {
		return nil, nil, nil, errors.Join(err, db.Close())
	}
	return floor{key, stmt}, map[string]string{"jwt": token}, db, nil
}

type floor struct {
	key  []byte
	stmt *sql.Stmt
}

// padding brings the answer to the size of an account.
var padding = strings.Repeat("x", 700)

// ServeHTTP answers GET /v1/account.
func (f floor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var claims jwt.MapClaims
	_, err := jwt.ParseWithClaims(r.Header.Get("X-Appwrite-JWT"), &claims,
		func(*jwt.Token) (any, error) { return f.key, nil }, jwt.WithValidMethods([]string{"HS256"}))
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	var name, email string
	var expires int64
	if err := f.stmt.QueryRowContext(r.Context(), claims["sessionId"], claims["userId"]).Scan(&name, &email, &expires); err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"name":%q,"email":%q,"expires":%d,"padding":"%s"}`, name, email, expires, padding)
}
