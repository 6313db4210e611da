package main

import (
	"flag"
	"fmt"
	"io"
)

// config is what the flags and the environment say.
type config struct {
	endpoint, project string
	addr, notesAddr   string
	origin            string // "": as each request says
}

// parseConfig reads the flags; a flag wins over its environment variable,
// which wins over the default.
func parseConfig(args []string, env func(string) string, stderr io.Writer) (config, error) {
	var cfg config
	flags := flag.NewFlagSet("go-ssr", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&cfg.endpoint, "endpoint", or(env("ISOJOT_ENDPOINT"), "http://127.0.0.1:7519/v1"), "the auth server's API (ISOJOT_ENDPOINT)")
	flags.StringVar(&cfg.project, "project", or(env("ISOJOT_PROJECT"), "demo"), "the project's id (ISOJOT_PROJECT)")
	flags.StringVar(&cfg.addr, "addr", or(env("ADDR"), "127.0.0.1:8092"), "where the pages listen (ADDR)")
	flags.StringVar(&cfg.notesAddr, "notes-addr", or(env("NOTES_ADDR"), "127.0.0.1:8093"), "where the notes service listens (NOTES_ADDR)")
	flags.StringVar(&cfg.origin, "origin", env("ORIGIN"), "how browsers reach the pages, such as https://app.example.com; needed behind a proxy (ORIGIN)")
	if err := flags.Parse(args); err != nil {
		return config{}, err
	}
	if rest := flags.Args(); len(rest) > 0 {
		return config{}, fmt.Errorf("unexpected argument %q: every setting is a flag, see -help", rest[0])
	}
	return cfg, nil
}

func or(value, fallback string) string {
	if value != "" {
		return value
	}
	return fallback
}
