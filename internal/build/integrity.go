package main

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// integrityFile lists the hashes of the files that pages load, by name.
const integrityFile = "integrity.json"

// sealed are the files a page may name with a hash: a script or module by its
// integrity attribute, the program by that of fetch.
var sealed = []string{"isojot.js", "isojot.mjs", "isojot.wasm"}

// seal ends each command that writes to js/dist: it writes and prints the hashes
// (W3C Subresource Integrity) of those files that are there.
func seal(dist string, out io.Writer) error {
	hashes := map[string]string{}
	for _, name := range sealed {
		data, err := os.ReadFile(filepath.Join(dist, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // the other command's
		}
		if err != nil {
			return err
		}
		hashes[name] = integrityOf(data)
		fmt.Fprintf(out, "js/dist/%-16s %s\n", name, hashes[name])
	}
	text, err := json.MarshalIndent(hashes, "", "  ")
	if err != nil {
		return err
	}
	return writeIfChanged(filepath.Join(dist, integrityFile), append(text, '\n'))
}

func integrityOf(data []byte) string {
	sum := sha512.Sum384(data)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}
