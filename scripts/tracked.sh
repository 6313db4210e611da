#!/bin/sh
# Fails when git tracks a file of more than 1 MiB: what is built does not belong
# in the repository.
set -eu

cd "$(dirname "$0")/.."
large=$(git ls-files -z | xargs -0 sh -c 'find "$@" -maxdepth 0 -type f -size +1024k 2>/dev/null || true' sh)
if [ -n "$large" ]; then
	echo "git tracks files of more than 1 MiB:" >&2
	echo "$large" >&2
	exit 1
fi
