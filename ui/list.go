package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// listRow is the reusable content of one line of a list.
type listRow interface {
	fyne.CanvasObject
	// mark tells the row that it is selected, and whether the list has the
	// keyboard.
	mark(selected, focused bool)
}

// list is a virtual list of equal rows over Fyne's scrolling, with what
// widget.List lacks: PgUp, PgDn, Home, End, Enter, a selection that does not
// need the focus, and rows drawn without its padding. Only the rows on the
// screen exist, so its cost does not depend on the number of rows.
type list struct {
	widget.BaseWidget
	window *Window
	height float32
	make   func() listRow
	fill   func(i int, r listRow)

	changed    func(i int) // another row was selected
	activate   func(i int) // Enter, or a click where clickTakes is set
	escape     func()
	letter     func(rune)                    // a typed letter or digit
	tapped     func(i int)                   // a click, after the row was selected
	context    func(i int, at fyne.Position) // opens the menu of a row
	clickTakes bool
	clickAgain bool // a click on the selected row is Enter
	lined      bool // a thin line under each row

	// Where toggle is set rows can be picked, many at once, beside the one that is
	// selected: Space and Ctrl+click toggle a row; with Shift a stretch is drawn from
	// where it began, which led to was before and leads to is now; Ctrl+A picks all.
	toggle  func(i int)
	stretch func(from, was, is int)
	pickAll func()
	marks   float32          // width of the column of marks at the left, 0 while there is none
	anchor  int              // where a stretch began, -1: none
	shift   bool             // is held
	held    fyne.KeyModifier // with the button of the mouse

	count    int
	selected int // -1: none
	hovered  int
	focused  bool
	top      float32 // scrolled pixels; rows below 2^24 px are exact enough at row steps
	rows     []*listLine
	scroll   *container.Scroll
	framed   fyne.CanvasObject // the scroll, as it is shown
	body     *listBody
}

// newList makes a list of rows so high.
func (w *Window) newList(height float32, make func() listRow, fill func(i int, r listRow)) *list {
	l := &list{window: w, height: height, make: make, fill: fill, selected: -1, hovered: -1, anchor: -1}
	l.body = &listBody{list: l}
	l.body.ExtendBaseWidget(l.body)
	l.scroll = container.NewVScroll(l.body)
	l.framed = w.quiet(l.scroll)
	l.scroll.OnScrolled = func(p fyne.Position) {
		l.top = p.Y
		l.place()
	}
	l.ExtendBaseWidget(l)
	return l
}

// listBody is what scrolls: as high as all rows, holding only the visible ones.
type listBody struct {
	widget.BaseWidget
	list *list
}

// MinSize is the height of all rows.
func (b *listBody) MinSize() fyne.Size { return fyne.NewSize(10, float32(b.list.count)*b.list.height) }

// CreateRenderer shows the visible rows.
func (b *listBody) CreateRenderer() fyne.WidgetRenderer { return &listDrawing{b.list} }

type listDrawing struct{ list *list }

func (d *listDrawing) Destroy()           {}
func (d *listDrawing) Layout(fyne.Size)   { d.list.place() }
func (d *listDrawing) MinSize() fyne.Size { return d.list.body.MinSize() }
func (d *listDrawing) Refresh()           { d.list.place() }

func (d *listDrawing) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, 0, len(d.list.rows))
	for _, r := range d.list.rows {
		if r.at >= 0 {
			out = append(out, r)
		}
	}
	return out
}

// listLine is a row's place in the list: its ground, selection bar and mouse.
type listLine struct {
	widget.BaseWidget
	list  *list
	at    int // row shown, -1 none
	back  *canvas.Rectangle
	bar   *canvas.Rectangle
	edge  *canvas.Rectangle
	inner listRow
}

// MouseDown notes what is held with the button.
func (r *listLine) MouseDown(e *desktop.MouseEvent) { r.list.held = e.Modifier }

// MouseUp is part of desktop.Mouseable.
func (r *listLine) MouseUp(*desktop.MouseEvent) {}

// Tapped selects the row.
func (r *listLine) Tapped(e *fyne.PointEvent) {
	l := r.list
	at := r.at
	if l.picks(at, e.Position.X) {
		return
	}
	again := l.clickAgain && at == l.selected
	l.window.focus(l)
	l.selectRow(at)
	if (l.clickTakes || again) && l.activate != nil {
		l.activate(at)
	}
	if l.tapped != nil {
		l.tapped(at)
	}
}

// TappedSecondary opens the menu of the row.
func (r *listLine) TappedSecondary(e *fyne.PointEvent) {
	l := r.list
	if l.context == nil {
		return
	}
	at := r.at
	l.window.focus(l)
	l.selectRow(at)
	l.context(at, e.AbsolutePosition)
}

