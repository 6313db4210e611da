package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// forbidden are the packages that the browser build must not link, and what
// each would bring; a name that ends with a slash stands for all below it.
// Importing any of them costs 300 kB or more compressed, and none has a use
// there: requests go through fetch, and keys stay on servers.
var forbidden = map[string]string{
	"net/http":                        "fetch is the browser's HTTP client (transport_js.go)",
	"net/url":                         "the few escapes needed are in the root package",
	"crypto/tls":                      "the browser does TLS",
	"crypto/x509":                     "the browser does TLS",
	"math/big":                        "no public-key arithmetic happens in the browser",
	"github.com/golang-jwt/jwt/v5":    "a browser never holds an HS256 key; Decode reads claims without it",
	"github.com/ncruces/go-sqlite3":   "the database belongs to the server",
	"github.com/urfave/cli/v3":        "the command line belongs to cmd/isojot",
	"github.com/vektah/gqlparser/v2":  "queries are the server's to read",
	"github.com/isojot/isojot/server": "the server belongs to cmd/isojot",

	"github.com/isojot/isojot/services/":           "each page would load the services that others use; JavaScript hands over what it performs",
	"github.com/isojot/isojot/internal/operations": "clients have what is generated from it",
}

// unlinked are the packages that the browser program must not link besides: a
// few kB each, which every page would load. A Go program's own browser build has
// the root package's typed methods, and so has them.
var unlinked = map[string]string{
	"encoding/json": "JSON goes through as it is; internal/jsonobj reads what the program itself needs",
	"fmt":           "texts are joined with +, numbers written by strconv",
	"os":            "a page has neither files nor an environment",
	"reflect":       "no type is unknown until the program runs",
}

// guardCommand checks what the browser build is made of, and that the Go module
// and the npm package carry one version.
func guardCommand(ctx context.Context, repo string, args []string, out io.Writer) error {
	if err := noArguments("guard", args); err != nil {
		return err
	}
	library, err := importGraph(ctx, repo, modulePath)
	if err != nil {
		return err
	}
	flags, err := programFlags(ctx, repo)
	if err != nil {
		return err
	}
	program, err := importGraph(ctx, repo, modulePath+"/wasm", flags...)
	if err != nil {
		return err
	}
	problems := slices.Concat(forbiddenImports(library, modulePath, forbidden),
		forbiddenImports(program, modulePath+"/wasm", forbidden), forbiddenImports(program, modulePath+"/wasm", unlinked))
	if err := errors.Join(append(problems, sameVersion(repo))...); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "guard: %d packages in the browser build, none forbidden; versions agree\n", len(program))
	return err
}

// importGraph maps each package that the browser build of pkg, made with flags,
// links to the packages it imports.
func importGraph(ctx context.Context, repo, pkg string, flags ...string) (map[string][]string, error) {
	args := append([]string{"list", "-deps", "-f", `{{.ImportPath}} {{join .Imports " "}}`}, flags...)
	list, err := goTool(ctx, repo, wasmEnv, append(args, pkg)...)
	if err != nil {
		return nil, err
	}
	graph := map[string][]string{}
	for line := range strings.Lines(list) {
		fields := strings.Fields(line)
		graph[fields[0]] = fields[1:]
	}
	return graph, nil
}

// forbiddenImports returns an error for each forbidden package that from
// reaches, with the shortest chain of imports that leads to it.
func forbiddenImports(graph map[string][]string, from string, forbidden map[string]string) []error {
	importer := map[string]string{from: ""}
	queue := []string{from}
	var found []error
	for len(queue) > 0 {
		pkg := queue[0]
		queue = queue[1:]
		if why, bad := whyNot(pkg, forbidden); bad {
			found = append(found, fmt.Errorf("the browser build links %s: %s\n  chain: %s", pkg, why, chain(importer, pkg)))
			continue // what it imports in turn is not news
		}
		for _, next := range graph[pkg] {
			if _, seen := importer[next]; !seen {
				importer[next] = pkg
				queue = append(queue, next)
			}
		}
	}
	return found
}

// whyNot says why a package is forbidden, and whether it is.
func whyNot(pkg string, forbidden map[string]string) (why string, bad bool) {
	if why, bad = forbidden[pkg]; bad {
		return why, true
	}
	for name, why := range forbidden {
		if strings.HasSuffix(name, "/") && strings.HasPrefix(pkg, name) {
			return why, true
		}
	}
	return "", false
}

func chain(importer map[string]string, pkg string) string {
	var path []string
	for ; pkg != ""; pkg = importer[pkg] {
		path = append(path, pkg)
	}
	slices.Reverse(path)
	return strings.Join(path, " -> ")
}

var versionConst = regexp.MustCompile(`(?m)^const Version = "([^"]+)"$`)

// sameVersion compares version.go with js/package.json: the loader refuses a
// program of another version than its own.
func sameVersion(repo string) error {
	source, err := os.ReadFile(filepath.Join(repo, "version.go"))
	if err != nil {
		return err
	}
	match := versionConst.FindSubmatch(source)
	if match == nil {
		return errors.New(`version.go: no line const Version = "..."`)
	}
	npm, err := packageVersion(repo)
	if err != nil {
		return err
	}
	if string(match[1]) != npm {
		return fmt.Errorf("version.go says %s and js/package.json %s: make them equal", match[1], npm)
	}
	return nil
}
