package ui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// Sizes of the screen, as drawn.
const (
	pageRowHeight = 34
	pageCardWidth = 350
	searchWidth   = 238
)

// staleAfter is how many days without a post are worth a warning.
const staleAfter = 7

// pagesScreen is the registry of public pages, looked at in several ways, with the card
// of the selected page.
type pagesScreen struct {
	w      *Window
	object *fyne.Container
	bar    fyne.CanvasObject
	strip  fyne.CanvasObject // the ways of looking, with what each of them asks
	search *entry
	table  *table
	card   *pageCard
	sparks *sparks
	folds  masterDetail
	up     *button // from the card to the list, where only one is shown

	network, sphere, municipality *choice
	level, status, zone, trouble  *choice
	views                         *button

	modes []*pagesMode
	mode  *pagesMode

	query    app.PageQuery
	rows     []app.PageRow
	selected string // ID of the page on the card
	now      time.Time
	stale    bool // choices have to be gathered
	list     Slot
	typing   func() // stops the delay after typing
}

// pagesMode is one way of looking at the pages.
type pagesMode struct {
	tab    *button
	object fyne.CanvasObject
	list   *list // that has the keyboard
	tools  []fyne.CanvasObject
	words  func() (heads []string, rows [][]string) // what is listed; nil for the registry
	// load gives what is called on a worker, which gives what shows its answer.
	load func(q app.PageQuery) (work func() (show func(), err error))
}

func newPagesScreen(w *Window) screen {
	s := &pagesScreen{w: w, query: app.PageQuery{Sort: app.PagesByCount}, stale: true}
	t := w.text
	s.search = w.newEntry(t.T("pages.search"))
	s.search.OnChanged = s.typed
	s.search.key = s.searchKey
	s.network = s.filter("network", func(v string) { s.query.Network = app.Source(v) })
	s.sphere = s.filter("sphere", func(v string) { s.query.Sphere = v })
	s.municipality = s.filter("municipality", func(v string) { s.query.Municipality = v })
	s.level = s.filter("level", func(v string) { s.query.Level = v })
	s.status = s.filter("status", func(v string) { s.query.Status = v })
	s.zone = s.filter("zone", func(v string) { s.query.Zone = app.Zone(v) })
	s.trouble = s.filter("trouble", func(v string) { s.query.Trouble = app.Trouble(v) })
	s.table = w.newTable(s.columns(), pageRowHeight, sizeText, s.fill)
	s.table.sorted = s.sort
	s.table.list.changed = s.choose
	s.table.list.activate = func(int) { s.open() }
	s.sparks = newSparks(w, s.table.list.refill)
	s.card = newPageCard(w)
	s.markSort()
	s.up = w.button("‹ "+t.T("pages.back"), "", s.back)
	s.table.list.tapped = func(int) { s.read() }
	s.table.list.context = func(_ int, at fyne.Position) { w.showActions(s.actions(), at) }
	s.views = w.button(t.T("pages.views"), "", s.showViews)
	s.bar = w.topBar([]fyne.CanvasObject{s.up, w.searchBox(s.search, "Ctrl+F", searchWidth), s.network, s.sphere, s.municipality}, []fyne.CanvasObject{
		s.views, w.button(t.T("pages.letters"), "", s.askLetters), w.button(t.T("pages.export"), "Shift+F11", w.export), w.primaryButton(t.T("pages.add"), "", s.askPage),
	})
	registry := &pagesMode{object: s.table, list: s.table.list, tools: []fyne.CanvasObject{s.zone, s.trouble, s.level, s.status}, load: s.loadRegistry}
	s.addMode("registry", registry)
	s.addMode("check", newPagesCheck(s))
	s.addMode("growth", newPagesGrowth(s))
	s.addMode("twins", newPagesTwins(s))
	s.addMode("links", newPagesLinks(s))
	tabs, places := []fyne.CanvasObject{}, []fyne.CanvasObject{}
	for _, m := range s.modes {
		tabs, places = append(tabs, m.tab), append(places, m.object)
	}
	shown := map[fyne.CanvasObject]bool{}
	for _, m := range s.modes {
		for _, o := range m.tools {
			if !shown[o] {
				shown[o], tabs = true, append(tabs, o)
			}
		}
	}
	s.strip = w.topBar(tabs, nil)
	s.look(registry)
	all := append([]fyne.CanvasObject{s.bar, s.strip, s.card.object}, places...)
	s.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(leastWidth-railNarrow, leastHeight) },
		place: func(size fyne.Size) {
			single := s.folds.fold(size.Width)
			for _, m := range s.modes {
				setHidden(m.object, m != s.mode || !s.folds.listShown())
			}
			s.card.object.Hidden = !s.folds.cardShown()
			s.up.Hidden = !single || !s.folds.reading
			top := placeBar(s.bar, size.Width)
			height := placeBar(s.strip, size.Width)
			s.strip.Move(fyne.NewPos(0, top))
			top += height
			width := size.Width
			if !single {
				width -= pageCardWidth
				place(s.card.object, width, top, pageCardWidth, size.Height-top)
			} else {
				place(s.card.object, 0, top, width, size.Height-top)
			}
			place(s.mode.object, 0, top, width, size.Height-top)
		},
	}, all...)
	return s
}

func setHidden(o fyne.CanvasObject, hidden bool) {
	if hidden {
		o.Hide()
		return
	}
	o.Show()
}

func (s *pagesScreen) addMode(key string, m *pagesMode) {
	m.tab = s.w.tab(s.w.text.T("pages.mode."+key), func() {
		s.look(m)
		s.reload()
		s.object.Refresh()
		s.w.focus(m.list)
	})
	s.modes = append(s.modes, m)
}

