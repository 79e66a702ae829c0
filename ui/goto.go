package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// numberedMost is how many appeals a person chooses from where a number fits more
// than one.
const numberedMost = 9

// goToNumber asks for a number and opens its appeal, whatever the list shows.
func (s *appealsScreen) goToNumber() {
	w := s.w
	number := w.newEntry(w.text.T("goto.hint"))
	var slot Slot
	var d *dialog
	d = w.ask(question{
		title: w.text.T("goto.title"), width: 420, yes: w.text.T("goto.yes"), first: number,
		content: container.New(column{gap: 6}, sized(number, 0, buttonHeight),
			newText(w.text.T("goto.about"), sizeCaption, w.pal.muted, false)),
		do: func() bool {
			typed := number.Text
			w.live.Load(&slot, func(context.Context) (func(), error) {
				rows, err := w.desk.Numbered(typed, numberedMost)
				return func() {
					switch {
					case err != nil || w.dialog != d: // it is told, or nobody asks any more
					case len(rows) == 0:
						d.tell(w.text.T("goto.none"))
					default:
						d.close()
						s.openOne(rows)
					}
				}, err
			})
			return false
		},
		closed: func() { w.live.Drop(&slot) },
	})
	number.OnSubmitted = func(string) { d.accept() }
}

// openOne opens the appeal, asking which where there are more than one.
func (s *appealsScreen) openOne(rows []app.Row) {
	if len(rows) == 1 {
		s.openAnywhere(rows[0].Record)
		return
	}
	options, records := make([]option, len(rows)), map[string]uint64{}
	for i, r := range rows {
		options[i] = option{r.ID, joined(s.w.text.T("appeal.number", r.Number), r.Heading)}
		records[r.ID] = r.Record
	}
	size := s.w.win.Canvas().Size()
	s.w.pick(options, "", fyne.NewPos(size.Width/2-210, size.Height/4), 420, func(id string) { s.openAnywhere(records[id]) }, s.list)
}

// openAnywhere shows an appeal that the list may not have.
func (s *appealsScreen) openAnywhere(record uint64) {
	if s.stopCard != nil {
		s.stopCard()
	}
	s.list.mark(-1)
	for i, r := range s.found.Records {
		if r == record {
			s.list.selectRow(i)
			return
		}
	}
	s.openRecord(record)
}
