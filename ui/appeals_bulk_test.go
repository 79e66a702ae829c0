package ui

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"otklik/app"
)

// shifted presses a key of the list with Shift.
func shifted(f *fixture, keys ...fyne.KeyName) {
	l := f.appealsPart().list
	l.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	for _, k := range keys {
		press(f, k)
	}
	l.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
}

// rowsPicked gives the rows with a mark, in the order of the list.
func rowsPicked(s *appealsScreen) (rows []int) {
	for i, r := range s.found.Records {
		if s.picked.records[r] {
			rows = append(rows, i)
		}
	}
	return rows
}

func (f *fixture) picksRows(what string, want ...int) {
	f.t.Helper()
	s := f.appealsPart()
	if got := rowsPicked(s); !slices.Equal(got, want) {
		f.t.Errorf("%s: rows %v, want %v", what, got, want)
	}
	if words := fmt.Sprintf("Выбрано: %d", len(want)); s.picked.button.label != words {
		f.t.Errorf("%s: the button says %q", what, s.picked.button.label)
	}
	for _, r := range s.list.rows {
		if r.at < 0 {
			continue
		}
		row := r.inner.(*appealRowView)
		if row.tick.Visible() != (len(want) > 0) {
			f.t.Errorf("%s: row %d shows a mark: %v", what, r.at, row.tick.Visible())
		}
		if len(want) > 0 && row.tick.Visible() && strings.Contains(row.tick.Resource.Name(), "checked") != slices.Contains(want, r.at) {
			f.t.Errorf("%s: row %d has %s", what, r.at, row.tick.Resource.Name())
		}
	}
}

func TestKeysPickRows(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	press(f, fyne.KeySpace)
	f.picksRows("Space", 0)
	if s.list.selected != 1 {
		t.Errorf("Space did not move on: row %d", s.list.selected)
	}
	press(f, fyne.KeyDown)
	shifted(f, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown)
	f.picksRows("Shift+Down three times", 0, 2, 3, 4, 5)
	shifted(f, fyne.KeyUp)
	f.picksRows("and one back", 0, 2, 3, 4)
	shifted(f, fyne.KeyHome)
	f.picksRows("Shift+Home", 0, 1, 2)
	shifted(f, fyne.KeyEnd)
	f.picksRows("Shift+End", 2, 3, 4, 5, 6, 7, 8)
	press(f, fyne.KeyHome)
	press(f, fyne.KeyDown)
	press(f, fyne.KeyDown)
	press(f, fyne.KeySpace)
	f.picksRows("Space on a picked row", 3, 4, 5, 6, 7, 8)
	press(f, fyne.KeyEscape)
	f.picksRows("Escape")
	shifted(f, fyne.KeyPageDown)
	if n := len(rowsPicked(s)); n < 3 {
		t.Errorf("Shift+PgDn picks %d rows", n)
	}
	s.list.TypedShortcut(&fyne.ShortcutSelectAll{})
	f.picksRows("Ctrl+A", 0, 1, 2, 3, 4, 5, 6, 7, 8)
	if f.win.Canvas().Focused() != s.list {
		t.Error("the list has lost the keyboard")
	}
}

func click(f *fixture, row int, x float32, held fyne.KeyModifier) {
	f.t.Helper()
	for _, r := range f.appealsPart().list.rows {
		if r.at == row {
			r.MouseDown(&desktop.MouseEvent{Modifier: held})
			r.Tapped(&fyne.PointEvent{Position: fyne.NewPos(x, 20)})
			return
		}
	}
	f.t.Fatalf("row %d is not on the screen", row)
}

func TestMousePicksRows(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	click(f, 2, 200, fyne.KeyModifierControl)
	f.picksRows("Ctrl+click", 2)
	click(f, 5, 200, fyne.KeyModifierShift)
	f.picksRows("Shift+click", 2, 3, 4, 5)
	click(f, 3, 200, fyne.KeyModifierShift)
	f.picksRows("Shift+click nearer", 2, 3)
	click(f, 7, 20, 0)
	f.picksRows("click on the mark", 2, 3, 7)
	click(f, 0, 200, 0)
	f.picksRows("plain click", 2, 3, 7)
	f.onCard("appeal-0")
}

