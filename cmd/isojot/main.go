// Command isojot is an Appwrite-compatible auth server in one binary
// (Appwrite-compatible, not affiliated with Appwrite):
//
//	isojot serve              keeps accounts in ./isojot-data and serves the demo page
//	isojot exec -- COMMAND    runs a command against a server of its own
//	isojot key create         makes an API key; also key list, revoke and jwt
//	isojot users import FILE  makes the users of a file; also users export
//	isojot version            says what this is
//
// Its exit code is 0 when all went well, 1 when something failed, 2 when the
// command line asked for something that cannot be, 3 when users import has refused
// some rows, and that of the command for exec.
package main

import (
	"context"
	"os"

	"github.com/isojot/isojot/internal/tune"
)

func main() {
	tune.GC()
	tune.Procs()
	os.Exit(run(context.Background(), os.Args, os.Stdout, os.Stderr))
}
