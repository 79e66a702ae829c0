package ui

import (
	"image/color"
	"slices"
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"otklik/app"
	"otklik/assets"
)

// facetTop is how many values of a facet are shown before «ещё N…».
const facetTop = 5

// filterColumn is the column of queues, views and facets with their counts. A new
// answer changes what differs in it and nothing else: its lines are kept by what
// they are about.
type filterColumn struct {
	screen   *appealsScreen
	object   fyne.CanvasObject
	edge     fyne.CanvasObject // the line beside it
	scroll   *container.Scroll
	behind   bool // a button
	drawn    bool // the button was pressed
	body     *fyne.Container
	items    map[string]*filterItem
	headings map[string]fyne.CanvasObject
	lines    []fyne.CanvasObject // of the column that is being put together
	open     map[string]bool     // facets shown whole
	counts   app.Counts
	views    []app.View
	viewSlot Slot
}

func newFilterColumn(s *appealsScreen) *filterColumn {
	f := &filterColumn{
		screen: s, items: map[string]*filterItem{}, headings: map[string]fyne.CanvasObject{}, open: map[string]bool{},
	}
	f.body = container.New(column{})
	f.scroll = container.NewVScroll(container.New(gaps{14, 10, 14, 10}, f.body))
	f.object = container.NewStack(newCover(s.w.pal.shade), s.w.quiet(f.scroll))
	f.show(app.Counts{})
	return f
}

// show brings the column to these counts.
func (f *filterColumn) show(c app.Counts) {
	f.counts = c
	s, t := f.screen, f.screen.w.text
	f.lines = nil
	f.heading("appeals.queues")
	for _, q := range app.Queues {
		item := f.item("queue/"+string(q), assets.Name(t, "queue", q), func() {
			s.query.Queue = q
			s.narrowed()
		})
		item.set(t.Number(int64(c.Queues[q])), s.query.Queue == q, q == app.QueueOverdue && c.Queues[q] > 0)
		f.lines = append(f.lines, item)
	}
	if s.query.Own {
		f.own()
	}
	f.showViews()
	if s.query.Page != "" {
		f.page()
	}
	if spotted(s.query.Filter) {
		f.spot()
	}
	facet(f, "appeals.source", c.Sources, &s.query.Sources, func(v app.Source) string { return assets.Name(t, "source", v) })
	same := func(v string) string { return v }
	facet(f, "appeals.topic", c.Groups, &s.query.Groups, same)
	if len(s.query.Groups)+len(s.query.Topics) > 0 {
		facet(f, "appeals.subtopic", c.Topics, &s.query.Topics, same)
	}
	facet(f, "appeals.municipality", c.Municipalities, &s.query.Municipalities, same)
	// Who asks for these knows why: one line each until then.
	f.folded("appeals.assignee", len(s.query.Assignees), func() {
		facet(f, "appeals.assignee", c.Assignees, &s.query.Assignees, func(v string) string {
			if v == "" {
				return t.T("appeal.nobody")
			}
			return v
		})
	})
	f.folded("appeals.executor", len(s.query.Executors), func() {
		facet(f, "appeals.executor", c.Executors, &s.query.Executors, same)
	})
	f.lay()
}

// lay puts the lines under each other where they are others than before.
func (f *filterColumn) lay() {
	if slices.Equal(f.lines, f.body.Objects) {
		return
	}
	f.body.Objects = f.lines
	f.body.Layout.Layout(f.lines, f.body.Size())
	f.scroll.Refresh() // it may be as high as never before
}

func (f *filterColumn) heading(key string) {
	w := f.screen.w
	if f.headings[key] == nil {
		h := newText(strings.ToUpper(w.text.T(key)), sizeSmall, w.pal.muted, true)
		f.headings[key] = container.New(arrangement{
			min:   func() fyne.Size { return fyne.NewSize(100, 26) },
			place: func(fyne.Size) { h.Move(fyne.NewPos(6, 5)) },
		}, h)
	}
	f.lines = append(f.lines, f.headings[key])
}

// folded adds a facet that is one line until it is opened or narrows.
func (f *filterColumn) folded(key string, chosen int, add func()) {
	if chosen > 0 || f.open[key+"/shown"] {
		add()
		return
	}
	item := f.item(key+"/show", f.screen.w.text.T(key)+"…", func() {
		f.open[key+"/shown"] = true
		f.show(f.counts)
	})
	item.more = true
	item.set("", false, false)
	f.lines = append(f.lines, item)
}

func (f *filterColumn) item(key, label string, do func()) *filterItem {
	item := f.items[key]
	if item == nil {
		item = f.screen.w.newFilterItem(label, do)
		f.items[key] = item
	}
	return item
}

