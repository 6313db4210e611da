package userfile

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// nulls are how databases write that a column has no value.
var nulls = []string{"NULL", "null", `\N`}

// readCSV reads a table whose first row has the names of its columns. In one of
// this project's own, each must be known.
func readCSV(r io.Reader, toRow mapper, own bool) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		bounded := &boundedReader{from: skipMark(r)}
		in := csv.NewReader(bounded)
		names, err := in.Read()
		if err == nil && own {
			err = checkColumns(names)
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				yield(Row{}, fmt.Errorf("line 1: %w", err))
			}
			return
		}
		for {
			bounded.left(in.InputOffset())
			fields, err := in.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			row, err := csvRow(in, names, fields, err, toRow, own)
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func checkColumns(names []string) error {
	for _, name := range names {
		if !slices.Contains(Fields, name) {
			return fmt.Errorf("there is no field %q: use some of %s", name, strings.Join(Fields, ", "))
		}
	}
	return nil
}

// csvRow is the row of fields, or the fault that they were read with. What is not
// about one row is an error.
func csvRow(in *csv.Reader, names, fields []string, err error, toRow mapper, own bool) (Row, error) {
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse) && errors.Is(err, csv.ErrFieldCount):
		return faultyRow(parse.StartLine, faultOf("", "it has %d fields, where the first line has %d", len(fields), len(names))), nil
	case errors.As(err, &parse):
		return faultyRow(parse.StartLine, faultOf("", "its quotes are not in order")), nil
	case errors.Is(err, errLongRow):
		return Row{}, fmt.Errorf("%w: is a quote left open?", err)
	case err != nil:
		return Row{}, err
	}
	line, _ := in.FieldPos(0)
	r := record{}
	for i, field := range fields {
		switch {
		case !utf8.ValidString(field):
			return faultyRow(line, faultOf(names[i], "it is no text in UTF-8")), nil
		case field != "" && (own || !slices.Contains(nulls, field)):
			r[names[i]] = field
		}
	}
	return rowOf(line, r, toRow), nil
}

// ownRow is a row in this project's own form, in which CSV has texts.
func ownRow(r record) (map[string]any, error) {
	for name, value := range r {
		if !slices.Contains(Fields, name) {
			return nil, faultOf(name, "there is no such field: use some of %s", strings.Join(Fields, ", "))
		}
		switch v := value.(type) {
		case string:
			r[name] = typed(name, v)
		case json.RawMessage:
			if string(v) == "null" {
				delete(r, name)
			}
		}
	}
	return r, nil
}

// typed is a field of CSV as JSON would have it; what cannot be that stays a text,
// and is refused as one.
func typed(name, text string) any {
	switch name {
	case "emailVerification", "phoneVerification", "status", "mfa", "impersonator":
		if b, err := strconv.ParseBool(text); err == nil {
			return b
		}
	case "labels":
		if !strings.HasPrefix(text, "[") {
			return jsonOf(strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' }))
		}
		fallthrough
	case "prefs":
		if trimmed := strings.TrimSpace(text); json.Valid([]byte(trimmed)) {
			return json.RawMessage(trimmed)
		}
	}
	return text
}

// jsonOf is JSON of what always encodes.
func jsonOf(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}
