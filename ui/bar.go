package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// Sizes of the strip above a screen.
const (
	barRow    = 48
	barSide   = 14
	barGap    = 10
	searchMin = 196 // what a search line may shrink to
)

// bar is the strip above a screen. Where its objects are wider than the window,
// first the boxed keys go, then search lines shrink, then what only tells, then
// what has a key and is in the menu too; what is left goes into a second row.
type bar struct {
	edge        *canvas.Rectangle
	left, right []fyne.CanvasObject
	folded      map[fyne.CanvasObject]bool // hidden for want of room
	hints       map[*button]string         // of the buttons, while they are not shown
}

// topBar makes the strip: a line below, left and right objects.
func (w *Window) topBar(left, right []fyne.CanvasObject) fyne.CanvasObject {
	b := &bar{edge: canvas.NewRectangle(w.pal.border), left: left, right: right, folded: map[fyne.CanvasObject]bool{}, hints: map[*button]string{}}
	all := append(append([]fyne.CanvasObject{b.edge}, left...), right...)
	return container.New(b, all...)
}

// placeBar puts a strip at the top of so wide a screen and gives its height.
func placeBar(o fyne.CanvasObject, width float32) float32 {
	height := float32(barRow)
	c, ok := o.(*fyne.Container)
	if !ok {
		return height
	}
	if b, ok := c.Layout.(*bar); ok {
		rows, right := b.rows(width)
		height *= float32(max(len(rows), right+1))
	}
	place(c, 0, 0, width, height)
	c.Layout.Layout(c.Objects, c.Size()) // its objects may have changed while its size has not
	return height
}

// MinSize leaves the width to the screen.
func (b *bar) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, barRow) }

// Layout puts the objects into rows.
func (b *bar) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	place(b.edge, 0, size.Height-1, size.Width, 1)
	rows, right := b.rows(size.Width)
	for i, row := range rows {
		x, y := float32(barSide), float32(i)*barRow
		for _, p := range row {
			place(p.object, x, y+(barRow-1-p.height)/2, p.width, p.height)
			x += p.width + barGap
		}
	}
	x := size.Width - barSide
	for i := len(b.right) - 1; i >= 0; i-- {
		if o := b.right[i]; o.Visible() {
			m := o.MinSize()
			x -= m.Width
			place(o, x, float32(right)*barRow+(barRow-1-m.Height)/2, m.Width, m.Height)
			x -= barGap
		}
	}
}

// barPart is an object with the size it gets.
type barPart struct {
	object        fyne.CanvasObject
	width, height float32
}

// rows deals the left objects out to rows, folding what it may first, and says
// in which row the right ones stand: a row of their own where the first left one
// would not fit beside them.
func (b *bar) rows(width float32) (rows [][]barPart, right int) {
	b.unfold()
	if b.over(width, 0) > 0 {
		b.dropHints()
	}
	for i := len(b.left) - 1; i > 0 && b.over(width, shrinkable(b.left)) > 0; i-- {
		if _, tells := b.left[i].(*canvas.Text); tells {
			b.fold(b.left[i])
		}
	}
	for i := len(b.left) - 1; i > 0 && b.over(width, shrinkable(b.left)) > 0; i-- {
		if o, ok := b.left[i].(*button); ok && b.hints[o] != "" {
			b.fold(o)
		}
	}
	shrunk := max(0, min(b.over(width, 0), shrinkable(b.left)))
	var row []barPart
	x, limit := float32(barSide), width-barSide-b.rightWidth()
	alone := len(b.left) > 0 && b.rightWidth() > 0 && x+b.left[0].MinSize().Width > limit && !isSearch(b.left[0])
	if alone {
		limit = width - barSide
	}
	for _, o := range b.left {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if isSearch(o) {
			m.Width -= shrunk
		}
		if len(row) > 0 && x+m.Width > limit {
			rows, row = append(rows, row), nil
			x, limit = barSide, width-barSide
		}
		row = append(row, barPart{o, min(m.Width, max(1, limit-x)), m.Height})
		x += m.Width + barGap
	}
	rows = append(rows, row)
	if alone {
		right = len(rows)
	}
	return rows, right
}

// over is by how much the objects are wider than the strip, with so much taken
// off a search line.
func (b *bar) over(width, shrunk float32) float32 {
	need := float32(2*barSide) + b.rightWidth() - shrunk
	for _, o := range b.left {
		if o.Visible() {
			need += o.MinSize().Width + barGap
		}
	}
	return need - barGap - width
}

func (b *bar) rightWidth() (width float32) {
	for _, o := range b.right {
		if o.Visible() {
			width += o.MinSize().Width + barGap
		}
	}
	return width
}

func (b *bar) fold(o fyne.CanvasObject) {
	if o.Visible() {
		o.Hide()
		b.folded[o] = true
	}
}

func (b *bar) unfold() {
	for o := range b.folded {
		o.Show()
	}
	clear(b.folded)
	for o, hint := range b.hints {
		if o.hint == "" {
			o.setLabel(o.label, hint)
		}
	}
	clear(b.hints)
}

func (b *bar) dropHints() {
	for _, side := range [][]fyne.CanvasObject{b.left, b.right} {
		for _, o := range side {
			if o, ok := o.(*button); ok && o.hint != "" {
				b.hints[o] = o.hint
				o.setLabel(o.label, "")
			}
		}
	}
}

// isSearch says whether the object is a search line, which may be narrower than
// it asks for.
func isSearch(o fyne.CanvasObject) bool {
	c, ok := o.(*fyne.Container)
	if !ok {
		return false
	}
	_, ok = c.Layout.(searchLayout)
	return ok
}

// shrinkable is by how much the search line may shrink.
func shrinkable(objects []fyne.CanvasObject) float32 {
	for _, o := range objects {
		if o.Visible() && isSearch(o) {
			return max(0, o.MinSize().Width-searchMin)
		}
	}
	return 0
}
