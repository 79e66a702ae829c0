package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"otklik/app"
)

func (f *fixture) shiftPart() *shiftScreen {
	f.t.Helper()
	f.typed(&fyne.KeyEvent{Name: fyne.KeyF8})
	s, ok := f.screens[screenShift].(*shiftScreen)
	if !ok {
		f.t.Fatal("F8 leads to no shift")
	}
	f.until(func() bool { return s.loaded })
	return s
}

func TestShiftLeadsIntoTheList(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) { s.pending["appeal-4"] = 1 }})
	f.onCard("appeal-0")
	s := f.shiftPart()
	totals := func() (all []int) {
		for _, c := range s.cards {
			all = append(all, c.part.Total)
		}
		return all
	}
	// Оператор 3 has the first appeal, nobody the second; the next is another's.
	if got := totals(); !slices.Equal(got, []int{0, 2, 0, 0, 1}) {
		t.Errorf("soon, overdue, returned, on approval, unsent: %v", got)
	}
	if s.cards[0].none.Text == "" || s.link.Text == "" {
		t.Error("neither the empty queue nor the cut link is told")
	}
	s.choose(whoseAll)
	f.until(func() bool { return s.cards[0].part.Total == 1 })
	f.until(func() bool { v, err := f.store.Setting(settingWhose); return err == nil && v == whoseAll })

	// The keyboard: from the first urgent appeal down to the second overdue one.
	if f.win.Canvas().Focused() != s.cards[1].rows[0] {
		t.Fatal("the first urgent appeal does not have the keyboard")
	}
	press(f, fyne.KeyDown)
	press(f, fyne.KeyReturn)
	f.onCard("appeal-1")
	list := f.appealsPart()
	f.until(func() bool { return list.found.Total == 2 && list.query.Queue == app.QueueOverdue })
	if f.current != screenAppeals || list.list.selected != 1 {
		t.Errorf("on %s, row %d", f.current, list.list.selected)
	}

	s = f.shiftPart()
	test.Tap(s.cards[4].head)
	f.until(func() bool { return list.query.Queue == app.QueueUnsent && list.found.Total == 1 })
	f.onCard("appeal-4")
}

func TestShiftArrowsStayOnTheScreen(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.shiftPart()
	for _, key := range []fyne.KeyName{fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyRight, fyne.KeyEnd, fyne.KeyDown, fyne.KeyLeft, fyne.KeyHome} {
		press(f, key)
		if column, _ := s.focused(); column < 0 {
			t.Fatalf("%s led out of the cards", key)
		}
	}
	if f.win.Canvas().Focused() != s.cards[0].head {
		t.Error("Home does not lead to the first queue")
	}
}

func TestOwnIsDroppedByAClick(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	s.ask(app.Query{Queue: app.QueueOpen, Own: true})
	f.until(func() bool { return s.found.Total == 5 })
	test.Tap(s.filter.items["own"])
	f.until(func() bool { return s.found.Total == 9 })
	if slices.Contains(s.filter.body.Objects, fyne.CanvasObject(s.filter.items["own"])) {
		t.Error("the line stays after it was dropped")
	}
}

func TestWindowOpensWithTheShiftWhereThatWasChosen(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) { s.settings[settingStart] = screenShift }})
	if f.current != screenShift {
		t.Errorf("it opens with %s", f.current)
	}
}

func TestViewIsSavedOpenedAndRemoved(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	test.Tap(s.filter.items["appeals.topic/Дороги"])
	f.until(func() bool { return s.found.Total == 1 })
	ctrl(f, fyne.KeyS)
	if f.dialog == nil {
		t.Fatal("Ctrl+S asks nothing")
	}
	ctrl(f, fyne.KeyReturn)
	f.until(func() bool { return f.dialog.problem.Visible() })
	test.Type(f.win.Canvas().Focused(), "Дороги")
	ctrl(f, fyne.KeyReturn)
	f.until(func() bool { return f.dialog == nil && len(s.filter.views) == 1 })
	item := s.filter.items["view/Дороги"]
	if item == nil || !item.chosen {
		t.Fatal("the view of what is shown is not listed as chosen")
	}
	s.clear()
	f.until(func() bool { return s.found.Total == 9 && !item.chosen })
	test.Tap(item)
	f.until(func() bool { return s.found.Total == 1 && item.chosen })
	f.onCard("appeal-0")

	item.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	press(f, fyne.KeyEnd)
	press(f, fyne.KeyReturn)
	f.until(func() bool { return len(s.filter.views) == 0 })
	if slices.Contains(s.filter.body.Objects, fyne.CanvasObject(item)) {
		t.Error("a removed view is still listed")
	}
}

