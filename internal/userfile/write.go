package userfile

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// Writer writes rows, which Read reads as they were.
type Writer struct {
	fields []string
	out    *bufio.Writer
	table  *csv.Writer // nil for JSON
}

// NewWriter makes a writer of those fields, in their order.
func NewWriter(w io.Writer, format Format, fields []string) (*Writer, error) {
	out := &Writer{fields: fields, out: bufio.NewWriter(w)}
	if format != CSV {
		return out, nil
	}
	out.table = csv.NewWriter(out.out)
	return out, out.table.Write(fields)
}

// Write writes a row. Of CSV, lists and objects are JSON.
func (w *Writer) Write(values map[string]any) error {
	if w.table != nil {
		var row []string
		for _, name := range w.fields {
			row = append(row, plain(values[name]))
		}
		return w.table.Write(row)
	}
	comma := "{"
	for _, name := range w.fields {
		value, ok := values[name]
		if !ok {
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		fmt.Fprintf(w.out, "%s%q:%s", comma, name, text) // Flush tells of errors
		comma = ","
	}
	if comma == "{" {
		w.out.WriteString(comma)
	}
	_, err := w.out.WriteString("}\n")
	return err
}

// plain is a value as a field of CSV.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	}
	return string(jsonOf(v))
}

// Flush writes what is left.
func (w *Writer) Flush() error {
	if w.table != nil {
		w.table.Flush()
		if err := w.table.Error(); err != nil {
			return err
		}
	}
	return w.out.Flush()
}
