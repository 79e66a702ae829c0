package ui

import (
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/assets"
	"otklik/report"
)

// giveHeight is the height of the preview of what is given out.
const giveHeight = 240

// given gives the appeal as it may leave the program: without personal data as far
// as their form tells, unless a person wants them.
func (s *appealsScreen) given(personal bool) *app.Appeal {
	a := s.detail.card.Appeal
	if personal {
		return a
	}
	return a.Masked(s.w.text.T("give.hidden"))
}

// givenOut does the work and then done; what holds personal data stands in the
// journal first, or does not leave.
func (s *appealsScreen) givenOut(d *dialog, personal bool, how string, work func() error, done func()) {
	w, id := s.w, s.detail.card.Appeal.ID
	d.yes.setDisabled(true)
	w.live.Try(func() error {
		if personal {
			if err := w.desk.Disclose(id, how); err != nil {
				return err
			}
		}
		return work()
	}, func(err error) {
		d.yes.setDisabled(false)
		if err != nil {
			d.tell(w.text.Sentence(err))
			return
		}
		if w.dialog != d { // taken back meanwhile
			return
		}
		d.close()
		done()
	})
}

// copyAsText shows the appeal as plain text for a messenger and copies it.
func (s *appealsScreen) copyAsText() {
	if s.detail.card == nil {
		return
	}
	w, t := s.w, s.w.text
	words := paragraph("")
	preview := container.NewVScroll(words)
	text := ""
	show := func(personal bool) {
		text = s.plainText(personal)
		words.SetText(text)
		preview.ScrollToTop()
	}
	personal := w.newTick(t.T("give.personal_copy"), false, show)
	show(false)
	var d *dialog
	d = w.ask(question{
		title: t.T("give.copy"), width: 620, yes: t.T("give.copy_yes"), first: personal,
		content: container.New(column{gap: 10}, sized(w.framed(w.quiet(preview), gaps{2, 8, 2, 8}), 0, giveHeight), personal,
			aligned(caption(t.T("give.about")))),
		do: func() bool {
			shown, said := text, t.T("give.copied") // as it stands now: it is this that is journalled
			if personal.on {
				said = t.T("give.copied_personal")
			}
			s.givenOut(d, personal.on, app.DisclosedCopy, func() error { return nil }, func() {
				w.fyne.Clipboard().SetContent(shown)
				w.say(said)
			})
			return false // closes when it is in the journal
		},
	})
}

// plainText is the appeal for a messenger.
func (s *appealsScreen) plainText(personal bool) string {
	t, a := s.w.text, s.given(personal)
	var after []string
	if due := s.detail.card.Deadline.Due; !due.IsZero() {
		after = append(after, t.T("give.due", s.w.paperMoment(due)))
	}
	for _, line := range [][2]string{{"give.author", a.Author}, {"give.contact", a.Contact}, {"give.link", a.Link}} {
		if line[1] != "" {
			after = append(after, t.T(line[0], line[1]))
		}
	}
	return a.PlainText(number(s.w, a), after...)
}

// printSheet makes a sheet of the appeal and opens it in the system's browser,
// which prints it.
func (s *appealsScreen) printSheet() {
	if s.detail.card == nil {
		return
	}
	w, t := s.w, s.w.text
	history := w.newTick(t.T("give.history"), false, func(bool) {})
	personal := w.newTick(t.T("give.personal_print"), false, func(bool) {})
	var d *dialog
	d = w.ask(question{
		title: t.T("give.print"), width: 560, yes: t.T("give.print_yes"), first: history,
		content: container.New(column{gap: 10}, aligned(paragraph(t.T("give.print_about"))),
			container.New(column{gap: 3}, ticks(history, personal)...), aligned(caption(t.T("give.about")))),
		do: func() bool {
			page, err := s.sheet(personal.on, history.on).HTML()
			if err != nil {
				d.tell(t.Sentence(err))
				return false
			}
			path := ""
			s.givenOut(d, personal.on, app.DisclosedPrint, func() (err error) {
				path, err = w.desk.ShowSheet(page)
				return err
			}, func() {
				if err := w.fyne.OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}); err != nil {
					w.notice.show(t.T("give.no_browser"), toneRed)
					return
				}
				w.say(t.T("give.opened"))
			})
			return false // closes when it is open
		},
	})
}

// caption is small quiet text that wraps.
func caption(words string) *widget.Label {
	l := historyLine()
	l.SetText(words)
	return l
}

// paperMoment writes a moment for a place where «today» says nothing.
func (w *Window) paperMoment(at time.Time) string { return w.here(at).Format("02.01.2006 15:04") }

// sheet puts the appeal on paper.
func (s *appealsScreen) sheet(personal, history bool) report.Sheet {
	w, t, a := s.w, s.w.text, s.given(personal)
	page := report.Sheet{
		Lang: t.Lang, Centre: w.desk.Region().Centre, Number: number(w, a), Heading: w.headingOf(a),
		Said: report.SheetCard{Who: t.T("give.said"), Text: a.Text}, HistoryTitle: t.T("give.history_title"),
		Foot: t.T("give.foot", w.paperMoment(w.desk.Now())),
	}
	if personal {
		page.Foot += " " + t.T("give.foot_personal")
	}
	topic := strings.TrimSuffix(a.Group+" · "+a.Topic, " · ")
	due := ""
	if at := s.detail.card.Deadline.Due; !at.IsZero() {
		due = w.paperMoment(at)
	}
	for _, e := range a.Events {
		if e.Type == app.EventPublished || e.Type == app.EventDetected || e.Type == app.EventRegistered {
			if !e.At.IsZero() && page.Said.When == "" {
				page.Said.When = w.paperMoment(e.At)
			}
		}
		if history && !told(a, e) {
			page.History = append(page.History, s.onPaper(a, e))
		}
	}
	for _, f := range []report.SheetFact{
		{Name: t.T("fact.source"), Value: assets.Name(t, "source", a.Source)},
		{Name: t.T("fact.status"), Value: assets.Name(t, "status", a.Status)},
		{Name: t.T("fact.topic"), Value: topic},
		{Name: t.T("fact.municipality"), Value: a.Municipality},
		{Name: t.T("fact.place"), Value: a.Place},
		{Name: t.T("fact.executor"), Value: a.Executor},
		{Name: t.T("fact.assignee"), Value: a.Assignee},
		{Name: t.T("fact.due"), Value: due},
		{Name: t.T("fact.author"), Value: a.Author},
		{Name: t.T("fact.contact"), Value: a.Contact},
		{Name: t.T("fact.link"), Value: a.Link},
	} {
		if f.Value != "" {
			page.Facts = append(page.Facts, f)
		}
	}
	return page
}

// onPaper is an event of the history on paper.
func (s *appealsScreen) onPaper(a *app.Appeal, e app.Event) report.SheetCard {
	l := s.detail.timeline
	c := report.SheetCard{}
	if !e.At.IsZero() {
		c.When = s.w.paperMoment(e.At)
	}
	if spoken := l.spoken(a, e); spoken != nil {
		c.Who, c.Text = joined(spoken.who, spoken.what), strings.TrimSpace(spoken.text+"\n"+spoken.about)
		return c
	}
	c.Who = capital(l.what(e))
	return c
}
