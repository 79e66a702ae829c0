package ui

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// filesShown is how many files of an appeal are shown one by one; the others
// stand behind a chip of their own.
const filesShown = 6

// fetchedUnasked is the largest file that comes by itself when its appeal is
// opened, in bytes.
const fetchedUnasked = 5 << 20

// fileWords says in one line what a file is and where.
func fileWords(w *Window, f app.Attachment) (words string, kind tone) {
	t := w.text
	words = w.cuts.fit(f.Name, sizeCaption, true, 200) + " · " + sizeWords(w, f.Size)
	percent := int(f.Done * 100 / max(f.Size, 1))
	switch f.State {
	case app.FileWaiting:
		return words + " · " + t.T("file.waiting"), toneAmber
	case app.FileSending:
		if f.Reason != "" {
			return words + " · " + t.T("file.stopped", percent, reasonWords(t, f.Reason)), toneAmber
		}
		return words + " · " + t.T("file.sending", percent), toneBlue
	case app.FileFetched:
		return words + " · " + t.T("file.fetching", percent), toneBlue
	case app.FileServer:
		if f.Reason != "" {
			return words + " · " + t.T("file.failed", reasonWords(t, f.Reason)), toneRed
		}
		return words + " · " + t.T("file.server"), toneGrey
	}
	return words, toneGreen
}

// sizeWords writes the size of a file.
func sizeWords(w *Window, n int64) string {
	if n < 1<<20 {
		return w.text.T("file.kilobytes", w.text.Number(max(1, (n+512)/1024)))
	}
	return bytesWords(w.text, n)
}

// fileChips gives the files of the card, each to be clicked.
func (d *detail) fileChips() []fyne.CanvasObject {
	w := d.screen.w
	var out []fyne.CanvasObject
	for i, f := range d.card.Files {
		if i == filesShown {
			rest := d.card.Files[i:]
			var chip *clickable
			chip = w.newClickable(w.newPill(w.text.T("file.rest", len(rest))), func() { d.chooseFile(rest, below(chip)) })
			return append(out, chip)
		}
		words, kind := fileWords(w, f)
		var chip *clickable
		chip = w.newClickable(w.newStateChip(words, kind), func() { d.fileMenu(f, below(chip)) })
		out = append(out, chip)
	}
	return out
}

// chooseFile offers the files that have no chip.
func (d *detail) chooseFile(files []app.Attachment, at fyne.Position) {
	options := make([]option, len(files))
	for i, f := range files {
		words, _ := fileWords(d.screen.w, f)
		options[i] = option{f.Event + f.SHA256, words}
	}
	d.screen.w.pick(options, "", at, 320, func(v string) {
		if i := slices.IndexFunc(files, func(f app.Attachment) bool { return f.Event+f.SHA256 == v }); i >= 0 {
			d.fileMenu(files[i], at)
		}
	}, nil)
}

// fileMenu offers what can be done with a file.
func (d *detail) fileMenu(f app.Attachment, at fyne.Position) {
	w, t := d.screen.w, d.screen.w.text
	options := []option{{"open", t.T("file.do.open")}, {"save", t.T("file.do.save")}}
	if f.State == app.FileServer {
		options = []option{{"fetch", t.T("file.do.fetch")}}
	}
	w.pick(options, "", at, 200, func(v string) {
		switch v {
		case "open":
			w.openFile(f.File)
		case "save":
			w.saveFile(f.File)
		case "fetch":
			w.live.Do(func() error { w.desk.Fetch(f.File); return nil }, func() { w.say(t.T("file.asked")) })
		}
	}, nil)
}

// openFile hands a copy of the file to the program the system has for it.
func (w *Window) openFile(f app.File) {
	path := ""
	w.live.Do(func() (err error) {
		path, err = w.desk.ShowFile(f)
		return err
	}, func() { w.openPath(path) })
}

