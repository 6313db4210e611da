// Package models says what the API answers with: the models of the official
// packages, which are objects, and their enumerations. From it go run
// ./internal/gen writes the types of the npm package and of the Go services. No
// program links it.
package models

import "github.com/isojot/isojot/internal/operations"

// Model is an object that the API answers with.
type Model struct {
	// Name is that of the official packages, such as "User".
	Name string
	// Only is which of the official packages has it so, where they differ.
	Only operations.Package
	// Params are the type parameters: Preferences, Row or Document.
	Params []string
	// Is are the models whose fields it has too.
	Is []string
	// Index is the type of further fields, of any name, or "" for none.
	Index string
	// Fields are in the order of the official packages.
	Fields []Field
}

// Field is a field of a model.
type Field struct {
	Name string
	// Type is the TypeScript type, models without their namespace; "" for string.
	Type string
	// Optional: some answers lack it.
	Optional bool
}

// Enum is an enumeration of strings.
type Enum struct {
	// Name is that of the official packages, such as "OAuthProvider".
	Name string
	// Only is which of the official packages has it so, where they differ.
	Only operations.Package
	// Values are in the order of the official packages.
	Values []Value
}

// Value is one value of an enumeration.
type Value struct {
	Name  string // such as "Creditcard"
	Value string // such as "credit-card"
}
