package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

func projectCommand() *cli.Command {
	return &cli.Command{
		Name:  "project",
		Usage: "list projects, and what is set of them",
		Description: "Works on the data directory or database, whether a server is using it or not; what changes\n" +
			"holds within a second, and goes before the flags and the file that a server was started with.\n\n" + settingsHelp(),
		Action: unknownProjectCommand,
		Commands: []*cli.Command{
			{Name: "list", Usage: "list the projects", Flags: []cli.Flag{dataFlag(), databaseFlag()}, Action: noArguments(withKeyring(listProjects))},
			{Name: "show", Usage: "list what is set of a project", Flags: keyFlags(), Action: noArguments(withKeyring(showProject))},
			{Name: "set", Usage: "set something of a project", ArgsUsage: "NAME=VALUE", Flags: keyFlags(), Action: oneArgument("NAME=VALUE", withKeyring(setProject))},
			{Name: "unset", Usage: "forget what was set of a project", ArgsUsage: "NAME", Flags: keyFlags(), Action: oneArgument("a setting's NAME", withKeyring(unsetProject))},
		},
	}
}

// unknownProjectCommand runs when what follows project names no command.
func unknownProjectCommand(_ context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return fmt.Errorf("unknown command \"project %s\": use project list, show, set or unset", c.Args().First())
	}
	return cli.ShowSubcommandHelp(c)
}

// settingsHelp lists what can be set.
func settingsHelp() string {
	var b strings.Builder
	b.WriteString("Settings:\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, s := range server.Settings() {
		fmt.Fprintf(w, "  %s\t%s\n", s.Name, s.Usage)
	}
	w.Flush() // to memory, which cannot fail
	return b.String()
}

func listProjects(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
	ids, err := keys.Projects(ctx)
	if err != nil {
		return fail(err)
	}
	for _, id := range ids {
		if _, err := fmt.Fprintln(c.Root().Writer, id); err != nil {
			return fail(err)
		}
	}
	return nil
}

func showProject(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
	stored, err := keys.Settings(ctx, keyProject(c))
	if err != nil {
		return err
	}
	var project server.Project // with what a new one has
	w := tabwriter.NewWriter(c.Root().Writer, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tVALUE\tSTORED")
	for _, s := range server.Settings() {
		value, here := stored[s.Name]
		mark := "yes"
		if !here {
			value, mark = project.Get(s.Name), "no"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", s.Name, value, mark)
	}
	return fail(w.Flush())
}

func setProject(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
	name, value, ok := strings.Cut(c.Args().First(), "=")
	if !ok {
		return fmt.Errorf("project set takes NAME=VALUE, got %q", name)
	}
	err := keys.SetSetting(ctx, keyProject(c), name, value)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Root().Writer, "%s of project %s is %q\n", name, keyProject(c), value)
	return fail(err)
}

func unsetProject(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
	name := c.Args().First()
	err := keys.UnsetSetting(ctx, keyProject(c), name)
	if errors.Is(err, server.ErrNoSetting) {
		return fail(fmt.Errorf("project %s has no setting %q stored: see isojot project show", keyProject(c), name))
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Root().Writer, "%s of project %s is as its server was told, or else as of a new project\n", name, keyProject(c))
	return fail(err)
}
