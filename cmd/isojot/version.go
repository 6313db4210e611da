package main

import (
	"context"
	"fmt"
	"runtime"

	"github.com/isojot/isojot"
	"github.com/urfave/cli/v3"
)

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:   "version",
		Usage:  "print the version, and whether the page is built in",
		Action: printVersion,
	}
}

func printVersion(_ context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return fmt.Errorf("version takes no arguments, got %q", c.Args().First())
	}
	page := "page built in"
	if !hasPage(embeddedAssets()) {
		page = noPageHint
	}
	_, err := fmt.Fprintf(c.Root().Writer, "isojot %s (%s %s/%s, %s)\n",
		isojot.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, page)
	return fail(err)
}
