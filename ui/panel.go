package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// card is content on a white ground with a thin border.
func (w *Window) card(content fyne.CanvasObject) *fyne.Container {
	return w.framed(content, gaps{14, 14, 14, 14})
}

// framed is a card with its own padding.
func (w *Window) framed(content fyne.CanvasObject, g gaps) *fyne.Container {
	back := canvas.NewRectangle(w.pal.surface)
	back.CornerRadius, back.StrokeWidth, back.StrokeColor = 8, 1, w.pal.border
	return container.NewStack(back, container.New(g, content))
}

// on puts content on a plain ground.
func on(ground *canvas.Rectangle, content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(ground, content)
}

// sized gives an object a fixed size; a zero side keeps the object's own.
func sized(o fyne.CanvasObject, width, height float32) *fyne.Container {
	return container.New(arrangement{
		min: func() fyne.Size {
			m := o.MinSize()
			if width > 0 {
				m.Width = width
			}
			if height > 0 {
				m.Height = height
			}
			return m
		},
		place: func(size fyne.Size) { place(o, 0, 0, size.Width, size.Height) },
	}, o)
}
