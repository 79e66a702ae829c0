package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"otklik/app"
)

// allCommands are all lines of the main menu.
func allCommands() (out []command) {
	for _, g := range menuGroups() {
		for _, c := range g.commands {
			out = append(append(out, c), c.more...)
		}
	}
	return out
}

// TestKeysWorkInRussianAndOnlyOnce: a letter with Ctrl or an F-key, and each of
// them for one thing.
func TestKeysWorkInRussianAndOnlyOnce(t *testing.T) {
	editing := []fyne.KeyName{fyne.KeyA, fyne.KeyC, fyne.KeyV, fyne.KeyX, fyne.KeyY, fyne.KeyZ}
	seen := map[string]string{}
	for _, c := range allCommands() {
		keys := c.keyWords()
		if keys == "" {
			continue
		}
		if other := seen[keys]; other != "" {
			t.Errorf("%s is for %s and for %s", keys, other, c.name)
		}
		seen[keys] = c.name
		letter := len(c.ctrl) == 1 && c.ctrl[0] >= 'A' && c.ctrl[0] <= 'Z' && !slices.Contains(editing, c.ctrl)
		if c.ctrl != "" && !letter && c.ctrl != fyne.KeyReturn || c.ctrl == "" && !strings.HasPrefix(string(c.key), "F") {
			t.Errorf("%s: %s does not work in the Russian layout", c.name, keys)
		}
	}
}

// TestMenuHoldsTheWholeLife looks for every event a person may cause.
func TestMenuHoldsTheWholeLife(t *testing.T) {
	names := map[string]bool{}
	for _, c := range allCommands() {
		names[c.name] = true
	}
	elsewhere := []app.EventType{app.EventAnswered, app.EventNote} // written and sent: Ctrl+R, Ctrl+E, Ctrl+Enter
	for _, tr := range app.Transitions {
		if tr.Event.ByItself() || slices.Contains(elsewhere, tr.Event) {
			continue
		}
		if !names["action."+string(tr.Event)] {
			t.Errorf("no line of the menu leads to %s", tr.Event)
		}
	}
}

// TestWhatIsNotOfferedSaysWhy asks the menu for what a role may not do.
func TestWhatIsNotOfferedSaysWhy(t *testing.T) {
	f := openWindow(t, fixed{roles: []app.Role{app.RoleOperator}})
	f.onCard("appeal-0")
	f.appealsPart().begin(app.EventReturned)
	if !f.notice.object.Visible() || f.notice.words.Text == "" {
		t.Error("nothing was said")
	}
}

func shownTexts(o fyne.CanvasObject) (out []string) {
	switch o := o.(type) {
	case *fyne.Container:
		for _, c := range o.Objects {
			out = append(out, shownTexts(c)...)
		}
	case *canvas.Text:
		out = append(out, o.Text)
	}
	return out
}

// TestListOfKeysIsTheMenu compares what F1 shows with the table of the menu.
func TestListOfKeysIsTheMenu(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	press(f, fyne.KeyF1)
	if f.dialog == nil {
		t.Fatal("F1 opened nothing")
	}
	words := strings.Join(shownTexts(f.dialog.scroll.Content), "\n")
	for _, c := range allCommands() {
		if keys := c.keyWords(); keys != "" && (!strings.Contains(words, keys) || !strings.Contains(words, f.text.T(c.name))) {
			t.Errorf("%s (%s) is not listed", c.name, keys)
		}
	}
}

// actionsOpen gives the open list of actions.
func (f *fixture) actionsOpen() *list {
	f.t.Helper()
	l, ok := f.win.Canvas().Focused().(*list)
	if !ok || !f.listOpen() {
		f.t.Fatal("no list of actions is open")
	}
	return l
}

// TestDigitsRunActions: the second line of Ctrl+M is approval.
func TestDigitsRunActions(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	press(f, fyne.KeyReturn)
	test.Type(f.appealsPart().detail.reply.editor, "Заделали")
	ctrl(f, fyne.KeyM)
	f.actionsOpen().TypedRune('2')
	if f.dialog != nil { // what to look at before
		f.dialog.accept()
	}
	f.until(func() bool {
		a, err := f.store.Appeal("appeal-0")
		return err == nil && a.Status == app.StatusApproval
	})
	if f.listOpen() {
		t.Error("the list stayed open")
	}
}

