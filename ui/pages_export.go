package ui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
	"otklik/exchange"
)

func (w *Window) network(s app.Source) string { return assets.Name(w.text, "source", s) }

// figure writes a number that may not be known: an empty cell is no zero.
func figure(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

// askExport writes the list as it is asked for to a file.
func (s *pagesScreen) askExport() {
	w, t, q := s.w, s.w.text, s.query
	var rows [][]string
	w.live.Do(func() error {
		pages, err := w.desk.Pages(q)
		for _, r := range pages {
			rows = append(rows, s.exported(&r))
		}
		return err
	}, func() {
		var heads []string
		for _, key := range []string{
			"pages.col.network", "pages.col.name", "pages.col.link", "pages.col.founder", "pages.csv.ogrn", "pages.col.place", "pages.csv.level",
			"pages.csv.status", "pages.csv.not_kept", "pages.col.count", "pages.csv.week", "pages.csv.month", "pages.csv.post", "pages.csv.posts",
			"pages.csv.reach", "pages.csv.from", "pages.csv.to", "pages.col.score", "pages.col.fix", "pages.col.link_state",
		} {
			heads = append(heads, t.T(key))
		}
		w.askListFile(t.N("pages.export.title", len(rows)), "otklik-pages-", heads, rows)
	})
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
		w.cellMoment(r.LastPost), figure(r.PostsWeek), figure(r.ReachWeek), from, to, zone, strings.Join(w.fixes(r), "\n"), link,
	}
}

// askListFile asks where to write a list, and writes it.
func (w *Window) askListFile(title, name string, heads []string, rows [][]string) {
	t := w.text
	if w.folder == "" {
		if home, err := os.UserHomeDir(); err == nil {
			w.folder = home
		}
	}
	path := w.newEntry("")
	path.SetText(filepath.Join(w.folder, name+w.here(w.desk.Now()).Format("20060102-150405")+".csv"))
	var d *dialog
	d = w.ask(question{
		title: title, width: 620, yes: t.T("exchange.export.yes"), first: path,
		content: container.New(column{gap: 12}, w.field(t.T("exchange.export.path"), sized(path, 0, buttonHeight)), aligned(paragraph(t.T("pages.export.about")))),
		do: func() bool {
			to := strings.TrimSpace(path.Text)
			w.live.Try(func() error { return writeList(to, heads, rows) }, func(err error) {
				if err != nil {
					d.tell(t.Sentence(err))
					return
				}
				d.close()
				w.folder = filepath.Dir(to)
				w.say(t.N("pages.export.done", len(rows), filepath.Base(to)))
			})
			return false
		},
	})
}

func writeList(to string, heads []string, rows [][]string) error {
	list, err := exchange.NewList(to, heads)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := list.Add(r); err != nil {
			return errors.Join(err, list.Drop())
		}
	}
	return list.Close()
}
