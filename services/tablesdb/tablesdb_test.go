package tablesdb_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/services/tablesdb"
)

// answering is a client whose server gives one answer, and the requests it gets.
func answering(t *testing.T, status int, body string) (*tablesdb.Service, *[]*isojot.Request) {
	t.Helper()
	client, requests := clientOf(t, status, body)
	return tablesdb.New(client), requests
}

func clientOf(t *testing.T, status int, body string) (*isojot.Client, *[]*isojot.Request) {
	t.Helper()
	var requests []*isojot.Request
	client, err := isojot.NewClient("https://example.com/v1", "demo", isojot.WithJWT("a.b.c"), isojot.WithTransport(
		isojot.TransportFunc(func(_ context.Context, req *isojot.Request) (*isojot.Response, error) {
			requests = append(requests, req)
			return &isojot.Response{Status: status, Header: map[string][]string{"content-type": {"application/json"}}, Body: []byte(body)}, nil
		})))
	if err != nil {
		t.Fatal(err)
	}
	return client, &requests
}

type post struct {
	Title string   `json:"title"`
	Votes int64    `json:"votes"`
	Tags  []string `json:"tags,omitempty"`
}

const row = `{"$id":"one","$sequence":"7","$tableId":"posts","$databaseId":"main","$createdAt":"2026-01-02T03:04:05.678+00:00",
	"$updatedAt":"2026-01-02T03:04:05.678+00:00","$permissions":["read(\"any\")"],"title":"Ü","votes":9007199254740993,"tags":["a"]}`

// A row is read into the caller's own type, with what the server keeps beside it.
func TestRows(t *testing.T) {
	s, requests := answering(t, 200, `{"total":12,"rows":[`+row+`]}`)
	posts := tablesdb.As[post](s)
	page, err := posts.ListRows(t.Context(), tablesdb.ListRows{DatabaseID: "main", TableID: "posts", Queries: []string{`{"method":"limit","values":[1]}`}, Total: new(false)})
	if err != nil {
		t.Fatal(err)
	}
	one := page.Rows[0]
	if want := (post{"Ü", 9007199254740993, []string{"a"}}); page.Total != 12 || !reflect.DeepEqual(one.Data, want) {
		t.Errorf("%d, %+v, want %+v", page.Total, one.Data, want)
	}
	if one.ID != "one" || one.Sequence != "7" || one.TableID != "posts" || one.DatabaseID != "main" || one.CreatedAt.Year() != 2026 || one.Permissions[0] != `read("any")` {
		t.Errorf("%+v", one)
	}
	if req := (*requests)[0]; req.Header["x-appwrite-jwt"] != "a.b.c" ||
		!strings.HasSuffix(req.URL, "/tablesdb/main/tables/posts/rows?queries%5B0%5D=%7B%22method%22%3A%22limit%22%2C%22values%22%3A%5B1%5D%7D&total=false") {
		t.Errorf("%s by %v", req.URL, req.Header)
	}

	written, err := json.Marshal(one)
	if err != nil {
		t.Fatal(err)
	}
	var again tablesdb.Row[post]
	if err := json.Unmarshal(written, &again); err != nil || !reflect.DeepEqual(again, one) {
		t.Errorf("%v: %s", err, written)
	}
}

// Older servers have a number for a row's sequence.
func TestSequence(t *testing.T) {
	for text, want := range map[string]string{`"7"`: "7", "7": "7", "9007199254740993": "9007199254740993", `""`: "", "null": "", "true": "an error"} {
		var one tablesdb.Row[post]
		err := json.Unmarshal([]byte(`{"$id":"one","$sequence":`+text+`,"title":"a"}`), &one)
		got := one.Sequence
		if err != nil {
			got = "an error"
		}
		if got != want || err == nil && (one.ID != "one" || one.Data.Title != "a") {
			t.Errorf("%s is %q (%v, %+v), want %q", text, got, err, one, want)
		}
	}
}

// Null is no row, and no page of them.
func TestNullIsNoAnswer(t *testing.T) {
	s, _ := answering(t, 200, "null")
	posts := tablesdb.As[map[string]any](s)
	if one, err := posts.GetRow(t.Context(), tablesdb.GetRow{DatabaseID: "main", TableID: "posts", RowID: "one"}); !errors.Is(err, isojot.ErrBadResponse) {
		t.Errorf("%+v, %v", one, err)
	}
	if page, err := posts.ListRows(t.Context(), tablesdb.ListRows{DatabaseID: "main", TableID: "posts"}); !errors.Is(err, isojot.ErrBadResponse) {
		t.Errorf("%+v, %v", page, err)
	}
}

