package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"otklik/app"
)

func press(f *fixture, key fyne.KeyName) {
	if focused := f.win.Canvas().Focused(); focused != nil {
		focused.TypedKey(&fyne.KeyEvent{Name: key})
		return
	}
	f.typed(&fyne.KeyEvent{Name: key})
}

func ctrl(f *fixture, key fyne.KeyName) {
	f.shortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierControl})
}

func (f *fixture) onCard(id string) {
	f.t.Helper()
	f.until(func() bool {
		c := f.appealsPart().detail.card
		return c != nil && c.Appeal.ID == id
	})
}

func TestFirstAppealIsOpenAndKeysMove(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	if f.win.Canvas().Focused() != f.appealsPart().list {
		t.Error("the list does not have the keyboard")
	}
	press(f, fyne.KeyDown)
	f.onCard("appeal-1")
	press(f, fyne.KeyEnd)
	f.onCard("appeal-7") // the one without a term stands last
	press(f, fyne.KeyHome)
	f.onCard("appeal-0")
	press(f, fyne.KeyUp)
	if f.appealsPart().list.selected != 0 {
		t.Error("up from the first row left the list")
	}
}

func TestEnterWritesEscapeReturns(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	press(f, fyne.KeyReturn)
	if f.win.Canvas().Focused() != s.detail.reply.editor {
		t.Fatal("Enter did not lead into the reply")
	}
	press(f, fyne.KeyEscape)
	if f.win.Canvas().Focused() != s.list {
		t.Error("Escape did not lead back into the list")
	}
	ctrl(f, fyne.KeyF)
	if f.win.Canvas().Focused() != s.search {
		t.Error("Ctrl+F did not lead into the search line")
	}
}

func TestDraftStaysWithItsAppeal(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	press(f, fyne.KeyReturn)
	test.Type(s.detail.reply.editor, "Яму заделают")
	press(f, fyne.KeyEscape)
	press(f, fyne.KeyDown)
	f.onCard("appeal-1")
	if s.detail.reply.editor.Text != "" {
		t.Errorf("the draft of another appeal is shown: %q", s.detail.reply.editor.Text)
	}
	f.until(func() bool {
		d, err := f.store.Draft("appeal-0")
		return err == nil && d.Answer == "Яму заделают"
	})
	press(f, fyne.KeyUp)
	f.onCard("appeal-0")
	if s.detail.reply.editor.Text != "Яму заделают" {
		t.Errorf("draft not restored: %q", s.detail.reply.editor.Text)
	}
}

func TestDraftIsSavedWhenTheWindowCloses(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	press(f, fyne.KeyReturn)
	test.Type(f.appealsPart().detail.reply.editor, "Яму")
	f.end()
	if d, err := f.store.Draft("appeal-0"); err != nil || d.Answer != "Яму" {
		t.Errorf("draft lost on closing: %+v, %v", d, err)
	}
}

func TestTypingSurvivesAReload(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	press(f, fyne.KeyReturn)
	test.Type(s.detail.reply.editor, "Яму")
	before := f.store.cards
	s.Changed(app.Changed{Appeals: true})
	f.until(func() bool { f.store.mu.Lock(); defer f.store.mu.Unlock(); return f.store.cards > before })
	f.settle()
	if s.detail.reply.editor.Text != "Яму" {
		t.Errorf("a reload changed what is being typed: %q", s.detail.reply.editor.Text)
	}
}

func TestAnswerAndCloseMovesOn(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	press(f, fyne.KeyReturn)
	test.Type(s.detail.reply.editor, "Яму заделали")
	s.detail.reply.editor.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierControl})
	ctrl(f, fyne.KeyReturn) // past the checklist
	f.onCard("appeal-1")
	a, err := f.store.Appeal("appeal-0")
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != app.StatusClosed || a.Outcome != app.OutcomeSolved {
		t.Errorf("status %s, outcome %s", a.Status, a.Outcome)
	}
	if e, ok := a.Last(app.EventAnswered); !ok || e.Text != "Яму заделали" || e.By != "Оператор 3" {
		t.Errorf("answer: %+v", e)
	}
	f.until(func() bool { d, err := f.store.Draft("appeal-0"); return err == nil && d.Answer == "" })
	if !f.notice.object.Visible() || !strings.Contains(f.notice.words.Text, "2026-118437") {
		t.Errorf("no confirmation: %q", f.notice.words.Text)
	}
	if s.list.selected != 0 || f.win.Canvas().Focused() != s.list {
		t.Error("the next appeal is not selected in the list")
	}
}

