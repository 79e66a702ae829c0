package ui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// Widths of the columns of the Appeals screen.
const (
	filterWidth    = 206
	listWidth      = 452
	appealRow      = 71
	listHeadHeight = 32
)

// around is how many rows beyond the visible ones are kept ready.
const around = 24

// appealsScreen is where operators spend the day: queues and facets, the list,
// the card with its history, the reply.
type appealsScreen struct {
	w      *Window
	object fyne.CanvasObject
	search *entry
	filter *filterColumn
	head   *listHead
	list   *list
	empty  *emptyState
	detail *detail
	folds  masterDetail
	drawer *button // opens the filter where it is folded
	picked *selection

	query    app.Query
	pageName string // of query.Page
	spotName string // of query.Place and query.Since
	found    app.Found
	loaded   bool
	rows     map[uint64]app.Row
	selected uint64 // record shown in the detail, valid where has is set
	has      bool
	arrived  func(record uint64) // waits for a card, nil where nothing does
	advance  bool                // the next reload moves on to the row after the one worked on
	asked    bool                // the next reload answers another question
	typing   bool                // which is being typed

	listSlot, rowSlot, cardSlot, indexSlot, manySlot Slot
	stopSearch, stopCard, stopTick                   func()
}

func newAppealsScreen(w *Window) screen {
	s := &appealsScreen{w: w, rows: map[uint64]app.Row{}}
	s.query.Queue = app.QueueNeeds
	s.query.Order = app.Order(w.choice(settingOrder, "", ""))
	s.search = w.newEntry(w.text.T("appeals.search"))
	s.search.OnChanged = s.searched
	s.search.key = s.searchKey
	s.filter = newFilterColumn(s)
	s.head = newListHead(s)
	s.list = w.newList(appealRow, func() listRow { return w.newAppealRow() }, s.fill)
	s.list.lined = true
	s.list.changed = s.choose
	s.list.activate = func(int) { s.reply() }
	s.list.tapped = func(int) { s.read() }
	s.list.context = s.rowMenu
	s.picked = newSelection(s)
	s.empty = w.newEmptyState()
	s.detail = newDetail(s)
	s.object = s.build()
	return s
}

func (s *appealsScreen) build() fyne.CanvasObject {
	w := s.w
	s.drawer = w.button("", "", s.toggleFilter)
	s.drawer.Hide()
	bar := w.topBar(
		[]fyne.CanvasObject{
			s.drawer,
			w.searchBox(s.search, "Ctrl+F", 312),
			w.button(w.text.T("views.save"), "", s.saveView),
			w.button(w.text.T("appeals.import"), "Ctrl+I", w.chooseImport),
		},
		[]fyne.CanvasObject{s.picked.button, w.primaryButton(w.text.T("appeals.new"), "Ctrl+N", w.newAppeal)},
	)
	s.picked.bar = bar
	filterEdge, listEdge := canvas.NewRectangle(w.pal.border), canvas.NewRectangle(w.pal.border)
	s.filter.edge = filterEdge
	objects := []fyne.CanvasObject{bar, s.head.object, s.list, s.empty.object, listEdge, s.detail.object, s.filter.object, filterEdge}
	if stalls := w.options.Stalls; stalls != nil {
		objects = append(objects, stalls.marker())
	}
	return container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(leastWidth-railNarrow, leastHeight) },
		place: func(size fyne.Size) {
			s.foldTo(size.Width)
			top := placeBar(bar, size.Width)
			h := size.Height - top
			// A folded filter stands over the list while it is open.
			x := float32(filterWidth)
			if s.filter.behind {
				x = 0
			}
			place(s.filter.object, 0, top, filterWidth-1, h)
			place(filterEdge, filterWidth-1, top, 1, h)
			// A narrow window takes from the list before it takes from the card.
			lw := min(listWidth, max(300, (size.Width-x)*0.46))
			if s.folds.single {
				lw = size.Width + 1
			}
			place(s.head.object, x, top, lw-1, listHeadHeight)
			place(s.list, x, top+listHeadHeight, lw-1, h-listHeadHeight)
			place(s.empty.object, x, top, lw-1, h)
			place(listEdge, x+lw-1, top, 1, h)
			if s.folds.single {
				place(s.detail.object, 0, top, size.Width, h)
				return
			}
			place(s.detail.object, x+lw, top, size.Width-x-lw, h)
		},
	}, objects...)
}

// Title names the screen.
func (s *appealsScreen) Title() string { return s.w.text.T("screen." + screenAppeals) }

