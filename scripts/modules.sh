#!/bin/sh
# Runs a command in the folder of every Go module of the repository, also after
# one where it failed, and says at the end which those were:
#
#   scripts/modules.sh go vet ./...
set -eu

cd "$(dirname "$0")/.."
failed=
for mod in $(find . \( -name node_modules -o -path ./bin \) -prune -o -name go.mod -print | sort); do
	dir=$(dirname "$mod")
	echo "== $dir: $*"
	(cd "$dir" && "$@" </dev/null) || failed="$failed $dir"
done
[ -n "$failed" ] || exit 0
echo "== failed in$failed: $*" >&2
exit 1
