package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// tickBox is the side of the box, and tickGap what stands before the words.
const (
	tickBox = 16
	tickGap = 9
)

// tick is a point that is ticked with a click or Space; up and down lead to the
// points around it.
type tick struct {
	tapping
	on      bool
	changed func(on bool)
	before  *tick
	after   *tick

	box   *canvas.Rectangle
	mark  *widget.Icon
	words *widget.Label
}

func (w *Window) newTick(words string, on bool, changed func(on bool)) *tick {
	t := &tick{on: on, changed: changed, box: canvas.NewRectangle(w.pal.surface), mark: widget.NewIcon(theme.Icon(theme.IconNameConfirm)), words: paragraph(words)}
	t.window = w
	t.box.CornerRadius = 4
	t.do = t.toggle
	t.paint = func() {
		t.box.FillColor, t.box.StrokeColor, t.box.StrokeWidth = w.pal.surface, w.pal.outline, 1
		if t.hovered {
			t.box.FillColor = w.pal.hover
		}
		if t.focused {
			t.box.StrokeColor, t.box.StrokeWidth = w.pal.link, 2
		}
		t.mark.Hidden = !t.on
		canvas.Refresh(t.box)
		canvas.Refresh(t.mark)
	}
	t.ExtendBaseWidget(t)
	t.paint()
	return t
}

// ticks puts points under each other, for the keys that lead from one to the next.
func ticks(all ...*tick) []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(all))
	for i, t := range all {
		if i > 0 {
			t.before, all[i-1].after = all[i-1], t
		}
		out[i] = t
	}
	return out
}

func (t *tick) toggle() {
	t.on = !t.on
	t.paint()
	t.changed(t.on)
}

// TypedKey ticks with Space, and goes on to the next point then.
func (t *tick) TypedKey(e *fyne.KeyEvent) {
	to := (*tick)(nil)
	switch e.Name {
	case fyne.KeySpace:
		t.toggle()
		if to = t.after; !t.on {
			to = nil
		}
	case fyne.KeyUp:
		to = t.before
	case fyne.KeyDown:
		to = t.after
	default:
		t.window.typed(e)
	}
	if to != nil {
		t.window.focus(to)
	}
}

// MinSize follows from the wrapped words.
func (t *tick) MinSize() fyne.Size {
	return fyne.NewSize(120, max(tickBox+8, t.words.MinSize().Height-labelPad))
}

// Resize wraps the words to the width first: the height follows from it.
func (t *tick) Resize(size fyne.Size) {
	if width := size.Width - tickBox - tickGap + 2*labelPad; t.words.Size().Width != width {
		t.words.Resize(fyne.NewSize(width, 20))
	}
	t.tapping.Resize(size)
}

// CreateRenderer draws box, mark and words.
func (t *tick) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{t.box, t.mark, t.words}}
	d.arrangement = arrangement{min: t.MinSize, place: func(size fyne.Size) {
		place(t.box, 0, 4, tickBox, tickBox)
		place(t.mark, 1, 5, tickBox-2, tickBox-2)
		place(t.words, tickBox+tickGap-labelPad, -labelPad/2, size.Width-tickBox-tickGap+2*labelPad, t.words.MinSize().Height)
	}}
	d.refresh = func() {
		d.place(t.Size())
		t.paint()
	}
	return d
}