// Object is the screen's content.
func (s *appealsScreen) Object() fyne.CanvasObject { return s.object }

// Show reloads and starts the countdown.
func (s *appealsScreen) Show() {
	s.reload()
	s.filter.reloadViews()
	s.tick()
	s.w.focus(s.list)
}

// Hide saves what was typed and stops the countdown.
func (s *appealsScreen) Hide() {
	s.detail.reply.save()
	s.detail.presence.follow("")
	for _, stop := range []func(){s.stopTick, s.stopSearch, s.stopCard} {
		if stop != nil {
			stop()
		}
	}
}

// Changed reloads what the change touched.
func (s *appealsScreen) Changed(c app.Changed) {
	if c.Appeals || c.Outbox || c.Settings {
		s.reload()
		s.reloadCard()
	}
	if c.Settings {
		s.filter.reloadViews()
	}
	if c.Index {
		s.indexed()
	}
	if c.Exchange {
		s.detail.linkChanged()
		s.empty.show(s.emptiness(), s.clear)
		s.showParts()
	}
}

// emptiness says why the list is empty, if it is.
func (s *appealsScreen) emptiness() emptiness {
	state, has := s.w.exchangeState()
	all := s.found.Counts.Queues[app.QueueOpen] + s.found.Counts.Queues[app.QueueArchive]
	switch {
	case !s.loaded || len(s.found.Records) > 0:
		return emptyNot
	case s.narrowing():
		return emptyFilter
	case has && all == 0 && (state.Link == app.LinkConnecting || state.Loading()):
		return emptyFirst
	}
	return emptyQueue
}

