package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"otklik/app"
)

// box is a rectangle on the canvas.
type box struct{ left, top, right, bottom float32 }

func boxOf(at fyne.Position, size fyne.Size) box {
	return box{at.X, at.Y, at.X + size.Width, at.Y + size.Height}
}

func (a box) within(b box) box {
	return box{max(a.left, b.left), max(a.top, b.top), min(a.right, b.right), min(a.bottom, b.bottom)}
}

func (a box) empty() bool { return a.right <= a.left || a.bottom <= a.top }

// sight is what a walk over the visible objects of a window finds: words that
// are cut by an edge, and things to press that lie on one another.
type sight struct {
	t       testing.TB
	name    string
	pressed []box
	words   []string
	texts   int
}

// look walks down; clip is what can be seen, scrolls says whether more can be
// scrolled to.
func (s *sight) look(o fyne.CanvasObject, at fyne.Position, clip box, scrolls bool) {
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	own := boxOf(at, o.Size())
	switch o := o.(type) {
	case *canvas.Text:
		s.text(o, at, clip, scrolls)
		return
	case *fyne.Container:
		for _, c := range o.Objects {
			s.look(c, at, clip, scrolls)
		}
		return
	case *container.Scroll:
		clip, scrolls = clip.within(own), true
	case *button:
		s.press(o.label, own.within(clip))
	case *choice:
		s.press(o.label(), own.within(clip))
	case *entry:
		s.press("entry "+o.PlaceHolder, own.within(clip))
		return // what is typed scrolls
	}
	if w, ok := o.(fyne.Widget); ok {
		for _, c := range test.WidgetRenderer(w).Objects() {
			s.look(c, at, clip, scrolls)
		}
	}
}

func (s *sight) text(o *canvas.Text, at fyne.Position, clip box, scrolls bool) {
	if o.Text == "" {
		return
	}
	own := boxOf(at, o.MinSize())
	if scrolls && (own.bottom <= clip.top || own.top >= clip.bottom) {
		return // can be scrolled to
	}
	s.texts++
	const air = 1
	if own.right > clip.right+air || own.left < clip.left-air {
		s.t.Errorf("%s: %q from %.0f to %.0f runs over %.0f…%.0f", s.name, o.Text, own.left, own.right, clip.left, clip.right)
	}
	if !scrolls && (own.bottom > clip.bottom+air || own.top < clip.top-air) {
		s.t.Errorf("%s: %q from %.0f to %.0f high runs over %.0f…%.0f", s.name, o.Text, own.top, own.bottom, clip.top, clip.bottom)
	}
}

func (s *sight) press(words string, own box) {
	if own.empty() {
		return
	}
	for i, other := range s.pressed {
		if b := own.within(other); !b.empty() {
			s.t.Errorf("%s: %q lies on %q by %.0f×%.0f", s.name, words, s.words[i], b.right-b.left, b.bottom-b.top)
		}
	}
	s.pressed, s.words = append(s.pressed, own), append(s.words, words)
}

// inspect looks at what the window shows, or at the question over it.
func (f *fixture) inspect(name string) {
	f.t.Helper()
	s := &sight{t: f.t, name: name}
	size := f.win.Canvas().Size()
	clip := box{0, 0, size.Width, size.Height}
	root := f.win.Content()
	if f.dialog != nil {
		root = f.dialog.pop.Content
		driver := fyne.CurrentApp().Driver()
		at := driver.AbsolutePositionForObject(root)
		if own := boxOf(at, root.Size()); own.within(clip) != own {
			f.t.Errorf("%s: the question takes %v of a window of %v", name, own, clip)
		}
		s.look(root, at.Subtract(root.Position()), clip, false)
	} else {
		s.look(root, fyne.Position{}, clip, false)
	}
	if s.texts < 5 {
		f.t.Errorf("%s: only %d texts are shown", name, s.texts)
	}
}

