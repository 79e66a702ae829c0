package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// iconButton is a small button of one icon; its words are for the status of
// assistive programs and tests.
type iconButton struct {
	tapping
	words string
	back  *canvas.Rectangle
	icon  *widget.Icon
}

func (w *Window) iconButton(name fyne.ThemeIconName, words string, do func()) *iconButton {
	b := &iconButton{words: words, back: canvas.NewRectangle(color.Transparent), icon: widget.NewIcon(theme.Icon(name))}
	b.window, b.do = w, do
	b.back.CornerRadius = 6
	b.paint = func() {
		b.back.FillColor, b.back.StrokeWidth = color.Transparent, 0
		if b.hovered {
			b.back.FillColor = w.pal.hover
		}
		if b.focused {
			b.back.StrokeColor, b.back.StrokeWidth = w.pal.link, 2
		}
		canvas.Refresh(b.back)
	}
	b.ExtendBaseWidget(b)
	return b
}

// MinSize is a square.
func (b *iconButton) MinSize() fyne.Size { return fyne.NewSquareSize(26) }

// CreateRenderer draws the icon.
func (b *iconButton) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{
		objects: []fyne.CanvasObject{b.back, b.icon},
		arrangement: arrangement{min: b.MinSize, place: func(size fyne.Size) {
			place(b.back, 0, 0, size.Width, size.Height)
			place(b.icon, (size.Width-16)/2, (size.Height-16)/2, 16, 16)
		}},
		refresh: b.paint,
	}
}
