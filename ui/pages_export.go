package ui

import (
	"fmt"
	"strings"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/lists"
)

func (w *Window) network(s app.Source) string { return assets.Name(w.text, "source", s) }

// figure writes a number that may not be known: an empty cell is no zero.
func figure(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

// pageHeads are the headings of the registry as people read it.
var pageHeads = []string{
	"pages.col.network", "pages.col.name", "pages.col.link", "pages.col.founder", "pages.csv.ogrn", "pages.col.place", "pages.csv.level",
	"pages.csv.status", "pages.csv.not_kept", "pages.col.count", "pages.csv.week", "pages.csv.month", "pages.csv.post", "pages.csv.posts",
	"pages.csv.reach", "pages.csv.from", "pages.csv.to", "pages.col.score", "pages.col.fix", "pages.col.link_state",
}

// onPaper are those of them that a sheet has room for.
var onPaper = map[string]bool{
	"pages.col.network": true, "pages.col.name": true, "pages.col.founder": true, "pages.col.place": true, "pages.col.count": true,
	"pages.csv.month": true, "pages.col.score": true, "pages.col.fix": true,
}

// askExport asks where to write the registry as it is asked for.
func (s *pagesScreen) askExport() {
	w, t, q := s.w, s.w.text, s.query
	var pages []app.PageRow
	w.live.Do(func() (err error) {
		pages, err = w.desk.Pages(q)
		return err
	}, func() {
		w.askExport(exportable{
			title: t.N("pages.export.title", len(pages)), name: "otklik-pages-", full: true, covers: true,
			table: func(look lists.Look) (lists.Table, error) {
				table := lists.Pages(t, pages, look.Personal)
				if !look.Full {
					table = s.pageTable(pages)
				}
				table.Filter = s.describe(q)
				asked := q
				if asked.Words = ""; q.Words != "" {
					table.Asked = t.T("list.by_words")
				}
				table.Asked = joined(s.describe(asked), table.Asked)
				return table, nil
			},
		})
	})
}

// pageTable is the registry as people read it.
func (s *pagesScreen) pageTable(pages []app.PageRow) lists.Table {
	t := s.w.text
	heads, rows := make([]string, len(pageHeads)), make([][]string, len(pages))
	for i, key := range pageHeads {
		heads[i] = t.T(key)
	}
	for i := range pages {
		rows[i] = s.exported(&pages[i])
	}
	table := lists.Rows(lists.ListPages, t.T("list.sheet_pages"), heads, rows)
	for i, key := range pageHeads {
		if !onPaper[key] {
			table.Columns[i].Paper = -1
		}
	}
	return table
}

// exported gives the cells of a page, as the headings of askExport say.
func (s *pagesScreen) exported(r *app.PageRow) []string {
	w, t := s.w, s.w.text
	count, from, to, link := "", "", "", ""
	if r.Counted {
		count = fmt.Sprint(r.Count)
	}
	zone := assets.Name(t, "pages.apart", r.Apart)
	if r.Apart == "" {
		from, to, zone = fmt.Sprint(r.From), fmt.Sprint(r.To), assets.Name(t, "zone", r.Zone)
	}
	if r.LinkSeen != nil {
		link = w.linkWords(r.LinkSeen)
	}
	return []string{
		w.network(r.Network), r.Name, r.Link, r.Founder, r.OGRN, r.Municipality, r.Level, r.Status, r.NotKept, count, figure(r.Week), figure(r.Month),
		cellMoment(w, r.LastPost), figure(r.PostsWeek), figure(r.ReachWeek), from, to, zone, strings.Join(w.fixes(r), "\n"), link,
	}
}

// cellMoment writes a moment as Excel reads it in Russia, "" for none.
func cellMoment(w *Window, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return w.paperMoment(at)
}

// describe says in a line what a question about pages asks.
func (s *pagesScreen) describe(q app.PageQuery) string {
	t := s.w.text
	var parts []string
	add := func(known bool, words string) {
		if known {
			parts = append(parts, words)
		}
	}
	add(q.Network != "", assets.Name(t, "source", q.Network))
	parts = append(parts, q.Sphere, q.Municipality, q.Level, q.Status, q.Founder)
	add(q.Zone != "", assets.Name(t, "zone", q.Zone))
	add(q.Trouble != "", assets.Name(t, "trouble", q.Trouble))
	add(q.Words != "", "«"+strings.TrimSpace(q.Words)+"»")
	return joined(parts...)
}
