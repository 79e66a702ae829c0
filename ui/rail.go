package ui

import (
	"context"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

const railWidth = 176

// rail is the left edge of the window: where one may go, and the truth about
// the exchange.
type rail struct {
	window *Window
	object *fyne.Container
	items  map[string]*navItem
	status *railStatus
	pages  int
	stale  bool // pages have to be counted
	slot   Slot
}

func newRail(w *Window) *rail {
	r := &rail{window: w, items: map[string]*navItem{}}
	edge := canvas.NewRectangle(w.pal.border)
	brand := newText(w.text.T("app.name"), sizeBrand, w.pal.link, true)
	objects := []fyne.CanvasObject{edge, brand}
	var centre []*canvas.Text
	where, ink := w.desk.Region().Centre, w.pal.muted
	if w.options.Sample {
		where, ink = w.text.T("sample.mark"), w.pal.amber
	}
	for _, l := range w.cuts.wrap(where, sizeSmall, w.options.Sample, railWidth-36, 2) {
		centre = append(centre, newText(l, sizeSmall, ink, w.options.Sample))
		objects = append(objects, centre[len(centre)-1])
	}
	var items []*navItem
	for _, k := range screenKinds() {
		if k.build == nil {
			continue
		}
		item := w.newNavItem(w.text.T("screen."+k.name), func() { w.open(k.name) })
		r.items[k.name] = item
		items = append(items, item)
		objects = append(objects, item)
	}
	r.status = newRailStatus(w)
	objects = append(objects, r.status.object)
	r.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(railNarrow, leastHeight) },
		place: func(size fyne.Size) {
			narrow, short := size.Width < railWidth, size.Height < railShort
			side, top, step := float32(8), float32(84), float32(36)
			if narrow {
				side = 4
			}
			if short {
				top, step = 42, 30
			}
			place(edge, size.Width-1, 0, 1, size.Height)
			brand.Move(fyne.NewPos(side+10, 12))
			for i, l := range centre {
				l.Hidden = narrow || short
				l.Move(fyne.NewPos(18, 35+18*float32(i)))
			}
			for i, item := range items {
				item.narrow = narrow
				place(item, side, top+step*float32(i), size.Width-2*side-1, step-2)
			}
			left := size.Height - top - step*float32(len(items)) - 8
			r.status.fit(size.Width-2*side-1, left)
			h := r.status.object.MinSize().Height
			place(r.status.object, side, size.Height-h-8, size.Width-2*side-1, h)
		},
	}, objects...)
	return r
}

// choose marks the current screen.
func (r *rail) choose(name string) {
	for n, item := range r.items {
		item.setChosen(n == name)
	}
}

// reload asks the store for the counts; pages are counted again only where they
// changed.
func (r *rail) reload(pages bool) {
	w := r.window
	r.stale = r.stale || pages
	stale := r.stale
	w.live.Load(&r.slot, func(context.Context) (func(), error) {
		found, err := w.desk.Find(app.Query{Queue: app.QueueNeeds})
		if err != nil {
			return nil, err
		}
		whose, err := w.desk.Setting(settingWhose)
		if err != nil {
			return nil, err
		}
		urgent, err := w.desk.Find(app.Query{Queue: app.QueueOverdue, Own: whose != whoseAll})
		if err != nil {
			return nil, err
		}
		pages := 0
		if stale {
			if pages, err = w.desk.PageCount(); err != nil {
				return nil, err
			}
		}
		state, has := w.exchangeState()
		return func() {
			if stale {
				r.pages, r.stale = pages, false
			}
			r.show(found.Total, urgent.Counts.Queues[app.QueueSoon]+urgent.Total, r.pages, state, has)
		}, nil
	})
}

// exchangeState asks the exchange engine, if there is one.
func (w *Window) exchangeState() (app.ExchangeState, bool) {
	if x := w.desk.Exchange(); x != nil {
		return x.State(), true
	}
	return app.ExchangeState{}, false
}

func (r *rail) show(needs, urgent, pages int, state app.ExchangeState, has bool) {
	count := func(name string, n int, alarm bool) {
		if item := r.items[name]; item != nil {
			words := ""
			if n > 0 {
				words = r.window.text.Number(int64(n))
			}
			item.setCount(words, alarm)
		}
	}
	count(screenShift, urgent, true)
	count(screenAppeals, needs, true)
	count(screenPages, pages, false)
	if wrong := state.Conflicts + state.Refused; wrong > 0 {
		count(screenExchange, wrong, true)
	} else {
		count(screenExchange, state.Pending, false)
	}
	r.status.show(state, has)
}

// railStatus says whether there is a link, what waits, and when the last
// exchange was.
type railStatus struct {
	window *Window
	object *fyne.Container
	dot    *canvas.Circle
	head   *canvas.Text
	lines  []*canvas.Text
	said   []string // the lines, uncut
	shown  int      // how many of the texts are used
}

func newRailStatus(w *Window) *railStatus {
	s := &railStatus{window: w, dot: canvas.NewCircle(color.Transparent), head: newText("", sizeCaption, w.pal.text, true)}
	edge := canvas.NewRectangle(w.pal.border)
	objects := []fyne.CanvasObject{edge, s.dot, s.head}
	for range 5 {
		l := newText("", sizeCaption, w.pal.second, false)
		s.lines = append(s.lines, l)
		objects = append(objects, l)
	}
	s.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(railNarrow-9, 39+18*float32(s.shown)) },
		place: func(size fyne.Size) {
			place(edge, 0, 0, size.Width, 1)
			place(s.dot, 10, 16, 8, 8)
			s.head.Move(fyne.NewPos(24, 11))
			for i, l := range s.lines {
				l.Move(fyne.NewPos(10, 29+18*float32(i)))
			}
		},
	}, objects...)
	return s
}

func (s *railStatus) show(state app.ExchangeState, has bool) {
	w := s.window
	t := w.text
	words, ink := t.T("link.none"), w.pal.muted
	var lines []string
	if has {
		words, ink = linkWords(w, state.Link)
		if state.Pending > 0 {
			lines = append(lines, t.N("exchange.pending", state.Pending))
		} else {
			lines = append(lines, t.T("exchange.all_sent"))
		}
		if state.Refused > 0 {
			lines = append(lines, t.N("exchange.refused", state.Refused))
		}
		if state.Conflicts > 0 {
			lines = append(lines, t.N("exchange.conflicts", state.Conflicts))
		}
		if !state.Last.IsZero() {
			lines = append(lines, t.T("exchange.last", w.clock(state.Last)))
		}
	}
	s.head.Text, s.dot.FillColor = words, ink
	s.said = lines
	w.rail.object.Refresh()
}

// fit wraps what is said to the width, as many lines as there is height for.
func (s *railStatus) fit(width, height float32) {
	most := min(len(s.lines), max(0, int((height-39)/18)))
	s.shown = 0
	for _, words := range s.said {
		for _, l := range s.window.cuts.wrap(words, sizeCaption, false, width-17, 2) {
			if s.shown < most {
				s.lines[s.shown].Text = l
				s.shown++
			}
		}
	}
	for _, l := range s.lines[s.shown:] {
		l.Text = ""
	}
}

// linkWords says in a word and a colour how the link is.
func linkWords(w *Window, l app.Link) (string, color.Color) {
	words := w.text.T("link." + string(l))
	switch l {
	case app.LinkOnline:
		return words, w.pal.green
	case app.LinkRefused:
		return words, w.pal.red
	case app.LinkConnecting:
		return words, w.pal.muted
	}
	return words, w.pal.amber
}
