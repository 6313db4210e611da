#!/bin/sh
# Fails when go generate changes a file: what was committed is then stale.
set -eu

cd "$(dirname "$0")/.."

# state lists every file that git would keep, with a checksum of its content. A file
# that was deleted but is still tracked has none.
state() {
	git ls-files -co --exclude-standard -z | xargs -0 cksum 2>/dev/null | sort
}

before=$(mktemp)
after=$(mktemp)
trap 'rm -f "$before" "$after"' EXIT
state >"$before"
if ! [ -s "$before" ]; then
	echo "git lists no files: is this a clone?" >&2
	exit 1
fi
go generate .
state >"$after"
if ! diff "$before" "$after" >/dev/null; then
	echo "generated files were stale, commit what go generate has just made of:" >&2
	diff "$before" "$after" | sed -n 's/^> [0-9]* [0-9]* /  /p' >&2
	exit 1
fi
