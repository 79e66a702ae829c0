package ui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// skipsShown bounds the lines of skipped rows in the report.
const skipsShown = 300

// spreadsheets are the endings of files the import understands.
var spreadsheets = []string{".xlsx", ".csv", ".tsv", ".json"}

// chooseImport asks for a file, the first step of an import.
func (w *Window) chooseImport() {
	if w.options.Importer == nil {
		return
	}
	w.chooseFile(w.text.T("file.title"), w.text.T("file.path"), spreadsheets, w.lookInto)
}

// importFile imports a file as it was looked at, showing how far it is; it can be
// stopped, and repeating it goes on from there.
func (w *Window) importFile(path string, how app.Layout) {
	t := w.text
	state := newText(t.T("import.reading"), sizeText, w.pal.text, false)
	bar := w.newProgress()
	var slot Slot
	ctx, stop := context.WithCancel(context.Background())
	d := w.ask(question{
		title: t.T("import.title", filepath.Base(path)), width: 460, no: t.T("import.stop"), closed: stop,
		content: container.New(column{gap: 10}, state, bar.object),
	})
	progress := func(rows int, share float64) {
		w.live.OnScreen(func() {
			state.Text = t.T("import.rows", t.Number(int64(rows)))
			canvas.Refresh(state)
			bar.set(int(share*1000), 1000)
		})
	}
	w.live.Load(&slot, func(open context.Context) (func(), error) {
		defer stop()
		end := context.AfterFunc(open, stop) // the window closes
		defer end()
		file, err := w.options.Importer.Open(path, how)
		var report app.ImportReport
		if err == nil {
			report, err = w.desk.Import(ctx, filepath.Base(path), file, progress)
			err = errors.Join(err, file.Close())
		}
		return func() {
			d.close()
			if err != nil {
				w.fail(err)
				return
			}
			w.showImport(path, how, report)
		}, nil
	})
}

// showImport reports what an import did, with every row left out and why.
func (w *Window) showImport(path string, how app.Layout, r app.ImportReport) {
	t := w.text
	number := func(n int) string { return t.Number(int64(n)) }
	content := container.New(column{gap: 8},
		w.fact(t.T("import.read"), number(r.Read)), w.fact(t.T("import.added"), number(r.Added)),
		w.fact(t.T("import.updated"), number(r.Updated)), w.fact(t.T("import.unchanged"), number(r.Unchanged)),
		w.fact(t.T("import.skipped"), number(r.Skipped)))
	var first fyne.Focusable
	buttons := container.New(line{gap: 8})
	if len(r.Skips) > 0 {
		var lines []string
		for _, s := range r.Skips[:min(skipsShown, len(r.Skips))] {
			lines = append(lines, t.T("import.line", s.Line, w.skipWords(s)))
		}
		if more := len(r.Skips) - skipsShown; more > 0 {
			lines = append(lines, t.T("import.more_lines", number(more)))
		}
		scroll := w.quiet(container.NewVScroll(paragraph(strings.Join(lines, "\n"))))
		content.Add(sized(w.framed(scroll, gaps{2, 2, 2, 2}), 0, 180))
		write := w.button(t.T("import.write_skipped"), "", func() { w.writeSkipped(path, how, r.Skips) })
		buttons.Add(write)
		first = write
	}
	if r.Added+r.Updated > 0 {
		undo := w.button(t.T("import.undo"), "", func() {
			w.askUndoImport(app.Imported{ID: r.ID, File: filepath.Base(path), Added: r.Added, Updated: r.Updated})
		})
		buttons.Add(undo)
		if first == nil {
			first = undo
		}
	}
	content.Add(buttons)
	w.ask(question{title: t.T("import.done", filepath.Base(path)), content: content, width: 560, no: t.T("dialog.close"), first: first})
}

// writeSkipped writes the rows that were left out beside their file; a name that is
// taken gets a number.
func (w *Window) writeSkipped(path string, how app.Layout, left []app.Skip) {
	t := w.text
	end := ".csv"
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		end = ".xlsx"
	}
	base := strings.TrimSuffix(path, filepath.Ext(path)) + t.T("import.skipped_suffix")
	headings := [2]string{t.T("import.skipped_line"), t.T("import.skipped_reason")}
	to := ""
	w.live.Try(func() (err error) {
		for n := 1; n < 100; n++ {
			if to = base + end; n > 1 {
				to = fmt.Sprintf("%s %d%s", base, n, end)
			}
			err = w.options.Importer.WriteSkipped(path, how, to, left, headings, w.skipWords)
			if app.CodeOf(err) != app.CodeFileExists {
				return err
			}
		}
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		w.say(t.T("import.skipped_written", filepath.Base(to)))
	})
}

// skipWords says why a row was left out.
func (w *Window) skipWords(s app.Skip) string {
	words := w.text.T("skip." + s.Reason)
	if strings.Contains(words, "%s") {
		return fmt.Sprintf(words, s.Detail)
	}
	return words
}

// progress is a bar that fills.
type progress struct {
	object     *fyne.Container
	back, fill *canvas.Rectangle
	share      float32
}

func (w *Window) newProgress() *progress {
	p := &progress{back: canvas.NewRectangle(w.pal.selected), fill: canvas.NewRectangle(w.pal.accent)}
	p.back.CornerRadius, p.fill.CornerRadius = 4, 4
	p.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(100, 8) },
		place: func(size fyne.Size) {
			place(p.back, 0, 0, size.Width, size.Height)
			place(p.fill, 0, 0, size.Width*p.share, size.Height)
		},
	}, p.back, p.fill)
	return p
}

// set shows done of all.
func (p *progress) set(done, all int) {
	p.share = 0
	if all > 0 {
		p.share = min(1, float32(done)/float32(all))
	}
	p.object.Refresh()
}
