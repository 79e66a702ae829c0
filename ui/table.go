package ui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

// cellKind is what a column shows.
type cellKind int

// Kinds of cells.
const (
	cellWords cellKind = iota
	cellBadge          // of a source
	cellChip           // a state
	cellSpark          // a tiny picture
	cellTrend          // words after a triangle that points up or down
)

// tableColumn is one column of a table.
type tableColumn struct {
	title string
	sort  string  // what a click on the title sorts by, "" where it cannot
	width float32 // with its padding; the least width where grow is set
	grow  float32 // share of the width that is left over
	right bool    // words and title stand at the right edge
	kind  cellKind
	spare int // a column with a higher one goes first where there is no room, 0 never
}

// cell is what one place of a table shows; the fields its column's kind does
// not use are ignored.
type cell struct {
	words   string
	ink     color.Color // nil: the colour of text
	bold    bool
	source  app.Source
	tone    tone
	picture image.Image // nil: nothing yet
	trend   int         // below, at or above zero
}

// Sizes of tables, as drawn.
const (
	headHeight  = 33
	cellSide    = 8
	sparkWidth  = 68
	sparkHeight = 20
	markSize    = 9
)

// table is a head of titles, which sort, over a virtual list of rows. The list
// brings keyboard, hover and selection.
type table struct {
	widget.BaseWidget
	window  *Window
	columns []tableColumn
	size    float32 // of text
	fill    func(row int, cells []cell)
	sorted  func(key string) // a title was clicked

	list  *list
	heads []*tableHead
	back  *canvas.Rectangle
	edge  *canvas.Rectangle
	empty *canvas.Text
	clear *button
	lefts []float32 // left edge of each column and the right edge of the last
	wide  float32   // width lefts are of

	without []bool // columns there is no room for
}

// newTable makes a table; fill is asked for the cells of the rows on the screen
// and finds them empty.
func (w *Window) newTable(columns []tableColumn, rowHeight, textSize float32, fill func(row int, cells []cell)) *table {
	t := &table{window: w, columns: columns, size: textSize, fill: fill}
	t.back = canvas.NewRectangle(w.pal.shade)
	t.edge = canvas.NewRectangle(w.pal.border)
	t.empty = newText("", sizeText, w.pal.muted, false)
	t.clear = w.button(w.text.T("pages.clear"), "", nil)
	t.empty.Hidden, t.clear.Hidden = true, true
	t.list = w.newList(rowHeight, t.newRow, func(i int, r listRow) { r.(*tableRow).show(i) })
	t.list.lined = true
	for _, c := range columns {
		t.heads = append(t.heads, t.newHead(c))
	}
	t.ExtendBaseWidget(t)
	return t
}

// setEmpty says what stands in the place of no rows: words and, where conditions
// narrow the table, the button that drops them.
func (t *table) setEmpty(words string, clear func()) {
	t.empty.Text, t.clear.do = words, clear
}

// setCount says how many rows there are, and fills those on the screen.
func (t *table) setCount(n int) {
	t.empty.Hidden = n > 0
	t.clear.Hidden = n > 0 || t.clear.do == nil
	t.list.setCount(n)
	t.Refresh()
}

// setSort marks the title the rows are sorted by.
func (t *table) setSort(key string, up bool) {
	for i, h := range t.heads {
		h.mark.Hidden = key == "" || t.columns[i].sort != key
		h.mark.Angle = angle(up)
		h.repaint()
	}
}

// angle of a triangle that points up or down.
func angle(up bool) float32 {
	if up {
		return 0
	}
	return 180
}

// measure gives every column its place within the width.
func (t *table) measure(width float32) {
	if t.wide == width && t.lefts != nil {
		return
	}
	t.wide = width
	var fixed float32
	gone := 0
	for _, c := range t.columns {
		fixed += c.width
		gone = max(gone, c.spare+1)
	}
	for fixed > width && gone > 1 {
		gone--
		for _, c := range t.columns {
			if c.spare == gone {
				fixed -= c.width
			}
		}
	}
	var grow float32
	t.without = make([]bool, len(t.columns))
	for i, c := range t.columns {
		if t.without[i] = c.spare > 0 && c.spare >= gone; !t.without[i] {
			grow += c.grow
		}
	}
	spare, shrunk := max(0, width-fixed), min(1, width/max(1, fixed))
	t.lefts = make([]float32, 0, len(t.columns)+1)
	x := float32(0)
	for i, c := range t.columns {
		t.lefts = append(t.lefts, x)
		if t.without[i] {
			continue
		}
		x += c.width * shrunk
		if grow > 0 {
			x += spare * c.grow / grow
		}
	}
	t.lefts = append(t.lefts, x)
}