// Find puts the cursor into the search line.
func (s *appealsScreen) Find() {
	if s.folds.reading {
		s.back()
	}
	s.w.focus(s.search)
	s.search.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// Key moves in the list also while nobody has the focus.
func (s *appealsScreen) Key(e *fyne.KeyEvent) bool {
	if e.Name == fyne.KeyEscape {
		s.back()
		return true
	}
	if s.filter.key(e) {
		return true
	}
	return s.list.key(e)
}

// tick refreshes the countdowns at the turn of each minute.
func (s *appealsScreen) tick() {
	if s.stopTick != nil {
		s.stopTick()
	}
	now := s.w.desk.Now()
	s.stopTick = s.w.live.Later(now.Truncate(time.Minute).Add(time.Minute).Sub(now), func() {
		s.list.refill()
		s.detail.countdown()
		s.tick()
	})
}

// reload asks the question again; the selected appeal stays selected.
func (s *appealsScreen) reload() {
	w, q := s.w, s.query.Clone()
	first := int(s.list.top / appealRow)
	w.live.Load(&s.listSlot, func(ctx context.Context) (func(), error) {
		q.Gone = ctx.Done()
		found, err := w.desk.Find(q)
		if err != nil {
			return nil, err
		}
		rows, err := fetchRows(ctx, w.desk, found.Records, first-around, first+2*around, nil)
		if err != nil {
			return nil, err
		}
		done, total := w.desk.Indexing()
		return func() {
			s.head.indexing(done, total)
			s.show(found, rows)
			w.options.Stalls.listed(q.Words)
		}, nil
	})
}

// indexed says how far the index of words has come; when it is whole, a search
// finds all there is.
func (s *appealsScreen) indexed() {
	desk := s.w.desk
	s.w.live.Load(&s.indexSlot, func(context.Context) (func(), error) {
		done, total := desk.Indexing()
		return func() {
			s.head.indexing(done, total)
			if done == total && s.query.Words != "" {
				s.reload()
			}
		}, nil
	})
}

// fetchRows reads the rows of a stretch of records that are not had yet.
func fetchRows(ctx context.Context, desk *app.Desk, records []uint64, from, to int, had map[uint64]bool) (map[uint64]app.Row, error) {
	rows := map[uint64]app.Row{}
	for i := max(0, from); i < min(to, len(records)); i++ {
		if ctx.Err() != nil || had[records[i]] {
			continue
		}
		row, err := desk.Row(records[i])
		if err != nil {
			return nil, err
		}
		rows[records[i]] = row
	}
	return rows, nil
}

func (s *appealsScreen) show(found app.Found, rows map[uint64]app.Row) {
	before := s.list.selected
	asked, typing := s.asked, s.typing
	s.asked, s.typing = false, false
	s.found, s.rows, s.loaded = found, rows, true
	s.filter.show(found.Counts)
	s.head.show(found)
	at := -1
	if s.has {
		at = slices.Index(found.Records, s.selected)
	}
	s.list.setCount(len(found.Records))
	s.empty.show(s.emptiness(), s.clear)
	s.showParts()
	switch {
	case s.advance:
		s.advance = false
		s.has = false
		s.list.mark(-1)
		s.goTo(min(max(before, 0), len(found.Records)-1))
	case at >= 0:
		s.list.mark(at)
	case asked && typing && len(found.Records) > 0:
		s.list.mark(0)
		s.stopCard = s.w.live.Later(cardPause, func() {
			if s.list.selected == 0 {
				s.choose(0)
			}
		})
	case !s.has || asked:
		s.goTo(0)
	default:
		// The appeal left the list while it was being read, or was never in it: it
		// stays on the screen, nothing jumps under the hands of the person.
		s.list.mark(-1)
	}
	s.w.drawn()
}

// goTo selects a row, or empties the detail where there is none.
func (s *appealsScreen) goTo(i int) {
	if i < 0 || i >= len(s.found.Records) {
		s.has = false
		s.w.live.Drop(&s.cardSlot)
		s.detail.clear()
		if s.folds.reading {
			s.folds.reading = false
			s.arrange()
		}
		return
	}
	s.list.selected = -1
	s.list.selectRow(i)
}

// fill draws one row, asking for it where it is not there yet.
func (s *appealsScreen) fill(i int, r listRow) {
	row, ok := s.rows[s.found.Records[i]]
	if !ok {
		s.fetch()
	}
	r.(*appealRowView).pick(s.picked.marks(s.found.Records[i]))
	r.(*appealRowView).set(row, ok, s.w.desk.Now())
}

// fetch reads the rows that scrolled into view.
func (s *appealsScreen) fetch() {
	first := int(s.list.top / appealRow)
	records := s.found.Records
	had := map[uint64]bool{}
	for i := max(0, first-around); i < min(first+2*around, len(records)); i++ {
		_, had[records[i]] = s.rows[records[i]]
	}
	desk := s.w.desk
	s.w.live.Load(&s.rowSlot, func(ctx context.Context) (func(), error) {
		rows, err := fetchRows(ctx, desk, records, first-around, first+2*around, had)
		if err != nil {
			return nil, err
		}
		return func() {
			if len(s.rows) > 40*around {
				clear(s.rows)
			}
			for n, row := range rows {
				s.rows[n] = row
			}
			s.list.refill()
		}, nil
	})
}

// choose loads the card of a row.
func (s *appealsScreen) choose(i int) {
	s.openRecord(s.found.Records[i])
}

func (s *appealsScreen) openRecord(record uint64) {
	s.detail.reply.save()
	s.selected, s.has = record, true
	s.reloadCard()
}

// reloadCard reads the selected appeal again.
func (s *appealsScreen) reloadCard() {
	if !s.has {
		return
	}
	desk, record := s.w.desk, s.selected
	s.w.live.LoadNow(&s.cardSlot, func(context.Context) (func(), error) {
		card, err := desk.Card(record)
		if err != nil {
			return nil, err
		}
		s.fetchFiles(card)
		return func() {
			s.detail.show(card)
			if arrived := s.arrived; arrived != nil {
				s.arrived = nil
				arrived(card.Record)
			}
		}, nil
	})
}

// perform does something to the appeal on the screen. Work that ends with it
// moves on to the next appeal of the list.
func (s *appealsScreen) perform(said string, moveOn bool, events ...app.Event) {
	card := s.detail.card
	if card == nil {
		return
	}
	id, was := card.Appeal.ID, s.detail.reply.draft()
	s.w.live.Do(func() error { return s.w.desk.Act(id, events...) }, func() {
		s.w.did(s.w.text.T("done."+said, number(s.w, card.Appeal)))
		s.detail.reply.settled(id, was, events)
		s.performed(id, moveOn)
	})
}

// performed shows the appeal after an action.
func (s *appealsScreen) performed(id string, moveOn bool) {
	if moveOn && s.detail.card != nil && s.detail.card.Appeal.ID == id {
		s.advance = s.list.selected >= 0
		s.w.focus(s.list)
	}
	s.reload()
	if !s.advance {
		s.reloadCard()
	}
}

// number is what people call an appeal by.
func number(w *Window, a *app.Appeal) string {
	if a.Number == "" {
		return w.text.T("appeal.no_number")
	}
	return w.text.T("appeal.number", a.Number)
}
