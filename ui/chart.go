package ui

import (
	"context"
	"image"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/report"
)

// settle is how long a chart waits for the end of resizing before it is drawn
// anew.
const settle = 120 * time.Millisecond

// chartView shows a picture of package report. The picture is drawn on a worker
// at the pixels of the screen; until it comes the old one stays, unstretched.
type chartView struct {
	widget.BaseWidget
	window *Window
	draw   func(report.Look) report.Picture // called on a worker; nil: nothing to show yet
	tell   func(report.Hover) []string      // lines of the tooltip, the first one a heading

	picture report.Picture
	size    fyne.Size // the picture is of
	scale   float32
	slot    Slot
	stop    func() // of the delay after resizing

	shown *canvas.Image // one for the life of the view: replaced ones stay cached
	tip   *chartTip

	name   string
	open   func(report.Hover)
	zoom   func(from, to app.Day)
	unzoom func()
}

// newChartView makes an empty chart.
func (w *Window) newChartView() *chartView {
	v := &chartView{window: w, shown: &canvas.Image{FillMode: canvas.ImageFillStretch}, tip: newChartTip(w)}
	v.tip.over = v
	v.shown.Hide()
	v.ExtendBaseWidget(v)
	return v
}

// set shows other data. draw runs on a worker and must only read what nobody
// changes.
func (v *chartView) set(draw func(report.Look) report.Picture, tell func(report.Hover) []string) {
	v.draw, v.tell = draw, tell
	v.tip.hide()
	v.render()
}

// MinSize leaves the size to the place the chart stands in.
func (v *chartView) MinSize() fyne.Size { return fyne.NewSize(80, 60) }

// Resize draws anew once the size has settled.
func (v *chartView) Resize(size fyne.Size) {
	v.BaseWidget.Resize(size)
	if size == v.size || v.draw == nil {
		return
	}
	v.tip.hide()
	if v.stop != nil {
		v.stop()
	}
	if v.size.IsZero() { // the first picture has nothing to wait for
		v.render()
		return
	}
	v.stop = v.window.live.Later(settle, v.render)
}

// render draws the picture for the present size in the background.
func (v *chartView) render() {
	size, draw := v.Size(), v.draw
	if draw == nil || size.Width < 1 || size.Height < 1 {
		return
	}
	scale := v.window.win.Canvas().Scale()
	l := report.Look{Width: int(size.Width), Height: int(size.Height), Scale: scale, Palette: v.window.chartPalette()}
	v.size, v.scale = size, scale
	v.window.live.Load(&v.slot, func(context.Context) (func(), error) {
		p := draw(l)
		return func() { v.show(p, fyne.NewSize(float32(l.Width), float32(l.Height))) }, nil
	})
}

func (v *chartView) show(p report.Picture, size fyne.Size) {
	v.picture = p
	v.shown.Image = p.Image
	v.shown.Resize(size)
	v.shown.Show()
	v.shown.Refresh()
	canvas.Refresh(v) // the driver does not know of what has only been hidden so far
}

// chartPalette gives the colours of charts for the present look.
func (w *Window) chartPalette() report.Palette {
	switch {
	case w.pal.strong:
		return report.Contrast()
	case w.pal.dark:
		return report.Dark()
	}
	return report.Light()
}

// MouseIn is part of desktop.Hoverable.
func (v *chartView) MouseIn(e *desktop.MouseEvent) { v.MouseMoved(e) }

// MouseMoved shows the value nearest to the pointer.
func (v *chartView) MouseMoved(e *desktop.MouseEvent) {
	v.window.touch()
	if v.tell == nil || v.picture.Image == nil {
		return
	}
	h, ok := v.picture.At(e.Position.X, e.Position.Y)
	if !ok {
		v.tip.hide()
		return
	}
	v.tip.show(v.tell(h), h, v.picture.Plot, v.Size())
}