func TestPickedStayThroughReloadAndReachBeyondTheRows(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) { s.appeals = manyAppeals(5000) }})
	s := f.appealsPart()
	s.list.TypedShortcut(&fyne.ShortcutSelectAll{})
	if n := len(s.picked.records); n != s.found.Total || n < 4000 {
		t.Errorf("%d picked of %d", n, s.found.Total)
	}
	if len(s.rows) > 200 {
		t.Errorf("%d rows were read for that", len(s.rows))
	}
	press(f, fyne.KeyEscape)
	press(f, fyne.KeyDown)
	press(f, fyne.KeySpace)
	record := s.found.Records[1]
	f.store.mu.Lock()
	first := s.found.Records[0]
	gone := f.store.appeals[first].Clone()
	gone.Status = app.StatusClosed
	f.store.appeals[first] = gone
	f.store.mu.Unlock()
	before := s.found.Total
	s.Changed(app.Changed{Appeals: true})
	f.until(func() bool { return s.found.Total == before-1 })
	if !s.picked.records[record] || len(s.picked.records) != 1 || s.found.Records[0] != record {
		t.Errorf("picked %v, want %d", s.picked.records, record)
	}
}

// menuOf opens what can be done with the picked and gives the words of it.
func (f *fixture) menuOf() (*list, []string) {
	f.t.Helper()
	ctrl(f, fyne.KeyB)
	var l *list
	f.until(func() bool {
		l, _ = f.win.Canvas().Focused().(*list)
		return l != nil && l != f.appealsPart().list
	})
	var words []string
	for i := range l.count {
		for _, r := range l.rows {
			if r.at == i {
				words = append(words, r.inner.(*optionRow).full)
			}
		}
	}
	return l, words
}

func TestOnlyWhatCanBeDoneToOneAtLeastIsOffered(t *testing.T) {
	cases := []struct {
		roles []app.Role
		want  []string
	}{
		{[]app.Role{app.RoleOperator}, []string{
			"Назначить… — 8 из 9", "Сменить тему… — 8 из 9", "Ответить по шаблону… — 7 из 9", "Закрыть… — 1 из 9", "Выгрузить список… — 9", "Снять выбор",
		}},
		{[]app.Role{app.RoleManager}, []string{"Выгрузить список… — 9", "Снять выбор"}},
		{[]app.Role{app.RoleCurator}, []string{
			"Назначить… — 8 из 9", "Направить… — 6 из 9", "Сменить тему… — 8 из 9", "Закрыть… — 1 из 9", "Выгрузить список… — 9", "Снять выбор",
		}},
	}
	for _, c := range cases {
		t.Run(string(c.roles[0]), func(t *testing.T) {
			f := openWindow(t, fixed{roles: c.roles, store: func(s *fakeStore) {
				s.appeals[3].Status, s.appeals[4].Status = app.StatusAnswered, app.StatusClosed
			}})
			s := f.appealsPart()
			s.picked.only([]uint64{0, 1, 2, 3, 4, 5, 6, 7, 8})
			if _, words := f.menuOf(); !slices.Equal(words, c.want) {
				t.Errorf("offered %q", words)
			}
		})
	}
}

func TestManyAreAssignedAndThatIsUndone(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	_, words := f.menuOf()
	if !slices.Equal(words, []string{"Выбрать все найденные: 9 обращений", "Выгрузить список… — 9"}) {
		t.Fatalf("with nothing selected: %q", words)
	}
	press(f, fyne.KeyReturn)
	f.picksRows("select all", 0, 1, 2, 3, 4, 5, 6, 7, 8)
	f.menuOf()
	press(f, fyne.KeyReturn) // assign, to me
	if f.dialog == nil {
		t.Fatal("nothing was asked")
	}
	ctrl(f, fyne.KeyReturn)
	f.until(func() bool { return f.dialog == nil && f.notice.object.Visible() })
	who := func() (out []string) {
		for _, a := range f.store.appeals {
			out = append(out, a.Assignee)
		}
		return out
	}
	for i, name := range who() {
		if name != "Оператор 3" {
			t.Errorf("%d is with %q", i, name)
		}
	}
	if got := f.notice.words.Text; got != "Готово: 8 обращений · у 1 так и было" || !f.notice.undo.Visible() {
		t.Errorf("said %q, offered a way back: %v", got, f.notice.undo.Visible())
	}
	ctrl(f, fyne.KeyU)
	f.until(func() bool {
		return strings.HasPrefix(f.notice.words.Text, "Отменено: ") && f.notice.object.Visible()
	})
	if f.notice.words.Text != "Отменено: назначить · 8 обращений" || f.notice.undo.Visible() {
		t.Errorf("said %q", f.notice.words.Text)
	}
	if got := who(); got[1] != "" || got[2] != "Оператор 1" || got[0] != "Оператор 3" {
		t.Errorf("they are with %q", got)
	}
	if len(s.picked.records) != 9 {
		t.Errorf("%d are picked still", len(s.picked.records))
	}
	ctrl(f, fyne.KeyU)
	f.until(func() bool { return strings.HasPrefix(f.notice.words.Text, "Отменять нечего") })
}

