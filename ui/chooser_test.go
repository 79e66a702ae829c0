package ui

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
)

func TestFileIsChosenByKeys(t *testing.T) {
	folder := t.TempDir()
	inner := filepath.Join(folder, "выгрузка")
	if err := os.Mkdir(inner, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b.csv", "a.XLSX", "заметки.txt", ".hidden.csv"} {
		if err := os.WriteFile(filepath.Join(inner, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f := openWindow(t, fixed{})
	f.folder = folder
	var got string
	f.chooseFile("Открыть", "", spreadsheets, func(path string) { got = path })
	c, ok := f.win.Canvas().Focused().(*list)
	if !ok {
		t.Fatal("the list of files does not have the keyboard")
	}
	f.until(func() bool { return c.count == 2 }) // the folder above and the one inside
	press(f, fyne.KeyDown)
	press(f, fyne.KeyReturn)
	f.until(func() bool { return c.count == 3 }) // above, a.XLSX, b.csv
	press(f, fyne.KeyDown)
	press(f, fyne.KeyReturn)
	f.until(func() bool { return got != "" })
	if got != filepath.Join(inner, "a.XLSX") || f.dialog != nil {
		t.Errorf("took %q", got)
	}
}

func TestPathThatIsNotThereIsSaid(t *testing.T) {
	f := openWindow(t, fixed{})
	f.folder = t.TempDir()
	c := f.chooseFile("Открыть", "", spreadsheets, func(string) { t.Error("took a file that is not there") })
	f.until(func() bool { return c.list.count == 1 })
	c.path.SetText(filepath.Join(f.folder, "нет такого.csv"))
	c.dialog.accept()
	f.until(func() bool { return c.dialog.problem.Visible() })
	if f.dialog != c.dialog {
		t.Error("the question went away")
	}
}
