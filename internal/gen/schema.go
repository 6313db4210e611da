package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/operations"
)

// typeNames are the types of parameters in GraphQL.
var typeNames = map[operations.Type]string{
	operations.String: "String", operations.Int: "Int", operations.Bool: "Boolean", operations.Object: "Assoc",
	operations.Prefs: "Assoc", operations.Strings: "[String]",
}

// optionalInPath are the operations whose last parameter may be left out in
// GraphQL, as in Appwrite, though it is part of a path.
var optionalInPath = []string{"account.getSession", "account.updateSession", "account.deleteSession"}

// textQueries are the operations whose queries are one text in GraphQL, as in
// Appwrite.
var textQueries = []string{"account.listIdentities", "users.listIdentities", "users.listTargets"}

// queries are the fields of the schema's type Query.
func queries(all []operations.Operation) []byte { return fields(all, true) }

// mutations are the fields of the schema's type Mutation.
func mutations(all []operations.Operation) []byte { return fields(all, false) }

// fields are the operations that GraphQL offers, of those that read or of those
// that change, a blank line between the services.
func fields(all []operations.Operation, reads bool) []byte {
	var b bytes.Buffer
	service := ""
	for _, o := range all {
		if o.Answer == "" || o.Endpoint == nil || o.Reads() != reads {
			continue
		}
		if service != "" && service != o.Service() {
			b.WriteString("\n")
		}
		service = o.Service()
		if o.Note != "" {
			fmt.Fprintf(&b, "  %q\n", o.Note)
		}
		fmt.Fprintf(&b, "  %s%s: %s\n", o.Field(), arguments(o), o.Answer)
	}
	return b.Bytes()
}

// typeName is the GraphQL type of a parameter; the values of enumerations are
// strings.
func typeName(t operations.Type) string {
	if name, ok := typeNames[t]; ok {
		return name
	}
	return "String"
}

// arguments are the parameters of a field.
func arguments(o operations.Operation) string {
	if len(o.Params) == 0 {
		return ""
	}
	var list []string
	for _, p := range o.Params {
		list = append(list, p.Name+": "+argumentType(o, p))
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// argumentType is the type of a parameter of an operation.
func argumentType(o operations.Operation, p operations.Param) string {
	switch {
	case p.Name == "queries" && slices.Contains(textQueries, o.Name):
		return "String"
	case p.Optional, p.Name == "sessionId" && slices.Contains(optionalInPath, o.Name):
		return typeName(p.Type)
	case p.Type == operations.Strings:
		return "[String!]!"
	}
	return typeName(p.Type) + "!"
}
