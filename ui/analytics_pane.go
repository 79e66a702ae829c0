package ui

import (
	"fyne.io/fyne/v2"
)

// Sizes of the screen, as drawn.
const (
	analyticsTile  = 116
	analyticsSide  = 14
	analyticsGap   = 10
	analyticsLeast = 236 // height of a row of cards; a lower chart says nothing
)

// makeTiles builds the five figures; each leads to what it counts.
func (s *analyticsScreen) makeTiles() {
	w, t := s.w, s.w.text
	s.subscribers = w.newTile(t.T("analytics.subscribers"), analyticsTile)
	s.appeals = w.newTile(t.T("analytics.count"), analyticsTile)
	s.median = w.newTile(t.T("analytics.median"), analyticsTile)
	s.p90 = w.newTile(t.T("analytics.p90"), analyticsTile)
	s.inTime = w.newTile(t.T("analytics.in_time"), analyticsTile)
	s.tiles = tileRow(
		w.newClickable(s.subscribers, func() { s.chooseGroup("audience") }),
		w.newClickable(s.appeals, func() { s.openAll("new", nil) }),
		w.newClickable(s.median, func() { s.openAll("answered", answered) }),
		w.newClickable(s.p90, s.openSlowest),
		w.newClickable(s.inTime, func() { s.openAll("late", late) }),
	)
}

// fillPane puts the cards of the page under the tiles.
func (s *analyticsScreen) fillPane() {
	objects := []fyne.CanvasObject{s.tiles}
	for _, row := range s.group().rows {
		for _, name := range row {
			objects = append(objects, s.cards[name].object)
		}
	}
	s.pane.Objects = objects
	s.pane.Layout.Layout(objects, s.pane.Size())
	s.scroll.Refresh()
	s.draw()
}

// stacked says whether there is room for one card beside another.
func (s *analyticsScreen) stacked(width float32) bool { return width < cardRoom }

func (s *analyticsScreen) rowCount(width float32) (n float32) {
	for _, row := range s.group().rows {
		if s.stacked(width) {
			n += float32(len(row))
		} else {
			n++
		}
	}
	return n
}

func (s *analyticsScreen) paneSize() fyne.Size {
	rows := s.rowCount(s.scroll.Size().Width)
	return fyne.NewSize(300, s.tiles.MinSize().Height+rows*(analyticsLeast+analyticsGap)+analyticsGap)
}

func (s *analyticsScreen) placePane(size fyne.Size) {
	wide := size.Width - 2*analyticsSide
	s.tiles.Resize(fyne.NewSize(wide, s.tiles.MinSize().Height)) // which learns its width
	y := s.tiles.MinSize().Height + analyticsGap
	place(s.tiles, analyticsSide, 0, wide, s.tiles.MinSize().Height)
	high := max(analyticsLeast, (size.Height-y)/s.rowCount(size.Width)-analyticsGap)
	left := s.group().left
	for _, row := range s.group().rows {
		widths := []float32{wide}
		if len(row) == 2 && !s.stacked(size.Width) {
			widths = []float32{(wide - analyticsGap) * left, (wide - analyticsGap) * (1 - left)}
		}
		x := float32(analyticsSide)
		for i, name := range row {
			width := widths[i%len(widths)]
			place(s.cards[name].object, x, y, width, high)
			if x += width + analyticsGap; i%len(widths) == len(widths)-1 {
				x, y = analyticsSide, y+high+analyticsGap
			}
		}
	}
}

// draw brings the cards that can be seen to the figures; the others follow when they are
// scrolled to.
func (s *analyticsScreen) draw() {
	if s.figures == nil {
		return
	}
	top, bottom := s.scroll.Offset.Y, s.scroll.Offset.Y+s.scroll.Size().Height
	for _, row := range s.group().rows {
		for _, name := range row {
			c := s.cards[name]
			y := c.object.Position().Y
			if y < bottom && y+c.object.Size().Height > top {
				c.bring(s.figures)
			}
		}
	}
}
