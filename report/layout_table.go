package report

import (
	"cmp"
	"image/color"
	"slices"
)

// cellPad is the space to both sides of a cell, cellLines the most lines of one: a row
// is never cut by the end of a page.
const (
	cellPad   = 4.0
	cellLines = 8
)

// column is the width of a column: what its longest word needs, what its longest
// cell would like, and what it gets.
type column struct{ least, best, wide float64 }

// columns measures the words of the table.
func (s *setter) columns(t *Table, size float64) []column {
	out := make([]column, len(t.Columns))
	for i, c := range t.Columns {
		o := &out[i]
		measure := func(words string, bold, whole bool) {
			words = readable(words)
			all := breadth(words, size, bold)
			if whole {
				o.least, o.best = max(o.least, all), max(o.best, all)
				return
			}
			o.best = max(o.best, all)
			for word := range pieces(words) {
				o.least = max(o.least, breadth(word, size, bold))
			}
		}
		for _, row := range t.Rows {
			if i < len(row) {
				measure(s.d.mark(row[i]), row[i].Tone != ToneNone, c.Kind.number())
			}
		}
		if i < len(t.Total) {
			measure(s.d.mark(t.Total[i]), true, c.Kind.number())
		}
		best := o.best
		measure(c.Title, true, false)
		o.best = max(best, o.least) // a long heading does not make a column wide
		o.least = min(o.least, 150) + 2*cellPad
		o.best = max(o.least, min(o.best, 330)+2*cellPad)
	}
	return out
}

// share gives the columns their widths, of the room in all.
func share(columns []column, asked []TableColumn, room float64) {
	least, best, words, wides := 0.0, 0.0, 0, 0.0
	for i, c := range columns {
		if wides += asked[i].Wide; asked[i].Wide == 0 {
			least += c.least
		}
	}
	for i := range columns {
		c := &columns[i]
		if w := asked[i].Wide; w > 0 {
			c.least = max(c.least, min(w*room, w/wides*(room-least)))
			c.best = c.least
		}
	}
	least = 0
	for i, c := range columns {
		least, best = least+c.least, best+c.best
		if !asked[i].Kind.number() {
			words++
		}
	}
	if least >= room {
		squeeze(columns, room)
		return
	}
	for i := range columns {
		c := &columns[i]
		switch {
		case best > room:
			c.wide = c.least + (c.best-c.least)*(room-least)/(best-least)
		case words == 0:
			c.wide = c.best * room / best
		default:
			c.wide = c.best
			if !asked[i].Kind.number() {
				c.wide += (room - best) / float64(words)
			}
		}
	}
}

// squeeze leaves narrow columns as they are and gives the others the same width.
func squeeze(columns []column, room float64) {
	order := make([]int, len(columns))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(columns[a].least, columns[b].least) })
	for n, i := range order {
		columns[i].wide = min(columns[i].least, room/float64(len(order)-n))
		room -= columns[i].wide
	}
}

// fit chooses the size of letters: a little smaller than usual where all cells then
// have one line, down to two thirds where otherwise words were broken.
func (s *setter) fit(t *Table, room float64) (columns []column, size float64) {
	const step, little, most = 0.4, 0.8, 2.8
	for less := 0.0; ; less += step {
		size = (bodySize - less) * s.k
		columns = s.columns(t, size)
		least, best := 0.0, 0.0
		for _, c := range columns {
			least, best = least+c.least, best+c.best
		}
		if best <= room || least <= room && less >= little || less >= most {
			return columns, size
		}
	}
}

