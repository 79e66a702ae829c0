package ui

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
	"otklik/exchange"
	"otklik/lists"
)

// exportable is what a screen gives out: a list or a table.
type exportable struct {
	title  string // of the question
	name   string // of the file: "otklik-list-"
	note   string // what the list does not have, "" where it is all
	full   bool   // it has a layout that is read back
	covers bool   // it has personal data
	// table is called on a worker.
	table func(lists.Look) (lists.Table, error)
}

// exporting is a screen that has something to give out; false says that there is
// nothing now.
type exporting interface{ exportList() bool }

// export gives out what the screen shows.
func (w *Window) export() {
	if w.dialog != nil {
		return
	}
	if s, ok := w.screens[w.current].(exporting); !ok || !s.exportList() {
		w.notice.show(w.text.T("list.nothing"), toneAmber)
	}
}

// exportForm is the question where and as what to write.
type exportForm struct {
	w    *Window
	x    exportable
	d    *dialog
	path *entry

	form, encoding, layout *choice
	personal               *tick
	pieces                 *fyne.Container
	encodingField          fyne.CanvasObject
	layoutField            fyne.CanvasObject
	warning                fyne.CanvasObject
}

// exportChoice is what was answered, for the question that is asked again.
type exportChoice struct {
	path, form, encoding string
	look                 lists.Look
}

// Values of the choice of a layout.
const (
	layoutList = "list"
	layoutFull = "full"
)

// askExport asks where and as what to write it, and writes it.
func (w *Window) askExport(x exportable) *exportForm {
	if w.folder == "" {
		if home, err := os.UserHomeDir(); err == nil {
			w.folder = home
		}
	}
	form := cmp.Or(w.listForm, string(exchange.FormXLSX))
	return w.askExportAs(x, exportChoice{
		path: filepath.Join(w.folder, x.name+w.here(w.desk.Now()).Format("20060102-150405")+"."+form), form: form, encoding: exchange.UTF8,
	}, nil)
}

// askExportAs asks it with these answers; problem is what came of them before.
func (w *Window) askExportAs(x exportable, c exportChoice, problem error) *exportForm {
	t := w.text
	f := &exportForm{w: w, x: x, path: w.newEntry("")}
	f.path.SetText(c.path)
	f.form = w.newChoice("", named(t, "list.form", lists.Forms), c.form, f.formChosen)
	f.encoding = w.newChoice("", []option{{exchange.UTF8, t.T("list.encoding.utf8")}, {exchange.Windows1251, t.T("list.encoding.1251")}}, c.encoding, func(string) {})
	layout := layoutList
	if c.look.Full {
		layout = layoutFull
	}
	f.layout = w.newChoice("", named(t, "list.layout", []string{layoutList, layoutFull}), layout, func(string) { f.arrange() })
	f.encodingField, f.layoutField = w.field(t.T("list.encoding"), f.encoding), w.field(t.T("list.layout"), f.layout)
	f.pieces = container.New(line{gap: 12}, w.field(t.T("list.form"), f.form), f.encodingField, f.layoutField)
	content := []fyne.CanvasObject{w.field(t.T("exchange.export.path"), sized(f.path, 0, buttonHeight)), f.pieces}
	if x.note != "" {
		content = append(content, aligned(paragraph(x.note)))
	}
	f.personal = w.newTick(t.T("list.with_personal"), c.look.Personal, func(bool) { f.arrange() })
	f.warning = w.warning(aligned(paragraph(t.T("list.warning"))))
	switch {
	case x.covers && w.desk.Me().MayList():
		content = append(content, f.personal, f.warning)
	case x.covers:
		content = append(content, aligned(caption(t.T("error.list_personal"))))
	}
	if x.covers {
		content = append(content, aligned(caption(t.T("list.about"))))
	}
	content = append(content, aligned(caption(t.T("list.journal", t.T("screen.exchange")))))
	f.choose()
	f.d = w.ask(question{
		title: x.title, width: 640, yes: t.T("exchange.export.yes"), first: f.path,
		content: container.New(column{gap: 12}, content...), do: f.accept,
	})
	f.path.OnChanged = f.pathTyped
	if problem != nil {
		f.d.tell(t.Sentence(problem))
	}
	return f
}

