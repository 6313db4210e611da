package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

// judge is one way of verifying a token.
type judge struct {
	flag, variable, usage string
	// asksSession: it looks at the user and the session.
	asksSession bool
	// make returns the verifier and what ends it. The text is the flag's or
	// the variable's.
	make func(ctx context.Context, c *cli.Command, text string) (auth.Verifier, func() error, error)
}

// judges are the ways of verifying a token. Their variables count only where
// no flag chooses, since those of servers may be set for other reasons.
var judges = []judge{
	{"endpoint", "ISOJOT_ENDPOINT", "ask the server at this `URL`, as in http://127.0.0.1:7519/v1", true, askEndpoint},
	{"data", "ISOJOT_DATA", "`DIR` of the database of a server on this machine", true, askDatabase},
	{"database-url", "ISOJOT_DATABASE_URL", "`URL` of the PostgreSQL database of a server; one with a password is better given by the variable", true, askPostgres},
	{"jwks", "ISOJOT_JWKS", "`URL` of a key set, as in http://127.0.0.1:7519/v1/projects/demo/jwks.json", false, byPublicKeys},
	{"key-file", "", "`FILE` with what isojot key jwt --format hex prints", false, byKeyFile},
	{"key-hex", "ISOJOT_JWT_KEY", "what isojot key jwt --format hex prints; better given by the variable, since every program can read a command line", false, byKey},
}

func judgeFlags() (flags []cli.Flag) {
	for _, j := range judges {
		flags = append(flags, &cli.StringFlag{Name: j.flag, Usage: j.usage})
	}
	return flags
}

// choice is a judge that was chosen, and by what.
type choice struct {
	judge
	by, text string
}

// chooseJudge finds the one that the flags name, else the variables.
func chooseJudge(c *cli.Command) (choice, error) {
	chosen := chosenBy(func(j judge) (string, string) { return "--" + j.flag, c.String(j.flag) })
	if len(chosen) == 0 {
		chosen = chosenBy(func(j judge) (string, string) { return j.variable, os.Getenv(j.variable) })
	}
	switch len(chosen) {
	case 0:
		return choice{}, errors.New("nothing says what judges the token: use one of --endpoint, --data, --database-url, --jwks, --key-file and --key-hex")
	case 1:
	default:
		return choice{}, fmt.Errorf("%s and %s exclude each other: use one", chosen[0].by, chosen[1].by)
	}
	if chosen[0].flag != "jwks" && (c.String("issuer") != "" || c.String("audience") != "") {
		return choice{}, errors.New("--issuer and --audience need --jwks (their environment variables count too)")
	}
	return chosen[0], nil
}

func chosenBy(named func(judge) (by, text string)) (chosen []choice) {
	for _, j := range judges {
		if by, text := named(j); text != "" {
			chosen = append(chosen, choice{j, by, text})
		}
	}
	return chosen
}

// open makes the verifier.
func (ch choice) open(ctx context.Context, c *cli.Command) (auth.Verifier, func() error, error) {
	verifier, end, err := ch.make(ctx, c, ch.text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", ch.by, err)
	}
	return verifier, end, nil
}

// nothingToEnd is the end of verifiers that hold nothing.
func nothingToEnd() error { return nil }

func askEndpoint(_ context.Context, c *cli.Command, endpoint string) (auth.Verifier, func() error, error) {
	client, err := isojot.NewClient(endpoint, keyProject(c))
	if err != nil {
		return nil, nil, err
	}
	verifier, err := auth.NewRemote(client)
	return verifier, nothingToEnd, err
}

func askDatabase(ctx context.Context, c *cli.Command, dir string) (auth.Verifier, func() error, error) {
	keys, err := server.OpenKeyring(ctx, dir)
	return askKeyring(c, keys, cmp.Or(dataFault(dir, err), err))
}

func askPostgres(ctx context.Context, c *cli.Command, url string) (auth.Verifier, func() error, error) {
	keys, err := server.OpenDatabaseKeyring(ctx, url)
	return askKeyring(c, keys, err)
}

// askKeyring verifies as the server of a database does, if that was opened.
func askKeyring(c *cli.Command, keys *server.Keyring, err error) (auth.Verifier, func() error, error) {
	if err != nil {
		return nil, nil, fail(err)
	}
	verifier := auth.VerifierFunc(func(ctx context.Context, token string) (*auth.Caller, error) {
		claims, err := keys.VerifyJWT(ctx, keyProject(c), token)
		if err != nil {
			return nil, ofDatabase(ctx, c, keys, err)
		}
		all, err := payloadOf(token)
		return &auth.Caller{UserID: claims.UserID, SessionID: claims.SessionID, Expiry: claims.Expiry, JWT: token, Claims: all}, err
	})
	return verifier, keys.Close, nil
}

// payloadOf is all that a token says; numbers are json.Number.
func payloadOf(token string) (all map[string]any, err error) {
	data, err := object("payload", strings.Split(token, ".")[1])
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	err = d.Decode(&all)
	return all, err
}

// ofDatabase sorts the errors of VerifyJWT.
func ofDatabase(ctx context.Context, c *cli.Command, keys *server.Keyring, err error) error {
	switch {
	case errors.Is(err, server.ErrNoProject):
		return fmt.Errorf("%w: %w", auth.ErrUnavailable, unknownProject(ctx, keyProject(c), keys))
	case isRefusal(err):
		return fmt.Errorf("%w: %w", auth.ErrRefused, err)
	}
	return fmt.Errorf("%w: %w", auth.ErrUnavailable, err)
}

func isRefusal(err error) bool {
	_, ok := errors.AsType[*isojot.Error](err)
	return ok
}

func byPublicKeys(_ context.Context, c *cli.Command, url string) (auth.Verifier, func() error, error) {
	var opts []auth.JWKSOption
	if issuer := c.String("issuer"); issuer != "" {
		opts = append(opts, auth.WithIssuer(issuer))
	}
	if audience := c.String("audience"); audience != "" {
		opts = append(opts, auth.WithAudience(audience))
	}
	verifier, err := auth.NewJWKS(url, opts...)
	return verifier, nothingToEnd, err
}

func byKeyFile(ctx context.Context, c *cli.Command, file string) (auth.Verifier, func() error, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, fail(err)
	}
	return byKey(ctx, c, string(text))
}

// byKey verifies by a key in hex. No error has a part of it.
func byKey(_ context.Context, _ *cli.Command, text string) (auth.Verifier, func() error, error) {
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return nil, nil, errors.New("the key is not hex: use what isojot key jwt --format hex prints")
	}
	verifier, err := auth.NewLocal(key)
	return verifier, nothingToEnd, err
}
