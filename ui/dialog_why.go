package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// explain says why the deadline is what it is: rule, start, pauses, days off.
func (s *appealsScreen) explain() {
	card := s.detail.card
	if card == nil {
		return
	}
	w, t := s.w, s.w.text
	fields := container.New(column{gap: 10})
	add := func(caption, words string) { fields.Add(w.fact(caption, words)) }
	d := card.Deadline
	switch {
	case d.Due.IsZero() && (!card.Appeal.Status.Open() || card.Appeal.Status == app.StatusAnswered):
		fields.Add(paragraph(t.T("why.finished")))
	case d.Due.IsZero():
		fields.Add(paragraph(t.T("why.no_rule")))
	default:
		add(t.T("why.due"), t.Moment(w.here(d.Due), w.here(w.desk.Now())))
		if d.Named {
			add(t.T("why.rule"), t.T("why.named"))
			if d.Start.Type == app.EventInterim {
				fields.Objects = fields.Objects[:1]
				add(t.T("why.rule"), t.T("why.promised"))
			}
		} else {
			add(t.T("why.rule"), s.ruleWords(d.Rule))
		}
		if d.Start.Type != "" {
			words := assets.Name(t, "event", d.Start.Type)
			if !d.Start.At.IsZero() {
				words += ", " + t.Moment(w.here(d.Start.At), w.here(w.desk.Now()))
			}
			add(t.T("why.start"), words)
		}
		if d.Paused > 0 {
			add(t.T("why.paused"), t.Duration(d.Paused))
		}
		if d.DaysOff > 0 {
			add(t.T("why.days_off"), t.N("why.days", d.DaysOff))
		}
	}
	w.ask(question{title: t.T("why.title"), content: fields, width: 440, no: t.T("dialog.close")})
}

// ruleWords writes a rule of the table of terms: length, and to what it
// applies.
func (s *appealsScreen) ruleWords(r app.Rule) string {
	t := s.w.text
	places := 0
	if r.Length != float64(int(r.Length)) {
		places = 1
	}
	words := []string{t.T("why.unit."+string(r.Unit), t.Decimal(r.Length, places))}
	if r.Kind != "" {
		words = append(words, assets.Name(t, "kind", r.Kind))
	}
	for _, v := range []string{r.Group, r.Topic} {
		if v != "" {
			words = append(words, v)
		}
	}
	if r.Severity > 0 {
		words = append(words, t.T("why.severity", int(r.Severity)))
	}
	return strings.Join(words, " · ")
}

// fact is a caption on the left and words on the right.
func (w *Window) fact(caption, words string) fyne.CanvasObject {
	left := newText(caption, sizeText, w.pal.muted, false)
	right := paragraph(words)
	const column = 170
	return container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(300, right.MinSize().Height-2*labelPad+4) },
		place: func(size fyne.Size) {
			left.Text = w.cuts.fit(caption, sizeText, false, column-8)
			left.Move(fyne.NewPos(0, 1))
			if width := size.Width - column + labelPad; right.Size().Width != width {
				right.Resize(fyne.NewSize(width, 20))
			}
			place(right, column-labelPad, 1-labelPad, size.Width-column+labelPad, right.MinSize().Height)
		},
	}, left, right)
}
