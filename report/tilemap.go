package report

import (
	"image"
	"image/color"
	"math"

	"otklik/app"
)

// MapTile is a municipality on the map of tiles.
type MapTile struct {
	Name, Short string // Short stands in the square; "": as much of Name as fits
	Tile        app.Tile
	Value       float64
	None        bool // not known, which is not zero
}

func (t MapTile) known() bool { return !t.None && finite(t.Value) }

func (t MapTile) short() string {
	if t.Short != "" {
		return t.Short
	}
	return t.Name
}

const (
	scaleWide = 12 // points of the scale's colours beside the map
	tileMost  = 64 // points of a square at most: a few municipalities are no poster
)

// TileMap draws each municipality as a square at its column and row, coloured by its
// value, with the short name and the value in it. A square whose value is not known is
// an empty outline with a dash. Beside it stands the scale, from the least to the most.
// Hover.Point is the place in tiles.
func TileMap(look Look, tiles []MapTile, format func(float64) string, labels Labels) Picture {
	f := newFrame(look, labels)
	if len(tiles) == 0 {
		return f.noData()
	}
	m := f.tileField(tiles, format)
	return f.draw(axis{max: 1}, axis{max: 1}, func(p *plot) {
		fields := make(cells, len(tiles))
		for i, t := range tiles {
			r := m.square(f, t)
			fields[i] = cell{Rect: p.rect(r)}
			x, y := fields[i].centre()
			fields[i].at = Hover{X: x, Y: y, Point: i}
			p.tile(t, r, m, format)
		}
		p.heatScale(m, format)
		p.places = fields
	})
}

// tileField is the extent of the map and of its values.
type tileField struct {
	column, row   int // the first
	columns, rows int
	least, most   float64
	side          float64 // of a square, pixels
	letters       float64 // size of the values in it, points
	names         float64 // size of the names; 0: there is no room for them
}

// tileField lays out the map: as great as it may be, in the middle.
func (f *frame) tileField(tiles []MapTile, format func(float64) string) tileField {
	first := tiles[0].Tile
	m := tileField{column: first.Column, row: first.Row, least: math.Inf(1), most: math.Inf(-1)}
	column, row := first.Column, first.Row
	for _, t := range tiles {
		m.column, m.row = min(m.column, t.Tile.Column), min(m.row, t.Tile.Row)
		column, row = max(column, t.Tile.Column), max(row, t.Tile.Row)
		if t.known() {
			m.least, m.most = min(m.least, t.Value), max(m.most, t.Value)
		}
	}
	m.columns, m.rows = column-m.column+1, row-m.row+1
	f.bare()
	if room := f.scaleRoom(m, format); m.most > m.least && f.plotHeight() >= 90 && f.w > 3*room {
		f.right = room
	}
	m.side = min(float64(f.w-f.right)/float64(m.columns), float64(f.h)/float64(m.rows), tileMost*f.scale)
	if m.side > 4 {
		m.side = math.Floor(m.side)
	}
	// The map and its scale stand in the middle together.
	f.left = max(0, int(float64(f.w-f.right)-m.side*float64(m.columns))/2)
	f.top = max(0, int(float64(f.h)-m.side*float64(m.rows))/2)
	f.right, f.bottom = min(f.right+f.left, f.w-f.left-1), min(f.top, f.h-f.top-1)
	m.write(f, tiles, format)
	return m
}

// write gives values and names the size at which they fit their squares; small squares
// and values of many figures are read by pointing.
func (m *tileField) write(f *frame, tiles []MapTile, format func(float64) string) {
	const most, least, few = 12.0, 7.0, 3
	room := f.inside(m.side)
	value, name := 1, 1
	for _, t := range tiles {
		if wide := f.advance(format(t.Value), most); t.known() && float64(wide)*least/most <= room {
			value = max(value, wide)
		}
		name = max(name, f.advance(t.short(), most))
	}
	m.letters = max(least, min(most, most*room/float64(value), 0.46*room/f.scale))
	m.names = max(least+1, min(m.letters-1, most*room/float64(name)))
	for _, t := range tiles {
		if cut := f.fit(t.short(), m.names, int(room)); len([]rune(cut)) <= few && cut != t.short() {
			m.names = 0 // two letters and an ellipsis name nothing
			return
		}
	}
}

// inside is the room for words in a square, in pixels.
func (f *frame) inside(side float64) float64 {
	return side - float64(min(f.px(2), int(side/8))+f.px(2))
}

// square is where the tile stands, in pixels.
func (m tileField) square(f *frame, t MapTile) image.Rectangle {
	x := float64(f.left) + m.side*float64(t.Tile.Column-m.column)
	y := float64(f.top) + m.side*float64(t.Tile.Row-m.row)
	gap := min(f.px(2), int(m.side/8))
	return image.Rect(int(x), int(y), max(int(x)+1, int(x+m.side)-gap), max(int(y)+1, int(y+m.side)-gap))
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
	ink, value := p.look.Palette.Text, none
	if t.known() {
		ground := mix(p.look.Palette.HeatLow, p.look.Palette.HeatHigh, m.share(t.Value))
		p.fill(r, ground)
		ink, value = inkOn(ground), format(t.Value)
	} else if thick := max(1, p.px(1)); !r.Inset(thick).Empty() {
		p.outline(r, thick, p.look.Palette.Text)
	}
	room, middle := p.inside(m.side), (r.Min.Y+r.Max.Y)/2
	centre := func(s string, base int, size float64) {
		p.text(s, (r.Min.X+r.Max.X-p.advance(s, size))/2, base, size, ink)
	}
	if float64(p.advance(value, m.letters)) > room {
		value = ""
	}
	if float64(r.Dy()) < (m.letters+2)*p.scale {
		return
	}
	if m.names == 0 || float64(r.Dy()) < (m.names+m.letters+2)*p.scale {
		centre(value, middle+p.px(m.letters*0.36), m.letters)
		return
	}
	centre(p.fit(t.short(), m.names, int(room)), middle-p.px(1.5), m.names)
	centre(value, middle+p.px(m.letters*0.72+2), m.letters)
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

// bright is the relative luminance of the colour, 0…1, as WCAG 2 defines it.
func bright(c color.NRGBA) float64 {
	part := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

// scaleRoom is the width of the scale with its words, in pixels.
func (f *frame) scaleRoom(m tileField, format func(float64) string) int {
	if m.most <= m.least {
		return 0 // the numbers in the squares say it all
	}
	return f.px(scaleWide+22) + max(f.advance(format(m.least), textSize), f.advance(format(m.most), textSize))
}

// heatScale draws the scale of colours to the right of the map, the most above.
func (p *plot) heatScale(m tileField, format func(float64) string) {
	if p.right <= p.left || m.most <= m.least {
		return
	}
	const parts = 24
	high := min(p.box.Bottom-p.box.Top, p.px(120))
	x, bottom := p.box.Right+p.px(16), (p.box.Top+p.box.Bottom+high)/2
	for i := range parts {
		c := mix(p.look.Palette.HeatLow, p.look.Palette.HeatHigh, float64(i)/(parts-1))
		p.fill(image.Rect(x, bottom-high*(i+1)/parts, x+p.px(scaleWide), bottom-high*i/parts), c)
	}
	x += p.px(scaleWide + 6)
	p.text(format(m.most), x, bottom-high+p.px(9), textSize, p.look.Palette.Text)
	p.text(format(m.least), x, bottom-p.px(2), textSize, p.look.Palette.Text)
}
