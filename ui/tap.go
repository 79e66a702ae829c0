package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// tapping is what all own clickable widgets share: hover, focus by Tab, Enter
// and Space as a click. A widget embeds it, calls ExtendBaseWidget and sets
// paint, which brings its objects to the current state.
type tapping struct {
	widget.BaseWidget
	window   *Window
	do       func()
	paint    func()
	hovered  bool
	focused  bool
	disabled bool
}

func (t *tapping) repaint() {
	if t.paint != nil {
		t.paint()
	}
}

// Tapped does what the widget is for.
func (t *tapping) Tapped(*fyne.PointEvent) { t.activate() }

func (t *tapping) activate() {
	if !t.disabled && t.do != nil {
		t.do()
	}
}

// MouseIn shows that the widget can be clicked.
func (t *tapping) MouseIn(*desktop.MouseEvent) {
	t.window.touch()
	t.hovered = !t.disabled
	t.repaint()
}

// MouseMoved is part of desktop.Hoverable.
func (t *tapping) MouseMoved(*desktop.MouseEvent) { t.window.touch() }

// MouseOut takes the sign away.
func (t *tapping) MouseOut() {
	t.hovered = false
	t.repaint()
}

// Cursor is a hand over what can be clicked.
func (t *tapping) Cursor() desktop.Cursor {
	if t.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// FocusGained shows where the keyboard is.
func (t *tapping) FocusGained() {
	t.focused = true
	t.repaint()
	t.window.followFocus()
}

// FocusLost takes the sign away.
func (t *tapping) FocusLost() {
	t.focused = false
	t.repaint()
}

// TypedRune is part of fyne.Focusable.
func (t *tapping) TypedRune(rune) {}

// TypedKey takes Enter and Space and leaves the rest to the window.
func (t *tapping) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		t.activate()
	default:
		t.window.typed(e)
	}
}

// setDisabled greys the widget out.
func (t *tapping) setDisabled(v bool) {
	if t.disabled == v {
		return
	}
	t.disabled = v
	t.hovered = t.hovered && !v
	t.repaint()
}

// drawing is a renderer over fixed objects placed by two functions.
type drawing struct {
	objects []fyne.CanvasObject
	arrangement
	refresh func()
}

// Destroy has nothing to give back.
func (d *drawing) Destroy() {}

// Layout places the objects.
func (d *drawing) Layout(size fyne.Size) { d.place(size) }

// MinSize measures the objects.
func (d *drawing) MinSize() fyne.Size { return d.min() }

// Objects lists the objects.
func (d *drawing) Objects() []fyne.CanvasObject { return d.objects }

// Refresh brings the objects to the current state.
func (d *drawing) Refresh() {
	if d.refresh != nil {
		d.refresh()
	}
}
