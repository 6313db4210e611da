package dts

import (
	"fmt"
	"strings"

	"github.com/isojot/isojot/internal/operations"
)

// Secrets are the credentials of a struct of parameters: its name, and those of
// its fields.
type Secrets struct {
	Type   string
	Fields []string
}

// SecretParameters finds the structs of parameters that hold credentials, of
// the methods in the package in dir that are operations.
func SecretParameters(dir string, all []operations.Operation) ([]Secrets, error) {
	source, err := parse(dir)
	if err != nil {
		return nil, err
	}
	g := newGenerator(source, all)
	var found []Secrets
	for _, m := range source.methods {
		operation := g.operations[g.operationOf(m, lowerCamel(m.receiver)+".")]
		for _, argument := range m.decl.Type.Params.List {
			name := fmt.Sprint(argument.Type)
			if s := source.structs[name]; s != nil {
				if own := s.secrets(operation); own != nil {
					found = append(found, Secrets{name, own})
				}
			}
		}
	}
	return found, nil
}

// secrets are the fields that are credentials among the operation's parameters.
func (s *structType) secrets(o operations.Operation) (names []string) {
	for _, f := range s.fields {
		for _, p := range o.Params {
			if p.Secret && strings.EqualFold(p.Name, f.json) {
				names = append(names, f.name)
			}
		}
	}
	return names
}

// LowerCamel is an exported name as that of something that is not.
func LowerCamel(name string) string { return lowerCamel(name) }
