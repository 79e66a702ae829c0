package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// emptyState stands where a list has nothing to show: what that means, and the
// way on.
type emptyState struct {
	window *Window
	object *fyne.Container
	words  *canvas.Text
	more   *canvas.Text
	clear  *button
}

func (w *Window) newEmptyState() *emptyState {
	e := &emptyState{window: w, words: newText("", sizeText, w.pal.second, true), more: newText("", sizeCaption, w.pal.muted, false)}
	e.clear = w.button(w.text.T("empty.clear"), "", nil)
	e.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(100, 100) },
		place: func(size fyne.Size) {
			y := min(140, size.Height/3)
			for _, t := range []*canvas.Text{e.words, e.more} {
				placeText(t, (size.Width-t.MinSize().Width)/2, y)
				y += 24
			}
			m := e.clear.MinSize()
			place(e.clear, (size.Width-m.Width)/2, y+4, m.Width, m.Height)
		},
	}, e.words, e.more, e.clear)
	e.object.Hide()
	return e
}

// emptiness is why a list is empty; the words are "empty." + it.
type emptiness string

// Reasons for an empty list.
const (
	emptyNot    emptiness = ""       // it is not
	emptyQueue  emptiness = "queue"  // nothing to do
	emptyFilter emptiness = "filter" // conditions that nothing fits
	emptyFirst  emptiness = "first"  // the first exchange has not brought anything yet
	emptyReport emptiness = "report" // a document whose period has no data
)

// show says why the list is empty; clear drops the conditions.
func (e *emptyState) show(why emptiness, clear func()) {
	if why == emptyNot {
		e.object.Hide()
		return
	}
	e.object.Hidden = false
	e.clear.Hidden = why != emptyFilter
	e.clear.do = clear
	t := e.window.text
	e.words.Text, e.more.Text = t.T("empty."+string(why)), t.T("empty."+string(why)+"_more")
	e.object.Refresh()
}
