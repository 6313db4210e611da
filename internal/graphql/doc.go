// Package graphql runs GraphQL operations (https://spec.graphql.org) whose
// root fields are answered by somebody else, in JSON. Parsing and validation
// are gqlparser's; the bounds, the execution and the introspection are here.
//
// All that a query can cost is bounded before any of it runs, except for the
// length of what is answered, which is bounded while it is written.
//
// Names that begin with $, which GraphQL does not allow, begin with _ in the
// schema: the field _id is the member $id of an answer.
package graphql
