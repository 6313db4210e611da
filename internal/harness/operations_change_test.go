//go:build !race

package harness

import (
	"net/http"
	"testing"
	"time"
)

// unseen are the operations whose change look does not see: what they make is in
// the answer alone, whose status shows that a right was lost.
var unseen = map[string]string{
	"account.createAnonymousSession":  "it makes a user whose id nobody knows before",
	"account.createRecovery":          "it sends a message",
	"account.createEmailVerification": "it sends a message",
	"account.createVerification":      "it sends a message",
	"account.createPhoneVerification": "it sends a message",
	"account.createMFAChallenge":      "it makes a challenge",
	"account.createMFAAuthenticator":  "it makes a secret, which counts for nothing until a code of it is shown",
	"account.createJWT":               "it makes a token, and the limit is looked at",
	"users.createJWT":                 "it makes a token",
	"users.createToken":               "it makes a token",
}

// neverByJWT reports whether only a session may ask for an operation, which has
// answered a challenge or is to answer one.
func neverByJWT(o *operation) bool {
	return afterFactors[o.name] || o.name == "account.updateMFAChallenge"
}

// What a lost right would change shows only where the operation changes something
// with the right: each row does.
func TestOperationsChangeWhatTheRightIsFor(t *testing.T) {
	t.Parallel()
	p := newPlace(t, oneServer, userRules)
	all := &event{ways: byUser | byServer | byPassword | byToken | byLink}
	for _, a := range all.attempts(t) {
		op := a.call.op
		if a.over != rest || a.by == byJWT && neverByJWT(op) {
			continue
		}
		w := p.waiter(a)
		p.clock.move(time.Millisecond)
		answer := p.ask(here, a.call.request(rest))
		changed := differ(w.before, a.look(p))
		if answer.status >= http.StatusMultipleChoices || changed == nil && unseen[op.name] == "" {
			t.Errorf("%v by %v: %d, and it changed %v: %s", op, a.by, answer.status, changed, trimmed(answer.body))
		}
		if changed != nil && unseen[op.name] != "" {
			t.Errorf("%v by %v changed %v, so it need not be unseen", op, a.by, changed)
		}
	}
}
