package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

// defaultData is the folder of serve's database, below the working directory.
const defaultData = "isojot-data"

// settings are what the flags of serve and exec say.
type settings struct {
	addr    string
	options server.Options
	exposed []string // warnings of secrets in the command line
}

// limitsFlag and those below are the flags that serve and exec share. Each is a
// function, since a flag keeps the value it was set to.
func limitsFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "limits", Value: server.LimitsClassic.String(), Sources: cli.EnvVars("ISOJOT_LIMITS"),
		Usage: "rate limits: " + server.LimitsNames(),
	}
}

func projectFlag() cli.Flag {
	return &cli.StringSliceFlag{
		Name: "project", Value: []string{server.DefaultProject}, Sources: cli.EnvVars("ISOJOT_PROJECT"),
		Usage: "`ID` of a project, made when it does not exist; the page uses the first (repeatable; comma-separated in the variable)",
	}
}

// dataFlag and databaseFlag say where a server's data is.
func dataFlag() cli.Flag {
	return &cli.StringFlag{Name: "data", Value: defaultData, Sources: cli.EnvVars("ISOJOT_DATA"), Usage: "`DIR` of the database"}
}

func databaseFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "database-url", Sources: cli.EnvVars("ISOJOT_DATABASE_URL"), HideDefault: true,
		Usage: "`URL` of a PostgreSQL database that several servers can share, as in postgres://isojot@db.example.com/isojot?sslmode=verify-full; one with a password is better given by the variable, since every program can read a command line",
	}
}

// checkDataFlags refuses several answers to the question where the data is.
func checkDataFlags(c *cli.Command) error {
	var given []string
	for _, name := range []string{"memory", "data", "database-url"} {
		if c.IsSet(name) && (name != "memory" || c.Bool(name)) {
			given = append(given, "--"+name)
		}
	}
	switch {
	case len(given) > 1:
		return fmt.Errorf("%s exclude each other: leave out one (their environment variables count too)", strings.Join(given, " and "))
	case strings.Contains(c.String("data"), "://"):
		return errors.New("--data names a folder: use --database-url for a URL")
	}
	return nil
}

func apiKeyFlag(usage string) cli.Flag {
	return &cli.StringFlag{Name: "api-key", Sources: cli.EnvVars("ISOJOT_API_KEY"), Usage: usage}
}

func originsFlag() cli.Flag {
	return &cli.StringSliceFlag{
		Name: "allow-origin", Sources: cli.EnvVars("ISOJOT_ALLOW_ORIGIN"),
		Usage: "`URL` of a page that may call, or of this server itself, besides those on this machine, or capacitor://localhost or appwrite-android://PACKAGE of an app; *.example.com is every host below example.com, * every site there is, which then can act for whoever is signed in; PROJECT=URL allows it for that project alone (repeatable; comma-separated in the variable)",
	}
}

// anyOrigin is the entry of --allow-origin that allows every site.
const anyOrigin = "*"

func algorithmFlag() cli.Flag {
	return &cli.StringSliceFlag{
		Name: "jwt-alg", Sources: cli.EnvVars("ISOJOT_JWT_ALG"),
		Usage: "`ALG` that JWTs are signed by: HS256, EdDSA or ES256; PROJECT=ALG for that project alone. A project whose newest key is of another kind is given a new one, as by isojot key rotate (repeatable; comma-separated in the variable)",
	}
}

func proxiesFlag() cli.Flag {
	return &cli.StringSliceFlag{
		Name: "trusted-proxy", Sources: cli.EnvVars("ISOJOT_TRUSTED_PROXY"),
		Usage: "`CIDR` or address of a proxy in front, whose X-Forwarded-For, -Proto and -Host are believed (repeatable; comma-separated in the variable)",
	}
}

func memoryFlag() cli.Flag {
	return &cli.IntFlag{
		Name: "request-memory", Value: server.DefaultRequestMemory >> 20, Sources: cli.EnvVars("ISOJOT_REQUEST_MEMORY"),
		Usage: "`MIB` that all requests together may hold, bodies and answers; no address gets more than half",
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
	if err := checkDataFlags(c); err != nil {
		return settings{}, err
	}
	projects, err := readProjects(c.StringSlice("project"), c.StringSlice("allow-origin"), c.StringSlice("jwt-alg"))
	if err != nil {
		return settings{}, err
	}
	if err := readProjectSettings(c, projects); err != nil {
		return settings{}, err
	}
	if err := readFunctions(c, projects); err != nil {
		return settings{}, err
	}
	if err := readOAuth(c, projects); err != nil {
		return settings{}, err
	}
	s := settings{addr: c.String("addr"), exposed: exposed(c), options: server.Options{
		DataDir:      c.String("data"),
		Memory:       c.Bool("memory"),
		DatabaseURL:  c.String("database-url"),
		APIKey:       c.String("api-key"),
		Projects:     projects,
		AllowOrigins: allowedByAll(c.StringSlice("allow-origin")),
		Limits:       limits,
		Assets:       embeddedAssets(),
		Logger:       logger,

		TrustedProxies: c.StringSlice("trusted-proxy"),
		RequestMemory:  int64(c.Int("request-memory")) << 20,
	}}
	if s.options.DatabaseURL != "" {
		s.options.DataDir = ""
		s.options.DatabaseConnections, s.options.Lease = c.Int("database-connections"), c.Duration("lease")
	}
	if err := readMail(c, &s.options); err != nil {
		return settings{}, err
	}
	if c.Bool("dev") {
		s.options.Dev = &server.Dev{Token: rand.Text()}
	}
	return s, nil
}

// readProjects are the projects of --project, each with the entries of
// --allow-origin that name it, and with its algorithm of --jwt-alg.
func readProjects(ids, origins, algorithms []string) ([]server.Project, error) {
	var projects []server.Project
	for _, id := range ids {
		projects = append(projects, server.Project{ID: id})
	}
	err := eachNamed("allow-origin", origins, projects, func(p *server.Project, origin string) {
		p.AllowOrigins = append(p.AllowOrigins, origin)
	})
	if err != nil {
		return nil, err
	}
	for _, entry := range algorithms {
		for i := range projects {
			if !strings.Contains(entry, "=") {
				projects[i].JWTAlgorithm = entry
			}
		}
	}
	// That of one project goes before that of all.
	err = eachNamed("jwt-alg", algorithms, projects, func(p *server.Project, algorithm string) { p.JWTAlgorithm = algorithm })
	return projects, err
}

// eachNamed calls set for each entry of a flag that names a project, as in
// PROJECT=VALUE.
func eachNamed(flag string, entries []string, projects []server.Project, set func(p *server.Project, value string)) error {
	for _, entry := range entries {
		id, value, ok := strings.Cut(entry, "=")
		if !ok {
			continue
		}
		i := slices.IndexFunc(projects, func(p server.Project) bool { return p.ID == id })
		if i < 0 {
			return fmt.Errorf("--%s %s: there is no --project %s", flag, entry, id)
		}
		set(&projects[i], value)
	}
	return nil
}

// allowedByAll are the entries of --allow-origin that name no project.
func allowedByAll(origins []string) []string {
	return slices.DeleteFunc(slices.Clone(origins), func(entry string) bool { return strings.Contains(entry, "=") })
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
