package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

// Sizes of the screen, as drawn.
const (
	exchangeTile  = 84
	journalRow    = 33
	journalLeast  = 8 // rows that stay visible under many conflicts
	journalLimit  = 200
	conflictLimit = 20 // cards shown at once
)

// freshen is how often ages and latency are brought up to date.
const freshen = 5 * time.Second

// exchangeScreen tells the truth about the exchange: what waits, what came,
// what the server refused, and which conflicts ask for a choice.
type exchangeScreen struct {
	w      *Window
	object *fyne.Container
	inner  *fyne.Container // tiles, loading, conflicts over the journal
	bar    fyne.CanvasObject

	facts   *canvas.Text
	link    *stateChip
	offline *button
	export  *button

	waiting, received, conflicts, base *tile
	loading                            *loadingCard
	why                                *widget.Label // the link is down
	whyCard                            *fyne.Container
	cards                              *fyne.Container
	more                               *canvas.Text
	shown                              []*conflictCard
	journal                            *table
	entries                            []journalEntry

	state app.ExchangeState
	slot  Slot
	stop  func() // ends the regular reloading
}

func newExchangeScreen(w *Window) screen {
	s := &exchangeScreen{w: w}
	t := w.text
	title := newText(t.T("screen.exchange"), sizeTitle, w.pal.text, true)
	s.facts = newText("", sizeCaption, w.pal.muted, false)
	s.link = w.newStateChip("", toneGrey)
	s.offline = w.button(t.T("exchange.work_offline"), "", s.switchLink)
	now := w.primaryButton(t.T("exchange.now"), "F5", w.exchangeNow)
	s.export = w.button(t.T("exchange.export"), "", w.exportUnsent)
	s.bar = w.topBar([]fyne.CanvasObject{title, s.link, s.facts}, []fyne.CanvasObject{s.export, s.offline, now})
	s.waiting = w.newTile(t.T("exchange.tile.waiting"), exchangeTile)
	s.received = w.newTile(t.T("exchange.tile.received"), exchangeTile)
	s.conflicts = w.newTile(t.T("exchange.tile.conflicts"), exchangeTile)
	s.base = w.newTile(t.T("exchange.tile.base"), exchangeTile)
	s.loading = newLoadingCard(w)
	s.why = paragraph("")
	s.whyCard = w.warning(aligned(s.why))
	s.cards = container.New(column{10})
	s.more = newText("", sizeCaption, w.pal.muted, false)
	s.journal = w.newTable(s.columns(), journalRow, sizeCaption, s.fill)
	s.journal.setEmpty(t.T("exchange.journal_empty"), nil)
	journal := w.framed(s.journal, gaps{1, 1, 8, 1})
	tiles := tileRow(s.waiting, s.received, s.conflicts, s.base)
	above := container.New(column{10}, tiles, s.loading.object, s.whyCard, s.cards, s.more)
	s.loading.object.Hide()
	s.whyCard.Hide()
	s.cards.Hide()
	s.more.Hide()
	s.inner = container.New(arrangement{
		min: func() fyne.Size {
			return fyne.NewSize(300, 12+above.MinSize().Height+10+headHeight+journalLeast*journalRow+10)
		},
		place: func(size fyne.Size) {
			const side = 14
			// Twice: the height of wrapped words follows from their width.
			above.Resize(fyne.NewSize(size.Width-2*side, above.MinSize().Height))
			h := above.MinSize().Height
			place(above, side, 12, size.Width-2*side, h)
			y := 12 + h + 10
			place(journal, side, y, size.Width-2*side, min(size.Height-y-10, s.journalHeight()))
		},
	}, above, journal)
	scroll := on(canvas.NewRectangle(w.pal.ground), w.quiet(container.NewVScroll(s.inner)))
	s.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(leastWidth-railNarrow, leastHeight) },
		place: func(size fyne.Size) {
			top := placeBar(s.bar, size.Width)
			place(scroll, 0, top, size.Width, size.Height-top)
		},
	}, s.bar, scroll)
	return s
}

// journalHeight is what all rows need, so that a short journal is a short card.
func (s *exchangeScreen) journalHeight() float32 {
	return headHeight + max(3, float32(len(s.entries)))*journalRow + 9
}

// Title names the screen.
func (s *exchangeScreen) Title() string { return s.w.text.T("screen.exchange") }

// Object is what the window shows.
func (s *exchangeScreen) Object() fyne.CanvasObject { return s.object }

// Show reloads, and again every few seconds.
func (s *exchangeScreen) Show() { s.tick() }

// Hide ends the regular reloading.
func (s *exchangeScreen) Hide() {
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
	s.w.live.Drop(&s.slot)
}

// Changed reloads what the change touched.
func (s *exchangeScreen) Changed(c app.Changed) {
	if c.Outbox || c.Exchange {
		s.reload()
	}
}

// Find gives the keyboard to the journal.
func (s *exchangeScreen) Find() { s.w.focus(s.journal.list) }

// Key moves through the journal.
func (s *exchangeScreen) Key(e *fyne.KeyEvent) bool { return s.journal.list.key(e) }

func (s *exchangeScreen) tick() {
	s.reload()
	s.stop = s.w.live.Later(freshen, s.tick)
}

// exchangeView is all the screen shows, read in one go.
type exchangeView struct {
	state     app.ExchangeState
	connected bool // an exchange engine is there
	conflicts []conflictView
	others    int // conflicts beyond those shown
	entries   []journalEntry
	size      int64
	path      string
	now       time.Time
}

func (s *exchangeScreen) reload() {
	w := s.w
	w.live.Load(&s.slot, func(context.Context) (func(), error) {
		v := exchangeView{now: w.desk.Now()}
		v.state, v.connected = w.exchangeState()
		entries, err := w.desk.Entries(journalLimit)
		if err != nil {
			return nil, err
		}
		conflicts, err := w.desk.Conflicts()
		if err != nil {
			return nil, err
		}
		for i, c := range conflicts {
			if i == conflictLimit {
				v.others = len(conflicts) - i
				break
			}
			v.conflicts = append(v.conflicts, readConflict(w.desk, c))
		}
		for _, e := range entries {
			v.entries = append(v.entries, readEntry(w, e))
		}
		v.size, v.path = w.desk.StoreSize()
		return func() { s.show(v) }, nil
	})
}

func (s *exchangeScreen) show(v exchangeView) {
	s.state = v.state
	s.showLink(v)
	s.showTiles(v)
	s.loading.show(v.state, v.now)
	s.showConflicts(v)
	s.entries = v.entries
	s.journal.setCount(len(s.entries))
	s.object.Refresh()
}

// switchLink goes offline by choice, or back.
func (s *exchangeScreen) switchLink() {
	x := s.w.desk.Exchange()
	if x == nil {
		s.w.exchangeNow() // says that there is none
		return
	}
	off := s.state.Link != app.LinkOff
	s.w.live.Do(func() error {
		x.WorkOffline(off)
		s.w.desk.Tell(app.Changed{Exchange: true})
		return nil
	}, s.reload)
}
