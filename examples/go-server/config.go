package main

import (
	"flag"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// config is what the flags and the environment say.
type config struct {
	endpoint, project, addr string
	origins                 origins
}

// parseConfig reads the flags; a flag wins over its environment variable,
// which wins over the default.
func parseConfig(args []string, env func(string) string, stderr io.Writer) (config, error) {
	cfg := config{origins: origins{"http://127.0.0.1:7519", "http://localhost:7519"}}
	if list := env("ALLOW_ORIGIN"); list != "" {
		if err := cfg.origins.Set(list); err != nil {
			return config{}, fmt.Errorf("ALLOW_ORIGIN: %w", err)
		}
	}
	flags := flag.NewFlagSet("go-server", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&cfg.endpoint, "endpoint", or(env("ISOJOT_ENDPOINT"), "http://127.0.0.1:7519/v1"), "the auth server's API (ISOJOT_ENDPOINT)")
	flags.StringVar(&cfg.project, "project", or(env("ISOJOT_PROJECT"), "demo"), "the project's id (ISOJOT_PROJECT)")
	flags.StringVar(&cfg.addr, "addr", or(env("ADDR"), "127.0.0.1:8090"), "where to listen (ADDR)")
	flags.Var(&cfg.origins, "allow-origin", "origins of the pages that may call, joined by commas (ALLOW_ORIGIN)")
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

// origins is a flag.Value: a list of origins as browsers write them.
type origins []string

func (o origins) String() string { return strings.Join(o, ", ") }

// Set replaces the list. Browsers send scheme, host and port, nothing more,
// so anything more would never match and is refused here.
func (o *origins) Set(list string) error {
	*o = nil
	for item := range strings.SplitSeq(list, ",") {
		item = strings.TrimSpace(item)
		u, err := url.Parse(item)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || item != u.Scheme+"://"+u.Host {
			return fmt.Errorf("%q is no origin: write it as http://localhost:7519, without a path", item)
		}
		*o = append(*o, strings.ToLower(item))
	}
	return nil
}