// look chooses the way of looking.
func (s *pagesScreen) look(m *pagesMode) {
	s.mode = m
	for _, other := range s.modes {
		other.tab.setChosen(other == m)
		for _, o := range other.tools {
			if !slices.Contains(m.tools, o) {
				o.Hide()
			}
		}
	}
	for _, o := range m.tools {
		o.Show()
	}
}

// newPageTable makes a table of pages for another way of looking: the card follows its
// selection, Enter opens the page. at gives the page of a row.
func (s *pagesScreen) newPageTable(columns []tableColumn, rowHeight float32, at func(i int) app.PageRow, fill func(i int, c []cell)) *table {
	t := s.w.newTable(columns, rowHeight, sizeText, fill)
	t.setEmpty(s.w.text.T("pages.loading"), nil)
	t.setCount(0)
	t.list.changed = func(i int) { s.pick(at(i)) }
	t.list.tapped = func(i int) {
		s.pick(at(i))
		s.read()
	}
	t.list.activate = func(int) { s.open() }
	t.list.context = func(_ int, where fyne.Position) { s.w.showActions(s.actions(), where) }
	return t
}

// pick shows the page on the card.
func (s *pagesScreen) pick(row app.PageRow) {
	s.selected = row.ID
	s.card.show(row)
}

// settle selects the page on the card again after the rows of a table have changed.
func (s *pagesScreen) settle(t *table, n int, at func(i int) app.PageRow) {
	t.setCount(n)
	found := -1
	for i := range n {
		if at(i).ID == s.selected {
			found = i
			break
		}
	}
	t.list.mark(found)
	t.list.refill()
	if found >= 0 {
		s.pick(at(found))
	}
}

// read shows the card where it has to take the place of the list.
func (s *pagesScreen) read() {
	s.folds.reading = s.folds.single
	s.object.Refresh()
}

// back leads to the list.
func (s *pagesScreen) back() {
	s.folds.reading = false
	s.object.Refresh()
	s.w.focus(s.mode.list)
}

// actions are what may be done with the selected page.
func (s *pagesScreen) actions() []action {
	if !s.card.has {
		return nil
	}
	t, row := s.w.text, s.card.row
	var out []action
	if row.Link != "" {
		out = append(out, action{t.T("pages.open"), "Enter", s.card.openLink})
	}
	out = append(out, action{t.T("pages.appeals"), "", func() { s.w.showPageAppeals(row.ID, row.Name) }})
	if row.Link != "" {
		out = append(out, action{t.T("action.copy_address"), "", func() { s.w.copyWords(row.Link) }})
	}
	return append(out, action{t.T("action.copy_name"), "", func() { s.w.copyWords(row.Name) }})
}

// contextMenu opens the menu of the selected page.
func (s *pagesScreen) contextMenu() bool { return s.mode.list.contextMenu() }

// Title names the screen.
func (s *pagesScreen) Title() string { return s.w.text.T("screen.pages") }

// Object is what the window shows.
func (s *pagesScreen) Object() fyne.CanvasObject { return s.object }

// Show reloads the list and gives it the keyboard.
func (s *pagesScreen) Show() {
	s.stale = true
	s.reload()
	s.w.focus(s.mode.list)
}

// Hide forgets what is still being loaded.
func (s *pagesScreen) Hide() {
	if s.typing != nil {
		s.typing()
	}
	s.w.live.Drop(&s.list)
}

// Changed reloads what the change touched.
func (s *pagesScreen) Changed(c app.Changed) {
	if c.Pages {
		s.stale = true
		s.reload()
		return
	}
	if c.Appeals {
		s.card.count()
	}
}

// Find goes to the search line.
func (s *pagesScreen) Find() {
	if s.folds.reading {
		s.back()
	}
	s.w.focus(s.search)
}

// open is Enter: the card where it is not shown yet, then the page itself.
func (s *pagesScreen) open() {
	if s.folds.cardShown() {
		s.card.openLink()
		return
	}
	s.read()
}

// Key moves through the list.
func (s *pagesScreen) Key(e *fyne.KeyEvent) bool {
	if e.Name == fyne.KeyEscape && s.folds.reading {
		s.back()
		return true
	}
	return s.mode.list.key(e)
}

// searchKey are the keys of the list while the search line has the focus.
func (s *pagesScreen) searchKey(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyEscape:
		s.search.SetText("")
		s.w.focus(s.mode.list)
	case fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnter:
		s.w.focus(s.mode.list)
		if s.mode.list.selected < 0 {
			s.mode.list.move(fyne.KeyDown)
		}
	default:
		return false
	}
	return true
}

func (s *pagesScreen) typed(words string) {
	if s.typing != nil {
		s.typing()
	}
	s.typing = s.w.live.Later(150*time.Millisecond, func() {
		s.query.Words = words
		s.reload()
	})
}

// reload asks for what is looked at, and for the values of the choices where pages have
// changed.
func (s *pagesScreen) reload() {
	w, stale := s.w, s.stale
	work := s.mode.load(s.query)
	s.bar.Refresh() // a choice is as wide as what is chosen
	s.strip.Refresh()
	w.live.Load(&s.list, func(ctx context.Context) (func(), error) {
		var all []app.PageRow
		var err error
		if stale {
			if all, err = w.desk.Pages(app.PageQuery{}); err != nil {
				return nil, err
			}
		}
		show, err := work()
		if err != nil || ctx.Err() != nil {
			return nil, err
		}
		now := w.here(w.desk.Now())
		return func() {
			s.now = now
			if stale {
				s.stale = false
				s.gather(all)
				s.sparks.forget()
			}
			show()
		}, nil
	})
}
