package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// Settings of the workstation about the shift.
const (
	settingWhose = "shift_whose" // whoseAll, or one's own appeals
	settingStart = "start"       // the screen the window opens with
)

// whoseAll is the value of settingWhose for the appeals of all.
const whoseAll = "all"

// shiftRows is how many appeals of a queue are at hand: as many as a card has room
// for on a large screen.
const shiftRows = 10

// shiftScreen is what a shift is about: the queues that are urgent, each with its
// first appeals. It leads into the list.
type shiftScreen struct {
	w       *Window
	object  fyne.CanvasObject
	state   *stateChip // all is in time
	link    *canvas.Text
	said    string // on it, uncut
	whose   *choice
	cards   []*shiftCard
	columns [][]*shiftCard
	loaded  bool
	own     bool

	slot     Slot
	stopTick func()
}

func newShiftScreen(w *Window) screen {
	t := w.text
	s := &shiftScreen{w: w, own: w.choice(settingWhose, "", "") != whoseAll, state: w.newStateChip("", toneGreen)}
	s.link = newText("", sizeCaption, w.pal.amber, true)
	s.whose = w.newChoice(t.T("shift.whose"), []option{{"", t.T("shift.whose_own")}, {whoseAll, t.T("shift.whose_all")}}, "", s.choose)
	if !s.own {
		s.whose.set(whoseAll)
	}
	start := w.newChoice(t.T("shift.start"), []option{
		{screenAppeals, t.T("screen." + screenAppeals)}, {screenShift, t.T("screen." + screenShift)},
	}, w.choice(settingStart, "", screenAppeals), func(v string) {
		w.live.Do(func() error { return w.desk.SaveSetting(settingStart, v) }, nil)
	})
	bar := w.topBar([]fyne.CanvasObject{newText(s.Title(), sizeTitle, w.pal.text, true), s.whose, s.state}, []fyne.CanvasObject{start})
	ground := canvas.NewRectangle(w.pal.ground)
	objects := []fyne.CanvasObject{ground, bar, s.link}
	for _, q := range app.ShiftQueues {
		c := s.newCard(q)
		s.cards = append(s.cards, c)
		objects = append(objects, c.object)
	}
	s.columns = [][]*shiftCard{s.cards[:2], s.cards[2:]} // deadlines to the left
	s.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(600, 400) },
		place: func(size fyne.Size) {
			place(ground, 0, barRow, size.Width, size.Height-barRow)
			placeBar(bar, size.Width)
			s.place(size)
		},
	}, objects...)
	return s
}

// place shares each column out among its cards.
func (s *shiftScreen) place(size fyne.Size) {
	const side, gap = 14, 12
	top := float32(48 + side)
	if s.link.Text != "" {
		s.link.Text = s.w.cuts.fit(s.said, sizeCaption, true, size.Width-2*side-4)
		placeText(s.link, side+2, 48+side+8)
		top += 28
	}
	width := (size.Width - 2*side - gap) / 2
	for i, column := range s.columns {
		room := size.Height - top - side + gap
		for _, c := range column {
			c.shown = min(1, len(c.part.Rows))
			room -= c.height() + gap
		}
		for more := true; more; {
			more = false
			for _, c := range column { // a row each in turn
				if c.shown < len(c.part.Rows) && room >= appealRow {
					c.shown++
					room -= appealRow
					more = true
				}
			}
		}
		y := top
		for _, c := range column {
			place(c.object, side+float32(i)*(width+gap), y, width, c.height())
			c.object.Layout.Layout(c.object.Objects, c.object.Size())
			y += c.height() + gap
		}
	}
}

// Title names the screen.
func (s *shiftScreen) Title() string { return s.w.text.T("screen." + screenShift) }

// Object is the screen's content.
func (s *shiftScreen) Object() fyne.CanvasObject { return s.object }

// Show reloads and follows the clock.
func (s *shiftScreen) Show() {
	s.reload()
	s.tick()
}

