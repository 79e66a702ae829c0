#!/bin/sh
# Every fuzz target of the module, TIME each (default 5m), one after another on one
# core, with what each executed and its peak of memory. LIKE=PART of a name narrows
# them. What a target finds stays in its package's testdata/fuzz, where `make test`
# goes on trying it.
set -eu
cd "$(dirname "$0")/.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for file in $(grep -rl '^func Fuzz' --include='*_test.go' . | sort); do
	for name in $(sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' "$file" | grep "${LIKE:-}"); do
		# Making an input smaller is bounded: by default it may take a minute of the five.
		/usr/bin/time -f %M -o "$tmp/memory" "${GO:-go}" test -run '^$' -fuzz "^$name\$" -fuzztime "${TIME:-5m}" \
			-fuzzminimizetime 2s -parallel 1 "$(dirname "$file")" >"$tmp/log" 2>&1 || { cat "$tmp/log"; exit 1; }
		runs=$(sed -n 's/.*execs: \([0-9]*\).*/\1/p' "$tmp/log" | tail -1)
		echo "$(dirname "$file") $name: $runs runs, peak $(($(tail -1 "$tmp/memory") / 1024)) MB"
	done
done