func TestGoToNumberOpensWhateverIsListed(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	s.ask(app.Query{Queue: app.QueueOverdue})
	f.until(func() bool { return s.found.Total == 2 })
	ctrl(f, fyne.KeyG)
	test.Type(f.win.Canvas().Focused(), "99")
	ctrl(f, fyne.KeyReturn)
	f.until(func() bool { return f.dialog.problem.Visible() })
	f.win.Canvas().Focused().(*entry).SetText("118443")
	ctrl(f, fyne.KeyReturn)
	f.onCard("appeal-6")
	if f.dialog != nil || s.list.selected != -1 {
		t.Error("the question stays, or another row is marked")
	}
	s.Changed(app.Changed{Appeals: true})
	f.settle()
	if s.detail.card == nil || s.detail.card.Appeal.ID != "appeal-6" {
		t.Error("a reload took the appeal away")
	}
	ctrl(f, fyne.KeyG)
	test.Type(f.win.Canvas().Focused(), "118438")
	ctrl(f, fyne.KeyReturn)
	f.onCard("appeal-1")
	if s.list.selected != 1 {
		t.Error("an appeal of the list is not marked in it")
	}
}

func TestCardOfASearchWaitsForTheEndOfTyping(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	var later func()
	f.live.after = func(_ time.Duration, do func()) func() {
		later = do
		return func() { later = nil }
	}
	test.Type(s.search, "мусор")
	later()
	f.until(func() bool { return s.found.Total == 1 })
	if s.detail.card.Appeal.ID != "appeal-0" || s.list.selected != 0 {
		t.Error("the card came with the list")
	}
	later()
	f.onCard("appeal-4")

	s.search.SetText("автобус")
	later()
	f.until(func() bool { return s.found.Records[0] == 3 })
	s.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	f.onCard("appeal-3") // Enter does not wait
}

func TestFilterColumnKeepsItsLines(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	before := slices.Clone(s.filter.body.Objects)
	painted := 0
	for _, item := range s.filter.items {
		paint := item.paint
		item.paint = func() { painted++; paint() }
	}
	s.filter.show(s.found.Counts)
	if painted != 0 || !slices.Equal(before, s.filter.body.Objects) {
		t.Errorf("the same counts painted %d lines anew", painted)
	}
	counts := s.found.Counts
	counts.Queues = map[app.Queue]int{app.QueueNeeds: 77}
	for q, n := range s.found.Counts.Queues {
		if q != app.QueueNeeds {
			counts.Queues[q] = n
		}
	}
	s.filter.show(counts)
	if painted != 1 || s.filter.items["queue/needs"].count.Text != "77" {
		t.Errorf("one other count painted %d lines anew", painted)
	}
}

func TestStallsMeasureHoldsAndSearches(t *testing.T) {
	s := &Stalls{}
	done := s.hold()
	done()
	s.marker()
	s.typed("яма")
	s.listed("другое")
	if s.painted {
		t.Error("the list of another question counts")
	}
	s.listed("яма")
	s.sign.Generator(1, 1)
	if !s.painted {
		t.Fatal("the painted list is not noticed")
	}
	letters := 0
	s.Drawn = func(n int, _ time.Time) { letters = n }
	s.drawn(s.key.Add(30 * time.Millisecond))
	if letters != 3 || len(s.searches) != 1 || s.searches[0] != 30*time.Millisecond {
		t.Errorf("%d letters, searches %v", letters, s.searches)
	}
	var out strings.Builder
	if err := s.Report(&out); err != nil || !strings.Contains(out.String(), "key to list") || !strings.Contains(out.String(), "30.0") {
		t.Errorf("reported %q, %v", out.String(), err)
	}
	var none *Stalls
	none.typed("яма")
	none.listed("яма")
	none.hold()()
}
