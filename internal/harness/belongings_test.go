//go:build !race

package harness

import (
	"net/url"
	"sync"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/isojot/isojot/server"
)

// belongings are what operations change besides the user and its sessions, each
// made at the first call.
type belongings struct {
	execution, team, membership, target, identity func() string
	challenge, invitation                         func() args
}

func newBelongings(w *person) *belongings {
	return &belongings{
		execution: sync.OnceValue(w.newExecution), team: sync.OnceValue(w.newTeam), membership: sync.OnceValue(w.newMembership),
		target: sync.OnceValue(w.newTarget), identity: sync.OnceValue(w.newIdentity),
		challenge: sync.OnceValue(w.newChallenge), invitation: sync.OnceValue(w.newInvitation),
	}
}

func (w *person) newExecution() string {
	return w.place.must(201, here, "POST", "/v1/functions/echo/executions", "{}").member("$id")
}

// newTeam makes a team that the person owns.
func (w *person) newTeam() string {
	id := "t" + w.id
	w.place.must(201, here, "POST", "/v1/teams", quote(args{"teamId": id, "name": "Team"}))
	w.place.must(201, here, "POST", "/v1/teams/"+id+"/memberships", quote(args{"userId": w.id, "roles": []string{"owner"}}))
	return id
}

// newMembership is one of another user, in the person's team.
func (w *person) newMembership() string {
	other := w.place.newPerson(needs{})
	return w.place.must(201, here, "POST", "/v1/teams/"+w.has.team()+"/memberships", quote(args{"userId": other.id, "roles": []string{"x"}})).member("$id")
}

// newInvitation has another user invite the person, and is what accepts that. It
// signs nobody in, as after a change of password: the session is what it takes.
func (w *person) newInvitation() args {
	host := w.place.newPerson(needs{ways: bySession})
	team := host.has.team()
	made := host.do(here, "teams.createMembership", bySession, args{"teamId": team, "userId": w.id, "roles": []string{"x"}, "url": landing})
	sent, err := w.place.server(here).Messages(w.place.Context(), server.MessageFilter{To: w.email})
	if err != nil || len(sent) == 0 || len(sent[len(sent)-1].Links) == 0 {
		w.place.Errorf("no invitation was sent to %s: %v", w.email, err)
		return args{"teamId": team, "membershipId": made.member("$id"), "userId": w.id, "secret": "none"}
	}
	link, err := url.Parse(sent[len(sent)-1].Links[0])
	if err != nil {
		w.place.Error(err)
		link = &url.URL{}
	}
	w.exec(`UPDATE memberships SET signs_in = 0 WHERE project_id = $1 AND id = $2`, server.DefaultProject, made.member("$id"))
	return args{"teamId": team, "membershipId": made.member("$id"), "userId": w.id, "secret": link.Query().Get("secret")}
}

// newTarget is a device of no session.
func (w *person) newTarget() string {
	return w.place.must(201, here, "POST", "/v1/users/"+w.id+"/targets",
		quote(args{"targetId": "d" + w.id, "providerType": "push", "identifier": "token-" + w.id})).member("$id")
}

// newIdentity stores one, as no provider is asked here.
func (w *person) newIdentity() string {
	id := "i" + w.id
	w.exec(`INSERT INTO identities (project_id, id, user_id, seq, provider, issuer, provider_uid, email, created_at, updated_at)
		VALUES ($1, $2, $3, $4, 'github', 'test', $3, '', $5, $5)`, server.DefaultProject, id, w.id, w.n, w.place.clock.now().UnixMilli())
	return id
}

// exec changes what no request can, beside the servers.
func (w *person) exec(statement string, values ...any) {
	w.place.Helper()
	db, err := w.place.otherProgram()
	if err != nil {
		w.place.Error(err)
		return
	}
	defer db.Close()
	if _, err := db.ExecContext(w.place.Context(), statement, values...); err != nil {
		w.place.Error(err)
	}
}

// newChallenge makes recovery codes and a challenge that asks for one, and is
// what answers it.
func (w *person) newChallenge() args {
	made := w.place.must(200, here, "PATCH", "/v1/users/"+w.id+"/mfa/recovery-codes", "")
	challenge := w.do(here, "account.createMFAChallenge", bySession, args{"factor": "recoverycode"})
	return args{"challengeId": challenge.member("$id"), "otp": made.first("recoveryCodes")}
}

// raise answers a challenge, so that the session may change factors.
func (w *person) raise() { w.do(here, "account.updateMFAChallenge", bySession, w.has.challenge()) }

// newAuthenticator gives the person an authenticator, and returns its first code.
func (w *person) newAuthenticator() string {
	w.place.Helper()
	made := w.do(here, "account.createMFAAuthenticator", bySession, args{"type": "totp"})
	code, err := totp.GenerateCode(made.member("secret"), w.place.clock.now().Round(time.Second))
	if err != nil {
		w.place.Error(err)
	}
	return code
}
