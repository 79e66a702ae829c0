package ui

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

// Keyholder keeps the passphrase that opens the data of this workstation. Its
// methods may be called from any goroutine; all but HasPassphrase take a while.
type Keyholder interface {
	HasPassphrase() bool
	// TryPassphrase says whether it is the one: CodeWrongPassphrase.
	TryPassphrase(passphrase string) error
	// ChangePassphrase sets another one, "" for none: CodeWrongPassphrase,
	// CodeShortPassphrase.
	ChangePassphrase(old, new string) error
	// Wipe makes all data of this workstation unreadable for good; the program
	// removes it when it ends.
	Wipe() error
}

// settingIdle is after how many minutes without a touch the window shuts, 0 for
// never.
const settingIdle = "idle"

// idleChoices are the minutes a person chooses from.
var idleChoices = []string{"5", "10", "30", "0"}

// idleUsual is long enough for a call and short enough for a corridor.
const idleUsual = "10"

// idleLook is how often the window looks whether anybody is there.
const idleLook = 15 * time.Second

// touch is called with everything a person does.
func (w *Window) touch() {
	if w.desk != nil { // it is no door
		w.touched = w.desk.Now()
	}
}

// watchIdle shuts the window when nobody has touched it for long.
func (w *Window) watchIdle() {
	w.touch()
	w.idle = minutes(w.choice(settingIdle, "", idleUsual))
	var look func()
	look = func() {
		w.leaveIdle()
		w.live.Later(idleLook, look)
	}
	w.live.Later(idleLook, look)
}

func (w *Window) leaveIdle() {
	if w.idle > 0 && w.shut == "" && w.hasPassphrase() && w.desk.Now().Sub(w.touched) >= w.idle {
		w.desk.Leave()
	}
}

func minutes(choice string) time.Duration {
	n, err := strconv.Atoi(choice)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Minute
}

// setIdle changes and remembers after how long the window shuts.
func (w *Window) setIdle(choice string) {
	w.idle = minutes(choice)
	w.live.Do(func() error { return w.desk.SaveSetting(settingIdle, choice) }, nil)
}

func (w *Window) hasPassphrase() bool {
	return w.options.Keyholder != nil && w.options.Keyholder.HasPassphrase()
}

// leave shuts the window; without a passphrase nobody could be kept out, so one is
// asked for first.
func (w *Window) leave() {
	if w.hasPassphrase() {
		w.desk.Leave()
		return
	}
	w.changePassphrase()
}

// away fills the window of somebody who has left it.
func (w *Window) away() {
	w.screens = map[string]screen{}
	w.win.SetMainMenu(w.menu()) // whose shortcuts do nothing now, but for quitting
	w.askPassphrase("away.title", "away.about", "away.open", w.options.Keyholder.TryPassphrase, w.desk.Return)
	w.drawn()
}

// askPassphrase fills the window with the question for the passphrase.
func (w *Window) askPassphrase(title, about, yes string, try func(passphrase string) error, done func()) {
	t := w.text
	passphrase := w.newSecret()
	problem := widget.NewLabel("")
	problem.Importance, problem.Wrapping = widget.DangerImportance, fyne.TextWrapWord
	problem.Hide()
	var open *button
	submit := func() {
		typed := passphrase.Text
		if typed == "" || open.disabled {
			return
		}
		open.setDisabled(true)
		problem.Hide()
		w.live.Try(func() error { return try(typed) }, func(err error) {
			open.setDisabled(false)
			passphrase.SetText("")
			if err != nil {
				problem.SetText(t.Sentence(err))
				problem.Show()
				w.win.Content().Refresh()
				w.focus(passphrase)
				return
			}
			done()
		})
	}
	open = w.primaryButton(t.T(yes), "", submit)
	passphrase.OnSubmitted = func(string) { submit() }
	w.alone(container.New(
		column{gap: 14},
		newText(t.T(title), sizeTitle, w.pal.text, true),
		aligned(paragraph(t.T(about))),
		w.field(t.T("passphrase.now"), container.New(line{gap: 8}, sized(passphrase, 360, buttonHeight), open)), problem,
	))
	w.focus(passphrase)
}

// newSecret makes an entry whose letters are not shown.
func (w *Window) newSecret() *entry {
	e := w.newEntry("")
	e.Password = true
	return e
}

// changePassphrase asks for another passphrase, twice, and for the one there is.
func (w *Window) changePassphrase() {
	t, keys := w.text, w.options.Keyholder
	if keys == nil {
		w.notice.show(t.T("passphrase.none_here"), toneAmber)
		return
	}
	has := keys.HasPassphrase()
	now, first, second := w.newSecret(), w.newSecret(), w.newSecret()
	about, title, focus := "passphrase.about", "passphrase.set", first
	fields := []fyne.CanvasObject{}
	if has {
		about, title, focus = "passphrase.about_change", "passphrase.change", now
		fields = append(fields, w.field(t.T("passphrase.now"), sized(now, 0, buttonHeight)))
	}
	fields = append(fields, w.field(t.T("passphrase.new"), sized(first, 0, buttonHeight)), w.field(t.T("passphrase.again"), sized(second, 0, buttonHeight)))
	content := append([]fyne.CanvasObject{aligned(paragraph(t.T(about)))}, fields...)
	var d *dialog
	d = w.ask(question{
		title: t.T(title), width: 480, yes: t.T("passphrase.save"), first: focus,
		content: container.New(column{gap: 12}, content...),
		do: func() bool {
			switch {
			case first.Text != second.Text:
				d.tell(t.T("passphrase.differ"))
				return false
			case first.Text == "" && !has:
				d.tell(t.Sentence(app.Fail(app.CodeShortPassphrase, app.PassphraseLen)))
				return false
			}
			d.yes.setDisabled(true) // it takes a moment
			old, new := now.Text, first.Text
			w.live.Try(func() error { return keys.ChangePassphrase(old, new) }, func(err error) {
				d.yes.setDisabled(false)
				if err != nil {
					d.tell(t.Sentence(err))
					return
				}
				d.close()
				said := "passphrase.saved"
				if new == "" {
					said = "passphrase.removed"
				}
				w.say(t.T(said))
				w.desk.Tell(app.Changed{Settings: true})
			})
			return false
		},
	})
}
