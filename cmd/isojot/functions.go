package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

// everybody may execute a function of --function that no --function-role is
// about.
const everybody = "any"

// functionFlags are the flags that declare functions; serve and exec share
// them.
func functionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.GenericFlag{
			Name: "function", Value: &lineList{}, Sources: cli.EnvVars("ISOJOT_FUNCTION"),
			Usage: "`NAME=TARGET` of a function that everybody may execute unless --function-role says otherwise; TARGET is " + runner.Targets +
				"; PROJECT/NAME=TARGET is one of that project (repeatable; one a line in the variable)",
		},
		&cli.StringSliceFlag{
			Name: "function-role", Sources: cli.EnvVars("ISOJOT_FUNCTION_ROLE"),
			Usage: "`NAME=ROLE` lets those with the role execute the function, and nobody else: any, guests, users, user:ID, label:LABEL, team:ID, team:ID/ROLE, member:ID (repeatable; comma-separated in the variable)",
		},
		&cli.StringSliceFlag{
			Name: "functions", Sources: cli.EnvVars("ISOJOT_FUNCTIONS"),
			Usage: "`DIR` of functions, each a folder with a function.json; PROJECT=DIR is one of that project (repeatable; comma-separated in the variable)",
		},
	}
}

// lineList is the value of a flag that may be given several times. Its values
// may have commas; in an environment variable each is a line.
type lineList struct{ lines []string }

// Set adds what a flag or the variable has.
func (l *lineList) Set(text string) error {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			l.lines = append(l.lines, line)
		}
	}
	return nil
}

// String is empty: there is no default to show.
func (l *lineList) String() string { return "" }

// Get returns the list.
func (l *lineList) Get() any { return l }

// readFunctions adds the functions of the flags to their projects.
func readFunctions(c *cli.Command, projects []server.Project) error {
	for _, entry := range functionsOf(c) {
		if err := addFunction(projects, entry); err != nil {
			return fmt.Errorf("--function %s: %w", entry, err)
		}
	}
	for _, entry := range c.StringSlice("function-role") {
		if err := addRole(projects, entry); err != nil {
			return fmt.Errorf("--function-role %s: %w", entry, err)
		}
	}
	for i := range projects {
		for j := range projects[i].Functions {
			if f := &projects[i].Functions[j]; f.Execute == nil {
				f.Execute = []string{everybody}
			}
		}
	}
	return addFolders(projects, c.StringSlice("functions"))
}

// addFunction reads [PROJECT/]NAME=TARGET.
func addFunction(projects []server.Project, entry string) error {
	name, target, ok := strings.Cut(entry, "=")
	if !ok || target == "" {
		return fmt.Errorf("write NAME=TARGET, where TARGET is %s", runner.Targets)
	}
	p, id, err := projectOf(projects, name)
	if err != nil {
		return err
	}
	p.Functions = append(p.Functions, server.Function{ID: id, Target: target})
	return nil
}

// addRole reads [PROJECT/]NAME=ROLE.
func addRole(projects []server.Project, entry string) error {
	name, role, ok := strings.Cut(entry, "=")
	if !ok || role == "" {
		return fmt.Errorf("write NAME=ROLE, as in %s=users", name)
	}
	p, id, err := projectOf(projects, name)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(p.Functions, func(f server.Function) bool { return f.ID == id })
	if i < 0 {
		return fmt.Errorf("there is no --function %s (those of --functions say themselves who may)", name)
	}
	p.Functions[i].Execute = append(p.Functions[i].Execute, role)
	return nil
}

// addFolders reads the entries of --functions.
func addFolders(projects []server.Project, entries []string) error {
	for _, entry := range entries {
		name, dir, ok := strings.Cut(entry, "=")
		if !ok {
			name, dir = "", entry
		}
		p, _, err := projectOf(projects, name+"/")
		switch {
		case err != nil:
			return fmt.Errorf("--functions %s: %w", entry, err)
		case p.FunctionsDir != "":
			return fmt.Errorf("--functions %s: the project %s has the folder %s already", entry, p.ID, p.FunctionsDir)
		}
		p.FunctionsDir = dir
	}
	return nil
}

// projectOf finds the project of [PROJECT/]NAME, the first without one, and
// returns the name.
func projectOf(projects []server.Project, text string) (*server.Project, string, error) {
	id, name, ok := strings.Cut(text, "/")
	if !ok || id == "" {
		return &projects[0], strings.TrimPrefix(text, "/"), nil
	}
	i := slices.IndexFunc(projects, func(p server.Project) bool { return p.ID == id })
	if i < 0 {
		return nil, "", fmt.Errorf("there is no --project %s", id)
	}
	return &projects[i], name, nil
}

// functionLines are what the start says of functions: where each one's answer
// comes from, who may execute it, and what cannot be limited here.
func functionLines(info server.Info) [][2]string {
	var lines, warnings [][2]string
	for _, f := range info.Functions {
		name := f.ID
		if f.Project != info.Project {
			name = f.Project + "/" + f.ID
		}
		who := strings.Join(f.Execute, ", ")
		if who == "" {
			who = "API keys only"
		}
		lines = append(lines, [2]string{"function", name + " = " + f.Target + " (" + who + ")"})
		for _, text := range f.Unlimited {
			if warning := [2]string{"warning", "functions: " + text}; !slices.Contains(warnings, warning) {
				warnings = append(warnings, warning)
			}
		}
	}
	return append(lines, warnings...)
}

// folderWarnings are about the folders of --functions that have no function.
func folderWarnings(info server.Info, projects []server.Project) (all []string) {
	for i, p := range projects {
		found := 0
		for _, f := range info.Functions {
			if f.Project == p.ID {
				found++
			}
		}
		if p.FunctionsDir == "" || found > len(p.Functions) {
			continue
		}
		fix := "each is a folder with a " + runner.ManifestName + " below it"
		if _, err := os.Stat(filepath.Join(p.FunctionsDir, runner.ManifestName)); err == nil {
			prefix := ""
			if i > 0 {
				prefix = p.ID + "="
			}
			fix = "it is one itself, give its parent: --functions " + prefix + filepath.Join(p.FunctionsDir, "..")
		}
		all = append(all, "no function in "+p.FunctionsDir+": "+fix)
	}
	return all
}
