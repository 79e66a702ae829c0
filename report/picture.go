package report

import (
	"image"
	"math"

	"otklik/app"
)

// Picture is a drawn chart and the knowledge of what lies where in it. It keeps
// the data it was drawn from, which must not be changed afterwards.
type Picture struct {
	Image image.Image // nil where the chart was drawn on something else
	// Plot is the field of the lines, in points from the upper left corner;
	// zero where there was nothing to draw.
	Plot Rect
	// Legend are the entries a person may click to switch a series off and on.
	Legend []Entry
	// Marks are the occasions on the axis of time, by day.
	Marks []Mark

	places places
	time   axis // of days; zero where x is not time
}

// Entry is the place of a series in the legend.
type Entry struct {
	Rect
	Series int
}

// Rect is a rectangle in points of a picture.
type Rect struct{ Left, Top, Right, Bottom float32 }

// Hover is the value nearest to the pointer, or the one the keyboard has come to.
// What it says is told by whoever gave the data.
type Hover struct {
	X, Y float32 // the marker's centre, in points of the picture
	// Point and Series are the places of the value in the data the chart was given.
	Point, Series int
}

// reach is how far outside the plot, in points, the pointer still finds a
// value: the outermost days stand on its very edge.
const reach = 8

// At gives the value nearest to the point x, y (points of the picture); false
// outside the plot and in a picture without data. Values with a field of their own are
// found all over it: a bar under its name as well.
func (p Picture) At(x, y float32) (Hover, bool) {
	if p.places == nil {
		return Hover{}, false
	}
	if _, fields := p.places.(cells); !fields && (x < p.Plot.Left-reach || x > p.Plot.Right+reach ||
		y < p.Plot.Top-reach || y > p.Plot.Bottom+reach) {
		return Hover{}, false
	}
	return p.places.near(x, y)
}

// Next gives the value dx values to the right of h and dy below it; less where fewer
// are there, false where none is. From the zero Hover it gives the first value, or,
// going left or up, the last.
func (p Picture) Next(h Hover, dx, dy int) (Hover, bool) {
	if p.places == nil {
		return h, false
	}
	return p.places.next(h, dx, dy)
}

// DayAt gives the day at x, the nearest end of the axis where x is outside; false
// where x is not time.
func (p Picture) DayAt(x float32) (app.Day, bool) {
	if p.time.min >= p.time.max || p.Plot.Right <= p.Plot.Left {
		return 0, false
	}
	share := float64((x - p.Plot.Left) / (p.Plot.Right - p.Plot.Left))
	d := math.Round(p.time.min + share*(p.time.max-p.time.min))
	return app.Day(min(max(d, math.Ceil(p.time.min)), math.Floor(p.time.max))), true
}

// markReach is how close to an occasion's line, in points, a value is to be told with it.
const markReach = 4

// MarksAt gives the occasions to be told with the value: those beside it, and those
// between two values that are nearest to this one.
func (p Picture) MarksAt(h Hover) []Mark {
	var out []Mark
	for _, m := range p.Marks {
		x := (m.Left + m.Right) / 2
		closest, ok := p.At(x, h.Y)
		if ok && closest.Point == h.Point || max(x-h.X, h.X-x) <= markReach {
			out = append(out, m)
		}
	}
	return out
}
