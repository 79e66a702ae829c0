package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"otklik/app"
)

// burst makes n appeals about one house, a day apart, the earliest first.
func burst(n int) (all []*app.Appeal) {
	addresses := []string{"ул. Мира, д. 4", "Мира 4", "улица Мира дом 4"}
	for i := range n {
		a := &app.Appeal{
			ID: fmt.Sprintf("burst-%d", i), Number: fmt.Sprintf("2026-2%05d", i), Kind: app.KindIncident, Source: app.SourceVK,
			Text: "Второй день нет горячей воды, управляющая компания молчит", Place: addresses[i%len(addresses)],
			Municipality: "г. Канаш", Group: "ЖКХ", Topic: "Горячая вода", Status: app.StatusNew,
		}
		a.Apply(app.Event{ID: a.ID + "d", Type: app.EventDetected, At: noon.Add(-time.Duration(n-i) * 20 * time.Hour)})
		all = append(all, a)
	}
	return all
}

func withBurst(n int) func(*fakeStore) {
	return func(s *fakeStore) { s.appeals = burst(n) }
}

// shown lists the words of the facts on the card.
func (d *detail) shown() string {
	var words []string
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch v := o.(type) {
		case *canvas.Text:
			words = append(words, v.Text)
		case *stateChip:
			words = append(words, v.words.Text)
		case *clickable:
			walk(v.inner)
		case *fyne.Container:
			for _, inner := range v.Objects {
				walk(inner)
			}
		}
	}
	walk(d.pills)
	return strings.Join(words, "|")
}

func (f *fixture) openAlike(t *testing.T) *alikeDialog {
	t.Helper()
	s := f.appealsPart()
	f.until(func() bool { return s.detail.alike.known })
	ctrl(f, fyne.KeyH)
	if s.detail.alike.dialog == nil {
		t.Fatal("Ctrl+H opened nothing")
	}
	return s.detail.alike.dialog
}

func TestCardTellsOfLookalikes(t *testing.T) {
	f := openWindow(t, fixed{store: withBurst(4)})
	s := f.appealsPart()
	f.until(func() bool { return strings.Contains(s.detail.shown(), "Похожие: 3") })
	f.picture("alike-card")
	f.openAlike(t)
	f.picture("alike")
}

func TestNoLookalikes(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	a := f.openAlike(t)
	if strings.Contains(f.appealsPart().detail.shown(), "Похожие") {
		t.Error("the card tells of look-alikes that are not there")
	}
	if a.words.Text != f.text.T("alike.none") || !a.dialog.yes.disabled {
		t.Errorf("%q is said, the button is off: %v", a.words.Text, a.dialog.yes.disabled)
	}
	f.picture("alike-none")
	press(f, fyne.KeyReturn) // has nothing to open
	press(f, fyne.KeyEscape)
	if f.dialog != nil {
		t.Error("Escape did not close the list")
	}
}

func TestFailedSearchForLookalikesIsTold(t *testing.T) {
	f := openWindow(t, fixed{store: withBurst(2)})
	f.until(func() bool { return f.appealsPart().detail.alike.known })
	f.store.mu.Lock()
	f.store.failing = errors.New("disk")
	f.store.mu.Unlock()
	f.appealsPart().detail.seekAlike(false)
	f.until(func() bool { return f.notice.object.Visible() })
}

func TestLookalikeIsOpened(t *testing.T) {
	f := openWindow(t, fixed{store: withBurst(3)})
	f.onCard("burst-0")
	f.openAlike(t)
	press(f, fyne.KeyDown)
	press(f, fyne.KeyReturn)
	f.onCard("burst-2")
	if f.dialog != nil {
		t.Error("the list is still open")
	}
}

func TestOpenedLookalikeStaysThoughTheListHasItNot(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) {
		s.appeals = burst(2)
		s.appeals[0].Apply(app.Event{ID: "c", Type: app.EventClosed, At: noon.Add(-30 * time.Hour), Outcome: app.OutcomeSolved})
	}})
	f.onCard("burst-1")
	s := f.appealsPart()
	f.until(func() bool { return strings.Contains(s.detail.shown(), f.text.T("alike.again")) })
	f.openAlike(t)
	f.picture("alike-again")
	press(f, fyne.KeyReturn)
	f.onCard("burst-0")
	for range 2 {
		loads := s.listSlot.generation
		s.Changed(app.Changed{Appeals: true})
		f.until(func() bool { return s.listSlot.generation > loads && s.listSlot.cancel != nil })
		f.settle()
	}
	f.onCard("burst-0")
	if strings.Contains(s.detail.shown(), f.text.T("alike.again")) {
		t.Error("the one that was solved is called a complaint about itself")
	}
}

