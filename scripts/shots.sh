#!/bin/sh
# Takes a screenshot of each screen in all three looks, and in the
# light one at scale 1.5, in a real window at 1366×768 over the sample region, into
# the folder named; and of what the guides show besides: the list of keys, the first
# page of a new folder, what an import finds in a file.
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
shot() { import -window root -depth 8 -strip "$to/$1.png"; }

# begin FOLDER THEME SCALE: opens the window and waits until it shows something
begin() {
	FYNE_SCALE=$3 "$otklik" --data "$1" --theme "$2" --lang "$lang" &
	program=$!
	window=$(timeout 60 xdotool search --sync --onlyvisible --name 'Отклик|Otklik' | head -1)
	xdotool windowmove "$window" 0 0 windowsize "$window" 1366 768 windowfocus "$window"
	sleep 4
}

end() {
	kill "$program"
	wait "$program" || true
}

begin new light 1
shot first-light
end

cat >week.csv <<'END'
Обращения за неделю;;;;
Номер;Дата создания;Текст обращения;Тема;Муниципальное образование
1204;24.11.2026 09:15;Во дворе дома вторую неделю не горит фонарь;Уличное освещение;г. Канаш
1205;24.11.2026 10:02;Яма на дороге у школы, машины объезжают по тротуару;Ямы на дорогах;г. Алатырь
1206;32.11.2026;Не вывозят мусор третий день;Вывоз мусора;г. Канаш
1207;25.11.2026 10:40;Автобус 12 не пришёл утром;Общественный транспорт;г. Шумерля
1208;25.11.2026 11:05;;Уборка снега;г. Канаш
END
"$otklik" sync --once --data "$data" >/dev/null
for look in light:1 dark:1 contrast:1 light:1.5; do
	theme=${look%%:*} scale=${look#*:}
	name=$theme
	[ "$scale" = 1 ] || name=$theme-$scale
	begin "$data" "$theme" "$scale"
	for screen in shift:F8 appeals:F2 pages:F3 analytics:F4 reports:F10 exchange:F6 settings:F7; do
		xdotool key "${screen#*:}"
		sleep 3
		shot "${screen%%:*}-$name"
	done
	if [ "$name" = light ]; then
		xdotool key F2 F1
		sleep 2
		shot keys-light
		xdotool key Escape ctrl+i
		sleep 2
		xdotool key shift+Tab ctrl+a
		xdotool type "$tmp/week.csv"
		xdotool key Return
		sleep 3
		shot import-light
	fi
	end
done
ls "$to"
