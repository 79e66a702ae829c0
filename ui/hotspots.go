package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// Sizes of the screen.
const (
	spotRow  = 34
	spotTile = 98
)

// spotsPause is the least time between two counts while appeals pour in: each opens
// the appeals of the period.
const spotsPause = 10 * time.Second

// spotsTold is how often the progress of a count is shown.
const spotsTold = 100 * time.Millisecond

// hotspotsScreen shows where there are more open appeals than usual.
type hotspotsScreen struct {
	w      *Window
	object *fyne.Container
	bar    fyne.CanvasObject

	periods           []*button
	progress, note    *canvas.Text
	stop              *button
	open, spots, back *tile
	table             *table

	days     int
	found    *app.Hotspots
	indexing bool // words, and with them the usual numbers
	slot     Slot
	halt     context.CancelFunc // ends the count with what it has; nil: none is under way
	run      int                // number of the count: progress of an older one says nothing
	again    func()             // stops a count that waits, nil where none does
}

func newHotspotsScreen(w *Window) screen {
	s := &hotspotsScreen{w: w, days: 7}
	t := w.text
	left := []fyne.CanvasObject{newText(t.T("screen.hotspots"), sizeTitle, w.pal.text, true)}
	for _, days := range app.HotspotDays {
		b := w.periodButton(t.N("hotspots.days", days), func() { s.choose(days) })
		s.periods = append(s.periods, b)
		left = append(left, b)
	}
	s.progress = newText("", sizeCaption, w.pal.muted, false)
	s.stop = w.button(t.T("hotspots.stop"), "", s.halted)
	s.bar = w.topBar(append(left, s.progress, s.stop), nil)
	s.open = w.newTile("", spotTile)
	s.spots = w.newTile(t.T("hotspots.tile.spots"), spotTile)
	s.back = w.newTile(t.T("alike.again"), spotTile)
	s.note = newText("", sizeCaption, w.pal.muted, false)
	s.table = w.newTable(s.columns(), spotRow, sizeText, s.fill)
	s.table.list.activate = s.show
	s.table.list.clickTakes = true
	ground := canvas.NewRectangle(w.pal.ground)
	tiles, card := tileRow(s.open, s.spots, s.back), w.framed(s.table, gaps{1, 1, 8, 1})
	s.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(leastWidth-railNarrow, leastHeight) },
		place: func(size fyne.Size) {
			const side = 14
			top := placeBar(s.bar, size.Width)
			place(ground, 0, top, size.Width, size.Height-top)
			tiles.Resize(fyne.NewSize(size.Width-2*side, tiles.MinSize().Height)) // which learns its width
			high := tiles.MinSize().Height
			place(tiles, side, top+12, size.Width-2*side, high)
			y := top + 12 + high + 10
			if s.note.Text != "" {
				placeText(s.note, side, y+8)
				y += 26
			}
			place(card, side, y, size.Width-2*side, size.Height-y-12)
		},
	}, s.bar, ground, tiles, s.note, card)
	s.mark()
	return s
}

func (s *hotspotsScreen) columns() []tableColumn {
	t := s.w.text
	return []tableColumn{
		{title: t.T("hotspots.col.place"), width: 190, grow: 1.2},
		{title: t.T("hotspots.col.municipality"), width: 130, grow: 0.6, spare: 2},
		{title: t.T("hotspots.col.topics"), width: 130, grow: 1.4, spare: 1},
		{title: t.T("hotspots.col.open"), width: 84, right: true},
		{title: t.T("hotspots.col.usual"), width: 78, right: true, spare: 3},
		{title: t.T("hotspots.col.above"), width: 76, right: true},
		{title: t.T("hotspots.col.again"), width: 72, right: true},
		{title: t.T("hotspots.col.first"), width: 132, spare: 5},
		{title: t.T("hotspots.col.last"), width: 132, spare: 4},
	}
}

// Title names the screen.
func (s *hotspotsScreen) Title() string { return s.w.text.T("screen.hotspots") }

// Object is what the window shows.
func (s *hotspotsScreen) Object() fyne.CanvasObject { return s.object }

// Show counts and gives the table the keyboard.
func (s *hotspotsScreen) Show() {
	s.reload()
	s.w.focus(s.table.list)
}

// Hide ends what is still being counted.
func (s *hotspotsScreen) Hide() {
	s.wait()
	s.w.live.Drop(&s.slot)
	s.halt = nil
}

// Changed counts again, but not at every change of many.
func (s *hotspotsScreen) Changed(c app.Changed) {
	if (c.Appeals || c.Index) && s.again == nil {
		s.again = s.w.live.Later(spotsPause, s.reload)
	}
	if c.Exchange {
		s.tell()
	}
}

// Find gives the keyboard to the table.
func (s *hotspotsScreen) Find() { s.w.focus(s.table.list) }

// Key moves through the table.
func (s *hotspotsScreen) Key(e *fyne.KeyEvent) bool { return s.table.list.key(e) }

// wait forgets a count that has not begun.
func (s *hotspotsScreen) wait() {
	if s.again != nil {
		s.again()
		s.again = nil
	}
}

func (s *hotspotsScreen) choose(days int) {
	s.days, s.found = days, nil
	s.mark()
	s.reload()
}

// mark shows which period is chosen.
func (s *hotspotsScreen) mark() {
	for i, b := range s.periods {
		b.setChosen(app.HotspotDays[i] == s.days)
	}
}

