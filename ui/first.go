package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/assets"
)

// FirstOptions are what the page of a new data folder needs. Its functions are
// called on worker goroutines.
type FirstOptions struct {
	Language, Theme string
	Scaler          Scaler
	Region          string // whose tables are here, as people name it
	Sample          func() error
	Local           func() error
	// Join enrols at the server by a code; ca is the path of a file of
	// certificates, "" for those of the system.
	Join func(server, code, ca string) error
	// Chosen is called on the UI goroutine when one of them has gone well.
	Chosen func(language string)
}

// First is the window of a new data folder: where the work is to come from.
type First struct {
	w *Window
	o FirstOptions
}

// NewFirst builds the window.
func NewFirst(fa fyne.App, o FirstOptions) *First {
	f := &First{newLobby(fa, o.Language, o.Theme, o.Scaler), o}
	f.choose()
	return f
}

// Show opens the window; closing it without a choice ends the program.
func (f *First) Show() { f.w.win.Show() }

// choose fills the window with the three ways.
func (f *First) choose() {
	w, t := f.w, f.w.text
	w.win.SetTitle(t.T("door.title"))
	languages := container.New(newFlow(6))
	for _, o := range languageOptions(t) {
		languages.Add(w.toggle(o.words, o.value == t.Lang, func(bool) {
			w.text = assets.Load(o.value)
			translateFyne(w.text)
			w.notice = newNotice(w)
			f.choose()
		}))
	}
	problem := newProblem()
	sample := w.primaryButton(t.T("first.sample"), "", f.try(problem, f.o.Sample))
	join := w.button(t.T("first.join")+"…", "", f.join)
	local := w.button(t.T("first.local"), "", f.try(problem, f.o.Local))
	way := func(b *button, about string) fyne.CanvasObject {
		return container.New(column{gap: 5}, container.New(line{gap: 8}, b), aligned(paragraph(about)))
	}
	w.alone(container.New(
		column{gap: 16},
		newText(t.T("first.title"), sizeTitle, w.pal.text, true), languages,
		way(sample, t.T("first.sample_about")),
		way(join, t.T("first.join_about")),
		way(local, t.T("first.local_about", f.o.Region)),
		problem,
	))
	w.escape = nil
	w.focus(sample)
}

// join fills the window with the question for the server.
func (f *First) join() {
	w, t := f.w, f.w.text
	fields := w.newJoining()
	problem := newProblem()
	submit := f.try(problem, func() error { return f.o.Join(fields.said()) })
	for _, e := range fields.entries() {
		e.OnSubmitted = func(string) { submit() }
	}
	w.alone(container.New(
		column{gap: 14},
		newText(t.T("first.join"), sizeTitle, w.pal.text, true), fields.object, problem,
		container.New(line{gap: 8}, w.primaryButton(t.T("join.yes"), "Enter", submit), w.button(t.T("first.back"), "Esc", f.choose)),
	))
	w.escape = f.choose
	w.focus(fields.server)
}

// try does what was chosen, once at a time, and says what stood in the way.
func (f *First) try(problem *widget.Label, do func() error) func() {
	w, busy := f.w, false
	return func() {
		if busy {
			return
		}
		busy = true
		problem.Importance = widget.MediumImportance
		problem.SetText(w.text.T("first.busy"))
		problem.Show()
		w.win.Content().Refresh()
		w.live.Try(do, func(err error) {
			busy = false
			if err == nil {
				f.o.Chosen(w.text.Lang)
				w.win.Close()
				return
			}
			problem.Importance = widget.DangerImportance
			problem.SetText(w.text.Sentence(err))
			w.win.Content().Refresh()
		})
	}
}

// newProblem is where a page says what is wrong.
func newProblem() *widget.Label {
	l := widget.NewLabel("")
	l.Wrapping = fyne.TextWrapWord
	l.Hide()
	return l
}

// joining are the fields that name a server.
type joining struct {
	server, code, ca *entry
	object           fyne.CanvasObject
}

func (w *Window) newJoining() *joining {
	t := w.text
	j := &joining{server: w.newEntry("https://"), code: w.newEntry("XXXX-XXXX-XXXX"), ca: w.newEntry(t.T("join.ca_hint"))}
	j.object = container.New(
		column{gap: 12}, aligned(paragraph(t.T("join.about"))),
		w.field(t.T("join.server"), sized(j.server, 0, buttonHeight)), w.field(t.T("join.code"), sized(j.code, 0, buttonHeight)),
		w.field(t.T("join.ca"), sized(j.ca, 0, buttonHeight)),
	)
	return j
}

func (j *joining) entries() []*entry { return []*entry{j.server, j.code, j.ca} }

// said are the address, the code and the path.
func (j *joining) said() (server, code, ca string) {
	return strings.TrimSpace(j.server.Text), strings.TrimSpace(j.code.Text), strings.TrimSpace(j.ca.Text)
}

// joinServer asks for a server where the workstation has worked without one.
func (w *Window) joinServer() {
	fields := w.newJoining()
	var d *dialog
	d = w.ask(question{
		title: w.text.T("first.join"), width: 560, yes: w.text.T("join.yes"), first: fields.server, content: fields.object,
		do: func() bool {
			d.yes.setDisabled(true)
			server, code, ca := fields.said()
			w.live.Try(func() error { return w.options.Join(server, code, ca) }, func(err error) {
				d.yes.setDisabled(false)
				if err != nil {
					d.tell(w.text.Sentence(err))
					return
				}
				d.close()
				w.say(w.text.T("locked.enrolled"))
			})
			return false
		},
	})
}
