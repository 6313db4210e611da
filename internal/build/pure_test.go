package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// The static classes of js/src/api. What an app does not use of them, a bundler
// must be able to leave out.
var helpers = []string{"Channel", "ID", "Operator", "Permission", "Query", "Role"}

// shaken returns what a bundler makes of a script that imports the names of a
// module of js/src/api and runs use.
func shaken(t *testing.T, module, names, use string) string {
	t.Helper()
	result := api.Build(api.BuildOptions{
		Stdin: &api.StdinOptions{
			Contents:   "import { " + names + " } from './" + module + "';\n" + use,
			ResolveDir: filepath.Join(repo(t), "js", "src", "api"),
		},
		Bundle:    true,
		Format:    api.FormatESModule,
		Engines:   oldest,
		LogLevel:  api.LogLevelSilent,
		Sourcemap: api.SourceMapNone,
	})
	if len(result.Errors) > 0 {
		t.Fatal(messageError(result.Errors))
	}
	return string(result.OutputFiles[0].Contents)
}

func TestUnusedHelpersAreDropped(t *testing.T) {
	for _, name := range helpers {
		module := strings.ToLower(name) + ".js"
		if got := strings.TrimSpace(shaken(t, module, name, "")); got != "" {
			t.Errorf("%s: of a class that nobody uses is left:\n%s", module, got)
		}
		if got := shaken(t, module, name, "console.log("+name+");"); !strings.Contains(got, "class") {
			t.Errorf("%s: the class that is used was left out:\n%s", module, got)
		}
	}
}

func TestUnusedEnumsAreDropped(t *testing.T) {
	for _, module := range []string{"enums.gen.js", "../server/enums.gen.js"} {
		if got := strings.TrimSpace(shaken(t, module, "Flag", "")); got != "" {
			t.Errorf("%s: of enums that nobody uses is left:\n%s", module, got)
		}
		got := shaken(t, module, "ExecutionMethod", "console.log(ExecutionMethod);")
		if !strings.Contains(got, "PATCH") || strings.Contains(got, "Afghanistan") {
			t.Errorf("%s: of the enums is left, where ExecutionMethod alone is used:\n%s", module, got)
		}
	}
}

func TestUnusedServicesAreDropped(t *testing.T) {
	for _, module := range []string{"services.gen.js", "../server/services.gen.js"} {
		got := shaken(t, module, "Locale", "console.log(Locale);")
		if !strings.Contains(got, "listContinents") || strings.Contains(got, "listDocuments") {
			t.Errorf("%s: of the services is left, where Locale alone is used:\n%s", module, got)
		}
	}
}
