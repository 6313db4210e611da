package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/isojot/isojot"
	"github.com/urfave/cli/v3"
)

func jwtCommand() *cli.Command {
	return &cli.Command{
		Name:     "jwt",
		Usage:    "read, verify and make JWTs",
		Action:   unknownJWTCommand,
		Commands: []*cli.Command{jwtDecodeCommand(), jwtVerifyCommand(), jwtMintCommand()},
	}
}

// unknownJWTCommand runs when what follows jwt names no command.
func unknownJWTCommand(_ context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return fmt.Errorf("unknown command %q: use jwt decode, verify or mint", "jwt "+c.Args().First())
	}
	return cli.ShowSubcommandHelp(c)
}

// tokenUsage is where decode and verify take the token from.
const tokenUsage = "The token is the argument or, so that it is not in the shell's history, a line of\n" +
	"standard input."

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Sources: cli.EnvVars("ISOJOT_JWT_JSON"), Usage: "print JSON, for programs"}
}

// readToken is the token that decode and verify are given.
func readToken(c *cli.Command) (string, error) {
	switch c.Args().Len() {
	case 0:
	case 1:
		if token := strings.TrimSpace(c.Args().First()); token != "-" {
			return token, noToken(token)
		}
	default:
		return "", fmt.Errorf("%s takes one token, got %d arguments", commandName(c), c.Args().Len())
	}
	in := c.Root().Reader
	if terminal(in) {
		fmt.Fprintln(c.Root().ErrWriter, "paste the token, then press Enter:")
	}
	// What is longer than any token is refused as such.
	line, err := bufio.NewReader(io.LimitReader(in, 2*isojot.MaxTokenBytes)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fail(fmt.Errorf("reading standard input: %w", err))
	}
	token := strings.TrimSpace(line)
	return token, noToken(token)
}

func noToken(token string) error {
	if token == "" {
		return errors.New("there is no token: pass it as the argument or on standard input")
	}
	return nil
}

func terminal(in io.Reader) bool {
	f, ok := in.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// relative says how far a moment is from now, in its largest unit.
func relative(at, now time.Time) string {
	d := at.Sub(now)
	past := d <= 0
	d = d.Abs()
	text := plural(int64(d/time.Second), "second")
	switch {
	case d >= 48*time.Hour:
		text = plural(int64(d/(24*time.Hour)), "day")
	case d >= 2*time.Hour:
		text = plural(int64(d/time.Hour), "hour")
	case d >= 2*time.Minute:
		text = plural(int64(d/time.Minute), "minute")
	}
	if past {
		return text + " ago"
	}
	return "in " + text
}

func plural(n int64, unit string) string {
	if n != 1 {
		unit += "s"
	}
	return strconv.FormatInt(n, 10) + " " + unit
}

// printable replaces what a terminal might obey or a reader be deceived by. In
// JSON the replacement stands for the same.
func printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n' || unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
