package ui

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"otklik/app"
)

func TestNewAppealNeedsText(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	f.newAppeal()
	f.dialog.accept()
	if f.dialog == nil || !f.dialog.problem.Visible() {
		t.Fatal("an empty appeal was taken in, or nothing was said")
	}
	if e, ok := f.win.Canvas().Focused().(*entry); ok {
		test.Type(e, "Нет света на Лесной")
	} else {
		t.Fatal("the question does not have the keyboard")
	}
	f.dialog.accept()
	f.until(func() bool {
		c := f.appealsPart().detail.card
		return c != nil && c.Appeal.Text == "Нет света на Лесной"
	})
}

func TestReasonIsAskedInTheQuestion(t *testing.T) {
	f := openWindow(t, fixed{roles: []app.Role{app.RoleCurator}})
	s := f.appealsPart()
	s.openRecord(1)
	f.onCard("appeal-1")
	s.askReject()
	f.dialog.accept()
	if f.dialog == nil || !f.dialog.problem.Visible() {
		t.Fatal("rejected without a reason")
	}
	test.Type(f.win.Canvas().Focused(), "Не относится к региону")
	f.dialog.accept()
	f.until(func() bool { a, err := f.store.Appeal("appeal-1"); return err == nil && a.Status == app.StatusRejected })
}

func TestMergeFindsTheParentByNumber(t *testing.T) {
	f := openWindow(t, fixed{roles: []app.Role{app.RoleCurator}})
	s := f.appealsPart()
	s.openRecord(1)
	f.onCard("appeal-1")
	s.askParent()
	test.Type(f.win.Canvas().Focused(), "№ 2026-118437")
	f.dialog.accept()
	f.until(func() bool { a, err := f.store.Appeal("appeal-1"); return err == nil && a.Parent == "appeal-0" })
	f.until(func() bool { return f.dialog == nil })
}

func TestNumberOfNoAppeal(t *testing.T) {
	f := openWindow(t, fixed{})
	var slot Slot
	asked := false
	f.live.Load(&slot, func(context.Context) (func(), error) {
		id, err := f.byNumber("2026-000000")
		return func() { asked = id == "" }, err
	})
	f.until(func() bool { return asked })
}

func TestDatesAreRead(t *testing.T) {
	f := openWindow(t, fixed{})
	at, ok := f.readDate(" 30.11.2026 ")
	if !ok || f.here(at).Format("02.01.2006 15:04") != "30.11.2026 18:00" {
		t.Errorf("read %v, %v", at, ok)
	}
	for _, wrong := range []string{"", "2026-11-30", "31.02.2026"} {
		if _, ok := f.readDate(wrong); ok {
			t.Errorf("%q was read as a date", wrong)
		}
	}
}

func TestListsAreNarrowedByTyping(t *testing.T) {
	f := openWindow(t, fixed{})
	var got string
	var many []option
	for _, g := range f.desk.Region().Groups {
		many = append(many, option{g.Name, g.Name})
	}
	f.pick(many, "", fyne.NewPos(10, 10), 200, func(v string) { got = v }, nil)
	focused := f.win.Canvas().Focused()
	test.Type(focused, "экол")
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got != "Экология" {
		t.Errorf("took %q", got)
	}
}
