package wire

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// escapedLikeJSON expects what encoding/json makes of a text.
func escapedLikeJSON(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		return
	}
	var want, got bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		t.Fatal(err)
	}
	if err := WriteEscaped(&got, []byte(text)); err != nil {
		t.Fatal(err)
	}
	if `"`+got.String()+"\"\n" != want.String() {
		t.Errorf("%.40q becomes %.60q, want %.60q", text, got.String(), want.String())
	}
}

// escapes are texts of which something is to be escaped.
func escapes() []string {
	all := "\"\\/<>&\u2027\u2028\u2029\u202aé\U0001F600\x7f\u0080"
	for b := range byte(' ') {
		all += string(rune(b))
	}
	texts := []string{"", "plain", all, "\u2028", "x\u2029", strings.Repeat("\x01", 3*escapePiece), strings.Repeat("\u2028x", escapePiece)}
	for n := range 8 { // at the end of a piece
		texts = append(texts, strings.Repeat("x", escapePiece-n)+"\u2028"+all, strings.Repeat("x", escapePiece-n)+"\x01é")
	}
	return texts
}

func TestEscaped(t *testing.T) {
	t.Parallel()
	for _, text := range escapes() {
		escapedLikeJSON(t, text)
	}
}

func FuzzEscaped(f *testing.F) {
	for _, text := range escapes() {
		f.Add(text)
	}
	f.Fuzz(escapedLikeJSON)
}
