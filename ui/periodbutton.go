package ui

import "fyne.io/fyne/v2/canvas"

// periodButton is an outlined button that is one of several choices; setChosen
// marks it.
func (w *Window) periodButton(label string, do func()) *button {
	b := w.newButton(label, "", do)
	b.paint = func() {
		b.tone()
		if b.chosen {
			b.back.FillColor, b.words.Color = w.pal.selected, w.pal.link
			if !b.focused {
				b.back.StrokeColor = w.pal.noteEdge
			}
		}
		canvas.Refresh(b.back)
		canvas.Refresh(b.words)
	}
	b.paint()
	return b
}
