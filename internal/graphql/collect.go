package graphql

import "github.com/vektah/gqlparser/v2/ast"

// group are the fields of a query that are answered as one: the same field,
// with the same arguments (section 6.3.2 of the specification).
type group struct {
	key    string // in the answer
	fields []*ast.Field
}

// sets are what is selected of the field.
func (g group) sets() []ast.SelectionSet {
	sets := make([]ast.SelectionSet, len(g.fields))
	for i, f := range g.fields {
		sets[i] = f.SelectionSet
	}
	return sets
}

// collector gathers the fields of selections, in order.
type collector struct {
	*Plan
	groups []group
	at     map[string]int // key -> index in groups
}

// collect gathers the fields of selections on one object. All types are
// objects, so that every fragment that is valid applies.
func (p *Plan) collect(sets ...ast.SelectionSet) []group {
	c := &collector{Plan: p, at: map[string]int{}}
	for _, set := range sets {
		c.add(set)
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
		c.groups = append(c.groups, group{key: f.Alias})
	}
	c.groups[i].fields = append(c.groups[i].fields, f)
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
