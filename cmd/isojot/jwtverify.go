package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

// Exit codes of verify besides 0.
const (
	exitRefused    = exitFailure
	exitCannotTell = exitUsage
)

func jwtVerifyCommand() *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     "say whether a JWT lets its user in",
		ArgsUsage: "[TOKEN]",
		Description: tokenUsage + " One flag says what judges the token; without any,\n" +
			"the one of the variables ISOJOT_ENDPOINT, ISOJOT_DATA, ISOJOT_JWKS and ISOJOT_JWT_KEY\n" +
			"that is set. The exit code is 0 for a good token, 1 for one that is refused, and 2\n" +
			"when that cannot be told.",
		Flags: append(judgeFlags(),
			&cli.StringFlag{Name: "project", Value: server.DefaultProject, Sources: cli.EnvVars("ISOJOT_PROJECT"),
				Usage: "id of the project, with --endpoint and --data (the first one, if the variable lists several)"},
			&cli.StringFlag{Name: "issuer", Sources: cli.EnvVars("ISOJOT_JWT_ISSUER"), Usage: "require this `ISS`, with --jwks"},
			&cli.StringFlag{Name: "audience", Sources: cli.EnvVars("ISOJOT_JWT_AUDIENCE"), Usage: "require this `AUD`, with --jwks"},
			jsonFlag(),
		),
		Action: verify,
	}
}

// verdict is what verify --json prints.
type verdict struct {
	Verdict string         `json:"verdict"` // good, refused or unknown
	UserID  string         `json:"userId,omitempty"`
	Session string         `json:"sessionId,omitempty"`
	Expires *time.Time     `json:"expires,omitempty"`
	Claims  map[string]any `json:"claims,omitempty"`
	Message string         `json:"message,omitempty"`
	Reason  isojot.Reason  `json:"reason,omitempty"`
	Advice  string         `json:"advice,omitempty"`
	// SessionChecked says that the user and the session were looked at.
	SessionChecked bool `json:"sessionChecked"`
}

// verify runs judgeToken. What fails says nothing of the token.
func verify(ctx context.Context, c *cli.Command) error {
	err := judgeToken(ctx, c)
	if _, failed := errors.AsType[*failure](err); failed {
		fmt.Fprintln(c.Root().ErrWriter, "isojot:", err)
		return exitStatus(exitCannotTell)
	}
	return err
}

func judgeToken(ctx context.Context, c *cli.Command) (err error) {
	chosen, err := chooseJudge(c)
	if err != nil {
		return err
	}
	verifier, end, err := chosen.open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fail(end())) }()
	token, err := readToken(c)
	if err != nil {
		return err
	}
	caller, err := verifier.Verify(ctx, token)
	v := verdictOf(caller, err)
	v.SessionChecked = chosen.asksSession
	if err := v.print(c); err != nil {
		return fail(err)
	}
	return v.status()
}

// verdictOf sorts what a verifier says.
func verdictOf(caller *auth.Caller, err error) verdict {
	if err == nil {
		expires := caller.Expiry.UTC()
		return verdict{Verdict: "good", UserID: caller.UserID, Session: caller.SessionID, Expires: &expires, Claims: caller.Claims}
	}
	v := verdict{Verdict: "unknown", Message: err.Error()}
	if errors.Is(err, auth.ErrRefused) {
		v.Verdict = "refused"
	}
	if e, ok := errors.AsType[*isojot.Error](err); ok {
		v.Message, v.Reason, v.Advice = e.Message, e.Reason, e.Reason.Advice()
	}
	return v
}

// status is the exit code.
func (v verdict) status() error {
	switch v.Verdict {
	case "good":
		return nil
	case "refused":
		return exitStatus(exitRefused)
	}
	return exitStatus(exitCannotTell)
}

// print writes a good verdict, and every one as JSON, to standard output, any
// other to standard error.
func (v verdict) print(c *cli.Command) error {
	out := c.Root().Writer
	switch {
	case c.Bool("json"):
		return printJSON(out, v)
	case v.Verdict == "good":
		return v.printGood(c)
	}
	out = c.Root().ErrWriter
	prefix := "refused: "
	if v.Verdict == "unknown" {
		prefix = "cannot tell: "
	}
	text := "isojot: " + prefix + v.Message + "\n"
	if v.Reason != "" && v.Reason != isojot.ReasonUnknown {
		text += string(v.Reason) + ": " + v.Advice + "\n"
	}
	_, err := fmt.Fprint(out, printable(text))
	return err
}

func (v verdict) printGood(c *cli.Command) error {
	session := v.Session
	if session == "" {
		session = "none"
	}
	claims, err := json.Marshal(v.Claims)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("good\nuser     %s\nsession  %s\nexpires  %s, %s\nclaims   %s\n",
		v.UserID, session, v.Expires.Format(time.RFC3339), relative(*v.Expires, time.Now()), claims)
	if !v.SessionChecked {
		text += "The signature and exp were checked. Whether the session lives and the user is let in, --endpoint or --data tells.\n"
	}
	_, err = fmt.Fprint(c.Root().Writer, printable(text))
	return err
}
