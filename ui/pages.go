package ui

import (
	"cmp"
	"context"
	"image/color"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// Sizes of the screen, as drawn.
const (
	pageRowHeight = 34
	pageCardWidth = 350
	searchWidth   = 238
)

// staleAfter is how many days without a post are worth a warning.
const staleAfter = 7

// pagesScreen is the list of public pages with the card of the selected one.
type pagesScreen struct {
	w      *Window
	object *fyne.Container
	bar    fyne.CanvasObject
	search *entry
	table  *table
	card   *pageCard
	sparks *sparks
	folds  masterDetail
	up     *button // from the card to the list, where only one is shown

	network, sphere, municipality *choice

	query    app.PageQuery
	rows     []app.PageRow
	selected string // ID of the page on the card
	now      time.Time
	stale    bool // choices have to be gathered
	list     Slot
	typing   func() // stops the delay after typing
}

func newPagesScreen(w *Window) screen {
	s := &pagesScreen{w: w, query: app.PageQuery{Sort: app.PagesByCount}, stale: true}
	t := w.text
	s.search = w.newEntry(t.T("pages.search"))
	s.search.OnChanged = s.typed
	s.search.key = s.searchKey
	s.network = w.newChoice(t.T("pages.filter.network"), s.all(), "", func(v string) { s.query.Network = app.Source(v); s.reload() })
	s.sphere = w.newChoice(t.T("pages.filter.sphere"), s.all(), "", func(v string) { s.query.Sphere = v; s.reload() })
	s.municipality = w.newChoice(t.T("pages.filter.municipality"), s.all(), "", func(v string) { s.query.Municipality = v; s.reload() })
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
	s.bar = w.topBar([]fyne.CanvasObject{s.up, w.searchBox(s.search, "Ctrl+F", searchWidth), s.network, s.sphere, s.municipality}, nil)
	s.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(leastWidth-railNarrow, leastHeight) },
		place: func(size fyne.Size) {
			single := s.folds.fold(size.Width)
			s.table.Hidden, s.card.object.Hidden = !s.folds.listShown(), !s.folds.cardShown()
			s.up.Hidden = !single || !s.folds.reading
			top := placeBar(s.bar, size.Width)
			if single {
				place(s.table, 0, top, size.Width, size.Height-top)
				place(s.card.object, 0, top, size.Width, size.Height-top)
				return
			}
			place(s.table, 0, top, size.Width-pageCardWidth, size.Height-top)
			place(s.card.object, size.Width-pageCardWidth, top, pageCardWidth, size.Height-top)
		},
	}, s.bar, s.table, s.card.object)
	return s
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
	s.w.focus(s.table.list)
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
func (s *pagesScreen) contextMenu() bool { return s.table.list.contextMenu() }

func (s *pagesScreen) columns() []tableColumn {
	t := s.w.text
	return []tableColumn{
		{title: t.T("pages.col.network"), width: 50, kind: cellBadge},
		{title: t.T("pages.col.name"), sort: string(app.PagesByName), width: 200, grow: 1.4},
		{title: t.T("pages.col.founder"), sort: string(app.PagesByKeeper), width: 140, grow: 1, spare: 3},
		{title: t.T("pages.col.count"), sort: string(app.PagesByCount), width: 116, right: true},
		{title: t.T("pages.col.week"), sort: string(app.PagesByWeek), width: 66, right: true},
		{title: t.T("pages.col.month"), sort: string(app.PagesByMonth), width: 74, right: true, spare: 2},
		{title: t.T("pages.col.quarter"), width: sparkWidth + 2*cellSide, kind: cellSpark, spare: 4},
		{title: t.T("pages.col.post"), sort: string(app.PagesByPost), width: 78, spare: 1},
	}
}

// all is the choice that does not narrow.
func (s *pagesScreen) all() []option { return []option{{"", s.w.text.T("screens.all")}} }

// Title names the screen.
func (s *pagesScreen) Title() string { return s.w.text.T("screen.pages") }

// Object is what the window shows.
func (s *pagesScreen) Object() fyne.CanvasObject { return s.object }

// Show reloads the list and gives it the keyboard.
func (s *pagesScreen) Show() {
	s.stale = true
	s.reload()
	s.w.focus(s.table.list)
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
	return s.table.list.key(e)
}

