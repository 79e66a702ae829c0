package ui

import (
	"slices"

	"otklik/app"
	"otklik/report"
)

// cardGroup is a page of the screen: rows of cards under one name, "analytics.group." + it.
type cardGroup struct {
	name string
	rows [][]string
	left float32 // share of the width of the first of two cards in a row
}

// analyticsGroups are the pages, the overview as drawn first.
var analyticsGroups = []cardGroup{
	{"overview", [][]string{{"networks", "responses"}, {"places", "heat"}}, 0.575},
	{"speed", [][]string{{"responses", "in_time"}, {"speed_by", "spread_by"}, {"lengths", "unanswered"}, {"speed_table"}}, 0.5},
	{"flow", [][]string{{"pace"}, {"sources", "heat"}, {"kinds", "executors"}}, 0.5},
	{"topics", [][]string{{"groups", "group_bars"}, {"topics", "topic_bars"}}, 0.575},
	{"territory", [][]string{{"map", "territory"}}, 0.42},
	{"audience", [][]string{{"networks", "network_shares"}, {"lines"}, {"leaders", "losers"}}, 0.575},
}

// cardNotes are what the definitions of many cards have in common; the words are
// "analytics.about.note." + note.
var cardNotes = map[string][]string{
	"responses": {"clock", "median", "gaps", "last"}, "in_time": {"clock", "gaps", "last"},
	"speed_by": {"clock", "median"}, "spread_by": {"clock", "median"}, "speed_table": {"clock", "median"},
	"lengths": {"clock", "median"}, "unanswered": {"clock"}, "pace": {"last"}, "heat": {"began"},
	"sources": {"began"}, "kinds": {"began"}, "executors": {"began"}, "groups": {"began"}, "topics": {"began"},
	"group_bars": {"began"}, "topic_bars": {"began"}, "map": {"began"}, "places": {"clock", "median"},
	"territory": {"began", "median"}, "networks": {"counts"}, "network_shares": {"counts"}, "lines": {"counts"},
	"leaders": {"counts"}, "losers": {"counts"},
}

// makeCards builds all cards; what they show comes with the figures.
func (s *analyticsScreen) makeCards() {
	s.cards = map[string]*card{}
	for _, c := range slices.Concat(s.speedCards(), s.flowCards(), s.topicCards(), s.placeCards(), s.audienceCards()) {
		s.cards[c.name] = c
	}
}

// labels are the words of the charts; the mark of comparison says of what it is.
func (s *analyticsScreen) labels() report.Labels {
	l := s.w.chartLabels()
	l.Before = s.thanWords()
	return l
}

// group is the page that is shown.
func (s *analyticsScreen) group() cardGroup {
	at := slices.IndexFunc(analyticsGroups, func(g cardGroup) bool { return g.name == s.asked.Group })
	return analyticsGroups[max(at, 0)]
}

// noAppeals is what a card says where no appeal is counted.
func (s *analyticsScreen) noAppeals(a *app.Analytics) said {
	t := s.w.text
	if narrows(a.Filter) {
		return said{empty: t.T("analytics.empty.filtered"), hint: t.T("analytics.empty.filtered_hint")}
	}
	return said{empty: t.T("analytics.empty.appeals"), hint: t.T("analytics.empty.appeals_hint")}
}

// noAnswers is what a card of times says where nothing was answered.
func (s *analyticsScreen) noAnswers(a *app.Analytics) said {
	if a.Now.Appeals == 0 {
		return s.noAppeals(a)
	}
	t := s.w.text
	return said{empty: t.T("analytics.empty.answers"), hint: t.N("analytics.empty.answers_hint", a.Now.Appeals)}
}

// answers is the note of a card of times.
func (s *analyticsScreen) answers(a *app.Analytics) string {
	t := s.w.text
	return joined(t.T("analytics.unit.hours"), t.T("analytics.n", t.Number(int64(a.Now.Response.N))))
}

// counted is the note of a card of numbers of appeals.
func (s *analyticsScreen) counted(a *app.Analytics) string {
	return s.w.text.N("analytics.appeals", a.Now.Appeals)
}

// stepWords is the note of the last step of a chart in time, "" where all are whole.
func (s *analyticsScreen) stepWords(a *app.Analytics) string {
	if n := len(a.Steps); n > 0 && a.Steps[n-1].Partial {
		return s.w.text.T("analytics.unfinished." + string(s.step(a)))
	}
	return ""
}

// step is the step the figures are of.
func (s *analyticsScreen) step(a *app.Analytics) app.Step {
	if a.Step == "" {
		return app.StepFor(a.Period)
	}
	return a.Step
}

// narrows says whether the filter narrows anything.
func narrows(f app.Filter) bool {
	return slices.ContainsFunc(conditions, func(x condition) bool { return len(x.get(f)) > 0 })
}
