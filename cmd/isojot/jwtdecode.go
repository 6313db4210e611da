package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/urfave/cli/v3"
)

// notVerified is what a reader of decode must know.
const notVerified = "NOT VERIFIED: anybody can write a token that says this; isojot jwt verify verifies it"

func jwtDecodeCommand() *cli.Command {
	return &cli.Command{
		Name:        "decode",
		Usage:       "print what a JWT says, which verifies nothing",
		ArgsUsage:   "[TOKEN]",
		Description: tokenUsage + " Nothing is sent anywhere.",
		Flags:       []cli.Flag{jsonFlag()},
		Action:      decode,
	}
}

// decoded is what decode --json prints.
type decoded struct {
	Verified bool            `json:"verified"` // never
	Header   json.RawMessage `json:"header"`
	Claims   json.RawMessage `json:"claims"`
	// Expires is exp as a date; null when there is none that isojot reads.
	Expires *time.Time `json:"expires"`
	Expired *bool      `json:"expired"`
	// Fault is why isojot does not take it for a user's token; "" if it does.
	Fault string `json:"fault,omitempty"`
}

func decode(_ context.Context, c *cli.Command) error {
	token, err := readToken(c)
	if err != nil {
		return err
	}
	now := time.Now()
	d, err := decodeToken(token, now)
	if err != nil {
		return fail(err)
	}
	out := c.Root().Writer
	if c.Bool("json") {
		return fail(printJSON(out, d))
	}
	return fail(d.print(out, now))
}

// decodeToken takes a token apart. Any JWT is shown; whether it could be a
// user's is said besides.
func decodeToken(token string, now time.Time) (decoded, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return decoded{}, fmt.Errorf("this is no JWT: it has %d parts between dots instead of 3; pass the jwt of createJWT's answer", len(parts))
	}
	d := decoded{}
	var err error
	if d.Header, err = object("header", parts[0]); err != nil {
		return decoded{}, err
	}
	if d.Claims, err = object("payload", parts[1]); err != nil {
		return decoded{}, err
	}
	claims, err := isojot.Decode(token)
	if err != nil {
		d.Fault = faultOf(err)
		return d, nil
	}
	expires, expired := claims.Expiry.UTC(), !now.Before(claims.Expiry)
	d.Expires, d.Expired = &expires, &expired
	return d, nil
}

// object is a part of a token, which must be a JSON object.
func object(name, text string) (json.RawMessage, error) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("this is no JWT: the %s is not base64url", name)
	}
	if data = bytes.TrimSpace(data); len(data) == 0 || data[0] != '{' || !json.Valid(data) {
		return nil, fmt.Errorf("this is no JWT: the %s is not a JSON object", name)
	}
	return data, nil
}

func faultOf(err error) string {
	if e, ok := errors.AsType[*isojot.Error](err); ok {
		return e.Message
	}
	return err.Error()
}

func (d decoded) print(out io.Writer, now time.Time) error {
	header, err := indented(d.Header)
	if err != nil {
		return err
	}
	claims, err := indented(d.Claims)
	if err != nil {
		return err
	}
	end := "unknown"
	if d.Expires != nil {
		end = d.Expires.Format(time.RFC3339) + ", " + relative(*d.Expires, now)
	}
	_, err = fmt.Fprintf(out, "%s\n\nheader   %s\nclaims   %s\nexpires  %s\n", notVerified, header, claims, end)
	if err == nil && d.Fault != "" {
		_, err = fmt.Fprintf(out, "fault    %s\n", d.Fault)
	}
	return err
}

// indented is JSON for people: all members, as they are, in their order.
func indented(raw json.RawMessage) (string, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return "", err
	}
	return printable(b.String()), nil
}

// printJSON prints a value for programs.
func printJSON(out io.Writer, value any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		return err
	}
	_, err := io.WriteString(out, printable(b.String()))
	return err
}
