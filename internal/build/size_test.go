package main

import (
	"strings"
	"testing"
)

func TestPrintMeasures(t *testing.T) {
	var out strings.Builder
	hello := measure{"hello", 2_000_000, 600_000, 400_000}
	ours := measure{"isojot", 3_000_400, 900_000, 600_000}
	if err := printMeasures(&out, []measure{hello, ours}, hello); err != nil {
		t.Fatal(err)
	}
	want := []string{"isojot", "3000", "900", "600", "1.500"}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if got := strings.Fields(lines[len(lines)-1]); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("last line %q, want %q", got, want)
	}
}

func TestUnknownArguments(t *testing.T) {
	for _, args := range [][]string{{}, {"nosuch"}, {"size", "--chek"}, {"wasm", "extra"}} {
		if err := run(t.Context(), args, new(strings.Builder)); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}
