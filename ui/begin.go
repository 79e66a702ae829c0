package ui

import (
	"net/url"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// leaveSample asks whether the sample region is to go; the next start asks what
// comes in its place.
func (w *Window) leaveSample() {
	t := w.text
	var d *dialog
	d = w.ask(question{
		title: t.T("sample.leave"), width: 520, yes: t.T("sample.yes"), content: aligned(paragraph(t.T("sample.leave_about"))),
		do: func() bool {
			d.yes.setDisabled(true)
			w.live.Try(w.options.Keyholder.Wipe, func(err error) {
				d.yes.setDisabled(false)
				if err != nil {
					d.tell(t.Sentence(err))
					return
				}
				w.Close()
			})
			return false
		},
	})
}

// tellCrash says once that the program ended badly, what became of the work, and
// where the file is that tells how.
func (w *Window) tellCrash() {
	if w.options.Crash == "" || w.shut != "" {
		return
	}
	unsent := 0
	w.live.Try(func() (err error) {
		if w.options.Carrier != nil {
			unsent, err = w.options.Carrier.Unsent()
		}
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		w.showCrash(unsent)
	})
}

func (w *Window) showCrash(unsent int) {
	t := w.text
	kept := t.T("locked.nothing")
	if unsent > 0 {
		kept = t.N("crash.unsent", unsent)
	}
	w.ask(question{
		title: t.T("crash.title"), width: 560, no: t.T("notice.close"), yes: t.T("crash.folder"),
		content: container.New(column{gap: 12}, aligned(paragraph(t.T("crash.about"))), aligned(paragraph(kept)),
			aligned(paragraph(t.T("crash.file", w.options.Crash)))),
		do: func() bool {
			folder := filepath.ToSlash(filepath.Dir(w.options.Crash))
			if !strings.HasPrefix(folder, "/") {
				folder = "/" + folder // of a drive
			}
			w.live.Try(func() error { return w.fyne.OpenURL(&url.URL{Scheme: "file", Path: folder}) }, func(err error) {
				if err != nil {
					w.notice.show(t.T("crash.no_folder", w.options.Crash), toneAmber)
				}
			})
			return true
		},
	})
}

// showChanges tells what is new in this version and those before it, and whether there
// is a later one.
func (w *Window) showChanges() {
	text := widget.NewRichTextFromMarkdown(w.options.Changes[w.text.Lang])
	text.Wrapping = fyne.TextWrapWord
	content := container.New(column{gap: 10}, text)
	if words := w.text.Newer(w.desk.Region()); words != "" {
		content = container.New(column{gap: 10}, aligned(paragraph(words)), text)
	}
	w.ask(question{title: w.text.T("menu.changes"), width: 760, no: w.text.T("notice.close"), content: content})
}

// settingRelease is the version of the program that was last told of.
const settingRelease = "release"

// tellRelease tells once of a later version, as soon as the region's tables name it.
// Where to get it is shown and never followed: a table is not to be trusted with that.
func (w *Window) tellRelease() {
	region := w.desk.Region()
	words, version := w.text.Newer(region), region.Release.Version
	if words == "" || w.shut != "" {
		return
	}
	fresh := false
	w.live.Try(func() error {
		told, err := w.desk.Setting(settingRelease)
		if fresh = err == nil && told != version; fresh {
			err = w.desk.SaveSetting(settingRelease, version)
		}
		return err
	}, func(err error) {
		if err == nil && fresh {
			w.notice.show(words, toneAmber)
		}
	})
}
