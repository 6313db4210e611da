package graphql

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// Bounds of a query. MaxDepth and MaxComplexity are Appwrite's defaults.
const (
	// MaxDepth is how many levels of fields that have a selection may lie
	// below a field of the root: 1 in { accountListSessions { sessions { ip } } }.
	MaxDepth = 3
	// MaxComplexity is how many fields a query may select. A fragment's count
	// wherever it is spread.
	MaxComplexity = 250
	// Introspection has bounds of its own, which are above what tools ask for:
	// what lies below __schema and __type does not count for the other two.
	maxIntrospectionDepth      = 16
	maxIntrospectionComplexity = 500
)

// enough is where counting stops: fragments that spread others twice double
// with each.
const enough = 1 << 20

// cost is what a part of a query asks for.
type cost struct {
	// fields below the root's and levels of them, and those of introspection.
	fields, depth, introspected, introspectedDepth int
}

// add is the cost of two parts beside each other.
func (c cost) add(d cost) cost {
	return cost{min(c.fields+d.fields, enough), max(c.depth, d.depth),
		min(c.introspected+d.introspected, enough), max(c.introspectedDepth, d.introspectedDepth)}
}

// meter counts what the parts of a document cost, each fragment once.
type meter struct {
	doc       *ast.QueryDocument
	fragments map[fragmentUse]cost // counted so far
	counting  map[string]bool      // being counted
	used      map[string]bool
	// cycle is a fragment that is spread in itself, if there is one.
	cycle *ast.FragmentDefinition
}

// fragmentUse is a fragment, in introspection or not.
type fragmentUse struct {
	name          string
	introspection bool
}

// checkBounds refuses documents of which some operation asks for too much,
// with Appwrite's words. It comes before validation, whose effort the bounds
// limit; so what validation refuses late is refused here: fragments that make
// cycles and those that are not used.
func checkBounds(doc *ast.QueryDocument) *Result {
	m := &meter{doc: doc, fragments: map[fragmentUse]cost{}, counting: map[string]bool{}, used: map[string]bool{}}
	for _, op := range doc.Operations {
		c := m.selections(op.SelectionSet, false)
		if m.cycle != nil {
			return refused(fmt.Sprintf("Cannot spread fragment %q within itself.", m.cycle.Name), m.cycle.Position)
		}
		if r := c.check(op.Position); r != nil {
			return r
		}
	}
	for _, f := range doc.Fragments {
		if !m.used[f.Name] {
			return refused(fmt.Sprintf("Fragment %q is never used.", f.Name), f.Position)
		}
	}
	return nil
}

// check compares the cost of an operation with the bounds.
func (c cost) check(at *ast.Position) *Result {
	// The field of the root is at depth 0.
	depth, introspectedDepth := c.depth-1, c.introspectedDepth-1
	switch {
	case depth > MaxDepth:
		return refused(fmt.Sprintf("Max query depth should be %d but got %d.", MaxDepth, depth), at)
	case c.fields > MaxComplexity:
		return refused(fmt.Sprintf("Max query complexity should be %d but got %d.", MaxComplexity, c.fields), at)
	case introspectedDepth > maxIntrospectionDepth:
		return refused(fmt.Sprintf("Max introspection depth should be %d but got %d.", maxIntrospectionDepth, introspectedDepth), at)
	case c.introspected > maxIntrospectionComplexity:
		return refused(fmt.Sprintf("Max introspection complexity should be %d but got %d.", maxIntrospectionComplexity, c.introspected), at)
	}
	return nil
}

func (m *meter) selections(set ast.SelectionSet, introspection bool) cost {
	var sum cost
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			sum = sum.add(m.field(s, introspection))
		case *ast.InlineFragment:
			sum = sum.add(m.selections(s.SelectionSet, introspection))
		case *ast.FragmentSpread:
			sum = sum.add(m.fragment(fragmentUse{s.Name, introspection}))
		}
	}
	return sum
}

func (m *meter) field(f *ast.Field, introspection bool) cost {
	introspection = introspection || f.Name == "__schema" || f.Name == "__type"
	c := m.selections(f.SelectionSet, introspection)
	level := min(len(f.SelectionSet), 1)
	if introspection {
		return c.add(cost{introspected: 1, introspectedDepth: c.introspectedDepth + level})
	}
	return c.add(cost{fields: 1, depth: c.depth + level})
}

func (m *meter) fragment(use fragmentUse) cost {
	c, counted := m.fragments[use]
	def := m.doc.Fragments.ForName(use.name)
	switch {
	case def == nil: // which validation refuses
		return cost{}
	case m.counting[use.name]:
		m.cycle = def
		return cost{}
	case counted:
		return c
	}
	m.used[use.name], m.counting[use.name] = true, true
	c = m.selections(def.SelectionSet, use.introspection)
	m.fragments[use] = c
	delete(m.counting, use.name)
	return c
}
