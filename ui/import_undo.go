package ui

import (
	"strings"

	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// importRowHeight is the height of a line in the list of imports.
const importRowHeight = 30

// showImports lists what was imported at this workstation; Enter undoes one.
func (w *Window) showImports() {
	var all []app.Imported
	w.live.Do(func() (err error) {
		all, err = w.desk.Imports()
		return err
	}, func() {
		if w.dialog == nil && w.shut == "" {
			w.listImports(all)
		}
	})
}

func (w *Window) listImports(all []app.Imported) {
	t := w.text
	number := func(n int) string { return t.Number(int64(n)) }
	list := w.newTable([]tableColumn{
		{title: t.T("imports.at"), width: 140},
		{title: t.T("imports.file"), width: 200, grow: 1},
		{title: t.T("import.added"), width: 100, right: true},
		{title: t.T("import.updated"), width: 100, right: true},
		{title: t.T("import.skipped"), width: 100, right: true},
		{title: t.T("imports.state"), width: 120, kind: cellChip},
	}, importRowHeight, sizeText, func(i int, c []cell) {
		one := all[i]
		c[0].words = t.Moment(w.here(one.At), w.here(w.desk.Now()))
		c[1].words = w.importName(one)
		c[2].words, c[3].words, c[4].words = number(one.Added), number(one.Updated), number(one.Skipped)
		c[5].words, c[5].tone = t.T("imports.in_force"), toneGreen
		if !one.Undone.IsZero() {
			c[5].words, c[5].tone = t.T("imports.undone"), toneGrey
		}
	})
	list.setEmpty(t.T("imports.none"), nil)
	list.setCount(len(all))
	undo := func() bool {
		if i := list.list.selected; i >= 0 && all[i].Undone.IsZero() {
			w.askUndoImport(all[i])
		}
		return false
	}
	list.list.activate = func(int) { undo() }
	q := question{
		title: t.T("imports.title"), width: 860, no: t.T("dialog.close"), first: list.list,
		content: container.New(column{gap: 10}, aligned(paragraph(t.T("imports.about"))),
			sized(w.framed(list, gaps{2, 2, 2, 2}), 0, headHeight+8*importRowHeight+4)),
	}
	if len(all) > 0 {
		q.yes, q.do = t.T("import.undo"), undo
	}
	w.ask(q)
	list.list.selectRow(0)
}

// importName is the file, or that the table was pasted.
func (w *Window) importName(one app.Imported) string {
	if one.File == "" {
		return w.text.T("imports.pasted")
	}
	return one.File
}

// askUndoImport asks before an import is taken back, in the place of the dialog that
// offered it.
func (w *Window) askUndoImport(one app.Imported) {
	t := w.text
	if w.dialog != nil {
		w.dialog.close()
	}
	w.ask(question{
		title: t.T("import.undo"), width: 520, yes: t.T("imports.undo_yes"), no: t.T("imports.undo_no"),
		content: aligned(paragraph(t.T("imports.undo_ask", w.importName(one), t.Number(int64(one.Added)), t.Number(int64(one.Updated))))),
		do: func() bool {
			w.undoImport(one)
			return true
		},
	})
}

func (w *Window) undoImport(one app.Imported) {
	p := w.working(w.text.T("undo.working"))
	var r app.UndoneImport
	w.live.Try(func() (err error) {
		r, err = w.desk.UndoImport(p.ctx, one.ID, p.told)
		return err
	}, func(err error) {
		p.end()
		w.withAppeals((*appealsScreen).reload)
		if err != nil {
			w.fail(err)
			return
		}
		w.showUndone(one, r)
	})
}

// showUndone says what was taken back, and what stays and why.
func (w *Window) showUndone(one app.Imported, r app.UndoneImport) {
	t := w.text
	number := func(n int) string { return t.Number(int64(n)) }
	content := container.New(column{gap: 8},
		w.fact(t.T("imports.removed"), number(r.Removed)), w.fact(t.T("imports.restored"), number(r.Restored)))
	for _, stay := range []struct {
		key string
		n   int
	}{{"imports.pages_stay", r.Pages}, {"imports.counts_stay", r.Counts}, {"imports.entries_stay", r.Entries}} {
		if stay.n > 0 {
			content.Add(w.fact(t.T(stay.key), number(stay.n)))
		}
	}
	if r.Stopped {
		content.Add(aligned(paragraph(t.T("imports.stopped"))))
	}
	if r.Worked > 0 {
		content.Add(w.fact(t.T("imports.worked"), number(r.Worked)))
		var lines []string
		for _, k := range r.Kept[:min(skipsShown, len(r.Kept))] {
			name := k.Number
			if name == "" {
				name = t.T("imports.no_number")
			}
			lines = append(lines, name+" — "+t.Sentence(k.Err))
		}
		content.Add(sized(w.framed(w.quiet(container.NewVScroll(paragraph(strings.Join(lines, "\n")))), gaps{2, 2, 2, 2}), 0, 160))
	}
	w.ask(question{title: t.T("imports.done", w.importName(one)), content: content, width: 540, no: t.T("dialog.close")})
}
