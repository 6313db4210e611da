package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/clock"
	"github.com/isojot/isojot/internal/mask"
)

// What holds a credential is printed by fmt, log and log/slog, and encoded as
// JSON, as a copy without it (see the root package). The types named ...Fields
// are those copies': they have no methods.

// show prints a copy as fmt was asked to print its original.
func show(f fmt.State, verb rune, copy any) { fmt.Fprintf(f, fmt.FormatString(f, verb), copy) }

type optionsFields Options

func (o Options) masked() optionsFields {
	o.DatabaseURL, o.APIKey, o.Endpoint = mask.Of(o.DatabaseURL), mask.Of(o.APIKey), mask.URL(o.Endpoint)
	return optionsFields(o)
}

// Format implements fmt.Formatter, without credentials.
func (o Options) Format(f fmt.State, verb rune) { show(f, verb, o.masked()) }

type functionFields Function

func (f Function) masked() functionFields {
	f.Target = maskedTarget(f.Target)
	return functionFields(f)
}

// maskedTarget masks what a URL may hold besides a place.
func maskedTarget(target string) string {
	if strings.HasPrefix(target, "http:") || strings.HasPrefix(target, "https:") {
		return mask.URL(target)
	}
	return target
}

// Format implements fmt.Formatter, without a password in the target.
func (f Function) Format(state fmt.State, verb rune) { show(state, verb, f.masked()) }

// MarshalJSON encodes the function without a password in the target.
func (f Function) MarshalJSON() ([]byte, error) { return json.Marshal(f.masked()) }

type mailFields Mail

func (m Mail) masked() mailFields {
	m.SMTPURL, m.SMTPPassword = mask.URL(m.SMTPURL), mask.Of(m.SMTPPassword)
	return mailFields(m)
}

// Format implements fmt.Formatter, without the password.
func (m Mail) Format(f fmt.State, verb rune) { show(f, verb, m.masked()) }

// MarshalJSON implements json.Marshaler.
func (m Mail) MarshalJSON() ([]byte, error) { return json.Marshal(m.masked()) }

type smsFields SMS

func (s SMS) masked() smsFields {
	s.Webhook, s.Secret = mask.URL(s.Webhook), mask.Of(s.Secret)
	return smsFields(s)
}

// Format implements fmt.Formatter, without the secret.
func (s SMS) Format(f fmt.State, verb rune) { show(f, verb, s.masked()) }

// MarshalJSON encodes it without the secret.
func (s SMS) MarshalJSON() ([]byte, error) { return json.Marshal(s.masked()) }

type devFields struct {
	Clock *clock.Clock
	Token string
}

func (d Dev) masked() devFields { return devFields{d.Clock, mask.Of(d.Token)} }

// Format implements fmt.Formatter, without the token.
func (d Dev) Format(f fmt.State, verb rune) { show(f, verb, d.masked()) }

// MarshalJSON masks the token.
func (d Dev) MarshalJSON() ([]byte, error) { return json.Marshal(d.masked()) }

type rotationFields struct {
	Algorithm, Private string
	After              time.Duration
	AtOnce, Revoke     bool
}

func (r Rotation) masked() rotationFields {
	masked := rotationFields{Algorithm: r.Algorithm, After: r.After, AtOnce: r.AtOnce, Revoke: r.Revoke}
	if r.Private != nil {
		masked.Private = mask.Text
	}
	return masked
}

// Format implements fmt.Formatter, without the private key.
func (r Rotation) Format(f fmt.State, verb rune) { show(f, verb, r.masked()) }

// MarshalJSON encodes the rotation without the private key.
func (r Rotation) MarshalJSON() ([]byte, error) { return json.Marshal(r.masked()) }

// String names the project: the options and what signs are not to be printed.
func (s *Server) String() string { return "server.Server of " + s.options.Project }

// Format implements fmt.Formatter: by every verb the text of String.
func (s *Server) Format(f fmt.State, verb rune) { show(f, verb, s.String()) }
