package main

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// typedFiles are those files of the root package that the browser program does
// without: the methods with parameters and results of Go's, and what prints
// them. JavaScript's go through Client.Do, as JSON from end to end. A package that is imported is
// initialised, and so in part downloaded, even if nothing of it is used, and
// encoding/json and os bring reflection and the file system.
var typedFiles = []string{
	"account.go", "account_gen.go", "account_oauth2.go", "account_update.go", "arguments.go", "fromfunction.go",
	"functions.go", "graphql.go", "masked.gen.go", "masked.go", "masked_mfa.go", "maskedparams.go", "models.go", "open.go", "upload.go", "upload_source.go", "upload_state.go",
}

// withoutTyped returns the flag that makes the go command take typedFiles for
// absent. What else needs one of them then is an error of the compiler.
func withoutTyped(repo string) (flag string, err error) {
	absent := map[string]string{}
	for _, name := range typedFiles {
		path := filepath.Join(repo, name)
		if _, err := os.Stat(path); err != nil {
			return "", err
		}
		absent[path] = ""
	}
	overlay, err := json.Marshal(map[string]any{"Replace": absent})
	if err != nil {
		return "", err
	}
	path := filepath.Join(repo, "bin", "wasm.overlay.json")
	return "-overlay=" + path, writeIfChanged(path, overlay)
}
