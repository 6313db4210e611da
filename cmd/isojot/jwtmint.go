package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

func jwtMintCommand() *cli.Command {
	return &cli.Command{
		Name:  "mint",
		Usage: "make a JWT of a user and print it",
		Description: "Works on the data directory or database, whether a server is using it or not, by the\n" +
			"rules of users.createJWT: the user must exist and not be blocked, the session be the user's.",
		Flags: keyFlags(
			&cli.StringFlag{Name: "user", Sources: cli.EnvVars("ISOJOT_JWT_USER"), Usage: "`ID` of the user"},
			&cli.StringFlag{Name: "session", Value: server.SessionRecent, Sources: cli.EnvVars("ISOJOT_JWT_SESSION"),
				Usage: "`ID` of the session that the JWT dies with, recent for the newest, or none: it is then good until it expires"},
			&durationFlag{Name: "duration", Value: 15 * time.Minute, Sources: cli.EnvVars("ISOJOT_JWT_DURATION"), Usage: "how long the JWT is valid, 1s to 1h"},
			&cli.StringSliceFlag{Name: "claim", Sources: cli.EnvVars("ISOJOT_JWT_CLAIM"),
				Usage: "`NAME=VALUE` for another value of iss or aud, where the project has them (isojot key claims; repeatable)"},
		),
		Action: noArguments(withKeyring(mint)),
	}
}

func mint(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
	user := c.String("user")
	if user == "" {
		return errors.New("--user: name the user whom the JWT shall stand for")
	}
	values, err := claimValues(c.StringSlice("claim"))
	if err != nil {
		return err
	}
	token, err := keys.CreateJWT(ctx, keyProject(c), server.NewJWT{
		UserID: user, Session: c.String("session"), Duration: c.Duration("duration"), Claims: values,
	})
	switch {
	case errors.Is(err, server.ErrNoUser):
		return fail(fmt.Errorf("--user: project %s has no user %q", keyProject(c), user))
	case errors.Is(err, server.ErrUserBlocked):
		return fail(fmt.Errorf("--user: %s is blocked", user))
	case errors.Is(err, server.ErrNoSession):
		return fail(fmt.Errorf("--session: user %s has no session %q that has not expired; --session none binds the JWT to none", user, c.String("session")))
	case err != nil:
		return err
	}
	claims, err := isojot.Decode(token)
	if err != nil {
		return fail(err)
	}
	// The token alone goes to standard output, for scripts.
	fmt.Fprintf(c.Root().ErrWriter, "JWT of user %s of project %s, valid until %s\n", claims.UserID, keyProject(c), claims.Expiry.UTC().Format(time.RFC3339))
	_, err = fmt.Fprintln(c.Root().Writer, token)
	return fail(err)
}

// claimValues reads --claim.
func claimValues(list []string) (map[string]string, error) {
	values := map[string]string{}
	for _, entry := range list {
		name, value, ok := strings.Cut(entry, "=")
		if !ok {
			return nil, fmt.Errorf("--claim %s: write it as NAME=VALUE", entry)
		}
		if _, twice := values[name]; twice {
			return nil, fmt.Errorf("--claim %s: the claim is given twice", name)
		}
		values[name] = value
	}
	return values, nil
}
