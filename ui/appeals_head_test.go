package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"otklik/app"
)

func TestOrderIsChosenAndRemembered(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	before := slices.Clone(s.found.Records)
	if s.head.order.words.Text != "По порядку очереди" || s.head.count.Text != f.text.N("appeals.found", len(before)) {
		t.Errorf("above the list: %q, %q", s.head.count.Text, s.head.order.words.Text)
	}
	test.Tap(s.head.order)
	press(f, fyne.KeyEnd)
	press(f, fyne.KeyReturn)
	slices.Reverse(before)
	f.until(func() bool { return slices.Equal(s.found.Records, before) })
	if s.head.order.words.Text != "Сначала новые" {
		t.Errorf("the order is called %q", s.head.order.words.Text)
	}
	f.until(func() bool {
		v, err := f.store.Setting(settingOrder)
		return err == nil && v == string(app.OrderNewest)
	})
	f.rebuild()
	f.until(func() bool { return f.appealsPart().loaded })
	if q := f.appealsPart().query; q.Order != app.OrderNewest {
		t.Errorf("after a rebuild the order is %q", q.Order)
	}
}

func TestSearchThatIsNotReadySaysSo(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) { s.unindexed = len(s.appeals) / 2 }})
	f.onCard("appeal-0")
	s := f.appealsPart()
	if s.head.count.Text != "Поиск готовится: 56\u00a0%" {
		t.Errorf("above the list: %q", s.head.count.Text)
	}
	f.store.mu.Lock()
	f.store.unindexed = 0
	f.store.mu.Unlock()
	f.desk.Tell(app.Changed{Index: true})
	f.until(func() bool { return s.head.count.Text == f.text.N("appeals.found", s.found.Total) })
}

func TestRareFacetsAreOneLineUntilTheyAreAskedFor(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	s := f.appealsPart()
	if _, there := s.filter.items["appeals.assignee/"]; there {
		t.Error("people are shown unasked")
	}
	test.Tap(s.filter.items["appeals.assignee/show"])
	nobody := s.filter.items["appeals.assignee/"]
	if nobody == nil || nobody.full != "не назначен" {
		t.Fatalf("appeals without a person: %+v", nobody)
	}
	test.Tap(nobody)
	f.until(func() bool {
		for _, n := range s.found.Records {
			if f.store.appeals[n].Assignee != "" {
				return false
			}
		}
		return s.narrowing() && len(s.found.Records) > 0
	})
	if _, there := s.filter.items["appeals.subtopic/Ямы и выбоины"]; there {
		t.Error("topics are shown without a group")
	}
}
