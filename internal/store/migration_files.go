package store

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
)

// edited are files whose SQL is read as a function makes it.
type edited struct {
	fs.FS
	edit func(text string) string
}

// Open implements fs.FS.
func (e edited) Open(name string) (fs.File, error) {
	file, err := e.FS.Open(name)
	if err != nil || path.Ext(name) != ".sql" {
		return file, err
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return rewritten{file, strings.NewReader(e.edit(string(text)))}, nil
}

// rewritten is a file that reads as another text.
type rewritten struct {
	fs.File
	text io.Reader
}

// Read implements fs.File.
func (r rewritten) Read(b []byte) (int, error) { return r.text.Read(b) }

// The comments of a migration that say for which database the lines after them
// are.
const (
	onlyPrefix = "-- Only for "
	forAll     = "-- For all:"
)

// only leaves out of a migration what is for another database than that of the
// name.
func only(name string) func(text string) string {
	return func(text string) string {
		var kept strings.Builder
		keep := true
		for line := range strings.Lines(text) {
			if other, ok := strings.CutPrefix(strings.TrimSpace(line), onlyPrefix); ok {
				keep = other == name+":"
			} else if strings.TrimSpace(line) == forAll {
				keep = true
			}
			if keep {
				kept.WriteString(line)
			}
		}
		return kept.String()
	}
}