// facet adds the values of one field, those with most appeals first; chosen
// values are always shown.
func facet[V ~string](f *filterColumn, key string, counts map[V]int, chosen *[]V, words func(V) string) {
	var values []V
	for v, n := range counts {
		if words(v) != "" && (n > 0 || slices.Contains(*chosen, v)) {
			values = append(values, v)
		}
	}
	for _, v := range *chosen {
		if !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return
	}
	sort.Slice(values, func(i, j int) bool {
		if counts[values[i]] != counts[values[j]] {
			return counts[values[i]] > counts[values[j]]
		}
		return app.Fold(words(values[i])) < app.Fold(words(values[j]))
	})
	f.heading(key)
	t, hidden := f.screen.w.text, 0
	for i, v := range values {
		picked := slices.Contains(*chosen, v)
		if i >= facetTop && !f.open[key] && !picked && len(values) > facetTop+1 {
			hidden++
			continue
		}
		item := f.item(key+"/"+string(v), words(v), func() {
			if at := slices.Index(*chosen, v); at >= 0 {
				*chosen = slices.Delete(*chosen, at, at+1)
			} else {
				*chosen = append(*chosen, v)
			}
			f.screen.narrowed()
		})
		item.set(t.Number(int64(counts[v])), picked, false)
		f.lines = append(f.lines, item)
	}
	if hidden == 0 && (!f.open[key] || len(values) <= facetTop+1) {
		return
	}
	more := f.item(key+"/more", "", func() {
		f.open[key] = !f.open[key]
		f.show(f.counts)
	})
	more.more = true
	more.full = t.T("appeals.fewer")
	if hidden > 0 {
		more.full = t.T("appeals.more", hidden)
	}
	more.set("", false, false)
	f.lines = append(f.lines, more)
}

// filterItem is one value: its words and its count. A chosen value is
// highlighted and bold.
type filterItem struct {
	tapping
	full         string
	chosen, more bool
	alarm        bool
	shown        filterState
	context      func() // of the right button of the mouse and the menu key
	back         *canvas.Rectangle
	words, count *canvas.Text
}

// filterState is all that a line looks different by.
type filterState struct {
	full, count         string
	chosen, more, alarm bool
}

func (w *Window) newFilterItem(label string, do func()) *filterItem {
	f := &filterItem{
		full: label, back: canvas.NewRectangle(color.Transparent),
		words: newText("", sizeCaption, w.pal.text, false), count: newText("", sizeCaption, w.pal.text, false),
	}
	f.window, f.do = w, do
	f.back.CornerRadius = 4
	f.paint = func() {
		f.toned()
		f.place(f.Size())
		canvas.Refresh(f)
	}
	f.ExtendBaseWidget(f)
	f.toned()
	return f
}

func (f *filterItem) set(count string, chosen, alarm bool) {
	is := filterState{f.full, count, chosen, f.more, alarm}
	if is == f.shown {
		return
	}
	f.shown = is
	f.count.Text, f.chosen, f.alarm = count, chosen, alarm
	f.paint()
}

// TappedSecondary opens the menu of the line.
func (f *filterItem) TappedSecondary(*fyne.PointEvent) {
	if f.context != nil {
		f.context()
	}
}

// TypedKey takes the menu key, too.
func (f *filterItem) TypedKey(e *fyne.KeyEvent) {
	if e.Name == desktop.KeyMenu && f.context != nil {
		f.context()
		return
	}
	f.tapping.TypedKey(e)
}

func (f *filterItem) toned() {
	p := f.window.pal
	f.back.FillColor, f.back.StrokeWidth = color.Transparent, 0
	f.words.Color, f.count.Color = p.text, p.second
	f.words.TextStyle.Bold, f.count.TextStyle.Bold = f.chosen, f.chosen
	switch {
	case f.chosen:
		f.back.FillColor, f.words.Color, f.count.Color = p.selected, p.link, p.link
	case f.hovered:
		f.back.FillColor = p.hover
	}
	if f.more {
		f.words.Color = p.muted
	}
	if f.alarm {
		f.count.Color, f.count.TextStyle.Bold = p.red, true
	}
	if f.focused {
		f.back.StrokeColor, f.back.StrokeWidth = p.link, 2
	}
}

func (f *filterItem) place(size fyne.Size) {
	place(f.back, 0, 0, size.Width, size.Height)
	width := f.count.MinSize().Width
	centred(f.count, size.Width-6-width, size.Height)
	f.words.Text = f.window.cuts.fit(f.full, sizeCaption, f.chosen, size.Width-20-width)
	centred(f.words, 6, size.Height)
}

// MinSize is the height of a line of the column.
func (f *filterItem) MinSize() fyne.Size { return fyne.NewSize(80, 24) }

// CreateRenderer draws the value.
func (f *filterItem) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{
		objects:     []fyne.CanvasObject{f.back, f.words, f.count},
		arrangement: arrangement{min: f.MinSize, place: f.place},
		refresh:     f.paint,
	}
}
