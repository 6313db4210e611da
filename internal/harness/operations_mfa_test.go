//go:build !race

package harness

import (
	"slices"
	"strings"

	api "github.com/isojot/isojot/internal/operations"
)

// ofFactors are the operations of second factors, each under both of its names.
// Recovery codes that are made show in the time of their user's change.
var ofFactors = twins([]operation{
	{name: "account.createMFAAuthenticator", ways: byUser, args: fixed(args{"type": "totp"})},
	{name: "account.updateMFAAuthenticator", ways: byUser, args: showsCode, looks: looksAtFactors, users: true},
	{name: "account.deleteMFAAuthenticator", ways: byUser, args: endsAuthenticator, looks: looksAtFactors, users: true},
	{name: "account.createMFAChallenge", ways: byUser, args: fixed(args{"factor": "totp"})},
	{name: "account.createMFAChallenge", pattern: "POST /account/mfa/challenge", ways: bySession, args: fixed(args{"factor": "totp"})},
	{name: "account.updateMFAChallenge", ways: byUser, args: func(p *person) args { return p.has.challenge() }},
	{name: "account.updateMFAChallenge", pattern: "PUT /account/mfa/challenge", ways: bySession, args: func(p *person) args { return p.has.challenge() }},
	{name: "account.createMFARecoveryCodes", ways: byUser, args: none},
	{name: "account.updateMFARecoveryCodes", ways: byUser, args: afterChallenge},

	{name: "users.updateMFA", ways: byServer, args: own(args{"mfa": true})},
	{name: "users.deleteMFAAuthenticator", ways: byServer, args: ofUser(endsAuthenticator), looks: looksAtFactors, users: true},
	{name: "users.createMFARecoveryCodes", ways: byServer, args: own(nil)},
	{name: "users.updateMFARecoveryCodes", ways: byServer, args: ofUser(afterChallenge)},
}, operation{name: "account.updateMFA", ways: byUser, args: fixed(args{"mfa": true})})

func showsCode(p *person) args { return args{"type": "totp", "otp": p.newAuthenticator()} }

// endsAuthenticator is asked by a session that may, of one that counts.
func endsAuthenticator(p *person) args {
	p.do(here, "account.updateMFAAuthenticator", bySession, showsCode(p))
	p.raise()
	return args{"type": "totp"}
}

func looksAtFactors(p *person) string { return "/v1/users/" + p.id + "/mfa/factors" }

// afterChallenge is asked by a session that may, and has recovery codes.
func afterChallenge(p *person) args {
	p.raise()
	return args{}
}

// twins are operations, also under their older names, and one that has none. By
// the older ones nobody asks: they lead to the same handlers.
func twins(all []operation, more operation) []operation {
	for _, o := range slices.Clone(all) {
		o.ways = 0
		o.name = strings.Replace(o.name, "MFA", "Mfa", 1)
		all = append(all, o)
	}
	return append(all, more)
}

// keepsByFactor reports whether a session may ask for an operation when a second
// factor is asked for: it needs one only, or the session has shown both.
func keepsByFactor(o *operation) bool { return takesOneFactor(o) || afterFactors[o.name] }

// afterFactors are the operations for which a session has answered a challenge.
var afterFactors = map[string]bool{"account.deleteMFAAuthenticator": true, "account.updateMFARecoveryCodes": true}

// takesOneFactor reports whether a session may ask for an operation that lacks
// its second factor.
func takesOneFactor(o *operation) bool {
	return slices.ContainsFunc(api.All(), func(known api.Operation) bool {
		return known.Name == o.name && known.Endpoint != nil && known.Endpoint.OneFactor
	})
}