// choose hides what the choices made so far leave no choice of.
func (f *exportForm) choose() {
	paper := f.form.value == string(lists.PDF)
	setHidden(f.layoutField, !f.x.full || paper)
	// The layout that is read back loses no character.
	setHidden(f.encodingField, f.form.value != string(exchange.FormCSV) || f.full())
	setHidden(f.warning, !f.personal.on)
}

// arrange shows what is left to be chosen.
func (f *exportForm) arrange() {
	f.choose()
	f.pieces.Refresh()
	f.d.pop.Refresh() // lays the words out: now it is known how high they are
	f.d.pop.Refresh()
	f.d.pop.Resize(f.d.pop.MinSize()) // of itself it grows only
}

func (f *exportForm) full() bool {
	return f.x.full && f.layout.value == layoutFull && f.form.value != string(lists.PDF)
}

// formChosen gives the file the ending of the form.
func (f *exportForm) formChosen(form string) {
	path := f.path.Text
	f.path.SetText(strings.TrimSuffix(path, filepath.Ext(path)) + "." + form)
	f.arrange()
}

// pathTyped chooses the form whose ending was typed.
func (f *exportForm) pathTyped(path string) {
	for _, form := range lists.Forms {
		if strings.EqualFold(filepath.Ext(strings.TrimSpace(path)), "."+string(form)) && f.form.value != string(form) {
			f.form.set(string(form))
			f.arrange()
		}
	}
}

func (f *exportForm) accept() bool {
	c := exportChoice{
		path: strings.TrimSpace(f.path.Text), form: f.form.value, encoding: f.encoding.value,
		look: lists.Look{Full: f.full(), Personal: f.personal.on},
	}
	if f.full() {
		c.encoding = exchange.UTF8
	}
	f.d.close()
	f.w.writeExport(f.x, c)
	return false
}

// writeExport writes it, showing how far it is; one that is stopped is not left behind.
func (w *Window) writeExport(x exportable, c exportChoice) {
	t := w.text
	p := w.working(x.title)
	p.open()
	var done lists.Done
	w.live.Try(func() error {
		table, err := x.table(c.look)
		if err != nil {
			return err
		}
		o := lists.Order{Path: c.path, Form: exchange.Form(c.form), Encoding: c.encoding}
		done, err = lists.Write(p.ctx, w.desk, t, o, table, func(n int) { p.told(n, table.Of) })
		return err
	}, func(err error) {
		p.end()
		switch {
		case app.CodeOf(err) == app.CodeCancelled:
		case err != nil:
			w.askExportAs(x, c, err) // another name may be all it takes
		default:
			w.folder, w.listForm = filepath.Dir(c.path), c.form
			said := t.N("list.done", done.Rows, filepath.Base(c.path))
			if lost := done.Told(t); lost != "" {
				w.notice.show(said+". "+lost, toneAmber)
				return
			}
			w.say(said)
		}
	})
}

// askTable gives out a table of a screen as it stands there; it has nothing personal.
func (w *Window) askTable(title string, t *table) bool {
	heads, rows := t.words()
	if len(rows) == 0 {
		return false
	}
	w.askRows(title, "otklik-table-", lists.ListTable, heads, rows)
	return true
}

// askRows gives out rows that are on the screen already.
func (w *Window) askRows(title, name, list string, heads []string, rows [][]string) {
	w.askExport(exportable{title: title, name: name, table: func(lists.Look) (lists.Table, error) {
		table := lists.Rows(list, title, heads, rows)
		table.Asked = title
		return table, nil
	}})
}

// words are the titles and cells of the whole table, also of what is not on the screen.
// Columns that are pictures have none.
func (t *table) words() (heads []string, rows [][]string) {
	var on []int
	for i, c := range t.columns {
		if c.kind != cellSpark {
			heads, on = append(heads, c.title), append(on, i)
		}
	}
	for i := range t.list.count {
		cells := make([]cell, len(t.columns))
		t.fill(i, cells)
		row := make([]string, len(on))
		for n, column := range on {
			row[n] = cells[column].words
			if t.columns[column].kind == cellBadge && cells[column].source != "" {
				row[n] = assets.Name(t.window.text, "source", cells[column].source)
			}
		}
		rows = append(rows, row)
	}
	return heads, rows
}
