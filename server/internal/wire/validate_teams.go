package wire

import (
	"fmt"
	"regexp"
)

// Bounds of the teams service.
const (
	maxRoles = 100 // of a membership
	// MaxRole and MaxTeamRole are how long a role may be, in characters: in a
	// membership, and in the one that comes with a new team.
	MaxRole, MaxTeamRole = 81, 36
)

// rolePattern is what a role in a team looks like.
var rolePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// Roles are the roles of a membership, each of at most so many characters.
func (p Params) Roles(name string, most int) ([]string, error) {
	v, err := p.required(name)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	roles := []string{}
	for _, item := range list {
		role, isString := item.(string)
		ok = ok && isString && len(role) <= most && rolePattern.MatchString(role)
		roles = append(roles, role)
	}
	if !ok || len(list) > maxRoles {
		return nil, Invalid(name, fmt.Sprintf("Value must a valid array no longer than %d items and Parameter must contain at most %d chars. "+
			"Valid chars are a-z, A-Z, 0-9, period, hyphen, and underscore. Can't start with a special char", maxRoles, most))
	}
	return roles, nil
}
