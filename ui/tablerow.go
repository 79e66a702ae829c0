package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

// tableRow is one reusable line of a table. It is drawn with bare canvas
// objects where it can be: a page of labels is several times slower.
type tableRow struct {
	widget.BaseWidget
	table *table
	cells []cell
	parts []tablePart
}

// tablePart are the objects of one cell; only those of its kind are set.
type tablePart struct {
	words   *canvas.Text
	badge   *badge
	chip    *stateChip
	picture *canvas.Image
	mark    *canvas.RegularPolygon
}

func (t *table) newRow() listRow {
	w := t.window
	r := &tableRow{table: t, cells: make([]cell, len(t.columns)), parts: make([]tablePart, len(t.columns))}
	for i, c := range t.columns {
		p := &r.parts[i]
		switch c.kind {
		case cellBadge:
			p.badge = w.newBadge(app.SourceFile)
		case cellChip:
			p.chip = w.newStateChip("", toneGrey)
		case cellSpark:
			p.picture = &canvas.Image{FillMode: canvas.ImageFillStretch}
		case cellTrend:
			p.mark = canvas.NewRegularPolygon(3, w.pal.muted)
			p.words = newText("", t.size, w.pal.text, false)
		case cellWords:
			p.words = newText("", t.size, w.pal.text, false)
		}
	}
	r.ExtendBaseWidget(r)
	return r
}

// show fills the line with a row of the table.
func (r *tableRow) show(row int) {
	clear(r.cells)
	r.table.fill(row, r.cells)
	r.Refresh()
}

// mark leaves selection to the list, which draws the ground.
func (r *tableRow) mark(bool, bool) {}

// CreateRenderer draws the cells.
func (r *tableRow) CreateRenderer() fyne.WidgetRenderer {
	var objects []fyne.CanvasObject
	for _, p := range r.parts {
		switch {
		case p.badge != nil:
			objects = append(objects, p.badge)
		case p.chip != nil:
			objects = append(objects, p.chip)
		case p.picture != nil:
			objects = append(objects, p.picture)
		case p.mark != nil:
			objects = append(objects, p.mark, p.words)
		default:
			objects = append(objects, p.words)
		}
	}
	d := &drawing{objects: objects}
	d.arrangement = arrangement{
		min:   func() fyne.Size { return fyne.NewSize(40, r.table.list.height) },
		place: r.arrange,
	}
	d.refresh = func() {
		r.arrange(r.Size())
		for _, o := range objects {
			canvas.Refresh(o)
		}
	}
	return d
}

func (r *tableRow) arrange(size fyne.Size) {
	t := r.table
	t.measure(size.Width)
	for i, c := range t.columns {
		left, right := t.lefts[i]+cellSide, t.lefts[i+1]-cellSide
		p, v := r.parts[i], r.cells[i]
		if t.without[i] {
			v = cell{} // which leaves all of its objects empty
		}
		switch c.kind {
		case cellBadge:
			p.badge.Hidden = v.source == ""
			if v.source != "" {
				p.badge.set(v.source)
			}
			centred(p.badge, left, size.Height-1)
		case cellChip:
			p.chip.Hidden = v.words == ""
			p.chip.set(t.window.cuts.fit(v.words, sizeCaption, true, right-left-12), v.tone)
			centred(p.chip, left, size.Height-1)
		case cellSpark:
			p.picture.Image, p.picture.Hidden = v.picture, v.picture == nil
			place(p.picture, left, (size.Height-1-sparkHeight)/2, sparkWidth, sparkHeight)
		case cellTrend:
			p.mark.Hidden = v.trend == 0
			p.mark.Angle, p.mark.FillColor = angle(v.trend > 0), r.ink(v)
			place(p.mark, left, (size.Height-1-markSize)/2, markSize, markSize)
			r.words(p.words, v, false, left+markSize+4, right, size.Height)
		case cellWords:
			r.words(p.words, v, c.right, left, right, size.Height)
		}
	}
}

// words puts text between two edges, cut where it is too long.
func (r *tableRow) words(o *canvas.Text, v cell, toRight bool, left, right, height float32) {
	o.Text = r.table.window.cuts.fit(v.words, o.TextSize, v.bold, right-left)
	o.TextStyle.Bold, o.Color = v.bold, r.ink(v)
	if toRight {
		left = right - o.MinSize().Width
	}
	centred(o, left, height-1)
}

func (r *tableRow) ink(v cell) (c color.Color) {
	if v.ink != nil {
		return v.ink
	}
	return r.table.window.pal.text
}
