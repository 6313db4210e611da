package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Packages of the module below its path; "" is the root package.
const (
	serverPath = "/server"
	roomsPath  = "/server/internal/"
	storePath  = "/internal/store"
	// servicesPath is where Go services are, a package each.
	servicesPath = "/services/"
)

// rooms are the packages below server/internal and below them the store, those
// of the tokens' tabs and the one table of operations, with what of this module
// each may import: docs/architecture.md draws them. What is not listed has to be
// listed on purpose.
var rooms = map[string][]string{
	roomsPath + "ids":        {},
	roomsPath + "locale":     {},
	roomsPath + "useragent":  {},
	roomsPath + "wire":       {""},
	roomsPath + "reach":      {"", roomsPath + "wire", "/internal/mask", "/internal/netaddr"},
	roomsPath + "providers":  {},
	roomsPath + "listing":    {"", roomsPath + "wire", storePath},
	roomsPath + "mail":       {storePath},
	roomsPath + "projects":   {"", roomsPath + "wire", roomsPath + "ids", storePath, "/internal/userjwt"},
	roomsPath + "executions": {roomsPath + "projects", roomsPath + "ids", storePath, "/internal/fair", "/internal/mask", "/internal/runner", "/internal/userjwt"},
	storePath:                {"/internal/limit"},
	"/internal/userfile":     {},
	"/internal/tabs":         {"/internal/jsonobj", "/internal/moment"},
	"/internal/moment":       {},
	"/internal/jsonobj":      {},
	"/internal/operations":   {},
	"/internal/args":         {},
	"/internal/idle":         {},
	"/internal/service":      {"", "/internal/args"},
}

// httpUsers are those of the rooms that may import net/http, with what of it they
// may name where that is not all: reach looks at requests, mail calls the webhook
// of text messages, providers sends requests of its own, the others know only
// statuses and headers. Requests are answered by package server alone.
var httpUsers = map[string][]string{
	roomsPath + "reach":      nil,
	roomsPath + "wire":       {"Status"},
	roomsPath + "executions": {"Status", "Header", "CanonicalHeaderKey"},
	roomsPath + "providers":  nil,
	roomsPath + "mail":       nil,
}

// serverless are the packages that must not reach the server or its database,
// over whatever they import.
// Those below services/ are such, too.
var serverless = []string{"", "/auth", "/ssr", "/wasm"}

// layerFaults says what is wrong with imports, by the package that has them.
func layerFaults(imports map[string][]string) (faults []string) {
	for _, pkg := range slices.Sorted(maps.Keys(imports)) {
		allowed, isRoom := rooms[pkg]
		if !isRoom && strings.HasPrefix(pkg, roomsPath) {
			faults = append(faults, pkg+" is not listed: say in rooms what it may import")
			continue
		}
		for _, to := range imports[pkg] {
			below, own := strings.CutPrefix(to, modulePath)
			_, http := httpUsers[pkg]
			switch {
			case isRoom && own && !slices.Contains(allowed, below), isRoom && to == "net/http" && !http:
				faults = append(faults, pkg+" imports "+to)
			}
		}
	}
	for _, pkg := range slices.Concat(serverless, servicesOf(imports)) {
		for _, to := range reached(imports, pkg) {
			if to == storePath || to == serverPath || strings.HasPrefix(to, roomsPath) {
				faults = append(faults, pkg+" reaches "+to)
			}
		}
	}
	return faults
}

// servicesOf are the packages below services/.
func servicesOf(imports map[string][]string) (services []string) {
	for _, pkg := range slices.Sorted(maps.Keys(imports)) {
		if strings.HasPrefix(pkg, servicesPath) {
			services = append(services, pkg)
		}
	}
	return services
}

