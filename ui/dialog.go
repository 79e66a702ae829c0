package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// dialog is a question over the window. While it is open the window's
// shortcuts are off, Ctrl+Enter accepts and Escape cancels.
type dialog struct {
	window  *Window
	pop     *widget.PopUp
	yes     *button
	no      *button
	doYes   func() bool // false keeps the dialog open
	problem *widget.Label
	scroll  *container.Scroll // of the content, where it is higher than the window
	closed  func()
	before  fyne.Focusable
}

// question describes a dialog.
type question struct {
	title   string
	content fyne.CanvasObject
	width   float32
	yes     string      // "" for a dialog that only tells
	do      func() bool // false keeps the dialog open
	no      string      // "" for the usual word
	first   fyne.Focusable
	closed  func() // after it has gone, whatever the answer
}

// ask opens a dialog.
func (w *Window) ask(q question) *dialog {
	d := &dialog{window: w, doYes: q.do, closed: q.closed, before: w.win.Canvas().Focused()}
	d.problem = widget.NewLabel("")
	d.problem.Importance = widget.DangerImportance
	d.problem.Wrapping = fyne.TextWrapWord
	d.problem.Hide()
	no := q.no
	if no == "" {
		no = w.text.T("dialog.cancel")
	}
	d.no = w.button(no, "Esc", d.close)
	buttons := []fyne.CanvasObject{}
	if q.yes != "" {
		d.yes = w.primaryButton(q.yes, "Ctrl+Enter", d.accept)
		buttons = append(buttons, d.yes)
	}
	buttons = append(buttons, d.no)
	title := newText(q.title, sizeHeading, w.pal.text, true)
	d.scroll = container.NewVScroll(container.New(gaps{1, scrollSide, 1, frameSide}, q.content))
	body := container.New(column{gap: 12}, title, w.fitting(d, q), d.problem, container.New(line{gap: 8}, buttons...))
	ground := canvas.NewRectangle(w.pal.surface)
	ground.CornerRadius, ground.StrokeWidth, ground.StrokeColor = 8, 1, w.pal.border
	d.pop = widget.NewModalPopUp(sized(container.NewStack(ground, container.New(gaps{16, 18, 16, 18}, body)), w.dialogWidth(q.width), 0), w.win.Canvas())
	container.NewThemeOverride(d.pop, veiledTheme{w.theme})
	w.dialog = d
	d.pop.Show()
	if q.first != nil {
		w.win.Canvas().Focus(q.first)
	}
	return d
}

// Sizes of dialogs.
const (
	dialogEdge = 24  // stays free beside and above and below
	dialogSide = 18  // free within, left and right
	dialogRest = 132 // the height of all but the content
	frameSide  = 3
	scrollSide = 14
)

// dialogWidth is no wider than the window.
func (w *Window) dialogWidth(wanted float32) float32 {
	return min(wanted, w.win.Canvas().Size().Width-dialogEdge)
}

// fitting is the content of a question, as high as it is or as the window
// allows; then it scrolls.
func (w *Window) fitting(d *dialog, q question) fyne.CanvasObject {
	shown := w.quiet(d.scroll)
	return container.New(arrangement{
		min: func() fyne.Size {
			// The width comes first: the height of wrapped text follows from it.
			if width := w.dialogWidth(q.width) - 2*dialogSide; q.content.Size().Width != width {
				q.content.Resize(fyne.NewSize(width, q.content.MinSize().Height))
			}
			rest := float32(dialogRest)
			if d.problem.Visible() {
				rest += d.problem.MinSize().Height
			}
			return fyne.NewSize(100, min(q.content.MinSize().Height, max(60, w.win.Canvas().Size().Height-rest)))
		},
		// Frames of fields stand over the edge, and the bar beside them.
		place: func(size fyne.Size) { place(shown, -frameSide, -1, size.Width+frameSide+scrollSide, size.Height+2) },
	}, shown)
}

// reveal scrolls to the field that has the keyboard.
func (d *dialog) reveal(o fyne.CanvasObject) {
	if o != d.yes && o != d.no {
		reveal(d.scroll, o)
	}
}

// accept is the primary button.
func (d *dialog) accept() {
	if d.yes == nil || d.yes.disabled {
		return
	}
	if d.doYes == nil || d.doYes() {
		d.close()
	}
}

// close takes the dialog away.
func (d *dialog) close() {
	if d.window.dialog != d {
		return
	}
	d.window.dialog = nil
	d.pop.Hide()
	d.window.focus(d.before)
	if d.closed != nil {
		d.closed()
	}
}

// tell shows under the fields what is missing.
func (d *dialog) tell(words string) {
	d.problem.SetText(words)
	d.problem.Show()
	d.pop.Refresh() // lays the words out: now it is known how high they are
	d.pop.Refresh()
}

// typed takes keys nobody in the dialog wanted.
func (d *dialog) typed(e *fyne.KeyEvent) {
	if scrollBy(d.scroll, e.Name) {
		return
	}
	switch e.Name {
	case fyne.KeyEscape:
		d.close()
	case fyne.KeyReturn, fyne.KeyEnter:
		d.accept()
	}
}

// field is a caption over an input.
func (w *Window) field(caption string, input fyne.CanvasObject) fyne.CanvasObject {
	return container.New(column{gap: 4}, newText(caption, sizeCaption, w.pal.muted, false), input)
}

// paragraph is wrapping text of the body's size.
func paragraph(s string) *widget.Label {
	l := widget.NewLabel(s)
	l.Wrapping = fyne.TextWrapWord
	return l
}
