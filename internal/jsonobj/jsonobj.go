// Package jsonobj reads the members of one JSON object (RFC 8259), strictly, and
// writes small ones.
//
// It exists because encoding/json would add a fifth to the browser build,
// which needs a handful of strings from an answer and three claims from a
// token, and because a token's claims need what encoding/json does not do:
// names compared case-exactly, a duplicate name an error.
package jsonobj

import (
	"errors"
	"unicode/utf8"
)

// MaxDepth bounds the nesting of values: 100 levels.
const MaxDepth = 100

// The ways in which input is refused.
var (
	ErrSyntax    = errors.New("not a JSON object")
	ErrDuplicate = errors.New("a name occurs twice in the JSON object")
	ErrDepth     = errors.New("JSON nested deeper than 100 levels")
)

// Object holds the top-level members of a JSON object: each value's raw text
// under its decoded name.
type Object map[string]string

// Parse reads data, which must be one JSON object and nothing else but white
// space. Nested values are checked for syntax and kept as text.
func Parse(data string) (Object, error) {
	s := scanner{in: data}
	s.space()
	obj := Object{}
	if err := s.object(obj, 1); err != nil {
		return nil, err
	}
	s.space()
	if s.pos != len(s.in) {
		return nil, ErrSyntax
	}
	return obj, nil
}

// String returns the member's value when it is a JSON string.
func (o Object) String(name string) (string, bool) {
	raw, ok := o[name]
	if !ok || raw[0] != '"' {
		return "", false
	}
	s := scanner{in: raw}
	v, err := s.str()
	return v, err == nil
}

// maxExact is the largest integer that every JSON reader holds exactly: 2^53.
const maxExact = 1 << 53

// Int returns the member's value when it is a number that Int reads.
func (o Object) Int(name string) (int64, bool) { return Int(o[name]) }

// Int reads an integer written without fraction or exponent, between -2^53 and
// 2^53.
func Int(raw string) (int64, bool) {
	neg := len(raw) > 1 && raw[0] == '-'
	if neg {
		raw = raw[1:]
	}
	if raw == "" {
		return 0, false
	}
	var n int64
	for i := 0; i < len(raw); i++ {
		if !digit(raw[i]) {
			return 0, false
		}
		if n = n*10 + int64(raw[i]-'0'); n > maxExact {
			return 0, false
		}
	}
	if neg {
		n = -n
	}
	return n, true
}

type scanner struct {
	in  string
	pos int
}

func (s *scanner) peek() byte {
	if s.pos < len(s.in) {
		return s.in[s.pos]
	}
	return 0
}

func (s *scanner) take(c byte) bool {
	if s.peek() != c || s.pos == len(s.in) {
		return false
	}
	s.pos++
	return true
}

