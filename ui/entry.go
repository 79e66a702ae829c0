package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// entry is Fyne's entry that leaves to the window the keys that are not for
// typing: F-keys, Escape, Ctrl+Enter, and in one line also up and down.
type entry struct {
	widget.Entry
	window *Window
	key    func(*fyne.KeyEvent) bool // may take a key before the entry does
	left   func()                    // focus went away
	paste  func(content string) bool // may take what is pasted before the entry does
}

// newEntry makes a one-line entry.
func (w *Window) newEntry(placeholder string) *entry {
	e := &entry{window: w}
	e.PlaceHolder = placeholder
	e.ExtendBaseWidget(e)
	return e
}

// newEditor makes an entry of many lines that wraps at words.
func (w *Window) newEditor(placeholder string) *entry {
	e := &entry{window: w}
	e.PlaceHolder = placeholder
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	return e
}

// AcceptsTab says no: Tab leads on to the next field, also from many lines.
func (e *entry) AcceptsTab() bool { return false }

// TypedKey passes on what is not for typing.
func (e *entry) TypedKey(k *fyne.KeyEvent) {
	e.window.touch()
	defer e.window.options.Stalls.hold()()
	if e.key != nil && e.key(k) {
		return
	}
	if _, ok := functionKeys[k.Name]; ok || k.Name == fyne.KeyEscape || k.Name == desktop.KeyMenu {
		e.window.typed(k)
		return
	}
	e.Entry.TypedKey(k)
}

// TypedRune is a letter.
func (e *entry) TypedRune(r rune) {
	e.window.touch()
	defer e.window.options.Stalls.hold()()
	e.Entry.TypedRune(r)
}

// TypedShortcut leaves the window's commands to the window; where a driver
// asks the main menu first they never get here.
func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if e.window.shortcut(s) {
		return
	}
	if p, ok := s.(*fyne.ShortcutPaste); ok && e.paste != nil && e.paste(p.Clipboard.Content()) {
		return
	}
	e.Entry.TypedShortcut(s)
}

// FocusGained scrolls to where the cursor is.
func (e *entry) FocusGained() {
	e.Entry.FocusGained()
	e.window.followFocus()
}

// choose selects the letters from … to of the text.
func (e *entry) choose(from, to int) {
	e.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft}) // ends a selection
	// Rows are those of the wrapped text; the last one that begins before is it.
	row, begin := 0, 0
	for {
		e.CursorRow, e.CursorColumn = row+1, 0
		at := e.CursorTextOffset()
		if at <= begin || at > from {
			break
		}
		row, begin = row+1, at
	}
	e.CursorRow, e.CursorColumn = row, from-begin
	e.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	for range to - from {
		e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	e.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
}

// FocusLost tells who waits for the end of typing.
func (e *entry) FocusLost() {
	e.Entry.FocusLost()
	if e.left != nil {
		e.left()
	}
}

// searchBox is an entry with the boxed hint of the key that leads there.
func (w *Window) searchBox(e *entry, hint string, width float32) *fyne.Container {
	box := canvas.NewRectangle(color.Transparent)
	box.CornerRadius, box.StrokeWidth, box.StrokeColor = 4, 1, w.pal.border
	keys := newText(hint, sizeSmall, w.pal.faint, false)
	roomy := true
	hide := func() {
		hidden := e.Text != "" || !roomy
		box.Hidden, keys.Hidden = hidden, hidden
		canvas.Refresh(box)
		canvas.Refresh(keys)
	}
	typed := e.OnChanged
	e.OnChanged = func(s string) {
		hide()
		if typed != nil {
			typed(s)
		}
	}
	return container.New(searchLayout{arrangement{
		min: func() fyne.Size { return fyne.NewSize(width, buttonHeight) },
		place: func(size fyne.Size) {
			place(e, 0, 0, size.Width, size.Height)
			kw := keys.MinSize().Width
			words := 14 + textWidth(e.PlaceHolder, sizeText, false) + 6
			x := min(words, size.Width-kw-2*hintSide-8)
			if now := x > words-20; now != roomy { // an ellipsis of the hint is better than a key over its words
				roomy = now
				hide()
			}
			place(box, x, (size.Height-hintHeight)/2, kw+2*hintSide, hintHeight)
			centred(keys, x+hintSide, size.Height)
		},
	}}, e, box, keys)
}

// searchLayout tells a search line from other arrangements: a bar without room
// makes it narrower.
type searchLayout struct{ arrangement }
