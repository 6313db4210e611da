package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

// defaultData is the folder of serve's database, below the working directory.
const defaultData = "isojot-data"

// settings are what the flags of serve and exec say.
type settings struct {
	addr    string
	options server.Options
}

// limitsFlag and those below are the flags that serve and exec share. Each is a
// function, since a flag keeps the value it was set to.
func limitsFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "limits", Value: server.LimitsClassic.String(), Sources: cli.EnvVars("ISOJOT_LIMITS"),
		Usage: "rate limits: classic (" + server.LimitsClassic.Describe() + ") or off",
	}
}

func projectFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "project", Value: server.DefaultProject, Sources: cli.EnvVars("ISOJOT_PROJECT"),
		Usage: "id of the project, made when it does not exist",
	}
}

func originsFlag() cli.Flag {
	return &cli.StringSliceFlag{
		Name: "allow-origin", Sources: cli.EnvVars("ISOJOT_ALLOW_ORIGIN"),
		Usage: "`URL` of a page that may call, besides those on this machine (repeatable; comma-separated in the variable)",
	}
}

func logFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "log", Value: "text", Sources: cli.EnvVars("ISOJOT_LOG"),
		Usage: "format of the log on standard error: text or json",
	}
}

// readSettings turns the flags of c into settings. The log begins at level.
func readSettings(c *cli.Command, level slog.Level) (settings, error) {
	limits, err := server.ParseLimits(c.String("limits"))
	if err != nil {
		return settings{}, fmt.Errorf("--limits: %w", err)
	}
	logger, err := newLogger(c.String("log"), level, c.Root().ErrWriter)
	if err != nil {
		return settings{}, err
	}
	if c.Bool("memory") && c.IsSet("data") {
		return settings{}, errors.New("--memory and --data exclude each other: leave out one (their environment variables count too)")
	}
	s := settings{addr: c.String("addr"), options: server.Options{
		DataDir:      c.String("data"),
		Memory:       c.Bool("memory"),
		Project:      c.String("project"),
		AllowOrigins: c.StringSlice("allow-origin"),
		Limits:       limits,
		Assets:       embeddedAssets(),
		Logger:       logger,
	}}
	if c.Bool("dev") {
		s.options.Dev = &server.Dev{Token: rand.Text()}
	}
	return s, nil
}

func newLogger(format string, level slog.Level, w io.Writer) (*slog.Logger, error) {
	options := &slog.HandlerOptions{Level: level}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return nil, fmt.Errorf("--log: unknown format %q: use text or json", format)
}