func (s *scanner) space() {
	for s.pos < len(s.in) {
		switch s.in[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// object reads an object; into collects its members and may be nil.
func (s *scanner) object(into Object, depth int) error {
	if !s.take('{') {
		return ErrSyntax
	}
	if s.space(); s.take('}') {
		return nil
	}
	seen := into
	if seen == nil {
		seen = Object{}
	}
	for {
		if err := s.member(seen, depth); err != nil {
			return err
		}
		if s.space(); s.take('}') {
			return nil
		}
		if !s.take(',') {
			return ErrSyntax
		}
	}
}

func (s *scanner) member(into Object, depth int) error {
	s.space()
	name, err := s.str()
	if err != nil {
		return err
	}
	if _, dup := into[name]; dup {
		return ErrDuplicate
	}
	if s.space(); !s.take(':') {
		return ErrSyntax
	}
	s.space()
	start := s.pos
	if err := s.value(depth + 1); err != nil {
		return err
	}
	into[name] = s.in[start:s.pos]
	return nil
}

func (s *scanner) value(depth int) error {
	if depth > MaxDepth {
		return ErrDepth
	}
	switch c := s.peek(); {
	case c == '{':
		return s.object(nil, depth)
	case c == '[':
		return s.array(depth)
	case c == '"':
		_, err := s.str()
		return err
	case c == '-' || digit(c):
		return s.number()
	default:
		return s.literal()
	}
}

func (s *scanner) array(depth int) error {
	s.take('[')
	if s.space(); s.take(']') {
		return nil
	}
	for {
		s.space()
		if err := s.value(depth + 1); err != nil {
			return err
		}
		if s.space(); s.take(']') {
			return nil
		}
		if !s.take(',') {
			return ErrSyntax
		}
	}
}

func (s *scanner) literal() error {
	for _, word := range [...]string{"true", "false", "null"} {
		if len(s.in)-s.pos >= len(word) && s.in[s.pos:s.pos+len(word)] == word {
			s.pos += len(word)
			return nil
		}
	}
	return ErrSyntax
}

func (s *scanner) number() error {
	s.take('-')
	if !s.take('0') && !s.digits() {
		return ErrSyntax
	}
	if s.take('.') && !s.digits() {
		return ErrSyntax
	}
	if s.take('e') || s.take('E') {
		if !s.take('+') {
			s.take('-')
		}
		if !s.digits() {
			return ErrSyntax
		}
	}
	return nil
}

// digits takes one digit or more.
func (s *scanner) digits() bool {
	start := s.pos
	for digit(s.peek()) {
		s.pos++
	}
	return s.pos > start
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// str reads a string and decodes its escapes. Text that is not UTF-8, bare
// control characters and lone surrogates are errors.
func (s *scanner) str() (string, error) {
	if !s.take('"') {
		return "", ErrSyntax
	}
	start := s.pos
	for s.pos < len(s.in) && s.in[s.pos] != '"' && s.in[s.pos] != '\\' && s.in[s.pos] >= ' ' {
		s.pos++
	}
	out := s.in[start:s.pos]
	if s.take('"') {
		return out, validUTF8(out)
	}
	buf := []byte(out)
	for s.pos < len(s.in) {
		c := s.in[s.pos]
		s.pos++
		switch {
		case c == '"':
			out = string(buf)
			return out, validUTF8(out)
		case c < ' ':
			return "", ErrSyntax
		case c == '\\':
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			buf = utf8.AppendRune(buf, r)
		default:
			buf = append(buf, c)
		}
	}
	return "", ErrSyntax
}

func validUTF8(s string) error {
	if !utf8.ValidString(s) {
		return ErrSyntax
	}
	return nil
}

// escape reads what follows a backslash.
func (s *scanner) escape() (rune, error) {
	c := s.peek()
	s.pos++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return s.unicode()
	}
	return 0, ErrSyntax
}

// unicode reads the four digits of a \u escape, and the second half of a
// surrogate pair.
func (s *scanner) unicode() (rune, error) {
	r, err := s.hex4()
	if err != nil || r < 0xD800 || r > 0xDFFF {
		return r, err
	}
	if r > 0xDBFF || !s.take('\\') || !s.take('u') {
		return 0, ErrSyntax
	}
	low, err := s.hex4()
	if err != nil || low < 0xDC00 || low > 0xDFFF {
		return 0, ErrSyntax
	}
	return (r-0xD800)<<10 + (low - 0xDC00) + 0x10000, nil
}

func (s *scanner) hex4() (rune, error) {
	if len(s.in)-s.pos < 4 {
		return 0, ErrSyntax
	}
	var r rune
	for _, c := range []byte(s.in[s.pos : s.pos+4]) {
		switch {
		case digit(c):
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, ErrSyntax
		}
	}
	s.pos += 4
	return r, nil
}

// Quote writes a string as JSON (RFC 8259 section 7), in ASCII, so that what
// cannot be seen shows. What is not UTF-8 in it becomes U+FFFD.
func Quote(s string) string {
	buf := []byte{'"'}
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			buf = append(buf, '\\', byte(r))
		case ' ' <= r && r <= '~':
			buf = append(buf, byte(r))
		case r > 0xFFFF: // a surrogate pair
			buf = appendHex4(appendHex4(buf, 0xD800+(r-0x10000)>>10), 0xDC00+r&0x3FF)
		default:
			buf = appendHex4(buf, r)
		}
	}
	return string(append(buf, '"'))
}

// Join writes an object of names and values, in turn; the values are JSON
// already.
func Join(namesAndValues []string) string {
	text, separator := "{", ""
	for i := 0; i < len(namesAndValues); i += 2 {
		text += separator + Quote(namesAndValues[i]) + ":" + namesAndValues[i+1]
		separator = ","
	}
	return text + "}"
}

func appendHex4(buf []byte, r rune) []byte {
	const hex = "0123456789abcdef"
	return append(buf, '\\', 'u', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}
