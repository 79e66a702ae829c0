package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// quiet is how long a confirmation stays; an error stays until it is closed.
const quiet = 4 * time.Second

// offered is how long a confirmation stays that offers a way back.
const offered = 10 * time.Second

// notice is the bar in the lower left corner of a screen: errors and
// confirmations.
type notice struct {
	window *Window
	object *fyne.Container
	back   *canvas.Rectangle
	icon   *widget.Icon
	words  *widget.Label
	undo   *button
	stop   func()
}

func newNotice(w *Window) *notice {
	n := &notice{window: w, back: canvas.NewRectangle(w.pal.surface), icon: widget.NewIcon(nil), words: widget.NewLabel("")}
	n.back.CornerRadius, n.back.StrokeWidth = 8, 1
	n.words.Wrapping = fyne.TextWrapWord
	n.undo = w.button(w.text.T("undo.offer"), "Ctrl+U", w.undo)
	n.undo.Hide()
	shut := w.iconButton(theme.IconNameCancel, w.text.T("notice.close"), n.hide)
	n.object = container.NewStack(n.back, container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(200, max(40, n.words.MinSize().Height+6)) },
		place: func(size fyne.Size) {
			place(n.icon, 12, (size.Height-18)/2, 18, 18)
			place(shut, size.Width-34, (size.Height-26)/2, 26, 26)
			width := size.Width - 34 - 38
			if n.undo.Visible() {
				m := n.undo.MinSize()
				width -= m.Width + 8
				place(n.undo, size.Width-34-8-m.Width, (size.Height-m.Height)/2, m.Width, m.Height)
			}
			if n.words.Size().Width != width {
				n.words.Resize(fyne.NewSize(width, size.Height))
			}
			h := n.words.MinSize().Height
			place(n.words, 34, (size.Height-h)/2, width, h)
		},
	}, n.icon, n.words, n.undo, shut))
	n.object.Hide()
	return n
}

// noticeWidth is how wide the bar is where there is room.
const noticeWidth = 520

// place puts the bar at the bottom of the window.
func (n *notice) place(x float32, window fyne.Size, room float32) {
	width := min(noticeWidth, room)
	n.object.Resize(fyne.NewSize(width, n.object.MinSize().Height)) // wrapped words learn their width
	h := n.object.MinSize().Height
	place(n.object, x, window.Height-h-14, width, h)
}

func (n *notice) show(words string, kind tone) {
	n.undo.Hide()
	n.tell(words, kind)
}

// offer confirms something that can be undone.
func (n *notice) offer(words string) {
	n.undo.Show()
	n.tell(words, toneGreen)
}

func (n *notice) tell(words string, kind tone) {
	if n.stop != nil {
		n.stop()
	}
	ink, ground := kind.of(n.window.pal)
	n.back.FillColor, n.back.StrokeColor = ground, ink
	n.icon.SetResource(theme.NewErrorThemedResource(theme.ErrorIcon()))
	if kind == toneGreen {
		n.icon.SetResource(theme.NewSuccessThemedResource(theme.ConfirmIcon()))
		stays := quiet
		if n.undo.Visible() {
			stays = offered
		}
		n.stop = n.window.live.Later(stays, n.hide)
	}
	n.words.SetText(words)
	n.object.Show()
	n.window.win.Content().Refresh()
}

func (n *notice) hide() {
	if n.object.Visible() {
		n.object.Hide()
		n.window.win.Content().Refresh()
	}
}
