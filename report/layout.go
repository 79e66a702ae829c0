package report

import (
	"image/color"
	"math"
)

// A4 and its margins, in points. Documents are filed: the left margin is wide enough
// for a punch.
const (
	a4Short, a4Long = 595.28, 841.89
	marginLeft      = 57.0
	marginRight     = 40.0
	marginTop       = 62.0 // with the header
	marginBottom    = 52.0 // with the footer
)

// chartScale is points of a page a point of a chart: letters of 11 points of the
// screen are 8.4 on paper.
const chartScale = 0.76

// strip is a part of a document that is not cut: a row of a table, a line of prose, a
// chart. Its items count from its own upper left corner.
type strip struct {
	height float64
	gap    float64 // above it, unless it begins a page
	items  []item
	tied   bool   // stands on one page with the next
	head   *strip // stands above it where it begins a page
}

// setter lays a document out.
type setter struct {
	d    *Document
	k    float64 // how much smaller than usual
	wide float64 // of a page
	high float64 // of a page; infinite where all is one
}

// setPages lays the document out on A4; endless gives one page as long as it needs.
func setPages(d *Document, endless bool) []page {
	s := &setter{d: d, k: 1, wide: a4Short, high: a4Long}
	if s.broad() {
		s.wide, s.high = a4Long, a4Short
	}
	if endless {
		s.high = math.Inf(1)
	}
	pages := s.paginate(s.document())
	if d.OnePage {
		for s.k > 0.67 && len(pages) > 1 {
			s.k -= 0.03
			pages = s.paginate(s.document())
		}
	}
	s.margins(pages)
	return pages
}

// room is the width between the margins.
func (s *setter) room() float64 { return s.wide - marginLeft - marginRight }

// broad says whether a table reads better on a page that lies.
func (s *setter) broad() bool {
	for _, b := range s.d.Blocks {
		if t, ok := b.(*Table); ok {
			least := 0.0
			for _, c := range s.columns(t, bodySize) {
				least += c.least
			}
			if least > s.room() {
				return true
			}
		}
	}
	return false
}

// paginate puts the strips on pages.
func (s *setter) paginate(strips []strip) []page {
	bottom := s.high - marginBottom
	pages := []page{{width: s.wide, height: s.high}}
	y, fresh := marginTop, true
	put := func(t *strip) {
		last := &pages[len(pages)-1]
		for _, i := range t.items {
			last.items = append(last.items, moved(i, marginLeft, y))
		}
		y += t.height
	}
	for i := range strips {
		t := &strips[i]
		if !fresh && y+t.gap+together(strips[i:], bottom-marginTop) > bottom {
			pages = append(pages, page{width: s.wide, height: s.high})
			y, fresh = marginTop, true
			if t.head != nil {
				put(t.head)
			}
		} else if !fresh {
			y += t.gap
		}
		put(t)
		fresh = false
	}
	if math.IsInf(s.high, 1) {
		pages[0].height = math.Ceil(y + marginBottom)
	}
	return pages
}

// together is the height of the first strip and those tied to it; where they are more
// than a page, its own.
func together(strips []strip, most float64) float64 {
	sum := 0.0
	for i, t := range strips {
		if i > 0 {
			sum += t.gap
		}
		if sum += t.height; !t.tied {
			break
		}
	}
	if sum > most {
		return strips[0].height
	}
	return sum
}

// margins adds the header and the footer.
func (s *setter) margins(pages []page) {
	const size = 8.0
	for i := range pages {
		p := &pages[i]
		right := p.width - marginRight
		add := func(items ...item) { p.items = append(p.items, items...) }
		beside := ""
		if i > 0 {
			beside = clip(s.d.Title, size, false, s.room()*0.55)
		}
		wide := breadth(beside, size, false)
		add(line{marginLeft, 40, clip(s.d.Centre, size, false, s.room()-wide-12), size, false, paperSoft},
			line{right - wide, 40, beside, size, false, paperSoft},
			panel{box{marginLeft, 46, s.room(), 0.6}, paperRule})
		foot := p.height - 26
		number := ""
		if len(pages) > 1 || !math.IsInf(s.high, 1) {
			number = readable(s.d.pageOf(i+1, len(pages)))
		}
		wide = breadth(number, size, false)
		add(panel{box{marginLeft, foot - 14, s.room(), 0.6}, paperRule},
			line{marginLeft, foot, clip(s.d.AsOf, size, false, s.room()-wide-12), size, false, paperSoft},
			line{right - wide, foot, number, size, false, paperSoft})
	}
}

// lines sets words under one another as a strip each.
func (s *setter) lines(words string, size float64, bold bool, colour color.NRGBA, room, gap float64, most int) []strip {
	size *= s.k
	var out []strip
	for _, l := range wrap(words, size, bold, room, most) {
		out = append(out, strip{
			height: size * leading, gap: gap * s.k,
			items: []item{line{0, size, l, size, bold, colour}},
		})
		gap = 0
	}
	return out
}

// tie keeps the strips on one page, and on that of what follows.
func tie(strips []strip) []strip {
	for i := range strips {
		strips[i].tied = true
	}
	return strips
}
