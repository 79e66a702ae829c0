package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

const lockedWidth = 580

// lock fills the window of a workstation that was revoked: what happened, what
// became of the work, and the two ways on. Nothing of an appeal is on it.
func (w *Window) lock() {
	t := w.text
	w.screens = map[string]screen{}
	w.win.SetMainMenu(w.menu()) // whose shortcuts do nothing now, but for leaving
	unsent := newText("", sizeText, w.pal.text, true)
	code := w.newEntry("XXXX-XXXX-XXXX")
	problem := widget.NewLabel("")
	problem.Importance, problem.Wrapping = widget.DangerImportance, fyne.TextWrapWord
	problem.Hide()
	var enrol *button
	submit := func() {
		typed := strings.TrimSpace(code.Text)
		if typed == "" || enrol.disabled || w.options.Carrier == nil {
			return
		}
		enrol.setDisabled(true)
		problem.Hide()
		w.live.Try(func() error { return w.options.Carrier.Enrol(typed) }, func(err error) {
			enrol.setDisabled(false)
			if err != nil {
				problem.SetText(t.Sentence(err))
				problem.Show()
				w.win.Content().Refresh()
				return
			}
			w.say(t.T("locked.enrolled")) // the window has opened already
		})
	}
	enrol = w.primaryButton(t.T("locked.enrol"), "", submit)
	code.OnSubmitted = func(string) { submit() }
	export := w.button(t.T("exchange.export"), "", w.exportUnsent)
	export.setDisabled(true)
	body := container.New(
		column{gap: 14},
		newText(t.T("locked.title"), sizeTitle, w.pal.text, true),
		w.warning(aligned(paragraph(t.T("locked.why")))),
		unsent,
		container.New(
			column{gap: 6}, aligned(paragraph(t.T("locked.code_about"))),
			w.field(t.T("locked.code"), container.New(line{gap: 8}, sized(code, 260, buttonHeight), enrol)), problem,
		),
		container.New(column{gap: 6}, aligned(paragraph(t.T("locked.export_about"))), container.New(line{gap: 8}, export)),
	)
	w.alone(body)
	w.focus(code)
	if w.options.Carrier == nil {
		return
	}
	var slot Slot
	w.live.Load(&slot, func(context.Context) (func(), error) {
		n, err := w.options.Carrier.Unsent()
		if err != nil {
			return nil, err
		}
		return func() {
			unsent.Text = t.T("locked.nothing")
			if n > 0 {
				unsent.Text = t.N("locked.unsent", n)
			}
			export.setDisabled(n == 0)
			w.win.Content().Refresh()
		}, nil
	})
	w.drawn()
}

// alone shows a card and nothing else.
func (w *Window) alone(body fyne.CanvasObject) {
	ground, bar := canvas.NewRectangle(w.pal.ground), w.notice.object
	card := w.framed(body, gaps{20, 24, 22, 24})
	scroll := w.quiet(container.NewVScroll(card))
	w.win.SetContent(container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(leastWidth, leastHeight) },
		place: func(size fyne.Size) {
			place(ground, 0, 0, size.Width, size.Height)
			card.Resize(fyne.NewSize(lockedWidth, card.MinSize().Height)) // wrapped words learn their width
			h := card.MinSize().Height
			place(scroll, (size.Width-lockedWidth)/2, max(0, (size.Height-h)/3), lockedWidth, min(h, size.Height))
			w.notice.place(14, size, size.Width-28)
		},
	}, ground, scroll, bar))
}

// aligned takes back what a label keeps free around its words.
func aligned(l *widget.Label) fyne.CanvasObject { return container.New(gaps{-6, -6, -6, -6}, l) }
