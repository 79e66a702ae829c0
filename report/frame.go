package report

import (
	"image"
	"image/color"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/golang/freetype/truetype"
	"github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"
	"golang.org/x/image/math/fixed"

	"otklik/app"
)

// dpi is go-chart's resolution at scale 1; it draws a font of size s s·dpi/64
// pixels high.
const dpi = 92

const (
	textSize = 11.0 // points of the screen
	noteSize = 13.0 // «нет данных»
	least    = 6.0  // a smaller font says nothing
)

// typeface is go-chart's own font. Its GetDefaultFont is not safe for several
// goroutines at once, so it is asked once; the data is embedded and parses.
var typeface = sync.OnceValues(chart.GetDefaultFont)

// frame is a picture in the making: size, margins, axes.
type frame struct {
	look                     Look
	labels                   Labels
	scale                    float64
	w, h                     int  // pixels
	left, top, right, bottom int  // margins of the plot, pixels
	dated, keyed, headroom   bool // there is room for dates, for a legend, for a unit
	font                     *truetype.Font
	time                     axis  // of days; zero where x is not time
	levels                   []int // at which values are written, pixels

	// What the picture will know of itself.
	keys   []Entry
	marks  []Mark
	places places
}

func newFrame(look Look, labels Labels) *frame {
	f := &frame{look: look, labels: labels.whole(), scale: look.scale()}
	f.w, f.h = look.pixels()
	if f.font = look.font; f.font == nil {
		f.font, _ = typeface() // nil draws no text
	}
	return f
}

// px turns points into whole pixels.
func (f *frame) px(points float64) int { return int(math.Round(points * f.scale)) }

// advance is the width of the text in pixels.
func (f *frame) advance(text string, size float64) int {
	if f.font == nil {
		return 0
	}
	return advance(f.font, f.written(text), size*f.scale)
}

// written is the text in characters the font has, on paper; the screen's font is
// asked for what it has not.
func (f *frame) written(text string) string {
	if f.look.font != nil {
		return readable(text)
	}
	return text
}

// advance is the width of the text in pixels at a size in pixels. go-chart's
// MeasureText gives the bounds of the ink, too wide where the first letter stands off.
func advance(font *truetype.Font, text string, size float64) int {
	em := fixed.Int26_6(size * 64)
	var sum fixed.Int26_6
	for _, r := range text {
		sum += font.HMetric(em, font.Index(r)).AdvanceWidth
	}
	return sum.Ceil()
}

// fit shortens the text to so many pixels, with an ellipsis.
func (f *frame) fit(text string, size float64, room int) string {
	if f.advance(text, size) <= room {
		return text
	}
	letters := []rune(text)
	for n := len(letters) - 1; n > 0; n-- {
		short := strings.TrimRight(string(letters[:n]), " ,.-") + "…"
		if f.advance(short, size) <= room {
			return short
		}
	}
	return ""
}

// margins gives the plot its place: values to the left, dates and rows of a
// legend below. As a picture gets smaller it goes without the legend, then
// without dates, then without values, rather than cut words.
func (f *frame) margins(values []string, rows int) {
	wide := 0
	for _, v := range values {
		wide = max(wide, f.advance(v, textSize))
	}
	f.top, f.left, f.right = f.px(7), wide+f.px(9), f.px(7)
	if len(f.marks) > 0 {
		f.top += f.px(signHeight)
	}
	f.keyed, f.dated = rows > 0, true
	f.bottom = f.px(24)
	if f.keyed {
		f.bottom += rows*f.px(20) + f.px(2)
	}
	if f.keyed && f.plotHeight() < 48 {
		f.keyed, f.bottom = false, f.px(24)
	}
	if f.plotHeight() < 24 {
		f.dated, f.bottom = false, f.px(7)
	}
	if f.plotHeight() < 24 || f.plotWidth() < 40 {
		f.bare()
	}
}

// bare gives the plot the whole picture, without any words.
func (f *frame) bare() {
	f.left, f.right, f.top, f.bottom = 0, 0, 0, 0
	f.keyed, f.dated, f.headroom, f.marks = false, false, false, nil
}

// plotWidth and plotHeight are the size of the field of the lines in points.
func (f *frame) plotWidth() float64  { return float64(f.w-f.left-f.right) / f.scale }
func (f *frame) plotHeight() float64 { return float64(f.h-f.top-f.bottom) / f.scale }

