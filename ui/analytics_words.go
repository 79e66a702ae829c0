package ui

import (
	"fmt"
	"strings"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/report"
)

// marked gives charts in time the occasions of the period.
func marked(l report.Look, a *app.Analytics) report.Look {
	l.Occasions = a.Occasions
	return l
}

// periodWords writes a period as briefly as it can be read: 9–15 ноября, 28 ноября –
// 4 декабря, with the year where it is not that of its end.
func periodWords(t *assets.Texts, p app.Period) string {
	from, to := p.From.In(time.UTC), p.To.In(time.UTC)
	last := fmt.Sprintf("%s %d", wholeDay(t, p.To), to.Year())
	switch {
	case p.From == p.To:
		return last
	case from.Year() != to.Year():
		return fmt.Sprintf("%s %d – %s", wholeDay(t, p.From), from.Year(), last)
	case from.Month() != to.Month():
		return wholeDay(t, p.From) + " – " + last
	}
	return fmt.Sprintf("%d–%s", from.Day(), last)
}

// stepHeading is the first line of what is told of a step.
func stepHeading(t *assets.Texts, x app.StepFigures) string {
	words := wholeDay(t, x.Period.From)
	if x.Period.From != x.Period.To {
		words = periodWords(t, x.Period)
	}
	if x.Partial {
		words += ", " + t.T("analytics.partial")
	}
	return words
}

// hourWords names an hour of the week.
func hourWords(t *assets.Texts, h report.Hover) string {
	return fmt.Sprintf("%s, %d:00–%d:00", t.Weekday(h.Series), h.Point, h.Point+1)
}

// lengthWords names a stretch of lengths.
func lengthWords(t *assets.Texts, l app.Lengths) string {
	switch {
	case l.Below == 0:
		return t.T("analytics.length.more", t.Duration(l.AtLeast))
	case l.AtLeast == 0:
		return t.T("analytics.length.below", t.Duration(l.Below))
	}
	return t.T("analytics.length.between", t.Duration(l.AtLeast), t.Duration(l.Below))
}

// responseLines says what is known of times of response.
func responseLines(t *assets.Texts, r app.Summary) []string {
	if r.N == 0 {
		return []string{t.T("analytics.tip.none")}
	}
	return []string{
		t.T("analytics.tip.median", t.Duration(r.Median)),
		t.T("analytics.tip.mean", t.Duration(r.Mean)),
		t.T("analytics.tip.band", t.Duration(r.P10), t.Duration(r.P90)),
		t.N("analytics.answers", r.N),
	}
}

// inTimeLine says how many were in time, "" where nothing had a term.
func inTimeLine(t *assets.Texts, r app.Summary) string {
	share, ok := r.Share()
	if !ok {
		return t.T("analytics.tip.no_terms")
	}
	return t.T("analytics.tip.in_time", t.Percent(share, 1), t.Number(int64(r.InTime)), t.Number(int64(r.Timed)))
}

// tellResponses is the tooltip of the times of a step.
func tellResponses(t *assets.Texts, steps []app.StepFigures) func(report.Hover) []string {
	return func(h report.Hover) []string {
		x := steps[h.Point]
		return append([]string{stepHeading(t, x)}, responseLines(t, x.Response)...)
	}
}

// tellInTime is the tooltip of the share in time of a step.
func (s *analyticsScreen) tellInTime(a *app.Analytics, h report.Hover) []string {
	t := s.w.text
	x := a.Steps[h.Point]
	out := []string{stepHeading(t, x), inTimeLine(t, x.Response)}
	if n := x.Response.Overdue(); n > 0 {
		out = append(out, t.T("analytics.tip.overdue", t.Number(int64(n))))
	}
	return out
}

// tellPace is the tooltip of the flow of appeals of a step.
func (s *analyticsScreen) tellPace(a *app.Analytics, h report.Hover) []string {
	t := s.w.text
	x := a.Steps[h.Point]
	return []string{
		stepHeading(t, x), t.T("analytics.tip.new", t.Number(int64(x.Appeals))),
		t.T("analytics.tip.closed", t.Number(int64(x.Closed))), t.T("analytics.tip.backlog", t.Number(int64(x.Backlog))),
	}
}