func TestRefusedAreNamedAndCanBeKept(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) { s.appeals[2].Status, s.appeals[5].Status = app.StatusAnswered, app.StatusAnswered }})
	s := f.appealsPart()
	s.picked.only([]uint64{2, 3, 5, 7})
	s.closeMany(s.picked.list())
	ctrl(f, fyne.KeyReturn)
	f.until(func() bool {
		return f.dialog != nil && f.dialog.yes != nil && f.dialog.yes.label == "Выбрать только их"
	})
	words := f.refusals([]app.LeftOut{
		{Number: "2026-118440", Err: app.Fail(app.CodeNotAllowed, app.EventClosed, app.StatusNew)},
		{Number: "2026-118444", Err: app.Fail(app.CodeNotAllowed, app.EventClosed, app.StatusNew)},
		{Err: app.Fail(app.CodeConflictOpen)},
	})
	if !strings.Contains(words, "2026-118440, 2026-118444") || strings.Count(words, "невозможно") != 1 {
		t.Errorf("said: %s", words)
	}
	f.picture("bulk-report")
	ctrl(f, fyne.KeyReturn)
	if got := s.picked.list(); !slices.Equal(got, []uint64{3, 7}) {
		t.Errorf("picked %v", got)
	}
	if f.store.appeals[2].Status != app.StatusClosed || f.store.appeals[3].Status == app.StatusClosed {
		t.Error("it was done to others")
	}
}

func TestUndoneAnswerIsADraftAgain(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	press(f, fyne.KeyReturn)
	test.Type(s.detail.reply.editor, "Яму заделали")
	f.sendAnyway()
	f.onCard("appeal-1")
	ctrl(f, fyne.KeyU)
	f.until(func() bool {
		a, err := f.store.Appeal("appeal-0")
		return err == nil && a.Status == app.StatusInProgress
	})
	s.openRecord(0)
	f.onCard("appeal-0")
	f.until(func() bool { return s.detail.reply.editor.Text == "Яму заделали" })
}

func TestWhatCannotBeUndoneSaysWhy(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) { s.sent = true }})
	f.onCard("appeal-0")
	s := f.appealsPart()
	press(f, fyne.KeyReturn)
	test.Type(s.detail.reply.editor, "Яму заделали")
	f.sendAnyway()
	f.onCard("appeal-1")
	ctrl(f, fyne.KeyU)
	f.until(func() bool { return strings.Contains(f.notice.words.Text, "обратного ему нет") })
	if a, err := f.store.Appeal("appeal-0"); err != nil || a.Status != app.StatusClosed {
		t.Errorf("%s, %v", a.Status, err)
	}
}

func TestListIsExportedWithoutWhatIsPersonal(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) {
		s.appeals[0].Author, s.appeals[0].Topic = "=житель()", "+ямы"
		s.appeals[0].Text += " Звоните: +7 900 000-00-00"
	}})
	s := f.appealsPart()
	read := func(personal bool) [][]string {
		t.Helper()
		path := filepath.Join(t.TempDir(), "list.csv")
		form := s.askList([]uint64{0, 1})
		form.path.SetText(path)
		form.personal.on = personal
		f.dialog.accept()
		f.until(func() bool { return strings.Contains(f.notice.words.Text, "list.csv") && f.dialog == nil })
		f.notice.words.SetText("")
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\uFEFF")))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 3 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		return rows
	}
	masked, whole := fmt.Sprint(read(false)), fmt.Sprint(read(true))
	if strings.Contains(masked, "житель") || strings.Contains(masked, "+7 900") || !strings.Contains(masked, "[скрыто]") || !strings.Contains(masked, "2026-118437") {
		t.Errorf("masked: %s", masked)
	}
	if !strings.Contains(whole, "'=житель()") || !strings.Contains(whole, "колесо") || !strings.Contains(whole, "'+ямы") {
		t.Errorf("whole: %s", whole)
	}
	action, subject := "", ""
	f.store.mu.Lock()
	e := readEntry(f.Window, f.store.entries[len(f.store.entries)-1])
	action, subject = e.action, e.subject
	f.store.mu.Unlock()
	if action != "Выгрузка с персональными данными" || subject != "2 обращения · Оператор 3 · отмеченные · CSV с «;»" {
		t.Errorf("the journal says %q, %q", action, subject)
	}
}