// lines is how many horizontal lines the height has room for, over the bottom
// one; it is asked before the margins are known.
func (f *frame) lines() int {
	return min(5, max(1, int((float64(f.h)/f.scale-40)/42)))
}

// dates is how many dates have room along the plot.
func (f *frame) dates() int { return max(1, int(f.plotWidth()/60)) }

// plot is what a chart's own drawing gets: the canvas box and the ranges.
type plot struct {
	*frame
	on   surface
	box  chart.Box
	x, y axis
}

// at gives the place of the values in pixels.
func (p *plot) at(x, y float64) point { return point{p.atX(x), p.atY(y)} }

func (p *plot) atX(v float64) float64 {
	return float64(p.box.Left) + (v-p.x.min)/(p.x.max-p.x.min)*float64(p.box.Right-p.box.Left)
}

func (p *plot) atY(v float64) float64 {
	return float64(p.box.Bottom) - (v-p.y.min)/(p.y.max-p.y.min)*float64(p.box.Bottom-p.box.Top)
}

// pointX and pointY give the place of the values in points, for the pointer.
func (p *plot) pointX(v float64) float32 { return float32(p.atX(v) / p.scale) }
func (p *plot) pointY(v float64) float32 { return float32(p.atY(v) / p.scale) }

// rect turns pixels into points.
func (f *frame) rect(r image.Rectangle) Rect {
	s := float32(f.scale)
	return Rect{float32(r.Min.X) / s, float32(r.Min.Y) / s, float32(r.Max.X) / s, float32(r.Max.Y) / s}
}

// text writes with the baseline's left end at x, y (pixels).
func (p *plot) text(s string, x, y int, size float64, c color.NRGBA) {
	if s != "" {
		p.on.text(p.written(s), x, y, size*p.scale, c)
	}
}

// draw makes the picture: what is on it paint draws.
func (f *frame) draw(x, y axis, paint func(*plot)) Picture {
	out := Picture{}
	on := func(s surface, box chart.Box) {
		p := &plot{frame: f, on: s, box: box, x: x, y: y}
		s.block(image.Rect(0, 0, f.w, f.h), f.look.Background)
		paint(p)
		out.Plot = f.rect(image.Rect(box.Left, box.Top, box.Right, box.Bottom))
		p.on = nil // the places keep the plot, which need not keep the canvas
	}
	if f.look.on != nil {
		on(f.look.on, chart.NewBox(f.top, f.left, f.w-f.right, f.h-f.bottom))
	} else {
		out.Image = f.raster(x, y, on)
	}
	out.Legend, out.Marks, out.places, out.time = f.keys, f.marks, f.places, f.time
	return out
}

// brush is a series that draws itself; go-chart's own series neither know gaps
// nor survive level or empty data.
type brush func(r chart.Renderer, box chart.Box)

func (brush) GetName() string           { return "" }
func (brush) GetYAxis() chart.YAxisType { return chart.YAxisPrimary }
func (brush) GetStyle() chart.Style     { return chart.Style{} }
func (brush) Validate() error           { return nil }

func (b brush) Render(r chart.Renderer, box chart.Box, _, _ chart.Range, _ chart.Style) { b(r, box) }

// raster lets go-chart lay out an image and calls paint for what is on it. The
// ranges must not be empty: that, and no series, is all that go-chart refuses.
func (f *frame) raster(x, y axis, paint func(surface, chart.Box)) image.Image {
	clear := chart.Style{FillColor: drawing.ColorTransparent, StrokeColor: drawing.ColorTransparent, StrokeWidth: 1}
	back := clear
	back.Padding = chart.NewBox(f.top, f.left, f.right, f.bottom)
	hidden := chart.Hidden()
	c := chart.Chart{
		Width: f.w, Height: f.h, DPI: dpi * f.scale, Font: f.font,
		Background: back, Canvas: clear,
		XAxis: chart.XAxis{Style: hidden, Range: &chart.ContinuousRange{Min: x.min, Max: x.max}},
		YAxis: chart.YAxis{Style: hidden, Range: &chart.ContinuousRange{Min: y.min, Max: y.max}},
		// Hidden axes need no ticks: the drawings' labels stand to the left
		// and without an axis line, which go-chart's axes cannot do.
		YAxisSecondary: chart.YAxis{Style: hidden},
	}
	c.Series = []chart.Series{brush(func(r chart.Renderer, box chart.Box) {
		paint(&raster{canvasOf(r), f.font, r}, box)
	})}
	var w chart.ImageWriter
	if err := c.Render(chart.PNG, &w); err == nil {
		if img, err := w.Image(); err == nil {
			return img
		}
	}
	return image.NewRGBA(image.Rect(0, 0, f.w, f.h))
}