// MouseIn shows that the row can be clicked.
func (r *listLine) MouseIn(*desktop.MouseEvent) {
	r.list.hovered = r.at
	r.tone()
}

// MouseMoved is part of desktop.Hoverable.
func (r *listLine) MouseMoved(*desktop.MouseEvent) { r.list.window.touch() }

// MouseOut takes the sign away.
func (r *listLine) MouseOut() {
	if r.list.hovered == r.at {
		r.list.hovered = -1
	}
	r.tone()
}

// Cursor is a hand.
func (r *listLine) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (r *listLine) tone() {
	p := r.list.window.pal
	selected := r.at == r.list.selected
	fill := color.Color(color.Transparent)
	switch {
	case selected:
		fill = p.selected
	case r.at == r.list.hovered:
		fill = p.hover
	}
	r.bar.Hidden = !selected
	r.bar.FillColor = p.accent
	if !r.list.focused {
		r.bar.FillColor = p.faint
	}
	r.back.FillColor, r.back.StrokeWidth = fill, 0
	if p.strong && selected && r.list.focused {
		r.back.StrokeColor, r.back.StrokeWidth = p.link, 2
	}
	canvas.Refresh(r.back)
	canvas.Refresh(r.bar)
	r.inner.mark(selected, r.list.focused)
}

// CreateRenderer draws ground, bar, row and line.
func (r *listLine) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{r.back, r.bar, r.inner, r.edge}}
	d.arrangement = arrangement{min: func() fyne.Size { return fyne.NewSize(10, r.list.height) }, place: func(size fyne.Size) {
		place(r.back, 0, 0, size.Width, size.Height)
		place(r.bar, 0, 0, 3, size.Height)
		place(r.inner, 0, 0, size.Width, size.Height)
		place(r.edge, 0, size.Height-1, size.Width, 1)
	}}
	d.refresh = r.tone
	return d
}

// MinSize leaves the size to the place the list stands in.
func (l *list) MinSize() fyne.Size { return fyne.NewSize(40, l.height) }

// CreateRenderer shows the scrolling body.
func (l *list) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{
		objects: []fyne.CanvasObject{l.framed},
		arrangement: arrangement{min: l.MinSize, place: func(size fyne.Size) {
			l.framed.Resize(size)
			l.place()
		}},
		refresh: l.refill,
	}
}

// place brings the rows on the screen to where the scroll stands, filling only
// those that came into view.
func (l *list) place() { l.show(false) }

// refill fills all rows on the screen again.
func (l *list) refill() { l.show(true) }

func (l *list) show(again bool) {
	width, view := l.scroll.Size().Width, l.scroll.Size().Height
	first := int(l.top / l.height)
	need := int(view/l.height) + 2
	last := min(first+need, l.count) - 1
	for len(l.rows) < need {
		l.rows = append(l.rows, l.newLine())
	}
	free := make([]*listLine, 0, len(l.rows))
	shown := map[int]*listLine{}
	for _, r := range l.rows {
		if r.at >= first && r.at <= last && shown[r.at] == nil {
			shown[r.at] = r
			continue
		}
		r.at = -1
		free = append(free, r)
	}
	for i := first; i <= last; i++ {
		r := shown[i]
		fresh := r == nil
		if fresh {
			r = free[len(free)-1]
			free = free[:len(free)-1]
			r.at = i
		}
		r.Move(fyne.NewPos(0, float32(i)*l.height))
		r.Resize(fyne.NewSize(width, l.height))
		if fresh || again {
			l.fill(i, r.inner)
			r.tone()
		}
	}
	// The driver needs no more to paint again: a line that came into view or was
	// filled has refreshed what changed of it, and the rest keeps its textures.
}

func (l *list) newLine() *listLine {
	r := &listLine{list: l, at: -1, inner: l.make()}
	r.back = canvas.NewRectangle(color.Transparent)
	r.bar = canvas.NewRectangle(l.window.pal.accent)
	r.edge = canvas.NewRectangle(l.window.pal.line)
	r.edge.Hidden = !l.lined
	r.ExtendBaseWidget(r)
	return r
}

// setCount says how many rows there are and fills the visible ones again.
func (l *list) setCount(n int) {
	l.count = n
	if l.selected >= n {
		l.selected = -1
	}
	limit := max(0, float32(n)*l.height-l.scroll.Size().Height)
	if l.top > limit {
		l.top = limit
	}
	l.scroll.Offset = fyne.NewPos(0, l.top)
	l.scroll.Refresh()
	l.refill()
}

// mark selects a row without telling anybody: the same record after a reload.
func (l *list) mark(i int) {
	l.selected, l.anchor = i, -1
	l.tone()
}

