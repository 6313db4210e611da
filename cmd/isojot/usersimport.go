package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"regexp"
	"strings"

	"github.com/isojot/isojot/internal/userfile"
	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

// exitSomeRefused is the exit code of an import that has refused rows, and gone on.
const exitSomeRefused = 3

// standardStream is the name of standard input and output.
const standardStream = "-"

func usersImportCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "make the users of a file, or of standard input (-)",
		ArgsUsage: "FILE",
		Description: "A file has one user a line as JSON, or is CSV whose first line names the fields, some of\n" +
			strings.Join(userfile.Fields[:8], ", ") + ",\n" + strings.Join(userfile.Fields[8:15], ", ") + ",\n" +
			strings.Join(userfile.HashFields[:5], ", ") + ",\n" + strings.Join(userfile.HashFields[5:], ", ") + ".\n" +
			"Users that are there already stay as they are, so that an import that was interrupted is\n" +
			"run again. The exit code is 0 when no row was refused, 3 when some were.",
		Flags: keyFlags(
			&cli.StringFlag{Name: "from", Value: "isojot", Usage: "`PROGRAM` that has exported the file: " + strings.Join(userfile.Sources(), ", ")},
			&cli.StringFlag{Name: "format", Usage: "jsonl or csv; without this flag, by the file's name"},
			&cli.BoolFlag{Name: "dry-run", Usage: "check all, also what is taken already, and write nothing"},
			&cli.StringFlag{Name: "on-conflict", Value: "skip", Usage: "of users that are there already: skip, or refuse"},
			&cli.StringFlag{Name: "report", Usage: "`FILE` for the refused rows as JSON lines; without this flag they go to standard error"},
			&cli.StringFlag{Name: "firebase-hash-config", Usage: "`FILE` with the hash_config that Firebase's console shows, with --from firebase"},
			&cli.StringFlag{Name: "firebase-signer-key", Sources: cli.EnvVars("ISOJOT_FIREBASE_SIGNER_KEY"), HideDefault: true,
				Usage: "`BASE64` of hash_config's base64_signer_key; better given by the variable, since every program can read a command line"},
			&cli.StringFlag{Name: "firebase-salt-separator", Sources: cli.EnvVars("ISOJOT_FIREBASE_SALT_SEPARATOR"), HideDefault: true,
				Usage: "`BASE64` of hash_config's base64_salt_separator"},
		),
		Action: oneArgument("FILE or -", importFile),
	}
}

// importFile reads the flags before it opens the database.
func importFile(ctx context.Context, c *cli.Command) (err error) {
	if conflict := c.String("on-conflict"); conflict != "skip" && conflict != "refuse" {
		return fmt.Errorf("--on-conflict: there is no %q: use skip or refuse", conflict)
	}
	rows, end, err := openRows(c)
	if err != nil {
		return err
	}
	defer end()
	out, err := newImportReport(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fail(out.close())) }()
	return withKeyring(func(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
		return importRows(ctx, c, keys, rows, out)
	})(ctx, c)
}

// openRows opens the file; end closes it.
func openRows(c *cli.Command) (rows iter.Seq2[userfile.Row, error], end func() error, err error) {
	name := c.Args().First()
	format, err := userfile.FormatOf(name, c.String("format"))
	if err != nil {
		return nil, nil, fmt.Errorf("--format: %w", err)
	}
	source := userfile.Source{Name: c.String("from")}
	if source.Name == "firebase" {
		if source.Firebase, err = firebaseHash(c); err != nil {
			return nil, nil, err
		}
	}
	in := c.Root().Reader
	if in == nil {
		in = os.Stdin
	}
	end = func() error { return nil }
	if name != standardStream {
		file, err := os.Open(name)
		if err != nil {
			return nil, nil, fail(err)
		}
		in, end = file, file.Close
	}
	if rows, err = userfile.Read(in, format, source); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("--from: %w", err), end())
	}
	return rows, end, nil
}

// hashConfigEntry is a line of Firebase's hash_config.
var hashConfigEntry = regexp.MustCompile(`(\w+)\s*:\s*"?([\w+/=]+)"?`)

