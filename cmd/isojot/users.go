package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"
)

func usersCommand() *cli.Command {
	return &cli.Command{
		Name:  "users",
		Usage: "import and export the users of a project",
		Description: "Works on the data directory or database, whether a server is using it or not; what changes\n" +
			"holds at once.",
		Action:   unknownUsersCommand,
		Commands: []*cli.Command{usersImportCommand(), usersExportCommand()},
	}
}

// unknownUsersCommand runs when what follows users names no command.
func unknownUsersCommand(_ context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return fmt.Errorf("unknown command \"users %s\": use users import or export", c.Args().First())
	}
	return cli.ShowSubcommandHelp(c)
}