// The caller's own type may have what the server keeps, or be a map.
func TestOwnTypes(t *testing.T) {
	s, _ := answering(t, 200, row)
	get := tablesdb.GetRow{DatabaseID: "main", TableID: "posts", RowID: "one"}
	named, err := tablesdb.As[struct {
		ID    string `json:"$id"`
		Title string
	}](s).GetRow(t.Context(), get)
	if err != nil || named.Data.ID != "one" || named.Data.Title != "Ü" {
		t.Errorf("%v, %+v", err, named)
	}
	free, err := tablesdb.As[map[string]any](s).GetRow(t.Context(), get)
	if err != nil || free.Data["title"] != "Ü" || free.ID != "one" {
		t.Errorf("%v, %+v", err, free)
	}
	wrong, err := tablesdb.As[struct{ Title int }](s).GetRow(t.Context(), get)
	if e, ok := errors.AsType[*isojot.Error](err); !ok || e.Type != isojot.ErrBadResponse || e.Operation != "tablesDB.getRow" {
		t.Errorf("%v, %+v", err, wrong)
	}
}

// What is written is a struct, a map, or a list of those.
func TestData(t *testing.T) {
	s, requests := answering(t, 201, row)
	posts := tablesdb.As[post](s)
	in := tablesdb.CreateRow{DatabaseID: "main", TableID: "posts", Data: post{Title: "Ü", Votes: 1}}
	if _, err := posts.CreateRow(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if body, want := string((*requests)[0].Body), `{"rowId":"unique()","data":{"title":"Ü","votes":1}}`; body != want {
		t.Errorf("%s, want %s", body, want)
	}
	if _, err := posts.UpdateRow(t.Context(), tablesdb.UpdateRow{DatabaseID: "main", TableID: "posts", RowID: "one", Permissions: []string{}}); err != nil {
		t.Fatal(err)
	}
	if body, want := string((*requests)[1].Body), `{"permissions":[]}`; body != want {
		t.Errorf("%s, want %s", body, want)
	}
	for _, data := range []any{nil, "text", 1, []post{}, (*post)(nil)} {
		in.Data = data
		if _, err := posts.CreateRow(t.Context(), in); !errors.Is(err, isojot.ErrInvalidArgument) || !strings.Contains(err.Error(), fmt.Sprintf("data: %T does not encode as a JSON object: pass a struct or a map", data)) {
			t.Errorf("%v: %v", data, err)
		}
	}
	_, err := posts.CreateRows(t.Context(), tablesdb.CreateRows{DatabaseID: "main", TableID: "posts", Rows: post{}})
	if !errors.Is(err, isojot.ErrInvalidArgument) || !strings.Contains(err.Error(), "rows: tablesdb_test.post does not encode as a JSON array: pass a slice of structs or maps") {
		t.Errorf("%v", err)
	}
	in.Data = map[string]any(nil)
	if _, err := posts.CreateRow(t.Context(), in); err != nil {
		t.Error(err)
	}
	if _, err := posts.CreateRows(t.Context(), tablesdb.CreateRows{DatabaseID: "main", TableID: "posts", Rows: []post(nil)}); err != nil {
		t.Error(err)
	}
	if got, want := string((*requests)[2].Body)+string((*requests)[len(*requests)-1].Body), `{"rowId":"unique()","data":{}}{"rows":[]}`; got != want {
		t.Errorf("nil: %s, want %s", got, want)
	}
	if len(*requests) != 4 {
		t.Errorf("%d requests were sent", len(*requests))
	}
}

// A default is removed by null: nil is one, but where a default may be left out.
func TestDefaultIsRemoved(t *testing.T) {
	client, requests := clientOf(t, 200, "{}")
	if _, err := tablesdb.New(client).UpdateStringColumn(t.Context(), tablesdb.UpdateStringColumn{DatabaseID: "main", TableID: "posts", Key: "title"}); err != nil {
		t.Fatal(err)
	}
	_, err := isojot.CallJSON[map[string]any](t.Context(), client, "tablesDB.updatePointColumn", map[string]any{
		"databaseId": "main", "tableId": "posts", "key": "place", "required": false, "default": json.RawMessage("null"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{`{"required":false,"default":null}`, `{"required":false,"default":null}`} {
		if got := string((*requests)[i].Body); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// Columns of all kinds are one type, in which what differs stays as it came.
func TestColumns(t *testing.T) {
	s, _ := answering(t, 200, `{"total":2,"columns":[
		{"key":"votes","type":"integer","status":"available","error":"","required":false,"min":-9223372036854775808,"max":9223372036854775807,"default":null},
		{"key":"title","type":"string","format":"","status":"available","error":"","required":false,"size":100,"default":"none"}]}`)
	list, err := s.ListColumns(t.Context(), tablesdb.ListColumns{DatabaseID: "main", TableID: "posts"})
	if err != nil || len(list.Columns) != 2 {
		t.Fatal(err)
	}
	votes, title := list.Columns[0], list.Columns[1]
	if votes.Key != "votes" || votes.Status != tablesdb.ColumnStatusAvailable || string(votes.Max) != "9223372036854775807" || string(votes.Default) != "null" {
		t.Errorf("%+v", votes)
	}
	if title.Size != 100 || string(title.Default) != `"none"` {
		t.Errorf("%+v", title)
	}
}
