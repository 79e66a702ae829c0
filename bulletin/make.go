package bulletin

import (
	"otklik/app"
	"otklik/assets"
	"otklik/report"
)

// Make composes the document of the period and the filter; the zero period is the usual
// one. Errors: CodeBadArgument for a kind that is not known, those of the desk.
func Make(desk *app.Desk, t *assets.Texts, k Kind, q app.Inquiry) (*report.Document, error) {
	k, err := ParseKind(string(k))
	if err != nil {
		return nil, err
	}
	if q.Period.Whole() {
		q.Period = Usual(k, app.DayOf(here(desk)))
	}
	d := &report.Document{
		Name:   string(k) + "-" + q.Period.From.String() + "-" + q.Period.To.String(),
		Lang:   t.Lang,
		Centre: desk.Region().Centre,
		Title:  t.T("bulletin." + string(k)),
		Period: t.Days(q.Period),
	}
	return d, nil
}
