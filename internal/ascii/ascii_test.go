package ascii

import "testing"

func TestLower(t *testing.T) {
	for in, want := range map[string]string{"": "", "Content-Type": "content-type", "AZaz09@[`{Ä": "azaz09@[`{Ä"} {
		if got := Lower(in); got != want {
			t.Errorf("Lower(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTrim(t *testing.T) {
	for in, want := range map[string]string{"": "", " \t ": "", "\ta b ": "a b", "\na\n": "\na\n"} {
		if got := Trim(in); got != want {
			t.Errorf("Trim(%q) = %q, want %q", in, got, want)
		}
	}
}