// tellShare is the tooltip of a bar, a box, a square of the map.
func (s *analyticsScreen) tellShare(b breakdown, x app.Share) []string {
	t := s.w.text
	n, _ := s.than(x)
	out := []string{
		b.facet.value(t, x.Name),
		t.T("analytics.tip.share", t.N("analytics.appeals", x.Appeals), t.Percent(x.Part, 1)),
	}
	if s.figures != nil && s.compares(s.figures) {
		out = append(out, t.T("analytics.tip.before", s.thanWords(), t.Number(int64(n))))
	}
	if n, ok := x.PerThousand(); ok {
		out = append(out, t.T("analytics.tip.per_thousand", t.Decimal(n, 2)))
	}
	if x.Response.N > 0 {
		out = append(out, responseLines(t, x.Response)...)
	}
	if x.Response.Timed > 0 {
		out = append(out, inTimeLine(t, x.Response))
	}
	return out
}

// tellLengths is the tooltip of a bar of the histogram.
func (s *analyticsScreen) tellLengths(a *app.Analytics, h report.Hover) []string {
	t := s.w.text
	b := a.Took[h.Point]
	out := []string{lengthWords(t, b.Lengths), t.N("analytics.answers", b.N)}
	if a.Now.Response.N > 0 {
		out = append(out, t.T("analytics.tip.part", t.Percent(float64(b.N)/float64(a.Now.Response.N), 1)))
	}
	return out
}

// tellUnanswered is the tooltip of the curve of what still waits.
func (s *analyticsScreen) tellUnanswered(a *app.Analytics, h report.Hover) []string {
	t := s.w.text
	p := a.Unanswered[h.Point]
	return []string{
		t.T("analytics.tip.after", t.Duration(p.After)), t.T("analytics.tip.unanswered", t.Percent(p.Share, 1)),
		t.N("analytics.watched", p.AtRisk),
	}
}

// tellNetworkShares is the tooltip of the shares of the networks.
func (s *analyticsScreen) tellNetworkShares(a *app.Analytics, h report.Hover) []string {
	t := s.w.text
	out := []string{wholeDay(t, a.Period.From+app.Day(h.Point))}
	var sum int64
	for _, n := range a.Audience.Networks {
		sum += max(0, n.Days[h.Point])
	}
	for _, n := range a.Audience.Networks {
		if count := n.Days[h.Point]; count >= 0 && sum > 0 {
			out = append(out, fmt.Sprintf("%s: %s (%s)", assets.Name(t, "source", n.Network),
				t.Percent(float64(count)/float64(sum), 1), t.Number(count)))
		}
	}
	return out
}

// tellLine is the tooltip of one page among others.
func (s *analyticsScreen) tellLine(lines []report.Line, h report.Hover) []string {
	t := s.w.text
	series := lines[h.Series].Series
	day := series.First + app.Day(h.Point)
	n, ok := series.At(day)
	count := t.T("screens.no_data")
	if ok {
		count = t.Number(int64(n))
	}
	return []string{wholeDay(t, day), lines[h.Series].Name, count}
}

// shortLetters is how many letters of a name a square of the map has room for.
const shortLetters = 8

// shortPlace is what a square of the map says of a municipality; its whole name is told
// under the pointer.
func shortPlace(name string) string {
	for _, kind := range []string{" муниципальный округ", " городской округ", " район", " округ"} {
		name = strings.TrimSuffix(name, kind)
	}
	if letters := []rune(name); len(letters) > shortLetters {
		return strings.TrimSpace(string(letters[:shortLetters-1])) + "."
	}
	return name
}

// occasionWords lists what is marked on charts in time, by the signs it has there.
func occasionWords(a *app.Analytics) string {
	var out []string
	for _, m := range report.Marks(a.Occasions, a.Period) {
		out = append(out, m.Sign+" – "+m.Occasion.Name)
	}
	return strings.Join(out, ", ")
}
