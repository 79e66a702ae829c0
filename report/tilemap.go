package report

import (
	"image"
	"image/color"
	"math"

	"otklik/app"
)

// MapTile is a municipality on the map of tiles.
type MapTile struct {
	Name, Short string
	Tile        app.Tile
	Value       float64
	None        bool // not known, which is not zero
}

// written is the name in the square.
func (t MapTile) written() string {
	if t.Short != "" {
		return t.Short
	}
	return t.Name
}

func (t MapTile) known() bool { return !t.None && finite(t.Value) }

// scaleHigh is the height in points of the scale below the map.
const scaleHigh = 26

// TileMap draws each municipality as a square at its column and row, the darker the
// greater its value, with the short name and the value in it. A square that is not
// known is an empty outline with a dash. Below is the scale, from the least to the most.
func TileMap(look Look, tiles []MapTile, format func(float64) string, labels Labels) Picture {
	f := newFrame(look, labels)
	if len(tiles) == 0 {
		return f.noData()
	}
	m := newTileField(tiles)
	f.bare()
	if f.plotHeight() >= 100 && f.plotWidth() >= 140 && m.any {
		f.bottom = f.px(scaleHigh)
	}
	side := max(1, min(float64(f.w)/float64(m.columns), float64(f.h-f.bottom)/float64(m.rows)))
	if side > 4 {
		side = math.Floor(side)
	}
	f.left = max(0, int(float64(f.w)-side*float64(m.columns))/2)
	f.right = f.left
	if f.left > f.w/2-1 {
		f.left, f.right = 0, 0
	}
	place := func(t MapTile) (x, y float64) {
		return float64(f.left) + side*float64(t.Tile.Column-m.left), float64(f.top) + side*float64(t.Tile.Row-m.top)
	}
	p := f.draw(axis{max: 1}, axis{max: 1}, func(p *plot) {
		for _, t := range tiles {
			x, y := place(t)
			gap := max(0, min(p.px(2), int(side/8)))
			p.tile(t, image.Rect(int(x), int(y), max(int(x)+1, int(x+side)-gap), max(int(y)+1, int(y+side)-gap)), m, format)
		}
		p.heatScale(m, format)
	})
	p.find = func(px, py float32) (Hover, bool) {
		for i := len(tiles) - 1; i >= 0; i-- {
			x, y := place(tiles[i])
			dx, dy := float64(px)*f.scale-x, float64(py)*f.scale-y
			if dx >= 0 && dy >= 0 && dx < side && dy < side {
				return Hover{X: float32((x + side/2) / f.scale), Y: float32((y + side/2) / f.scale), Point: i}, true
			}
		}
		return Hover{}, false
	}
	return p
}

// tileField is the extent of the map and of its values.
type tileField struct {
	left, top, columns, rows int
	least, most              float64
	any                      bool
}

func newTileField(tiles []MapTile) tileField {
	first := tiles[0].Tile
	m := tileField{left: first.Column, top: first.Row, least: math.Inf(1), most: math.Inf(-1)}
	right, bottom := first.Column, first.Row
	for _, t := range tiles {
		m.left, m.top = min(m.left, t.Tile.Column), min(m.top, t.Tile.Row)
		right, bottom = max(right, t.Tile.Column), max(bottom, t.Tile.Row)
		if t.known() {
			m.least, m.most, m.any = min(m.least, t.Value), max(m.most, t.Value), true
		}
	}
	m.columns, m.rows = right-m.left+1, bottom-m.top+1
	return m
}

// share is how far the value is from the least to the most, 0…1.
func (m tileField) share(v float64) float64 {
	if m.most > m.least {
		return (v - m.least) / (m.most - m.least)
	}
	if v > 0 {
		return 1
	}
	return 0
}

// tile draws a square.
func (p *plot) tile(t MapTile, r image.Rectangle, m tileField, format func(float64) string) {
	low, high := p.look.Palette.HeatLow, p.look.Palette.HeatHigh
	ink, value := p.look.Palette.Text, none
	if t.known() {
		ground := mix(low, high, m.share(t.Value))
		p.on.block(r, ground)
		ink, value = inkOn(ground), format(t.Value)
	} else {
		p.outline(r, p.look.Palette.Text)
	}
	room := r.Dx() - p.px(4)
	name := p.cut(t.written(), textSize, room)
	wide := p.advance(value, textSize)
	if wide > room || float64(r.Dy()) < 14*p.scale {
		return
	}
	centre := (r.Min.X + r.Max.X) / 2
	if float64(r.Dy()) < 28*p.scale || name == "" {
		p.text(value, centre-wide/2, (r.Min.Y+r.Max.Y)/2+p.px(textSize*0.36), textSize, ink)
		return
	}
	middle := (r.Min.Y + r.Max.Y) / 2
	p.text(name, centre-p.advance(name, textSize)/2, middle-p.px(2), textSize, ink)
	p.text(value, centre-wide/2, middle+p.px(11), textSize, ink)
}

// inkOn is the colour of words readable on the ground, with a contrast of 4.5 at least:
// of black and white one always is.
func inkOn(ground color.NRGBA) color.NRGBA {
	const readable = 4.5
	for _, ink := range []color.NRGBA{rgb(0x1b2430), rgb(0xffffff)} {
		light, dark := max(bright(ink), bright(ground)), min(bright(ink), bright(ground))
		if light+0.05 >= readable*(dark+0.05) {
			return ink
		}
	}
	return rgb(0)
}

// heatScale draws the scale of colours below the map.
func (p *plot) heatScale(m tileField, format func(float64) string) {
	if p.bottom == 0 {
		return
	}
	least, most := format(m.least), format(m.most)
	base := p.h - p.px(5)
	x := p.left
	p.text(least, x, base, textSize, p.look.Palette.Text)
	x += p.advance(least, textSize) + p.px(6)
	const parts = 24
	wide := max(1, p.px(5))
	for i := range parts {
		c := mix(p.look.Palette.HeatLow, p.look.Palette.HeatHigh, float64(i)/(parts-1))
		p.on.block(image.Rect(x, base-p.px(9), x+wide, base), c)
		x += wide
	}
	p.text(most, x+p.px(6), base, textSize, p.look.Palette.Text)
}
