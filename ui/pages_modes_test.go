package ui

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"otklik/app"
)

// openMode opens one of the ways of looking, by its place.
func (s *pagesScreen) openMode(f *fixture, i int) {
	test.Tap(s.modes[i].tab)
	f.settle()
}

func rowWords(t *table, row int) []string {
	cells := make([]cell, len(t.columns))
	t.fill(row, cells)
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = c.words
	}
	return out
}

// tableOfMode gives the table a list belongs to.
func tableOfMode(t *testing.T, m *pagesMode) *table {
	t.Helper()
	for _, o := range test.LaidOutObjects(m.object) {
		if found, is := o.(*table); is && found.list == m.list {
			return found
		}
	}
	t.Fatal("no table in this way of looking")
	return nil
}

func TestRequirementsShowTheWorstFirstWithTheFix(t *testing.T) {
	f, s := openPages(t)
	f.store.mu.Lock()
	none := 0
	f.store.pages[5].PostsWeek, f.store.pages[5].Looked = &none, []string{app.MarkState, app.MarkGospubliki, app.MarkOpinion, app.MarkProblem, app.MarkAvatar, app.MarkCover, app.MarkDescription}
	f.store.mu.Unlock()
	s.openMode(f, 1)
	table := tableOfMode(t, s.modes[1])
	first := rowWords(table, 0)
	if first[1] != "МЧС Чувашии" || first[3] != "0–10 плохо" || !strings.HasPrefix(first[4], "Постов за 7 дней: 0, нужно не менее 3. Публикуйте") || first[5] != "+6" {
		t.Errorf("%q", first)
	}
	if last := rowWords(table, 17); last[3] != "не ведётся" || !strings.Contains(last[4], "решение учредителя") {
		t.Errorf("%q", last)
	}
	table.list.selectRow(0)
	f.settle()
	if s.card.row.Name != "МЧС Чувашии" || len(s.card.row.Parts) != 8 {
		t.Errorf("the card shows %q", s.card.row.Name)
	}
	s.zone.chosen(string(app.ZonePoor))
	f.settle()
	if n := table.list.count; n != 1 {
		t.Errorf("%d poor pages", n)
	}
}

func TestLeadersAndLosers(t *testing.T) {
	f, s := openPages(t)
	s.openMode(f, 2)
	table := tableOfMode(t, s.modes[2])
	if first := rowWords(table, 0); first[1] != "ЦУР Чувашии" || first[5] == "—" || first[6] == "—" {
		t.Errorf("%q", first)
	}
}

func TestTwinsStandTogether(t *testing.T) {
	f, s := openPages(t)
	f.store.mu.Lock()
	f.store.pages[7].Network, f.store.pages[7].Link = app.SourceVK, "http://m.vk.com/page1/"
	f.store.mu.Unlock()
	s.openMode(f, 3)
	table := tableOfMode(t, s.modes[3])
	if table.list.count != 2 {
		t.Fatalf("%d rows", table.list.count)
	}
	first, second := rowWords(table, 0), rowWords(table, 1)
	if first[0] != "1" || first[6] != "адрес · название" || second[0] != "" || second[4] != "m.vk.com/page1" {
		t.Errorf("%q %q", first, second)
	}
}

