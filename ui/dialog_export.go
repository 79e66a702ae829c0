package ui

import (
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// Carrier sees to work that the exchange cannot take to the server. Its methods
// may be called from any goroutine but that of the screen.
type Carrier interface {
	// Unsent counts what an export would hold.
	Unsent() (int, error)
	// Export writes it, signed, to a new file and gives the number of operations.
	Export(path string) (int, error)
	// Enrol connects a revoked workstation again, by a code of the administrator.
	Enrol(code string) error
}

// exportUnsent asks where to write what was not sent. The name of the file says
// nothing of its content.
func (w *Window) exportUnsent() {
	t := w.text
	if w.options.Carrier == nil {
		w.notice.show(t.T("exchange.export.none"), toneAmber)
		return
	}
	if w.folder == "" {
		if home, err := os.UserHomeDir(); err == nil {
			w.folder = home
		}
	}
	path := w.newEntry("")
	path.SetText(filepath.Join(w.folder, "otklik-outbox-"+w.here(w.desk.Now()).Format("20060102-150405")+".jsonl"))
	var d *dialog
	d = w.ask(question{
		title: t.T("exchange.export.title"), width: 620, yes: t.T("exchange.export.yes"), first: path,
		content: container.New(
			column{gap: 14}, aligned(paragraph(t.T("exchange.export.about"))), w.warning(aligned(paragraph(t.T("exchange.export.warning")))),
			w.field(t.T("exchange.export.path"), sized(path, 0, buttonHeight)),
		),
		do: func() bool {
			to := strings.TrimSpace(path.Text)
			if to == "" {
				d.tell(t.Sentence(app.Fail(app.CodeNoFolder, to)))
				return false
			}
			d.yes.setDisabled(true) // until it is written
			n := 0
			w.live.Try(func() (err error) {
				n, err = w.options.Carrier.Export(to)
				return err
			}, func(err error) {
				d.yes.setDisabled(false)
				if err != nil {
					d.tell(t.Sentence(err))
					return
				}
				d.close()
				w.folder = filepath.Dir(to)
				w.say(t.N("exchange.export.done", n, filepath.Base(to)))
			})
			return false
		},
	})
}
