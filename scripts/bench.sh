#!/bin/sh
# Measures what the standards of the project promise and writes docs/bench.md:
# the start beside an empty window of the same toolkit, a click on a row, the
# exchange and the charts; and docs/benchmarks.md: the store beside SQLite and
# bleve with a million appeals, which takes most of the time and some 15 GB in
# TMPDIR. BENCH_APPEALS=50000 tries that with fewer and writes nothing of it.
set -eu
cd "$(dirname "$0")/.."
tmp=$(mktemp -d)
trap 'code=$?; [ $code -eq 0 ] || cat "$tmp/log" >&2 2>/dev/null || true; rm -rf "$tmp"' EXIT
go build -o "$tmp/otklik" .
go build -o "$tmp/central" ./cmd/otklik-central
for p in window start click list exchange; do (cd bench && go build -o "$tmp/$p" "./$p"); done
"$tmp/otklik" sync --once --data "$tmp/region" >/dev/null
export LIBGL_ALWAYS_SOFTWARE=1 FYNE_SCALE=1
{
	echo "# Figures"
	echo
	echo "Written by \`make bench\` on $(nproc) processors, $(date +%Y-%m-%d), $(go version | cut -d' ' -f3)."
	echo "Software GL (Mesa) under Xvfb at 1366×768; the sample region of 20,000 appeals."
	echo
	echo "## From start to the first usable list"
	echo
	xvfb-run -a -s "-noreset -screen 0 1366x768x24" "$tmp/start" \
		"$tmp/otklik --exit-when-ready --data $tmp/region" "$tmp/window"
	echo
	echo "## From a click on a row to the first changed pixel of its detail"
	echo
	xvfb-run -a -s "-noreset -screen 0 1366x768x24" "$tmp/click" \
		"600 107 71 850 90 320 50 $tmp/otklik --data $tmp/region" "300 22 39 690 0 300 60 $tmp/list"
	echo
	echo "## The exchange"
	echo
	if command -v npm >/dev/null; then
		(cd bench/pouch && npm install --silent >&2)
		"$tmp/exchange" "$tmp/central" bench/pouch 20000
		echo
		echo "## The exchange through a slow link"
		echo
		"$tmp/exchange" slow "$tmp/central" bench/pouch
	else
		echo "Not measured: the peer needs Node.js and npm, which are not here."
	fi
	echo
	echo "## Benchmarks"
	echo
	echo '```'
	go test -run '^$' -bench . -benchmem ./store ./report ./ui ./central/... 2>/dev/null | grep -E '^(Benchmark|pkg)' || true
	echo '```'
} 2>"$tmp/log" >"$tmp/bench.md"
sed -n '/^## Typing/,$p' docs/bench.md >>"$tmp/bench.md" # of make typing, on its own
cp "$tmp/bench.md" docs/bench.md
cat docs/bench.md
(cd bench && go build -tags sqlite_fts5 -o "$tmp/store" ./store)
if [ -n "${BENCH_APPEALS:-}" ]; then
	"$tmp/store" -appeals "$BENCH_APPEALS"
else
	"$tmp/store" -write docs/benchmarks.md
fi
