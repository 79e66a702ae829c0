package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// firstYear is the earliest a period may begin in: what is earlier was mistyped.
const firstYear = 2000

// dateLayouts are the ways a day is typed: 24.11.2026, 4.1.26, 24112026.
var dateLayouts = []string{"2.1.2006", "2.1.06", "02012006", time.DateOnly}

// typedDay reads a day as people type it.
func typedDay(words string) (app.Day, bool) {
	words = strings.Map(func(r rune) rune {
		if r == ',' || r == '/' { // the point of the Russian layout is a Shift away
			return '.'
		}
		return r
	}, strings.TrimSpace(words))
	for _, layout := range dateLayouts {
		if at, err := time.Parse(layout, words); err == nil && at.Year() >= firstYear {
			return app.DayOf(at), true
		}
	}
	return 0, false
}

// newDayEntry is an entry of a day; up and down go to the next day and to the one before.
func (w *Window) newDayEntry(day app.Day) *entry {
	e := w.newEntry(w.text.T("analytics.dates.hint"))
	e.SetText(w.text.Date(day.In(time.UTC)))
	e.key = func(k *fyne.KeyEvent) bool {
		by := map[fyne.KeyName]app.Day{fyne.KeyUp: 1, fyne.KeyDown: -1}[k.Name]
		if d, ok := typedDay(e.Text); ok && by != 0 {
			e.SetText(w.text.Date((d + by).In(time.UTC)))
		}
		return by != 0
	}
	return e
}

// askPeriod asks for the first and the last day of a period that has begun; now stands
// there first.
func (w *Window) askPeriod(now app.Period, taken func(app.Period)) {
	t := w.text
	from, to := w.newDayEntry(now.From), w.newDayEntry(now.To)
	var d *dialog
	d = w.ask(question{
		title: t.T("analytics.dates.title"), width: 420, yes: t.T("analytics.dates.yes"), first: from,
		content: container.New(column{gap: 10},
			sideBySide(
				w.field(t.T("analytics.dates.from"), sized(from, 0, buttonHeight)),
				w.field(t.T("analytics.dates.to"), sized(to, 0, buttonHeight))),
			newText(t.T("analytics.dates.about"), sizeCaption, w.pal.muted, false)),
		do: func() bool {
			p, problem := w.readDates(from.Text, to.Text)
			if problem != "" {
				d.tell(problem)
				return false
			}
			d.close()
			taken(p)
			return false
		},
	})
	from.OnSubmitted = func(string) { w.focus(to) }
	to.OnSubmitted = func(string) { d.accept() }
}

// today is the day it is in the region.
func (w *Window) today() app.Day { return app.DayOf(w.here(w.desk.Now())) }

// readDates reads a period, or says what is wrong with it.
func (w *Window) readDates(from, to string) (p app.Period, problem string) {
	t := w.text
	for _, one := range []struct {
		words string
		to    *app.Day
	}{{from, &p.From}, {to, &p.To}} {
		day, ok := typedDay(one.words)
		if !ok {
			return p, t.T("analytics.dates.wrong", strings.TrimSpace(one.words))
		}
		*one.to = day
	}
	switch {
	case p.To < p.From:
		return p, t.T("analytics.dates.backwards")
	case p.To > w.today():
		return p, t.T("analytics.dates.future", t.Date(w.today().In(time.UTC)))
	}
	return p, ""
}
