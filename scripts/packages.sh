#!/bin/sh
# Installs the distribution's packages that are missing, and says which.
set -eu
command -v dpkg-query >/dev/null 2>&1 || {
	echo "This is not Debian or Ubuntu: install the equivalents of: $*"
	exit 0
}
missing=""
for p in "$@"; do
	dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
echo "Installing from the distribution's packages:$missing"
sudo=""
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null 2>&1 || {
		echo "Run as root: apt-get install$missing"
		exit 1
	}
	sudo="sudo"
fi
$sudo apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
