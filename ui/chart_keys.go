package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"otklik/report"
)

// far is more points than a chart has.
const far = 1 << 30

// AccessibilityLabel names the chart to those who cannot see it.
func (v *chartView) AccessibilityLabel() string { return v.name }

// AccessibilityRole is part of fyne.Accessible.
func (v *chartView) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// FocusGained shows where the keyboard is.
func (v *chartView) FocusGained() {
	v.ring.Show()
	canvas.Refresh(v)
	v.window.followFocus()
}

// FocusLost takes the sign away, and the value that was marked.
func (v *chartView) FocusLost() {
	v.shift = false
	v.ring.Hide()
	v.leave()
}

// TypedKey moves from value to value: left and right through points, up and down
// through series. With Shift held left and right choose a stretch of time, to which
// Enter narrows the period; otherwise Enter opens what is behind the point. Escape goes
// back one step. What the chart does not know goes to the window.
func (v *chartView) TypedKey(e *fyne.KeyEvent) {
	v.window.touch()
	taken := false
	switch e.Name {
	case fyne.KeyLeft:
		taken = v.step(-1, 0)
	case fyne.KeyRight:
		taken = v.step(1, 0)
	case fyne.KeyUp:
		taken = v.step(0, -1)
	case fyne.KeyDown:
		taken = v.step(0, 1)
	case fyne.KeyHome:
		taken = v.step(-far, 0)
	case fyne.KeyEnd:
		taken = v.step(far, 0)
	case fyne.KeyReturn, fyne.KeyEnter:
		v.enter()
		taken = true
	case fyne.KeyEscape:
		v.back()
		taken = true
	}
	if !taken {
		v.window.typed(e)
	}
}

// step moves by so many values and says whether there was anywhere to go; up and down
// scroll the screen where there is no other series.
func (v *chartView) step(dx, dy int) bool {
	from := v.at
	if from == (report.Hover{}) && (dx == far || dx == -far) {
		dx = -dx // from nowhere a step right leads to the first value, one left to the last
	}
	h, ok := v.picture.Next(from, dx, dy)
	if !ok {
		// At the end it stays, but an arrow there is still an arrow of the chart.
		if from != (report.Hover{}) && dy == 0 {
			v.mark(from)
			return true
		}
		return false
	}
	if v.shift && v.zoom != nil && dy == 0 {
		v.at = h
		if !v.band.on {
			v.stretch(from.X)
		}
		if v.stretch(h.X) {
			return true
		}
	}
	v.mark(h)
	return true
}

func (v *chartView) enter() {
	switch {
	case v.band.on:
		v.narrow()
	case v.open != nil && v.tip.box.Visible():
		v.open(v.at)
	}
}

// back ends the choice of a stretch, or goes back from a narrowed period, or leaves the
// chart.
func (v *chartView) back() {
	switch {
	case v.band.on:
		v.band.dropped = v.band.dragged
		v.leave()
	case v.unzoom != nil:
		v.unzoom()
	default:
		v.window.focus(nil)
	}
}

// KeyDown notes that Shift is held.
func (v *chartView) KeyDown(e *fyne.KeyEvent) { v.hold(e, true) }

// KeyUp notes that it is held no more.
func (v *chartView) KeyUp(e *fyne.KeyEvent) { v.hold(e, false) }

func (v *chartView) hold(e *fyne.KeyEvent, held bool) {
	if e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight {
		v.shift = held
	}
}

// TypedRune switches the entries of the legend: 1 is the first.
func (v *chartView) TypedRune(r rune) {
	if i := int(r - '1'); i >= 0 && i < min(9, len(v.picture.Legend)) {
		v.toggle(v.picture.Legend[i].Series)
	}
}
