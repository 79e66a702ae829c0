package ui

import (
	"slices"

	"otklik/app"
	"otklik/assets"
	"otklik/lists"
)

// exportList gives out the marked appeals, or all that were found.
func (s *appealsScreen) exportList() bool {
	if records := s.picked.list(); len(records) > 0 {
		s.askList(records)
		return true
	}
	if len(s.found.Records) == 0 {
		return false
	}
	s.askList(nil)
	return true
}

// askList asks where to write a list of the appeals, nil: of those that were found.
func (s *appealsScreen) askList(records []uint64) *exportForm {
	t, note := s.w.text, ""
	filter, asked := t.T("list.picked"), t.T("list.picked")
	if records == nil {
		records = slices.Clone(s.found.Records)
		filter, asked = s.describe(s.query), s.describeForJournal(s.query)
		if s.found.Total > len(records) {
			note = t.T("list.first", t.Number(int64(len(records))), t.Number(int64(s.found.Total)))
		}
	}
	return s.w.askExport(exportable{
		title: t.N("list.title", len(records)), name: "otklik-list-", note: note, full: true, covers: true,
		table: func(look lists.Look) (lists.Table, error) {
			table := lists.Appeals(s.w.desk, t, records, look)
			table.Filter, table.Asked = filter, asked
			return table, nil
		},
	})
}

// describeForJournal leaves out what was typed: people search by names and addresses.
func (s *appealsScreen) describeForJournal(q app.Query) string {
	words := q.Words
	q.Words = ""
	said := s.describe(q)
	if words != "" {
		said = joined(said, s.w.text.T("list.by_words"))
	}
	return said
}

// exportList gives out the registry, or the table of another way of looking.
func (s *pagesScreen) exportList() bool {
	if s.mode != s.modes[0] {
		heads, rows := s.mode.words()
		if len(rows) == 0 {
			return false
		}
		s.w.askRows(s.w.text.T("screen.pages")+" · "+s.mode.tab.label, "otklik-pages-", lists.ListPages, heads, rows)
		return true
	}
	s.askExport()
	return true
}

// exportList gives out a table of the figures: the one that has the keyboard, or one that
// is chosen.
func (s *analyticsScreen) exportList() bool {
	var some []*shareTable
	var options []option
	for _, x := range s.tables {
		if s.w.win.Canvas().Focused() == x.table.list {
			return x.exportList()
		}
		if x.table.list.count > 0 {
			some = append(some, x)
			options = append(options, option{x.name, x.title.Text})
		}
	}
	if len(some) == 0 {
		return false
	}
	s.w.pick(options, "", below(s.filter), 340, func(name string) {
		some[slices.IndexFunc(some, func(x *shareTable) bool { return x.name == name })].exportList()
	}, nil)
	return true
}

func (x *shareTable) exportList() bool { return x.s.w.askTable(x.title.Text, x.table) }

// exportList gives out the journal. Its appeals are told by their numbers: a heading is in
// a citizen's own words.
func (s *exchangeScreen) exportList() bool {
	if len(s.entries) == 0 {
		return false
	}
	w, t, entries := s.w, s.w.text, slices.Clone(s.entries)
	heads, rows := s.journal.words()
	w.askExport(exportable{title: t.T("list.journal_title"), name: "otklik-journal-", covers: true, table: func(look lists.Look) (lists.Table, error) {
		if !look.Personal {
			for i, e := range entries {
				rows[i][2] = e.plain
			}
		}
		table := lists.Rows(lists.ListTable, t.T("list.journal_title"), heads, rows)
		table.Asked, table.Covers, table.Personal = t.T("list.journal_title"), true, look.Personal
		return table, nil
	}})
	return true
}

// exportWords says what list was written to a file.
func exportWords(t *assets.Texts, x app.Export) (action, subject string) {
	action = t.T("bulk.exported_masked")
	if x.Personal {
		action = t.T("bulk.exported_personal")
	}
	rows := t.N("appeals.found", x.Rows)
	if x.List != "" && x.List != lists.ListAppeals {
		rows = t.N("list.rows", x.Rows)
	}
	form := x.Form
	if form != "" {
		form = assets.Name(t, "list.form", x.Form)
	}
	return action, joined(rows, x.By, x.Filter, form)
}