// Hide stops following the clock.
func (s *shiftScreen) Hide() {
	if s.stopTick != nil {
		s.stopTick()
	}
}

// Changed reloads what the change touched.
func (s *shiftScreen) Changed(c app.Changed) {
	if c.Appeals || c.Outbox || c.Settings || c.Exchange {
		s.reload()
	}
}

// Find goes to the search of the list.
func (s *shiftScreen) Find() { s.w.withAppeals((*appealsScreen).Find) }

// tick asks again at the turn of each minute: time alone makes appeals late.
func (s *shiftScreen) tick() {
	s.Hide()
	now := s.w.desk.Now()
	s.stopTick = s.w.live.Later(now.Truncate(time.Minute).Add(time.Minute).Sub(now), func() {
		s.reload()
		s.tick()
	})
}

// choose changes whose appeals are shown, and remembers it.
func (s *shiftScreen) choose(v string) {
	s.own = v != whoseAll
	s.w.live.Do(func() error { return s.w.desk.SaveSetting(settingWhose, v) }, func() { s.w.rail.reload(false) })
	s.reload()
}

func (s *shiftScreen) reload() {
	w, own := s.w, s.own
	w.live.Load(&s.slot, func(ctx context.Context) (func(), error) {
		parts, err := w.desk.Shift(own, shiftRows, ctx.Done())
		if err != nil {
			return nil, err
		}
		state, has := w.exchangeState()
		return func() { s.show(parts, state, has) }, nil
	})
}

func (s *shiftScreen) show(parts []app.ShiftPart, state app.ExchangeState, has bool) {
	t, first := s.w.text, !s.loaded
	s.loaded = true
	late := 0
	for i, c := range s.cards {
		c.show(parts[i])
		if q := parts[i].Query.Queue; q == app.QueueOverdue || q == app.QueueSoon {
			late += parts[i].Total
		}
	}
	s.said = s.linkWords(state, has)
	s.link.Text = s.said
	s.state.Hidden = late > 0 || state.Loading()
	s.state.set(t.T("shift.in_time"), toneGreen)
	s.object.Refresh()
	if first && s.w.current == screenShift && s.w.dialog == nil {
		s.focusFirst()
	}
	s.w.drawn()
}

// linkWords says what is missing while there is no link; "" where nothing is.
func (s *shiftScreen) linkWords(state app.ExchangeState, has bool) string {
	t := s.w.text
	switch {
	case has && state.Loading():
		return t.T("shift.loading")
	case has && (state.Link == app.LinkOffline || state.Link == app.LinkOff || state.Link == app.LinkRefused):
		words, _ := linkWords(s.w, state.Link)
		if state.Last.IsZero() {
			return t.T("shift.offline", words)
		}
		return t.T("shift.offline_since", words, s.w.clock(state.Last))
	}
	return ""
}

// open goes to the list of a queue, on its first appeal or on the one given.
func (s *shiftScreen) open(part app.ShiftPart, row *app.Row) {
	s.w.withAppeals(func(list *appealsScreen) {
		list.has = false
		if row != nil {
			list.openRecord(row.Record)
		}
		q := part.Query
		q.Order = list.query.Order
		list.ask(q)
		s.w.focus(list.list)
	})
}

// Key moves between the cards and their appeals.
func (s *shiftScreen) Key(e *fyne.KeyEvent) bool {
	column, at := s.focused()
	if column < 0 {
		switch e.Name {
		case fyne.KeyDown, fyne.KeyUp, fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyReturn, fyne.KeyEnter:
			s.focusFirst()
			return true
		}
		return false
	}
	places := s.places(column)
	switch e.Name {
	case fyne.KeyUp:
		at--
	case fyne.KeyDown:
		at++
	case fyne.KeyHome:
		at = 0
	case fyne.KeyEnd:
		at = len(places) - 1
	case fyne.KeyLeft, fyne.KeyRight:
		places = s.places(1 - column)
	default:
		return false
	}
	s.w.focus(places[min(max(at, 0), len(places)-1)])
	return true
}