func TestEmptyAnswerIsNotSent(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	ctrl(f, fyne.KeyReturn)
	f.settle()
	a, err := f.store.Appeal("appeal-0")
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != app.StatusInProgress {
		t.Errorf("an empty answer led to %s", a.Status)
	}
	if !f.notice.object.Visible() {
		t.Error("nothing was said about the empty text")
	}
}

func labels(actions []action) string {
	var out []string
	for _, a := range actions {
		out = append(out, a.label)
	}
	return strings.Join(out, "; ")
}

func TestOnlyWhatTheRoleMayDoIsOffered(t *testing.T) {
	cases := []struct {
		roles       []app.Role
		status      app.Status
		first, deny string
	}{
		{[]app.Role{app.RoleOperator}, app.StatusInProgress, "Ответить и закрыть", "Вернуть"},
		{[]app.Role{app.RoleExecutor}, app.StatusInProgress, "На согласование", "Ответить"},
		{[]app.Role{app.RoleApprover}, app.StatusApproval, "Одобрить и ответить", "На согласование"},
		{[]app.Role{app.RoleCurator}, app.StatusNew, "Направить…", "Взять в работу"},
		{[]app.Role{app.RoleOperator}, app.StatusClosed, "Открыть повторно…", "Ответить"},
	}
	for _, c := range cases {
		t.Run(string(c.roles[0])+" "+string(c.status), func(t *testing.T) {
			f := openWindow(t, fixed{roles: c.roles, store: func(s *fakeStore) {
				for _, a := range s.appeals {
					a.Status = c.status
				}
			}})
			s := f.appealsPart()
			s.openRecord(0)
			f.onCard("appeal-0")
			row, rest, _ := s.detail.reply.actions()
			all := labels(append(row, rest...))
			if len(row) == 0 || row[0].label != c.first {
				t.Errorf("first: %s; want %q", all, c.first)
			}
			if strings.Contains(all, c.deny) {
				t.Errorf("offered against the table: %s", all)
			}
		})
	}
}

func TestApprovalShowsTheProposedText(t *testing.T) {
	f := openWindow(t, fixed{roles: []app.Role{app.RoleApprover}, store: func(s *fakeStore) {
		s.appeals[1].Apply(app.Event{ID: "st", Type: app.EventStarted, At: noon, By: "Оператор 1"})
		s.appeals[1].Apply(app.Event{ID: "su", Type: app.EventSubmitted, At: noon, By: "Оператор 1", Text: "Воду дадут к вечеру"})
	}})
	s := f.appealsPart()
	s.openRecord(1)
	f.onCard("appeal-1")
	if s.detail.reply.editor.Text != "Воду дадут к вечеру" {
		t.Errorf("editor: %q", s.detail.reply.editor.Text)
	}
	if s.detail.reply.hasDraft() {
		t.Error("a text that nobody here typed counts as a draft")
	}
}

func TestFacetsNarrowTogether(t *testing.T) {
	f := openWindow(t, fixed{})
	s := f.appealsPart()
	test.Tap(s.filter.items["appeals.source/vk"])
	f.until(func() bool { return s.found.Total == 2 })
	test.Tap(s.filter.items["appeals.source/pos"])
	f.until(func() bool { return s.found.Total == 4 })
	test.Tap(s.filter.items["appeals.topic/Дороги"])
	f.until(func() bool { return s.found.Total == 1 })
	f.onCard("appeal-0")
	s.clear()
	f.until(func() bool { return s.found.Total == 9 })
}

