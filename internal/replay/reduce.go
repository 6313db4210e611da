package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// A reduced expectation keeps of a JSON body its members, in order, and what
// kind of value each has: "string", "int", ..., or the variable that stands
// for a value handed out, "${id3}". Of equal members of a list that follow
// each other the first is kept, and "+N" for N more.

// reduce makes a committed expectation of a full one: without bodies and
// messages.
func (w *want) reduce() *want {
	if w == nil {
		return nil
	}
	r := &want{Status: w.Status, Type: w.Type, Cookies: w.Cookies, JWT: w.JWT, Headers: map[string][]string{}}
	for name, list := range w.Headers {
		if !constant[name] {
			r.Headers[name] = list
		}
	}
	if w.Mail != nil {
		short := *w.Mail
		short.Subject = ""
		r.Mail = &short
	}
	if w.Full != nil {
		r.JSON = json.RawMessage(w.Full.shape())
	}
	return r
}

// shape writes the kinds of a value down as JSON.
func (n *node) shape() string {
	if n.isScalar() {
		if n.kind == kindString && variableOnly(n.text) {
			return encode(n.text)
		}
		return encode(n.kind)
	}
	parts := []string{}
	for i, m := range n.members {
		part := m.shape()
		if n.kind == kindObject {
			part = encode(n.names[i]) + ":" + part
		}
		parts = append(parts, part)
	}
	if n.kind == kindObject {
		return "{" + strings.Join(parts, ",") + "}"
	}
	return "[" + strings.Join(collapse(parts), ",") + "]"
}

// variableOnly reports whether a template is a variable, but for the padding of a
// store string.
func variableOnly(template string) bool {
	bare := strings.TrimRight(template, "=")
	return bare != "" && placeholder.FindString(bare) == bare
}

// collapse writes runs of equal parts as the first and "+N".
func collapse(parts []string) []string {
	var short []string
	for i := 0; i < len(parts); {
		end := i + 1
		for end < len(parts) && parts[end] == parts[i] {
			end++
		}
		short = append(short, parts[i])
		if end-i > 1 {
			short = append(short, fmt.Sprintf(`"+%d"`, end-i-1))
		}
		i = end
	}
	return short
}

// encode writes JSON without escaping <, > and &. What is encoded here always
// can be.
func encode(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}

// shape compares a value with the expected shape.
func (c *comparison) shape(got *node) {
	want, err := parseNode(c.want.JSON)
	if err != nil {
		c.differ("body", "an expectation that can be read", err.Error())
		return
	}
	c.shapeOf("", want, got)
}

// shapeOf compares a value with its shape.
func (c *comparison) shapeOf(path string, want, got *node) {
	switch {
	case want.kind == kindString:
		if !c.kindIs(want.text, got) {
			c.differ("body "+path, want.text, got.kindForm())
		}
	case want.kind != got.kind:
		c.differ("body "+path, want.kind, got.kindForm())
	case want.kind == kindList:
		c.listShape(path, expand(want.members), got.members)
	default:
		if a, b := strings.Join(want.names, " "), strings.Join(got.names, " "); a != b {
			c.differ("body "+path+"/", a, b)
		}
		for i, name := range want.names {
			if m := got.member(name); m != nil {
				c.shapeOf(path+"/"+name, want.members[i], m)
			}
		}
	}
}

// listShape compares the members of a list with their shapes.
func (c *comparison) listShape(path string, want, got []*node) {
	if len(want) != len(got) {
		c.differ("body "+path, fmt.Sprint(len(want), " members"), fmt.Sprint(len(got), " members"))
		return
	}
	for i := range min(len(want), len(got)) {
		c.shapeOf(fmt.Sprint(path, "/", i), want[i], got[i])
	}
}

// expand undoes collapse.
func expand(list []*node) []*node {
	var all []*node
	for i, m := range list {
		text, more := strings.CutPrefix(m.text, "+")
		n, err := strconv.Atoi(text)
		if !more || err != nil {
			all = append(all, m)
			continue
		}
		for range n {
			all = append(all, list[i-1])
		}
	}
	return all
}

// kindIs reports whether a scalar is of the kind, or has the variable's value.
func (c *comparison) kindIs(kind string, got *node) bool {
	switch kind {
	case kindGuess:
		return got.kind == kindBool || got.kind == kindNull
	case kindString:
		return got.kind == kindString
	case kindForeign:
		return got.kind == kindObject
	case kindDate:
		return got.kind == kindString && dateForm.MatchString(got.text)
	case kindNote:
		return got.kind == kindString && noteForm.MatchString(got.text)
	case kindPhrase:
		return got.kind == kindString && phraseForm.MatchString(got.text)
	case kindPHC:
		return got.kind == kindString && phcForm.MatchString(got.text)
	case kindHash:
		return got.kind == kindString && hashForm.MatchString(got.text)
	case kindCost:
		return got.kind == kindInt
	case kindTook:
		return got.took()
	case kindInt, kindFloat, kindBool, kindNull:
		return got.kind == kind
	}
	return got.kind == kindString && c.env.match(kind, got.text)
}

// kindForm is a value's kind, for a difference of shapes.
func (n *node) kindForm() string {
	if n.kind == kindString {
		return strconv.Quote(n.text)
	}
	return n.kind
}
