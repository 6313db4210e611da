package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"
)

// secrets are the flags whose values, or parts of them, are nobody else's.
var secrets = []struct {
	flag, variable string
	// values are those of them that a command was given.
	values func(c *cli.Command) []string
}{
	{"api-key", "ISOJOT_API_KEY", textOf("api-key")},
	{"database-url", "ISOJOT_DATABASE_URL", func(c *cli.Command) []string { return withPassword(c.String("database-url")) }},
	{"function", "ISOJOT_FUNCTION", func(c *cli.Command) []string { return withPassword(functionsOf(c)...) }},
	{"smtp-url", "ISOJOT_SMTP_URL", func(c *cli.Command) []string { return withPassword(c.String("smtp-url")) }},
	{"smtp-password", "ISOJOT_SMTP_PASSWORD", textOf("smtp-password")},
	{"sms-webhook", "ISOJOT_SMS_WEBHOOK", func(c *cli.Command) []string { return withPassword(c.String("sms-webhook")) }},
	{"sms-secret", "ISOJOT_SMS_SECRET", textOf("sms-secret")},
	{"firebase-signer-key", "ISOJOT_FIREBASE_SIGNER_KEY", textOf("firebase-signer-key")},
	{"key-hex", "ISOJOT_JWT_KEY", textOf("key-hex")},
}

func textOf(flag string) func(*cli.Command) []string {
	return func(c *cli.Command) []string { return []string{c.String(flag)} }
}

// functionsOf are the entries of --function.
func functionsOf(c *cli.Command) []string {
	if declared, ok := c.Value("function").(*lineList); ok {
		return declared.lines
	}
	return nil
}

// withPassword leaves out URLs without a password; a name may stand before each,
// as in NAME=URL.
func withPassword(entries ...string) []string {
	return slices.DeleteFunc(slices.Clone(entries), func(entry string) bool {
		if name, target, ok := strings.Cut(entry, "="); ok && !strings.Contains(name, ":") {
			entry = target
		}
		u, err := url.Parse(entry)
		if err != nil {
			return true
		}
		_, has := u.User.Password()
		return !has && !u.Query().Has("password")
	})
}

// argumentsKey is where newApp's commands find the command line.
const argumentsKey = "arguments"

// exposed are warnings of the secrets that stand in the command line.
func exposed(c *cli.Command) (all []string) {
	arguments, _ := c.Root().Metadata[argumentsKey].([]string)
	for _, s := range secrets {
		inLine := func(value string) bool {
			return value != "" && slices.ContainsFunc(arguments, func(argument string) bool {
				return argument == value || strings.HasSuffix(argument, "-"+s.flag+"="+value)
			})
		}
		if slices.ContainsFunc(s.values(c), inLine) {
			all = append(all, fmt.Sprintf("--%s: all programs on this machine, functions too, can read the command line: give what is secret by the variable %s", s.flag, s.variable))
		}
	}
	return all
}

// warnOfExposed makes c, and the commands below it, say what is exposed before
// they do anything. Servers say it among their other warnings.
func warnOfExposed(c *cli.Command) *cli.Command {
	c.Before = func(ctx context.Context, c *cli.Command) (context.Context, error) {
		for _, text := range exposed(c) {
			fmt.Fprintln(c.Root().ErrWriter, "isojot: warning:", text)
		}
		return ctx, nil
	}
	for _, sub := range c.Commands {
		warnOfExposed(sub)
	}
	return c
}
