package ui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
	"otklik/exchange"
)

// listColumn is a column of an exported list. What is personal is hidden unless it
// was asked for.
type listColumn struct {
	name     string // key of its heading
	personal bool
	cell     func(w *Window, a *app.Appeal, term app.Deadline) string
}

var listColumns = []listColumn{
	{"list.number", false, func(_ *Window, a *app.Appeal, _ app.Deadline) string { return a.Number }},
	{"list.kind", false, func(w *Window, a *app.Appeal, _ app.Deadline) string { return assets.Name(w.text, "kind", a.Kind) }},
	{"list.source", false, func(w *Window, a *app.Appeal, _ app.Deadline) string { return assets.Name(w.text, "source", a.Source) }},
	{"list.status", false, func(w *Window, a *app.Appeal, _ app.Deadline) string { return assets.Name(w.text, "status", a.Status) }},
	{"list.municipality", false, func(_ *Window, a *app.Appeal, _ app.Deadline) string { return a.Municipality }},
	{"list.group", false, func(_ *Window, a *app.Appeal, _ app.Deadline) string { return a.Group }},
	{"list.topic", false, func(_ *Window, a *app.Appeal, _ app.Deadline) string { return a.Topic }},
	{"list.executor", false, func(_ *Window, a *app.Appeal, _ app.Deadline) string { return a.Executor }},
	{"list.assignee", false, func(_ *Window, a *app.Appeal, _ app.Deadline) string { return a.Assignee }},
	{"list.start", false, func(w *Window, a *app.Appeal, _ app.Deadline) string {
		e, _ := a.Start()
		return w.cellMoment(e.At)
	}},
	{"list.due", false, func(w *Window, _ *app.Appeal, term app.Deadline) string { return w.cellMoment(term.Due) }},
	{"list.outcome", false, func(w *Window, a *app.Appeal, _ app.Deadline) string {
		if a.Outcome == "" {
			return ""
		}
		return assets.Name(w.text, "outcome", a.Outcome)
	}},
	{"list.author", true, func(_ *Window, a *app.Appeal, _ app.Deadline) string { return a.Author }},
	{"list.contact", true, func(_ *Window, a *app.Appeal, _ app.Deadline) string { return a.Contact }},
	{"list.place", true, func(_ *Window, a *app.Appeal, _ app.Deadline) string { return a.Place }},
	// What people write names themselves and their neighbours.
	{"list.text", true, func(_ *Window, a *app.Appeal, _ app.Deadline) string {
		return strings.TrimSpace(a.Title + "\n" + a.Text)
	}},
}

// cellMoment writes a moment as Excel reads it in Russia, "" for none.
func (w *Window) cellMoment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return w.here(at).Format("02.01.2006 15:04")
}

// listCells gives the cells of an appeal.
func (w *Window) listCells(a *app.Appeal, term app.Deadline, personal bool) []string {
	cells := make([]string, len(listColumns))
	for i, c := range listColumns {
		if cells[i] = c.cell(w, a, term); c.personal && !personal && cells[i] != "" {
			cells[i] = w.text.T("list.hidden")
		}
	}
	return cells
}

// Values of the choice of what is personal.
const (
	listMasked   = "masked"
	listPersonal = "personal"
)

// askList asks where to write a list of the appeals.
func (s *appealsScreen) askList(records []uint64) {
	w, t := s.w, s.w.text
	if w.folder == "" {
		if home, err := os.UserHomeDir(); err == nil {
			w.folder = home
		}
	}
	path := w.newEntry("")
	path.SetText(filepath.Join(w.folder, "otklik-list-"+w.here(w.desk.Now()).Format("20060102-150405")+".csv"))
	warning := w.warning(aligned(paragraph(t.T("list.warning"))))
	warning.Hide()
	var d *dialog
	personal := w.newChoice("", []option{{listMasked, t.T("list.masked")}, {listPersonal, t.T("list.with_personal")}}, listMasked, func(v string) {
		warning.Hidden = v == listMasked
		d.pop.Refresh()
	})
	d = w.ask(question{
		title: t.N("list.title", len(records)), width: 620, yes: t.T("exchange.export.yes"), first: path,
		content: container.New(column{gap: 12}, w.field(t.T("exchange.export.path"), sized(path, 0, buttonHeight)),
			w.field(t.T("list.personal"), personal), warning),
		do: func() bool {
			d.close()
			s.writeList(strings.TrimSpace(path.Text), records, personal.value == listPersonal)
			return false
		},
	})
}

// writeList writes it, showing how far it is; one that is stopped is not left behind.
func (s *appealsScreen) writeList(to string, records []uint64, personal bool) {
	w, t := s.w, s.w.text
	heads := make([]string, len(listColumns))
	for i, c := range listColumns {
		heads[i] = t.T(c.name)
	}
	p := w.working(t.N("list.title", len(records)))
	p.open()
	n := 0
	w.live.Try(func() error {
		list, err := exchange.NewList(to, heads)
		if err != nil {
			return err
		}
		err = w.desk.EachAppeal(p.ctx, records, func(a *app.Appeal, term app.Deadline) error {
			if n++; n%100 == 0 {
				p.told(n, len(records))
			}
			return list.Add(w.listCells(a, term, personal))
		})
		if err == nil {
			// The journal says so before the file is whole.
			err = w.desk.Exported(n, personal)
		}
		if err != nil {
			return errors.Join(err, list.Drop())
		}
		return list.Close()
	}, func(err error) {
		p.end()
		switch {
		case app.CodeOf(err) == app.CodeCancelled:
		case err != nil:
			w.fail(err)
		default:
			w.folder = filepath.Dir(to)
			w.say(t.N("list.done", n, filepath.Base(to)))
		}
	})
}
