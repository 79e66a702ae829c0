package ui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"otklik/app"
)

// openPages shows the Pages screen over the pages of the drawing.
func openPages(t *testing.T) (*fixture, *pagesScreen) {
	t.Helper()
	f := openWindow(t, fixed{lang: "ru", store: drawnPages})
	f.open(screenPages)
	s := f.screens[screenPages].(*pagesScreen)
	f.until(func() bool { return len(s.rows) > 0 })
	return f, s
}

// cells gives the cells of a row.
func cells(s *pagesScreen, i int) []cell {
	c := make([]cell, len(s.table.columns))
	s.fill(i, c)
	return c
}

func TestPagesAreListedByCount(t *testing.T) {
	f, s := openPages(t)
	if len(s.rows) != 18 || s.rows[0].Name != "Чувашия. Официально" {
		t.Fatalf("%d rows, the first %q", len(s.rows), s.rows[0].Name)
	}
	first := cells(s, 0)
	if first[3].words != "184\u00a0203" || first[5].ink != f.pal.green || first[7].words != "сегодня" {
		t.Errorf("first row: %+v", first)
	}
	if red := cells(s, 2); red[5].ink != f.pal.red {
		t.Errorf("a fall is %v", red[5].ink)
	}
	// Nine days without a post are a warning.
	if old := cells(s, 5); old[7].words != "9 дней" || old[7].ink != f.pal.red {
		t.Errorf("an old post: %+v", old[7])
	}
	// What was not counted is a dash, not a zero.
	for _, col := range []int{3, 4, 5, 7} {
		if none := cells(s, 17); none[col].words != "—" {
			t.Errorf("column %d of a page without counts: %q", col, none[col].words)
		}
	}
}

func TestPagesSortAndKeepTheSelection(t *testing.T) {
	f, s := openPages(t)
	s.table.list.selectRow(4)
	if s.card.row.Name != "Минздрав Чувашии" {
		t.Fatalf("the card shows %q", s.card.row.Name)
	}
	test.Tap(s.table.heads[1])
	f.until(func() bool { return s.rows[0].Name == "Администрация г. Чебоксары" })
	if at := s.table.list.selected; s.rows[at].Name != "Минздрав Чувашии" || s.card.row.Name != "Минздрав Чувашии" {
		t.Errorf("the selection jumped to %q", s.rows[at].Name)
	}
	if s.table.heads[1].mark.Angle != angle(true) {
		t.Error("А at the top, but the mark points down")
	}
	test.Tap(s.table.heads[1])
	f.until(func() bool { return s.rows[0].Name == "Ядринский округ" })
}

func TestPagesNarrow(t *testing.T) {
	f, s := openPages(t)
	if len(s.network.options) != 5 || len(s.municipality.options) != 3 {
		t.Fatalf("choices: %v, %v", s.network.options, s.municipality.options)
	}
	s.network.chosen(string(app.SourceOK))
	f.until(func() bool { return len(s.rows) == 3 })
	s.search.SetText("нет такого")
	f.until(func() bool { return len(s.rows) == 0 })
	if s.table.clear.Hidden || s.card.none.Hidden {
		t.Fatal("an empty list offers no way out")
	}
	test.Tap(s.table.clear)
	f.until(func() bool { return len(s.rows) == 18 })
	if s.search.Text != "" {
		t.Error("the words are still there")
	}
}

func TestPagesGoByKeyboard(t *testing.T) {
	f, s := openPages(t)
	f.settle()
	for _, step := range []struct {
		key  fyne.KeyName
		want int
	}{{fyne.KeyDown, 1}, {fyne.KeyEnd, 17}, {fyne.KeyPageUp, max(0, 17-s.table.list.page())}, {fyne.KeyHome, 0}, {fyne.KeyUp, 0}} {
		f.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: step.key})
		if s.table.list.selected != step.want {
			t.Errorf("%s leads to %d, want %d", step.key, s.table.list.selected, step.want)
		}
	}
	s.Find()
	if f.win.Canvas().Focused() != fyne.Focusable(s.search) {
		t.Fatal("Ctrl+F does not lead to the search line")
	}
	s.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if f.win.Canvas().Focused() != fyne.Focusable(s.table.list) {
		t.Error("the down key does not lead back")
	}
}

func TestPageCardLeadsToItsAppeals(t *testing.T) {
	f, s := openPages(t)
	f.store.mu.Lock()
	f.store.appeals[2].Page = "page-4"
	f.store.mu.Unlock()
	s.table.list.selectRow(4)
	f.until(func() bool { return s.card.appeals.label == "Обращения (1)" })
	test.Tap(s.card.appeals)
	a := f.appealsPart()
	f.until(func() bool { return a.loaded && len(a.found.Records) == 1 })
	if f.current != screenAppeals || a.query.Page != "page-4" || !a.narrowing() {
		t.Errorf("at %s with %+v", f.current, a.query)
	}
	test.Tap(a.filter.items["page/page-4"])
	f.until(func() bool { return len(a.found.Records) > 1 })
}

func TestPageCardPeriods(t *testing.T) {
	f, s := openPages(t)
	f.settle()
	test.Tap(s.card.periods[3])
	var on []int
	for i, p := range s.card.periods {
		if p.on {
			on = append(on, i)
		}
	}
	if !slices.Equal(on, []int{3}) || s.card.chosen != 3 {
		t.Errorf("chosen %v", on)
	}
	f.until(func() bool { return len(s.card.series.Values) == 365 })
}

func TestOnlyAddressesOfTheWebAreOpened(t *testing.T) {
	for link, want := range map[string]string{
		"https://vk.com/page": "https://vk.com/page", "vk.com/page": "https://vk.com/page", "http://ok.ru/x": "http://ok.ru/x",
		"file:///etc/passwd": "", "javascript://alert": "", "https://": "", "smb://host/share": "",
	} {
		u, err := address(link)
		if (err == nil) != (want != "") || err == nil && u.String() != want {
			t.Errorf("%q gives %v, %v", link, u, err)
		}
	}
}

func TestPostAges(t *testing.T) {
	f, s := openPages(t)
	// Midnight in the region is what parts the days: 00:30 there is 21:30 UTC.
	s.now = f.here(time.Date(2026, 11, 23, 21, 30, 0, 0, time.UTC))
	if words, _ := s.post(s.now.Add(-time.Hour)); words != "вчера" {
		t.Errorf("an hour before is %q", words)
	}
	if words, _ := s.post(s.now.AddDate(0, 0, -21)); words != "21 день" {
		t.Errorf("three weeks before is %q", words)
	}
}
