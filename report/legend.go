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
	dash   dash // of markDashes
	row, x int  // set by rows; x in pixels from the plot's left edge
}

// markKind is how a series looks beside its name.
type markKind int

const (
	markSquare markKind = iota
	markLine
	markDots
	markDashes  // a line with the dashes of the entry
	markUpright // a stroke across a bar
	markWhisker
	markRing
)

// lead is the room of the mark before the words, in points.
func (m markKind) lead() float64 {
	if m == markDashes {
		return 28 // a shorter line would not show its dashes
	}
	return 13
}

// rows breaks the legend into rows as wide as the plot and gives their number. A name
// wider than that is shortened.
func (f *frame) rows(entries []entry) int {
	row, x := 0, 0
	room := f.w - f.left - f.right
	for i := range entries {
		e := &entries[i]
		lead := f.px(e.mark.lead())
		e.text = f.fit(e.text, textSize, room-lead-f.advance(e.tail, textSize))
		wide := lead + f.advance(e.text+e.tail, textSize)
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
		off, lead := p.look.Hidden.Has(e.series), p.px(e.mark.lead())
		words := e.text + e.tail
		wide := p.advance(words, textSize)
		p.sign(e, x, base, off)
		if off {
			ink = p.look.Palette.Text
			thick := max(1, p.px(1))
			p.on.block(image.Rect(x+lead, base-p.px(4), x+lead+wide, base-p.px(4)+thick), ink)
		}
		p.text(words, x+lead, base, textSize, ink)
		p.keys = append(p.keys, Entry{p.rect(image.Rect(x, base-p.px(14), x+lead+wide, base+p.px(6))), e.series})
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
	case e.mark == markDashes:
		pen := newPen(p.on)
		y := float64(base) - 4*p.scale
		p.trail(pen, []point{{float64(x), y}, {float64(x + p.px(23)), y}}, e.dash)
		pen.ink(e.colour)
	case e.mark == markUpright:
		p.on.block(image.Rect(x+side/2-thick, base-p.px(10), x+side/2+thick, base+p.px(1)), e.colour)
	case e.mark == markWhisker:
		p.on.block(image.Rect(x, base-side/2-thick/2, x+side, base-side/2-thick/2+thick), e.colour)
		p.on.block(image.Rect(x+side-thick, base-p.px(7), x+side, base-p.px(2)), e.colour)
	case e.mark == markRing:
		pen := newPen(p.on)
		p.ring(pen, point{float64(x) + float64(side)/2, float64(base) - float64(side)/2})
		pen.ink(e.colour)
	default:
		p.on.block(box, e.colour)
	}
}

// ring adds a hollow dot.
func (p *plot) ring(pen *pen, centre point) {
	pen.line(closed(ring(centre, hollow*p.scale)), 1.6*p.scale)
}

// outline draws the edge of the rectangle, within it.
func (p *plot) outline(r image.Rectangle, thick int, c color.NRGBA) {
	in := r.Inset(thick)
	p.on.block(image.Rect(r.Min.X, r.Min.Y, r.Max.X, in.Min.Y), c)
	p.on.block(image.Rect(r.Min.X, in.Max.Y, r.Max.X, r.Max.Y), c)
	p.on.block(image.Rect(r.Min.X, in.Min.Y, in.Min.X, in.Max.Y), c)
	p.on.block(image.Rect(in.Max.X, in.Min.Y, r.Max.X, in.Max.Y), c)
}