func TestLettersNameThePagesAndTheFixes(t *testing.T) {
	f, s := openPages(t)
	f.store.mu.Lock()
	none := 1
	f.store.pages[5].PostsWeek = &none
	f.store.mu.Unlock()
	letters, err := f.desk.Letters(app.PageQuery{Words: "мчс"})
	if err != nil || len(letters) != 1 {
		t.Fatal(letters, err)
	}
	got := s.letters(letters)
	for _, want := range []string{
		"Территориальный орган", "24.11.2026", "1. МЧС Чувашии · https://vk.com/page5 · баллов 0–60 из 100",
		"– Постов за 7 дней: 1, нужно не менее 3. Публикуйте не менее трёх записей за семь дней.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestPagesAreExportedAsTheyAreAskedFor(t *testing.T) {
	f, s := openPages(t)
	s.query.Network = app.SourceOK
	s.askExport()
	f.until(func() bool { return f.dialog != nil })
	to := filepath.Join(t.TempDir(), "паблики.csv")
	f.win.Canvas().Focused().(*entry).SetText(to)
	f.dialog.accept()
	f.until(func() bool { return f.dialog == nil })
	raw, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\r\n")
	if len(lines) != 4 || !strings.Contains(lines[1], "Чувашия. Официально;https://vk.com/page3;Правительство") {
		t.Errorf("%q", lines)
	}
	// What is not known is an empty cell, not a zero.
	if cells := strings.Split(lines[1], ";"); cells[13] != "" || cells[15] != "0" || cells[16] != "100" {
		t.Errorf("%q", cells)
	}
}

func TestViewsOfPages(t *testing.T) {
	f, s := openPages(t)
	s.search.SetText("округ")
	s.zone.chosen(string(app.ZoneOpen))
	f.settle()
	s.saveView()
	f.win.Canvas().Focused().(*entry).SetText("Округа")
	f.dialog.accept()
	f.until(func() bool { return f.dialog == nil })
	views, err := f.desk.PageViews()
	if err != nil || len(views) != 1 || views[0].Query.Words != "округ" || views[0].Query.Zone != app.ZoneOpen {
		t.Fatal(views, err)
	}
	s.clear()
	f.until(func() bool { return len(s.rows) == 18 })
	s.ask(views[0].Query)
	f.until(func() bool { return len(s.rows) == 3 })
	if s.search.Text != "округ" || s.zone.value != string(app.ZoneOpen) {
		t.Errorf("%q, %q", s.search.Text, s.zone.value)
	}
}

// slowSites know one page; the others keep silent until the round is stopped.
type slowSites struct{}

func (slowSites) Open(ctx context.Context, link string) (app.LinkCheck, error) {
	if strings.HasSuffix(link, "page4") || strings.HasSuffix(link, "minzdrav21") {
		return app.LinkCheck{State: app.LinkGone, Code: 404}, nil
	}
	<-ctx.Done()
	return app.LinkCheck{}, ctx.Err()
}

func TestARoundOfLinksIsStopped(t *testing.T) {
	f := openWindow(t, fixed{lang: "ru", store: drawnPages, opener: slowSites{}})
	f.open(screenPages)
	s := f.screens[screenPages].(*pagesScreen)
	s.search.SetText("минздрав")
	f.until(func() bool { return len(s.rows) == 1 })
	s.search.SetText("")
	f.until(func() bool { return len(s.rows) == 18 })
	s.openMode(f, 4)
	table := tableOfMode(t, s.modes[4])
	if table.list.count != 17 {
		t.Fatalf("%d links", table.list.count)
	}
	check := s.modes[4].tools[1].(*button)
	test.Tap(check)
	f.dialog.accept()
	test.Tap(check) // stops it
	f.until(func() bool { return check.label == "Проверить ссылки" })
	// Nothing goes out that nobody has asked for.
	s.search.SetText("минздрав")
	f.until(func() bool { return table.list.count == 1 })
	test.Tap(check)
	f.dialog.accept()
	f.until(func() bool { return rowWords(table, 0)[3] == "страницы нет" })
	if got := rowWords(table, 0); got[4] != "сайт ответил кодом 404" || got[5] != "24.11.2026" {
		t.Errorf("%q", got)
	}
}

func TestPagesAreAddedOnce(t *testing.T) {
	f, _ := openPages(t)
	for link, code := range map[string]app.Code{"http://m.vk.com/page3/": app.CodePageKnown, "нет": app.CodePageLink, "https://vk.com": app.CodePageLink} {
		if err := f.desk.AddPage(app.Page{Name: "Новый", Link: link}); app.CodeOf(err) != code {
			t.Errorf("%s: %v", link, err)
		}
	}
	if err := f.desk.AddPage(app.Page{Link: "t.me/new"}); app.CodeOf(err) != app.CodeNeedsField {
		t.Errorf("%v", err)
	}
	f.desk.SetMe(app.Identity{Name: "Руководитель", Roles: []app.Role{app.RoleManager}})
	if err := f.desk.AddPage(app.Page{Name: "Новый", Link: "t.me/new"}); app.CodeOf(err) != app.CodeWrongRole {
		t.Errorf("%v", err)
	}
}
