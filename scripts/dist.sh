#!/bin/sh
# Makes every package into the folder named (default: dist), with SHA256SUMS. The same
# commit gives the same bytes: times are the commit's, orders and owners fixed.
# MESA=FOLDER with opengl32.dll and libgallium_wgl.dll goes into the package for
# computers without OpenGL. `make dist` installs what this needs.
set -eu
umask 022
cd "$(dirname "$0")/.."
go=${GO:-go}
bin=$(pwd)/bin
mkdir -p "${1:-dist}"
out=$(cd "${1:-dist}" && pwd)
rm -rf "${out:?}"/*
work=$out/work
version=$(sed -n 's/^const Version = "\(.*\)"$/\1/p' assets/version.go)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C.UTF-8
ARCH=$($go env GOARCH) VERSION=$version
export ARCH VERSION
say() { echo "dist: $*"; }

# build TO FLAGS PACKAGE, as the environment says
build() { $go build -trimpath -buildvcs=true -o "$1" -ldflags "-s -w $2" "$3"; }

# settle FOLDER: the commit's time for all that is in it
settle() { find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +; }

# zipped FOLDER: FOLDER.zip beside it
zipped() {
	settle "$1"
	(cd "$(dirname "$1")" && find "$(basename "$1")" | sort | zip -q -X -9 -@ "$out/$(basename "$1").zip")
}

# tarred FOLDER: FOLDER.tar.gz
tarred() {
	tar -C "$(dirname "$1")" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
		--format=gnu -cf - "$(basename "$1")" | gzip -9n >"$out/$(basename "$1").tar.gz"
}

# windows TEXT: as Notepad of every version likes it
windows() { printf '\357\273\277'; sed 's/$/\r/' "$1"; }

say "icons"
icons=$out/icons
mkdir -p "$icons" "$work/hicolor/scalable/apps"
for s in 16 22 24 32 48 64 128 256 512; do
	rsvg-convert -w $s -h $s -o "$icons/${s}x$s.png" assets/icon.svg
	mkdir -p "$work/hicolor/${s}x$s/apps"
	cp "$icons/${s}x$s.png" "$work/hicolor/${s}x$s/apps/ru.otklik.desk.png"
done
cp assets/icon.svg "$work/hicolor/scalable/apps/ru.otklik.desk.svg"
icotool -c -o "$icons/otklik.ico" "$icons/16x16.png" "$icons/24x24.png" "$icons/32x32.png" "$icons/48x48.png" "$icons/256x256.png"

say "Linux $ARCH"
build "$work/otklik" "" .
CGO_ENABLED=0 build "$work/otklik-central" "" ./cmd/otklik-central
$go run ./cmd/manual otklik en | gzip -9n >"$work/otklik.1.gz"
$go run ./cmd/manual otklik ru | gzip -9n >"$work/otklik.ru.1.gz"
$go run ./cmd/manual otklik-central cmd/otklik-central | gzip -9n >"$work/otklik-central.1.gz"
cp packaging/linux/* LICENSE assets/changes.ru.md docs/channels.ru.md docs/postgresql.ru.md "$work"
settle "$work"
for package in otklik otklik-central; do
	for kind in deb rpm; do
		(cd "$work" && "$bin/nfpm" package -f $package.yaml -p $kind -t "$out" >/dev/null)
	done
done
folder=$work/otklik-$version-linux-$ARCH
mkdir -p "$folder"
cp -r "$work/otklik" "$work/otklik-central" "$work/hicolor" "$work/ru.otklik.desk.desktop" LICENSE assets/changes.ru.md packaging/linux/README.txt "$folder"
cp packaging/windows/portable.txt "$folder"
tarred "$folder"

if [ "$ARCH" = amd64 ]; then
	say "Windows amd64"
	trap 'rm -f rsrc_windows_amd64.syso' EXIT
	sed "s/0\.0\.0\.0/$version.0/" packaging/windows/winres.json >"$icons/winres.json"
	"$bin/go-winres" make --arch amd64 --in "$icons/winres.json" --out rsrc
	folder=$work/otklik-$version-windows-amd64
	mkdir -p "$folder"
	export CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc
	build "$folder/otklik.exe" "-H windowsgui" .
	build "$folder/otklik.com" "" . # the same for the command line: cmd waits for it and shows what it says
	unset CGO_ENABLED GOOS GOARCH CC
	windows packaging/windows/README.txt >"$folder/README.txt"
	windows assets/changes.ru.md >"$folder/CHANGES.txt"
	windows LICENSE >"$folder/LICENSE.txt"
	settle "$folder"
	makensis -V2 -INPUTCHARSET UTF8 -DVERSION="$version" -DSOURCE="$folder" -DICON="$icons/otklik.ico" \
		-DOUT="$out/otklik-$version-windows-amd64-setup.exe" packaging/windows/otklik.nsi
	windows packaging/windows/portable.txt >"$folder/portable.txt"
	zipped "$folder"
	mv "$folder" "$folder-mesa"
	windows packaging/windows/MESA.txt >"$folder-mesa/MESA.txt"
	sed 's/$/\r/' packaging/windows/mesa.cmd >"$folder-mesa/mesa.cmd"
	[ -z "${MESA:-}" ] || cp "$MESA/opengl32.dll" "$MESA/libgallium_wgl.dll" "$folder-mesa"
	zipped "$folder-mesa"
fi

say "bill of materials"
# sbom NAME MAIN, as the environment says; its time is the commit's
sbom() {
	"$bin/cyclonedx-gomod" app -json -noserial -std -licenses -main "$2" . 2>/dev/null |
		jq --arg at "$(date -u -d "@$SOURCE_DATE_EPOCH" +%FT%TZ)" --arg version "$version" \
			'.metadata.timestamp = $at | .metadata.component.version = $version' >"$out/$1.cdx.json"
}
sbom "otklik-$version-linux-$ARCH" .
CGO_ENABLED=0 sbom "otklik-central-$version-linux-$ARCH" ./cmd/otklik-central
[ "$ARCH" != amd64 ] || CGO_ENABLED=1 GOOS=windows GOARCH=amd64 sbom "otklik-$version-windows-amd64" .

rm -rf "$work"
(cd "$out" && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\n' | sort | xargs sha256sum >SHA256SUMS)
say "done:"
(cd "$out" && ls -l --time-style=+ ./*.* | awk '{print "  " $5, $6}')
