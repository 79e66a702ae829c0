package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"otklik/app"
)

// openTables shows the editor of tables.
func openTables(t *testing.T, o fixed) (*fixture, *tablesEditor) {
	t.Helper()
	f := openWindow(t, o)
	f.open(screenSettings)
	s := f.screens[screenSettings].(*settingsScreen)
	s.openTables()
	return f, s.tables
}

func TestEveryTableIsShownInWords(t *testing.T) {
	f, e := openTables(t, fixed{})
	for _, name := range app.TableNames() {
		e.choose(name)
		if got, want := e.grid.list.count, len(f.desk.Region().Table(name).Rows); got != want {
			t.Errorf("%s: %d rows, want %d", name, got, want)
		}
	}
	e.choose(app.TableRules)
	cells := make([]cell, len(e.grid.columns))
	e.fill(0, cells)
	var words []string
	for _, c := range cells {
		words = append(words, c.words)
	}
	if all := strings.Join(words, "|"); !strings.Contains(all, "Инцидент") || !strings.Contains(all, "рабочих часов") || strings.Contains(all, "_") {
		t.Errorf("a rule is shown as %s", all)
	}
}

func TestAChangedTableIsPutInForceWhole(t *testing.T) {
	f, e := openTables(t, fixed{})
	e.choose(app.TableChecklist)
	before := len(e.draft.Rows)
	e.putRow(-1, []string{"Есть подпись"})
	if list := f.desk.Region().Checklist; slices.Contains(list, "Есть подпись") {
		t.Error("it is in force before it was put there")
	}
	e.grid.list.selectRow(0)
	e.removeRow()
	e.save()
	f.until(func() bool { return !e.dirty })
	list := f.desk.Region().Checklist
	if len(list) != before || list[len(list)-1] != "Есть подпись" {
		t.Errorf("in force: %v", list)
	}
	f.until(func() bool { return strings.Contains(e.state.Text, "Оператор 3") })
	// What it was before can be brought back.
	e.putRow(0, []string{"Другое"})
	e.save()
	f.until(func() bool { return !e.dirty && f.desk.Region().Checklist[0] == "Другое" })
	if before, err := f.desk.TablesBefore(app.TableChecklist); err != nil || len(before) != 1 || len(before[0].Rows) != len(list) {
		t.Errorf("%v, %v", before, err)
	}
}

func TestABadRowIsNamedAndChangesNothing(t *testing.T) {
	f, e := openTables(t, fixed{})
	e.choose(app.TableRoutes)
	e.putRow(0, []string{"ЖКХ", "", "", "Никто"})
	f.until(func() bool { return len(e.problems) > 0 })
	if p := f.problemWords(e.problems[0]); !strings.Contains(p, "Строка 1.") || !strings.Contains(p, "Никто") || !strings.Contains(p, "Исполнители") {
		t.Errorf("%q", p)
	}
	e.save()
	f.settle()
	if got := f.desk.Region().RouteFor("ЖКХ", "", ""); got != "Минстрой Чувашии" || !e.dirty {
		t.Errorf("routed to %q", got)
	}
	f.picture("tables-problem")
}

func TestAFileTakesThePlaceOfTheRows(t *testing.T) {
	f, e := openTables(t, fixed{})
	e.choose(app.TableExecutors)
	path := filepath.Join(t.TempDir(), "исполнители.csv")
	load := func(content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		e.readFile(path)
	}
	load("Исполнитель\nМинстрой\n\nМинстрой\n")
	f.until(func() bool { return len(e.problems) > 0 })
	if p := f.problemWords(e.problems[0]); !strings.Contains(p, "Строка 4.") || !strings.Contains(p, "строку 2") {
		t.Errorf("%q", p)
	}
	load("Исполнитель\nМинстрой\nМинтранс\n")
	f.until(func() bool { return len(e.problems) == 0 && len(e.draft.Rows) == 2 })
	e.save()
	f.until(func() bool { return !e.dirty })
	if got := f.desk.Region().Executors; len(got) != 2 {
		t.Errorf("%v", got)
	}
	load("Адрес\nул. Гагарина\n")
	e.refresh() // a change of somebody else: the file still comes
	f.until(func() bool {
		return f.notice.object.Visible() && strings.Contains(f.notice.words.Text, "заголовков")
	})
	if len(e.draft.Rows) != 2 {
		t.Error("a file that is none took the place of the rows")
	}
}

func TestOthersOnlyRead(t *testing.T) {
	_, e := openTables(t, fixed{roles: []app.Role{app.RoleOperator}})
	e.choose(app.TableTemplates)
	e.grid.list.selectRow(0)
	for _, b := range e.buttons {
		if !b.disabled {
			t.Errorf("%q can be pressed", b.label)
		}
	}
	e.editRow(0)
	if e.w.dialog != nil {
		t.Error("a row can be changed")
	}
}

func TestNothingEditedIsLostWithoutAsking(t *testing.T) {
	f, e := openTables(t, fixed{})
	e.choose(app.TableChecklist)
	e.putRow(-1, []string{"Есть подпись"})
	e.key(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if f.dialog == nil || !e.dirty {
		t.Fatal("nobody was asked")
	}
	f.dialog.close()
	if len(e.draft.Rows) != len(f.desk.Region().Checklist)+1 {
		t.Error("staying lost the row")
	}
	f.store.commit(app.Changed{Tables: true})
	f.settle()
	if !e.dirty {
		t.Error("a table of somebody else took away what was edited")
	}
}

func TestARowIsChangedInADialog(t *testing.T) {
	f, e := openTables(t, fixed{})
	e.choose(app.TableRules)
	e.editRow(0)
	if f.dialog == nil {
		t.Fatal("no dialog")
	}
	f.picture("tables-row")
	f.dialog.accept()
	if e.dirty && !slices.EqualFunc(e.draft.Rows, f.desk.Region().Table(app.TableRules).Rows, slices.Equal[[]string]) {
		t.Errorf("an untouched row became %v", e.draft.Rows[0])
	}
}

func TestTheCardSaysWhoElseHasItOpen(t *testing.T) {
	f := openWindow(t, fixed{})
	f.exchange.mu.Lock()
	f.exchange.state.Link = app.LinkOnline
	f.exchange.others = []app.Companion{{Name: "Оператор 2", Doing: app.DoingReads}, {Name: "Куратор 1", Doing: app.DoingWrites}}
	f.exchange.mu.Unlock()
	s := f.appealsPart()
	f.until(func() bool { return s.detail.card != nil })
	s.detail.presence.ask()
	f.until(func() bool { return len(s.detail.presence.others) == 2 })
	if chips := s.detail.presence.chips(); len(chips) != 2 {
		t.Errorf("%d chips", len(chips))
	}
	f.picture("presence")
	f.exchange.mu.Lock()
	f.exchange.state.Link = app.LinkOffline
	f.exchange.mu.Unlock()
	s.detail.presence.ask()
	f.until(func() bool { return len(s.detail.presence.others) == 0 })
	f.open(screenPages)
	if s.detail.presence.appeal != "" {
		t.Error("it is open while another screen is shown")
	}
}