func TestMarkedLookalikesAreMerged(t *testing.T) {
	f := openWindow(t, fixed{store: withBurst(4), roles: []app.Role{app.RoleCurator}})
	f.onCard("burst-0")
	press(f, fyne.KeyEnd)
	f.onCard("burst-3")
	a := f.openAlike(t)
	press(f, fyne.KeySpace)
	press(f, fyne.KeySpace)
	if !strings.Contains(a.said, "2026-200000") || a.dialog.yes.label != f.text.T("alike.merge_marked", 3) {
		t.Errorf("the list says %q, the button %q", a.said, a.dialog.yes.label)
	}
	f.picture("alike-marked")
	ctrl(f, fyne.KeyReturn)
	f.onCard("burst-0")
	for id, want := range map[string]string{"burst-0": "", "burst-1": "burst-0", "burst-2": "", "burst-3": "burst-0"} {
		if got, err := f.store.Appeal(id); err != nil || got.Parent != want || (want != "") != (got.Status == app.StatusMerged) {
			t.Errorf("%s is %s under %q, want %q", id, got.Status, got.Parent, want)
		}
	}
	if f.dialog != nil {
		t.Error("the list is still open")
	}
}

func TestWhatIsAtWorkIsNotMerged(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) {
		s.appeals = burst(3)
		for _, a := range s.appeals[:2] {
			a.Status = app.StatusInProgress
		}
	}, roles: []app.Role{app.RoleCurator}})
	f.onCard("burst-0")
	a := f.openAlike(t)
	if !strings.Contains(a.said, "2026-200001") || !a.dialog.yes.disabled {
		t.Errorf("two at work may be merged: %q", a.said)
	}
	press(f, fyne.KeyDown)
	if a.dialog.yes.disabled || !strings.Contains(a.said, "2026-200000") {
		t.Errorf("a new one may not be merged into one at work: %q", a.said)
	}
}

func TestWhoMayNotMergeIsToldWhy(t *testing.T) {
	f := openWindow(t, fixed{store: withBurst(2), roles: []app.Role{app.RoleExecutor}})
	f.onCard("burst-0")
	a := f.openAlike(t)
	if a.dialog.yes != nil || a.said != f.text.T("alike.no_merge") {
		t.Errorf("an executor is offered to merge: %q", a.said)
	}
	press(f, fyne.KeySpace)
	if len(a.marked) > 0 {
		t.Error("an executor marks what cannot be merged")
	}
}

func (f *fixture) openHotspots(t *testing.T) *hotspotsScreen {
	t.Helper()
	f.typed(&fyne.KeyEvent{Name: fyne.KeyF9})
	s, ok := f.screens[screenHotspots].(*hotspotsScreen)
	if !ok {
		t.Fatal("F9 opened no hot spots")
	}
	f.until(func() bool { return s.halt == nil })
	return s
}

func TestHotspotsLeadToTheirAppeals(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) { s.appeals = append(s.appeals, burst(5)...) }})
	s := f.openHotspots(t)
	if len(s.found.Spots) != 1 {
		t.Fatalf("%d hot spots", len(s.found.Spots))
	}
	if h := s.found.Spots[0]; h.Open != 5 || s.name(h) != "ул. Мира, 4" && s.name(h) != "Мира, 4" {
		t.Errorf("the hot spot is %q with %d", s.name(h), h.Open)
	}
	f.picture("hotspots")
	press(f, fyne.KeyReturn)
	part := f.appealsPart()
	f.until(func() bool { return part.loaded && part.found.Total == 5 })
	f.picture("hotspots-list")
	part.filter.items["spot/"+part.spotName].do()
	f.until(func() bool { return part.found.Total == len(f.store.appeals) })
}

func TestPeriodOfHotspots(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) { s.appeals = append(s.appeals, burst(5)...) }})
	s := f.openHotspots(t)
	s.periods[0].do()
	f.until(func() bool { return s.halt == nil })
	if s.days != 1 || len(s.found.Spots) != 0 || s.table.empty.Hidden {
		t.Errorf("of one day: %d hot spots", len(s.found.Spots))
	}
	if s.note.Text == "" {
		t.Error("nothing says that there is no link")
	}
	f.picture("hotspots-none")
}

func TestStoppedHotspotsSaySo(t *testing.T) {
	f := openWindow(t, fixed{store: withBurst(5)})
	s := f.openHotspots(t)
	s.found = &app.Hotspots{Open: 9000, Read: 4500, Since: noon}
	s.tell()
	if words := s.open.notes[0].words; !strings.Contains(words, "4") || words == f.text.T("hotspots.all_read") {
		t.Errorf("half of them were read, and the screen says %q", words)
	}
	f.picture("hotspots-stopped")
}

func TestHotspotsInTheDark(t *testing.T) {
	f := openWindow(t, fixed{theme: "dark", store: withBurst(6)})
	f.openHotspots(t)
	f.picture("hotspots-dark")
	f.typed(&fyne.KeyEvent{Name: fyne.KeyF2})
	s := f.appealsPart()
	f.until(func() bool { return s.loaded })
	press(f, fyne.KeyEnd)
	f.settle()
	f.openAlike(t)
	f.picture("alike-dark")
}
