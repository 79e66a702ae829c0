package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/assets"
)

// tone is the meaning of a coloured chip; its words always say the same.
type tone int

// Tones.
const (
	toneGrey tone = iota
	toneRed
	toneAmber
	toneGreen
	toneBlue
)

// of gives ink and ground of the tone.
func (t tone) of(p *palette) (ink, ground color.Color) {
	switch t {
	case toneRed:
		return p.red, p.redSoft
	case toneAmber:
		return p.amber, p.amberSoft
	case toneGreen:
		return p.green, p.greenSoft
	case toneBlue:
		return p.link, p.selected
	}
	return p.second, p.greySoft
}

// stateChip is a bold word on a soft ground: a countdown, a state.
type stateChip struct {
	widget.BaseWidget
	window *Window
	tone   tone
	back   *canvas.Rectangle
	words  *canvas.Text
}

// newStateChip makes a chip of bold words.
func (w *Window) newStateChip(words string, kind tone) *stateChip {
	c := &stateChip{window: w, tone: kind, back: canvas.NewRectangle(color.Transparent), words: newText(words, sizeCaption, color.Black, true)}
	c.back.CornerRadius = 4
	c.words.Color, c.back.FillColor = kind.of(w.pal)
	c.ExtendBaseWidget(c)
	return c
}

// set changes the chip.
func (c *stateChip) set(words string, kind tone) {
	if c.words.Text == words && c.tone == kind {
		return
	}
	c.words.Text, c.tone = words, kind
	c.words.Color, c.back.FillColor = kind.of(c.window.pal)
	c.Refresh()
}

// MinSize is the size of the words with their padding.
func (c *stateChip) MinSize() fyne.Size {
	if c.words.Text == "" {
		return fyne.Size{}
	}
	return fyne.NewSize(c.words.MinSize().Width+12, 18)
}

// CreateRenderer draws the chip.
func (c *stateChip) CreateRenderer() fyne.WidgetRenderer {
	return newChipDrawing(c.back, c.words, 6, c.MinSize)
}

// badge is the short name of a source on its colour.
type badge struct {
	widget.BaseWidget
	text  *assets.Texts
	pal   *palette
	back  *canvas.Rectangle
	words *canvas.Text
}

// newBadge makes the badge of a source.
func (w *Window) newBadge(s app.Source) *badge {
	b := &badge{text: w.text, pal: w.pal, back: canvas.NewRectangle(color.Transparent), words: newText("", sizeSmall, color.White, true)}
	b.back.CornerRadius = 4
	b.set(s)
	b.ExtendBaseWidget(b)
	return b
}

// set changes the source.
func (b *badge) set(s app.Source) {
	b.words.Text = assets.Name(b.text, "badge", s)
	b.back.FillColor = b.pal.source(s)
	b.Refresh()
}

// MinSize is the size of the letters with their padding.
func (b *badge) MinSize() fyne.Size { return fyne.NewSize(b.words.MinSize().Width+10, 18) }

// CreateRenderer draws the badge.
func (b *badge) CreateRenderer() fyne.WidgetRenderer {
	return newChipDrawing(b.back, b.words, 5, b.MinSize)
}

// newChipDrawing is words on a ground, side pixels from its left edge.
func newChipDrawing(back *canvas.Rectangle, words *canvas.Text, side float32, min func() fyne.Size) *drawing {
	d := &drawing{objects: []fyne.CanvasObject{back, words}}
	d.arrangement = arrangement{min: min, place: func(size fyne.Size) {
		place(back, 0, 0, size.Width, size.Height)
		centred(words, side, size.Height)
	}}
	d.refresh = func() {
		d.place(back.Size())
		canvas.Refresh(back)
		canvas.Refresh(words)
	}
	return d
}

// newPill is a word in an outlined pill: facts of an appeal.
func (w *Window) newPill(words string) fyne.CanvasObject {
	back := canvas.NewRectangle(w.pal.surface)
	back.CornerRadius, back.StrokeWidth, back.StrokeColor = 11, 1, w.pal.border
	t := newText(words, sizeCaption, w.pal.text, false)
	return container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(t.MinSize().Width+20, 22) },
		place: func(size fyne.Size) {
			place(back, 0, 0, size.Width, size.Height)
			centred(t, 10, size.Height)
		},
	}, back, t)
}

// toggle is a pill that is on or off: periods of a chart, values of a filter.
type toggle struct {
	tapping
	on    bool
	back  *canvas.Rectangle
	words *canvas.Text
}

// toggle makes a pill that calls do with its new state when clicked.
func (w *Window) toggle(label string, on bool, do func(on bool)) *toggle {
	t := &toggle{on: on, back: canvas.NewRectangle(color.Transparent), words: newText(label, sizeCaption, color.Black, false)}
	t.window = w
	t.do = func() {
		t.set(!t.on)
		do(t.on)
	}
	t.back.CornerRadius = 11
	t.paint = func() {
		t.toned()
		canvas.Refresh(t.back)
		canvas.Refresh(t.words)
	}
	t.toned()
	t.ExtendBaseWidget(t)
	return t
}

// set switches without calling anybody.
func (t *toggle) set(on bool) {
	t.on = on
	t.repaint()
}

func (t *toggle) toned() {
	p := t.window.pal
	t.back.FillColor, t.words.Color, t.back.StrokeColor, t.back.StrokeWidth = p.shade, p.text, p.border, 1
	switch {
	case t.on:
		t.back.FillColor, t.words.Color, t.back.StrokeColor = p.selected, p.link, p.noteEdge
	case t.hovered:
		t.back.FillColor = p.hover
	}
	if t.focused {
		t.back.StrokeColor, t.back.StrokeWidth = p.link, 2
	}
}

// MinSize is the size of the words with their padding.
func (t *toggle) MinSize() fyne.Size { return fyne.NewSize(t.words.MinSize().Width+20, 22) }

// CreateRenderer draws the pill.
func (t *toggle) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{
		objects: []fyne.CanvasObject{t.back, t.words},
		arrangement: arrangement{min: t.MinSize, place: func(size fyne.Size) {
			place(t.back, 0, 0, size.Width, size.Height)
			centred(t.words, 10, size.Height)
		}},
		refresh: t.paint,
	}
}
