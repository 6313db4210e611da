package graphql

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// group are the fields of a query that are answered as one: the same field,
// with the same arguments (section 6.3.2 of the specification).
type group struct {
	key   string // in the answer
	field *ast.Field
	// member is what the field is called where it is answered from.
	member string
	sets   []ast.SelectionSet // what is selected of the fields
	groups []group            // and what that is, gathered
}

// collector gathers the fields of selections, in order.
type collector struct {
	*Plan
	groups []group
	at     map[string]int // key -> index in groups
}

// collect gathers the fields of selections on one object, and those of its
// members. All types are objects, so that every fragment that is valid applies.
func (p *Plan) collect(sets ...ast.SelectionSet) []group {
	c := &collector{Plan: p, at: map[string]int{}}
	for _, set := range sets {
		c.add(set)
	}
	for i, g := range c.groups {
		if len(g.field.SelectionSet) > 0 {
			c.groups[i].groups = p.collect(g.sets...)
		}
	}
	return c.groups
}

func (c *collector) add(set ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if c.included(s.Directives) {
				c.addField(s)
			}
		case *ast.InlineFragment:
			if c.included(s.Directives) {
				c.add(s.SelectionSet)
			}
		case *ast.FragmentSpread:
			if c.included(s.Directives) {
				c.add(s.Definition.SelectionSet)
			}
		}
	}
}

func (c *collector) addField(f *ast.Field) {
	i, ok := c.at[f.Alias]
	if !ok {
		i = len(c.groups)
		c.at[f.Alias] = i
		c.groups = append(c.groups, group{key: f.Alias, field: f, member: memberName(f.Name)})
	}
	c.groups[i].sets = append(c.groups[i].sets, f.SelectionSet)
}

// memberName is what a field is called that begins with _ in the schema alone.
func memberName(field string) string {
	if own, ok := strings.CutPrefix(field, "_"); ok {
		return "$" + own
	}
	return field
}

// included reports whether the directives skip and include let a selection be.
func (p *Plan) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		condition := d.Arguments.ForName("if")
		if condition == nil {
			continue
		}
		if yes := string(p.value(condition.Value)) == "true"; d.Name == "skip" && yes || d.Name == "include" && !yes {
			return false
		}
	}
	return true
}
