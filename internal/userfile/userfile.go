// Package userfile reads and writes files of users: JSON lines and CSV, in this
// project's own form and in those that other programs export. It knows the forms
// alone: what a user may be is for who takes the rows.
package userfile

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

// Fields are the names of what a row may have, in the order in which they are
// written. A row has a password or the hash of one.
var Fields = append([]string{
	"userId", "email", "emailVerification", "phone", "phoneVerification", "name", "labels", "prefs", "status", "mfa", "impersonator",
	"registration", "accessedAt", "passwordUpdate", "password",
}, HashFields...)

// HashFields are those of a password's hash: its text, its kind (hash), and what
// it takes to verify one of that kind.
var HashFields = []string{
	"passwordHash", "hash", "passwordVersion", "passwordSalt", "passwordSaltSeparator", "passwordSignerKey",
	"passwordCpu", "passwordMemory", "passwordParallel", "passwordLength",
}

// maxRow is how large a row may be, in bytes. The largest that is taken has prefs
// of 64 KiB, which escaped take six times as much.
const maxRow = 1 << 20

// Row is one user of a file.
type Row struct {
	// Line is where it begins; the first line is 1.
	Line int
	// Values are by the names of Fields: a string, a bool, or a json.RawMessage
	// without blanks around it. What is absent is not there.
	Values map[string]any
	// Fault is what is wrong with it; nil: nothing that shows here.
	Fault *Fault
}

// Fault is why a row cannot be read. It quotes nothing of the row.
type Fault struct {
	// Field is what it is about, as the file calls it; "" for the row.
	Field  string
	Reason string
}

// Error implements error.
func (f *Fault) Error() string { return f.Field + ": " + f.Reason }

func faultOf(field, format string, args ...any) error {
	return &Fault{field, fmt.Sprintf(format, args...)}
}

// Format is how rows are written down.
type Format string

// The formats. JSON is one user a line, a list of users, or an object that has
// them as "users".
const (
	JSON Format = "jsonl"
	CSV  Format = "csv"
)

// FormatOf is the format of a file's name, or of one that was asked for.
func FormatOf(name, asked string) (Format, error) {
	switch asked {
	case "json", string(JSON):
		return JSON, nil
	case string(CSV):
		return CSV, nil
	case "":
	default:
		return "", fmt.Errorf("there is no format %q: use %s or %s", asked, JSON, CSV)
	}
	switch name = strings.ToLower(name); {
	case strings.HasSuffix(name, ".csv"):
		return CSV, nil
	case strings.HasSuffix(name, ".json"), strings.HasSuffix(name, ".jsonl"), strings.HasSuffix(name, ".ndjson"):
		return JSON, nil
	}
	return "", fmt.Errorf("the format cannot be told from the name: say %s or %s", JSON, CSV)
}

// Source is the program that has written a file.
type Source struct {
	Name string
	// Firebase is what its hashes were made with.
	Firebase FirebaseHash
}

// FirebaseHash are the parameters of a Firebase project's hashes, in base64.
type FirebaseHash struct{ SignerKey, SaltSeparator string }

// mapper turns what a file has of a user into a row's values; an error of it is a
// *Fault.
type mapper func(record) (map[string]any, error)

// sources are the programs, by name.
var sources = map[string]func(Source) mapper{
	"isojot":    func(Source) mapper { return ownRow },
	"appwrite":  func(Source) mapper { return appwriteRow },
	"auth0":     func(Source) mapper { return auth0Row },
	"firebase":  func(s Source) mapper { return s.Firebase.row },
	"supabase":  func(Source) mapper { return supabaseRow },
	"wordpress": func(Source) mapper { return wordPressRow },
}

// Sources are the names of the programs whose files are read.
func Sources() []string {
	var names []string
	for name := range sources {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Read reads the rows of a file, one at a time. An error says that the rest
// cannot be read.
func Read(r io.Reader, format Format, from Source) (iter.Seq2[Row, error], error) {
	source := sources[from.Name]
	if source == nil {
		return nil, fmt.Errorf("there is no %q to import from: use one of %s", from.Name, strings.Join(Sources(), ", "))
	}
	toRow := source(from)
	switch {
	case format == CSV && (from.Name == "firebase" || from.Name == "auth0" || from.Name == "appwrite"):
		return nil, fmt.Errorf("users of %s are read from JSON: export them so", from.Name)
	case format == CSV:
		return readCSV(r, toRow, from.Name == "isojot"), nil
	}
	return readJSON(r, toRow), nil
}

// rowOf is the row of a record.
func rowOf(line int, r record, toRow mapper) Row {
	values, err := toRow(r)
	if err != nil {
		return faultyRow(line, err)
	}
	return Row{Line: line, Values: values}
}

func faultyRow(line int, err error) Row {
	fault, ok := err.(*Fault)
	if !ok {
		fault = &Fault{Reason: err.Error()}
	}
	return Row{Line: line, Fault: fault}
}

// record is what a file has of a user: strings of CSV, and json.RawMessage.
type record map[string]any

// text is a member as a text: that of a string or a number, else "".
func (r record) text(name string) string {
	switch v := r[name].(type) {
	case string:
		return v
	case json.RawMessage:
		var s string
		if json.Unmarshal(v, &s) == nil {
			return s
		}
		var n json.Number
		if json.Unmarshal(v, &n) == nil {
			return n.String()
		}
	}
	return ""
}

// first is the first of the members that has a text.
func (r record) first(names ...string) string {
	for _, name := range names {
		if s := r.text(name); s != "" {
			return s
		}
	}
	return ""
}

// truth is a member that is true, however it is written.
func (r record) truth(name string) bool {
	switch v := r[name].(type) {
	case string:
		return slices.Contains([]string{"true", "t", "1", "yes"}, strings.ToLower(v))
	case json.RawMessage:
		return string(v) == "true" || string(v) == "1" || string(v) == `"true"`
	}
	return false
}

// object is a member that is an object, be it as a text; nil for none.
func (r record) object(name string) record {
	raw := r.raw(name)
	if raw == nil {
		return nil
	}
	o, err := objectOf(raw)
	if err != nil {
		return nil
	}
	return o
}

// raw is a member that is an object, as JSON without blanks around it; nil for none.
func (r record) raw(name string) json.RawMessage {
	text, isRaw := r[name].(json.RawMessage)
	if s := r.text(name); !isRaw || s != "" { // in a text
		text = json.RawMessage(strings.TrimSpace(s))
	}
	if len(text) == 0 || text[0] != '{' || !json.Valid(text) {
		return nil
	}
	return text
}

// objectOf reads an object.
func objectOf(text []byte) (record, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil || members == nil {
		return nil, faultOf("", "it is no JSON object")
	}
	r := make(record, len(members))
	for name, value := range members {
		r[name] = value
	}
	return r, nil
}
