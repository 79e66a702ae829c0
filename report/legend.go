package report

import (
	"image"
	"image/color"
)

// entry of a legend.
type entry struct {
	series int
	text   string
	tail   string // what is not shortened with text
	colour color.NRGBA
	mark   markKind
	row, x int // set by rows; x in pixels from the plot's left edge
}

// markKind is how a series looks beside its name.
type markKind int

const (
	markSquare markKind = iota
	markLine
	markDots
)

// rows breaks the legend into rows as wide as the plot and gives their number. A name
// wider than that is shortened.
func (f *frame) rows(entries []entry) int {
	row, x := 0, 0
	room := f.w - f.left - f.right
	for i := range entries {
		e := &entries[i]
		e.text = f.fit(e.text, textSize, room-f.px(13)-f.advance(e.tail, textSize))
		wide := f.px(13) + f.advance(e.text+e.tail, textSize)
		if x > 0 && x+wide > room {
			row, x = row+1, 0
		}
		e.row, e.x = row, x
		x += wide + f.px(18)
	}
	return row + 1
}

// legend draws the entries below the dates, where there is room for words. What a
// person has switched off is hollow and struck out.
func (p *plot) legend(entries []entry) {
	if !p.keyed {
		return
	}
	for _, e := range entries {
		x := p.box.Left + e.x
		base := p.box.Bottom + p.px(41) + e.row*p.px(20)
		ink := p.look.Palette.Ink
		off := p.look.Hidden.Has(e.series)
		words := e.text + e.tail
		wide := p.advance(words, textSize)
		p.sign(e, x, base, off)
		if off {
			ink = p.look.Palette.Text
			thick := max(1, p.px(1))
			p.on.block(image.Rect(x+p.px(13), base-p.px(4), x+p.px(13)+wide, base-p.px(4)+thick), ink)
		}
		p.text(words, x+p.px(13), base, textSize, ink)
		p.keys = append(p.keys, Entry{p.rect(image.Rect(x, base-p.px(14), x+p.px(13)+wide, base+p.px(6))), e.series})
	}
}

// sign draws the mark of the entry.
func (p *plot) sign(e entry, x, base int, off bool) {
	side, thick := p.px(9), max(1, p.px(1))
	box := image.Rect(x, base-side, x+side, base)
	switch {
	case off:
		p.outline(box, thick, p.look.Palette.Text)
	case e.mark == markLine:
		p.on.block(image.Rect(x, base-p.px(5), x+side, base-p.px(3)), e.colour)
	case e.mark == markDots:
		for at := x; at+2*thick <= x+side+thick; at += 4 * thick {
			p.on.block(image.Rect(at, base-p.px(5), at+2*thick, base-p.px(5)+2*thick), e.colour)
		}
	default:
		p.on.block(box, e.colour)
	}
}

// outline draws the edge of the rectangle, within it.
func (p *plot) outline(r image.Rectangle, thick int, c color.NRGBA) {
	in := r.Inset(thick)
	p.on.block(image.Rect(r.Min.X, r.Min.Y, r.Max.X, in.Min.Y), c)
	p.on.block(image.Rect(r.Min.X, in.Max.Y, r.Max.X, r.Max.Y), c)
	p.on.block(image.Rect(r.Min.X, in.Min.Y, in.Min.X, in.Max.Y), c)
	p.on.block(image.Rect(in.Max.X, in.Min.Y, r.Max.X, in.Max.Y), c)
}