// table gives a strip a row.
func (s *setter) table(t *Table, room float64) []strip {
	if len(t.Columns) == 0 {
		return s.lines(cmp.Or(t.Title, t.Note), headingSize, true, paperInk, room, 16, 3)
	}
	columns, size := s.fit(t, room)
	share(columns, t.Columns, room)
	out := s.lines(t.Title, headingSize, true, paperInk, room, 16, 3)

	head := s.heading(t, columns, size)
	if head.gap = 5 * s.k; len(out) == 0 {
		head.gap = 16 * s.k
	}
	out = append(out, head)
	tie(out)
	for i, row := range t.Rows {
		r := s.row(t, columns, row, size, false)
		r.head = &head
		// Neither the first row nor the last stands alone, nor the total.
		r.tied = i == 0 && len(t.Rows) > 1 || i >= len(t.Rows)-2 && (i < len(t.Rows)-1 || t.Total != nil)
		out = append(out, r)
	}
	if t.Total != nil {
		r := s.row(t, columns, t.Total, size, true)
		r.head = &head
		out = append(out, r)
	}
	if note := s.lines(t.Note, smallSize, false, paperSoft, room, 4, 0); len(note) > 0 {
		out[len(out)-1].tied = true
		out = append(out, note...)
	}
	return out
}

// heading is the row of names.
func (s *setter) heading(t *Table, columns []column, size float64) strip {
	cells := make([][]string, len(columns))
	lines := 1
	for i, c := range columns {
		cells[i] = wrap(t.Columns[i].Title, size, true, c.wide-2*cellPad, 5)
		lines = max(lines, len(cells[i]))
	}
	out := s.cells(t, columns, cells, size, func(int) (bool, color.NRGBA) { return true, paperInk })
	// Short names stand at the foot of the row.
	x := 0.0
	for i, c := range columns {
		down := float64(lines-len(cells[i])) * size * leading
		for j := range out.items {
			if l, ok := out.items[j].(line); ok && l.x >= x && l.x < x+c.wide {
				l.y += down
				out.items[j] = l
			}
		}
		x += c.wide
	}
	whole := box{0, 0, x, out.height}
	out.items = slices.Concat([]item{panel{whole, paperHead}}, out.items,
		[]item{panel{box{0, out.height - 0.8, x, 0.8}, paperSoft}})
	return out
}

// row is a row of values; the total is bold under a stronger rule.
func (s *setter) row(t *Table, columns []column, values []Value, size float64, total bool) strip {
	values = values[:min(len(values), len(columns))]
	cells := make([][]string, len(columns))
	for i, v := range values {
		cells[i] = wrap(s.d.mark(v), size, total || v.Tone != ToneNone, columns[i].wide-2*cellPad, cellLines)
	}
	out := s.cells(t, columns, cells, size, func(i int) (bool, color.NRGBA) {
		if i >= len(values) {
			return total, paperInk
		}
		v := values[i]
		if v.Kind == ValueLink && web(v.Words) {
			return total, paperAccent
		}
		return total || v.Tone != ToneNone, toneInk(v.Tone)
	})
	x := 0.0
	for i, c := range columns {
		if i < len(values) && values[i].Kind == ValueLink && web(values[i].Words) {
			out.items = append(out.items, anchor{box{x, 0, c.wide, out.height}, values[i].Words})
		}
		x += c.wide
	}
	under := panel{box{0, out.height - 0.5, x, 0.5}, paperRule}
	if total {
		under = panel{box{0, 0, x, 1}, paperSoft}
	}
	out.items = append(out.items, under)
	return out
}

// cells sets the words of a row: numbers to the right, words to the left.
func (s *setter) cells(t *Table, columns []column, cells [][]string, size float64, style func(i int) (bool, color.NRGBA)) strip {
	pad := 3.2 * s.k
	lines, x := 1, 0.0
	var out strip
	for i, c := range columns {
		bold, ink := style(i)
		for j, words := range cells[i] {
			at := x + cellPad
			if t.Columns[i].Kind.number() {
				at = x + c.wide - cellPad - breadth(words, size, bold)
			}
			y := pad + size*(0.95+float64(j)*leading)
			out.items = append(out.items, line{at, y, words, size, bold, ink})
		}
		lines = max(lines, len(cells[i]))
		x += c.wide
	}
	out.height = 2*pad + size*(1.1+float64(lines-1)*leading)
	return out
}

// tone is the value's own, or else the given.
func (v Value) tone(other Tone) Tone {
	if v.Tone == ToneNone {
		return other
	}
	return v.Tone
}

func toneInk(t Tone) color.NRGBA {
	switch t {
	case ToneGood:
		return paperGood
	case ToneBad:
		return paperBad
	}
	return paperInk
}