// firebaseHash are what a Firebase project's hashes were made with.
func firebaseHash(c *cli.Command) (hash userfile.FirebaseHash, err error) {
	hash = userfile.FirebaseHash{SignerKey: c.String("firebase-signer-key"), SaltSeparator: c.String("firebase-salt-separator")}
	if name := c.String("firebase-hash-config"); name != "" {
		text, err := os.ReadFile(name)
		if err != nil {
			return hash, fail(err)
		}
		entries := map[string]string{}
		for _, entry := range hashConfigEntry.FindAllStringSubmatch(string(text), -1) {
			entries[entry[1]] = entry[2]
		}
		if entries["algorithm"] != "SCRYPT" || entries["rounds"] != "8" || entries["mem_cost"] != "14" {
			return hash, errors.New("--firebase-hash-config: it must have algorithm: SCRYPT, rounds: 8 and mem_cost: 14, which Firebase uses itself")
		}
		hash = userfile.FirebaseHash{SignerKey: entries["base64_signer_key"], SaltSeparator: entries["base64_salt_separator"]}
	}
	if hash.SignerKey == "" || hash.SaltSeparator == "" {
		return hash, errors.New("--from firebase needs what its hashes were made with: save the console's password hash parameters and name the file as --firebase-hash-config, " +
			"or set ISOJOT_FIREBASE_SIGNER_KEY and ISOJOT_FIREBASE_SALT_SEPARATOR")
	}
	return hash, nil
}

// importRows imports, and says what became of it.
func importRows(ctx context.Context, c *cli.Command, keys *server.Keyring, rows iter.Seq2[userfile.Row, error], out *importReport) error {
	done, err := keys.ImportUsers(ctx, keyProject(c), userRows(rows), server.UserImport{
		DryRun: c.Bool("dry-run"), RefuseExisting: c.String("on-conflict") == "refuse",
		Refused: out.refused, Progress: out.progress.tell,
	})
	out.progress.end()
	switch {
	case errors.Is(err, server.ErrNoProject):
		return err
	case err != nil:
		return fail(fmt.Errorf("%w; %s before: run it again when that is mended", err, imported(done, c.Bool("dry-run"))))
	}
	if _, err := fmt.Fprintln(c.Root().Writer, imported(done, c.Bool("dry-run"))); err != nil {
		return fail(err)
	}
	if done.Refused > 0 {
		return exitStatus(exitSomeRefused)
	}
	return nil
}

// imported says what became of the rows.
func imported(done server.ImportedUsers, dry bool) string {
	what := "imported"
	if dry {
		what = "to import (dry run: nothing is written)"
	}
	return fmt.Sprintf("%d %s, %d there already, %d refused", done.Made, what, done.There, done.Refused)
}

// userRows are rows as the server takes them.
func userRows(rows iter.Seq2[userfile.Row, error]) iter.Seq2[server.UserRow, error] {
	return func(yield func(server.UserRow, error) bool) {
		for row, err := range rows {
			r := server.UserRow{Line: row.Line, Values: row.Values}
			if row.Fault != nil {
				r.Fault, r.FaultField = row.Fault.Reason, row.Fault.Field
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// importReport is where refused rows and the progress go.
type importReport struct {
	progress *progress
	file     *os.File // nil: standard error
	lines    io.Writer
}

func newImportReport(c *cli.Command) (*importReport, error) {
	out := &importReport{progress: newProgress(c.Root().ErrWriter), lines: c.Root().ErrWriter}
	name := c.String("report")
	if name == "" {
		return out, nil
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // it has users' ids
	if err != nil {
		return nil, fail(fmt.Errorf("--report: %w", err))
	}
	out.file, out.lines = file, file
	return out, nil
}

func (r *importReport) close() error {
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}

// refused writes a refused row: JSON to a file, else a text.
func (r *importReport) refused(row server.RefusedUser) error {
	if r.file != nil {
		return json.NewEncoder(r.lines).Encode(row)
	}
	r.progress.end()
	about := ""
	if row.Field != "" {
		about = row.Field + ": "
	}
	_, err := fmt.Fprintf(r.lines, "line %d: %s%s\n", row.Line, about, row.Reason)
	return err
}