// selectRow selects a row, brings it into view and tells changed.
func (l *list) selectRow(i int) {
	if i < 0 || i >= l.count {
		return
	}
	same := i == l.selected
	l.selected = i
	l.reveal(i)
	l.tone()
	if !same && l.changed != nil {
		l.changed(i)
	}
}

// reveal scrolls as little as is needed to show the row.
func (l *list) reveal(i int) {
	y, view := float32(i)*l.height, l.scroll.Size().Height
	if view <= 0 {
		return
	}
	switch {
	case y < l.top:
		l.top = y
	case y+l.height > l.top+view:
		l.top = y + l.height - view
	default:
		return
	}
	l.scroll.Offset = fyne.NewPos(0, l.top)
	l.scroll.Refresh()
	l.place()
}

func (l *list) tone() {
	for _, r := range l.rows {
		if r.at >= 0 {
			r.tone()
		}
	}
}

// page is how many rows PgUp and PgDn go.
func (l *list) page() int { return max(1, int(l.scroll.Size().Height/l.height)-1) }

// move takes a key of movement and says whether it was one.
func (l *list) move(key fyne.KeyName) bool {
	to := l.selected
	switch key {
	case fyne.KeyUp:
		to--
	case fyne.KeyDown:
		to++
	case fyne.KeyPageUp:
		to -= l.page()
	case fyne.KeyPageDown:
		to += l.page()
	case fyne.KeyHome:
		to = 0
	case fyne.KeyEnd:
		to = l.count - 1
	default:
		return false
	}
	to = min(max(to, 0), l.count-1)
	if l.shift && l.stretch != nil {
		l.reach(to)
		return true
	}
	l.anchor = -1
	l.selectRow(to)
	return true
}

// reach draws the stretch of picked rows to a row.
func (l *list) reach(to int) {
	if to < 0 {
		return
	}
	was := max(l.selected, 0)
	if l.anchor < 0 || l.anchor >= l.count {
		l.anchor = was
	}
	l.selectRow(to)
	l.stretch(l.anchor, was, to)
}

// picks takes a click that picks rows and says whether it was one.
func (l *list) picks(at int, x float32) bool {
	held := l.held
	l.held = 0
	switch {
	case l.toggle == nil:
		return false
	case held&fyne.KeyModifierShift != 0:
		l.window.focus(l)
		l.reach(at)
	case held&fyne.KeyModifierControl != 0, x < l.marks:
		l.window.focus(l)
		l.anchor = at
		l.selectRow(at)
		l.toggle(at)
	default:
		l.anchor = -1
		return false
	}
	return true
}

// key takes a key and says whether it was one of the list's.
func (l *list) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if l.activate != nil && l.selected >= 0 {
			l.activate(l.selected)
		}
		return true
	case fyne.KeyEscape:
		if l.escape != nil {
			l.escape()
			return true
		}
	case fyne.KeySpace:
		if l.toggle != nil && l.selected >= 0 {
			l.anchor = l.selected
			l.toggle(l.selected)
			l.selectRow(min(l.selected+1, l.count-1))
			return true
		}
	}
	return l.move(e.Name)
}

// KeyDown notes that Shift is held.
func (l *list) KeyDown(e *fyne.KeyEvent) { l.hold(e, true) }

// KeyUp notes that it is held no more.
func (l *list) KeyUp(e *fyne.KeyEvent) { l.hold(e, false) }

func (l *list) hold(e *fyne.KeyEvent, held bool) {
	if e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight {
		l.shift = held
	}
}

// TypedShortcut takes Ctrl+A and leaves the others to the window.
func (l *list) TypedShortcut(s fyne.Shortcut) {
	if _, all := s.(*fyne.ShortcutSelectAll); all && l.pickAll != nil {
		l.pickAll()
		return
	}
	l.window.shortcut(s)
}

// TypedKey moves the selection; what the list does not know goes to the window.
func (l *list) TypedKey(e *fyne.KeyEvent) {
	if !l.key(e) {
		l.window.typed(e)
	}
}

// TypedRune passes letters on to whoever knows what they mean here.
func (l *list) TypedRune(r rune) {
	if l.letter != nil {
		l.letter(r)
	}
}

// contextMenu opens the menu of the selected row, beside it.
func (l *list) contextMenu() bool {
	if l.context == nil || l.selected < 0 {
		return false
	}
	l.reveal(l.selected)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
	l.context(l.selected, at.AddXY(24, (float32(l.selected)+0.5)*l.height-l.top))
	return true
}

// FocusGained shows where the keyboard is.
func (l *list) FocusGained() {
	l.focused = true
	l.tone()
}

// FocusLost takes the sign away.
func (l *list) FocusLost() {
	l.focused, l.shift = false, false
	l.tone()
}
