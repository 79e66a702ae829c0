package ui

import (
	"strings"

	"fyne.io/fyne/v2/container"
)

// wipe asks whether everything on this workstation is to be destroyed. What would
// be lost is said first, and the answer has to be typed.
func (w *Window) wipe() {
	t, keys := w.text, w.options.Keyholder
	if keys == nil || w.options.Carrier == nil {
		w.notice.show(t.T("wipe.none_here"), toneAmber)
		return
	}
	unsent := 0
	w.live.Try(func() (err error) {
		unsent, err = w.options.Carrier.Unsent()
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		w.askWipe(unsent)
	})
}

func (w *Window) askWipe(unsent int) {
	t := w.text
	word := t.T("wipe.word")
	typed := w.newEntry(word)
	lost := t.T("wipe.nothing_lost")
	if unsent > 0 {
		lost = t.N("wipe.lost", unsent)
	}
	var d *dialog
	d = w.ask(question{
		title: t.T("wipe.title"), width: 560, yes: t.T("wipe.yes"), first: typed,
		content: container.New(
			column{gap: 14}, aligned(paragraph(t.T("wipe.about"))), w.warning(aligned(paragraph(lost))),
			w.field(t.T("wipe.type", word), sized(typed, 0, buttonHeight)),
		),
		do: func() bool {
			if !strings.EqualFold(strings.TrimSpace(typed.Text), word) {
				d.tell(t.T("wipe.type", word))
				return false
			}
			d.yes.setDisabled(true)
			w.live.Try(w.options.Keyholder.Wipe, func(err error) {
				d.yes.setDisabled(false)
				if err != nil {
					d.tell(t.Sentence(err))
					return
				}
				w.Close()
			})
			return false
		},
	})
}
