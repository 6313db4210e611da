package main

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

func keyJWTCommand() *cli.Command {
	return &cli.Command{
		Name:  "jwt",
		Usage: "print the key that signs a project's JWTs",
		Description: "Backends that verify JWTs themselves need it (HS256). The key is the bytes that\n" +
			"both lines stand for, not the text. Whoever has it can be any user: keep it secret.\n" +
			"A private key (EdDSA, ES256) is never printed; public ones are at a URL.",
		Flags:  keyFlags(&cli.StringFlag{Name: "format", Sources: cli.EnvVars("ISOJOT_KEY_FORMAT"), Usage: "print the key alone: hex or base64"}),
		Action: noArguments(withKeyring(printSigningKey)),
	}
}

func keyRotateCommand() *cli.Command {
	return &cli.Command{
		Name:  "rotate",
		Usage: "give a project a new signing key",
		Description: "The old key's tokens stay good until they expire, at most an hour after the new one\n" +
			"begins to sign. Public keys are published first, at ENDPOINT/projects/ID/jwks.json:\n" +
			"a project's first one signs at once, the next ones 15 minutes later. A key that waits\n" +
			"is replaced. Backends that hold an HS256 key need the new one.",
		Flags: keyFlags(
			&cli.StringFlag{Name: "alg", Sources: cli.EnvVars("ISOJOT_KEY_ALG"), Usage: "HS256, EdDSA (Ed25519) or ES256 (P-256); that of the newest key without this flag"},
			&durationFlag{Name: "after", Sources: cli.EnvVars("ISOJOT_KEY_AFTER"), Usage: "how long the new key waits until it signs, as in 1h; up to 24h"},
			&cli.BoolFlag{Name: "now", Sources: cli.EnvVars("ISOJOT_KEY_NOW"), Usage: "sign by it at once: verifiers refuse its tokens until they fetch the keys anew"},
			&cli.BoolFlag{Name: "revoke", Sources: cli.EnvVars("ISOJOT_KEY_REVOKE"), Usage: "after a leak: drop all other keys, whose tokens are refused from now on, and sign at once"},
			&cli.StringFlag{Name: "import", Sources: cli.EnvVars("ISOJOT_KEY_IMPORT"), Usage: "`FILE` with the private key to use, in PEM (PKCS #8 or SEC 1), instead of a new one"},
		),
		Action: noArguments(withKeyring(rotateKey)),
	}
}

func keyClaimsCommand() *cli.Command {
	return &cli.Command{
		Name:      "claims",
		Usage:     "print or set the claims that JWTs have beside userId, sessionId and exp",
		ArgsUsage: "[CLAIM...]",
		Description: "Sets exactly those that are named; none switches all off.\n\n" +
			"  iss=VALUE, aud=VALUE   the issuer and the audience, for verifiers to compare\n" +
			"  iat                    when the JWT was made\n" +
			"  sub                    the user's id, as in userId\n" +
			"  email                  the user's address, and email_verified\n" +
			"  name, labels           the user's",
		Flags:  keyFlags(),
		Action: withKeyring(claims),
	}
}

// noClaims is the argument that switches all claims off.
const noClaims = "none"

func claims(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
	if list := c.Args().Slice(); len(list) > 0 {
		switch {
		case !slices.Contains(list, noClaims):
		case len(list) > 1:
			return fmt.Errorf("key claims: %s switches all off, so it stands alone: leave it out, or the others", noClaims)
		default:
			list = nil
		}
		if err := keys.SetClaims(ctx, keyProject(c), list); err != nil {
			return err
		}
	}
	list, err := keys.Claims(ctx, keyProject(c))
	if err != nil {
		return err
	}
	if len(list) == 0 {
		list = []string{noClaims}
	}
	_, err = fmt.Fprintln(c.Root().Writer, strings.Join(list, "\n"))
	return fail(err)
}

func rotateKey(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
	r := server.Rotation{Algorithm: c.String("alg"), After: c.Duration("after"), AtOnce: c.Bool("now"), Revoke: c.Bool("revoke")}
	if file := c.String("import"); file != "" {
		private, err := readPrivateKey(file)
		if err != nil {
			return fail(fmt.Errorf("--import: %w", err))
		}
		r.Private = private
	}
	_, err := keys.Rotate(ctx, keyProject(c), r)
	if errors.Is(err, server.ErrKnownKey) {
		return fail(err)
	}
	if err != nil {
		return err
	}
	return printSigningKeys(ctx, c.Root().Writer, keyProject(c), keys)
}

// readPrivateKey reads a private key. No error has a part of the file.
func readPrivateKey(file string) (crypto.Signer, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s is not PEM: make one by openssl genpkey -algorithm ed25519", file)
	}
	if private, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
		return private, nil
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s holds no private key that is not encrypted (PKCS #8 or SEC 1)", file)
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%s holds a key that cannot sign", file)
	}
	return signer, nil
}

// printSigningKeys lists a project's signing keys.
func printSigningKeys(ctx context.Context, out io.Writer, project string, keys *server.Keyring) error {
	list, err := keys.SigningKeys(ctx, project)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ALG\tID\tSIGNS\tACCEPTED")
	public := false
	for _, key := range list {
		fmt.Fprintf(w, "%s\t%s\tfrom %s\t%s\n", key.Algorithm, key.ID, key.SignsFrom.Format(time.RFC3339), until(key.EndsAt))
		public = public || key.Algorithm != "HS256"
	}
	if err := w.Flush(); err != nil {
		return fail(err)
	}
	if public {
		_, err = fmt.Fprintf(out, "public keys: ENDPOINT%s\n", server.JWKSPath(project))
	}
	return fail(err)
}

// until says how long a signing key is accepted.
func until(at time.Time) string {
	if at.IsZero() {
		return "until an hour after the next one begins"
	}
	return "until " + at.Format(time.RFC3339)
}

func printSigningKey(ctx context.Context, c *cli.Command, keys *server.Keyring) error {
	forms := map[string]func([]byte) string{"hex": hex.EncodeToString, "base64": base64.StdEncoding.EncodeToString}
	format := c.String("format")
	if format != "" && forms[format] == nil {
		return fmt.Errorf("--format: unknown format %q: use hex or base64", format)
	}
	key, err := keys.SigningKey(ctx, keyProject(c))
	switch {
	case errors.Is(err, server.ErrPublicKeys) && format == "":
		return printSigningKeys(ctx, c.Root().Writer, keyProject(c), keys)
	case errors.Is(err, server.ErrPublicKeys):
		return fail(fmt.Errorf("project %s signs by a private key, which is not handed out: verify by the public keys at ENDPOINT%s, in Go by auth.NewJWKS",
			keyProject(c), server.JWKSPath(keyProject(c))))
	case err != nil:
		return err
	}
	if format != "" {
		_, err = fmt.Fprintln(c.Root().Writer, forms[format](key))
		return fail(err)
	}
	_, err = fmt.Fprintf(c.Root().Writer, "HS256 key of project %s, %d bytes\n  hex     %s\n  base64  %s\n",
		keyProject(c), len(key), forms["hex"](key), forms["base64"](key))
	return fail(err)
}