// reload counts anew; what was found before stays until then.
func (s *hotspotsScreen) reload() {
	s.wait()
	w, days := s.w, s.days
	halted, halt := context.WithCancel(context.Background())
	s.run++
	run := s.run
	s.halt = halt
	w.live.Load(&s.slot, func(ctx context.Context) (func(), error) {
		defer context.AfterFunc(ctx, halt)()
		defer halt()
		var told time.Time
		found, err := w.desk.Hotspots(halted, days, func(done, total int) {
			if now := time.Now(); now.Sub(told) >= spotsTold {
				told = now
				w.live.OnScreen(func() { s.counted(run, done, total) })
			}
		})
		done, total := w.desk.Indexing()
		return func() {
			s.halt, s.indexing = nil, done < total
			if err == nil {
				s.found = found
			}
			s.tell()
		}, err
	})
	s.tell()
}

// halted ends the count and shows what it has found.
func (s *hotspotsScreen) halted() {
	if s.halt != nil {
		s.halt()
	}
}

func (s *hotspotsScreen) counted(run, done, total int) {
	if run == s.run && s.halt != nil {
		s.progress.Text = s.read(done, total)
		s.bar.Refresh()
	}
}

func (s *hotspotsScreen) read(done, total int) string {
	t := s.w.text
	return t.T("hotspots.read", t.Number(int64(done)), t.Number(int64(total)))
}

// tell brings the screen to what is known.
func (s *hotspotsScreen) tell() {
	w, t, f := s.w, s.w.text, s.found
	s.stop.Hidden = s.halt == nil
	s.progress.Text = ""
	if s.halt != nil {
		s.progress.Text = t.T("hotspots.counting")
	}
	s.open.full[0] = t.N("hotspots.tile.open", s.days)
	n := 0
	switch {
	case f == nil:
		for _, tile := range []*tile{s.open, s.spots, s.back} {
			tile.set(t.T("screens.dash"), w.pal.faint)
		}
		s.table.setEmpty(t.T("hotspots.counting"), nil)
	default:
		n = len(f.Spots)
		inSpots := 0
		for _, h := range f.Spots {
			inSpots += h.Open
		}
		read, none, ink := t.T("hotspots.all_read"), t.T("hotspots.none"), w.pal.second
		if f.Read < f.Open {
			none = t.T("hotspots.none_read")
			read, ink = t.T("hotspots.stopped", s.read(f.Read, f.Open)), w.pal.amber
		}
		s.open.set(t.Number(int64(f.Open)), nil, tileNote{read, ink})
		s.spots.set(t.Number(int64(n)), nil, tileNote{t.N("hotspots.in_spots", inSpots), nil})
		ink = nil
		if f.Again > 0 {
			ink = w.pal.amber
		}
		s.back.set(t.Number(int64(f.Again)), ink, tileNote{t.N("hotspots.again_about", int(app.AgainWithin/(24*time.Hour))), nil})
		s.table.setEmpty(none, nil)
	}
	s.note.Text = s.cautions()
	s.table.setCount(n)
	if n > 0 && s.table.list.selected < 0 {
		s.table.list.mark(0)
	}
	s.bar.Refresh()
	s.object.Refresh()
}

// cautions says why the figures may be short of the truth, "" where nothing does.
func (s *hotspotsScreen) cautions() string {
	t := s.w.text
	var all []string
	if state, has := s.w.exchangeState(); has && state.Link != app.LinkOnline && state.Link != app.LinkConnecting {
		words := t.T("hotspots.offline")
		if !state.Last.IsZero() {
			words += ", " + t.T("exchange.last", s.w.clock(state.Last))
		}
		all = append(all, words)
	}
	if s.indexing {
		all = append(all, t.T("hotspots.indexing"))
	}
	return strings.Join(all, " · ")
}

// show opens the list of the appeals of a hot spot.
func (s *hotspotsScreen) show(i int) {
	h := s.found.Spots[i]
	s.w.showHotspot(h, s.name(h))
}

// name is what a hot spot is called.
func (s *hotspotsScreen) name(h app.Hotspot) string {
	if h.Street != "" {
		return h.String()
	}
	topic := h.Topic
	if topic == "" {
		topic = h.Group
	}
	return s.w.text.T("hotspots.whole", topic)
}

// fill gives the cells of a row.
func (s *hotspotsScreen) fill(i int, c []cell) {
	h, t, p := s.found.Spots[i], s.w.text, s.w.pal
	c[0] = cell{words: s.name(h), bold: true}
	c[1] = cell{words: h.In, ink: p.second}
	c[2] = cell{words: topicCounts(h.Topics), ink: p.second}
	c[3].words = t.Number(int64(h.Open))
	c[4] = cell{words: t.T("screens.dash"), ink: p.faint}
	if h.Usual >= 0 {
		c[4] = cell{words: t.Decimal(h.Usual, 1), ink: p.second}
	}
	c[5] = cell{words: "+" + t.Decimal(h.Above(), 0), ink: p.red, bold: true}
	if h.Again > 0 {
		c[6] = cell{words: t.Number(int64(h.Again)), ink: p.amber, bold: true}
	}
	now := s.w.here(s.w.desk.Now())
	c[7] = cell{words: t.Moment(s.w.here(h.First), now), ink: p.second}
	c[8] = cell{words: t.Moment(s.w.here(h.Last), now), ink: p.second}
}

// topicCounts lists topics with their counts.
func topicCounts(all []app.TopicCount) string {
	var words []string
	for _, one := range all {
		words = append(words, fmt.Sprintf("%s %d", one.Topic, one.Count))
	}
	return strings.Join(words, ", ")
}
