package lists

import (
	"context"
	"strings"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/exchange"
)

// Look is how much of each record a list shows.
type Look struct {
	Full     bool // every field, to be read back, in the place of what people read
	Personal bool // personal data as they are
}

// appealColumn is a column people read. What is personal of it is covered unless it
// was asked for.
type appealColumn struct {
	key   string // of its heading
	paper float64
	cell  func(s *appeals, a *app.Appeal, term app.Deadline) string
}

// hiddenWhere is what stands for an author who is known.
func hiddenWhere(s *appeals, known string) string {
	if known == "" || s.look.Personal {
		return known
	}
	return s.t.T("list.hidden")
}

var appealColumns = []appealColumn{
	{"list.number", 0, func(_ *appeals, a *app.Appeal, _ app.Deadline) string { return a.Number }},
	{"list.kind", -1, func(s *appeals, a *app.Appeal, _ app.Deadline) string { return assets.Name(s.t, "kind", a.Kind) }},
	{"list.source", -1, func(s *appeals, a *app.Appeal, _ app.Deadline) string { return assets.Name(s.t, "source", a.Source) }},
	{"list.status", 0, func(s *appeals, a *app.Appeal, _ app.Deadline) string { return assets.Name(s.t, "status", a.Status) }},
	{"list.municipality", 0, func(_ *appeals, a *app.Appeal, _ app.Deadline) string { return a.Municipality }},
	{"list.group", -1, func(_ *appeals, a *app.Appeal, _ app.Deadline) string { return a.Group }},
	{"list.topic", 0, func(_ *appeals, a *app.Appeal, _ app.Deadline) string { return a.Topic }},
	{"list.executor", 0, func(_ *appeals, a *app.Appeal, _ app.Deadline) string { return a.Executor }},
	{"list.assignee", -1, func(_ *appeals, a *app.Appeal, _ app.Deadline) string { return a.Assignee }},
	{"list.start", 0, func(s *appeals, a *app.Appeal, _ app.Deadline) string {
		e, _ := a.Start()
		return s.moment(e.At)
	}},
	{"list.due", 0, func(s *appeals, _ *app.Appeal, term app.Deadline) string { return s.moment(term.Due) }},
	{"list.outcome", -1, func(s *appeals, a *app.Appeal, _ app.Deadline) string {
		if a.Outcome == "" {
			return ""
		}
		return assets.Name(s.t, "outcome", a.Outcome)
	}},
	{"list.author", -1, func(s *appeals, a *app.Appeal, _ app.Deadline) string { return hiddenWhere(s, a.Author) }},
	{"list.contact", -1, func(s *appeals, a *app.Appeal, _ app.Deadline) string { return hiddenWhere(s, a.Contact) }},
	{"list.place", -1, func(s *appeals, a *app.Appeal, _ app.Deadline) string { return s.given(a).Place }},
	{"list.text", 0.36, func(s *appeals, a *app.Appeal, _ app.Deadline) string {
		a = s.given(a)
		return strings.TrimSpace(a.Title + "\n" + a.Text)
	}},
}

// appeals is a list of appeals.
type appeals struct {
	t    *assets.Texts
	zone *time.Location
	look Look
}

// given is the appeal as the list may show it.
func (s *appeals) given(a *app.Appeal) *app.Appeal {
	if s.look.Personal {
		return a
	}
	return a.Listed(s.t.T("give.hidden"))
}

// moment writes a moment as Excel reads it in Russia, "" for none.
func (s *appeals) moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(s.zone).Format("02.01.2006 15:04")
}

func (s *appeals) cells(a *app.Appeal, term app.Deadline) []string {
	if s.look.Full {
		return exchange.OwnAppealCells(s.given(a), !s.look.Personal)
	}
	cells := make([]string, len(appealColumns))
	for i, c := range appealColumns {
		cells[i] = c.cell(s, a, term)
	}
	return cells
}

// Appeals is a list of the appeals with these records, in their order.
func Appeals(desk *app.Desk, t *assets.Texts, records []uint64, look Look) Table {
	s := &appeals{t: t, zone: desk.Region().Location(), look: look}
	table := Table{
		List: ListAppeals, Title: t.T("list.sheet_appeals"), Of: len(records), Covers: true, Personal: look.Personal,
		Each: func(ctx context.Context, add func([]string) error) error {
			return desk.EachAppeal(ctx, records, func(a *app.Appeal, term app.Deadline) error { return add(s.cells(a, term)) })
		},
	}
	if look.Full {
		for _, h := range exchange.OwnAppealHeadings() {
			table.Columns = append(table.Columns, Column{Name: h})
		}
		return table
	}
	for _, c := range appealColumns {
		table.Columns = append(table.Columns, Column{Name: t.T(c.key), Paper: c.paper})
	}
	return table
}