// saveFile asks where to and writes a copy there.
func (w *Window) saveFile(f app.File) {
	t := w.text
	path := w.newEntry(t.T("file.save_path"))
	folder := w.folder
	if home, err := os.UserHomeDir(); folder == "" && err == nil {
		folder = home
	}
	path.SetText(filepath.Join(folder, f.Name))
	var d *dialog
	d = w.ask(question{
		title: t.T("file.save_title"), width: 560, yes: t.T("file.save_yes"), first: path,
		content: container.New(column{gap: 8}, sized(path, 0, buttonHeight)),
		do: func() bool {
			to := filepath.Clean(strings.Trim(strings.TrimSpace(path.Text), `"`))
			w.live.Try(func() error {
				if _, err := os.Stat(to); err == nil {
					return app.Fail(app.CodeFileThere, to)
				}
				return w.desk.SaveFile(f, to)
			}, func(err error) {
				if err != nil {
					d.tell(t.Sentence(err))
					return
				}
				w.folder = filepath.Dir(to)
				if w.dialog == d {
					d.close()
				}
				w.say(t.T("file.saved"))
			})
			return false // closes when the file is there
		},
	})
}

// refreshFiles brings the chips to how far the files are.
func (d *detail) refreshFiles() {
	card := d.card
	if card == nil || !slices.ContainsFunc(card.Files, func(f app.Attachment) bool { return f.State != app.FileHere }) {
		return
	}
	desk := d.screen.w.desk
	d.screen.w.live.Load(&d.fileSlot, func(context.Context) (func(), error) {
		files, err := desk.Attachments(card.Appeal)
		return func() {
			if d.card == card && !slices.Equal(files, card.Files) {
				card.Files = files
				d.showFacts()
			}
		}, err
	})
}

// fetchFiles asks for the files of an appeal that was opened.
func (s *appealsScreen) fetchFiles(card *app.Card) {
	for _, f := range card.Files {
		if f.Size <= fetchedUnasked && f.State == app.FileServer {
			s.w.desk.Fetch(f.File)
		}
	}
}

// attach chooses a file for the text that is being written, or offers those
// chosen already to be taken away.
func (s *appealsScreen) attach() {
	r := s.detail.reply
	if s.detail.card == nil || r.clip.Hidden {
		return
	}
	chosen := r.chosen()
	if len(chosen) == 0 {
		r.chooseFile()
		return
	}
	options := []option{{"", r.w.text.T("reply.attach_more")}}
	for i, f := range chosen {
		options = append(options, option{string(rune('0' + i)), r.w.text.T("reply.detach", f.Name)})
	}
	r.w.pick(options, "-", below(r.clip), 240, func(v string) {
		if v == "" {
			r.chooseFile()
			return
		}
		r.files[r.key()] = slices.Delete(slices.Clone(chosen), int(v[0]-'0'), int(v[0]-'0')+1)
		r.refresh()
	}, nil)
}

// textKey names a text that is being written.
type textKey struct {
	appeal string
	tab    replyTab
}

func (r *reply) key() textKey { return textKey{r.appeal, r.tab} }

// chosen gives the files that go with the text.
func (r *reply) chosen() []app.File { return r.files[r.key()] }

func (r *reply) chooseFile() {
	w := r.w
	if len(r.chosen()) >= app.MaxFiles {
		w.fail(app.Fail(app.CodeAttachMany, app.MaxFiles))
		return
	}
	w.chooseFile(w.text.T("reply.attach_title"), w.text.T("reply.attach_path"), app.FileEndings(), func(path string) {
		r.attachFile(path, w.fail)
		r.focus()
	})
}

// clipWords names the button: what it does, or how many files go with the text.
func (r *reply) clipWords() string {
	if n := len(r.chosen()); n > 0 {
		return r.w.text.T("reply.attached", n)
	}
	return r.w.text.T("reply.attach")
}

// withFiles gives the files to the event that carries the text.
func withFiles(events []app.Event, text string, files []app.File) {
	for i := range events {
		if len(files) > 0 && events[i].Text == text {
			events[i].Files = files
			return
		}
	}
}
