package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"otklik/app"
	"otklik/assets"
)

// TestFirstPage goes through the three ways by the keyboard.
func TestFirstPage(t *testing.T) {
	for _, lang := range assets.Languages {
		t.Run(lang, func(t *testing.T) {
			texts := assets.Load(lang)
			queue := make(chan func(), 16)
			var said []string
			var chosen string
			f := NewFirst(test.NewTempApp(t), FirstOptions{
				Language: "ru", Theme: "light", Region: "Чувашская Республика",
				Sample: func() error { return nil },
				Local:  func() error { return nil },
				Join: func(server, code, ca string) error {
					said = []string{server, code, ca}
					return app.Fail(app.CodeEnrolCode)
				},
				Chosen: func(language string) { chosen = language },
			})
			f.w.live.schedule = func(do func()) { queue <- do }
			for _, o := range test.LaidOutObjects(f.w.win.Content()) {
				if b, ok := o.(*toggle); ok && b.words.Text == texts.T("language."+lang) {
					b.activate()
				}
			}
			press := func(label string) {
				t.Helper()
				for _, o := range test.LaidOutObjects(f.w.win.Content()) {
					if b, ok := o.(*button); ok && strings.HasPrefix(b.label, label) {
						b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
						return
					}
				}
				t.Fatalf("no %q", label)
			}
			if b, ok := f.w.win.Canvas().Focused().(*button); !ok || b.label != texts.T("first.sample") {
				t.Error("Enter does not open the sample region")
			}
			press(texts.T("first.join"))
			fields := []string{"central.example", "ABCD-EFGH", "/ca.pem"}
			for _, words := range fields {
				test.Type(f.w.win.Canvas().Focused(), words)
				f.w.win.Canvas().FocusNext()
			}
			press(texts.T("join.yes"))
			(<-queue)()
			if strings.Join(said, " ") != strings.Join(fields, " ") {
				t.Errorf("%q were asked for", said)
			}
			wrong := strings.Join(wordsOf(f.w.win.Content()), "\n")
			if !strings.Contains(wrong, texts.Sentence(app.Fail(app.CodeEnrolCode))) {
				t.Errorf("it does not say what is wrong:\n%s", wrong)
			}
			f.w.typed(&fyne.KeyEvent{Name: fyne.KeyEscape})
			press(texts.T("first.local"))
			(<-queue)()
			if chosen != lang {
				t.Errorf("chosen in %q", chosen)
			}
		})
	}
}
