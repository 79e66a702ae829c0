package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

// settingOrder remembers what the list of appeals is ordered by.
const settingOrder = "order"

// listHead is the line above the list: how many appeals there are, and in which
// order they stand.
type listHead struct {
	screen      *appealsScreen
	object      *fyne.Container
	count       *canvas.Text
	order       *orderButton
	found       app.Found
	shown       bool
	done, total int // of the index of words
}

func newListHead(s *appealsScreen) *listHead {
	w := s.w
	h := &listHead{screen: s, count: newText("", sizeCaption, w.pal.second, false)}
	h.order = w.newOrderButton(h.choose)
	h.order.set(h.label(s.query.Order))
	edge := canvas.NewRectangle(w.pal.border)
	h.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(200, listHeadHeight) },
		place: func(size fyne.Size) {
			place(edge, 0, size.Height-1, size.Width, 1)
			m := h.order.MinSize()
			place(h.order, size.Width-m.Width-6, (size.Height-1-m.Height)/2, m.Width, m.Height)
			h.count.Text = w.cuts.fit(h.words(), sizeCaption, false, size.Width-m.Width-24)
			centred(h.count, 12, size.Height-1)
		},
	}, edge, h.count, h.order)
	return h
}

// show brings the line to this answer.
func (h *listHead) show(found app.Found) {
	h.found, h.shown = found, true
	h.refresh()
}

// indexing brings the line to how far the index of words has come.
func (h *listHead) indexing(done, total int) {
	h.done, h.total = done, total
	h.refresh()
}

// refresh draws the words anew where they are others.
func (h *listHead) refresh() {
	before := h.count.Text
	h.object.Layout.Layout(h.object.Objects, h.object.Size())
	if h.count.Text != before {
		canvas.Refresh(h.count)
	}
}

// words is the number of appeals, or why it is not all that there are.
func (h *listHead) words() string {
	t := h.screen.w.text
	switch {
	case !h.shown:
		return ""
	case h.done < h.total:
		return t.T("appeals.indexing", t.Percent(float64(h.done)/float64(h.total), 0))
	case h.found.Cut:
		return t.N("appeals.found_cut", h.found.Total)
	}
	return t.N("appeals.found", h.found.Total)
}

func (h *listHead) label(o app.Order) string {
	t := h.screen.w.text
	switch o {
	case app.OrderDue:
		return t.T("appeals.order_due")
	case app.OrderNewest:
		return t.T("appeals.order_newest")
	}
	return t.T("appeals.order_queue")
}

// choose asks for the order and remembers it.
func (h *listHead) choose() {
	s := h.screen
	var options []option
	for _, o := range []app.Order{app.OrderQueue, app.OrderDue, app.OrderNewest} {
		options = append(options, option{string(o), h.label(o)})
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(h.order)
	s.w.pick(options, string(s.query.Order), at.AddXY(0, h.order.Size().Height+2), 200, func(v string) {
		s.query.Order = app.Order(v)
		h.order.set(h.label(s.query.Order))
		h.object.Refresh()
		s.w.live.Do(func() error { return s.w.desk.SaveSetting(settingOrder, v) }, nil)
		s.narrowed()
	}, nil)
}

// orderButton is a quiet button of words with a triangle: it opens a list.
type orderButton struct {
	tapping
	back  *canvas.Rectangle
	words *canvas.Text
	arrow *widget.Icon
}

func (w *Window) newOrderButton(do func()) *orderButton {
	b := &orderButton{
		back: canvas.NewRectangle(w.pal.surface), words: newText("", sizeCaption, w.pal.second, false),
		arrow: widget.NewIcon(theme.Icon(theme.IconNameArrowDropDown)),
	}
	b.window, b.do = w, do
	b.back.CornerRadius = 4
	b.paint = func() {
		b.back.FillColor, b.back.StrokeWidth = w.pal.surface, 0
		if b.hovered {
			b.back.FillColor = w.pal.hover
		}
		if b.focused {
			b.back.StrokeColor, b.back.StrokeWidth = w.pal.link, 2
		}
		canvas.Refresh(b.back)
		canvas.Refresh(b.words)
	}
	b.ExtendBaseWidget(b)
	return b
}

func (b *orderButton) set(words string) {
	b.words.Text = words
	b.Refresh()
}

// MinSize is the size of the words with the triangle.
func (b *orderButton) MinSize() fyne.Size { return fyne.NewSize(b.words.MinSize().Width+30, 24) }

// CreateRenderer draws the button.
func (b *orderButton) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{b.back, b.words, b.arrow}}
	d.arrangement = arrangement{min: b.MinSize, place: func(size fyne.Size) {
		place(b.back, 0, 0, size.Width, size.Height)
		centred(b.words, 8, size.Height)
		place(b.arrow, size.Width-21, (size.Height-16)/2, 16, 16)
	}}
	d.refresh = func() {
		d.place(b.Size())
		b.paint()
	}
	return d
}
