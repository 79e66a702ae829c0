package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

// paste puts the words into the clipboard and pastes them where the keyboard is.
func (f *fixture) paste(words string) {
	f.t.Helper()
	f.fyne.Clipboard().SetContent(words)
	focused, ok := f.win.Canvas().Focused().(fyne.Shortcutable)
	if !ok {
		f.t.Fatal("nothing to paste into has the keyboard")
	}
	focused.TypedShortcut(&fyne.ShortcutPaste{Clipboard: f.fyne.Clipboard()})
}

// sendAnyway answers the question before sending, where there is one.
func (f *fixture) sendAnyway() {
	f.t.Helper()
	ctrl(f, fyne.KeyReturn)
	if f.dialog != nil {
		ctrl(f, fyne.KeyReturn)
	}
}

// under gives all objects of an open question.
func under(o fyne.CanvasObject) (out []fyne.CanvasObject) {
	out = append(out, o)
	if w, ok := o.(fyne.Widget); ok {
		for _, c := range test.WidgetRenderer(w).Objects() {
			out = append(out, under(c)...)
		}
	}
	if c, ok := o.(*fyne.Container); ok {
		for _, c := range c.Objects {
			out = append(out, under(c)...)
		}
	}
	return out
}

func (f *fixture) boxes() (out []*tick) {
	f.t.Helper()
	if f.dialog == nil {
		f.t.Fatal("no question is open")
	}
	for _, o := range under(f.dialog.pop.Content) {
		if b, ok := o.(*tick); ok {
			out = append(out, b)
		}
	}
	return out
}

// saidIn says whether the words stand in the open question.
func (f *fixture) saidIn(words string) bool {
	f.t.Helper()
	if f.dialog == nil {
		f.t.Fatal("no question is open")
	}
	for _, o := range under(f.dialog.pop.Content) {
		switch o := o.(type) {
		case *widget.Label:
			if strings.Contains(o.Text, words) {
				return true
			}
		case *canvas.Text:
			if strings.Contains(o.Text, words) {
				return true
			}
		}
	}
	return false
}

func (f *fixture) types(words string) {
	f.t.Helper()
	focused := f.win.Canvas().Focused()
	if focused == nil {
		f.t.Fatal("nothing has the keyboard")
	}
	test.Type(focused, words)
}

func TestTemplateIsFilledAndLeadsToItsFields(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	r := f.appealsPart().detail.reply
	ctrl(f, fyne.KeyT)
	f.types("передано")
	if !f.saidIn("№ 2026-118437 передано: УЖКХ") {
		t.Error("the preview does not show the template filled")
	}
	press(f, fyne.KeyDown)
	press(f, fyne.KeyUp)
	e, ok := f.win.Canvas().Focused().(*entry)
	if !ok {
		t.Fatal("the line to search in lost the keyboard")
	}
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if f.dialog != nil || f.win.Canvas().Focused() != r.editor {
		t.Fatal("Enter did not take the template into the editor")
	}
	if got := r.editor.SelectedText(); got != "{имя}" {
		t.Fatalf("selected %q", got)
	}
	if r.blanks.Hidden || !strings.Contains(r.blankWords(), "имя") {
		t.Errorf("%q", r.blankWords())
	}
	f.picture("template-filled")
	f.types("Александр Сергеевич")
	if want := "Здравствуйте, Александр Сергеевич! Ваше обращение № 2026-118437 передано: УЖКХ."; !strings.HasPrefix(r.editor.Text, want) || !r.blanks.Hidden {
		t.Errorf("%q", r.editor.Text)
	}
	// Tab goes from field to field, and is a tab again after the last.
	r.editor.SetText("Первая строка\n{один}, {два}")
	for _, want := range []string{"{один}", "{два}", "{один}"} {
		press(f, fyne.KeyTab)
		if got := r.editor.SelectedText(); got != want {
			t.Errorf("selected %q, want %q", got, want)
		}
	}
	r.editor.SetText("без полей")
	press(f, fyne.KeyTab)
	if !strings.Contains(r.editor.Text, "\t") {
		t.Errorf("%q", r.editor.Text)
	}
}

