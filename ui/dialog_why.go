package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

const whyWidth = 560

// explain says why the deadline is what it is: every clock of the appeal with its
// rule, start, pauses and days off, the latest round first.
func (s *appealsScreen) explain() {
	card := s.detail.card
	if card == nil {
		return
	}
	w, t := s.w, s.w.text
	fields := container.New(column{gap: 8})
	clocks := w.desk.Clocks(card.Appeal)
	switch finished := !card.Appeal.Status.Open() || card.Appeal.Status == app.StatusAnswered; {
	case finished:
		fields.Add(paragraph(t.T("why.finished")))
	case card.Deadline.Due.IsZero():
		fields.Add(paragraph(t.T("why.no_rule")))
	}
	for round := len(clocks); round > 0; round-- {
		for i := range clocks {
			if clocks[i].Round == round {
				s.explainClock(fields, &clocks[i])
			}
		}
	}
	fields.Resize(fyne.NewSize(whyWidth-44, 1)) // the height of the words follows from their width
	height := min(fields.MinSize().Height+4, w.win.Canvas().Size().Height-190)
	scroll := w.quiet(container.NewVScroll(container.New(gaps{0, 8, 0, 0}, fields)))
	w.ask(question{title: t.T("why.title"), content: sized(scroll, 0, height), width: whyWidth, no: t.T("dialog.close")})
}

// explainClock adds what there is to say of one clock.
func (s *appealsScreen) explainClock(fields *fyne.Container, k *app.Clock) {
	w, t, d := s.w, s.w.text, k.Term
	now := w.here(w.desk.Now())
	moment := func(at time.Time) string { return t.Moment(w.here(at), now) }
	add := func(caption, words string) { fields.Add(w.fact(caption, words)) }

	heading := t.T("why.aim." + aimName(k))
	if k.Round > 1 {
		heading += " · " + t.T("why.round", k.Round)
	}
	fields.Add(newText(heading, sizeText, w.pal.text, true))
	due := moment(d.Due)
	if d.Standing && !k.Stopped() {
		due = t.T("why.standing", w.termWords(d.Left, d.Rule.Unit), due)
	}
	if k.Aim == app.AimAnswer {
		add(t.T("why.due"), due)
	} else {
		add(t.T("why.by"), due)
	}
	add(t.T("why.rule"), s.termSource(d))
	if d.Extended.Type != "" {
		add(t.T("why.extended"), moment(d.Extended.At))
	}
	if d.Start.Type != "" {
		words := assets.Name(t, "event", d.Start.Type)
		if !d.Start.At.IsZero() {
			words += ", " + moment(d.Start.At)
		}
		add(t.T("why.start"), words)
	}
	both := func(v app.Span) string {
		return t.T("why.both", w.termWords(v.Work, app.UnitWorkHours), t.Duration(v.Calendar))
	}
	add(t.T("why.passed"), both(k.Passed))
	switch {
	case k.Stopped():
		words := t.T("why.in_time")
		if k.End.At.After(d.Due) {
			words = t.T("why.late")
		}
		add(t.T("why.stopped"), strings.Join([]string{t.T("timeline.what." + string(k.End.Type)), moment(k.End.At), words}, ", "))
	case k.Left.Calendar < 0:
		add(t.T("why.over"), both(app.Span{Work: -k.Left.Work, Calendar: -k.Left.Calendar}))
	default:
		add(t.T("why.left"), both(k.Left))
	}
	for _, p := range d.Pauses {
		status := assets.Name(t, "status", p.Status)
		if p.To.IsZero() {
			add(t.T("why.paused"), t.T("why.pause_lasts", status, moment(p.From)))
			continue
		}
		add(t.T("why.paused"), t.T("why.pause", status, moment(p.From), moment(p.To), t.Duration(p.To.Sub(p.From))))
	}
	if len(k.Rests) > 0 && d.Rule.Working() {
		add(t.T("why.days_off"), restWords(t, k.Rests))
	}
}

// aimName is the last part of the key of what the clock is about.
func aimName(k *app.Clock) string {
	switch {
	case k.Aim != app.AimAnswer:
		return string(k.Aim)
	case k.Term.Start.Type == app.EventInterim:
		return "final"
	}
	return "answer"
}

// termSource says where a term comes from: a rule, the source, a promise.
func (s *appealsScreen) termSource(d app.Deadline) string {
	switch {
	case d.Named && d.Start.Type == app.EventInterim:
		return s.w.text.T("why.promised")
	case d.Named:
		return s.w.text.T("why.named")
	}
	return s.ruleWords(d.Rule)
}

// restsShown is how many stretches of days off are listed.
const restsShown = 8

// restWords lists days off in stretches of one reason.
func restWords(t *assets.Texts, rests []app.Rest) string {
	var words []string
	at := func(d app.Day) string { return t.DayMonth(d.In(time.UTC)) }
	more := 0
	for i := 0; i < len(rests); {
		first, n := rests[i], 1
		for i+n < len(rests) && rests[i+n].Reason == first.Reason && rests[i+n].Day == first.Day+app.Day(n) && first.Reason != app.ReasonMoved {
			n++
		}
		i += n
		if len(words) == restsShown {
			more += n
			continue
		}
		days := at(first.Day)
		if n > 1 {
			days += " – " + at(first.Day+app.Day(n)-1)
		}
		reason := t.T("why.rest." + string(first.Reason))
		if first.Reason == app.ReasonMoved {
			reason = t.T("why.rest.moved_from", at(first.From))
		}
		words = append(words, days+": "+reason)
	}
	lines := t.N("why.days", len(rests)) + ". " + strings.Join(words, "; ")
	if more > 0 {
		lines += "; " + t.N("why.more_days", more)
	}
	return lines
}

// ruleWords writes a rule of the table of terms: length, and to what it
// applies.
func (s *appealsScreen) ruleWords(r app.Rule) string {
	t := s.w.text
	words := []string{t.N("why.length."+string(r.Unit), int(r.Length))}
	if r.Length != float64(int(r.Length)) {
		words[0] = t.T("why.unit."+string(r.Unit), t.Decimal(r.Length, 1))
	}
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
	if r.OffDay != app.OffDayStays && r.Unit == app.UnitDays {
		words = append(words, t.T("why.off_day."+string(r.OffDay)))
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
