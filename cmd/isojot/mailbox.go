package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

// messageStates are those that mail list takes.
var messageStates = []string{"waiting", "sending", "sent", "dead", "kept"}

func mailCommand() *cli.Command {
	flags := func(more ...cli.Flag) []cli.Flag { return append([]cli.Flag{dataFlag(), databaseFlag()}, more...) }
	return &cli.Command{
		Name:  "mail",
		Usage: "list mails and text messages, try dead ones again, delete them",
		Description: "Works on the data directory or database, whether a server is using it or not. What\n" +
			"messages say is not shown.",
		Action: unknownMailCommand,
		Commands: []*cli.Command{
			{Name: "list", Usage: "list the messages, the oldest first", Action: noArguments(withMailbox(listMessages)),
				Flags: flags(&cli.StringFlag{Name: "state", Sources: cli.EnvVars("ISOJOT_MAIL_STATE"), Usage: "those in a `STATE` alone: " + strings.Join(messageStates, ", ")})},
			{Name: "retry", Usage: "try a dead message again", ArgsUsage: "ID", Flags: flags(), Action: oneArgument("the message's ID", withMailbox(retryMessage))},
			{Name: "delete", Usage: "delete a message", ArgsUsage: "ID", Flags: flags(), Action: oneArgument("the message's ID", withMailbox(deleteMessage))},
		},
	}
}

// unknownMailCommand runs when what follows mail names no command.
func unknownMailCommand(_ context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return fmt.Errorf("unknown command \"mail %s\": use mail list, retry or delete", c.Args().First())
	}
	return cli.ShowSubcommandHelp(c)
}

// withMailbox makes an action of a function on the mailbox.
func withMailbox(f func(context.Context, *cli.Command, *server.Mailbox) error) cli.ActionFunc {
	return func(ctx context.Context, c *cli.Command) error {
		box, err := openMailboxOf(ctx, c)
		if err != nil {
			return err
		}
		return errors.Join(f(ctx, c, box), fail(box.Close()))
	}
}

// openMailboxOf opens the mailbox of the data that the flags name.
func openMailboxOf(ctx context.Context, c *cli.Command) (*server.Mailbox, error) {
	if err := checkDataFlags(c); err != nil {
		return nil, err
	}
	if url := c.String("database-url"); url != "" {
		box, err := server.OpenDatabaseMailbox(ctx, url)
		if err != nil {
			return nil, fail(fmt.Errorf("--database-url: %w", err))
		}
		return box, nil
	}
	box, err := server.OpenMailbox(ctx, c.String("data"))
	if err != nil {
		return nil, fail(fmt.Errorf("--data: %w", cmp.Or(dataFault(c.String("data"), err), err)))
	}
	return box, nil
}

func listMessages(ctx context.Context, c *cli.Command, box *server.Mailbox) error {
	state := c.String("state")
	if state != "" && !slices.Contains(messageStates, state) {
		return fmt.Errorf("--state: there is no state %q: use %s", state, strings.Join(messageStates, ", "))
	}
	w := tabwriter.NewWriter(c.Root().Writer, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tCREATED\tPROJECT\tCHANNEL\tKIND\tTO\tSTATE\tATTEMPTS\tREASON")
	err := box.List(ctx, state, func(m server.MessageStatus) error {
		_, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n",
			m.ID, m.CreatedAt.Format(time.RFC3339), m.Project, m.Channel, m.Kind, m.To, m.State, m.Attempts, m.Reason)
		return err
	})
	return fail(errors.Join(err, w.Flush()))
}

func retryMessage(ctx context.Context, c *cli.Command, box *server.Mailbox) error {
	id := c.Args().First()
	err := box.Retry(ctx, id)
	if errors.Is(err, server.ErrNoMessage) {
		return fail(fmt.Errorf("there is no dead message %q that could still be sent: see isojot mail list --state dead; what one said is forgotten when it is of no use any more", id))
	}
	if err == nil {
		_, err = fmt.Fprintf(c.Root().Writer, "message %s is tried again\n", id)
	}
	return fail(err)
}

func deleteMessage(ctx context.Context, c *cli.Command, box *server.Mailbox) error {
	id := c.Args().First()
	err := box.Delete(ctx, id)
	if errors.Is(err, server.ErrNoMessage) {
		return fail(fmt.Errorf("there is no message %q, or it is being sent: see isojot mail list", id))
	}
	if err == nil {
		_, err = fmt.Fprintf(c.Root().Writer, "message %s is deleted\n", id)
	}
	return fail(err)
}
