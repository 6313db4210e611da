#!/bin/sh
# Runs every fuzz target of the module for a while each, 60 s unless told:
#
#   scripts/fuzz.sh [TIME]
set -eu

cd "$(dirname "$0")/.."
time=${1:-60s}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# fuzz runs the target $2 of the package $1.
fuzz() {
	echo "== $1 $2"
	go test -run '^$' -fuzz "^$2\$" -fuzztime "$time" -fuzzminimizetime 2s "$1" >"$log" 2>&1 && status=0 || status=$?
	cat "$log"
	return "$status"
}

# late succeeds when the last run failed by Go's own fault: up to Go 1.26 the
# end of the time can be taken for a failure (https://go.dev/issue/75804).
late() {
	grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input written' "$log"
}

packages=$(go list ./...)
for package in $packages; do
	listed=$(go test -list '^Fuzz' "$package")
	for target in $(echo "$listed" | grep '^Fuzz' || true); do
		if ! fuzz "$package" "$target"; then
			late || exit 1
			fuzz "$package" "$target"
		fi
	done
done
