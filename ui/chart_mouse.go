package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"otklik/app"
	"otklik/report"
)

// bandLeast is how wide, in points, a stretch is that was meant: a hand that shakes
// drags, too.
const bandLeast = 5

// MouseIn is part of desktop.Hoverable.
func (v *chartView) MouseIn(e *desktop.MouseEvent) { v.MouseMoved(e) }

// MouseMoved shows the value nearest to the pointer, or that an entry of the legend
// can be clicked.
func (v *chartView) MouseMoved(e *desktop.MouseEvent) {
	v.window.touch()
	if entry, ok := v.entryAt(e.Position); ok {
		v.leave()
		v.pointer = desktop.PointerCursor
		place(v.key, entry.Left-3, entry.Top-1, entry.Right-entry.Left+6, entry.Bottom-entry.Top+2)
		v.key.Show()
		canvas.Refresh(v)
		return
	}
	h, ok := v.picture.At(e.Position.X, e.Position.Y)
	if !ok {
		v.leave()
		return
	}
	v.pointer = desktop.DefaultCursor
	switch _, dated := v.picture.DayAt(h.X); {
	case v.open != nil:
		v.pointer = desktop.PointerCursor
	case v.zoom != nil && dated:
		v.pointer = desktop.CrosshairCursor
	}
	v.mark(h)
}

// MouseOut takes the value away.
func (v *chartView) MouseOut() { v.leave() }

// Cursor says whether a click does anything.
func (v *chartView) Cursor() desktop.Cursor { return v.pointer }

// mark shows a value and what it says; the mouse and the keyboard both come here.
func (v *chartView) mark(h report.Hover) {
	v.at = h
	v.key.Hide()
	v.band.hide()
	if v.tell == nil || v.picture.Image == nil {
		return
	}
	words := v.tell(h)
	for _, m := range v.picture.MarksAt(h) {
		words = append(words, joined(m.Sign, m.Occasion.Name, m.Occasion.Municipality))
	}
	v.tip.show(words, h, v.picture, v.Size())
}

// leave takes away what marks a value, and the band.
func (v *chartView) leave() {
	v.pointer = desktop.DefaultCursor
	v.tip.hide()
	if v.band.on || v.key.Visible() {
		v.band.hide()
		v.key.Hide()
		canvas.Refresh(v)
	}
}

// entryAt gives the entry of the legend at a place.
func (v *chartView) entryAt(p fyne.Position) (report.Entry, bool) {
	for _, e := range v.picture.Legend {
		if p.X >= e.Left-3 && p.X <= e.Right+3 && p.Y >= e.Top && p.Y <= e.Bottom {
			return e, true
		}
	}
	return report.Entry{}, false
}

// Tapped switches an entry of the legend, or opens what is behind a point. A second
// click soon after goes back from a narrowed period: only there does a click wait for
// whether it is one of two. (Fyne's own double taps would make every click wait.)
func (v *chartView) Tapped(e *fyne.PointEvent) {
	v.window.touch()
	v.window.focus(v)
	if entry, ok := v.entryAt(e.Position); ok {
		v.toggle(entry.Series)
		return
	}
	h, ok := v.picture.At(e.Position.X, e.Position.Y)
	open := func() {
		v.again = nil
		if ok && v.open != nil {
			v.open(h)
		}
	}
	switch {
	case v.unzoom == nil:
		open()
	case v.again != nil:
		v.again()
		v.again = nil
		v.unzoom()
	default:
		v.again = v.window.live.Later(fyne.CurrentApp().Driver().DoubleTapDelay(), open)
	}
}

// Dragged chooses a stretch of time.
func (v *chartView) Dragged(e *fyne.DragEvent) {
	v.window.touch()
	if v.band.dropped {
		return
	}
	if !v.band.dragged {
		v.leave() // a stretch the keyboard has begun
		v.band.dragged = true
		from := e.Position.Subtract(fyne.NewPos(e.Dragged.DX, e.Dragged.DY))
		if _, ok := v.picture.At(from.X, from.Y); !ok || !v.stretch(from.X) {
			v.band.dropped = true // it did not begin on an axis of time
			return
		}
	}
	v.stretch(e.Position.X)
}

// DragEnd narrows the period to the stretch.
func (v *chartView) DragEnd() {
	v.band.dropped, v.band.dragged = false, false
	if v.band.on {
		v.window.focus(v) // for Escape to lead back
	}
	v.narrow()
}

// stretch draws the band from where it began, or begins it, to x; false where x is not
// time or the period cannot be narrowed.
func (v *chartView) stretch(x float32) bool {
	plot := v.picture.Plot
	if _, dated := v.picture.DayAt(x); !dated || v.zoom == nil {
		return false
	}
	x = min(max(x, plot.Left), plot.Right)
	if !v.band.on {
		v.band.on, v.band.from = true, x
	}
	v.band.to = x
	v.band.show(plot)
	p := v.chosen()
	t := v.window.text
	v.tip.tell([]string{t.Days(p), t.N("hotspots.days", p.Days())}, x, plot.Top+24, v.Size())
	return true
}

// chosen is the period under the band.
func (v *chartView) chosen() app.Period {
	from, _ := v.picture.DayAt(min(v.band.from, v.band.to))
	to, _ := v.picture.DayAt(max(v.band.from, v.band.to))
	return app.Period{From: from, To: to}
}

// narrow takes what the band covers, if it covers anything, and the band away.
func (v *chartView) narrow() {
	if !v.band.on {
		return
	}
	p, wide := v.chosen(), max(v.band.from, v.band.to)-min(v.band.from, v.band.to)
	v.leave()
	if wide >= bandLeast && v.zoom != nil {
		v.zoom(p.From, p.To)
	}
}
