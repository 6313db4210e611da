//go:build !race

package harness

import (
	"net/url"
)

// inTeam are parameters in which the team is the person's own.
func inTeam(more args) func(*person) args {
	return func(p *person) args { return with(args{"teamId": p.has.team()}, more) }
}

// inMembership are parameters in which the membership is another's, in the
// person's team.
func inMembership(more args) func(*person) args {
	return func(p *person) args {
		return with(args{"teamId": p.has.team(), "membershipId": p.has.membership()}, more)
	}
}

func looksAtTeam(p *person) string { return "/v1/teams/t" + p.id }

func looksAtMembership(p *person) string {
	return "/v1/teams/" + p.has.team() + "/memberships/" + p.has.membership()
}

// invites is asked for somebody who is nobody yet.
func invites(p *person) args {
	return args{"teamId": p.has.team(), "email": "guest-" + p.id + "@example.com", "roles": []string{"x"}, "url": landing}
}

func looksAtGuest(p *person) string { return usersWith("email", "guest-"+p.id+"@example.com") }

// usersWith lists the users of whom an attribute has a value.
func usersWith(attribute, value string) string {
	return "/v1/users?queries[]=" + url.QueryEscape(quote(args{"method": "equal", "attribute": attribute, "values": []string{value}}))
}

// ofTeams are the operations of teams. Who accepts an invitation without being
// signed in is no row: the secret that it shows ends otherwise, which the tests of accepting are about.
var ofTeams = []operation{
	{name: "teams.create", ways: byUser | byServer, args: func(p *person) args { return args{"teamId": "t" + p.id, "name": "Team"} }, looks: looksAtTeam},
	{name: "teams.updateName", ways: byUser | byServer, args: inTeam(args{"name": "Changed"}), looks: looksAtTeam},
	{name: "teams.updatePrefs", ways: byUser | byServer, args: inTeam(args{"prefs": map[string]any{"theme": "changed"}}), looks: looksAtTeam},
	{name: "teams.delete", ways: byUser | byServer, args: inTeam(nil), looks: looksAtTeam},
	{name: "teams.createMembership", ways: byUser | byServer, args: invites, looks: looksAtGuest},
	{name: "teams.updateMembership", ways: byUser | byServer, args: inMembership(args{"roles": []string{"changed"}}), looks: looksAtMembership},
	{name: "teams.deleteMembership", ways: byUser | byServer, args: inMembership(nil), looks: looksAtMembership},
	{name: "teams.updateMembershipStatus", ways: byUser, args: func(p *person) args { return p.has.invitation() }, users: true,
		looks: func(p *person) string {
			a := p.has.invitation()
			return "/v1/teams/" + a["teamId"].(string) + "/memberships/" + a["membershipId"].(string)
		}},
}

// device are parameters in which the target is the person's.
func device(more args) func(*person) args {
	return func(p *person) args { return with(args{"targetId": p.has.target()}, more) }
}

func newDevice(p *person) args { return args{"targetId": "d" + p.id, "identifier": "token-" + p.id} }

// ofUser adds the person's id to parameters.
func ofUser(f func(*person) args) func(*person) args {
	return func(p *person) args { return with(args{"userId": p.id}, f(p)) }
}

// ofTargets are the operations of targets, which show in their user.
var ofTargets = []operation{
	{name: "account.createPushTarget", ways: byUser, args: newDevice},
	{name: "account.updatePushTarget", ways: byUser, args: func(p *person) args {
		return args{"targetId": p.has.target(), "identifier": "changed-" + p.id}
	}},
	{name: "account.deletePushTarget", ways: byUser, args: device(nil)},
	{name: "users.createTarget", ways: byServer, args: ofUser(func(p *person) args { return with(newDevice(p), args{"providerType": "push"}) })},
	{name: "users.updateTarget", ways: byServer, args: ofUser(device(args{"name": "Changed"}))},
	{name: "users.deleteTarget", ways: byServer, args: ofUser(device(nil))},
}

// imports makes a newcomer with a password that another program has hashed.
func imports(hash string, more args) func(*person) args {
	return func(p *person) args { return with(newcomer(p), with(args{"password": hash}, more)) }
}

// ofImports are the operations that make users with the hashes of others.
var ofImports = []operation{
	{name: "users.createArgon2User", ways: byServer, looks: looksAtNewcomer,
		args: imports("$argon2i$v=19$m=20,t=3,p=2$YXBwd3JpdGU$A/54i238ed09ZR4NwlACU5XnkjNBZU9QeOEuhjLiexI", nil)},
	{name: "users.createBcryptUser", ways: byServer, looks: looksAtNewcomer,
		args: imports("$2a$10$xX/myGbFU.ZSKHSi6EHdBOySTdYm8QxBLXmOPHrYMwV0mHRBBSBOq", nil)},
	{name: "users.createMD5User", ways: byServer, looks: looksAtNewcomer,
		args: imports("5f4dcc3b5aa765d61d8327deb882cf99", nil)},
	{name: "users.createPHPassUser", ways: byServer, looks: looksAtNewcomer,
		args: imports("$P$Br387rwferoKN7uwHZqNMu98q3U8RO.", nil)},
	{name: "users.createSHAUser", ways: byServer, looks: looksAtNewcomer,
		args: imports("5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8", args{"passwordVersion": "sha256"})},
	{name: "users.createScryptUser", ways: byServer, looks: looksAtNewcomer,
		args: imports("3fdef49701bc4cfaacd551fe017283513284b4731e6945c263246ef948d3cf63b5d269c31fd697246085111a428245e24a4ddc6b64c687bc60a8910dbafc1d5b",
			args{"passwordSalt": "appwrite", "passwordCpu": 16384, "passwordMemory": 13, "passwordParallel": 2, "passwordLength": 64})},
	{name: "users.createScryptModifiedUser", ways: byServer, looks: looksAtNewcomer,
		args: imports("UlM7JiXRcQhzAGlaonpSqNSLIz475WMddOgLjej5De9vxTy48K6WtqlEzrRFeK4t0COfMhWCb8wuMHgxOFCHFQ==",
			args{"passwordSalt": "UxLMreBr6tYyjQ==", "passwordSaltSeparator": "Bw==", "passwordSignerKey": "XyEKE9RcTDeLEsL/RjwPDBv/RqDl8fb3gpYEOQaPihbxf1ZAtSOHCjuAAa7Q3oHpCYhXSN9tizHgVOwn6krflQ=="})},
}
