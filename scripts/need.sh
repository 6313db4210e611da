#!/bin/sh
# Checks for the tools that a make target needs and that Go does not bring:
#
#   scripts/need.sh cc git node postgres chromium firefox webkit
#
# Where this runs as root and apt-get exists, what is missing is installed.
# Elsewhere it is listed with the way to get it. It never calls sudo.
set -eu

node_major=20
chromium_hint="install Chromium or Google Chrome, or set CHROMIUM to its path"

firefox_hint="install it, or set FIREFOX to its path"
webkit_hint="install WebKitWebDriver and Xvfb (of Debian and Ubuntu the packages webkit2gtk-driver and xvfb)"

# any succeeds when one of the paths is a program.
any() {
	for candidate; do
		if [ -n "$candidate" ] && [ -x "$candidate" ]; then
			return 0
		fi
	done
	return 1
}

# find_chromium and find_firefox succeed when there is a browser that the tests
# will find.
find_chromium() {
	any "${CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
}

find_firefox() {
	any "${FIREFOX:-}" /usr/bin/firefox-esr /usr/bin/firefox /Applications/Firefox.app/Contents/MacOS/firefox
}

# find_webkit also succeeds where there is none to be had: the tests say so.
find_webkit() {
	[ "$(uname)" = Linux ] || return 0
	command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null
}

# find_postgres succeeds when there are PostgreSQL's programs, which the tests
# run for themselves.
find_postgres() {
	command -v initdb >/dev/null || any /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb /opt/homebrew/opt/postgresql*/bin/initdb
}

# no_cluster keeps Debian's packages, while they are installed, from making a
# database of their own and starting it: the tests need the programs alone.
no_cluster=/etc/postgresql-common/createcluster.d/isojot-tests.conf

node_version() {
	node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0
}

# have succeeds when the tool $1 is there.
have() {
	case $1 in
	node) command -v npm >/dev/null && [ "$(node_version)" -ge "$node_major" ] ;;
	chromium) find_chromium ;;
	firefox) find_firefox ;;
	webkit) find_webkit ;;
	postgres) find_postgres ;;
	cc) command -v gcc >/dev/null || command -v clang >/dev/null ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

# hint says how to get the tool $1.
hint() {
	case $1 in
	node) echo "Node.js $node_major or newer with npm: https://nodejs.org/en/download" ;;
	chromium) echo "Chromium: $chromium_hint" ;;
	firefox) echo "Firefox: $firefox_hint" ;;
	webkit) echo "WebKitGTK: $webkit_hint" ;;
	postgres) echo "PostgreSQL's server, 15 or newer (initdb and postgres)" ;;
	cc) echo "a C compiler (gcc or clang), for Go's race detector" ;;
	*) echo "$1" ;;
	esac
}

# packages names the Debian packages of the tool $1.
packages() {
	case $1 in
	node) echo nodejs npm ;;
	cc) echo gcc libc6-dev ;;
	firefox) echo firefox-esr ;;
	webkit) echo webkit2gtk-driver xvfb ;;
	postgres) echo postgresql ;;
	*) echo "$1" ;;
	esac
}

# too_old succeeds when the tool is Node.js, and either one that is too old is
# here (which is not ours to replace) or the distribution has no newer one.
too_old() {
	[ "$1" = node ] || return 1
	if command -v node >/dev/null; then
		echo "need.sh: the node in PATH is version $(node_version), or there is no npm beside it" >&2
		return 0
	fi
	candidate=$(apt-cache policy nodejs | sed -n 's/^ *Candidate: \([0-9]*\)\..*/\1/p')
	[ "${candidate:-0}" -lt "$node_major" ] || return 1
	echo "need.sh: this distribution's nodejs is version ${candidate:-unknown}" >&2
}

can_install() {
	[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

missing() {
	for tool; do
		have "$tool" || echo "$tool"
	done
}

install() {
	apt-get update -qq >&2
	for tool; do
		too_old "$tool" && continue
		if [ "$tool" = postgres ]; then
			mkdir -p "${no_cluster%/*}"
			echo "create_main_cluster = false" >"$no_cluster"
		fi
		echo "need.sh: installing $(packages "$tool")" >&2
		# Word splitting is meant: a tool may be several packages.
		# shellcheck disable=SC2046
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(packages "$tool") >&2 ||
			echo "need.sh: apt-get could not install $tool" >&2
		rm -f "$no_cluster"
	done
}

lacking=$(missing "$@")
if [ -n "$lacking" ] && can_install; then
	# shellcheck disable=SC2086
	install $lacking
	lacking=$(missing "$@")
fi
[ -n "$lacking" ] || exit 0
echo "Missing, please install:" >&2
for tool in $lacking; do
	echo "  $(hint "$tool")" >&2
done
exit 1
