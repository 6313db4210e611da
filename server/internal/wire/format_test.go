package wire

import (
	"testing"
)

func TestParseFormat(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]Version{
		"": Newest, "1.9.6": {1, 9, 6}, "2": {2}, "1.4": {1, 4}, "1.5.0-rc.1": {1, 5}, " 0.8.0": {0, 8, 0}, "abc": {}, "v1.9.0": {}, "99999999999.0.0": {999999},
	} {
		if got := ParseFormat(header); got != want {
			t.Errorf("ParseFormat(%q) = %v, want %v", header, got, want)
		}
	}
	if !(Version{1, 10, 0}).Before(Version{2}) || (Version{1, 10, 0}).Before(Version{1, 9, 6}) {
		t.Error("versions are compared as text")
	}
}
