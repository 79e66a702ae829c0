package ui

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/bulletin"
	"otklik/report"
)

// patience is how long a document may take before it is shown that it is being made.
const patience = 400 * time.Millisecond

// saveReport makes a document and asks where to save it.
func (w *Window) saveReport(kind bulletin.Kind, q app.Inquiry, f bulletin.Format) {
	w.makeReport(kind, q, func(d *report.Document) { w.askReport(d, f, false) })
}

// makeReport makes a document in the background; what takes long can be stopped.
func (w *Window) makeReport(kind bulletin.Kind, q app.Inquiry, made func(*report.Document)) {
	p := w.working(w.text.T("bulletin." + string(kind)))
	p.state.Text = w.text.T("reports.making")
	late := w.live.Later(patience, func() {
		if w.dialog == nil && p.ctx.Err() == nil {
			p.open()
		}
	})
	desk, text := w.desk, w.text
	w.live.Load(&w.report, func(ctx context.Context) (func(), error) {
		d, err := bulletin.Make(desk, text, kind, q)
		return func() {
			late()
			stopped := p.ctx.Err() != nil
			p.end()
			if err == nil && !stopped {
				made(d)
			}
		}, err
	})
}

// askReport asks where to write the document, and whether to open it then.
func (w *Window) askReport(made *report.Document, f bulletin.Format, open bool) {
	t := w.text
	if w.folder == "" {
		if home, err := os.UserHomeDir(); err == nil {
			w.folder = home
		}
	}
	path := w.newEntry("")
	path.SetText(filepath.Join(w.folder, bulletin.FileName(made, f)))
	show := w.newTick(t.T("reports.open_after"), open, func(bool) {})
	var d *dialog
	replaced := "" // the path a person was asked about
	d = w.ask(question{
		title: t.T("reports.save_title", made.Title), width: 620, yes: t.T("reports.save_yes"), first: path,
		content: container.New(column{gap: 12}, newText(joined(made.Period, t.T("reports.format."+string(f))), sizeText, w.pal.second, false),
			w.field(t.T("exchange.export.path"), sized(path, 0, buttonHeight)), show),
		do: func() bool {
			to := filepath.Clean(strings.Trim(strings.TrimSpace(path.Text), `"`))
			d.yes.setDisabled(true) // until it is written
			w.live.Try(func() error { return w.publish(made, f, to, to == replaced) }, func(err error) {
				d.yes.setDisabled(false)
				switch {
				case app.CodeOf(err) == app.CodeFileExists:
					replaced = to
					d.yes.setLabel(t.T("reports.replace"), "Ctrl+Enter")
					d.tell(t.T("reports.there", filepath.Base(to)))
					return
				case err != nil:
					d.tell(t.Sentence(err))
					return
				}
				d.close()
				w.folder = filepath.Dir(to)
				w.say(t.T("reports.saved", to))
				if show.on {
					w.openPath(to)
				}
			})
			return false
		},
	})
	path.OnSubmitted = func(string) { d.accept() }
}

// publish writes the document and enters that into the journal; it is called on a
// worker.
func (w *Window) publish(made *report.Document, f bulletin.Format, to string, replace bool) error {
	if err := bulletin.WriteFile(to, made, f, replace); err != nil {
		return err
	}
	return w.desk.Published(bulletin.FileName(made, f))
}

// openPath hands a file to the program the system has for it.
func (w *Window) openPath(path string) {
	if err := w.fyne.OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}); err != nil {
		w.notice.show(w.text.T("file.no_program"), toneRed)
	}
}

// copyReport puts the document into the clipboard as a messenger takes it.
func (w *Window) copyReport(made *report.Document) {
	w.live.Load(&w.report, func(context.Context) (func(), error) {
		var out bytes.Buffer
		if err := bulletin.Write(&out, made, bulletin.Text); err != nil {
			return nil, err
		}
		return func() {
			w.fyne.Clipboard().SetContent(out.String())
			w.say(w.text.T("reports.copied"))
		}, nil
	})
}
