package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/isojot/isojot/internal/userfile"
	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

func usersExportCommand() *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write the users to a new file, or to standard output (-)",
		ArgsUsage: "FILE",
		Description: "The file is for its owner alone (mode 0600), and isojot users import reads it. It has neither\n" +
			"sessions, second factors, identities, teams nor targets of devices.",
		Flags: keyFlags(
			&cli.StringFlag{Name: "format", Usage: "jsonl or csv; without this flag, by the file's name"},
			&cli.BoolFlag{Name: "with-hashes", Usage: "write the hashes of passwords, too: whoever has them can try passwords at leisure"},
		),
		Action: oneArgument("FILE or -", exportFile),
	}
}

// exportFile reads the flags before it opens the database.
func exportFile(ctx context.Context, c *cli.Command) error {
	format, err := userfile.FormatOf(c.Args().First(), c.String("format"))
	if err != nil {
		return fmt.Errorf("--format: %w", err)
	}
	return withKeyring(func(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
		return exportUsers(ctx, c, keys, format)
	})(ctx, c)
}

// exportUsers writes the users. A file that it could not finish it removes.
func exportUsers(ctx context.Context, c *cli.Command, keys *server.Keyring, format userfile.Format) error {
	name := c.Args().First()
	if name == standardStream {
		_, err := writeUsers(ctx, c, keys, c.Root().Writer, format)
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fail(fmt.Errorf("%s is there already: name another file, or remove it", name))
	}
	if err != nil {
		return fail(err)
	}
	n, err := writeUsers(ctx, c, keys, file, format)
	if err == nil {
		err = fail(file.Sync())
	}
	if err = errors.Join(err, fail(file.Close())); err != nil {
		return errors.Join(err, fail(os.Remove(name)))
	}
	_, err = fmt.Fprintf(c.Root().Writer, "%d users of project %s are in %s\n", n, keyProject(c), name)
	return fail(err)
}

// writeUsers writes the users of the project, and says how many.
func writeUsers(ctx context.Context, c *cli.Command, keys *server.Keyring, to io.Writer, format userfile.Format) (n int, err error) {
	hashes := c.Bool("with-hashes")
	fields := slices.DeleteFunc(slices.Clone(userfile.Fields), func(name string) bool {
		return name == "password" || !hashes && slices.Contains(userfile.HashFields, name)
	})
	if hashes {
		fmt.Fprintln(c.Root().ErrWriter, "isojot: warning: the export has the hashes of passwords: keep it where nobody else reads, and delete it when it is imported")
	}
	out, err := userfile.NewWriter(to, format, fields)
	if err != nil {
		return 0, fail(err)
	}
	err = keys.ExportUsers(ctx, keyProject(c), hashes, func(values map[string]any) error {
		n++
		return out.Write(values)
	})
	if errors.Is(err, server.ErrNoProject) {
		return 0, err
	}
	return n, fail(errors.Join(err, out.Flush()))
}