func TestChecklistIsAskedOnceAndRemembered(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	points := f.desk.Region().Checklist
	press(f, fyne.KeyReturn)
	f.types("Яму на перекрёстке заделали сегодня утром")
	ctrl(f, fyne.KeyReturn)
	if len(f.boxes()) != len(points) {
		t.Fatalf("%d points of %d", len(f.boxes()), len(points))
	}
	f.picture("checklist")
	press(f, fyne.KeySpace)
	press(f, fyne.KeySpace)
	press(f, fyne.KeyEscape)
	if a, err := f.store.Appeal("appeal-0"); err != nil || a.Status != app.StatusInProgress {
		t.Fatalf("sent without an answer to the question: %v", err)
	}
	ctrl(f, fyne.KeyReturn)
	for i, b := range f.boxes() {
		if b.on != (i < 2) {
			t.Errorf("point %d is ticked: %v", i, b.on)
		}
	}
	if f.win.Canvas().Focused() != f.boxes()[2] {
		t.Error("the first open point does not have the keyboard")
	}
	for range len(points) - 2 {
		press(f, fyne.KeySpace)
	}
	press(f, fyne.KeyEscape)
	f.until(func() bool {
		d, err := f.store.Draft("appeal-0")
		return err == nil && len(d.Ticked) == len(points)
	})
	// All is ticked and nothing seen: no question any more.
	ctrl(f, fyne.KeyReturn)
	if f.dialog != nil {
		t.Fatal("asked again")
	}
	f.onCard("appeal-1")
	f.until(func() bool { d, err := f.store.Draft("appeal-0"); return err == nil && d.Empty() && len(d.Ticked) == 0 })
}

func TestWhatIsSeenInTheAnswerIsTold(t *testing.T) {
	for text, flaw := range map[string]app.Flaw{
		"Здравствуйте! Спасибо, что сообщили. Бригада направлена на место, о результате напишем здесь.": app.FlawTemplate,
		"Яму заделают {дата}":                app.FlawBlank,
		"Ответ дан по ст. 12 закона № 59-ФЗ": app.FlawOnlyLaw,
	} {
		f := openWindow(t, fixed{})
		f.onCard("appeal-0")
		press(f, fyne.KeyReturn)
		f.types(text)
		ctrl(f, fyne.KeyReturn)
		if !f.saidIn(f.text.T("flaw." + string(flaw))) {
			t.Errorf("%q: %s is not told", text, flaw)
		}
		f.settle()
		f.picture("flaw-" + string(flaw))
		ctrl(f, fyne.KeyReturn) // the person decides
		f.onCard("appeal-1")
	}
}

func TestEveryFlawHasWords(t *testing.T) {
	f := openWindow(t, fixed{})
	for _, flaw := range app.Flaws {
		if key := "flaw." + string(flaw); !f.text.Has(key) {
			t.Errorf("no words for %s", key)
		}
	}
}

func TestLinkOfThePublishedAnswer(t *testing.T) {
	for typed, byHand := range map[string]bool{"https://vk.com/wall-1_2": false, "": true} {
		f := openWindow(t, fixed{store: func(s *fakeStore) { s.appeals[0].Link = "https://vk.com/wall-1_1" }})
		f.onCard("appeal-0")
		press(f, fyne.KeyReturn)
		f.types("Яму на перекрёстке заделали сегодня утром")
		ctrl(f, fyne.KeyReturn)
		if !f.saidIn(f.text.T("check.by_hand")) {
			t.Error("«вручную» is not said")
		}
		f.types("ответил вчера")
		ctrl(f, fyne.KeyReturn)
		if f.dialog == nil || !f.dialog.problem.Visible() {
			t.Fatal("what is no address was taken for one")
		}
		f.picture("link-wrong")
		e, ok := f.win.Canvas().Focused().(*entry)
		if !ok {
			t.Fatal("the link does not have the keyboard")
		}
		e.SetText(typed)
		ctrl(f, fyne.KeyReturn)
		f.onCard("appeal-1")
		a, err := f.store.Appeal("appeal-0")
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := a.Last(app.EventAnswered); !ok || e.Link != typed || e.ByHand != byHand {
			t.Errorf("%+v", e)
		}
	}
}

func TestWordsOfAQuestionAreADraft(t *testing.T) {
	f := openWindow(t, fixed{roles: []app.Role{app.RoleCurator}})
	s := f.appealsPart()
	s.openRecord(1)
	f.onCard("appeal-1")
	s.askText(app.EventClarifying, true)
	f.types("В каком доме?")
	f.until(func() bool {
		d, err := f.store.Draft("appeal-1")
		return err == nil && d.Begun[app.EventClarifying].Text == "В каком доме?"
	})
	press(f, fyne.KeyEscape)
	s.askText(app.EventRejected, true) // another question begins empty
	if e, ok := f.win.Canvas().Focused().(*entry); !ok || e.Text != "" {
		t.Error("the words went over into another question")
	}
	press(f, fyne.KeyEscape)
	s.askText(app.EventClarifying, true)
	if e, ok := f.win.Canvas().Focused().(*entry); !ok || e.Text != "В каком доме?" {
		t.Fatal("the words are gone")
	}
	f.store.mu.Lock()
	f.store.failing = app.Fail(app.CodeDiskFull, "otklik.db")
	f.store.mu.Unlock()
	f.dialog.accept()
	f.until(func() bool { return f.notice.object.Visible() })
	f.store.mu.Lock()
	f.store.failing = nil
	f.store.mu.Unlock()
	s.askText(app.EventClarifying, true)
	if e, ok := f.win.Canvas().Focused().(*entry); !ok || e.Text != "В каком доме?" {
		t.Fatal("what could not be written was lost")
	}
	f.dialog.accept()
	f.until(func() bool {
		a, err := f.store.Appeal("appeal-1")
		return err == nil && a.Status == app.StatusClarifying
	})
	f.until(func() bool { d, err := f.store.Draft("appeal-1"); return err == nil && d.Empty() })
}

