package ui

import (
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"otklik/app"
)

// fakeKeys keeps one passphrase.
type fakeKeys struct {
	mu         sync.Mutex
	passphrase string
	wiped      bool
}

func (k *fakeKeys) HasPassphrase() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.passphrase != ""
}

func (k *fakeKeys) TryPassphrase(p string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if p != k.passphrase {
		return app.Fail(app.CodeWrongPassphrase)
	}
	return nil
}

func (k *fakeKeys) ChangePassphrase(old, new string) error {
	if err := k.TryPassphrase(old); err != nil {
		return err
	}
	if new != "" && len([]rune(new)) < app.PassphraseLen {
		return app.Fail(app.CodeShortPassphrase, app.PassphraseLen)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.passphrase = new
	return nil
}

func (k *fakeKeys) Wipe() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.wiped = true
	return nil
}

// secrets gives the entries of the window or the open dialog whose letters are
// not shown.
func (f *fixture) secrets() (out []*entry) {
	over := f.win.Content()
	if f.dialog != nil {
		over = f.dialog.pop
	}
	for _, o := range test.LaidOutObjects(over) {
		if e, ok := o.(*entry); ok && e.Password {
			out = append(out, e)
		}
	}
	return out
}

// TestLockedByItsPerson: Ctrl+L asks for a passphrase the first time, and from
// then on shows nothing of appeals until it is typed.
func TestLockedByItsPerson(t *testing.T) {
	keys := &fakeKeys{}
	f := openWindow(t, fixed{lang: "ru", keys: keys})
	f.leave()
	first := f.secrets()
	if f.dialog == nil || len(first) != 2 {
		t.Fatalf("%d fields without a passphrase", len(first))
	}
	first[0].SetText("пароль оператора")
	first[1].SetText("пароль оператора!")
	f.dialog.accept()
	if !f.dialog.problem.Visible() {
		t.Error("two different ones are taken")
	}
	first[1].SetText("пароль оператора")
	f.dialog.accept()
	f.until(func() bool { return f.dialog == nil })
	f.leave()
	f.until(func() bool { return f.shut == app.CodeAway })
	f.menuAll()
	for _, key := range []fyne.KeyName{fyne.KeyF2, fyne.KeyF6, fyne.KeyDown, fyne.KeyEscape} {
		f.typed(&fyne.KeyEvent{Name: key})
	}
	f.settle()
	if f.dialog != nil || len(f.screens) > 0 || strings.Contains(f.shown(), f.store.appeals[0].Heading()) {
		t.Errorf("it shows\n%s", f.shown())
	}
	if _, err := f.desk.Find(app.Query{}); app.CodeOf(err) != app.CodeAway {
		t.Errorf("appeals are given away: %v", err)
	}
	f.secrets()[0].SetText("не тот")
	f.find("Открыть").do()
	f.until(func() bool { return strings.Contains(f.labels(), "Пароль не подходит") })
	f.secrets()[0].SetText("пароль оператора")
	f.find("Открыть").do()
	f.until(func() bool { return f.shut == "" && len(f.screens) == 1 })
}

// TestNobodyIsHere: the window shuts by itself, and not while somebody works.
func TestNobodyIsHere(t *testing.T) {
	f := openWindow(t, fixed{lang: "ru", keys: &fakeKeys{passphrase: "пароль оператора"}})
	f.touched = f.desk.Now().Add(-9 * time.Minute)
	f.leaveIdle()
	if f.desk.Shut() != "" {
		t.Error("shut after nine minutes")
	}
	f.touched = f.desk.Now().Add(-10 * time.Minute)
	f.typed(&fyne.KeyEvent{Name: fyne.KeyDown})
	f.leaveIdle()
	if f.desk.Shut() != "" {
		t.Error("shut while somebody types")
	}
	f.setIdle("0")
	f.touched = f.desk.Now().Add(-time.Hour)
	f.leaveIdle()
	if f.desk.Shut() != "" {
		t.Error("shut though it never should")
	}
	f.setIdle("5")
	f.leaveIdle()
	if f.desk.Shut() != app.CodeAway {
		t.Error("open though nobody is here")
	}
}

func TestWipeAsksForAWord(t *testing.T) {
	keys := &fakeKeys{}
	f := openWindow(t, fixed{lang: "ru", keys: keys, carrier: &fakeCarrier{}})
	f.wipe()
	f.until(func() bool { return f.dialog != nil })
	f.dialog.accept()
	if !f.dialog.problem.Visible() || keys.wiped {
		t.Error("wiped without the word")
	}
	for _, o := range test.LaidOutObjects(f.dialog.pop) {
		if e, ok := o.(*entry); ok {
			e.SetText("Стереть")
		}
	}
	f.dialog.accept()
	f.until(func() bool { return f.closed })
	if !keys.wiped {
		t.Error("closed and not wiped")
	}
}
