package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// stretchText is one line of words, cut to the place there is.
type stretchText struct {
	widget.BaseWidget
	window *Window
	full   string
	words  *canvas.Text
}

func (w *Window) newStretchText() *stretchText {
	s := &stretchText{window: w, words: newText("", sizeCaption, w.pal.second, false)}
	s.ExtendBaseWidget(s)
	return s
}

func (s *stretchText) set(words string, ink color.Color) {
	s.full, s.words.Color = words, ink
	s.Refresh()
}

// MinSize leaves the width to the place.
func (s *stretchText) MinSize() fyne.Size { return fyne.NewSize(40, s.words.MinSize().Height) }

// CreateRenderer draws the line.
func (s *stretchText) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{s.words}}
	d.arrangement = arrangement{min: s.MinSize, place: func(size fyne.Size) {
		s.words.Text = s.window.cuts.fit(s.full, sizeCaption, false, size.Width)
		centred(s.words, 0, size.Height)
	}}
	d.refresh = func() {
		d.place(s.Size())
		canvas.Refresh(s.words)
	}
	return d
}
