package main

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
)

// maxGap is how many zeros between two data segments are written out to make
// one of them: nearly all are fewer, but for the program's variables.
const maxGap = 1024

// The parts of a WebAssembly binary (core specification, section 5) that
// joinSegments reads.
const (
	wasmHeader  = 8 // magic number and version
	dataSection = 11
	i32Const    = 0x41
	endOfExpr   = 0x0B
)

// segment is what a program's memory holds at an address when it starts.
type segment struct {
	address uint64
	data    []byte
}

// joinFile joins the data segments of the program in the file path.
func joinFile(path string) error {
	program, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if program, err = joinSegments(program); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return writeIfChanged(path, program)
}

// joinSegments returns the program with fewer data segments and the same
// memory. Go's linker leaves out every run of eight zeros or more, so that the
// tables of the runtime come in some 40,000 segments, each with an address and
// a length. Zeros compress to nothing, those do not: they would be 46 kB of
// what a page downloads.
func joinSegments(program []byte) ([]byte, error) {
	if len(program) < wasmHeader || !bytes.HasPrefix(program, []byte("\x00asm\x01\x00\x00\x00")) {
		return nil, errors.New("not a WebAssembly program of version 1")
	}
	out := slices.Clone(program[:wasmHeader])
	for r := (reader{rest: program[wasmHeader:]}); len(r.rest) > 0; {
		id := r.byte()
		body := r.bytes(r.number())
		if id == dataSection && !r.bad {
			segments, err := readSegments(body)
			if err != nil {
				return nil, err
			}
			body = writeSegments(join(segments))
		}
		if r.bad {
			return nil, errors.New("the WebAssembly program is cut off")
		}
		out = binary.AppendUvarint(append(out, id), uint64(len(body)))
		out = append(out, body...)
	}
	return out, nil
}

// readSegments returns a data section's segments by their addresses.
func readSegments(section []byte) ([]segment, error) {
	r := reader{rest: section}
	segments := make([]segment, 0, len(section)/segmentBytes)
	for n := r.number(); n > 0 && !r.bad; n-- {
		active, constant := r.byte(), r.byte()
		address := r.number() // signed, but never negative
		if end := r.byte(); active != 0 || constant != i32Const || end != endOfExpr {
			return nil, errors.New("a data segment is not as Go's linker writes them: memory 0 at a constant address")
		}
		segments = append(segments, segment{address, r.bytes(r.number())})
	}
	if r.bad || len(r.rest) > 0 {
		return nil, errors.New("the data section does not end where it says")
	}
	slices.SortFunc(segments, func(a, b segment) int { return cmp.Compare(a.address, b.address) })
	for i := 1; i < len(segments); i++ {
		if segments[i].address < segments[i-1].end() {
			return nil, errors.New("data segments overlap")
		}
	}
	return segments, nil
}

// segmentBytes is about what a segment takes in a section, its data included.
const segmentBytes = 32

func (s segment) end() uint64 { return s.address + uint64(len(s.data)) }

// join makes one segment of those that follow one another with a small gap.
func join(segments []segment) []segment {
	var joined []segment
	for _, s := range segments {
		if n := len(joined) - 1; n >= 0 && s.address-joined[n].end() <= maxGap {
			gap := make([]byte, s.address-joined[n].end())
			joined[n].data = append(append(joined[n].data, gap...), s.data...)
			continue
		}
		joined = append(joined, segment{s.address, slices.Clone(s.data)})
	}
	return joined
}

func writeSegments(segments []segment) []byte {
	section := binary.AppendUvarint(nil, uint64(len(segments)))
	for _, s := range segments {
		section = append(section, 0, i32Const)
		section = appendAddress(section, s.address)
		section = append(section, endOfExpr)
		section = binary.AppendUvarint(section, uint64(len(s.data)))
		section = append(section, s.data...)
	}
	return section
}

// appendAddress writes a number as a signed one: the highest bit of its last
// seven is the sign.
func appendAddress(to []byte, n uint64) []byte {
	to = binary.AppendUvarint(to, n)
	if last := len(to) - 1; to[last]&0x40 != 0 {
		to[last] |= 0x80
		to = append(to, 0)
	}
	return to
}

// reader reads a binary from its beginning. Where that is too short, bad is
// set and what it reads is empty.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) bytes(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.bad, n = true, uint64(len(r.rest))
	}
	read := r.rest[:n]
	r.rest = r.rest[n:]
	return read
}

func (r *reader) byte() byte {
	if b := r.bytes(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.bad = true
		return 0
	}
	r.rest = r.rest[size:]
	return n
}
