package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"otklik/app"
)

// withPersonal gives the first appeal an author one can know.
func withPersonal(s *fakeStore) {
	a := s.appeals[0]
	a.Author, a.Contact, a.Place = "Житель Чебоксар", "https://vk.com/id7", "ул. Ленина, 14"
	a.Text = "Заделайте яму, звоните 8 917 000-11-22, Житель Чебоксар"
}

func TestCopyAsTextHidesWhoWrote(t *testing.T) {
	for _, theme := range []string{"light", "dark"} {
		f := openWindow(t, fixed{theme: theme, store: withPersonal})
		f.onCard("appeal-0")
		press(f, fyne.KeyF12)
		f.settle()
		f.picture("give-copy-" + theme)
		f.dialog.accept()
		f.until(func() bool { return f.dialog == nil })
		got := f.fyne.Clipboard().Content()
		for _, want := range []string{"№ 2026-118437", "Яма на перекрёстке", "г. Чебоксары, ул. Ленина, 14", "Срок ответа: 24.11.2026 10:36", "[скрыто]"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in %q", want, got)
			}
		}
		if strings.Contains(got, "Житель") || strings.Contains(got, "917") || strings.Contains(got, "id7") {
			t.Errorf("%q", got)
		}
		if len(f.store.disclosed) > 0 {
			t.Errorf("%v in the journal", f.store.disclosed)
		}
	}
}

func TestPersonalDataLeaveThroughTheJournal(t *testing.T) {
	f := openWindow(t, fixed{store: withPersonal})
	f.onCard("appeal-0")
	f.fyne.Clipboard().SetContent("прежнее")
	press(f, fyne.KeyF12)
	press(f, fyne.KeySpace)
	f.store.mu.Lock()
	f.store.failing = app.Fail(app.CodeDiskFull, "otklik.db")
	f.store.mu.Unlock()
	f.dialog.accept()
	f.until(func() bool { return f.dialog.problem.Visible() })
	if got := f.fyne.Clipboard().Content(); got != "прежнее" {
		t.Errorf("given out past the journal: %q", got)
	}
	f.store.mu.Lock()
	f.store.failing = nil
	f.store.mu.Unlock()
	f.dialog.accept()
	f.until(func() bool { return f.dialog == nil })
	got := f.fyne.Clipboard().Content()
	for _, want := range []string{"Автор: Житель Чебоксар", "Контакт: https://vk.com/id7", "8 917 000-11-22"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if !slices.Equal(f.store.disclosed, []string{"appeal-0 " + app.DisclosedCopy}) {
		t.Errorf("%v", f.store.disclosed)
	}
}

func TestSheetIsPrintedAsAsked(t *testing.T) {
	for _, c := range []struct{ history, personal bool }{{false, false}, {true, false}, {false, true}, {true, true}} {
		f := openWindow(t, fixed{store: withPersonal})
		f.onCard("appeal-0")
		ctrl(f, fyne.KeyP)
		f.picture("give-print")
		for _, on := range []bool{c.history, c.personal} {
			if on {
				press(f, fyne.KeySpace)
			} else {
				press(f, fyne.KeyDown)
			}
		}
		f.dialog.accept()
		f.until(func() bool { return f.dialog == nil })
		f.store.mu.Lock()
		page, journal := string(f.store.sheet), len(f.store.disclosed)
		f.store.mu.Unlock()
		if !strings.Contains(page, "№ 2026-118437") || !strings.Contains(page, "24.11.2026") {
			t.Fatalf("%+v: %s", c, page)
		}
		if got := strings.Contains(page, "Бригада выехала"); got != c.history {
			t.Errorf("%+v: the history is there: %v", c, got)
		}
		if got := strings.Contains(page, "Житель") || strings.Contains(page, "917"); got != c.personal || journal != map[bool]int{true: 1}[c.personal] {
			t.Errorf("%+v: personal data are there: %v, in the journal %d", c, got, journal)
		}
		for _, relative := range []string{"сегодня", "вчера"} {
			if strings.Contains(page, relative) {
				t.Errorf("paper says %q", relative)
			}
		}
	}
}

func TestDroppedFilesAreAttached(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	dir := t.TempDir()
	uri := func(name, content string) fyne.URI {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return storage.NewFileURI(path)
	}
	picture, page := uri("двор до ремонта.jpg", "\xFF\xD8\xFF\xE0"), uri("страница.html", "<html>")
	r := f.appealsPart().detail.reply
	f.dropped(fyne.Position{}, []fyne.URI{picture, picture})
	f.until(func() bool { return len(r.chosen()) == 1 })
	f.dropped(fyne.Position{}, []fyne.URI{page})
	f.until(func() bool { return f.notice.object.Visible() })
	if !strings.Contains(f.notice.words.Text, "страница.html") || len(r.chosen()) != 1 {
		t.Errorf("%q, %v", f.notice.words.Text, r.chosen())
	}
	f.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI(filepath.Join(dir, "нет такого.jpg"))})
	f.until(func() bool { return strings.Contains(f.notice.words.Text, "нет такого.jpg") })
	large := uri("запись.mp4", "x")
	if err := os.Truncate(filepath.Join(dir, "запись.mp4"), app.MaxFile+1); err != nil {
		t.Fatal(err)
	}
	f.dropped(fyne.Position{}, []fyne.URI{large})
	f.until(func() bool { return strings.Contains(f.notice.words.Text, "запись.mp4") })
	f.open(screenSettings)
	f.dropped(fyne.Position{}, []fyne.URI{picture})
	if f.notice.words.Text != f.text.T("drop.nowhere") {
		t.Errorf("%q", f.notice.words.Text)
	}
}

