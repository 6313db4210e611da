package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// memories prints for each program what its memory holds before it runs: a
// hash, and how many bytes are not zero.
const memories = `
const { readFileSync } = require("node:fs");
const { createHash } = require("node:crypto");
for (const file of process.argv.slice(1)) {
	const program = new WebAssembly.Module(readFileSync(file));
	const imports = {};
	for (const { module, name } of WebAssembly.Module.imports(program)) (imports[module] ??= {})[name] = () => {};
	const memory = new Uint8Array(new WebAssembly.Instance(program, imports).exports.mem.buffer);
	console.log(createHash("sha256").update(memory).digest("hex"), memory.reduce((n, byte) => n + (byte !== 0), 0));
}`

// TestJoinedSegmentsMakeTheSameMemory lets an engine be the judge.
func TestJoinedSegmentsMakeTheSameMemory(t *testing.T) {
	dir := t.TempDir()
	plain, joined := filepath.Join(dir, "plain.wasm"), filepath.Join(dir, "joined.wasm")
	if err := buildWasm(t.Context(), filepath.Join(repo(t), "internal", "build"), "./floor/hello", plain); err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	small, err := joinSegments(program)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(joined, small, 0o644); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(node(t, dir, "-e", memories, plain, joined)), "\n")
	if len(lines) != 2 || lines[0] != lines[1] || strings.HasSuffix(lines[0], " 0") {
		t.Errorf("the memories differ: %q", lines)
	}
	before, err := brotliBest(program)
	if err != nil {
		t.Fatal(err)
	}
	after, err := brotliBest(small)
	if err != nil {
		t.Fatal(err)
	}
	if len(after) > len(before)*95/100 {
		t.Errorf("%d bytes of brotli became %d: joining the segments is worth no more than 5 %%, so leave it out", len(before), len(after))
	}
	again, err := joinSegments(small)
	if err != nil || !bytes.Equal(again, small) {
		t.Errorf("joined once more it differs (%v)", err)
	}
}

// wasmOf makes a program of one section.
func wasmOf(id byte, body string) []byte {
	return []byte("\x00asm\x01\x00\x00\x00" + string(id) + string(byte(len(body))) + body)
}

func TestJoinSegments(t *testing.T) {
	for name, c := range map[string]struct{ section, want string }{
		"a small gap":                {"\x02\x00A\x08\x0B\x02ab\x00A\x0D\x0B\x01c", "\x01\x00A\x08\x0B\x06ab\x00\x00\x00c"},
		"no gap, not in order":       {"\x02\x00A\x0A\x0B\x01c\x00A\x08\x0B\x02ab", "\x01\x00A\x08\x0B\x03abc"},
		"a large gap":                {"\x02\x00A\x08\x0B\x01a\x00A\x80\x10\x0B\x01b", "\x02\x00A\x08\x0B\x01a\x00A\x80\x10\x0B\x01b"},
		"an address with a sign bit": {"\x01\x00A\xC0\x00\x0B\x01a", "\x01\x00A\xC0\x00\x0B\x01a"},
	} {
		got, err := joinSegments(wasmOf(dataSection, c.section))
		if err != nil || !bytes.Equal(got, wasmOf(dataSection, c.want)) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if other := wasmOf(10, "code"); !sameProgram(other) {
		t.Error("a section without data was changed")
	}
}

func sameProgram(program []byte) bool {
	got, err := joinSegments(program)
	return err == nil && bytes.Equal(got, program)
}

func TestJoinSegmentsRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		program []byte
		want    string
	}{
		"nothing":           {nil, "not a WebAssembly program"},
		"another version":   {[]byte("\x00asm\x02\x00\x00\x00"), "not a WebAssembly program"},
		"half a section":    {wasmOf(dataSection, "\x01\x00A\x08\x0B\x02ab")[:12], "cut off"},
		"no size":           {[]byte("\x00asm\x01\x00\x00\x00\x0B"), "cut off"},
		"a passive segment": {wasmOf(dataSection, "\x01\x01\x02ab"), "not as Go's linker writes them"},
		"half a segment":    {wasmOf(dataSection, "\x01\x00A\x08\x0B\x09ab"), "does not end where it says"},
		"more than it says": {wasmOf(dataSection, "\x01\x00A\x08\x0B\x02ab\x00"), "does not end where it says"},
		"an overlap":        {wasmOf(dataSection, "\x02\x00A\x08\x0B\x02ab\x00A\x09\x0B\x01c"), "overlap"},
	} {
		if _, err := joinSegments(c.program); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
