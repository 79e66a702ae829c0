package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// keysWidth is the width of the window of keys; a narrow one has one column.
const keysWidth = 760

// keyWords names the key of a command, "" where it has none.
func (c command) keyWords() string {
	switch {
	case c.ctrl == fyne.KeyReturn:
		return "Ctrl+Enter"
	case c.ctrl != "":
		return "Ctrl+" + string(c.ctrl)
	case c.shift:
		return "Shift+" + string(c.key)
	}
	return string(c.key)
}

// listKeys are the keys of lists, which are in no menu; the words are "keys." +
// name.
var listKeys = []struct{ name, keys string }{
	{"move", "↑ ↓ PgUp PgDn Home End"},
	{"filter", "← →"},
	{"enter", "Enter"},
	{"escape", "Esc"},
	{"tab", "Tab Shift+Tab"},
	{"digits", "1–9"},
	{"menu", "Alt"},
}

// chartKeys are the keys of a chart that has the keyboard.
var chartKeys = []struct{ name, keys string }{
	{"chart.points", "← → Home End"},
	{"chart.series", "↑ ↓"},
	{"chart.open", "Enter"},
	{"chart.legend", "1–9"},
	{"chart.zoom", "Shift+← Shift+→"},
	{"chart.back", "Esc"},
}

// showKeys lists all keys by subject, as the main menu has them.
func (w *Window) showKeys() {
	t := w.text
	var subjects []fyne.CanvasObject
	subject := func(title string, lines ...fyne.CanvasObject) {
		if len(lines) > 0 {
			subjects = append(subjects, container.New(column{gap: 3}, append([]fyne.CanvasObject{newText(title, sizeText, w.pal.text, true)}, lines...)...))
		}
	}
	for _, g := range menuGroups() {
		var lines []fyne.CanvasObject
		for _, c := range g.commands {
			if keys := c.keyWords(); keys != "" {
				lines = append(lines, w.keyLine(t.T(c.name), keys))
			}
		}
		subject(t.T(g.name), lines...)
	}
	others := func(title string, keys []struct{ name, keys string }) {
		var lines []fyne.CanvasObject
		for _, k := range keys {
			lines = append(lines, w.keyLine(t.T("keys."+k.name), k.keys))
		}
		subject(t.T(title), lines...)
	}
	others("keys.lists", listKeys)
	others("keys.charts", chartKeys)
	width := min(keysWidth, w.win.Canvas().Size().Width-dialogEdge)
	w.ask(question{title: t.T("keys.title"), content: inColumns(width, subjects), width: keysWidth, no: t.T("dialog.close")})
}

// inColumns deals objects out to two columns of about the same height, or to one
// where there is no room.
func inColumns(width float32, objects []fyne.CanvasObject) fyne.CanvasObject {
	left, right := container.New(column{gap: 14}), container.New(column{gap: 14})
	if width < 600 {
		left.Objects = objects
		return left
	}
	for _, o := range objects {
		if left.MinSize().Height <= right.MinSize().Height {
			left.Add(o)
		} else {
			right.Add(o)
		}
	}
	return sideBySide(left, right)
}

// keyLine is what a key does, and the key in boxes.
func (w *Window) keyLine(words, keys string) fyne.CanvasObject {
	label := newText("", sizeText, w.pal.second, false)
	var boxes []fyne.CanvasObject
	wide := float32(0)
	for _, k := range strings.Fields(keys) {
		box := canvas.NewRectangle(w.pal.shade)
		box.CornerRadius, box.StrokeWidth, box.StrokeColor = 4, 1, w.pal.outline
		cap := newText(k, sizeSmall, w.pal.text, false)
		boxes = append(boxes, box, cap)
		wide += cap.MinSize().Width + 2*hintSide + 4
	}
	return container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(wide+80, 22) },
		place: func(size fyne.Size) {
			label.Text = w.cuts.fit(words, sizeText, false, size.Width-wide-8)
			centred(label, 0, size.Height)
			x := size.Width - wide
			for i := 0; i < len(boxes); i += 2 {
				width := boxes[i+1].MinSize().Width + 2*hintSide
				place(boxes[i], x, (size.Height-18)/2, width, 18)
				centred(boxes[i+1], x+hintSide, size.Height)
				x += width + 4
			}
		},
	}, append([]fyne.CanvasObject{label}, boxes...)...)
}
