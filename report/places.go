package report

import (
	"cmp"
	"slices"
	"sort"
)

// places are where the values of a chart stand, in points. They are looked for only
// when somebody points: a chart of a million values does not list them.
type places interface {
	near(x, y float32) (Hover, bool)
	next(h Hover, dx, dy int) (Hover, bool)
}

// track are values along x, one or several over each point.
type track struct {
	points  int
	x       func(point int) float32                 // ascending
	y       func(point, series int) (float32, bool) // false: not known
	series  []int                                   // those that are drawn
	stacked bool                                    // y is the top of an area
}

func (t *track) near(x, y float32) (Hover, bool) {
	right := sort.Search(t.points, func(i int) bool { return t.x(i) >= x })
	left := right - 1
	for left >= 0 || right < t.points {
		i := left
		if left < 0 || right < t.points && t.x(right)-x < x-t.x(left) {
			i = right
			right++
		} else {
			left--
		}
		if h, ok := t.over(i, y); ok {
			return h, true
		}
	}
	return Hover{}, false
}

// over gives the value over the point that is nearest to y, or the area y lies in.
func (t *track) over(point int, y float32) (Hover, bool) {
	column := t.column(point)
	if len(column) == 0 {
		return Hover{}, false
	}
	best := column[0]
	for _, h := range column[1:] {
		if t.stacked && h.Y <= y || !t.stacked && max(h.Y-y, y-h.Y) < max(best.Y-y, y-best.Y) {
			best = h
		}
	}
	return best, true
}

// column gives the values over the point, the uppermost first.
func (t *track) column(point int) []Hover {
	var out []Hover
	for _, k := range t.series {
		if y, ok := t.y(point, k); ok {
			out = append(out, Hover{X: t.x(point), Y: y, Point: point, Series: k})
		}
	}
	slices.SortStableFunc(out, func(a, b Hover) int { return cmp.Compare(a.Y, b.Y) })
	return out
}

func (t *track) next(h Hover, dx, dy int) (Hover, bool) {
	moved := false
	if h == (Hover{}) || h.Point >= t.points { // the data may have changed since
		h.Point = -1
		if dx < 0 || dy < 0 {
			h.Point, dx = t.points, -1
		} else {
			dx = 1
		}
		h.Series, dy = -1, 0
	}
	step := cmp.Compare(dx, 0)
	for i := h.Point + step; dx != 0 && i >= 0 && i < t.points; i += step {
		at, ok := t.over(i, h.Y)
		if !ok {
			continue
		}
		if slices.Contains(t.series, h.Series) {
			if y, ok := t.y(i, h.Series); ok {
				at.Y, at.Series = y, h.Series
			}
		}
		h, moved = at, true
		dx -= step
	}
	if dy == 0 {
		return h, moved
	}
	column := t.column(h.Point)
	at := slices.IndexFunc(column, func(o Hover) bool { return o.Series == h.Series })
	to := min(max(at+dy, 0), len(column)-1)
	if at < 0 || to == at {
		return h, moved
	}
	return column[to], true
}

// cells are values that have a field each: hours of the week, bars, tiles.
type cells []cell

type cell struct {
	Rect       // where the pointer finds it
	at   Hover // the marker
}

// away is how far x, y is outside the cell, squared.
func (c cell) away(x, y float32) float32 {
	dx, dy := max(c.Left-x, 0, x-c.Right), max(c.Top-y, 0, y-c.Bottom)
	return dx*dx + dy*dy
}

func (c cell) centre() (x, y float32) { return (c.Left + c.Right) / 2, (c.Top + c.Bottom) / 2 }

func (c cells) near(x, y float32) (Hover, bool) {
	best, least := Hover{}, float32(reach*reach)
	for _, one := range c {
		if away := one.away(x, y); away < least {
			best, least = one.at, away
		}
	}
	return best, least < reach*reach
}

func (c cells) next(h Hover, dx, dy int) (Hover, bool) {
	if len(c) == 0 {
		return h, false
	}
	if h == (Hover{}) {
		if dx < 0 || dy < 0 {
			return c[len(c)-1].at, true
		}
		return c[0].at, true
	}
	moved := false
	for dx != 0 || dy != 0 {
		sx, sy := cmp.Compare(dx, 0), 0
		if dx == 0 {
			sy = cmp.Compare(dy, 0)
		}
		to, ok := c.beside(h, float32(sx), float32(sy))
		if !ok {
			dx, dy = 0, dy*max(sx, -sx) // what is left to go the other way
			continue
		}
		h, moved = to, true
		dx, dy = dx-sx, dy-sy
	}
	return h, moved
}

// beside gives the nearest cell in the direction, those straight ahead first.
func (c cells) beside(h Hover, dx, dy float32) (best Hover, ok bool) {
	from := slices.IndexFunc(c, func(one cell) bool { return one.at.Point == h.Point && one.at.Series == h.Series })
	if from < 0 {
		return h, false
	}
	x, y := c[from].centre()
	least := float32(0)
	for _, one := range c {
		cx, cy := one.centre()
		ahead := (cx-x)*dx + (cy-y)*dy
		aside := (cx-x)*dy + (cy-y)*dx
		if ahead < 0.5 {
			continue
		}
		if cost := ahead + 4*max(aside, -aside); !ok || cost < least {
			best, least, ok = one.at, cost, true
		}
	}
	return best, ok
}
