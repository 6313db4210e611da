// Package mail makes mails and text messages from templates, and sends what the
// outbox of the store holds.
package mail

import "time"

// Kind is what a mail is about, and the name of its templates.
type Kind string

// The kinds of mails, and what their templates show of Values.
const (
	Verification Kind = "verification" // User, Project, Redirect
	Recovery     Kind = "recovery"     // User, Project, Redirect
	MagicSession Kind = "magicSession" // User, Project, Redirect, Phrase, Agent...
	OTPSession   Kind = "otpSession"   // User, Project, OTP, Phrase, Agent...
	MFAChallenge Kind = "mfaChallenge" // User, Project, OTP, Agent...
	SessionAlert Kind = "sessionAlert" // User, Project, DateTime, Device, IPAddress, Country
	Invitation   Kind = "invitation"   // User, Project, Team, Redirect, Owner
)

// The kinds of text messages, whose text is OTP, but for an invitation's, which
// is Redirect.
const (
	TextLogin        Kind = "login"
	TextVerification Kind = "textVerification"
	TextMFA          Kind = "textMfaChallenge"
	TextInvitation   Kind = "textInvitation"
)

// Values are what templates show; "" where a kind does not need it.
type Values struct {
	// User is the name of the receiver, Owner that of who invites.
	User, Owner string
	// Project is filled in: the project's display name.
	Project string
	Team    string
	// Redirect is the link, complete and with its secret.
	Redirect string
	// OTP is a code of 6 digits, Phrase the security phrase shown beside it.
	OTP, Phrase string
	// Agent is what asked for it, as useragent names it.
	AgentClient, AgentOS, AgentDevice string
	// Of a new session.
	DateTime, Device, IPAddress, Country string
}

// Mail is a mail to make and send.
type Mail struct {
	Kind Kind
	// To is the address, ToName the user's name or "".
	To, ToName string
	Values     Values
	// Expires is when what it carries ends: it is not sent any more then. Zero:
	// as long as sending is tried at all.
	Expires time.Time
}

// Text is a text message to make and send.
type Text struct {
	Kind Kind
	// To is the phone number, as +14155550123.
	To      string
	Values  Values
	Expires time.Time
}
