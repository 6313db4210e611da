package replay

import (
	"crypto/sha256"
	"encoding/hex"
)

// owner is a user that an answer showed with the target of an e-mail address.
type owner struct {
	born   string // when the user was made
	target *node
}

// giveTargets gives the users of an answer the targets that the recorded server
// owed them. It ran without its workers (the recordings' README), and so kept
// the targets of deleted users; whoever took such a user's e-mail address next
// got none. By contract section 9, an address makes one target.
func (l *learner) giveTargets(n *node) {
	for _, m := range n.members {
		l.giveTargets(m)
	}
	email, born, list := n.member("email").value(), n.member("$createdAt").value(), n.member("targets")
	if email == "" || list == nil {
		return
	}
	for _, t := range list.members {
		l.owners[t.member("identifier").value()] = owner{born, t.clone()}
	}
	if before, ok := l.owners[email]; ok && len(list.members) == 0 && before.born != born {
		list.members = append(list.members, before.target.handedOn(n.member("$id").value(), born))
	}
}

// handedOn is a target like this one, of a user made later.
func (n *node) handedOn(user, born string) *node {
	t := n.clone()
	sum := sha256.Sum256([]byte(user + born))
	for name, text := range map[string]string{"$id": hex.EncodeToString(sum[:10]), "$createdAt": born, "$updatedAt": born, "userId": user} {
		t.member(name).text = text
	}
	return t
}

// clone is a copy that shares nothing.
func (n *node) clone() *node {
	c := *n
	c.members = nil
	for _, m := range n.members {
		c.members = append(c.members, m.clone())
	}
	return &c
}
