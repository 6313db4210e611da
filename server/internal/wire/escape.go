package wire

import (
	"fmt"
	"io"
	"strings"
)

// counter counts what is written.
type counter int

func (n *counter) Write(p []byte) (int, error) {
	*n += counter(len(p))
	return len(p), nil
}

// EscapedLength is how many bytes WriteEscaped writes of a text.
func EscapedLength(text []byte) int {
	var n counter
	_ = WriteEscaped(&n, text) // counting does not fail
	return int(n)
}

// escapePiece is how much of a text is escaped at a time, in bytes.
const escapePiece = 8 << 10

// WriteEscaped writes a text, which is valid UTF-8, as it is between the quotes
// of JSON, as encoding/json does but for what only HTML needs, a piece at a time.
func WriteEscaped(w io.Writer, text []byte) error {
	piece := make([]byte, 0, escapePiece)
	for len(text) > 0 {
		piece = piece[:0]
		for len(text) > 0 && len(piece) <= escapePiece-maxEscaped {
			n := min(escape(text), escapePiece-maxEscaped-len(piece)+1)
			if n > 0 {
				piece, text = append(piece, text[:n]...), text[n:]
				continue
			}
			piece, text = appendEscaped(piece, text)
		}
		if _, err := w.Write(piece); err != nil {
			return err
		}
	}
	return nil
}

// maxEscaped is what an escaped character takes at most.
const maxEscaped = len(`\u2028`)

// escape is where in a text the first byte is that may have to be escaped.
func escape(text []byte) int {
	for i, b := range text {
		if b < ' ' || b == '"' || b == '\\' || b == lineSeparator[0] {
			return i
		}
	}
	return len(text)
}

// lineSeparator is U+2028; U+2029, which differs in the last byte, is escaped
// too: JavaScript once took them for ends of lines.
const lineSeparator = "\u2028"

// appendEscaped cuts such a byte off a text, or the character that it begins.
func appendEscaped(piece, text []byte) (longer, rest []byte) {
	b := text[0]
	if name := strings.IndexByte("\"\\\b\f\n\r\t", b); name >= 0 {
		return append(piece, '\\', `"\bfnrt`[name]), text[1:]
	}
	if b < ' ' {
		return fmt.Appendf(piece, `\u%04x`, b), text[1:]
	}
	if len(text) > 2 && text[1] == lineSeparator[1] && text[2]&^1 == lineSeparator[2] {
		return fmt.Appendf(piece, `\u202%d`, 8+text[2]&1), text[3:]
	}
	return append(piece, b), text[1:]
}