// MinSize leaves the size to the place the table stands in.
func (t *table) MinSize() fyne.Size { return fyne.NewSize(120, headHeight+2*t.list.height) }

// CreateRenderer draws head and list.
func (t *table) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{t.back, t.edge, t.list, t.empty, t.clear}
	for _, h := range t.heads {
		objects = append(objects, h)
	}
	d := &drawing{objects: objects}
	d.arrangement = arrangement{min: t.MinSize, place: t.arrange}
	d.refresh = func() {
		t.arrange(t.Size())
		canvas.Refresh(t.empty)
	}
	return d
}

func (t *table) arrange(size fyne.Size) {
	t.measure(size.Width)
	place(t.back, 0, 0, size.Width, headHeight)
	place(t.edge, 0, headHeight-1, size.Width, 1)
	for i, h := range t.heads {
		h.Hidden = t.without[i]
		place(h, t.lefts[i], 0, t.lefts[i+1]-t.lefts[i], headHeight-1)
	}
	place(t.list, 0, headHeight, size.Width, size.Height-headHeight)
	m := t.empty.MinSize()
	place(t.empty, (size.Width-m.Width)/2, headHeight+14, m.Width, m.Height)
	c := t.clear.MinSize()
	place(t.clear, (size.Width-c.Width)/2, headHeight+14+m.Height+10, c.Width, c.Height)
}

// tableHead is the title of a column.
type tableHead struct {
	tapping
	column tableColumn
	back   *canvas.Rectangle
	words  *canvas.Text
	mark   *canvas.RegularPolygon
}

func (t *table) newHead(c tableColumn) *tableHead {
	w := t.window
	h := &tableHead{column: c, back: canvas.NewRectangle(color.Transparent), words: newText(c.title, t.size-0.5, w.pal.muted, true)}
	h.window = w
	h.mark = canvas.NewRegularPolygon(3, w.pal.muted)
	h.mark.Hidden = true
	h.disabled = c.sort == ""
	h.do = func() {
		if t.sorted != nil {
			t.sorted(c.sort)
		}
	}
	h.paint = func() {
		h.tone()
		h.arrange(h.Size())
		for _, o := range []fyne.CanvasObject{h.back, h.words, h.mark} {
			canvas.Refresh(o)
		}
	}
	h.ExtendBaseWidget(h)
	return h
}

func (h *tableHead) tone() {
	p := h.window.pal
	h.back.FillColor, h.back.StrokeWidth = color.Transparent, 0
	if h.hovered {
		h.back.FillColor = p.hover
	}
	if h.focused {
		h.back.StrokeColor, h.back.StrokeWidth = p.link, 2
	}
	h.words.Color, h.mark.FillColor = p.muted, p.muted
	if !h.mark.Hidden {
		h.words.Color, h.mark.FillColor = p.text, p.text
	}
}

func (h *tableHead) arrange(size fyne.Size) {
	place(h.back, 0, 0, size.Width, size.Height)
	room := size.Width - 2*cellSide
	mark := float32(0)
	if !h.mark.Hidden {
		mark = markSize + 4
	}
	h.words.Text = h.window.cuts.fit(h.column.title, h.words.TextSize, true, room-mark)
	width := h.words.MinSize().Width
	x := float32(cellSide)
	if h.column.right {
		x = size.Width - cellSide - width - mark
	}
	centred(h.words, x, size.Height)
	place(h.mark, x+width+4, (size.Height-markSize)/2, markSize, markSize)
}

// MinSize is small: the table gives the place.
func (h *tableHead) MinSize() fyne.Size { return fyne.NewSize(2*cellSide, headHeight-1) }

// CreateRenderer draws the title.
func (h *tableHead) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{
		objects:     []fyne.CanvasObject{h.back, h.words, h.mark},
		arrangement: arrangement{min: h.MinSize, place: h.arrange},
		refresh:     h.paint,
	}
}
