package main

import (
	"strings"
	"testing"
)

func TestForbiddenImports(t *testing.T) {
	graph := map[string][]string{
		"app":      {"fmt", "app/data"},
		"app/data": {"sort", "net/http"},
		"net/http": {"net/url", "crypto/tls"},
	}
	found := forbiddenImports(graph, "app", forbidden)
	if len(found) != 1 || !strings.Contains(found[0].Error(), "app -> app/data -> net/http") {
		t.Errorf("found %v, want net/http alone with its chain", found)
	}
	if found := forbiddenImports(graph, "fmt", forbidden); len(found) != 0 {
		t.Errorf("found %v where nothing is forbidden", found)
	}
}

// The browser program must not link a service, whichever it is.
func TestServicesAreForbidden(t *testing.T) {
	graph := map[string][]string{"app": {modulePath + "/services/locale", modulePath + "/servicesother"}}
	found := forbiddenImports(graph, "app", forbidden)
	if len(found) != 1 || !strings.Contains(found[0].Error(), "app -> "+modulePath+"/services/locale") {
		t.Errorf("found %v, want the service alone", found)
	}
}

// The graph must reach past the direct imports, else the guard guards nothing.
func TestImportGraph(t *testing.T) {
	graph, err := importGraph(t.Context(), ".", "net/http")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := graph["crypto/x509"]; !ok {
		t.Error("crypto/x509, which net/http links, is not in the graph")
	}
	if found := forbiddenImports(graph, "crypto/tls", forbidden); len(found) == 0 {
		t.Error("crypto/tls itself was not found")
	}
	if found := forbiddenImports(graph, "net/http", unlinked); len(found) != 3 {
		t.Errorf("found %v, want fmt, os and reflect", found)
	}
	if _, err := importGraph(t.Context(), ".", modulePath+"/nosuch"); err == nil {
		t.Error("no error for a package that does not exist")
	}
}

func TestSameVersion(t *testing.T) {
	for name, tc := range map[string]struct{ goFile, manifest, want string }{
		"equal":     {`const Version = "1.2.3"`, `{"version":"1.2.3"}`, ""},
		"different": {`const Version = "1.2.3"`, `{"version":"1.2.4"}`, "version.go says 1.2.3 and js/package.json 1.2.4"},
		"absent":    {`const Other = "1.2.3"`, `{"version":"1.2.4"}`, "version.go: no line"},
	} {
		dir := t.TempDir()
		writeTree(t, dir, map[string]string{"version.go": "package x\n\n" + tc.goFile + "\n", "js/package.json": tc.manifest})
		err := sameVersion(dir)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want %q", name, err, tc.want)
		}
	}
}
