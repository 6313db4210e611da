package runner

import (
	"fmt"
	"strings"
)

// Targets names the forms that Parse takes, for help texts.
const Targets = "node:FILE, command:PROGRAM ARGUMENT..., http://URL or https://URL"

// Parse makes the runner that a target names:
//
//	node:path/to/file.mjs
//	command:./program argument another
//	http://127.0.0.1:8080/path
//
// There is no shell. A command is split at spaces and nothing else is special;
// quotes and backslashes-before-a-space, which would do nothing, are refused. A
// program or argument with a space in it needs a manifest, whose args are a list.
func Parse(c Config, target string) (Runner, error) {
	kind, rest, ok := strings.Cut(target, ":")
	switch {
	case !ok:
	case kind == "node":
		return parseNode(c, strings.TrimSpace(rest))
	case kind == "command":
		return parseCommand(c, rest)
	case kind == "http", kind == "https":
		return HTTP(c, target)
	}
	return nil, fmt.Errorf("%w: the target %.100q is none of %s", ErrStart, kindOf(target), Targets)
}

// kindOf is what an error may show of a target: a URL of another kind could
// hold a password.
func kindOf(target string) string {
	if kind, _, ok := strings.Cut(target, ":"); ok {
		return kind + ":..."
	}
	return target
}

func parseNode(c Config, file string) (Runner, error) {
	if file == "" {
		return nil, fmt.Errorf("%w: node: needs a file, as in node:functions/hello.mjs", ErrStart)
	}
	return Node(c, file)
}

func parseCommand(c Config, line string) (Runner, error) {
	if strings.ContainsAny(line, `"'`) || strings.Contains(line, `\ `) {
		return nil, fmt.Errorf(`%w: command: is split at spaces and knows no quotes; use a manifest with "args" for what holds a space or a quote`, ErrStart)
	}
	words := strings.Fields(line)
	if len(words) == 0 {
		return nil, fmt.Errorf("%w: command: needs a program, as in command:./hello --loud", ErrStart)
	}
	return Command(c, words[0], words[1:]...)
}
