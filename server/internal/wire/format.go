package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Version is the version of the API whose answers a client reads.
type Version [3]int

// Before reports whether v is an earlier version.
func (v Version) Before(other Version) bool { return slices.Compare(v[:], other[:]) < 0 }

// Newest is the version without the header; nothing is left out of its answers.
var Newest = Version{1 << 30}

// formatPattern is what X-Appwrite-Response-Format begins with.
var formatPattern = regexp.MustCompile(`^(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?`)

// ParseFormat reads X-Appwrite-Response-Format. What is no version is older
// than all (contract section 13.12).
func ParseFormat(header string) Version {
	if header == "" {
		return Newest
	}
	var v Version
	if m := formatPattern.FindStringSubmatch(strings.TrimSpace(header)); m != nil {
		for i := range v {
			v[i], _ = strconv.Atoi(m[i+1]) // digits, or "" for 0
		}
	}
	return v
}

// Formatted is an answer that older clients read in another form.
type Formatted interface {
	// Format is the answer as that version has it.
	Format(Version) any
}

// without is an object of which some members are left out.
type without struct {
	object  any
	members []string
}

// Without is an object of which some members are left out of its JSON, which
// keeps its order.
func Without(object any, members ...string) json.Marshaler { return without{object, members} }

// Less is the object without the members that came after the version; since
// lists them by the version that they came with.
func Less(object any, v Version, since map[Version][]string) any {
	var gone []string
	for version, members := range since {
		if v.Before(version) {
			gone = append(gone, members...)
		}
	}
	if gone == nil {
		return object
	}
	return Without(object, gone...)
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
