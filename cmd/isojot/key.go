package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

func keyCommand() *cli.Command {
	return &cli.Command{
		Name:  "key",
		Usage: "manage API keys and the keys that sign a project's JWTs",
		Description: "Works on the data directory or database, whether a server is using it or not; what changes\n" +
			"holds at once.",
		Action: unknownKeyCommand,
		Commands: []*cli.Command{keyCreateCommand(), keyListCommand(), keyRevokeCommand(),
			keyJWTCommand(), keyRotateCommand(), keyClaimsCommand()},
	}
}

// unknownKeyCommand runs when what follows key names no command.
func unknownKeyCommand(_ context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return fmt.Errorf("unknown command \"key %s\": use key create, list, revoke, jwt, rotate or claims", c.Args().First())
	}
	return cli.ShowSubcommandHelp(c)
}

// keyFlags are the flags of all key commands, and further ones.
func keyFlags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{
		dataFlag(), databaseFlag(),
		&cli.StringFlag{Name: "project", Value: server.DefaultProject, Sources: cli.EnvVars("ISOJOT_PROJECT"),
			Usage: "id of the project (the first one, if the variable lists several)"},
	}, more...)
}

// keyProject is the project that a command is about.
func keyProject(c *cli.Command) string {
	first, _, _ := strings.Cut(c.String("project"), ",")
	return strings.TrimSpace(first)
}

func keyCreateCommand() *cli.Command {
	return &cli.Command{
		Name:  "create",
		Usage: "make an API key and print it, which is done this once",
		Flags: keyFlags(
			&cli.StringFlag{Name: "name", Sources: cli.EnvVars("ISOJOT_KEY_NAME"), Usage: "`TEXT` to know the key by"},
			&cli.StringSliceFlag{Name: "scope", Sources: cli.EnvVars("ISOJOT_KEY_SCOPE"), Usage: "`SCOPE` the key has (repeatable); all of them without this flag: " + strings.Join(server.Scopes(), ", ")},
			&durationFlag{Name: "expires", Sources: cli.EnvVars("ISOJOT_KEY_EXPIRES"), Usage: "how long the key is valid, as in 24h; for ever without this flag"},
		),
		Action: noArguments(withKeyring(createKey)),
	}
}

func keyListCommand() *cli.Command {
	return &cli.Command{Name: "list", Usage: "list the API keys of a project", Flags: keyFlags(), Action: noArguments(withKeyring(listKeys))}
}

func keyRevokeCommand() *cli.Command {
	return &cli.Command{Name: "revoke", Usage: "delete an API key", ArgsUsage: "ID", Flags: keyFlags(), Action: oneArgument("the key's ID", withKeyring(revokeKey))}
}

// noArguments and oneArgument refuse other numbers of arguments.
func noArguments(next cli.ActionFunc) cli.ActionFunc {
	return func(ctx context.Context, c *cli.Command) error {
		if c.Args().Present() {
			return fmt.Errorf("%s takes no arguments, got %q", commandName(c), c.Args().First())
		}
		return next(ctx, c)
	}
}

func oneArgument(what string, next cli.ActionFunc) cli.ActionFunc {
	return func(ctx context.Context, c *cli.Command) error {
		if n := c.Args().Len(); n != 1 {
			return fmt.Errorf("%s takes one argument, %s, got %d", commandName(c), what, n)
		}
		return next(ctx, c)
	}
}

// commandName is what was typed after the program's name, as in "key list".
func commandName(c *cli.Command) string {
	_, name, _ := strings.Cut(c.FullName(), " ")
	return name
}

// withKeyring makes an action of a function on the keyring.
func withKeyring(f func(context.Context, *cli.Command, *server.Keyring) error) cli.ActionFunc {
	return func(ctx context.Context, c *cli.Command) error {
		keys, err := openKeyring(ctx, c)
		if err != nil {
			return err
		}
		err = f(ctx, c, keys)
		if errors.Is(err, server.ErrNoProject) {
			err = unknownProject(ctx, keyProject(c), keys)
		}
		if fault := dataFault(c.String("data"), err); fault != nil {
			err = fail(fmt.Errorf("--data: %w", fault))
		}
		return errors.Join(err, fail(keys.Close()))
	}
}

// openKeyring opens the keyring of the data that the flags name.
func openKeyring(ctx context.Context, c *cli.Command) (*server.Keyring, error) {
	if err := checkDataFlags(c); err != nil {
		return nil, err
	}
	if url := c.String("database-url"); url != "" {
		keys, err := server.OpenDatabaseKeyring(ctx, url)
		if err != nil {
			return nil, fail(fmt.Errorf("--database-url: %w", err))
		}
		return keys, nil
	}
	keys, err := server.OpenKeyring(ctx, c.String("data"))
	if err != nil {
		return nil, fail(fmt.Errorf("--data: %w", cmp.Or(dataFault(c.String("data"), err), err)))
	}
	return keys, nil
}

// unknownProject says which projects there are.
func unknownProject(ctx context.Context, id string, keys *server.Keyring) error {
	ids, err := keys.Projects(ctx)
	if err != nil {
		return fail(err)
	}
	return fail(fmt.Errorf("--project: there is no project %q; there is %s (isojot serve --project %s would make it)", id, strings.Join(ids, ", "), id))
}

func createKey(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
	secret, key, err := keys.Create(ctx, keyProject(c),
		server.NewKey{Name: c.String("name"), Scopes: c.StringSlice("scope"), Expires: c.Duration("expires")})
	if err != nil {
		return err
	}
	// The key alone goes to standard output, for scripts.
	fmt.Fprintf(c.Root().ErrWriter, "key %s of project %s, %s; it is not shown again\n", key.ID, keyProject(c), expiry(key.ExpiresAt))
	_, err = fmt.Fprintln(c.Root().Writer, secret)
	return fail(err)
}

func listKeys(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
	list, err := keys.List(ctx, keyProject(c))
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.Root().Writer, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tCREATED\tEXPIRES\tSCOPES")
	for _, key := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", key.ID, key.Name, key.CreatedAt.Format(time.RFC3339), expiry(key.ExpiresAt), strings.Join(key.Scopes, ","))
	}
	return fail(w.Flush())
}

// expiry says when a key expires.
func expiry(at time.Time) string {
	switch {
	case at.IsZero():
		return "never expires"
	case at.Before(time.Now()):
		return "expired " + at.Format(time.RFC3339)
	}
	return "expires " + at.Format(time.RFC3339)
}

func revokeKey(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
	id := c.Args().First()
	err := keys.Revoke(ctx, keyProject(c), id)
	if errors.Is(err, server.ErrNoKey) {
		return fail(fmt.Errorf("project %s has no key %q: see isojot key list", keyProject(c), id))
	}
	if err != nil {
		return fail(err)
	}
	_, err = fmt.Fprintf(c.Root().Writer, "key %s is revoked\n", id)
	return fail(err)
}
