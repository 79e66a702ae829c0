package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Sizes of buttons, as drawn.
const (
	buttonHeight = 31
	buttonSide   = 13
	hintGap      = 10
	hintSide     = 5
	hintHeight   = 17
)

// button is the house's button: filled (primary) or outlined, with the key that
// does the same in a small box.
type button struct {
	tapping
	label, hint string
	primary     bool
	chosen      bool // of a tab
	quiet       bool // no outline until hovered
	arrow       bool // a triangle instead of words: opens a list

	back, box *canvas.Rectangle
	words     *canvas.Text
	keys      *canvas.Text
	icon      *widget.Icon
}

// primaryButton is the one thing to do on a screen.
func (w *Window) primaryButton(label, hint string, do func()) *button {
	b := w.newButton(label, hint, do)
	b.primary = true
	b.words.TextStyle.Bold = true
	b.tone()
	return b
}

// button is any other thing to do.
func (w *Window) button(label, hint string, do func()) *button {
	b := w.newButton(label, hint, do)
	b.tone()
	return b
}

// tab is a button that stays chosen.
func (w *Window) tab(label string, do func()) *button {
	b := w.newButton(label, "", do)
	b.quiet = true
	b.tone()
	return b
}

func (w *Window) newButton(label, hint string, do func()) *button {
	b := &button{label: label, hint: hint}
	b.window, b.do = w, do
	b.back = canvas.NewRectangle(color.Transparent)
	b.back.CornerRadius = 6
	b.back.StrokeWidth = 1
	b.words = newText(label, sizeText, color.Black, false)
	b.box = canvas.NewRectangle(color.Transparent)
	b.box.CornerRadius = 4
	b.box.StrokeWidth = 1
	b.keys = newText(hint, sizeSmall, color.Black, false)
	b.box.Hidden, b.keys.Hidden = hint == "", hint == ""
	b.icon = widget.NewIcon(theme.NewColoredResource(theme.Icon(theme.IconNameArrowDropDown), theme.ColorNameForegroundOnPrimary))
	b.paint = func() {
		b.tone()
		canvas.Refresh(b.back)
		canvas.Refresh(b.words)
		canvas.Refresh(b.box)
		canvas.Refresh(b.keys)
	}
	b.ExtendBaseWidget(b)
	return b
}

// tone chooses colours for the state.
func (b *button) tone() {
	p := b.window.pal
	fill, edge, ink := p.surface, p.outline, p.text
	keyEdge, keyInk := p.border, p.faint
	if b.quiet && !b.chosen {
		fill, edge = color.Transparent, color.Transparent
	}
	switch {
	case b.disabled:
		fill, edge, ink, keyInk = p.greySoft, p.border, p.faint, p.faint
	case b.primary:
		fill, edge, ink = p.accent, p.accent, p.onAccent
		keyEdge, keyInk = fade(p.onAccent, 0x59), fade(p.onAccent, 0xd9)
		if p.strong {
			keyEdge, keyInk = p.onAccent, p.onAccent
		}
		if b.hovered {
			fill, edge = p.accentHi, p.accentHi
		}
	case b.hovered:
		fill = p.hover
	}
	b.back.FillColor, b.back.StrokeColor, b.back.StrokeWidth = fill, edge, 1
	if b.focused {
		b.back.StrokeColor, b.back.StrokeWidth = p.link, 2
		if b.primary {
			b.back.StrokeColor = p.text
		}
	}
	b.words.Color, b.box.StrokeColor, b.keys.Color = ink, keyEdge, keyInk
}

// setLabel changes the words on the button.
func (b *button) setLabel(label, hint string) {
	if b.label == label && b.hint == hint {
		return
	}
	b.label, b.hint = label, hint
	b.words.Text, b.keys.Text = label, hint
	b.box.Hidden, b.keys.Hidden = hint == "", hint == ""
	b.Refresh()
}

// setChosen marks a tab.
func (b *button) setChosen(v bool) {
	b.chosen = v
	b.repaint()
}

// MinSize is the size of the words with their padding.
func (b *button) MinSize() fyne.Size {
	width := b.words.MinSize().Width + 2*buttonSide
	if b.hint != "" {
		width += hintGap + b.keys.MinSize().Width + 2*hintSide
	}
	return fyne.NewSize(width, buttonHeight)
}

// CreateRenderer draws the button.
func (b *button) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{
		objects: []fyne.CanvasObject{b.back, b.words, b.box, b.keys, b.icon},
		arrangement: arrangement{min: b.MinSize, place: func(size fyne.Size) {
			place(b.back, 0, 0, size.Width, size.Height)
			b.icon.Hidden = !b.arrow
			place(b.icon, (size.Width-18)/2, (size.Height-18)/2, 18, 18)
			x := max(buttonSide, (size.Width-b.MinSize().Width)/2+buttonSide)
			x += centred(b.words, x, size.Height) + hintGap
			if b.hint != "" {
				width := b.keys.MinSize().Width
				place(b.box, x, (size.Height-hintHeight)/2, width+2*hintSide, hintHeight)
				centred(b.keys, x+hintSide, size.Height)
			}
		}},
	}
	d.refresh = func() {
		d.place(b.Size())
		b.paint()
	}
	return d
}
