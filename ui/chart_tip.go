package ui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"otklik/report"
)

// tipLines is how many lines a tooltip has at most: a heading, a line a network, a
// total, and the occasions of the day.
const tipLines = 14

// chartTip is what marks a value: a dashed line, a dot, a dark box of words.
type chartTip struct {
	window *Window
	over   fyne.CanvasObject // the chart under it
	dash   *canvas.Image
	dot    *canvas.Circle
	box    *canvas.Rectangle
	lines  []*canvas.Text
	high   int // of the dashed picture
}

func newChartTip(w *Window) *chartTip {
	t := &chartTip{window: w, dash: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScalePixels}}
	t.dot = canvas.NewCircle(w.pal.link)
	t.box = canvas.NewRectangle(hex(0x1B2430))
	if w.pal.dark {
		t.box.StrokeColor, t.box.StrokeWidth = w.pal.outline, 1
	}
	t.box.CornerRadius = 3
	for range tipLines {
		t.lines = append(t.lines, newText("", sizeSmall-0.5, color.White, len(t.lines) > 0))
	}
	for _, o := range t.objects() {
		o.Hide()
	}
	return t
}

func (t *chartTip) objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{t.dash, t.dot, t.box}
	for _, l := range t.lines {
		out = append(out, l)
	}
	return out
}

func (t *chartTip) hide() {
	if t.box.Visible() {
		for _, o := range t.objects() {
			o.Hide()
		}
		canvas.Refresh(t.over)
	}
}

// show marks the value within a view of the size.
func (t *chartTip) show(words []string, h report.Hover, picture report.Picture, size fyne.Size) {
	plot := picture.Plot
	high := int(plot.Bottom - plot.Top)
	if high != t.high {
		t.high, t.dash.Image = high, dashes(high, t.window.pal.faint)
	}
	place(t.dash, h.X-0.5, plot.Top, 1, float32(high))
	place(t.dot, h.X-3.5, h.Y-3.5, 7, 7)
	t.write(words, h.X, h.Y, size)
	t.dot.Show()
	_, dated := picture.DayAt(h.X)
	setShown(t.dash, dated) // an hour of the week has no line to stand on
	canvas.Refresh(t.over)
}

// tell shows words beside a place where no value is marked.
func (t *chartTip) tell(words []string, x, y float32, size fyne.Size) {
	t.dash.Hide()
	t.dot.Hide()
	t.write(words, x, y, size)
	canvas.Refresh(t.over)
}

// write places the box of words beside x, y: to the left, as drawn, where there is
// room, and never over the edge.
func (t *chartTip) write(words []string, x, y float32, size fyne.Size) {
	const side, line = 6, 15
	words = words[:min(len(words), len(t.lines))]
	width := float32(0)
	for i, l := range t.lines {
		l.Text = ""
		if i < len(words) {
			l.Text = t.window.cuts.fit(words[i], l.TextSize, l.TextStyle.Bold, size.Width-2*side)
			width = max(width, l.MinSize().Width)
		}
		l.Show()
	}
	width += 2 * side
	height := float32(len(words))*line + 6
	left := x - width - 6
	if left < 0 {
		left = max(0, min(x+8, size.Width-width))
	}
	top := max(0, min(y-height/2-4, size.Height-height))
	place(t.box, left, top, width, height)
	t.box.Show()
	for i, l := range t.lines {
		l.Move(fyne.NewPos(left+side, top+2+line*float32(i)))
	}
}

// dashes is a vertical dashed line one pixel wide: Fyne's lines are whole.
func dashes(high int, c color.Color) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 1, max(1, high)))
	for y := range high {
		if y%6 < 3 {
			img.Set(0, y, c)
		}
	}
	return img
}

// chartBand is the stretch of time that is being chosen.
type chartBand struct {
	on       bool
	dragged  bool    // the button is held
	dropped  bool    // what is dragged until it is let go means nothing
	from, to float32 // where it began and where it is, in points
	fill     *canvas.Rectangle
	edges    [2]*canvas.Rectangle
}

func newChartBand(w *Window) chartBand {
	b := chartBand{fill: canvas.NewRectangle(fade(w.pal.link, 46))}
	for i := range b.edges {
		b.edges[i] = canvas.NewRectangle(w.pal.link)
	}
	b.hide()
	return b
}

func (b *chartBand) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{b.fill, b.edges[0], b.edges[1]}
}

func (b *chartBand) hide() {
	b.on = false
	for _, o := range b.objects() {
		o.Hide()
	}
}

// show draws the band over the plot.
func (b *chartBand) show(plot report.Rect) {
	left, right := min(b.from, b.to), max(b.from, b.to)
	high := plot.Bottom - plot.Top
	place(b.fill, left, plot.Top, right-left, high)
	place(b.edges[0], left-0.5, plot.Top, 1, high)
	place(b.edges[1], right-0.5, plot.Top, 1, high)
	for _, o := range b.objects() {
		o.Show()
	}
}
