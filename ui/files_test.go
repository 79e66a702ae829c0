package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"otklik/app"
)

// withFilesOf gives the first appeal a note with files in every state.
func withFilesOf(s *fakeStore) {
	var files []app.File
	for _, name := range []string{"Двор до ремонта.jpg", "Акт осмотра.pdf", "Ответ подрядчика.docx", "Видео с камеры.mp4", "Смета.xlsx"} {
		files = append(files, app.File{SHA256: name, Size: int64(len(files)*3+1) << 18, Type: "image/jpeg", Name: name})
	}
	files[3].Size = 40 << 20 // too large to come by itself
	a := s.appeals[0]
	a.Events = append(a.Events, app.Event{ID: "files", Type: app.EventNote, At: noon, By: "Оператор 2", Text: "Снимки с выезда", Files: files})
	s.files = map[string]bool{files[0].SHA256: true}
	s.unsent = map[string]bool{files[1].SHA256: true, files[2].SHA256: true}
}

func (f *fixture) chips() (words []string) {
	for _, file := range f.appealsPart().detail.card.Files {
		w, _ := fileWords(f.Window, file)
		words = append(words, w)
	}
	return words
}

func TestCardShowsFiles(t *testing.T) {
	for _, theme := range []string{"light", "dark"} {
		f := openWindow(t, fixed{theme: theme, store: withFilesOf})
		f.onCard("appeal-0")
		f.exchange.mu.Lock()
		asked := slices.Clone(f.exchange.fetched)
		f.exchange.transfers = map[string]app.Transfer{
			"Ответ подрядчика.docx": {Done: 700 << 10}, "Смета.xlsx": {Fetching: true, Reason: app.CodeAttachAway},
		}
		f.exchange.mu.Unlock()
		if len(asked) != 1 || asked[0].Name != "Смета.xlsx" {
			t.Errorf("asked for %v", asked)
		}
		d := f.appealsPart().detail
		f.store.commit(app.Changed{Exchange: true})
		f.until(func() bool { return strings.Contains(strings.Join(f.chips(), "\n"), "отправляется") })
		want := []string{
			"Двор до ремонта.jpg · 256 КБ", "Акт осмотра.pdf · 1,0 МБ · ждёт отправки", "Ответ подрядчика.docx · 1,8 МБ · отправляется, 39 %",
			"Видео с камеры.mp4 · 40 МБ · на сервере", "Смета.xlsx · 3,2 МБ · не получен: на сервере его пока нет",
		}
		if got := f.chips(); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		f.settle()
		f.picture("files-" + theme)
		// One that is not here is asked for.
		d.fileMenu(d.card.Files[3], fyne.NewPos(100, 100))
		press(f, fyne.KeyDown)
		press(f, fyne.KeyReturn)
		f.until(func() bool {
			f.exchange.mu.Lock()
			defer f.exchange.mu.Unlock()
			return len(f.exchange.fetched) > len(asked)
		})
	}
}

func TestFileIsSaved(t *testing.T) {
	f := openWindow(t, fixed{store: withFilesOf})
	f.onCard("appeal-0")
	f.folder = t.TempDir()
	file := f.appealsPart().detail.card.Files[0].File
	to := filepath.Join(f.folder, file.Name)
	f.saveFile(file)
	f.dialog.accept()
	f.until(func() bool { return f.dialog == nil })
	if info, err := os.Stat(to); err != nil || info.Size() != file.Size {
		t.Error(err)
	}
	// What is there already stays as it is.
	f.saveFile(file)
	d := f.dialog
	d.accept()
	f.until(func() bool { return d.problem.Visible() })
	if f.dialog != d || !strings.Contains(d.problem.Text, "уже есть") {
		t.Errorf("%q", d.problem.Text)
	}
}

// TestFileGoesWithANote: chosen with a key, named on the button, taken away and
// chosen again, sent without a word of text.
func TestFileGoesWithANote(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	f.folder = t.TempDir()
	for name, content := range map[string]string{"двор.jpg": "\xFF\xD8\xFF\xE0", "страница.txt": "<html>"} {
		if err := os.WriteFile(filepath.Join(f.folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := f.appealsPart().detail.reply
	r.choose(tabNote)
	take := func(row int) {
		t.Helper()
		l, ok := f.win.Canvas().Focused().(*list)
		if !ok {
			t.Fatal("the list of files does not have the keyboard")
		}
		f.until(func() bool { return l.count == 3 }) // the folder above and two files
		for range row {
			press(f, fyne.KeyDown)
		}
		press(f, fyne.KeyReturn)
	}
	ctrl(f, fyne.KeyO)
	take(2) // a page that calls itself a text
	f.until(func() bool { return f.notice.object.Visible() })
	if !strings.Contains(f.notice.words.Text, "страница.txt") || len(r.chosen()) != 0 {
		t.Errorf("%q, %v", f.notice.words.Text, r.chosen())
	}
	ctrl(f, fyne.KeyO)
	take(1)
	f.until(func() bool { return len(r.chosen()) == 1 })
	if r.clipWords() != "Файлы: 1" {
		t.Error(r.clipWords())
	}
	f.settle()
	f.picture("files-attached")
	r.choose(tabAnswer)
	if len(r.chosen()) != 0 {
		t.Error("the file went over to the answer")
	}
	r.choose(tabNote)
	ctrl(f, fyne.KeyO)
	press(f, fyne.KeyDown)
	press(f, fyne.KeyDown) // past «Приложить ещё»
	press(f, fyne.KeyReturn)
	f.until(func() bool { return len(r.chosen()) == 0 })
	ctrl(f, fyne.KeyO)
	take(1)
	f.until(func() bool { return len(r.chosen()) == 1 })
	f.appealsPart().send()
	f.until(func() bool {
		c := f.appealsPart().detail.card
		return c != nil && len(c.Files) == 1
	})
	if len(r.chosen()) != 0 || f.appealsPart().detail.card.Files[0].Name != "двор.jpg" {
		t.Errorf("%v", r.chosen())
	}
}