// TestOpenListKeepsTheKeys: F-keys and commands wait until the list is shut.
func TestOpenListKeepsTheKeys(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	ctrl(f, fyne.KeyM)
	l := f.actionsOpen()
	press(f, fyne.KeyF7)
	ctrl(f, fyne.KeyN)
	if f.current != screenAppeals || f.dialog != nil {
		t.Error("a key went past the open list")
	}
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if f.listOpen() {
		t.Error("Escape did not shut the list")
	}
	press(f, fyne.KeyF7)
	if f.current != screenSettings {
		t.Error("the keys do not work after the list")
	}
}

// TestMenusOfRowsAndCards: the right button and the menu key open the same
// actions.
func TestMenusOfRowsAndCards(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	press(f, desktop.KeyMenu)
	keyboard := f.actionsOpen().count
	f.actionsOpen().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	for _, r := range s.list.rows {
		if r.at == 0 {
			test.TapSecondary(r)
			break
		}
	}
	f.until(f.listOpen)
	if mouse := f.actionsOpen().count; mouse != keyboard || mouse < 5 {
		t.Errorf("%d actions under the mouse, %d under the key", mouse, keyboard)
	}
	f.actionsOpen().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	test.TapSecondary(s.detail.timeline.cards[0])
	f.actionsOpen().TypedRune('1')
	if got := f.fyne.Clipboard().Content(); !strings.Contains(got, s.detail.card.Appeal.Text) {
		t.Errorf("the entry was copied as %q", got)
	}
}

// TestTakeAndRoute: Ctrl+J leads into the answer, Ctrl+W asks with the executor
// filled in by the region's routes.
func TestTakeAndRoute(t *testing.T) {
	f := openWindow(t, fixed{roles: []app.Role{app.RoleOperator, app.RoleCurator}, store: func(s *fakeStore) {
		a := s.appeals[0]
		a.Status, a.Executor = app.StatusNew, ""
		a.Group, a.Topic, a.Municipality = "Дороги", "", "г. Чебоксары"
	}})
	f.onCard("appeal-0")
	ctrl(f, fyne.KeyW)
	if f.dialog == nil {
		t.Fatal("Ctrl+W asked nothing")
	}
	f.dialog.accept()
	f.until(func() bool {
		a, err := f.store.Appeal("appeal-0")
		return err == nil && a.Status == app.StatusRouted && a.Executor == f.desk.Region().RouteFor("Дороги", "", "г. Чебоксары")
	})
	f.until(func() bool {
		c := f.appealsPart().detail.card
		return c != nil && c.Appeal.ID == "appeal-0" && c.Appeal.Status == app.StatusRouted
	})
	ctrl(f, fyne.KeyJ)
	f.until(func() bool {
		a, err := f.store.Appeal("appeal-0")
		return err == nil && a.Status == app.StatusInProgress
	})
	if f.win.Canvas().Focused() != f.appealsPart().detail.reply.editor {
		t.Error("the cursor is not in the answer")
	}
}

// TestLetterOpensAChoice types on a shut choice.
func TestLetterOpensAChoice(t *testing.T) {
	f := openWindow(t, fixed{})
	var options []option
	for _, m := range f.desk.Region().Municipalities {
		options = append(options, option{m.Name, m.Name})
	}
	c := f.newChoice("", options, "", nil)
	f.ask(question{title: "?", content: c, width: 300, first: c})
	c.TypedRune('ч')
	f.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if c.value != "г. Чебоксары" {
		t.Errorf("«ч» chose %q", c.value)
	}
}

// TestFilterByKeys goes from the list into the queues and back.
func TestFilterByKeys(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	press(f, fyne.KeyLeft)
	press(f, fyne.KeyDown)
	press(f, fyne.KeyReturn)
	f.until(func() bool { return s.query.Queue == app.Queues[1] && s.loaded })
	press(f, fyne.KeyRight)
	if _, inside := f.win.Canvas().Focused().(*filterItem); inside {
		t.Error("Right does not lead back to the list")
	}
}
