package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Lengths in a write-ahead log, in bytes: https://sqlite.org/fileformat2.html#walformat
const (
	walHeader   = 32
	frameHeader = 24
)

// walEnd returns where the frames end that a log has since it began at its start;
// those of the round before come after.
func walEnd(wal []byte) int {
	frame := frameHeader + int(binary.BigEndian.Uint32(wal[8:]))
	salt, end := wal[16:24], walHeader
	for end+frame <= len(wal) && bytes.Equal(wal[end+8:end+16], salt) {
		end += frame
	}
	return end
}

// crashed is what a crash leaves: the files, and where in the log each write of a
// user ends. Users before the first of these are in the database file.
type crashed struct {
	dir    string
	wal    []byte
	before int
	ends   []int
}

// kept is how many users are there when the log is good up to an offset.
func (c *crashed) kept(good int) int {
	n := c.before
	for _, end := range c.ends {
		if end <= good {
			n++
		}
	}
	return n
}

// crash writes users, so many of them before a checkpoint, and copies the files
// without ending the database.
func crash(t *testing.T, before, after int) *crashed {
	t.Helper()
	files, c := t.TempDir(), &crashed{dir: t.TempDir(), before: before}
	db := openFile(t, files)
	seed(t, db)
	for n := range before {
		write(t, db, n)
	}
	if before > 0 {
		firstColumn(t, db.write, "PRAGMA wal_checkpoint(RESTART)")
	}
	log := func() []byte {
		text, err := os.ReadFile(filepath.Join(files, FileName+"-wal"))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for n := range after {
		write(t, db, before+n)
		c.ends = append(c.ends, walEnd(log()))
	}
	c.wal = log()
	copyFiles(t, files, c.dir)
	return c
}

// check opens the database with another log, whose first bytes are good. It must
// hold what they do: all of it, and nothing that came later.
func (c *crashed) check(t *testing.T, what string, wal []byte, good int) {
	t.Helper()
	dir := t.TempDir()
	copyFiles(t, c.dir, dir)
	if err := os.WriteFile(filepath.Join(dir, FileName+"-wal"), wal, fileMode); err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), dir, atNow)
	if err != nil {
		if !Damaged(err) && !strings.Contains(err.Error(), FileName) {
			t.Errorf("%s: the refusal does not say that the database is damaged: %v", what, err)
		}
		return
	}
	defer closeDB(t, db)
	got := written(t, db)
	if want := c.kept(good); got != want {
		t.Errorf("%s: %d users are there, want %d", what, got, want)
	}
	if got > 0 { // else the project may be lost, too
		write(t, db, got)
	}
}

// TestADamagedLog cuts the log of a database that has crashed, and flips bits of
// it, at the borders of its header and frames and between them. What was written
// before the place is there, and nothing that was written after it.
func TestADamagedLog(t *testing.T) {
	for name, before := range map[string]int{"its first round": 0, "a later round": 7} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := crash(t, before, 3)
			frame := frameHeader + int(binary.BigEndian.Uint32(c.wal[8:]))
			last := c.ends[len(c.ends)-1]
			if stale := last < len(c.wal); stale != (before > 0) {
				t.Errorf("frames of the round before come after: %v", stale)
			}
			for _, at := range c.places(frame) {
				c.check(t, fmt.Sprintf("cut at %d of %d", at, len(c.wal)), c.wal[:at], at)
				if at < len(c.wal) {
					flipped := bytes.Clone(c.wal)
					flipped[at] ^= 1 << (at % 8)
					c.check(t, fmt.Sprintf("flipped at %d of %d", at, len(c.wal)), flipped, at)
				}
			}
		})
	}
}

// places are the offsets to try: in every field of the header, and around the
// first and the last frame of each user.
func (c *crashed) places(frame int) []int {
	var at []int
	for field := 0; field <= walHeader; field += 4 {
		at = append(at, field)
	}
	for i, end := range c.ends {
		begin := end - frame // of the last frame, which commits
		at = append(at, begin, begin+4, begin+8+4*i%16, begin+frameHeader, begin+frame/2, end-1, end)
	}
	return append(at, len(c.wal))
}
