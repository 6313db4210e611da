package isojot

import (
	"iter"
	"strings"
)

// Routes returns the operations that Call knows, by name in alphabetical
// order: all of Appwrite's, of which isojot's own server answers some.
func Routes() iter.Seq2[string, Route] {
	return func(yield func(string, Route) bool) {
		for line := range strings.SplitSeq(strings.TrimSpace(table), "\n") {
			if o := operationOf(line); !yield(o.Name, o.Route) {
				return
			}
		}
	}
}

// RouteOf returns the route of an operation that Call knows, and whether there
// is one of that name.
func RouteOf(operation string) (Route, bool) {
	o, ok := find(operation)
	return o.Route, ok
}

// find returns the operation of that name that Call knows.
func find(name string) (Operation, bool) {
	_, rest, found := strings.Cut(table, "\n"+name+" ")
	if !found || strings.ContainsAny(name, " \n") || name == "" {
		return Operation{}, false
	}
	line, _, _ := strings.Cut(rest, "\n")
	return operationOf(name + " " + line), true
}

// operationOf reads a line of the table: the name, the method, the path, the
// lanes by their letters, and then the parameters, of which those that may be
// left out end with a question mark. A word with an equals sign is one of the
// members that few operations have.
func operationOf(line string) Operation {
	words := strings.Fields(line)
	o := Operation{Name: words[0], Route: Route{Pattern: words[1] + " " + words[2]}}
	for _, letter := range words[3] {
		o.Lanes = append(o.Lanes, Lane(strings.IndexRune("gsjk", letter)))
	}
	for _, word := range words[4:] {
		if member, value, ok := strings.Cut(word, "="); ok {
			set(&o.Route, member, value)
			continue
		}
		name, optional := strings.CutSuffix(word, "?")
		o.Params = append(o.Params, name)
		if optional {
			o.Optional = append(o.Optional, name)
		}
	}
	return o
}

// set sets a member from the table.
func set(r *Route, member, value string) {
	switch member {
	case "effect":
		r.Effect = Effect(value[0] - '0')
	case "answer":
		r.Answer = Answer(value[0] - '0')
	case "accept":
		r.Accept = Accept(value[0] - '0')
	}
}