// places lists what may have the keyboard in a column, from the top.
func (s *shiftScreen) places(column int) (all []fyne.Focusable) {
	for _, c := range s.columns[column] {
		all = append(all, c.head)
		for _, r := range c.rows[:c.shown] {
			all = append(all, r)
		}
	}
	return all
}

// focused says where the keyboard is; the column is -1 where it is elsewhere.
func (s *shiftScreen) focused() (column, at int) {
	now := s.w.win.Canvas().Focused()
	for column := range s.columns {
		for i, f := range s.places(column) {
			if f == now {
				return column, i
			}
		}
	}
	return -1, 0
}

// focusFirst gives the keyboard to the most urgent appeal.
func (s *shiftScreen) focusFirst() {
	for _, c := range s.cards {
		if c.shown > 0 {
			s.w.focus(c.rows[0])
			return
		}
	}
	s.w.focus(s.cards[0].head)
}

// shiftCard is one queue: its name and count, and its first appeals.
type shiftCard struct {
	screen *shiftScreen
	queue  app.Queue
	part   app.ShiftPart
	shown  int // rows there is room for
	object *fyne.Container
	head   *navItem
	rows   []*clickable
	views  []*appealRowView
	edges  []*canvas.Rectangle
	none   *canvas.Text
}

// Heights within a card.
const (
	shiftHead = 34
	shiftNone = 44 // of the words where nothing is in the queue
)

func (s *shiftScreen) newCard(queue app.Queue) *shiftCard {
	w := s.w
	c := &shiftCard{screen: s, queue: queue, none: newText("", sizeText, w.pal.muted, false)}
	c.head = w.newNavItem(assets.Name(w.text, "queue", queue), func() { s.open(c.part, nil) })
	c.head.setChosen(true)
	back := canvas.NewRectangle(w.pal.surface)
	back.CornerRadius, back.StrokeWidth, back.StrokeColor = 8, 1, w.pal.border
	objects := []fyne.CanvasObject{back, c.head, c.none}
	for i := range shiftRows {
		view, edge := w.newAppealRow(), canvas.NewRectangle(w.pal.line)
		row := w.newClickable(view, func() { s.open(c.part, &c.part.Rows[i]) })
		c.views, c.rows, c.edges = append(c.views, view), append(c.rows, row), append(c.edges, edge)
		objects = append(objects, edge, row)
	}
	c.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(200, c.height()) },
		place: func(size fyne.Size) {
			place(back, 0, 0, size.Width, size.Height)
			place(c.head, 3, 3, size.Width-6, shiftHead)
			placeText(c.none, 14, shiftHead+6+shiftNone/2)
			for i, r := range c.rows {
				y := shiftHead + 6 + appealRow*float32(i)
				place(c.edges[i], 1, y, size.Width-2, 1)
				place(r, 2, y+1, size.Width-4, appealRow-2)
				r.Hidden = i >= c.shown
				c.edges[i].Hidden = i >= c.shown || i == 0
			}
		},
	}, objects...)
	return c
}

func (c *shiftCard) height() float32 {
	if len(c.part.Rows) == 0 {
		return shiftHead + 6 + shiftNone
	}
	return shiftHead + 8 + appealRow*float32(c.shown)
}

func (c *shiftCard) show(part app.ShiftPart) {
	w := c.screen.w
	c.part = part
	urgent := c.queue == app.QueueOverdue || c.queue == app.QueueSoon
	c.head.setCount(w.text.Number(int64(part.Total)), urgent && part.Total > 0)
	c.none.Text = ""
	if part.Total == 0 {
		c.none.Text = w.text.T("shift.none." + string(c.queue))
	}
	now := w.desk.Now()
	for i, row := range part.Rows {
		c.views[i].set(row, true, now)
	}
}
