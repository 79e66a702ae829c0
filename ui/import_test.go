package ui

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

// fakeImporter reads a file of three columns that lacks the text until the third one
// is said to be it.
type fakeImporter struct {
	mu      sync.Mutex
	looks   []app.Layout
	opened  app.Layout
	open    func() (app.Batches, error)
	written []string
	taken   int // names of files that are taken
	list    *app.PreviewList
}

func (i *fakeImporter) Look(_ string, how app.Layout) (*app.Preview, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.looks = append(i.looks, how)
	p := &app.Preview{
		Layout: how, Formats: []string{"incident-manager", "appeals", "daily-counts"},
		Fields:  []string{"number", "created", "text"},
		Columns: []app.PreviewColumn{{Heading: "№", Field: "number"}, {Heading: "Когда", Field: "created"}, {Heading: "Что"}},
	}
	if i.list != nil {
		p.List, p.Layout.Format, p.Columns = i.list, "region-executors", []app.PreviewColumn{{Heading: "исполнители", Field: "executor"}}
		p.Rows = []app.PreviewRow{{Line: 1, Cells: []string{"Школа"}}}
		return p, nil
	}
	p.Layout.Format, p.Layout.Heading = "incident-manager", 2
	if p.Layout.Encoding == "" {
		p.Layout.Encoding = "windows-1251"
	}
	p.Layout.Separator = ";"
	for n := range 12 {
		p.Rows = append(p.Rows, app.PreviewRow{Line: n + 3, Cells: []string{fmt.Sprint(100 + n), "01.11.2026", "Не горит фонарь у дома"}})
	}
	p.Rows[1].Cells[1], p.Rows[1].Problems = "32.13.2026", map[int]string{1: "bad_date"}
	for c := range p.Columns {
		if f, set := how.Columns[p.Columns[c].Heading]; set {
			p.Columns[c].Field = f
		}
	}
	if !slices.ContainsFunc(p.Columns, func(c app.PreviewColumn) bool { return c.Field == "text" }) {
		p.Missing = []string{"text"}
	}
	return p, nil
}

func (i *fakeImporter) Open(_ string, how app.Layout) (app.Batches, error) {
	i.mu.Lock()
	i.opened = how
	i.mu.Unlock()
	if i.open != nil {
		return i.open()
	}
	return app.Whole(&app.Batch{
		Format: "incident-manager", Read: 2, Skipped: []app.Skip{{Line: 4, Reason: "bad_date", Detail: "32.13.2026"}},
		Rows: []app.BatchRow{{Line: 3, Appeal: &app.Appeal{
			ID: "imported", Kind: app.KindIncident, Source: app.SourceFile, Text: "Нет света", Status: app.StatusNew,
		}}},
	}), nil
}

func (i *fakeImporter) WriteSkipped(_ string, _ app.Layout, to string, left []app.Skip, _ [2]string, why func(app.Skip) string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.taken--; i.taken >= 0 {
		return app.Fail(app.CodeFileExists, to)
	}
	i.written = append(i.written, to, why(left[0]))
	return nil
}

// looking opens a window in which a file is looked into.
func looking(t *testing.T, o fixed) (*fixture, *fakeImporter, *previewGrid) {
	t.Helper()
	f := openWindow(t, o)
	i := &fakeImporter{}
	f.options.Importer = i
	f.lookInto(filepath.Join("папка", "таблица.csv"))
	g, ok := f.win.Canvas().Focused().(*previewGrid)
	if !ok {
		t.Fatal("the preview does not have the keyboard")
	}
	f.until(func() bool { return len(g.preview.Rows) > 0 })
	return f, i, g
}

// said finds words among the texts of the open dialog.
func (f *fixture) said(words string) bool {
	for _, o := range test.LaidOutObjects(f.dialog.pop) {
		switch o := o.(type) {
		case *canvas.Text:
			if strings.Contains(o.Text, words) {
				return true
			}
		case *widget.Label:
			if strings.Contains(o.Text, words) {
				return true
			}
		}
	}
	return false
}

// TestImportByKeyboard goes through all steps without the mouse.
func TestImportByKeyboard(t *testing.T) {
	f, i, g := looking(t, fixed{})
	if !f.dialog.yes.disabled || !f.said("Не хватает столбцов: Текст") {
		t.Error("an import may begin without the text, or nothing is said")
	}
	press(f, fyne.KeyDown)
	press(f, fyne.KeyDown)
	press(f, fyne.KeyRight)
	if g.row != 1 || g.col != 1 || !f.said("32.13.2026") || !f.said("дата не читается") {
		t.Errorf("row %d, column %d: the reason is not said", g.row, g.col)
	}
	press(f, fyne.KeyEnd)
	press(f, fyne.KeyReturn) // what does the column mean?
	press(f, fyne.KeyDown)
	press(f, fyne.KeyDown)
	press(f, fyne.KeyDown)
	press(f, fyne.KeyReturn)
	f.until(func() bool { return !f.dialog.yes.disabled })
	if last := i.looks[len(i.looks)-1]; last.Columns["Что"] != "text" {
		t.Fatalf("looked with %+v", last)
	}
	ctrl(f, fyne.KeyReturn)
	f.until(func() bool {
		return f.dialog != nil && f.dialog.yes == nil && f.dialog.no.label == f.text.T("dialog.close")
	})
	if _, ok := f.store.Record("imported"); !ok || i.opened.Columns["Что"] != "text" || i.opened.Encoding != "windows-1251" {
		t.Errorf("imported with %+v", i.opened)
	}
	i.taken = 1
	press(f, fyne.KeyReturn) // writes what was skipped
	f.until(func() bool { return f.notice.object.Visible() })
	if want := filepath.Join("папка", "таблица — пропущено 2.csv"); len(i.written) != 2 || i.written[0] != want || !strings.Contains(i.written[1], "32.13.2026") {
		t.Errorf("%q", i.written)
	}
	f.settle()
}

