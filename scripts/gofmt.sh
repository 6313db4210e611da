#!/bin/sh
# Fails, with a list, when a Go file of the repository is not formatted. Files
# that npm packages bring are none of ours.
set -eu

cd "$(dirname "$0")/.."
list=$(find . \( -name node_modules -o -path ./bin \) -prune -o -name '*.go' -exec gofmt -l {} +)
[ -n "$list" ] || exit 0
echo "not formatted, run gofmt -w on:" >&2
echo "$list" >&2
exit 1
