package ui

import (
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

// option is one value of a choice.
type option struct{ value, words string }

// searchFrom is how many options a list has before it gets a search line.
const searchFrom = 9

// choice is a button that shows the chosen value and opens a list of values;
// long lists can be searched. It replaces Fyne's Select.
type choice struct {
	tapping
	prefix  string // "Соцсеть: "
	options []option
	value   string
	chosen  func(value string)
	says    func() string // nil: the words of the value

	back  *canvas.Rectangle
	words *canvas.Text
	arrow *widget.Icon
}

// newChoice makes a choice; prefix stands before the chosen words.
func (w *Window) newChoice(prefix string, options []option, value string, chosen func(value string)) *choice {
	c := &choice{prefix: prefix, options: options, value: value, chosen: chosen}
	c.window = w
	c.do = func() { c.open() }
	c.back = canvas.NewRectangle(w.pal.surface)
	c.back.CornerRadius = 6
	c.words = newText("", sizeText, w.pal.text, false)
	c.arrow = widget.NewIcon(theme.Icon(theme.IconNameArrowDropDown))
	c.paint = func() {
		c.back.FillColor, c.back.StrokeColor, c.back.StrokeWidth = w.pal.surface, w.pal.outline, 1
		c.words.Color = w.pal.text
		if c.disabled {
			c.back.FillColor, c.words.Color = w.pal.greySoft, w.pal.faint
		}
		if c.hovered {
			c.back.FillColor = w.pal.hover
		}
		if c.focused {
			c.back.StrokeColor, c.back.StrokeWidth = w.pal.link, 2
		}
		canvas.Refresh(c.back)
		canvas.Refresh(c.words)
	}
	c.ExtendBaseWidget(c)
	c.paint()
	return c
}

// setOptions replaces the values; the chosen one is kept where it still exists.
func (c *choice) setOptions(options []option) {
	c.options = options
	c.Refresh()
}

// set chooses without calling anybody.
func (c *choice) set(value string) {
	c.value = value
	c.Refresh()
}

func (c *choice) label() string {
	if c.says != nil {
		return c.prefix + c.says()
	}
	for _, o := range c.options {
		if o.value == c.value {
			return c.prefix + o.words
		}
	}
	return c.prefix + c.window.text.T("choice.none")
}

// MinSize is as wide as the chosen words, within reason.
func (c *choice) MinSize() fyne.Size {
	return fyne.NewSize(min(textWidth(c.label(), sizeText, false), 240)+40, buttonHeight)
}

// CreateRenderer draws the button.
func (c *choice) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{c.back, c.words, c.arrow}}
	d.arrangement = arrangement{min: c.MinSize, place: func(size fyne.Size) {
		place(c.back, 0, 0, size.Width, size.Height)
		c.words.Text = c.window.cuts.fit(c.label(), sizeText, false, size.Width-38)
		centred(c.words, 12, size.Height)
		place(c.arrow, size.Width-25, (size.Height-18)/2, 18, 18)
	}}
	d.refresh = func() {
		d.place(c.Size())
		c.paint()
	}
	return d
}

// TypedKey also opens the list with the down key.
func (c *choice) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyDown {
		c.activate()
		return
	}
	c.tapping.TypedKey(e)
}

// TypedRune opens the list at what begins with the letter; what is taken then
// leads on to the next field.
func (c *choice) TypedRune(r rune) {
	if r != ' ' && !c.disabled && c.begins(r) { // Space is a click
		p := c.open()
		p.onward = true
		p.letter(r)
	}
}

// begins says whether the rune may begin a word of the options; a digit that begins none
// is a key of the screen.
func (c *choice) begins(r rune) bool {
	return !unicode.IsDigit(r) || slices.ContainsFunc(c.options, func(o option) bool { return strings.ContainsRune(o.words, r) })
}

func (c *choice) open() *picker {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(c)
	return c.window.pick(c.options, c.value, at.AddXY(0, c.Size().Height+2), max(c.Size().Width, 220), func(v string) {
		c.set(v)
		if c.chosen != nil {
			c.chosen(v)
		}
	}, c)
}

// picker is an open list of options.
type picker struct {
	window  *Window
	all     []option
	shown   []option
	list    *list
	pop     *widget.PopUp
	chosen  func(string)
	letter  func(rune) // takes a letter typed before the list was open
	onward  bool       // what is taken leads on to the next field
	restore fyne.Focusable
}

