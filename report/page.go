package report

import (
	"image/color"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A page is laid out once, in points of 1/72 inch from the upper left corner, and
// then painted on paper of any kind: a PDF, an image, an SVG.
type page struct {
	width, height float64
	items         []item
}

// item is what stands on a page.
type item interface {
	bounds() box
	put(paper)
}

// paper is what pages are painted on.
type paper interface {
	fill(b box, c color.NRGBA)
	write(t line)
	draw(d plate)
	link(l anchor)
}

// box is a rectangle.
type box struct{ x, y, w, h float64 }

// panel is a filled rectangle; a rule is a thin one.
type panel struct {
	box
	colour color.NRGBA
}

// line is a line of words; y is its baseline.
type line struct {
	x, y   float64
	words  string // readable
	size   float64
	bold   bool
	colour color.NRGBA
}

// plate is a chart, as in a book. A chart counts in points of the screen, of which a page has
// room for more.
type plate struct {
	box
	chart func(Look) Picture
	scale float64 // points of the page a point of the screen
}

// anchor makes a part of the page clickable.
type anchor struct {
	box
	to string
}

func (p panel) bounds() box  { return p.box }
func (d plate) bounds() box  { return d.box }
func (a anchor) bounds() box { return a.box }

// rise and fall are how far letters go above and below the baseline, in sizes; leading
// is the distance of lines.
const (
	rise    = 0.76
	fall    = 0.24
	leading = 1.28
)

func (l line) bounds() box {
	return box{l.x, l.y - rise*l.size, breadth(l.words, l.size, l.bold), (rise + fall) * l.size}
}

func (p panel) put(on paper)  { on.fill(p.box, p.colour) }
func (l line) put(on paper)   { on.write(l) }
func (d plate) put(on paper)  { on.draw(d) }
func (a anchor) put(on paper) { on.link(a) }

// look is how the chart is asked for at so many pixels a point of the page.
func (d plate) look(pixels float64) Look {
	return Look{
		Width: int(d.w / d.scale), Height: int(d.h / d.scale), Scale: float32(pixels * d.scale),
		Background: paperWhite, Palette: Light(), font: typefaces()[false],
	}
}

// moved gives the item elsewhere.
func moved(i item, dx, dy float64) item {
	switch v := i.(type) {
	case panel:
		v.x, v.y = v.x+dx, v.y+dy
		return v
	case line:
		v.x, v.y = v.x+dx, v.y+dy
		return v
	case plate:
		v.x, v.y = v.x+dx, v.y+dy
		return v
	case anchor:
		v.x, v.y = v.x+dx, v.y+dy
		return v
	}
	return i
}

// Colours of paper: dark enough to tell apart in black and white.
var (
	paperWhite  = rgb(0xffffff)
	paperInk    = rgb(0x16202c)
	paperSoft   = rgb(0x56616f)
	paperRule   = rgb(0xcfd6df)
	paperHead   = rgb(0xeef1f5)
	paperAccent = rgb(0x1d4e9e)
	paperGood   = rgb(0x17693a)
	paperBad    = rgb(0xa61b1b)
)

// wrap breaks the words into lines no wider than room, at spaces; a word that is
// wider is broken at a sign within it, or anywhere. No more lines than most come out;
// the last then ends with an ellipsis. most 0 is no bound.
func wrap(words string, size float64, bold bool, room float64, most int) []string {
	room += 0.01 // a word fits the room that was measured for it, whatever floats lose on the way
	var out []string
	now, wide := "", 0.0
	space := breadth(" ", size, bold)
	full := func() bool { return most > 0 && len(out) >= most }
	for word := range pieces(words) {
		w := breadth(word, size, bold)
		if now != "" && wide+space+w <= room {
			now, wide = now+" "+word, wide+space+w
			continue
		}
		if now != "" {
			out = append(out, now)
		}
		for w > room && !full() {
			n := cut(word, size, bold, room)
			out = append(out, word[:n])
			word = word[n:]
			w = breadth(word, size, bold)
		}
		now, wide = word, w
		if full() {
			break
		}
	}
	if now != "" {
		out = append(out, now)
	}
	if most > 0 && len(out) > most {
		out = out[:most]
		out[most-1] = clip(out[most-1]+"…", size, bold, room)
	}
	return out
}

// pieces are what a line may end after: words, of which those that a Russian line does
// not end with stay with the next: those of one letter, prepositions as a rule, and
// numbers, whose unit follows.
func pieces(words string) iter.Seq[string] {
	return func(yield func(string) bool) {
		held := ""
		for word := range strings.FieldsFuncSeq(readable(words), func(r rune) bool { return r == ' ' }) {
			if clings(word) && len(held) < 24 {
				held += word + "\u00a0"
				continue
			}
			if !yield(held + word) {
				return
			}
			held = ""
		}
		if held != "" {
			yield(strings.TrimSuffix(held, "\u00a0"))
		}
	}
}

func clings(word string) bool {
	if r, n := utf8.DecodeRuneInString(word); n == len(word) {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '№'
	}
	return !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsDigit(r) })
}

// cut is how many bytes of a word too wide for the room have it: up to a sign in its
// second half if there is one, at least one letter.
func cut(word string, size float64, bold bool, room float64) int {
	wide, end, sign := 0.0, 0, 0
	for i, r := range word {
		wide += breadth(string(r), size, bold)
		if wide > room && i > 0 {
			break
		}
		end = i + len(string(r))
		if strings.ContainsRune("-/_.,?&=@", r) {
			sign = end
		}
	}
	if sign*2 > end {
		return sign
	}
	return end
}

// clip shortens the words to one line of the room, with an ellipsis.
func clip(words string, size float64, bold bool, room float64) string {
	words = readable(words)
	if breadth(words, size, bold) <= room {
		return words
	}
	dots := breadth("…", size, bold)
	if room < dots {
		return ""
	}
	wide := 0.0
	for i, r := range words {
		wide += breadth(string(r), size, bold)
		if wide+dots > room {
			return strings.TrimRight(words[:i], " ,.-\u00a0…") + "…"
		}
	}
	return words
}
