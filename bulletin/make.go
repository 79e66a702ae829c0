package bulletin

import (
	"slices"

	"otklik/app"
	"otklik/assets"
	"otklik/report"
)

// composers are the ways to compose a document, by kind.
var composers = map[Kind]func(*composer) error{
	KindRanking:  (*composer).ranking,
	KindTopics:   (*composer).topics,
	KindWeek:     (*composer).week,
	KindFlow:     (*composer).flow,
	KindQuarter:  (*composer).quarter,
	KindPages:    (*composer).pages,
	KindOverview: (*composer).overview,
}

// Make composes the document of the period and the filter; the zero period is the usual
// one. A period without data gives a document that says so. Errors: CodeBadArgument for a
// kind that is not known, those of the desk.
func Make(desk *app.Desk, t *assets.Texts, k Kind, q app.Inquiry) (*report.Document, error) {
	k, err := ParseKind(string(k))
	if err != nil {
		return nil, err
	}
	if q.Period.Whole() {
		q.Period = Usual(k, app.DayOf(here(desk)))
	}
	if k == KindFlow && q.Step == "" {
		q.Step = flowStep(q.Period)
	}
	a, err := desk.Analytics(q)
	if err != nil {
		return nil, err
	}
	at := a.At.In(desk.Region().Location())
	c := &composer{desk: desk, t: t, a: a, labels: Labels(t, a.Goal)}
	c.d = &report.Document{
		Name:   string(k) + "-" + q.Period.From.String() + "-" + q.Period.To.String(),
		Lang:   t.Lang,
		Centre: desk.Region().Centre,
		Title:  title(t, k, q.Period),
		Period: t.Days(q.Period),
		AsOf:   t.T("bulletin.as_of", t.Date(at), at.Format("15:04")),
		Made:   at,
		Words:  Words(t),
	}
	narrowed, err := Narrowed(desk, t, q.Filter)
	if err != nil {
		return nil, err
	}
	if k == KindPages { // the state of the day, whatever the period
		today := app.Period{From: app.DayOf(at), To: app.DayOf(at)}
		c.d.Name, c.d.Period = string(k)+"-"+today.From.String(), t.T("bulletin.state", t.Days(today))
	}
	if narrowed != "" {
		c.d.Name += "-" + filterMark(q.Filter)
		c.say(t.T("bulletin.narrowed", narrowed))
	}
	if a.Partial && k != KindPages {
		c.say(t.T("bulletin.partial", t.DayMonth(at), at.Format("15:04")))
	}
	if err := composers[k](c); err != nil {
		return nil, err
	}
	c.explain("missing")
	for _, key := range []string{"before", "response", "score_open"} {
		if slices.Contains(c.explained, key) {
			c.d.Brief = append(c.d.Brief, c.definition(key))
		}
	}
	return c.d, nil
}

// title names the document; where the period is not the one it is named after, the name
// does not claim so.
func title(t *assets.Texts, k Kind, p app.Period) string {
	if key := "bulletin." + string(k) + ".any"; t.Has(key) && Usual(k, p.To+1) != p {
		return t.T(key)
	}
	return t.T("bulletin." + string(k))
}

// composer puts a document together.
type composer struct {
	desk   *app.Desk
	t      *assets.Texts
	a      *app.Analytics
	d      *report.Document
	labels report.Labels

	explained []string
}

func (c *composer) add(blocks ...report.Block) { c.d.Blocks = append(c.d.Blocks, blocks...) }

func (c *composer) say(text string) { c.add(&report.Prose{Text: text}) }

// explain adds what a figure is, once, to the notes.
func (c *composer) explain(keys ...string) {
	for _, key := range keys {
		if slices.Contains(c.explained, key) {
			continue
		}
		c.explained = append(c.explained, key)
		c.d.Method = append(c.d.Method, c.definition(key))
	}
}

// definition says what a figure is.
func (c *composer) definition(key string) string {
	t, p := c.t, c.a.Period
	switch key {
	case "before":
		return t.T("bulletin.method.before", t.Days(p.Before()), t.Days(p.YearAgo()))
	case "goal":
		return t.T("bulletin.method.goal", t.Duration(c.a.Goal))
	case "few":
		return t.N("bulletin.method.few", fewAnswers)
	case "score":
		return t.T("bulletin.method.score", c.desk.Region().Score.Good, c.desk.Region().Score.Fair)
	}
	return t.T("bulletin.method." + key)
}

// nothing says so where no appeal is concerned by the period.
func (c *composer) nothing() bool {
	now := c.a.Now
	if now.Appeals > 0 || now.Closed > 0 || now.Backlog > 0 {
		return false
	}
	c.say(c.t.T("bulletin.nothing"))
	return true
}