// pick opens a list of options at a position and calls chosen with the value
// taken; the focus then goes back to restore, or where it was.
func (w *Window) pick(options []option, value string, at fyne.Position, width float32, chosen func(string), restore fyne.Focusable) *picker {
	if restore == nil {
		restore = w.win.Canvas().Focused()
	}
	p := &picker{window: w, all: options, shown: options, chosen: chosen, restore: restore}
	for _, o := range options {
		width = max(width, min(textWidth(o.words, sizeText, false)+34, 420))
	}
	p.list = w.newList(28, func() listRow { return w.newOptionRow() }, func(i int, r listRow) {
		r.(*optionRow).set(p.shown[i].words, p.shown[i].value == value)
	})
	p.list.activate = p.take
	p.list.escape = p.close
	p.list.clickTakes = true
	var first fyne.Focusable = p.list
	content := container.New(column{gap: 6})
	if len(options) >= searchFrom {
		search := w.newEntry(w.text.T("choice.search"))
		search.OnChanged = p.narrow
		search.key = p.typed
		content.Add(search)
		first = search
		p.letter = search.TypedRune
	} else {
		p.letter = p.seek
	}
	p.list.letter = p.letter
	p.list.setCount(len(options))
	for i, o := range options {
		if o.value == value {
			p.list.selectRow(i)
		}
	}
	if p.list.selected < 0 {
		p.list.selectRow(0)
	}
	content.Add(sized(p.list, width, float32(min(len(options), 10))*28))
	ground := canvas.NewRectangle(w.pal.surface)
	ground.CornerRadius, ground.StrokeWidth, ground.StrokeColor = 6, 1, w.pal.border
	p.pop = widget.NewPopUp(container.NewStack(ground, container.New(gaps{4, 4, 4, 4}, content)), w.win.Canvas())
	size := p.pop.MinSize()
	view := w.win.Canvas().Size()
	at.X = max(4, min(at.X, view.Width-size.Width-4))
	if at.Y+size.Height > view.Height-4 {
		at.Y = max(4, at.Y-size.Height-buttonHeight-4) // above what it belongs to
	}
	w.listed = p.pop
	p.pop.ShowAtPosition(at)
	w.win.Canvas().Focus(first)
	return p
}

// seek selects the next option that begins with the letter.
func (p *picker) seek(r rune) {
	letter := app.Fold(string(r))
	for i := range p.shown {
		at := (max(p.list.selected, -1) + 1 + i) % len(p.shown)
		if strings.HasPrefix(app.Fold(p.shown[at].words), letter) {
			p.list.selectRow(at)
			return
		}
	}
}

// narrow shows the options that hold all words.
func (p *picker) narrow(typed string) {
	words := strings.Fields(app.Fold(typed))
	p.shown = nil
	for _, o := range p.all {
		fits := true
		for _, word := range words {
			fits = fits && strings.Contains(app.Fold(o.words), word)
		}
		if fits {
			p.shown = append(p.shown, o)
		}
	}
	// A word that begins so is what is meant most often: «ч» is г. Чебоксары
	// before Красночетайский округ.
	begins := func(o option) bool {
		return len(words) > 0 && strings.Contains(" "+app.Fold(o.words), " "+words[0])
	}
	slices.SortStableFunc(p.shown, func(a, b option) int {
		switch x, y := begins(a), begins(b); {
		case x && !y:
			return -1
		case y && !x:
			return 1
		}
		return 0
	})
	p.list.setCount(len(p.shown))
	if len(p.shown) > 0 {
		p.list.selectRow(0)
	}
}

// typed are the keys of the list while the search line has the focus.
func (p *picker) typed(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyEscape:
		p.close()
	case fyne.KeyReturn, fyne.KeyEnter:
		p.take(p.list.selected)
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageDown, fyne.KeyPageUp:
		p.list.move(e.Name)
	default:
		return false
	}
	return true
}

func (p *picker) take(i int) {
	if i < 0 || i >= len(p.shown) {
		return
	}
	value := p.shown[i].value
	p.close()
	p.chosen(value)
	if p.onward {
		p.window.win.Canvas().FocusNext()
	}
}

func (p *picker) close() {
	p.pop.Hide()
	p.window.focus(p.restore)
}

// optionRow is one line of an open list.
type optionRow struct {
	widget.BaseWidget
	window *Window
	full   string
	words  *canvas.Text
	tick   *widget.Icon
}

func (w *Window) newOptionRow() *optionRow {
	r := &optionRow{window: w, words: newText("", sizeText, w.pal.text, false), tick: widget.NewIcon(theme.Icon(theme.IconNameConfirm))}
	r.ExtendBaseWidget(r)
	return r
}

func (r *optionRow) set(words string, ticked bool) {
	r.full = words
	r.tick.Hidden = !ticked
	r.Refresh()
}

// CreateRenderer draws the line.
func (r *optionRow) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{r.words, r.tick}}
	d.arrangement = arrangement{min: func() fyne.Size { return fyne.NewSize(80, 28) }, place: func(size fyne.Size) {
		r.words.Text = r.window.cuts.fit(r.full, sizeText, false, size.Width-34)
		centred(r.words, 8, size.Height)
		place(r.tick, size.Width-22, (size.Height-14)/2, 14, 14)
	}}
	d.refresh = func() {
		d.place(r.Size())
		canvas.Refresh(r.words)
	}
	return d
}

func (r *optionRow) mark(bool, bool) {}
