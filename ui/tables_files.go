package ui

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
	"otklik/exchange"
)

// tableWords are the words of files of tables: Russian, whatever the interface
// speaks, since they go from hand to hand.
func tableWords() exchange.Words {
	texts := assets.Load("ru")
	return func(key string) string { return texts.T(key) }
}

// chooseFile takes the rows of a file in the place of those shown; they are not in
// force before they are put there.
func (e *tablesEditor) chooseFile() {
	e.w.chooseFile(e.w.text.T("file.title"), e.w.text.T("file.path"), spreadsheets, e.readFile)
}

// readFile reads a file of the table shown.
func (e *tablesEditor) readFile(path string) {
	w, name := e.w, e.draft.Name
	w.live.Load(&e.asking, func(context.Context) (func(), error) {
		table, unread, err := exchange.ReadTable(path, name, tableWords())
		if err != nil {
			return nil, err
		}
		problems := slices.Concat(unread, w.desk.Region().Check(table))
		slices.SortStableFunc(problems, func(a, b app.Problem) int { return a.Line - b.Line })
		return func() { e.take(table, unread, problems) }, nil
	})
}

// take shows the rows of a file or of an earlier version.
func (e *tablesEditor) take(table app.Table, unread, problems []app.Problem) {
	e.draft, e.unread, e.dirty = table, unread, true
	e.say(0, 0)
	e.show(problems)
	if len(problems) == 0 {
		e.w.say(e.w.text.N("tables.loaded", len(table.Rows)))
	}
}

// export asks where to write the table shown, the form to fill in.
func (e *tablesEditor) export() {
	w, t, table := e.w, e.w.text, e.draft
	if w.folder == "" {
		if home, err := os.UserHomeDir(); err == nil {
			w.folder = home
		}
	}
	path := w.newEntry("")
	path.SetText(freeName(w.folder, "otklik-"+string(table.Name), ".xlsx"))
	name := assets.Name(t, "table", table.Name)
	var d *dialog
	d = w.ask(question{
		title: t.T("tables.export_title", name), width: 620, yes: t.T("tables.export_yes"), first: path,
		content: container.New(column{gap: 14}, aligned(paragraph(t.T("tables.export_about"))), w.field(t.T("exchange.export.path"), sized(path, 0, buttonHeight))),
		do: func() bool {
			to := strings.TrimSpace(path.Text)
			d.yes.setDisabled(true) // until it is written
			w.live.Try(func() error { return exchange.WriteTable(to, table, tableWords()) }, func(err error) {
				d.yes.setDisabled(false)
				if err != nil {
					d.tell(t.Sentence(err))
					return
				}
				d.close()
				w.folder = filepath.Dir(to)
				w.say(t.T("tables.exported", filepath.Base(to)))
			})
			return false
		},
	})
}

// freeName gives a path in the folder that no file has.
func freeName(folder, base, ending string) string {
	for n := 1; ; n++ {
		name := base + ending
		if n > 1 {
			name = base + "-" + strconv.Itoa(n) + ending
		}
		path := filepath.Join(folder, name)
		if _, err := os.Lstat(path); err != nil {
			return path
		}
	}
}

// chooseBefore offers what the table was before; the one taken is shown and may be
// put in force again.
func (e *tablesEditor) chooseBefore(from *button) {
	w, t, name := e.w, e.w.text, e.draft.Name
	w.live.Load(&e.asking, func(context.Context) (func(), error) {
		before, err := w.desk.TablesBefore(name)
		if err != nil {
			return nil, err
		}
		return func() {
			if len(before) == 0 {
				w.notice.show(t.T("tables.no_before"), toneAmber)
				return
			}
			options := make([]option, len(before))
			for i, b := range before {
				options[i] = option{strconv.Itoa(i), t.T("tables.before_row", w.clock(b.At), b.By, t.N("tables.rows", len(b.Rows)))}
			}
			w.pick(options, "", below(from), 340, func(v string) {
				if i, err := strconv.Atoi(v); err == nil && e.draft.Name == name {
					e.unlessDirty(func() {
						e.take(app.Table{Name: name, Columns: before[i].Columns, Rows: before[i].Rows}, nil, nil)
						e.w.say(t.T("tables.before_loaded"))
						e.edited()
					})
				}
			}, e.grid.list)
		}, nil
	})
}
