package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

// settingFlags say what is set of projects; prefix begins the names of their
// environment variables.
func settingFlags(prefix string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "config", Sources: cli.EnvVars(prefix + "CONFIG"),
			Usage: `FILE of what is set of projects, in JSON: {"projects": {"demo": {"name": "My app", "password-history": 5}}}; isojot project --help lists the names`},
		&cli.StringSliceFlag{Name: "setting", Sources: cli.EnvVars(prefix + "SETTING"),
			Usage: "`NAME=VALUE` that is set of all projects; PROJECT=NAME=VALUE of that project alone; several words of a value are separated by blanks here (repeatable; comma-separated in the variable)"},
	}
}

// readProjectSettings applies the file, then the flags, to the projects.
func readProjectSettings(c *cli.Command, projects []server.Project) error {
	if path := c.String("config"); path != "" {
		if err := readConfig(path, projects); err != nil {
			return fmt.Errorf("--config: %w", err)
		}
	}
	entries := c.StringSlice("setting")
	for _, entry := range entries {
		name, value, ok := strings.Cut(entry, "=")
		if !ok {
			return fmt.Errorf("--setting %s: write NAME=VALUE, or PROJECT=NAME=VALUE", entry)
		}
		if !isSetting(name) && strings.Contains(value, "=") { // of one project, below
			continue
		}
		for i := range projects {
			if err := projects[i].Set(name, value); err != nil {
				return fmt.Errorf("--setting %s: %w", entry, err)
			}
		}
	}
	return readSettingsOfOne(entries, projects)
}

// readSettingsOfOne applies the entries that name a project: they go before those
// of all.
func readSettingsOfOne(entries []string, projects []server.Project) error {
	var failed error
	entries = slices.DeleteFunc(slices.Clone(entries), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return isSetting(name)
	})
	err := eachNamed("setting", entries, projects, func(p *server.Project, setting string) {
		name, value, _ := strings.Cut(setting, "=")
		if err := p.Set(name, value); err != nil {
			failed = errors.Join(failed, fmt.Errorf("--setting %s=%s: %w", p.ID, setting, err))
		}
	})
	return errors.Join(err, failed)
}

func isSetting(name string) bool {
	return slices.ContainsFunc(server.Settings(), func(s server.Setting) bool { return s.Name == name })
}

// config is the file of --config.
type config struct {
	Projects map[string]map[string]any `json:"projects"`
}

// readConfig applies a file to the projects.
func readConfig(path string, projects []server.Project) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() // read only
	dec := json.NewDecoder(file)
	dec.UseNumber()
	dec.DisallowUnknownFields()
	var read config
	if err := dec.Decode(&read); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if dec.More() {
		return fmt.Errorf("%s: there is something after the object", path)
	}
	for _, id := range slices.Sorted(maps.Keys(read.Projects)) {
		i := slices.IndexFunc(projects, func(p server.Project) bool { return p.ID == id })
		if i < 0 {
			return fmt.Errorf("%s: there is no --project %s", path, id)
		}
		for _, name := range slices.Sorted(maps.Keys(read.Projects[id])) {
			if err := projects[i].Set(name, settingText(read.Projects[id][name])); err != nil {
				return fmt.Errorf("%s: project %s: %w", path, id, err)
			}
		}
	}
	return nil
}

// settingText is a value of the file as flags have it; lists are joined.
func settingText(v any) string {
	list, ok := v.([]any)
	if !ok {
		return fmt.Sprint(v)
	}
	var all []string
	for _, item := range list {
		all = append(all, fmt.Sprint(item))
	}
	return strings.Join(all, ",")
}