// collector receives the renderer's image.
type collector struct{ img *image.RGBA }

func (c *collector) SetRGBA(img *image.RGBA)     { c.img = img }
func (c *collector) Write(b []byte) (int, error) { return len(b), nil }

// canvasOf gives the image the renderer draws on, so that pen and renderer can
// take turns.
func canvasOf(r chart.Renderer) *image.RGBA {
	var c collector
	if r.Save(&c) != nil || c.img == nil {
		return image.NewRGBA(image.Rectangle{})
	}
	return c.img
}

// noData is the picture of nothing.
func (f *frame) noData() Picture {
	unit := axis{max: 1}
	f.bare()
	f.time = axis{}
	p := f.draw(unit, unit, func(p *plot) {
		size := noteSize
		for size > least && p.advance(p.labels.NoData, size) > p.w-p.px(4) {
			size--
		}
		wide := p.advance(p.labels.NoData, size)
		if wide <= p.w && size*p.scale <= float64(p.h) {
			p.text(p.labels.NoData, (p.w-wide)/2, p.h/2+p.px(size*0.36), size, p.look.Palette.Text)
		}
	})
	p.Plot = Rect{}
	return p
}

// grid draws the horizontal lines and their values, but for those that would touch
// one that is written.
func (p *plot) grid(a axis, values []string) {
	thick := max(1, p.px(1))
	for i, v := range a.ticks {
		y := int(math.Round(p.atY(v)))
		top := min(y, p.h-thick)
		p.fill(image.Rect(p.box.Left, top, p.box.Right, top+thick), p.look.Palette.Grid)
		touches := func(o int) bool { return max(o-y, y-o) < p.px(textSize) }
		if p.left > 0 && !slices.ContainsFunc(p.levels, touches) {
			p.levels = append(p.levels, y)
			wide := p.advance(values[i], textSize)
			p.text(values[i], p.box.Left-p.px(9)-wide, y+p.px(textSize*0.36), textSize, p.look.Palette.Text)
		}
	}
}

// dashes draws a level dashed line on whole pixels.
func (p *plot) dashes(y float64, c color.NRGBA) {
	thick, dash, space := max(1, p.px(1)), p.px(5), p.px(4)
	top := min(int(math.Round(y)), p.h-thick)
	for x := p.box.Left; x < p.box.Right; x += dash + max(1, space) {
		p.on.block(image.Rect(x, top, min(x+dash, p.box.Right), top+thick), c)
	}
}

// calendar writes the dates below the plot and marks the occasions: each date begins
// at its day, the last is moved in from the edge, none touches another.
func (p *plot) calendar() {
	p.occasions()
	if !p.dated {
		return
	}
	edge := math.MinInt
	from, to := app.Day(math.Ceil(p.time.min)), app.Day(math.Floor(p.time.max))
	for _, t := range dayTicks(from, to, p.dates()) {
		text := t.text(p.labels)
		wide := p.advance(text, textSize)
		x := min(int(math.Round(p.atX(float64(t.day)))), p.box.Right-wide)
		if x < edge || x < 0 {
			continue
		}
		p.text(text, x, p.box.Bottom+p.px(20), textSize, p.look.Palette.Text)
		edge = x + wide + p.px(8)
	}
}

// days is the axis of the days from…to; a single day stands in its middle.
func days(from, to app.Day) axis {
	if from == to {
		return axis{min: float64(from) - 0.5, max: float64(to) + 0.5}
	}
	return axis{min: float64(from), max: float64(to)}
}

// write formats the values of an axis.
func write(ticks []float64, format func(float64) string) []string {
	out := make([]string, len(ticks))
	for i, v := range ticks {
		out[i] = format(v)
	}
	return out
}
