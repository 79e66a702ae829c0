package ui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// contextual is what has a menu of its own under Shift+F10; false leaves it to
// the screen.
type contextual interface{ contextMenu() bool }

// showContext opens the menu of what has the keyboard, or of the screen.
func (w *Window) showContext() {
	if c, ok := w.win.Canvas().Focused().(contextual); ok && c.contextMenu() {
		return
	}
	if c, ok := w.screens[w.current].(contextual); ok {
		c.contextMenu()
	}
}

// Sizes of a menu of actions.
const (
	menuRowHeight = 28
	menuWidest    = 480
	menuDigit     = 26 // where the words begin
)

// actionMenu is an open list of actions. The first nine have a digit that does
// them at once, whatever the layout of the keyboard.
type actionMenu struct {
	window  *Window
	actions []action
	pop     *widget.PopUp
	restore fyne.Focusable
}

// showActions opens a list of actions at a position; those that are refused now
// stand below, grey, and say why.
func (w *Window) showActions(actions []action, at fyne.Position, refused ...action) {
	if len(actions) == 0 {
		return
	}
	possible := len(actions)
	actions = slices.Concat(actions, refused)
	m := &actionMenu{window: w, actions: actions, restore: w.win.Canvas().Focused()}
	l := w.newList(menuRowHeight, func() listRow { return w.newMenuRow() }, func(i int, r listRow) {
		r.(*menuRow).set(i, actions[i], i >= possible)
	})
	l.activate, l.escape, l.clickTakes = m.take, m.close, true
	l.letter = func(r rune) {
		if i := int(r - '1'); r >= '1' && r <= '9' && i < possible {
			m.take(i)
		}
	}
	view := w.win.Canvas().Size()
	width := float32(220)
	for _, a := range actions {
		width = max(width, menuDigit+textWidth(a.label, sizeText, false)+textWidth(a.hint, sizeSmall, false)+40)
	}
	width = min(width, menuWidest, view.Width-24)
	rows := min(len(actions), max(1, int((view.Height-24)/menuRowHeight)))
	ground := canvas.NewRectangle(w.pal.surface)
	ground.CornerRadius, ground.StrokeWidth, ground.StrokeColor = 6, 1, w.pal.border
	m.pop = widget.NewPopUp(container.NewStack(ground, container.New(gaps{4, 4, 4, 4}, sized(l, width, float32(rows)*menuRowHeight))), w.win.Canvas())
	l.setCount(len(actions))
	l.selectRow(0)
	size := m.pop.MinSize()
	at.X = max(4, min(at.X, view.Width-size.Width-4))
	at.Y = max(4, min(at.Y, view.Height-size.Height-4))
	w.listed = m.pop
	m.pop.ShowAtPosition(at)
	w.win.Canvas().Focus(l)
}

func (m *actionMenu) take(i int) {
	if i < 0 || i >= len(m.actions) {
		return
	}
	m.close()
	m.actions[i].do()
}

func (m *actionMenu) close() {
	m.pop.Hide()
	m.window.focus(m.restore)
}

// menuRow is one action: its digit, its words, and the key that does the same.
type menuRow struct {
	widget.BaseWidget
	window             *Window
	full               string
	digit, words, keys *canvas.Text
}

func (w *Window) newMenuRow() *menuRow {
	r := &menuRow{
		window: w, digit: newText("", sizeCaption, w.pal.faint, false), words: newText("", sizeText, w.pal.text, false),
		keys: newText("", sizeSmall, w.pal.faint, false),
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *menuRow) set(i int, a action, refused bool) {
	r.digit.Text = ""
	r.words.Color = r.window.pal.text
	if refused {
		r.words.Color = r.window.pal.faint
	} else if i < 9 {
		r.digit.Text = strconv.Itoa(i + 1)
	}
	r.full, r.keys.Text = a.label, a.hint
	r.Refresh()
}

func (r *menuRow) mark(bool, bool) {}

// CreateRenderer draws the line.
func (r *menuRow) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{r.digit, r.words, r.keys}}
	d.arrangement = arrangement{min: func() fyne.Size { return fyne.NewSize(80, menuRowHeight) }, place: func(size fyne.Size) {
		centred(r.digit, 9, size.Height)
		keys := r.keys.MinSize().Width
		r.words.Text = r.window.cuts.fit(r.full, sizeText, false, size.Width-menuDigit-keys-22)
		centred(r.words, menuDigit, size.Height)
		centred(r.keys, size.Width-keys-10, size.Height)
	}}
	d.refresh = func() {
		d.place(r.Size())
		canvas.Refresh(r)
	}
	return d
}

// contextArea gives anything a menu under the right button of the mouse.
type contextArea struct {
	widget.BaseWidget
	window  *Window
	inner   fyne.CanvasObject
	actions func() []action
}

func (w *Window) newContextArea(inner fyne.CanvasObject, actions func() []action) *contextArea {
	c := &contextArea{window: w, inner: inner, actions: actions}
	c.ExtendBaseWidget(c)
	return c
}

// TappedSecondary opens the menu where the mouse is.
func (c *contextArea) TappedSecondary(e *fyne.PointEvent) {
	c.window.touch()
	c.window.showActions(c.actions(), e.AbsolutePosition)
}

// CreateRenderer draws what is inside.
func (c *contextArea) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{
		objects:     []fyne.CanvasObject{c.inner},
		arrangement: arrangement{min: c.inner.MinSize, place: func(size fyne.Size) { c.inner.Resize(size) }},
		refresh:     c.inner.Refresh,
	}
}
