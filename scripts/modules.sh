#!/bin/sh
# Runs a command in the folder of every Go module of the repository:
#
#   scripts/modules.sh go vet ./...
set -eu

cd "$(dirname "$0")/.."
find . \( -name node_modules -o -path ./bin \) -prune -o -name go.mod -print | sort | while read -r mod; do
	dir=$(dirname "$mod")
	echo "== $dir: $*"
	(cd "$dir" && "$@" </dev/null)
done
