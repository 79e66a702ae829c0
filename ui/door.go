package ui

import (
	"fyne.io/fyne/v2"

	"otklik/app"
	"otklik/assets"
)

// DoorOptions are what a door needs.
type DoorOptions struct {
	// Language and Theme are as of the window: nothing that was chosen can be read
	// before the door is open.
	Language, Theme string
	Scaler          Scaler
	// Open tries the passphrase; it is called on a worker goroutine.
	Open func(passphrase string) error
	// Opened is called on the UI goroutine when it was the right one.
	Opened func()
}

// Door is the window that asks for the passphrase before there is anything else.
type Door struct{ w *Window }

// NewDoor builds the window.
func NewDoor(fa fyne.App, o DoorOptions) *Door {
	w := newLobby(fa, o.Language, o.Theme, o.Scaler)
	w.askPassphrase("door.closed", "door.about", "away.open", o.Open, func() {
		o.Opened()
		w.win.Close()
	})
	return &Door{w}
}

// newLobby makes a window that stands before there is a desk.
func newLobby(fa fyne.App, lang, theme string, scale Scaler) *Window {
	w := &Window{fyne: fa, shut: app.CodeAway, screens: map[string]screen{}, cuts: cuts{}}
	if lang == "" {
		lang = assets.Languages[0]
	}
	if theme == "" {
		theme = "system"
	}
	w.text, w.theme = assets.Load(lang), &houseTheme{choice: theme}
	w.live = newLive(nil, fyne.Do, w.fail)
	fa.Settings().SetTheme(w.theme)
	w.pal = look(theme, fa.Settings().ThemeVariant())
	translateFyne(w.text)
	w.notice = newNotice(w)
	w.win = fa.NewWindow(w.text.T("door.title"))
	w.win.SetPadded(false)
	w.win.Resize(firstSize(scale))
	w.win.SetOnClosed(w.live.Close)
	w.win.Canvas().SetOnTypedKey(w.typed)
	return w
}

// Show opens the window; closing it without the passphrase ends the program.
func (d *Door) Show() { d.w.win.Show() }
