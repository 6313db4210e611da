#!/bin/sh
# Makes every target, also after one that failed, and says at the end which those
# were:
#
#   scripts/targets.sh test-go test-js
set -eu

cd "$(dirname "$0")/.."
failed=
for target; do
	"${MAKE:-make}" --no-print-directory "$target" || failed="$failed $target"
done
[ -n "$failed" ] || exit 0
echo "== failed:$failed" >&2
exit 1
