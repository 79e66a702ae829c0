#!/bin/sh
# Takes a screenshot of each screen in all three looks, and in the
# light one at scale 1.5, in a real window at 1366×768 over the sample region, into
# the folder named; and of the list of keys, which docs/operator.ru.md shows.
set -eu
cd "$(dirname "$0")/.."
to=${1:-docs/screens}
lang=${2:-ru}
mkdir -p "$to"
tmp=$(mktemp -d)
to=$(cd "$to" && pwd)
otklik=$(pwd)/bin/otklik
data=region # a relative path: the pictures show it
Xvfb -displayfd 3 -noreset -screen 0 1366x768x24 -nolisten tcp 3>"$tmp/display" 2>/dev/null &
xvfb=$!
trap 'kill $xvfb 2>/dev/null; rm -rf "$tmp"' EXIT
until [ -s "$tmp/display" ]; do sleep 0.1; done
DISPLAY=:$(cat "$tmp/display")
export DISPLAY LIBGL_ALWAYS_SOFTWARE=1
cd "$tmp"
"$otklik" sync --once --data "$data" >/dev/null
for look in light:1 dark:1 contrast:1 light:1.5; do
	theme=${look%%:*} scale=${look#*:}
	name=$theme
	[ "$scale" = 1 ] || name=$theme-$scale
	FYNE_SCALE=$scale "$otklik" --data "$data" --theme "$theme" --lang "$lang" &
	program=$!
	window=$(timeout 60 xdotool search --sync --onlyvisible --name 'Отклик|Otklik' | head -1)
	xdotool windowmove "$window" 0 0 windowsize "$window" 1366 768 windowfocus "$window"
	sleep 4
	for screen in shift:F8 appeals:F2 pages:F3 analytics:F4 reports:F10 exchange:F6 settings:F7; do
		xdotool key "${screen#*:}"
		sleep 3
		import -window root -depth 8 -strip "$to/${screen%%:*}-$name.png"
	done
	if [ "$name" = light ]; then
		xdotool key F2 F1
		sleep 2
		import -window root -depth 8 -strip "$to/keys-$name.png"
	fi
	kill "$program"
	wait "$program" || true
done
ls "$to"