func TestFilesInAText(t *testing.T) {
	for text, want := range map[string]struct {
		paths   []string
		certain bool
	}{
		"file:///tmp/%D0%B4%D0%B2%D0%BE%D1%80.jpg\r\nfile:///tmp/b.png\r\n": {[]string{"/tmp/двор.jpg", "/tmp/b.png"}, true},
		"copy\nfile:///tmp/b.png": {[]string{"/tmp/b.png"}, true},
		"\"/tmp/b c.png\"":        {[]string{"/tmp/b c.png"}, true},
		" /tmp/b.png\n":           {[]string{"/tmp/b.png"}, false},
		"/tmp/b.png\n/tmp/c.png":  {nil, false},
		"file:///tmp/b.png и ещё": {nil, false},
		"Яму заделали /tmp/b.png": {nil, false},
		"file:///tmp/b.png\nЯму":  {nil, false},
		"":                        {nil, true},
	} {
		if paths, certain := filesIn(text); !slices.Equal(paths, want.paths) || len(paths) > 0 && certain != want.certain {
			t.Errorf("%q: %q, %v", text, paths, certain)
		}
	}
}

func TestPastedFilesAreAttachedAndTextIsPasted(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	path := filepath.Join(t.TempDir(), "двор.jpg")
	if err := os.WriteFile(path, []byte("\xFF\xD8\xFF\xE0"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := f.appealsPart().detail.reply
	press(f, fyne.KeyReturn)
	f.paste(storage.NewFileURI(path).String())
	f.until(func() bool { return len(r.chosen()) == 1 })
	if r.editor.Text != "" {
		t.Errorf("the address of the file is in the text: %q", r.editor.Text)
	}
	f.paste("Яму заделали.")
	f.paste("/нет/такого файла")
	f.until(func() bool { return r.editor.Text == "Яму заделали./нет/такого файла" })
	f.paste("")
	if f.notice.words.Text != f.text.T("paste.no_text") {
		t.Errorf("%q", f.notice.words.Text)
	}
}

const pastedTable = "Номер\tТекст\tМуниципалитет\n" +
	"А-1\t\"Яма у дома.\nГлубокая\"\tЧебоксары\n" +
	"А-2\tСвет\tМосква\n" +
	"А-3\tМусор\tг. Канаш\n"

func TestPastedTableBecomesAppeals(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	before := len(f.store.appeals)
	f.fyne.Clipboard().SetContent(pastedTable)
	press(f, fyne.KeyF11)
	f.until(func() bool { return f.dialog != nil && !f.dialog.yes.disabled })
	if !f.saidIn("Будет создано 2 обращения · пропущена 1 строка") {
		t.Error("the preview does not say what will happen")
	}
	f.picture("paste-table")
	f.dialog.accept()
	f.until(func() bool { return f.dialog == nil })
	f.store.mu.Lock()
	added := f.store.appeals[before:]
	f.store.mu.Unlock()
	if len(added) != 2 || added[0].Text != "Яма у дома.\nГлубокая" || added[0].Municipality != "г. Чебоксары" || added[1].External != "А-3" {
		t.Errorf("%+v", added)
	}
	press(f, fyne.KeyF11)
	f.until(func() bool { return f.dialog != nil && f.saidIn("пропущено 3 строки") })
	if !f.dialog.yes.disabled {
		t.Error("the same table makes appeals again")
	}
}

func TestTableWithoutHeadingsIsAskedAbout(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	f.fyne.Clipboard().SetContent("Яма на дороге у дома\tсрочно\nСвет не горит вечером\tне срочно\n")
	press(f, fyne.KeyF11)
	f.until(func() bool { return f.dialog != nil && !f.dialog.yes.disabled })
	var choices []*choice
	for _, o := range under(f.dialog.pop.Content) {
		if c, ok := o.(*choice); ok {
			choices = append(choices, c)
		}
	}
	if len(choices) != 4 || choices[0].value != "text" || choices[1].value != "" {
		t.Fatalf("%d choices", len(choices))
	}
	f.picture("paste-asked")
	choices[0].chosen("") // nobody says what the text is
	f.until(func() bool { return f.dialog.yes.disabled })
	choices[0].chosen("text")
	choices[1].chosen("title")
	f.until(func() bool { return !f.dialog.yes.disabled })
	f.dialog.accept()
	f.until(func() bool { return f.dialog == nil })
	f.until(func() bool {
		f.store.mu.Lock()
		defer f.store.mu.Unlock()
		return f.store.appeals[len(f.store.appeals)-1].Title == "не срочно"
	})
}

func TestWhatIsNoTableChangesNothing(t *testing.T) {
	for text, roles := range map[string][]app.Role{" ": nil, pastedTable: {app.RoleExecutor}, "date\tpage\tcount\n1\t2\t3\n": nil} {
		f := openWindow(t, fixed{roles: roles})
		f.onCard("appeal-0")
		before := len(f.store.appeals)
		f.fyne.Clipboard().SetContent(text)
		press(f, fyne.KeyF11)
		f.until(func() bool { return f.notice.object.Visible() })
		if f.dialog != nil || len(f.store.appeals) != before {
			t.Errorf("%q", text)
		}
	}
}
