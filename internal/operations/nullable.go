package operations

import "strings"

// Nullable reports whether a parameter has to be there, and is null for none: the
// official packages declare it as one that may be left out, and refuse a call
// without it.
func (o Operation) Nullable(p Param) bool {
	switch {
	case !p.Optional || !strings.HasPrefix(o.Method(), "update"):
		return false
	case p.Wire == "default":
		return p.Type != "any[][]" && p.Type != "number[]" // of all but points, lines and polygons
	}
	return p.Name == "total" && strings.HasSuffix(o.Method(), "Policy")
}