func TestInterimAnswerIsADraftAndLookedThrough(t *testing.T) {
	f := openWindow(t, fixed{roles: []app.Role{app.RoleApprover}, store: func(s *fakeStore) {
		s.appeals[1].Apply(app.Event{ID: "st", Type: app.EventStarted, At: noon, By: "Оператор 1"})
		s.appeals[1].Apply(app.Event{ID: "su", Type: app.EventSubmitted, At: noon, By: "Оператор 1", Text: "Ведём проверку"})
	}})
	s := f.appealsPart()
	s.openRecord(1)
	f.onCard("appeal-1")
	s.askInterim()
	date, ok := f.win.Canvas().Focused().(*entry)
	if !ok {
		t.Fatal("the date does not have the keyboard")
	}
	date.SetText("") // what the rule allows at most
	f.types("30.11.2026")
	press(f, fyne.KeyEscape)
	f.until(func() bool {
		d, err := f.store.Draft("appeal-1")
		return err == nil && d.Begun[app.EventInterim] == app.Begun{Text: "Ведём проверку", Date: "30.11.2026"}
	})
	s.askInterim()
	if e, ok := f.win.Canvas().Focused().(*entry); !ok || e.Text != "30.11.2026" {
		t.Fatal("the date is gone")
	}
	f.dialog.accept()
	if !f.saidIn(f.text.T("flaw.no_date")) {
		t.Error("nothing is said of the date the answer does not name")
	}
	f.dialog.accept()
	f.until(func() bool { a, err := f.store.Appeal("appeal-1"); return err == nil && a.Status == app.StatusInterim })
	f.until(func() bool { d, err := f.store.Draft("appeal-1"); return err == nil && d.Empty() })
}

// TestTypingWithoutAPauseIsSaved: a timer that every letter pushed back would never
// fire while somebody types on.
func TestTypingWithoutAPauseIsSaved(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	var due []func()
	stopped := 0
	f.live.after = func(d time.Duration, do func()) func() {
		if d == draftPause {
			due = append(due, do)
		}
		return func() { stopped++ }
	}
	press(f, fyne.KeyReturn)
	f.types("Яму заделают")
	if len(due) != 1 || stopped != 0 {
		t.Fatalf("%d timers, %d stopped: typing on pushes the saving back", len(due), stopped)
	}
	due[0]()
	f.until(func() bool {
		d, err := f.store.Draft("appeal-0")
		return err == nil && d.Answer == "Яму заделают"
	})
	f.types(" завтра")
	if len(due) != 2 {
		t.Fatalf("%d timers: what is typed later is not saved", len(due))
	}
}

func TestAnswerByHandIsSaidInTheHistory(t *testing.T) {
	f := openWindow(t, fixed{})
	f.onCard("appeal-0")
	l := f.appealsPart().detail.timeline
	for _, c := range []struct {
		e    app.Event
		want string
	}{
		{app.Event{Type: app.EventAnswered, Text: "x", ByHand: true}, f.text.T("timeline.by_hand")},
		{app.Event{Type: app.EventAnswered, Text: "x", Link: "https://vk.com/wall1"}, "https://vk.com/wall1"},
	} {
		if got := l.spoken(&app.Appeal{}, c.e); got == nil || !strings.Contains(got.about, c.want) {
			t.Errorf("%+v", got)
		}
	}
	if got := l.spoken(&app.Appeal{}, app.Event{Type: app.EventAnswered, Text: "x"}); got.about != "" {
		t.Errorf("%q of an answer nothing is known of", got.about)
	}
}

func TestPointsAreLedThroughByKeys(t *testing.T) {
	f := openWindow(t, fixed{})
	var got []string
	a := f.newTick("а", false, func(bool) { got = append(got, "а") })
	b := f.newTick("б", true, func(bool) { got = append(got, "б") })
	f.ask(question{title: "x", content: container.New(column{}, ticks(a, b)...), width: 300, first: a})
	press(f, fyne.KeySpace) // ticked: on to the next
	if f.win.Canvas().Focused() != b || !a.on {
		t.Error("Space did not tick and go on")
	}
	press(f, fyne.KeySpace) // unticked: stays
	press(f, fyne.KeyUp)
	if f.win.Canvas().Focused() != a || b.on || !slices.Equal(got, []string{"а", "б"}) {
		t.Errorf("%v", got)
	}
}
