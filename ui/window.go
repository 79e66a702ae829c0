package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/assets"
)

// Names of settings of the workstation that the window reads.
const (
	settingLanguage = "language" // "ru", "en"
	settingTheme    = "theme"    // "light", "dark", "system"
)

// frame is long enough for the driver to draw what was just applied.
const frame = 35 * time.Millisecond

// Options are what a window needs.
type Options struct {
	Desk    *app.Desk
	Version string
	// Importer reads files of other systems, nil where none can be read.
	Importer app.Importer
	// Keyholder keeps the passphrase, nil where none can be set.
	Keyholder Keyholder
	// Carrier sees to what the exchange cannot send, nil where there is no way.
	Carrier Carrier
	// Join makes a workstation that works alone known to a server, nil where it is
	// known to one already; it is called on a worker goroutine.
	Join func(server, code, ca string) error
	// Sample says that all data here is the sample region's.
	Sample bool
	// Changes is what is new in each version, as Markdown, by language.
	Changes map[string]string
	// Crash is the path of the file that tells how the program ended badly the last
	// time, "" where it did not.
	Crash string
	// Scaler keeps the scale, nil where it cannot be chosen.
	Scaler Scaler
	// Language is the interface's language where none was chosen, "" the default.
	Language string
	// Theme is the look where none was chosen, "" as the system.
	Theme string
	// Schedule runs a function on the UI goroutine; nil means fyne.Do.
	Schedule func(func())
	// Stalls, where it is not nil, measures how long the UI goroutine is held.
	Stalls *Stalls
	// OnReady is called once, when the first list (or its empty state) is drawn.
	OnReady func()
}

// screen is one place of the window. All methods are called on the UI
// goroutine.
type screen interface {
	Title() string
	Object() fyne.CanvasObject
	// Show is called when the screen becomes visible: reload.
	Show()
	// Hide is called when it stops being visible: save what was typed.
	Hide()
	// Changed is only called while the screen is visible.
	Changed(app.Changed)
	// Find is Ctrl+F.
	Find()
	// Key takes a key nobody has the focus for; false leaves it alone.
	Key(*fyne.KeyEvent) bool
}

// Window is the one window of the program.
type Window struct {
	fyne    fyne.App
	win     fyne.Window
	options Options
	desk    *app.Desk
	live    *Live
	text    *assets.Texts
	pal     *palette
	theme   *houseTheme
	cuts    cuts

	screens map[string]screen
	current string
	stage   *fyne.Container // holds the current screen
	rail    *rail
	notice  *notice
	dialog  *dialog       // nil where none is open
	listed  *widget.PopUp // the list that was opened last
	folder  string        // the last file was taken from
	// listForm is what the last list was written as, "" before the first.
	listForm string
	report   Slot // of the document that is being made
	ready    bool
	closed   bool
	shut     app.Code      // why nothing of appeals is shown, "" where it is
	touched  time.Time     // the last time the person did anything
	idle     time.Duration // after so long without a touch it shuts, 0: never

	recovery *app.Recovery // that was told of
	escape   func()        // where a window that shows nothing of appeals goes back to, or nil
}

// New builds the window. It reads two settings of the desk, so it is called
// before the event loop starts.
func New(fa fyne.App, o Options) *Window {
	w := &Window{fyne: fa, options: o, desk: o.Desk, screens: map[string]screen{}, current: screenAppeals, cuts: cuts{}}
	if w.options.Schedule == nil {
		w.options.Schedule = fyne.Do
	}
	w.live = newLive(o.Desk, w.options.Schedule, w.fail)
	o.Stalls.watch(w.live, w.options.Schedule)
	if w.choice(settingStart, "", "") == screenShift {
		w.current = screenShift
	}
	w.text = assets.Load(Language(o.Desk, o.Language))
	w.theme = &houseTheme{choice: w.choice(settingTheme, o.Theme, "system")}
	fa.Settings().SetTheme(w.theme)
	w.win = fa.NewWindow(w.title())
	w.win.SetPadded(false)
	w.win.SetMaster()
	w.win.Resize(firstSize(o.Scaler))
	w.win.SetOnClosed(w.end)
	w.build()
	w.win.Canvas().SetOnTypedKey(w.typed)
	w.win.SetOnDropped(w.dropped)
	fa.Settings().AddListener(func(fyne.Settings) {
		if w.theme.choice == "system" && w.pal != look("system", fa.Settings().ThemeVariant()) {
			w.live.OnScreen(w.rebuild)
		}
	})
	w.live.Watch(w.changed)
	w.watchIdle()
	w.tellRecovery()
	w.tellCrash()
	w.tellRelease()
	return w
}

// choice reads a setting, or what stands for it where none was made.
func (w *Window) choice(name, given, otherwise string) string {
	return chosen(w.desk, name, given, otherwise)
}

func chosen(desk *app.Desk, name, given, otherwise string) string {
	if v, err := desk.Setting(name); err == nil && v != "" {
		return v
	}
	if given != "" {
		return given
	}
	return otherwise
}

// Language is the one a person has chosen in the settings, the given one where none was.
func Language(desk *app.Desk, given string) string {
	return chosen(desk, settingLanguage, given, assets.Languages[0])
}

func (w *Window) title() string {
	title := w.text.T("app.title", w.desk.Region().Centre)
	if w.options.Sample {
		title = w.text.T("sample.title", title)
	}
	return title
}

