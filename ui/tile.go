package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// tile is a card with one figure: what it is, how much, and notes below.
type tile struct {
	widget.BaseWidget
	window  *Window
	height  float32 // of the whole row the highest counts
	back    *canvas.Rectangle
	caption *canvas.Text
	figure  *canvas.Text
	notes   []tileNote
	lines   []*canvas.Text
	full    [2]string // caption and figure, uncut
}

// tileNote is a remark under the figure; it wraps.
type tileNote struct {
	words string
	ink   color.Color
}

// Places within a tile, as drawn.
const (
	tileSide  = 14
	tileNotes = 56 // where they begin
	tileLine  = 18
)

// newTile makes a tile that says what it will count.
func (w *Window) newTile(caption string, height float32) *tile {
	t := &tile{window: w, height: height, full: [2]string{caption, ""}}
	t.back = canvas.NewRectangle(w.pal.surface)
	t.back.CornerRadius, t.back.StrokeWidth, t.back.StrokeColor = 8, 1, w.pal.border
	t.caption = newText(caption, sizeCaption, w.pal.muted, false)
	t.figure = newText("", sizeFigure, w.pal.text, true)
	for range int((height - tileNotes) / tileLine) {
		t.lines = append(t.lines, newText("", sizeCaption, w.pal.second, false))
	}
	t.ExtendBaseWidget(t)
	return t
}

// set shows a figure and its notes; a nil ink is the colour of text.
func (t *tile) set(figure string, ink color.Color, notes ...tileNote) {
	t.full[1], t.notes = figure, notes
	t.figure.Color = t.window.pal.text
	if ink != nil {
		t.figure.Color = ink
	}
	t.Refresh()
}

// MinSize is the height of the row of tiles.
func (t *tile) MinSize() fyne.Size { return fyne.NewSize(120, t.height) }

// CreateRenderer draws the tile.
func (t *tile) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{t.back, t.caption, t.figure}}
	for _, l := range t.lines {
		d.objects = append(d.objects, l)
	}
	d.arrangement = arrangement{min: t.MinSize, place: t.arrange}
	d.refresh = func() {
		t.arrange(t.Size())
		for _, o := range d.objects {
			canvas.Refresh(o)
		}
	}
	return d
}

func (t *tile) arrange(size fyne.Size) {
	w, room := t.window, size.Width-2*tileSide
	place(t.back, 0, 0, size.Width, size.Height)
	t.caption.Text = w.cuts.fit(t.full[0], sizeCaption, false, room)
	t.caption.Move(fyne.NewPos(tileSide, 9))
	t.figure.Text = w.cuts.fit(t.full[1], sizeFigure, true, room)
	t.figure.Move(fyne.NewPos(tileSide, 27))
	next := 0
	for _, n := range t.notes {
		for _, words := range w.cuts.wrap(n.words, sizeCaption, false, room, len(t.lines)-next) {
			l := t.lines[next]
			l.Text, l.Color = words, n.ink
			if n.ink == nil {
				l.Color = w.pal.second
			}
			next++
		}
	}
	for i, l := range t.lines {
		if i >= next {
			l.Text = ""
		}
		l.Move(fyne.NewPos(tileSide, tileNotes+tileLine*float32(i)))
	}
}

// Sizes of a row of tiles.
const (
	tileGap   = 10
	tileLeast = 165 // a tile narrower than this goes into another row
)

// tileRow puts tiles of equal width side by side, in as many rows as they need.
func tileRow(tiles ...fyne.CanvasObject) *fyne.Container {
	wide := float32(1000) // as last laid out: the height follows from it
	high := func() (height float32) {
		for _, t := range tiles {
			height = max(height, t.MinSize().Height)
		}
		return height
	}
	each := func() int {
		fit := max(1, min(len(tiles), int((wide+tileGap)/(tileLeast+tileGap))))
		rows := (len(tiles) + fit - 1) / fit
		return (len(tiles) + rows - 1) / rows // the same number in every row
	}
	return container.New(arrangement{
		min: func() fyne.Size {
			rows := float32((len(tiles) + each() - 1) / each())
			return fyne.NewSize(tileLeast, rows*high()+(rows-1)*tileGap)
		},
		place: func(size fyne.Size) {
			wide = size.Width
			n := each()
			width := (size.Width - tileGap*float32(n-1)) / float32(n)
			for i, t := range tiles {
				place(t, float32(i%n)*(width+tileGap), float32(i/n)*(high()+tileGap), width, high())
			}
		},
	}, tiles...)
}
