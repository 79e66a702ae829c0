package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// clickable makes any object a thing to click, with an outline under the mouse
// and around the focus.
type clickable struct {
	tapping
	inner fyne.CanvasObject
	ring  *canvas.Rectangle
}

func (w *Window) newClickable(inner fyne.CanvasObject, do func()) *clickable {
	c := &clickable{inner: inner, ring: canvas.NewRectangle(color.Transparent)}
	c.window, c.do = w, do
	c.ring.CornerRadius = 4
	c.paint = func() {
		c.ring.StrokeWidth, c.ring.StrokeColor = 0, color.Transparent
		switch {
		case c.focused:
			c.ring.StrokeWidth, c.ring.StrokeColor = 2, w.pal.link
		case c.hovered:
			c.ring.StrokeWidth, c.ring.StrokeColor = 1, w.pal.link
		}
		canvas.Refresh(c.ring)
	}
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer draws the object and the outline.
func (c *clickable) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{
		objects: []fyne.CanvasObject{c.inner, c.ring},
		arrangement: arrangement{min: c.inner.MinSize, place: func(size fyne.Size) {
			c.inner.Resize(size)
			c.ring.Resize(size)
		}},
		refresh: c.paint,
	}
}