// build makes everything that depends on language and look.
func (w *Window) build() {
	w.pal = look(w.theme.choice, w.fyne.Settings().ThemeVariant())
	translateFyne(w.text)
	w.notice = newNotice(w)
	switch w.shut = w.desk.Shut(); w.shut {
	case app.CodeRevoked:
		w.lock()
		return
	case app.CodeAway:
		w.away()
		return
	}
	w.stage = container.NewStack()
	w.rail = newRail(w)
	w.screens = map[string]screen{}
	w.win.SetMainMenu(w.menu())
	// No ground here: the window is cleared to the surface, and every layer the
	// size of a window costs a software renderer 5 ms a frame. Screens draw what
	// they stand on where that is another colour.
	bar := w.notice.object
	w.win.SetContent(container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(leastWidth, leastHeight) },
		place: func(size fyne.Size) {
			rail := railOf(size.Width)
			place(w.rail.object, 0, 0, rail, size.Height)
			place(w.stage, rail, 0, size.Width-rail, size.Height)
			// The lower left corner: work begins at the top and ends at the right.
			w.notice.place(rail+14, size, size.Width-rail-28)
		},
	}, w.rail.object, w.stage, bar))
	w.open(w.current)
	w.rail.reload(true)
}

// rebuild makes all screens anew, after a change of language or look.
func (w *Window) rebuild() {
	if s := w.screens[w.current]; s != nil {
		s.Hide()
	}
	w.win.SetTitle(w.title())
	clear(w.cuts)
	w.build()
}

// setLanguage changes and remembers the language.
func (w *Window) setLanguage(lang string) {
	w.live.Do(func() error { return w.desk.SaveSetting(settingLanguage, lang) }, nil)
	w.text = assets.Load(lang)
	w.rebuild()
}

// setTheme changes and remembers the look.
func (w *Window) setTheme(choice string) {
	w.live.Do(func() error { return w.desk.SaveSetting(settingTheme, choice) }, nil)
	w.theme = &houseTheme{choice: choice}
	w.fyne.Settings().SetTheme(w.theme)
	w.rebuild()
}

// open shows a screen, making it the first time.
func (w *Window) open(name string) {
	for _, k := range screenKinds() {
		if k.name != name || k.build == nil {
			continue
		}
		if old := w.screens[w.current]; old != nil && w.current != name {
			old.Hide()
		}
		if w.screens[name] == nil {
			w.screens[name] = k.build(w)
		}
		w.current = name
		w.win.Canvas().Unfocus()
		w.stage.Objects = []fyne.CanvasObject{w.screens[name].Object()}
		w.stage.Refresh()
		w.rail.choose(name)
		w.screens[name].Show()
		return
	}
}

// changed passes a committed change on to the rail and the visible screen.
func (w *Window) changed(c app.Changed) {
	if w.desk.Shut() != w.shut {
		if w.dialog != nil {
			w.dialog.close()
		}
		w.rebuild()
	}
	if w.shut != "" {
		return
	}
	w.tellRecovery()
	if c.Tables {
		w.tellRelease()
	}
	if c != (app.Changed{Index: true}) {
		w.rail.reload(c.Pages)
	}
	if s := w.screens[w.current]; s != nil {
		s.Changed(c)
	}
}

// tellRecovery says once that the database was made whole again, until it is
// read.
func (w *Window) tellRecovery() {
	r := w.desk.Upkeep().Recovery
	if r == nil || r == w.recovery {
		return
	}
	w.recovery = r
	if s, ok := w.screens[screenAppeals].(*appealsScreen); ok {
		s.picked.clear() // the numbers of records may be others now
	}
	w.notice.show(w.text.Recovered(*r, w.desk.Now()), toneAmber)
}

// drawn is told by the first screen that its list is on the screen.
func (w *Window) drawn() {
	if w.ready {
		return
	}
	w.ready = true
	if w.options.OnReady != nil {
		w.live.Later(frame, w.options.OnReady)
	}
}

// fail shows what went wrong and what to do.
func (w *Window) fail(err error) {
	if w.shut != "" && app.CodeOf(err) == w.shut {
		return // of what was under way when it was shut; the window says it all
	}
	w.notice.show(w.text.Sentence(err), toneRed)
}

// say confirms quietly.
func (w *Window) say(words string) { w.notice.show(words, toneGreen) }

// focus gives the keyboard to a widget, nil to nobody.
func (w *Window) focus(f fyne.Focusable) {
	if f == nil {
		w.win.Canvas().Unfocus()
		return
	}
	w.win.Canvas().Focus(f)
}

// Show opens the window.
func (w *Window) Show() { w.win.Show() }

// ShowAndRun opens the window and runs the event loop until it is closed.
func (w *Window) ShowAndRun() { w.win.ShowAndRun() }

// Close closes the window and ends its background work; what was typed is
// saved first.
func (w *Window) Close() { w.win.Close() }

func (w *Window) end() {
	if w.closed {
		return
	}
	w.closed = true
	if s := w.screens[w.current]; s != nil {
		s.Hide()
	}
	w.live.Close()
}

// here turns a moment into the region's time.
func (w *Window) here(at time.Time) time.Time { return at.In(w.desk.Region().Location()) }

// clock writes a moment as briefly as today allows: 11:42, or with the date.
func (w *Window) clock(at time.Time) string {
	at, now := w.here(at), w.here(w.desk.Now())
	if app.DayOf(at) == app.DayOf(now) {
		return at.Format("15:04")
	}
	return w.text.Moment(at, now)
}