func TestSearchWaitsForAPause(t *testing.T) {
	f := openWindow(t, fixed{})
	s := f.appealsPart()
	var timers []func()
	f.live.after = func(_ time.Duration, do func()) func() {
		timers = append(timers, do)
		return func() {}
	}
	test.Type(s.search, "мусор")
	if s.query.Words != "" {
		t.Fatal("searched while typing")
	}
	for _, fire := range timers {
		fire()
	}
	f.until(func() bool { return s.found.Total == 1 })
	for _, fire := range timers { // the last of them brings the card
		fire()
	}
	f.onCard("appeal-4")
}

func TestNothingFoundSaysSoAndLeadsBack(t *testing.T) {
	f := openWindow(t, fixed{})
	s := f.appealsPart()
	s.query.Words = "такого нет"
	s.narrowed()
	f.until(func() bool { return s.empty.object.Visible() })
	if s.detail.card != nil || s.empty.clear.Hidden {
		t.Error("the empty state keeps a card or offers no way back")
	}
	test.Tap(s.empty.clear)
	f.until(func() bool { return s.found.Total == 9 && !s.empty.object.Visible() })
}

func TestErrorIsSaidInASentence(t *testing.T) {
	f := openWindow(t, fixed{})
	f.store.mu.Lock()
	f.store.failing = app.Fail(app.CodeDiskFull, "otklik.db").Because(errors.New("no space"))
	f.store.mu.Unlock()
	f.appealsPart().reload()
	f.until(func() bool { return f.notice.object.Visible() })
	if !strings.Contains(f.notice.words.Text, "нет места") {
		t.Errorf("said: %q", f.notice.words.Text)
	}
}

func TestShortcutsAreOffUnderAQuestion(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	ctrl(f, fyne.KeyN)
	if f.dialog == nil {
		t.Fatal("Ctrl+N asked nothing")
	}
	first := f.dialog
	ctrl(f, fyne.KeyN)
	if f.dialog != first {
		t.Error("a second question opened over the first")
	}
	f.typed(&fyne.KeyEvent{Name: fyne.KeyF7})
	if f.current != screenAppeals {
		t.Error("F7 left the screen under a question")
	}
	f.typed(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if f.dialog != nil {
		t.Error("Escape did not close the question")
	}
}

func TestButtonsStayInsideTheWindow(t *testing.T) {
	for _, width := range []float32{1200, 1366} {
		f := openWindow(t, fixed{size: fyne.NewSize(width, 700)})
		f.onCard("appeal-0")
		row := f.appealsPart().detail.reply.row
		for _, b := range append([]*button{row.first, row.arrow, row.more}, row.buttons...) {
			if b.Visible() && b.Position().X+b.Size().Width > row.object.Size().Width {
				t.Errorf("%v wide: %q runs over the right edge", width, b.label)
			}
		}
	}
}

func TestLanguageChangesInPlace(t *testing.T) {
	f := openWindow(t, fixed{})
	f.setLanguage("en")
	f.until(func() bool { v, err := f.store.Setting(settingLanguage); return err == nil && v == "en" })
	f.onCard("appeal-0")
	if got := f.appealsPart().detail.statusWord(); got != "In progress" {
		t.Errorf("status reads %q", got)
	}
}

func TestOnlyRowsOnTheScreenExist(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) { s.appeals = manyAppeals(5000) }})
	s := f.appealsPart()
	if n := len(s.list.rows); n > 16 {
		t.Errorf("%d row objects for 5000 appeals", n)
	}
	press(f, fyne.KeyEnd)
	f.until(func() bool {
		return s.has && s.selected == s.found.Records[len(s.found.Records)-1] && s.detail.card != nil
	})
	f.until(func() bool { // every row that is shown is filled
		return !slices.ContainsFunc(s.list.rows, func(r *listLine) bool { return r.at >= 0 && !r.inner.(*appealRowView).there })
	})
}
