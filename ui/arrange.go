package ui

import "fyne.io/fyne/v2"

// arrangement is a layout said in two functions; own widgets and columns are
// placed by hand, to the pixel of the drawings.
type arrangement struct {
	min   func() fyne.Size
	place func(fyne.Size)
}

// MinSize asks the function.
func (a arrangement) MinSize([]fyne.CanvasObject) fyne.Size { return a.min() }

// Layout asks the function.
func (a arrangement) Layout(_ []fyne.CanvasObject, size fyne.Size) { a.place(size) }

// place puts an object into a rectangle.
func place(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}

// centred puts an object of its own size at x, in the middle of height.
func centred(o fyne.CanvasObject, x, height float32) float32 {
	m := o.MinSize()
	o.Move(fyne.NewPos(x, (height-m.Height)/2))
	o.Resize(m)
	return m.Width
}

// gaps is a padding layout with its own amount on each side.
type gaps struct{ top, right, bottom, left float32 }

// MinSize adds the gaps to the content.
func (g gaps) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		if o.Visible() {
			size = size.Max(o.MinSize())
		}
	}
	return size.AddWidthHeight(g.left+g.right, g.top+g.bottom)
}

// Layout leaves the gaps free.
func (g gaps) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		place(o, g.left, g.top, size.Width-g.left-g.right, size.Height-g.top-g.bottom)
	}
}

// column stacks objects from the top with a gap between them, each as wide as
// the column.
type column struct{ gap float32 }

// MinSize is the sum of heights.
func (c column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	shown := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		size.Width = max(size.Width, m.Width)
		size.Height += m.Height
		shown++
	}
	if shown > 1 {
		size.Height += float32(shown-1) * c.gap
	}
	return size
}

// Layout goes from the top down.
func (c column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		// The width comes first: the height of wrapped text follows from it.
		if o.Size().Width != size.Width {
			o.Resize(fyne.NewSize(size.Width, o.Size().Height))
		}
		h := o.MinSize().Height
		place(o, 0, y, size.Width, h)
		y += h + c.gap
	}
}

// line puts objects side by side from the left, in the middle of its height.
type line struct{ gap float32 }

// MinSize is the sum of widths.
func (l line) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	shown := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		size.Height = max(size.Height, m.Height)
		size.Width += m.Width
		shown++
	}
	if shown > 1 {
		size.Width += float32(shown-1) * l.gap
	}
	return size
}

// Layout goes from the left to the right.
func (l line) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for _, o := range objects {
		if o.Visible() {
			x += centred(o, x, size.Height) + l.gap
		}
	}
}

// flow puts objects side by side and begins a new row where one would run over
// the right edge.
type flow struct {
	gap   float32
	width *float32 // of the place, as last laid out: rows follow from it
}

func newFlow(gap float32) flow { return flow{gap: gap, width: new(float32)} }

// MinSize is as high as the rows of the last width need.
func (f flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, f.walk(objects, *f.width, false))
}

// Layout fills row after row.
func (f flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	*f.width = size.Width
	f.walk(objects, size.Width, true)
}

func (f flow) walk(objects []fyne.CanvasObject, width float32, move bool) float32 {
	var x, y, row float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if x > 0 && x+m.Width > width {
			x, y, row = 0, y+row+f.gap, 0
		}
		if move {
			place(o, x, y, min(m.Width, max(width, 1)), m.Height)
		}
		x += m.Width + f.gap
		row = max(row, m.Height)
	}
	return y + row
}
