package graphql

import (
	"slices"
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
	// selected is what that is, gathered for each type that its object can have.
	selected map[string][]group
}

// collector gathers the fields of selections, in order.
type collector struct {
	*Plan
	object string // the type of what they are fields of
	groups []group
	at     map[string]int // key -> index in groups
}

// collect gathers the fields of selections on one object of a type, and those of
// its members.
func (p *Plan) collect(object string, sets ...ast.SelectionSet) []group {
	c := &collector{Plan: p, object: object, at: map[string]int{}}
	for _, set := range sets {
		c.add(set)
	}
	for i, g := range c.groups {
		if len(g.field.SelectionSet) == 0 {
			continue
		}
		c.groups[i].selected = map[string][]group{}
		for _, member := range p.schema.possible(g.field.Definition.Type.Name()) {
			c.groups[i].selected[member] = p.collect(member, g.sets...)
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
			if c.included(s.Directives) && c.applies(s.TypeCondition) {
				c.add(s.SelectionSet)
			}
		case *ast.FragmentSpread:
			if c.included(s.Directives) && c.applies(s.Definition.TypeCondition) {
				c.add(s.Definition.SelectionSet)
			}
		}
	}
}

// applies reports whether a fragment on a type is one on the object; "" is the
// type of what it stands in.
func (c *collector) applies(on string) bool {
	return on == "" || slices.Contains(c.schema.possible(on), c.object)
}

func (c *collector) addField(f *ast.Field) {
	i, ok := c.at[f.Alias]
	if !ok {
		i = len(c.groups)
		c.at[f.Alias] = i
		c.groups = append(c.groups, group{key: f.Alias, field: f, member: c.memberName(f.Name)})
	}
	c.groups[i].sets = append(c.groups[i].sets, f.SelectionSet)
}

// memberName is what a field of the object is called in answers: those that begin
// with _ do so in the schema alone.
func (c *collector) memberName(field string) string {
	if name := c.schema.Members[c.object+"."+field]; name != "" {
		return name
	}
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
