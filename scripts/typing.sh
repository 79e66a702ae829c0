#!/bin/sh
# Measures what typing costs in the window: how long its UI goroutine is held and
# how long a list takes from the last key, with a million appeals. The first
# argument is a folder with the otklik.db of bench/store (its -keep leaves one);
# without it one is made, which takes some minutes and 3 GB in TMPDIR.
set -eu
cd "$(dirname "$0")/.."
tmp=$(mktemp -d)
trap 'kill "${xvfb:-}" 2>/dev/null || true; rm -rf "$tmp"' EXIT
(cd bench && go build -o "$tmp/typing" ./typing)
folder=${1:-}
if [ -z "$folder" ]; then
	(cd bench && go build -tags sqlite_fts5 -o "$tmp/store" ./store)
	mkdir "$tmp/made"
	"$tmp/store" -keep -dir "$tmp/made" -peers otklik >/dev/null
	folder=$tmp/made/otklik
fi
Xvfb -displayfd 3 -noreset -screen 0 1366x768x24 -nolisten tcp 3>"$tmp/display" 2>/dev/null &
xvfb=$!
until [ -s "$tmp/display" ]; do sleep 0.1; done
DISPLAY=:$(cat "$tmp/display")
export DISPLAY LIBGL_ALWAYS_SOFTWARE=1 FYNE_SCALE=1
setxkbmap ru
echo "In the archive, which has most of the appeals:"
"$tmp/typing" -archive 292 "$folder" 2>&1
echo "In the queue the window opens with:"
"$tmp/typing" "$folder" 2>&1