// MouseOut takes the value away.
func (v *chartView) MouseOut() { v.tip.hide() }

// CreateRenderer draws the picture and what stands over it.
func (v *chartView) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: append([]fyne.CanvasObject{v.shown}, v.tip.objects()...)}
	d.arrangement = arrangement{min: v.MinSize, place: func(fyne.Size) {}}
	d.refresh = func() {
		// A window moved to another monitor has other pixels.
		if v.draw != nil && v.scale != v.window.win.Canvas().Scale() {
			v.render()
		}
	}
	return d
}

// tipLines is how many lines a tooltip has at most: a heading, a total and one
// line a network.
const tipLines = 9

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
func (t *chartTip) show(words []string, h report.Hover, plot report.Rect, size fyne.Size) {
	const side, line = 6, 15
	high := int(plot.Bottom - plot.Top)
	if high != t.high {
		t.high, t.dash.Image = high, dashes(high, t.window.pal.faint)
	}
	words = words[:min(len(words), len(t.lines))]
	width := float32(0)
	for i, l := range t.lines {
		l.Text = ""
		if i < len(words) {
			l.Text = words[i]
			width = max(width, l.MinSize().Width)
		}
	}
	width += 2 * side
	height := float32(len(words))*line + 6
	x := h.X - width - 6 // to the left, as drawn, where there is room
	if x < 0 {
		x = min(h.X+8, size.Width-width)
	}
	y := max(0, min(h.Y-height/2-4, size.Height-height))
	place(t.dash, h.X-0.5, plot.Top, 1, float32(high))
	place(t.dot, h.X-3.5, h.Y-3.5, 7, 7)
	place(t.box, x, y, width, height)
	for i, l := range t.lines {
		l.Move(fyne.NewPos(x+side, y+2+line*float32(i)))
	}
	for _, o := range t.objects() {
		o.Show()
	}
	t.dash.Hidden = h.Day == 0 // an hour of the week has no line to stand on
	canvas.Refresh(t.over)
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

// sparks draws the tiny lines of a table's rows in the background, those on the
// screen only, and keeps them.
type sparks struct {
	window *Window
	ready  func() // more pictures have come
	kept   map[string]image.Image
	wanted map[string]app.Series
	busy   bool
	slot   Slot
}

// sparksKept bounds the memory of pictures; beyond it all are forgotten.
const sparksKept = 600

func newSparks(w *Window, ready func()) *sparks {
	return &sparks{window: w, ready: ready, kept: map[string]image.Image{}, wanted: map[string]app.Series{}}
}

// forget is called when the data has changed.
func (s *sparks) forget() {
	s.window.live.Drop(&s.slot)
	s.busy = false
	clear(s.kept)
	clear(s.wanted)
}

// of gives the picture of a row, nil until it has been drawn.
func (s *sparks) of(id string, series app.Series) image.Image {
	if img, ok := s.kept[id]; ok {
		return img
	}
	s.wanted[id] = series
	if !s.busy {
		s.busy = true
		// All rows of this refresh ask before the work begins.
		s.window.live.Later(10*time.Millisecond, s.work)
	}
	return nil
}

func (s *sparks) work() {
	if len(s.wanted) == 0 {
		s.busy = false
		return
	}
	todo := s.wanted
	s.wanted = map[string]app.Series{}
	l := report.Look{Width: sparkWidth, Height: sparkHeight, Scale: s.window.win.Canvas().Scale(), Palette: s.window.chartPalette()}
	s.window.live.Load(&s.slot, func(context.Context) (func(), error) {
		drawn := make(map[string]image.Image, len(todo))
		for id, series := range todo {
			drawn[id] = report.Sparkline(l, series)
		}
		return func() {
			if len(s.kept)+len(drawn) > sparksKept {
				clear(s.kept)
			}
			for id, img := range drawn {
				s.kept[id] = img
			}
			s.work()
			s.ready()
		}, nil
	})
}
