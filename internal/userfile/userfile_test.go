package userfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
)

// rowsOf reads a text, as "line: values" or "line! field: reason".
func rowsOf(t *testing.T, text string, format Format, from string) (all []string, err error) {
	t.Helper()
	rows, err := Read(strings.NewReader(text), format, Source{Name: from})
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range rows {
		switch {
		case err != nil:
			return all, err
		case row.Fault != nil:
			all = append(all, fmt.Sprintf("%d! %s", row.Line, row.Fault.Field))
		default:
			all = append(all, fmt.Sprintf("%d: %s", row.Line, row.Values["userId"]))
		}
	}
	return all, nil
}

// Lines are those of the file, in whatever form it has the users.
func TestLines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text   string
		format Format
		from   string
		want   []string
	}{
		{"", JSON, "isojot", nil},
		{"", CSV, "isojot", nil},
		{"userId\n", CSV, "isojot", nil},
		{"{\"userId\":\"a\"}\n\n{\"userId\":\"b\"}", JSON, "isojot", []string{`1: "a"`, `3: "b"`}},
		{"\ufeff{\"userId\":\"a\"}\r\n[]\r\nnull\r\n{\"userId\":\"b\",\"labels\":[\"x\"]}\r\n", JSON, "isojot", []string{`1: "a"`, "2! ", "3! ", `4: "b"`}},
		{"[\n {\"userId\":\"a\"},\n 1,\n\n {\n\"userId\":\"b\"}\n]\n", JSON, "isojot", []string{`2: "a"`, "3! ", `5: "b"`}},
		{"{\"users\":[\n{\"localId\":\"a\"},\n{\n\"localId\":\"b\"}]}", JSON, "firebase", []string{"2: a", "3: b"}},
		{"{\"total\":1,\"users\":[{\"$id\":\"a\"}]}", JSON, "appwrite", []string{"1: a"}},
		{"\ufeffuserId,name\na,\"x\ny\"\nb,y\nc,\xff\nd\n", CSV, "isojot", []string{"2: a", "4: b", "5! name", "6! "}},
		{"{\"userId\":\"" + strings.Repeat("x", maxRow) + "\"}\n{\"userId\":\"b\"}\n", JSON, "isojot", []string{"1! ", `2: "b"`}},
		{"{\"userId\":\"\xff\"}\n", JSON, "isojot", []string{"1! "}},
	} {
		got, err := rowsOf(t, tt.text, tt.format, tt.from)
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%.60q: %q, %v, want %q", tt.text, got, err, tt.want)
		}
	}
}

// What does not end, or ends too early, is no end of the rows.
func TestBrokenFiles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[{\"userId\":\"a\"}":                         "line 1: the JSON ends too early",
		"[{\"userId\":\"a\"},\n{]":                    "line 2: the JSON cannot be read on",
		"[\"" + strings.Repeat("x", 3*maxRow) + "\"]": "a row has more than 1048576 bytes",
	} {
		if _, err := rowsOf(t, text, JSON, "isojot"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: %v, want %s", text, err, want)
		}
	}
	if _, err := rowsOf(t, "userId\n\""+strings.Repeat("x\n", 2*maxRow), CSV, "isojot"); !errors.Is(err, errLongRow) {
		t.Errorf("an open quote: %v", err)
	}
}

// endless is a file without an end, which counts what is read of it.
type endless struct {
	row  string
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.row[e.read%len(e.row):])
	e.read += n
	return n, nil
}

// Rows come as they are read.
func TestRowsAreStreamed(t *testing.T) {
	t.Parallel()
	for head, row := range map[string]string{"": "{\"userId\":\"a\"}\n", "[{}": ",{\"userId\":\"a\"}"} {
		file := &endless{row: row}
		rows, err := Read(io.MultiReader(strings.NewReader(head), file), JSON, Source{Name: "isojot"})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err := range rows {
			if n++; err != nil || n == 100_000 {
				break
			}
		}
		if ahead := file.read - n*len(row); n != 100_000 || ahead > 256<<10 {
			t.Errorf("after %d rows, %d bytes more are read", n, ahead)
		}
	}
}

// Auth0's own hashes become those that this server has.
func TestAuth0Hashes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"algorithm":"bcrypt","hash":{"value":"$2b$10$x"}}`:                                                              "bcrypt $2b$10$x",
		`{"algorithm":"md5","hash":{"value":"q80=","encoding":"base64"}}`:                                                 "md5 abcd",
		`{"algorithm":"sha512","hash":{"value":"ABCD","encoding":"hex"}}`:                                                 "sha abcd",
		`{"algorithm":"scrypt","hash":{"value":"abcd","encoding":"hex"},"salt":{"value":"c2FsdA==","encoding":"base64"}}`: "scrypt abcd",
		`{"algorithm":"scrypt","hash":{"value":"abcd","encoding":"hex"},"salt":{"value":"ff","encoding":"hex"}}`:          "fault",
		`{"algorithm":"sha1","hash":{"value":"abcd","encoding":"hex"},"salt":{"value":"x"}}`:                              "fault",
		`{"algorithm":"md5","hash":{"value":"abcd","encoding":"hex"},"password":{"encoding":"utf16le"}}`:                  "fault",
		`{"algorithm":"pbkdf2","hash":{"value":"secret"}}`:                                                                "fault",
		`{"algorithm":"md5","hash":{"value":"secret","encoding":"hex"}}`:                                                  "fault",
	} {
		r, err := objectOf([]byte(`{"user_id":"auth0|a","custom_password_hash":` + text + `}`))
		if err != nil {
			t.Fatal(err)
		}
		v, err := auth0Row(r)
		got := fmt.Sprint(v["hash"], " ", v["passwordHash"])
		if err != nil {
			got = "fault"
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v", text, err)
			}
		}
		if got != want {
			t.Errorf("%s is %s, %v, want %s", text, got, err, want)
		}
	}
}

// What is written is read as it was.
func TestWrittenRowsAreRead(t *testing.T) {
	t.Parallel()
	want := map[string]any{"userId": "a", "name": "Ann, \"the\n\tfirst\" é", "status": true}
	for _, format := range []Format{JSON, CSV} {
		var b bytes.Buffer
		w, err := NewWriter(&b, format, Fields)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Write(want), w.Write(map[string]any{}), w.Flush()); err != nil {
			t.Fatal(err)
		}
		rows, err := Read(&b, format, Source{Name: "isojot"})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for row, err := range rows {
			if err != nil || row.Fault != nil {
				t.Fatal(err, row.Fault)
			}
			if r := record(row.Values); n == 0 && (r.text("name") != want["name"] || r.text("userId") != "a" || fmt.Sprintf("%s", r["status"]) != "true" && r["status"] != true) {
				t.Errorf("%s: %v", format, row.Values)
			}
			n++
		}
		if n != 2 {
			t.Errorf("%s: %d rows", format, n)
		}
	}
}
