package main

import (
	"bytes"
	"fmt"
	"go/format"

	"github.com/isojot/isojot/internal/dts"
	"github.com/isojot/isojot/internal/operations"
)

// masks writes, for each struct of parameters that holds credentials, what
// keeps them out of logs. Call encodes the fields, which mask nothing.
func masks(files map[string][]byte, all []operations.Operation) error {
	found, err := dts.SecretParameters(".", all)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString(header + "package isojot\n\nimport (\n\"encoding/json\"\n\"fmt\"\n\n\"github.com/isojot/isojot/internal/mask\"\n)\n")
	for _, p := range found {
		fields := dts.LowerCamel(p.Type) + "Fields"
		fmt.Fprintf(&b, "\ntype %[1]s %[2]s\n\nfunc (p %[2]s) masked() %[1]s {\n", fields, p.Type)
		for _, name := range p.Fields {
			fmt.Fprintf(&b, "p.%[1]s = mask.Of(p.%[1]s)\n", name)
		}
		fmt.Fprintf(&b, `return %[1]s(p)
}

// Format implements fmt.Formatter, without the credentials.
func (p %[2]s) Format(f fmt.State, verb rune) { show(f, verb, p.masked()) }

// MarshalJSON masks the credentials.
func (p %[2]s) MarshalJSON() ([]byte, error) { return json.Marshal(p.masked()) }
`, fields, p.Type)
	}
	files["maskedparams_gen.go"], err = format.Source(b.Bytes())
	return err
}
