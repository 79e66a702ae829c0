package ui

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

// fakeCarrier keeps what it was asked for.
type fakeCarrier struct {
	mu     sync.Mutex
	paths  []string
	codes  []string
	reject error
	joined func()
}

func (c *fakeCarrier) Unsent() (int, error) { return 7, nil }

func (c *fakeCarrier) Export(path string) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paths = append(c.paths, path)
	return 7, c.reject
}

func (c *fakeCarrier) Enrol(code string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.codes = append(c.codes, code)
	if c.reject == nil {
		c.joined()
	}
	return c.reject
}

// shown gives all words on the window.
func (f *fixture) shown() string {
	var words []string
	for _, o := range test.LaidOutObjects(f.win.Content()) {
		if text, ok := o.(*canvas.Text); ok && text.Visible() {
			words = append(words, text.Text)
		}
	}
	return strings.Join(words, "\n")
}

func (f *fixture) find(label string) *button {
	for _, o := range test.LaidOutObjects(f.win.Content()) {
		if b, ok := o.(*button); ok && b.label == label {
			return b
		}
	}
	f.t.Fatalf("no button %q", label)
	return nil
}

// TestRevokedWindow shows nothing of appeals, whatever is pressed, and opens again
// with a new code.
func TestRevokedWindow(t *testing.T) {
	c := &fakeCarrier{}
	f := openWindow(t, fixed{lang: "ru", carrier: c})
	c.joined = f.desk.Unlock
	f.desk.Lock()
	f.until(func() bool {
		return f.shut == app.CodeRevoked && strings.Contains(f.shown(), "7 действий не отправлено")
	})
	f.menuAll()
	for _, key := range []fyne.KeyName{fyne.KeyF2, fyne.KeyF6, fyne.KeyF5, fyne.KeyDown, fyne.KeyEscape} {
		f.typed(&fyne.KeyEvent{Name: key})
	}
	f.settle()
	if len(f.screens) > 0 || strings.Contains(f.shown(), f.store.appeals[0].Heading()) || !strings.Contains(f.shown(), "отозван") {
		t.Errorf("it shows\n%s", f.shown())
	}
	if f.notice.object.Visible() {
		t.Errorf("beside the screen it says %q", f.notice.words.Text)
	}

	c.reject = app.Fail(app.CodeEnrolCode)
	code := f.win.Canvas().Focused().(*entry)
	code.SetText("AAAA-BBBB-CCCC")
	f.find("Подключить заново").do()
	f.until(func() bool {
		return strings.Contains(f.labels(), "Код подключения не подходит")
	})
	c.reject = nil
	f.find("Подключить заново").do()
	f.until(func() bool { return f.shut == "" && len(f.screens) == 1 })
	if strings.Join(c.codes, " ") != "AAAA-BBBB-CCCC AAAA-BBBB-CCCC" {
		t.Errorf("codes %q", c.codes)
	}
}

// TestExportAsksWhere: under a name that says nothing of the content, with a
// warning in words.
func TestExportAsksWhere(t *testing.T) {
	c := &fakeCarrier{}
	f := openWindow(t, fixed{lang: "ru", store: drawnExchange, carrier: c})
	f.setState(syncing)
	f.open(screenExchange)
	s := f.screens[screenExchange].(*exchangeScreen)
	f.until(func() bool { return len(s.entries) > 0 })
	f.folder = t.TempDir()
	s.export.do()
	f.dialog.accept()
	f.until(func() bool { return f.dialog == nil })
	if len(c.paths) != 1 || filepath.Base(c.paths[0]) != "otklik-outbox-20261124-114800.jsonl" || f.notice.words.Text != "Выгружено 7 действий: otklik-outbox-20261124-114800.jsonl" {
		t.Errorf("%q, said %q", c.paths, f.notice.words.Text)
	}
	c.reject = app.Fail(app.CodeFileExists, "x")
	s.export.do()
	f.dialog.accept()
	f.until(func() bool { return f.dialog.problem.Visible() })
	f.dialog.close()
	f.setState(app.ExchangeState{Link: app.LinkOnline})
	f.desk.Tell(app.Changed{Exchange: true})
	f.until(func() bool { return s.export.disabled })
}

func (f *fixture) labels() string {
	var words []string
	for _, o := range test.LaidOutObjects(f.win.Content()) {
		if l, ok := o.(*widget.Label); ok && l.Visible() {
			words = append(words, l.Text)
		}
	}
	return strings.Join(words, "\n")
}

// menuAll runs every command of the menu but the one that leaves.
func (f *fixture) menuAll() {
	for _, g := range menuGroups() {
		for _, c := range g.commands {
			if c.name != "" && c.name != "menu.quit" {
				f.run(c)
			}
		}
	}
}