// reached are the packages of this module that one links.
func reached(imports map[string][]string, from string) []string {
	seen, queue := map[string]bool{}, []string{from}
	for len(queue) > 0 {
		pkg := queue[0]
		queue = queue[1:]
		for _, to := range imports[pkg] {
			if below, own := strings.CutPrefix(to, modulePath); own && !seen[below] {
				seen[below] = true
				queue = append(queue, below)
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// moduleImports are the imports of all packages of this module.
func moduleImports(t *testing.T) map[string][]string {
	t.Helper()
	list, err := goTool(t.Context(), repo(t), nil, "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
	if err != nil {
		t.Fatal(err)
	}
	imports := map[string][]string{}
	for line := range strings.Lines(list) {
		fields := strings.Fields(line)
		imports[strings.TrimPrefix(fields[0], modulePath)] = fields[1:]
	}
	return imports
}

func TestLayers(t *testing.T) {
	t.Parallel()
	imports := moduleImports(t)
	for _, fault := range layerFaults(imports) {
		t.Error(fault)
	}
	if len(servicesOf(imports)) == 0 {
		t.Error("no package below services/ was found")
	}
	for pkg := range rooms {
		if _, there := imports[pkg]; !there {
			t.Errorf("%s is listed, but not there", pkg)
		}
	}
}

// A planted import is found, however far away it is.
func TestLayersFindWhatIsPlanted(t *testing.T) {
	t.Parallel()
	there := moduleImports(t)
	for want, planted := range map[string][2]string{
		"/server/internal/wire imports " + modulePath + serverPath:              {roomsPath + "wire", modulePath + serverPath},
		"/server/internal/listing imports net/http":                             {roomsPath + "listing", "net/http"},
		"/server/internal/projects imports " + modulePath + roomsPath + "reach": {roomsPath + "projects", modulePath + roomsPath + "reach"},
		"/internal/store imports " + modulePath + roomsPath + "wire":            {storePath, modulePath + roomsPath + "wire"},
		"/auth reaches /internal/store":                                         {"/internal/lru", modulePath + storePath},
		"/server/internal/teams is not listed: say in rooms what it may import": {roomsPath + "teams", "fmt"},
		" reaches /server":                                                          {"/internal/jsonobj", modulePath + serverPath},
		"/services/locale reaches /internal/store":                                  {servicesPath + "locale", modulePath + storePath},
		"/services/teams reaches /server":                                           {servicesPath + "teams", modulePath + serverPath},
		"/internal/tabs imports " + modulePath:                                      {"/internal/tabs", modulePath},
		"/internal/moment imports " + modulePath + "/internal/clock":                {"/internal/moment", modulePath + "/internal/clock"},
		"/internal/operations imports " + modulePath + "/internal/jsonobj":          {"/internal/operations", modulePath + "/internal/jsonobj"},
		"/internal/operations imports net/http":                                     {"/internal/operations", "net/http"},
		"/server/internal/executions imports " + modulePath + roomsPath + "listing": {roomsPath + "executions", modulePath + roomsPath + "listing"},
	} {
		imports := maps.Clone(there)
		imports[planted[0]] = append(slices.Clone(imports[planted[0]]), planted[1])
		if faults := layerFaults(imports); !slices.Contains(faults, want) {
			t.Errorf("with an import of %s in %s: %q, want %q", planted[1], planted[0], faults, want)
		}
	}
}

// httpNames are the names of net/http that a file uses.
func httpNames(file *ast.File) (names []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		if use, ok := n.(*ast.SelectorExpr); ok {
			if pkg, ok := use.X.(*ast.Ident); ok && pkg.Name == "http" {
				names = append(names, use.Sel.Name)
			}
		}
		return true
	})
	return names
}

// onlyStarts reports whether a name begins with one of those that are allowed.
func onlyStarts(name string, allowed []string) bool {
	return slices.ContainsFunc(allowed, func(start string) bool { return strings.HasPrefix(name, start) })
}

// Requests are answered by package server: the rooms that name net/http know
// statuses and headers.
func TestRoomsAnswerNoRequests(t *testing.T) {
	t.Parallel()
	for pkg, allowed := range httpUsers {
		files, err := filepath.Glob(filepath.Join(repo(t), filepath.FromSlash(pkg), "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pkg, len(files), err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") || allowed == nil {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, used := range httpNames(file) {
				if !onlyStarts(used, allowed) {
					t.Errorf("%s names http.%s: only package server answers requests", name, used)
				}
			}
		}
	}
	planted, err := parser.ParseFile(token.NewFileSet(), "planted.go", "package x\nfunc f(r *http.Request) { _ = http.StatusOK }", 0)
	if err != nil {
		t.Fatal(err)
	}
	if names := httpNames(planted); !slices.Equal(names, []string{"Request", "StatusOK"}) || onlyStarts("Request", httpUsers[roomsPath+"wire"]) {
		t.Errorf("a planted http.Request is not found: %q", names)
	}
}
