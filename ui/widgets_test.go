package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"otklik/app"
)

// TestWidgetsLookAsDrawn compares the own widgets with pictures of them.
func TestWidgetsLookAsDrawn(t *testing.T) {
	for _, look := range []string{"light", "dark"} {
		t.Run(look, func(t *testing.T) {
			f := openWindow(t, fixed{theme: look})
			f.settle()
			disabled := f.button("Недоступно", "", nil)
			disabled.setDisabled(true)
			hovered := f.button("Под мышью", "F5", nil)
			hovered.MouseIn(&desktop.MouseEvent{})
			focused := f.primaryButton("С фокусом", "", nil)
			focused.FocusGained()
			chosen := f.tab("Ответ гражданину", nil)
			chosen.setChosen(true)
			badges := container.New(line{gap: 6})
			for _, s := range app.Sources {
				badges.Add(f.newBadge(s))
			}
			item := f.newFilterItem("Общественный транспорт и дороги", nil)
			item.set("1 204", true, false)
			late := f.newFilterItem("Просроченные", nil)
			late.set("5", false, true)
			nav := f.newNavItem("Обращения", nil)
			nav.setCount("38", true)
			nav.setChosen(true)
			row := f.newAppealRow()
			row.set(f.store.row(0), true, noon)
			sheet := container.New(
				column{gap: 10},
				container.New(line{gap: 8}, f.primaryButton("Ответить и закрыть", "Ctrl+Enter", nil), f.button("Импорт…", "", nil), disabled, hovered, focused),
				container.New(line{gap: 8}, chosen, f.tab("Внутренняя заметка", nil), f.toggle("30 дн.", false, nil), f.toggle("90 дн.", true, nil)),
				badges,
				container.New(
					line{gap: 6}, f.newStateChip("−1 ч 12 мин", toneRed), f.newStateChip("38 мин", toneAmber),
					f.newStateChip("3 ч 40 мин", toneGreen), f.newStateChip("без срока", toneGrey), f.newPill("В работе"),
				),
				container.New(line{gap: 8}, sized(item, 180, 24), sized(late, 180, 24), sized(nav, 160, 34)),
				f.newChoice("Соцсеть: ", []option{{"", "все"}}, "", nil),
				sized(row, 452, appealRow),
			)
			w := test.NewWindow(on(canvas.NewRectangle(f.pal.surface), container.New(gaps{12, 12, 12, 12}, sheet)))
			defer w.Close()
			w.SetPadded(false)
			w.Resize(fyne.NewSize(760, 330))
			test.AssertRendersToImage(t, "widgets-"+look+".png", w.Canvas())
		})
	}
}

func TestLongWordsAreCutToTheirPlace(t *testing.T) {
	test.NewTempApp(t)
	c := cuts{}
	long := "Очень длинное название муниципального учреждения"
	for _, width := range []float32{30, 80, 200} {
		got := c.fit(long, sizeText, false, width)
		if textWidth(got, sizeText, false) > width {
			t.Errorf("%v wide: %q runs over", width, got)
		}
	}
	if got := c.fit("Дороги", sizeText, false, 300); got != "Дороги" {
		t.Errorf("cut without need: %q", got)
	}
	lines := c.wrap(long, sizeText, false, 150, 2)
	if len(lines) != 2 || textWidth(lines[0], sizeText, false) > 150 || textWidth(lines[1], sizeText, false) > 150 {
		t.Errorf("wrapped: %q", lines)
	}
}