// TestImportProfile keeps what was set for the next file with the same headings.
func TestImportProfile(t *testing.T) {
	f, i, g := looking(t, fixed{})
	g.walk(-1, 2)
	press(f, fyne.KeyReturn)
	press(f, fyne.KeyEnd)
	press(f, fyne.KeyReturn)
	f.until(func() bool { return !f.dialog.yes.disabled })
	var name *entry
	for _, o := range test.LaidOutObjects(f.dialog.pop) {
		if e, ok := o.(*entry); ok {
			name = e
		}
	}
	name.SetText("Чебоксары")
	name.OnSubmitted("")
	f.until(func() bool { all, _ := f.desk.ImportProfiles(); return len(all) == 1 })
	f.settle()
	f.dialog.close()
	looks := len(i.looks)
	f.lookInto("другая.csv")
	f.until(func() bool { return f.dialog != nil && !f.dialog.yes.disabled })
	if last := i.looks[len(i.looks)-1]; len(i.looks) != looks+2 || last.Columns["Что"] != "text" || last.Format != "incident-manager" {
		t.Errorf("the profile was not taken: %+v", last)
	}
	if err := f.desk.RemoveImportProfile("Чебоксары"); err != nil {
		t.Fatal(err)
	}
	f.settle()
}

func TestImportCanBeStopped(t *testing.T) {
	f := openWindow(t, fixed{})
	reading, release := make(chan bool), make(chan bool)
	f.options.Importer = &fakeImporter{open: func() (app.Batches, error) {
		close(reading)
		<-release
		return app.Whole(&app.Batch{Read: 1, Rows: []app.BatchRow{{Appeal: &app.Appeal{ID: "late", Text: "x"}}}}), nil
	}}
	f.importFile("таблица.csv", app.Layout{})
	<-reading
	f.typed(&fyne.KeyEvent{Name: fyne.KeyEscape})
	close(release)
	f.until(func() bool { return f.notice.object.Visible() })
	if _, ok := f.store.Record("late"); ok {
		t.Error("rows were written after the stop")
	}
}

func TestImportErrorIsSaid(t *testing.T) {
	f := openWindow(t, fixed{})
	f.options.Importer = &fakeImporter{open: func() (app.Batches, error) { return nil, app.Fail(app.CodeFileHeadings, "таблица.csv") }}
	f.importFile("таблица.csv", app.Layout{})
	f.until(func() bool { return f.notice.object.Visible() && f.dialog == nil })
}

// TestImportIsUndoneFromTheList undoes an import that was made before.
func TestImportIsUndoneFromTheList(t *testing.T) {
	f := openWindow(t, fixed{roles: []app.Role{app.RoleOperator}})
	f.options.Importer = &fakeImporter{}
	f.importFile("таблица.csv", app.Layout{})
	f.until(func() bool { return f.dialog != nil && f.dialog.no.label == f.text.T("dialog.close") })
	f.dialog.close()
	f.showImports()
	f.until(func() bool { return f.dialog != nil })
	press(f, fyne.KeyReturn)
	if f.dialog == nil || !f.said("таблица.csv") {
		t.Fatal("nothing is asked before an import is undone")
	}
	ctrl(f, fyne.KeyReturn)
	f.until(func() bool { return f.dialog != nil && f.said("Импорт отменён") })
	all, err := f.desk.Imports()
	if err != nil || len(all) != 1 || all[0].Undone.IsZero() {
		t.Errorf("%+v %v", all, err)
	}
	f.settle()
}

// TestDroppedTableIsImported where no text is being written.
func TestDroppedTableIsImported(t *testing.T) {
	f := openWindow(t, fixed{})
	f.options.Importer = &fakeImporter{}
	f.settle()
	f.open(screenExchange)
	f.settle()
	f.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI("/tmp/таблица.csv")})
	f.until(func() bool { return f.dialog != nil && f.said("таблица.csv") })
	f.settle()
}

func TestPreviewPictures(t *testing.T) {
	for _, theme := range []string{"light", "dark", "contrast"} {
		f, _, g := looking(t, fixed{theme: theme})
		g.walk(1, 1)
		f.settle()
		f.picture("import-" + theme)
	}
}

// A reference list says how much of it is new, and is imported by those only who may
// change the region's tables.
func TestListIsLookedAt(t *testing.T) {
	for _, role := range []app.Role{app.RoleCurator, app.RoleOperator} {
		f := openWindow(t, fixed{roles: []app.Role{role}})
		f.options.Importer = &fakeImporter{list: &app.PreviewList{Table: app.TableExecutors, New: 70, Known: 2, Skipped: 3, Bare: true}}
		f.lookInto("исполнители.csv")
		f.until(func() bool {
			return f.said("«Исполнители»: новых — 70, уже есть — 2, не загрузится — 3")
		})
		may := role == app.RoleCurator
		if f.dialog.yes.disabled == may || f.said("меняют куратор и координатор") == may {
			t.Errorf("%s: may begin: %v", role, !f.dialog.yes.disabled)
		}
		if !f.said("Строка заголовков: нет") {
			t.Error("it is not said that there is no heading")
		}
	}
}