// TestNothingIsCutAtAnyScale goes through all screens and questions in the
// points that 1366×768 leaves at scales 1, 1.2, 1.5 and 2, menu and frame taken
// off.
func TestNothingIsCutAtAnyScale(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 1366, Height: 740}, {Width: 1138, Height: 610}, {Width: 911, Height: 485}, {Width: 683, Height: 357}} {
		for _, lang := range []string{"ru", "en"} {
			name := fmt.Sprintf("%s %.0f×%.0f", lang, size.Width, size.Height)
			t.Run(name, func(t *testing.T) {
				f := openWindow(t, fixed{lang: lang, size: size, store: func(s *fakeStore) {
					drawnPages(s)
					drawnExchange(s)
				}})
				f.options.Importer = &fakeImporter{}
				f.settle()
				f.everywhere()
			})
		}
	}
}

// everywhere looks at each screen and each question.
func (f *fixture) everywhere() {
	s := f.appealsPart()
	f.inspect("appeals")
	f.picture(f.t.Name() + "-appeals")
	s.read()
	f.settle()
	f.inspect("card")
	f.picture(f.t.Name() + "-card")
	for name, ask := range map[string]func(){
		"new": f.newAppeal, "route": func() { s.askExecutor(app.EventRouted) }, "why": s.explain, "keys": f.showKeys,
		"return": s.askReturn, "interim": s.askInterim, "merge": s.askParent, "import": f.chooseImport,
	} {
		ask()
		f.settle()
		if f.dialog == nil {
			f.t.Errorf("%s asks nothing", name)
			continue
		}
		f.inspect(name)
		f.picture(f.t.Name() + "-" + name)
		f.dialog.close()
	}
	if s.filter.behind {
		s.back()
		s.toggleFilter()
		f.settle()
		if !s.filter.object.Visible() {
			f.t.Error("the filter does not open")
		}
		f.picture(f.t.Name() + "-filter")
		s.back()
		if s.filter.object.Visible() {
			f.t.Error("the filter does not shut")
		}
	}
	for _, screen := range []string{screenPages, screenAnalytics, screenHotspots, screenShift, screenExchange, screenSettings} {
		f.open(screen)
		f.settle()
		f.inspect(screen)
		f.picture(f.t.Name() + "-" + screen)
	}
	f.screens[screenSettings].(*settingsScreen).openTables()
	f.settle()
	f.inspect("tables")
	f.picture(f.t.Name() + "-tables")
	f.open(screenPages)
	p := f.screens[screenPages].(*pagesScreen)
	p.read()
	f.settle()
	f.inspect("page")
	f.picture(f.t.Name() + "-page")
}

// TestOneOfListAndCard: where there is no room for both, Enter leads to the card
// and Escape back.
func TestOneOfListAndCard(t *testing.T) {
	f := openWindow(t, fixed{size: fyne.NewSize(683, 357)})
	f.onCard("appeal-0")
	s := f.appealsPart()
	if !s.list.Visible() || s.detail.object.Visible() {
		t.Fatal("it does not begin with the list")
	}
	press(f, fyne.KeyReturn)
	if s.list.Visible() || !s.detail.object.Visible() || f.win.Canvas().Focused() != s.detail.reply.editor {
		t.Error("Enter does not lead to the card")
	}
	press(f, fyne.KeyEscape)
	if !s.list.Visible() || s.detail.object.Visible() || f.win.Canvas().Focused() != s.list {
		t.Error("Escape does not lead back")
	}
}

// TestFieldWithTheKeyboardIsInSight tabs through a question that is higher than
// the window.
func TestFieldWithTheKeyboardIsInSight(t *testing.T) {
	f := openWindow(t, fixed{size: fyne.NewSize(683, 357)})
	f.onCard("appeal-0")
	f.newAppeal()
	d := f.dialog
	for range 12 {
		f.win.Canvas().FocusNext()
		f.settle()
		o := f.win.Canvas().Focused().(fyne.CanvasObject)
		if o == d.yes || o == d.no {
			continue
		}
		driver := fyne.CurrentApp().Driver()
		y := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(d.scroll).Y
		if y < 0 || y+o.Size().Height > d.scroll.Size().Height {
			t.Errorf("%T at %.0f of %.0f is out of sight", o, y, d.scroll.Size().Height)
		}
	}
}
