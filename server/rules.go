package server

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/wire"
)

// AuthMethod is a way of signing in that a project can switch off.
type AuthMethod string

// The methods.
const (
	// MethodEmailPassword is sign-up and sign-in by e-mail address and password.
	MethodEmailPassword AuthMethod = "email-password"
	// MethodAnonymous is signing in as a new user without address or password.
	MethodAnonymous AuthMethod = "anonymous"
	// MethodJWT is the creation of JWTs by users.
	MethodJWT AuthMethod = "jwt"
	// MethodMagicURL is signing in by a link that is mailed.
	MethodMagicURL AuthMethod = "magic-url"
	// MethodEmailOTP is signing in by a code that is mailed.
	MethodEmailOTP AuthMethod = "email-otp"
	// MethodPhone is signing in by a code that is sent to a phone, and the
	// verification of phone numbers.
	MethodPhone AuthMethod = "phone"
	// MethodInvites is inviting to teams.
	MethodInvites AuthMethod = "invites"
)

// methodNames are what Appwrite's refusal calls the methods.
var methodNames = map[AuthMethod]string{
	MethodEmailPassword: "Email / Password", MethodAnonymous: "Anonymous", MethodJWT: "JWT",
	MethodMagicURL: "Magic URL", MethodEmailOTP: "Email OTP", MethodPhone: "Phone", MethodInvites: "Invites",
}

// services are the parts of the API that a project can switch off.
var services = []string{"account", "functions", "graphql", "health", "locale", "teams", "users"}

// Bounds of Rules.
const (
	minSessionDuration = time.Minute
	maxSessionDuration = 31536000 * time.Second
	defaultMaxSessions = 10
)

// Rules are a project's rules of signing in. The zero value has those of a new
// Appwrite project. API keys are above them, except for MaxSessions and
// SessionDuration.
type Rules struct {
	// Disabled are the ways of signing in that are switched off.
	Disabled []AuthMethod
	// DisabledServices are the parts of the API that are switched off: some
	// of account, functions, graphql, health, locale, teams and users.
	DisabledServices []string
	// MaxUsers is the number of users from which nobody can sign up any more;
	// 0 is without limit.
	MaxUsers int
	// MaxSessions is how many sessions a user keeps when signing in; the
	// oldest ones end. 0 means 10, -1 is without limit.
	MaxSessions int
	// SessionDuration is how long a new or extended session lasts, one minute
	// to 365 days; 0 means 365 days.
	SessionDuration time.Duration
	// KeepSessions lets the user's other sessions live when the password
	// changes.
	KeepSessions bool

	// PasswordStrength is what new passwords must have.
	PasswordStrength PasswordStrength
	// PasswordDictionary refuses the passwords that are used most.
	PasswordDictionary bool
	// PasswordPersonalData refuses passwords that have the user's id, name, e-mail
	// address or phone number in them. As in Appwrite, a recovery does not look.
	PasswordPersonalData bool
	// PasswordHistory is how many of a user's last passwords cannot be used
	// again, the present one included, 0 to 20; 0 allows all.
	PasswordHistory int
	// SessionAlerts mails users about each sign-in by password after their first.
	SessionAlerts bool
	// MembershipPrivacy is what members of a team see of each other. The zero
	// value shows nothing, not even their own; API keys see all.
	MembershipPrivacy MembershipPrivacy
}

// MembershipPrivacy says which members of a membership other members see.
type MembershipPrivacy struct{ UserID, UserName, UserEmail, UserPhone, MFA bool }

// check says what is wrong with the rules.
func (r Rules) check() error {
	for _, m := range r.Disabled {
		if _, ok := methodNames[m]; !ok {
			return fmt.Errorf("there is no way of signing in %q: use some of %q", m, slices.Sorted(maps.Keys(methodNames)))
		}
	}
	for _, s := range r.DisabledServices {
		if !slices.Contains(services, s) {
			return fmt.Errorf("there is no service %q: use some of %q", s, services)
		}
	}
	switch d := r.SessionDuration; {
	case r.MaxUsers < 0:
		return fmt.Errorf("MaxUsers is %d: use 0 for no limit, or more", r.MaxUsers)
	case r.MaxSessions < -1:
		return fmt.Errorf("MaxSessions is %d: use -1 for no limit, 0 for %d, or more", r.MaxSessions, defaultMaxSessions)
	case d != 0 && (d < minSessionDuration || d > maxSessionDuration):
		return fmt.Errorf("SessionDuration is %v: use %v to %v", d, minSessionDuration, maxSessionDuration)
	case r.PasswordHistory < 0 || r.PasswordHistory > maxPasswordHistory:
		return fmt.Errorf("PasswordHistory is %d: use 0 for none, to %d", r.PasswordHistory, maxPasswordHistory)
	case r.PasswordStrength.Min != 0 && (r.PasswordStrength.Min < minPasswordLength || r.PasswordStrength.Min > maxPasswordLength):
		return fmt.Errorf("PasswordStrength.Min is %d: use %d to %d", r.PasswordStrength.Min, minPasswordLength, maxPasswordLength)
	}
	return nil
}

// maxSessions is how many sessions a user keeps; 0 is all.
func (r Rules) maxSessions() int {
	switch r.MaxSessions {
	case 0:
		return defaultMaxSessions
	case -1:
		return 0
	}
	return r.MaxSessions
}

// sessionDuration is how long a session lasts.
func (r Rules) sessionDuration() time.Duration {
	if r.SessionDuration == 0 {
		return maxSessionDuration
	}
	return r.SessionDuration
}

// checkService refuses the parts of the API that the project has switched off.
func (c *call) checkService() error {
	if !c.byKey() && slices.Contains(c.config.rules.DisabledServices, c.ep.service()) {
		return wire.Fail(isojot.ErrServiceDisabled)
	}
	return nil
}

// checkMethod refuses the ways of signing in that the project has switched off.
func (c *call) checkMethod() error {
	if !c.byKey() && slices.Contains(c.config.rules.Disabled, c.ep.method) {
		return wire.Failf(isojot.ErrUserAuthMethodUnsupported, "%s authentication is disabled for this project", methodNames[c.ep.method])
	}
	return nil
}
