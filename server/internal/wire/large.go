package wire

import (
	"bytes"
	"encoding/json"
	"mime"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// LargeParams reads the parameters of a body that may be large: of JSON, texts
// may be, and nothing else, since decoded it would take many times as much.
func LargeParams(contentType string, body []byte) (Params, error) {
	kind, _, err := mime.ParseMediaType(contentType)
	if err == nil && kind == "application/json" {
		return largeJSON(body), nil
	}
	if len(body) > MaxBody {
		return Params{}, nil
	}
	return BodyParams(contentType, body)
}

// largeJSON reads an object, whose members stay where they are in the body.
func largeJSON(body []byte) Params {
	body = bytes.TrimSpace(body)
	if TooDeep(body) || !json.Valid(body) || body[0] != '{' {
		return Params{}
	}
	values := map[string]any{}
	for rest := body[1:]; len(values) <= maxMembers; {
		var name, value json.RawMessage
		if name, rest = cutValue(rest); name == nil {
			return Params{values}
		}
		value, rest = cutValue(rest)
		values[JSONValue(name).(string)] = largeValue(value)
	}
	return Params{values}
}

// cutValue cuts a name or a value off the rest of an object, which is valid,
// and nil at its end.
func cutValue(rest []byte) (value, after []byte) {
	rest = bytes.TrimLeftFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ':' })
	depth, quoted := 0, false
	for i := 0; i < len(rest); i++ {
		switch b := rest[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			depth++
		case depth == 0 && i == 0 && b == '}':
			return nil, nil
		case depth == 0 && (b == ',' || b == ':' || b == '}'):
			return bytes.TrimSpace(rest[:i:i]), rest[i:]
		case b == '}' || b == ']':
			depth--
		}
	}
	return nil, nil
}

// largeValue is a member, to be read when it is asked for. A list, which no
// parameter of an execution is, becomes another one: decoded, it would take many
// times as much.
func largeValue(text json.RawMessage) any {
	if text[0] == '[' && len(bytes.TrimSpace(text[1:])) > 1 {
		return []any{nil}
	}
	return text
}

// maxMembers is how many members are read of such an object: there are fewer
// parameters.
const maxMembers = 64

// LongText is a text that may be large; nil when it is absent. It is decoded where
// it is, in the body, and so needs no memory of its own.
func (p Params) LongText(name, description string, most int) ([]byte, error) {
	raw, ok := p.values[name].(json.RawMessage)
	if !ok || raw[0] != '"' {
		text, err := p.OptionalText(name, description, func(s string) bool { return utf8.RuneCountInString(s) <= most })
		return []byte(text), err
	}
	if !utf8.Valid(raw) {
		return nil, Invalid(name, description)
	}
	delete(p.values, name) // it is not what it was
	text := unescapeJSON(raw[1 : len(raw)-1])
	if utf8.RuneCount(text) > most {
		return nil, Invalid(name, description)
	}
	return text, nil
}

// unescapeJSON decodes what is between the quotes of a valid JSON string, in place:
// no escape is shorter than what it stands for. Half a surrogate pair becomes
// U+FFFD, as in encoding/json.
func unescapeJSON(text []byte) []byte {
	to := text[:0]
	for {
		plain := bytes.IndexByte(text, '\\')
		if plain < 0 {
			return append(to, text...)
		}
		to, text = append(to, text[:plain]...), text[plain:]
		if text[1] != 'u' {
			to, text = append(to, unescaped[text[1]]), text[2:]
			continue
		}
		r := hexRune(text)
		if text = text[6:]; utf16.IsSurrogate(r) {
			pair := utf16.DecodeRune(r, hexRune(text))
			if r = pair; r != utf8.RuneError {
				text = text[6:]
			}
		}
		to = utf8.AppendRune(to, r)
	}
}

// unescaped are the characters that have an escape of one.
var unescaped = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// hexRune is what \uXXXX at the beginning of a text stands for; -1 where there is
// none.
func hexRune(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil { // cannot happen: it is valid
		return -1
	}
	return rune(n)
}
