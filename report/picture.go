package report

import (
	"image"
	"sort"

	"otklik/app"
)

// Picture is a drawn chart and the knowledge of what lies where in it. It keeps
// the data it was drawn from, which must not be changed afterwards.
type Picture struct {
	Image image.Image
	// Plot is the field of the lines, in points from the upper left corner;
	// zero where there was nothing to draw.
	Plot Rect
	// Legend are the entries a person may click to switch a series off and on.
	Legend []Entry

	find func(x, y float32) (Hover, bool)
}

// Entry is the place of a series in the legend.
type Entry struct {
	Rect
	Series int
}

// Rect is a rectangle in points of a picture.
type Rect struct{ Left, Top, Right, Bottom float32 }

// Hover is the value nearest to the pointer.
type Hover struct {
	X, Y float32 // the marker's centre, in points of the picture
	// Point and Series are the places of the value in the data the chart was given;
	// what it says is told by whoever gave them.
	Point, Series int
	Day           app.Day // zero in Heat
	// Values are: Growth, one count; Networks, one count a network, in the
	// order they were given; Heat, one count of appeals; Responses, none.
	Values   []HoverValue
	Response app.Summary // Responses only
	Weekday  int         // Heat only: 0 is Monday
	Hour     int         // Heat only: 0…23
}

// HoverValue is one count under the pointer.
type HoverValue struct {
	Network  app.Source // Networks only
	Value    int64
	Delta    int64 // against the day before
	HasDelta bool  // false where the day before was not counted
}

// reach is how far outside the plot, in points, the pointer still finds a
// value: the outermost days stand on its very edge.
const reach = 8

// At gives the value nearest to the point x, y (points of the picture); false
// outside the plot and in a picture without data.
func (p Picture) At(x, y float32) (Hover, bool) {
	if p.find == nil || x < p.Plot.Left-reach || x > p.Plot.Right+reach ||
		y < p.Plot.Top-reach || y > p.Plot.Bottom+reach {
		return Hover{}, false
	}
	return p.find(x, y)
}

// spot is the place of a value in points; of is its index in the data.
type spot struct {
	x, y float32
	of   int
}

// nearest gives the spot nearest by x; spots stand in the order of x.
func nearest(spots []spot, x float32) (spot, bool) {
	if len(spots) == 0 {
		return spot{}, false
	}
	i := sort.Search(len(spots), func(i int) bool { return spots[i].x >= x })
	if i == len(spots) || i > 0 && x-spots[i-1].x <= spots[i].x-x {
		i--
	}
	return spots[i], true
}
