package main

import (
	"embed"
	"io/fs"
)

// embedded is what `make build` puts into the assets folder: the page and the
// browser build of the SDK. In a bare clone it is a placeholder only.
//
//go:embed assets
var embedded embed.FS

// noPageHint is what a binary without the page says.
const noPageHint = "built without the page: run make build"

// embeddedAssets returns the files to serve, by their path under the root URL.
func embeddedAssets() fs.FS {
	files, err := fs.Sub(embedded, "assets")
	if err != nil {
		panic(err) // "assets" is a valid path, the one error Sub has
	}
	return files
}

// hasPage reports whether files holds the page itself.
func hasPage(files fs.FS) bool {
	_, err := fs.Stat(files, "index.html")
	return err == nil
}
