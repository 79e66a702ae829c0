package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// navItem leads to a screen: its name and a count, in a red pill where it
// calls for action.
type navItem struct {
	tapping
	chosen, alarm bool
	narrow        bool // smaller words, for a narrow rail
	full          string
	back, pill    *canvas.Rectangle
	words, count  *canvas.Text
}

func (w *Window) newNavItem(label string, do func()) *navItem {
	n := &navItem{
		back: canvas.NewRectangle(color.Transparent), pill: canvas.NewRectangle(w.pal.badgeRed),
		full: label, words: newText(label, sizeText, w.pal.text, false), count: newText("", sizeCaption, w.pal.muted, false),
	}
	n.window, n.do = w, do
	n.back.CornerRadius, n.pill.CornerRadius = 6, 9
	n.paint = func() {
		n.toned()
		n.place(n.Size())
		for _, o := range []fyne.CanvasObject{n.back, n.pill, n.words, n.count} {
			canvas.Refresh(o)
		}
	}
	n.ExtendBaseWidget(n)
	n.toned()
	return n
}

func (n *navItem) toned() {
	p := n.window.pal
	n.back.FillColor, n.back.StrokeWidth = color.Transparent, 0
	n.words.Color, n.words.TextStyle.Bold = p.text, n.chosen
	switch {
	case n.chosen:
		n.back.FillColor, n.words.Color = p.selected, p.link
	case n.hovered:
		n.back.FillColor = p.hover
	}
	if n.focused {
		n.back.StrokeColor, n.back.StrokeWidth = p.link, 2
	}
	alarm := n.alarm && n.count.Text != ""
	n.pill.Hidden = !alarm
	n.count.Color, n.count.TextSize, n.count.TextStyle.Bold = p.muted, sizeCaption, false
	if alarm {
		n.count.Color, n.count.TextSize, n.count.TextStyle.Bold = color.White, sizeSmall, true
	}
}

func (n *navItem) setChosen(v bool) {
	if n.chosen != v {
		n.chosen = v
		n.paint()
	}
}

func (n *navItem) setCount(words string, alarm bool) {
	if n.count.Text != words || n.alarm != alarm {
		n.count.Text, n.alarm = words, alarm
		n.paint()
	}
}

func (n *navItem) place(size fyne.Size) {
	place(n.back, 0, 0, size.Width, size.Height)
	width, side, inner := n.count.MinSize().Width, float32(10), float32(8)
	n.words.TextSize = sizeText
	if n.narrow {
		n.words.TextSize, side, inner = sizeSmall, 6, 4
	}
	right := size.Width - side
	if n.alarm && n.count.Text != "" {
		right -= width + 2*inner
		place(n.pill, right, (size.Height-18)/2, width+2*inner, 18)
		centred(n.count, right+inner, size.Height)
	} else {
		right -= width
		centred(n.count, right, size.Height)
	}
	n.words.Text = n.window.cuts.fit(n.full, n.words.TextSize, n.chosen, right-side-2)
	centred(n.words, side, size.Height)
}

// MinSize is the height of a line of the rail.
func (n *navItem) MinSize() fyne.Size { return fyne.NewSize(80, 34) }

// CreateRenderer draws the item.
func (n *navItem) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{
		objects:     []fyne.CanvasObject{n.back, n.pill, n.words, n.count},
		arrangement: arrangement{min: n.MinSize, place: n.place},
		refresh:     n.paint,
	}
}
