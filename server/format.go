package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// formatVersion is the version of the API whose answers a client reads.
type formatVersion [3]int

// before reports whether v is an earlier version.
func (v formatVersion) before(other formatVersion) bool { return slices.Compare(v[:], other[:]) < 0 }

// newest is the version without the header; nothing is left out of its answers.
var newest = formatVersion{1 << 30}

// The versions since which members are in answers (contract section 9).
var (
	formatMFA          = formatVersion{1, 5, 0}
	formatImpersonator = formatVersion{1, 9, 0}
)

// formatPattern is what X-Appwrite-Response-Format begins with.
var formatPattern = regexp.MustCompile(`^(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?`)

// parseFormat reads X-Appwrite-Response-Format. What is no version is older
// than all (contract section 13.12).
func parseFormat(header string) formatVersion {
	if header == "" {
		return newest
	}
	var v formatVersion
	if m := formatPattern.FindStringSubmatch(strings.TrimSpace(header)); m != nil {
		for i := range v {
			v[i], _ = strconv.Atoi(m[i+1]) // digits, or "" for 0
		}
	}
	return v
}

// formatted is an answer that older clients read in another form.
type formatted interface {
	// format is the answer as that version has it.
	format(formatVersion) any
}

// answer answers with a body of JSON, in the form the client asks for.
func (c *call) answer(status int, body any) { c.s.writeJSON(c.w, status, c.formatted(body)) }

// formatted is a body in that form.
func (c *call) formatted(body any) any {
	if f, ok := body.(formatted); ok {
		if v := parseFormat(c.r.Header.Get("X-Appwrite-Response-Format")); v != newest {
			return f.format(v)
		}
	}
	return body
}

// without is an object of which some members are left out.
type without struct {
	object  any
	members []string
}

// less is the object without the members that came after the version. Pairs
// are a version and its members.
func less(object any, v formatVersion, since map[formatVersion][]string) any {
	var gone []string
	for version, members := range since {
		if v.before(version) {
			gone = append(gone, members...)
		}
	}
	if gone == nil {
		return object
	}
	return without{object, gone}
}

// MarshalJSON implements json.Marshaler; the order of the members is kept.
func (w without) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(w.object)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	var kept [][]byte
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		if text := fmt.Sprint(name); !slices.Contains(w.members, text) {
			kept = append(kept, slices.Concat([]byte(strconv.Quote(text)), []byte(":"), value))
		}
	}
	return slices.Concat([]byte("{"), bytes.Join(kept, []byte(",")), []byte("}")), nil
}

// accountSince are the members of an account by the version they came with.
var accountSince = map[formatVersion][]string{formatImpersonator: {"impersonator", "impersonatorUserId"}}

// sessionSince are those of a session.
var sessionSince = map[formatVersion][]string{formatMFA: {"factors", "secret"}}

func (a accountJSON) format(v formatVersion) any { return less(a, v, accountSince) }

func (s sessionJSON) format(v formatVersion) any { return less(s, v, sessionSince) }

func (l sessionListJSON) format(v formatVersion) any {
	list := make([]any, len(l.Sessions))
	for i, s := range l.Sessions {
		list[i] = s.format(v)
	}
	return struct {
		Total    int   `json:"total"`
		Sessions []any `json:"sessions"`
	}{l.Total, list}
}
