#!/bin/sh
# Runs a Go test binary compiled to WebAssembly under Node.js, for
# go test -exec. Go's wrapper hands the whole environment to the program, and
# arguments and environment together must fit into 8 KiB: pass on what the
# wrapper and the tests need, and nothing else.
set -eu

# The variables in which tests find their servers.
servers=$(env | sed -n 's/^\(ISOJOT_[A-Z_]*=[^ ]*\)$/\1/p')
# shellcheck disable=SC2086
exec env -i PATH="$PATH" HOME="${HOME:-/}" PWD="$PWD" TMPDIR="${TMPDIR:-/tmp}" $servers \
	"$(go env GOROOT)/lib/wasm/go_js_wasm_exec" "$@"
