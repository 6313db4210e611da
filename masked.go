package isojot

import (
	"encoding/json"
	"fmt"

	"github.com/isojot/isojot/internal/mask"
)

// What holds a credential is printed by fmt, log and log/slog, and encoded as
// JSON, as a copy without it. The types named ...Fields are those copies': they
// have the fields of the original and none of its methods. Decoding JSON needs
// no copy. fmt asks no methods of what is in an unexported field; what must not
// be found there either is behind a mask.Hidden.
//
// Structs whose credentials are strings have this from internal/maskgen, in
// masked.gen.go; the others have it here and in maskedparams.go.

// show prints a copy as fmt was asked to print its original.
func show(f fmt.State, verb rune, copy any) { fmt.Fprintf(f, fmt.FormatString(f, verb), copy) }

// each masks a list.
func each[Masked any, T interface{ masked() Masked }](list []T) []Masked {
	var copies []Masked
	for _, v := range list {
		copies = append(copies, v.masked())
	}
	return copies
}

type clientFields struct{ Endpoint, Project, JWT, Session, Key string }

func (c Client) masked() clientFields {
	if c.config == (mask.Hidden[config]{}) {
		return clientFields{}
	}
	cfg := c.cfg()
	return clientFields{cfg.endpoint, cfg.project, mask.Of(cfg.jwt), mask.Of(cfg.session), mask.Of(cfg.key)}
}

// Format implements fmt.Formatter, without credentials.
func (c Client) Format(f fmt.State, verb rune) { show(f, verb, c.masked()) }

// MarshalJSON encodes where the client calls, without credentials.
func (c Client) MarshalJSON() ([]byte, error) { return json.Marshal(c.masked()) }

// String names the type, for text/template, which does not look for Format.
func (s *SessionTokens) String() string { return "isojot.SessionTokens" }

// Format implements fmt.Formatter, without the token.
func (s *SessionTokens) Format(f fmt.State, verb rune) { show(f, verb, s.String()) }

type sessionListFields struct {
	Total    int
	Sessions []sessionFields
}

// Format implements fmt.Formatter, without secrets.
func (l SessionList) Format(f fmt.State, verb rune) {
	show(f, verb, sessionListFields{l.Total, each(l.Sessions)})
}

// Format implements fmt.Formatter, without the hash.
func (h PasswordHash) Format(f fmt.State, verb rune) { show(f, verb, mask.Of(string(h))) }

// MarshalJSON masks the hash.
func (h PasswordHash) MarshalJSON() ([]byte, error) { return json.Marshal(mask.Of(string(h))) }

func (o HashOptions) masked() map[string]any {
	if o == nil {
		return nil
	}
	masked := make(map[string]any, len(o))
	for name, value := range o {
		if text, ok := value.(string); ok && name != "type" {
			value = mask.Of(text)
		}
		masked[name] = value
	}
	return masked
}

// Format implements fmt.Formatter, without salts and keys.
func (o HashOptions) Format(f fmt.State, verb rune) { show(f, verb, o.masked()) }

// MarshalJSON masks salts and keys.
func (o HashOptions) MarshalJSON() ([]byte, error) { return json.Marshal(o.masked()) }

type userFields User

// Format implements fmt.Formatter, without how the password is kept. JSON leaves
// that to the fields, so that structs which embed a User are encoded as usual.
func (u User) Format(f fmt.State, verb rune) {
	u.Password, u.HashOptions = PasswordHash(mask.Of(string(u.Password))), u.HashOptions.masked()
	show(f, verb, userFields(u))
}

type headerFields Header

func (h Header) masked() headerFields { return headerFields{h.Name, mask.Header(h.Name, h.Value)} }

// Format implements fmt.Formatter, without a credential's value.
func (h Header) Format(f fmt.State, verb rune) { show(f, verb, h.masked()) }

// MarshalJSON masks a credential's value.
func (h Header) MarshalJSON() ([]byte, error) { return json.Marshal(h.masked()) }

type executionFields Execution

func (e Execution) masked() executionFields {
	e.RequestHeaders, e.ResponseHeaders = maskedHeaders(e.RequestHeaders), maskedHeaders(e.ResponseHeaders)
	return executionFields(e)
}

func maskedHeaders(list []Header) []Header {
	var copies []Header
	for _, h := range list {
		copies = append(copies, Header(h.masked()))
	}
	return copies
}

// Format implements fmt.Formatter, without the values of headers that are
// credentials.
func (e Execution) Format(f fmt.State, verb rune) { show(f, verb, e.masked()) }

type executionListFields struct {
	Total      int
	Executions []executionFields
}

// Format implements fmt.Formatter, without the values of headers that are
// credentials.
func (l ExecutionList) Format(f fmt.State, verb rune) {
	show(f, verb, executionListFields{l.Total, each(l.Executions)})
}

type errorFields Error

// Format implements fmt.Formatter: by %#v the fields, without what the server
// answered, else the text of Error.
func (e Error) Format(f fmt.State, verb rune) {
	if verb != 'v' || !f.Flag('#') {
		show(f, verb, e.Error())
		return
	}
	e.Response, e.cause = mask.Of(e.Response), nil
	show(f, verb, errorFields(e))
}
