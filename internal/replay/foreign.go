package replay

// kindForeign is a member of a list that other scenarios made, where each is
// played apart: there is somebody in its place, of whom no more is compared.
const kindForeign = "foreign"

// hideForeign replaces the members of an answer's lists of users and teams that
// no answer to the learner's scenarios told of alone, and learns whom this one
// tells of.
func (l *learner) hideForeign(n *node) {
	if !l.apart {
		return
	}
	for i, name := range n.names {
		if list := n.members[i]; list.kind == kindList && (name == "users" || name == "teams") {
			for j, m := range list.members {
				if id := m.id(); id != "" && !l.mine[id] {
					list.members[j] = &node{kind: kindForeign}
				}
			}
			return
		}
	}
	for _, name := range []string{"$id", "_id", "userId"} {
		if id := n.member(name).value(); id != "" {
			l.mine[id] = true
		}
	}
	for _, m := range n.members {
		l.hideForeign(m)
	}
}

// id is the id of an object, as REST or GraphQL writes it; "" without one.
func (n *node) id() string {
	if id := n.member("$id"); id != nil {
		return id.text
	}
	return n.member("_id").value()
}
