#!/bin/sh
# Tries the packages of dist/ as those who get them would: on a Debian 12 made by
# debootstrap into a folder, installed, started under Xvfb, removed. The picture of
# the window stays in dist/check.png, to be looked at. Needs root, for chroot.
# AGAIN=1 also makes everything once more from a clone in another folder, with an
# empty build cache, and compares.
set -eu
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || { echo "dist-check: run as root: it makes a clean Debian in a folder"; exit 1; }
out=$(pwd)/dist
version=$(sed -n 's/^const Version = "\(.*\)"$/\1/p' assets/version.go)
arch=$(dpkg --print-architecture)
say() { echo "dist-check: $*"; }
fail() { echo "dist-check: $*" >&2; exit 1; }
(cd "$out" && sha256sum --quiet -c SHA256SUMS)

tmp=$(mktemp -d)
root=$tmp/root
xvfb=
finish() {
	[ -z "$xvfb" ] || kill "$xvfb" 2>/dev/null || true
	umount "$root/proc" "$root/dev" 2>/dev/null || true
	rm -rf --one-file-system "$tmp"
}
trap finish EXIT

say "descriptions"
desktop-file-validate packaging/linux/ru.otklik.desk.desktop
appstreamcli validate --no-net packaging/linux/ru.otklik.desk.metainfo.xml
rpm -qp --requires "$out/otklik-$version-1.x86_64.rpm" >/dev/null

# The clean root is kept between runs: to make it takes minutes.
base=${XDG_CACHE_HOME:-$HOME/.cache}/otklik/bookworm-$arch.tar
if [ ! -s "$base" ]; then
	say "debootstrap, once"
	mkdir -p "$(dirname "$base")"
	debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >"$tmp/debootstrap.log" || { cat "$tmp/debootstrap.log"; exit 1; }
	tar -C "$root" -cf "$base.new" . && mv "$base.new" "$base"
else
	mkdir -p "$root"
	tar -C "$root" -xf "$base"
fi
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp "$out"/*.deb "$root/tmp/"
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
listed() {
	(cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/cache -o -path ./var/log -o -path ./tmp \) -prune -o -print) | sort
}
inside apt-get -qq update
listed >"$tmp/before"

say "installing"
inside apt-get -qq -y install --no-install-recommends "/tmp/otklik_${version}_$arch.deb" "/tmp/otklik-central_${version}_$arch.deb" >"$tmp/apt.log" 2>&1 || { cat "$tmp/apt.log"; exit 1; }
inside apt-get -qq -y install --no-install-recommends libgl1-mesa-dri >/dev/null 2>&1 # recommended: software GL for Xvfb
if inside ldd /usr/bin/otklik | grep 'not found'; then fail "linked libraries are missing"; fi

say "commands"
inside otklik version
inside otklik-central version
printf 'id,text,category,theme,executor\n1,Не горит фонарь,ЖКХ,Освещение,Администрация г. Канаш\n' >"$root/tmp/appeals.csv"
inside otklik import --data /tmp/data /tmp/appeals.csv
inside otklik stats --data /tmp/data --json | jq -e '.appeals.total == 1' >/dev/null || fail "what was imported is not counted"
inside otklik check --data /tmp/data

say "unit"
inside systemd-analyze --man=no verify /usr/lib/systemd/system/otklik-central.service
inside id otklik-central
[ "$(stat -c %a "$root/var/lib/otklik-central")" = 700 ] || fail "others read the server's data folder"
inside setpriv --reuid otklik-central --regid otklik-central --clear-groups \
	otklik-central enrol --data /var/lib/otklik-central --name "Оператор 2" --roles operator >/dev/null

say "window"
Xvfb -displayfd 3 -noreset -screen 0 1366x768x24 3>"$tmp/display" 2>/dev/null &
xvfb=$!
until [ -s "$tmp/display" ]; do sleep 0.1; done
DISPLAY=:$(cat "$tmp/display")
export DISPLAY
inside env DISPLAY="$DISPLAY" LIBGL_ALWAYS_SOFTWARE=1 FYNE_SCALE=1 otklik --data /tmp/data --lang ru --theme light >"$tmp/window.log" 2>&1 &
window=$(timeout 90 xdotool search --sync --onlyvisible --name 'Отклик' | head -1) || { cat "$tmp/window.log"; fail "no window"; }
xdotool windowmove "$window" 0 0 windowsize "$window" 1366 768
sleep 8
xprop -id "$window" WM_CLASS
import -window root -depth 8 -strip "$out/check.png"
xdotool getwindowpid "$window" | xargs kill
wait $! || true

say "removing" # what a person has in the home folder, here /tmp, stays, as the server's data does
inside apt-get -qq -y purge otklik otklik-central >"$tmp/apt.log" 2>&1 || { cat "$tmp/apt.log"; exit 1; }
inside apt-get -qq -y autoremove --purge >"$tmp/apt.log" 2>&1
listed >"$tmp/after"
[ -d "$root/var/lib/otklik-central" ] || fail "the server's data went with the program"
left=$(comm -13 "$tmp/before" "$tmp/after" | grep otklik | grep -v '^./var/lib/otklik-central' || true)
[ -z "$left" ] || fail "left behind: $left"

if [ -n "${AGAIN:-}" ]; then
	say "once more, elsewhere"
	git clone -q . "$tmp/elsewhere"
	mkdir -p "$tmp/elsewhere/bin"
	cp bin/nfpm bin/go-winres bin/cyclonedx-gomod "$tmp/elsewhere/bin/"
	(cd "$tmp/elsewhere" && GOCACHE="$tmp/cache" scripts/dist.sh >/dev/null)
	diff "$out/SHA256SUMS" "$tmp/elsewhere/dist/SHA256SUMS" || fail "the same commit gave other bytes"
fi
say "all is well"
