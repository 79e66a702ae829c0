package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Sizes below which the window folds, in points: at scale 1.5 a screen of
// 1366×768 has 911×512 of them, at scale 2 only 683×384. The drawings are of
// what is wider and higher.
const (
	leastWidth  = 600
	leastHeight = 300

	roomyWidth = 1100 // a narrower window has a narrow rail
	railNarrow = 124
	railShort  = 480 // a lower window has a shorter rail

	filterRoom = 880 // a narrower screen has its filter behind a button
	cardRoom   = 640 // in a narrower one the card stands in the place of the list
	cardLow    = 470 // a lower card scrolls its head with the history
	replyLow   = 158 // height of the reply area there
)

// railOf is the width of the rail in so wide a window.
func railOf(width float32) float32 {
	if width < roomyWidth {
		return railNarrow
	}
	return railWidth
}

// scrolling is a screen that has to bring into view what has the keyboard.
type scrolling interface{ reveal(o fyne.CanvasObject) }

// followFocus scrolls to what has the keyboard now, where it may be out of view.
func (w *Window) followFocus() {
	d := w.dialog
	s, ok := w.screens[w.current].(scrolling)
	if d == nil && !ok {
		return
	}
	w.live.OnScreen(func() {
		switch o, is := w.win.Canvas().Focused().(fyne.CanvasObject); {
		case !is:
		case d != nil && d == w.dialog && !w.listOpen():
			d.reveal(o)
		case d == nil && w.dialog == nil && ok && !w.listOpen():
			s.reveal(o)
		}
	})
}

// reveal scrolls as little as is needed to show the object.
func reveal(s *container.Scroll, o fyne.CanvasObject) {
	const air = 6
	driver := fyne.CurrentApp().Driver()
	y := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(s).Y
	by := float32(0)
	switch view := s.Size().Height; {
	case y < 0 || o.Size().Height > view:
		by = y - air
	case y+o.Size().Height > view:
		by = y + o.Size().Height - view + air
	}
	if by == 0 {
		return
	}
	limit := max(0, s.Content.MinSize().Height-s.Size().Height)
	s.Offset.Y = min(max(0, s.Offset.Y+by), limit)
	s.Refresh()
}

// setShown shows or hides an object.
func setShown(o fyne.CanvasObject, v bool) {
	if v {
		o.Show()
	} else {
		o.Hide()
	}
}

// scrollBy goes a page up or down where there is more than the window shows, and
// says whether it did.
func scrollBy(s *container.Scroll, key fyne.KeyName) bool {
	hidden := s.Content.MinSize().Height - s.Size().Height
	page := s.Size().Height - 40
	switch {
	case hidden <= 0:
		return false
	case key == fyne.KeyPageDown:
	case key == fyne.KeyPageUp:
		page = -page
	default:
		return false
	}
	s.Offset.Y = min(max(0, s.Offset.Y+page), hidden)
	s.Refresh()
	return true
}

// masterDetail places a list with a card beside it, or where there is no room
// for both the one that is being looked at.
type masterDetail struct {
	reading bool // the card, where only one is shown
	single  bool // only one is shown
}

// fold says whether a screen so wide shows one of the two.
func (m *masterDetail) fold(width float32) bool {
	m.single = width < cardRoom
	return m.single
}

// listShown and cardShown say which of the two can be seen.
func (m *masterDetail) listShown() bool { return !m.single || !m.reading }
func (m *masterDetail) cardShown() bool { return !m.single || m.reading }

// cover is a plain ground that lets no click through to what is under it.
type cover struct {
	widget.BaseWidget
	fill *canvas.Rectangle
}

func newCover(fill color.Color) *cover {
	c := &cover{fill: canvas.NewRectangle(fill)}
	c.ExtendBaseWidget(c)
	return c
}

// Tapped does nothing.
func (c *cover) Tapped(*fyne.PointEvent) {}

// CreateRenderer draws the ground.
func (c *cover) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.fill) }

// cutText is a line of text that is cut to the width it gets.
func (w *Window) cutText(words string, size float32, ink color.Color, bold bool) fyne.CanvasObject {
	t := newText(words, size, ink, bold)
	return container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(40, t.MinSize().Height) },
		place: func(room fyne.Size) {
			t.Text = w.cuts.fit(words, size, bold, room.Width)
			centred(t, 0, room.Height)
		},
	}, t)
}
