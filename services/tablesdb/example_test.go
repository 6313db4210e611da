//go:build !js

package tablesdb_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/services/tablesdb"
)

// Post is a row of the table posts.
type Post struct {
	Title string `json:"title"`
	Votes int    `json:"votes"`
}

// A service acts on tables for the user whose JWT a request brings: rows are read
// and written with that user's permissions, and no others.
func Example() {
	base, done := standIn() // isojot.NewClient(endpoint, project), made once
	defer done()
	ctx, jwt := context.Background(), "eyJh.eyJ1c2VySWQiOiJhbm4ifQ.c2ln" // of the request

	client, err := base.With(isojot.WithJWT(jwt))
	if err != nil {
		fmt.Println(err)
		return
	}
	posts := tablesdb.As[Post](tablesdb.New(client))

	page, err := posts.ListRows(ctx, tablesdb.ListRows{
		DatabaseID: "main", TableID: "posts",
		Queries: []string{`{"method":"greaterThan","attribute":"votes","values":[9]}`, `{"method":"limit","values":[5]}`},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range page.Rows {
		fmt.Println(row.ID, row.Data.Title, row.Data.Votes)
	}

	row, err := posts.CreateRow(ctx, tablesdb.CreateRow{
		DatabaseID: "main", TableID: "posts",
		Data:        Post{Title: "Second"},
		Permissions: []string{`read("any")`, `update("user:ann")`},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(row.ID, row.Data.Title)

	_, err = posts.UpdateRow(ctx, tablesdb.UpdateRow{
		DatabaseID: "main", TableID: "posts", RowID: "first",
		Data: map[string]any{"votes": 11},
	})
	if errors.Is(err, isojot.ErrUserUnauthorized) {
		fmt.Println("Ann may not change the first one")
	}
	// Output:
	// first Hello 10
	// second Second
	// Ann may not change the first one
}

// standIn is a client of a server that stands in for Appwrite's.
func standIn() (*isojot.Client, func()) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.Header.Get("X-Appwrite-JWT") == "" || r.Method == http.MethodPatch:
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, `{"message":"No permissions provided","code":401,"type":"user_unauthorized"}`)
		case r.Method == http.MethodPost:
			io.WriteString(w, `{"$id":"second","title":"Second","votes":0}`)
		default:
			io.WriteString(w, `{"total":1,"rows":[{"$id":"first","title":"Hello","votes":10}]}`)
		}
	}))
	client, err := isojot.NewClient(srv.URL+"/v1", "demo")
	if err != nil {
		panic(err)
	}
	return client, srv.Close
}
