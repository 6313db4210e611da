package replay

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/isojot/isojot/server"
)

// allScopes is the name of the keys that the recorder gave every scope, one to
// each project.
const allScopes = "k"

// newKey is the body of a call that makes an API key.
type newKey struct {
	Name   string
	Scopes []string
}

// madeKey reads the call that makes an API key of a project; it is not ok for
// other calls.
func madeKey(q request) (project string, key newKey, ok bool) {
	project, what, ok := managed(q)
	if !ok || what != "keys" || json.Unmarshal([]byte(q.Body), &key) != nil {
		return "", newKey{}, false
	}
	return project, key, true
}

// variable is that of the key.
func (k newKey) variable(project string) string {
	if k.Name == allScopes {
		return keyVariable(project)
	}
	return keyVariable(project + k.Name)
}

// learnKey learns an API key that was made.
func (l *learner) learnKey(q request, answer string) error {
	project, key, ok := madeKey(q)
	if !ok {
		return nil
	}
	var made struct{ Secret string }
	if err := json.Unmarshal([]byte(answer), &made); err != nil {
		return fmt.Errorf("the new key: %w", err)
	}
	l.learn(made.Secret, key.variable(project))
	return nil
}

// makeKey makes an API key with those of its scopes that there are here, and
// returns its variable. Keys of all scopes are there from the start.
func (w *world) makeKey(project string, key newKey) (env, error) {
	n := server.NewKey{Name: key.Name}
	for _, scope := range key.Scopes {
		if slices.Contains(server.Scopes(), scope) {
			n.Scopes = append(n.Scopes, scope)
		}
	}
	if len(n.Scopes) == 0 {
		n.Scopes = []string{"locale.read"} // which opens nothing that a guest cannot do
	}
	secret, _, err := w.server.Keys().Create(w.ctx, project, n)
	return env{key.variable(project): secret}, err
}

// keyVariable is the variable of a project's all-scopes API key.
func keyVariable(project string) string { return "key" + strings.Map(letters, project) }

// letters keeps what a variable's name can hold.
func letters(r rune) rune {
	if r < 'a' || r > 'z' {
		return -1
	}
	return r
}
