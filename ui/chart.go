package ui

import (
	"context"
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
//
// What mouse and keyboard do with it is said in chart_mouse.go and chart_keys.go;
// whoever shows the chart sets the functions that lead away from it.
type chartView struct {
	widget.BaseWidget
	window *Window
	draw   func(report.Look) report.Picture // called on a worker; nil: nothing to show yet
	tell   func(report.Hover) []string      // lines of the tooltip, the first one a heading

	name   string                 // of the chart, for those who cannot see it
	open   func(report.Hover)     // shows what is behind a point; nil: nothing is
	zoom   func(from, to app.Day) // narrows the period; nil: it cannot be narrowed
	unzoom func()                 // goes back; nil while there is nothing to go back to

	picture report.Picture
	hidden  report.Hidden // series switched off in the legend; they stay so with other data
	size    fyne.Size     // the picture is of
	scale   float32
	slot    Slot
	stop    func() // of the delay after resizing

	at      report.Hover // the value that is marked, or was last
	band    chartBand
	shift   bool           // is held
	again   func()         // ends the wait for the second click of two, nil where none is awaited
	pointer desktop.Cursor // over where the mouse is

	shown *canvas.Image // one for the life of the view: replaced ones stay cached
	ring  *canvas.Rectangle
	key   *canvas.Rectangle // around the entry of the legend under the mouse
	tip   *chartTip
}

// newChartView makes an empty chart.
func (w *Window) newChartView() *chartView {
	v := &chartView{window: w, shown: &canvas.Image{FillMode: canvas.ImageFillStretch}, tip: newChartTip(w)}
	v.ring, v.key = canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)
	v.ring.CornerRadius, v.ring.StrokeWidth, v.ring.StrokeColor = 4, 2, w.pal.link
	v.key.CornerRadius, v.key.StrokeWidth, v.key.StrokeColor = 3, 1, w.pal.link
	v.band = newChartBand(w)
	v.tip.over = v
	for _, o := range []fyne.CanvasObject{v.shown, v.ring, v.key} {
		o.Hide()
	}
	v.ExtendBaseWidget(v)
	return v
}

// set shows other data. draw runs on a worker and must only read what nobody
// changes.
func (v *chartView) set(draw func(report.Look) report.Picture, tell func(report.Hover) []string) {
	v.draw, v.tell = draw, tell
	v.at = report.Hover{}
	v.leave()
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
	v.leave()
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
	l := report.Look{Width: int(size.Width), Height: int(size.Height), Scale: scale, Palette: v.window.chartPalette(), Hidden: v.hidden}
	v.size, v.scale = size, scale
	v.window.live.Load(&v.slot, func(context.Context) (func(), error) {
		p := draw(l)
		return func() { v.show(p, fyne.NewSize(float32(l.Width), float32(l.Height))) }, nil
	})
}

func (v *chartView) show(p report.Picture, size fyne.Size) {
	v.picture = p
	v.leave() // what is marked may stand elsewhere now
	v.shown.Image = p.Image
	v.shown.Resize(size)
	v.shown.Show()
	v.shown.Refresh()
	canvas.Refresh(v) // the driver does not know of what has only been hidden so far
}

// toggle switches a series of the legend off or on. The last one left is not switched
// off alone: all come back.
func (v *chartView) toggle(series int) {
	hidden, left := v.hidden.Toggle(series), 0
	for _, e := range v.picture.Legend {
		if !hidden.Has(e.Series) {
			left++
		}
	}
	if left == 0 {
		hidden = 0
	}
	v.hidden = hidden
	v.render()
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

// CreateRenderer draws the picture and what stands over it.
func (v *chartView) CreateRenderer() fyne.WidgetRenderer {
	const air = 4 // the ring stands around the words, not on them
	objects := append([]fyne.CanvasObject{v.shown}, v.band.objects()...)
	d := &drawing{objects: append(append(objects, v.key, v.ring), v.tip.objects()...)}
	d.arrangement = arrangement{min: v.MinSize, place: func(size fyne.Size) {
		place(v.ring, -air, -air, size.Width+2*air, size.Height+2*air)
	}}
	d.refresh = func() {
		// A window moved to another monitor has other pixels.
		if v.draw != nil && v.scale != v.window.win.Canvas().Scale() {
			v.render()
		}
	}
	return d
}