// searchKey are the keys of the list while the search line has the focus.
func (s *pagesScreen) searchKey(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyEscape:
		s.search.SetText("")
		s.w.focus(s.table.list)
	case fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnter:
		s.w.focus(s.table.list)
		if s.table.list.selected < 0 {
			s.table.list.move(fyne.KeyDown)
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

// clear drops all conditions.
func (s *pagesScreen) clear() {
	s.query = app.PageQuery{Sort: s.query.Sort, Ascending: s.query.Ascending}
	s.search.SetText("")
	for _, c := range []*choice{s.network, s.sphere, s.municipality} {
		c.set("")
	}
	s.reload()
	s.w.focus(s.table.list)
}

// sort orders by the column, the other way round where it is ordered by it
// already.
func (s *pagesScreen) sort(key string) {
	if s.query.Sort == app.PageSort(key) {
		s.query.Ascending = !s.query.Ascending
	} else {
		s.query.Sort, s.query.Ascending = app.PageSort(key), false
	}
	s.markSort()
	s.reload()
}

// markSort points the mark the way the values go: names begin with А in the
// order the desk calls falling.
func (s *pagesScreen) markSort() {
	up := s.query.Ascending
	if s.query.Sort == app.PagesByName || s.query.Sort == app.PagesByKeeper {
		up = !up
	}
	s.table.setSort(string(s.query.Sort), up)
}

// reload asks the store for the list, and for the values of the choices where
// pages have changed.
func (s *pagesScreen) reload() {
	w, q, stale := s.w, s.query, s.stale
	s.bar.Refresh() // a choice is as wide as what is chosen
	w.live.Load(&s.list, func(ctx context.Context) (func(), error) {
		var all []app.PageRow
		var err error
		if stale {
			if all, err = w.desk.Pages(app.PageQuery{}); err != nil {
				return nil, err
			}
		}
		rows, err := w.desk.Pages(q)
		if err != nil || ctx.Err() != nil {
			return nil, err
		}
		now := w.here(w.desk.Now())
		return func() {
			if stale {
				s.stale = false
				s.gather(all)
				s.sparks.forget()
			}
			s.show(rows, now)
		}, nil
	})
}

// gather offers the values that occur.
func (s *pagesScreen) gather(all []app.PageRow) {
	networks, spheres, places := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, p := range all {
		networks[string(p.Network)] = true
		places[p.Municipality] = true
		for _, v := range p.Spheres {
			spheres[v] = true
		}
	}
	s.network.setOptions(s.offer(networks, func(v string) string { return assets.Name(s.w.text, "source", app.Source(v)) }))
	same := func(v string) string { return v }
	s.sphere.setOptions(s.offer(spheres, same))
	s.municipality.setOptions(s.offer(places, same))
}

func (s *pagesScreen) offer(values map[string]bool, words func(string) string) []option {
	var out []option
	for v := range values {
		if v != "" {
			out = append(out, option{v, words(v)})
		}
	}
	slices.SortFunc(out, func(a, b option) int { return cmp.Compare(app.Fold(a.words), app.Fold(b.words)) })
	return append(s.all(), out...)
}

// show puts the rows into the table; the selected page stays selected.
func (s *pagesScreen) show(rows []app.PageRow, now time.Time) {
	s.rows, s.now = rows, now
	if q := s.query; q.Words != "" || q.Network != "" || q.Sphere != "" || q.Municipality != "" {
		s.table.setEmpty(s.w.text.T("pages.none_found"), s.clear)
	} else {
		s.table.setEmpty(s.w.text.T("pages.empty"), nil)
	}
	s.table.setCount(len(rows))
	at := slices.IndexFunc(rows, func(r app.PageRow) bool { return r.ID == s.selected })
	if at < 0 && len(rows) > 0 {
		at = 0
	}
	s.table.list.mark(at)
	if at < 0 {
		s.selected = ""
		s.card.clear()
		return
	}
	s.choose(at)
}

func (s *pagesScreen) choose(i int) {
	s.selected = s.rows[i].ID
	s.card.show(s.rows[i])
}

// fill gives the cells of a row.
func (s *pagesScreen) fill(i int, c []cell) {
	r, t, p := s.rows[i], s.w.text, s.w.pal
	c[0].source = r.Network
	c[1] = cell{words: r.Name, bold: true}
	c[2] = cell{words: r.Founder, ink: p.second}
	c[3].words = t.T("screens.dash")
	c[3].ink = p.faint
	if r.Counted {
		c[3] = cell{words: t.Number(int64(r.Count))}
		c[6].picture = s.sparks.of(r.ID, r.Quarter)
	}
	c[4] = s.growth(r.Week)
	c[5] = s.growth(r.Month)
	c[7].words, c[7].ink = s.post(r.LastPost)
}

// growth writes a difference; one that is not known is a dash, not a zero.
func (s *pagesScreen) growth(n *int) cell {
	if n == nil {
		return cell{words: s.w.text.T("screens.dash"), ink: s.w.pal.faint}
	}
	return cell{words: s.w.text.Signed(int64(*n)), ink: s.w.pal.signed(*n)}
}

// signed is the colour of a difference.
func (p *palette) signed(n int) color.Color {
	switch {
	case n > 0:
		return p.green
	case n < 0:
		return p.red
	}
	return p.muted
}

// post says how long ago the last post was.
func (s *pagesScreen) post(at time.Time) (string, color.Color) {
	t, p := s.w.text, s.w.pal
	if at.IsZero() {
		return t.T("screens.dash"), p.faint
	}
	switch days := int(app.DayOf(s.now) - app.DayOf(s.w.here(at))); {
	case days <= 0:
		return t.T("pages.post.today"), p.second
	case days == 1:
		return t.T("pages.post.yesterday"), p.second
	case days > staleAfter:
		return t.N("pages.post.days", days), p.red
	default:
		return t.N("pages.post.days", days), p.second
	}
}
