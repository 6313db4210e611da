package main

import (
	"fmt"
	"slices"
	"strconv"
)

// seen is what a server shows of a person.
type seen struct {
	opens    []string // the passwords that sign in
	alive    []string // the secrets that are accepted
	sessions int      // how many there are, without those made to see
	prefs    string
	made     []string // the secrets of the sessions made to see
}

// look finds out what the server knows. It leaves a session behind for each
// password that signs in.
func (p *person) look(s *apart) seen {
	var now seen
	for _, secret := range p.secrets {
		if got := s.send("GET", "/v1/account", bySession(secret), ""); got.status == 200 {
			now.alive = append(now.alive, secret)
		}
	}
	for _, password := range p.passwords() {
		got := s.send("POST", "/v1/account/sessions/email", nil, body("email", p.email(), "password", password))
		if got.status == 201 {
			now.opens = append(now.opens, password)
			now.made = append(now.made, secretOf(p.t, got))
		}
	}
	if len(now.made) > 0 {
		by := bySession(now.made[0])
		total, _ := s.send("GET", "/v1/account/sessions", by, "").object["total"].(float64)
		now.sessions = int(total) - len(now.made)
		now.prefs = s.send("GET", "/v1/account/prefs", by, "").text("value")
	}
	return now
}

// passwords are those that the person has, may have and no longer has.
func (p *person) passwords() []string {
	all := []string{p.known.password, p.before}
	if p.maybe != nil {
		all = append(all, p.maybe.password)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(password string) bool { return password == "" })
}

// faults are what contradicts that the server knows this state, all of it.
func (st state) faults(now seen) (faults []string) {
	fault := func(text string, args ...any) { faults = append(faults, fmt.Sprintf(text, args...)) }
	if !st.exists {
		if len(now.opens)+len(now.alive) > 0 {
			fault("there is somebody who never signed up")
		}
		return faults
	}
	if !slices.Equal(now.opens, []string{st.password}) {
		fault("%q sign in, not %q alone", now.opens, st.password)
	}
	for _, secret := range st.alive {
		if !slices.Contains(now.alive, secret) {
			fault("a session is lost")
		}
	}
	for _, secret := range now.alive {
		if !slices.Contains(st.alive, secret) {
			fault("a session that had ended is alive")
		}
	}
	if len(now.opens) == 0 {
		return faults // the rest was not seen
	}
	if want := len(st.alive) + st.unknown; now.sessions != want {
		fault("there are %d sessions, not %d", now.sessions, want)
	}
	if now.prefs != st.prefs {
		fault("the prefs are %q, not %q", now.prefs, st.prefs)
	}
	return faults
}

// check compares the person's history with the server, after a kill. What had no
// answer has happened as a whole or not at all; check settles which.
func (p *person) check(s *apart) []string {
	now := p.look(s)
	faults := p.known.faults(now)
	if p.maybe != nil && len(faults) > 0 && len(p.maybe.faults(now)) == 0 {
		if p.maybe.password != p.known.password {
			p.before = p.known.password
		}
		p.known, faults = *p.maybe, nil
	}
	p.maybe = nil
	faults = append(faults, p.checkJWTs(s, now)...)
	for _, secret := range now.made {
		p.hasSession(secret)
	}
	if len(now.made) > 0 {
		faults = append(faults, p.checkCount(s, now.made[0])...)
	}
	return faults
}

// checkJWTs holds that a JWT is good as long as its session.
func (p *person) checkJWTs(s *apart, now seen) (faults []string) {
	for jwt, secret := range p.jwts {
		good := s.send("GET", "/v1/account", byJWT(jwt), "").status == 200
		if alive := slices.Contains(now.alive, secret); good != alive {
			faults = append(faults, fmt.Sprintf("a JWT is accepted: %v; its session: %v", good, alive))
		}
	}
	return faults
}

// checkCount makes one more JWT to learn how many have been counted.
func (p *person) checkCount(s *apart, secret string) []string {
	least, most := p.made, p.made+p.mayHave
	got := s.send("POST", "/v1/account/jwts", bySession(secret), "{}")
	p.note("JWT of the check", got.status)
	left, err := strconv.Atoi(got.header.Get("X-RateLimit-Remaining"))
	if err != nil {
		return []string{fmt.Sprintf("a JWT is answered by %d %v", got.status, got.object)}
	}
	counted := jwtLimit - left
	if got.status == 201 {
		counted--
		p.answered++
		p.jwts[got.text("jwt")] = secret
	}
	p.made, p.mayHave = jwtLimit-left, 0
	switch {
	case counted < least || counted > most:
		return []string{fmt.Sprintf("%d to %d JWTs were made, %d are counted", least, most, counted)}
	case p.answered > jwtLimit:
		return []string{fmt.Sprintf("%d JWTs were made", p.answered)}
	}
	return nil
}
