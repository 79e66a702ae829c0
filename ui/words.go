package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"otklik/app"
)

// newText makes a line of text.
func newText(s string, size float32, c color.Color, bold bool) *canvas.Text {
	t := canvas.NewText(s, c)
	t.TextSize = size
	t.TextStyle.Bold = bold
	return t
}

// textWidth measures one line.
func textWidth(s string, size float32, bold bool) float32 {
	return fyne.MeasureText(s, size, fyne.TextStyle{Bold: bold}).Width
}

// cutKey is what the place of a cut depends on.
type cutKey struct {
	text  string
	size  float32
	bold  bool
	width float32
}

// cuts remembers where lines were cut; measuring is the dear part of a row. It
// is only touched on the UI goroutine.
type cuts map[cutKey]string

// cutsKept bounds the memory of cut lines; beyond it all is forgotten.
const cutsKept = 4000

// fit gives the text, cut with an ellipsis where it is wider than width.
func (c cuts) fit(s string, size float32, bold bool, width float32) string {
	if width <= 0 || s == "" {
		return ""
	}
	key := cutKey{s, size, bold, width}
	if cut, ok := c[key]; ok {
		return cut
	}
	cut := s
	if textWidth(s, size, bold) > width {
		r := []rune(s)
		low, high := 0, len(r) // low letters fit, high do not
		for low+1 < high {
			mid := (low + high) / 2
			if textWidth(string(r[:mid])+"…", size, bold) <= width {
				low = mid
			} else {
				high = mid
			}
		}
		for low > 0 && r[low-1] == ' ' {
			low--
		}
		cut = string(r[:low]) + "…"
	}
	if len(c) >= cutsKept {
		clear(c)
	}
	c[key] = cut
	return cut
}

// wrap breaks the text into at most limit lines no wider than width; the last
// one is cut where more would follow.
func (c cuts) wrap(s string, size float32, bold bool, width float32, limit int) []string {
	var lines []string
	rest := []rune(s)
	for len(rest) > 0 && len(lines) < limit {
		if len(lines) == limit-1 || textWidth(string(rest), size, bold) <= width {
			return append(lines, c.fit(string(rest), size, bold, width))
		}
		end, space := 0, -1
		for i, r := range rest {
			if r == ' ' {
				if textWidth(string(rest[:i]), size, bold) > width {
					break
				}
				space = i
			}
			end = i
		}
		if space < 0 {
			return append(lines, c.fit(string(rest[:end+1]), size, bold, width))
		}
		lines = append(lines, string(rest[:space]))
		rest = rest[space+1:]
	}
	return lines
}

// headingOf is the line an appeal is known by.
func (w *Window) headingOf(a *app.Appeal) string {
	if a.Forgotten {
		return w.text.T("appeal.forgotten")
	}
	return a.Heading()
}
