package ui

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

const fileRowHeight = 30

// chooser asks for a file: a line for the path, which may be pasted, and the
// folder as a list. Folders are read in the background: a network drive may be
// slow.
type chooser struct {
	w      *Window
	dialog *dialog
	path   *entry
	list   *list
	folder string
	files  []fileEntry
	ends   []string // of names that are shown
	slot   Slot
	taken  func(path string)
}

// fileEntry is one line of a folder.
type fileEntry struct {
	name   string
	path   string
	folder bool
	size   int64
	at     time.Time
}

// chooseFile asks for a file whose name ends in one of the ways and calls taken
// with its path; hint stands in the line for it.
func (w *Window) chooseFile(title, hint string, ends []string, taken func(path string)) *chooser {
	c := &chooser{w: w, path: w.newEntry(hint), ends: ends, taken: taken}
	c.list = w.newList(fileRowHeight, func() listRow { return w.newFileRow() }, func(i int, r listRow) {
		r.(*fileRow).set(c.files[i])
	})
	c.list.activate = c.open
	c.list.clickAgain = true
	c.path.OnSubmitted = c.enter
	frame := w.framed(c.list, gaps{2, 2, 2, 2})
	c.dialog = w.ask(question{
		title: title, width: 640, yes: w.text.T("file.open"), first: c.list,
		content: container.New(column{gap: 8}, sized(c.path, 0, buttonHeight), sized(frame, 0, 11*fileRowHeight+4)),
		do: func() bool {
			// What was typed goes before what is selected.
			if typed := strings.TrimSpace(c.path.Text); typed != "" && typed != c.folder {
				c.enter(typed)
			} else {
				c.open(c.list.selected)
			}
			return false // closes itself once a file is found
		},
	})
	if w.folder == "" {
		if home, err := os.UserHomeDir(); err == nil {
			w.folder = home
		}
	}
	c.enter(w.folder)
	return c
}

// open enters a folder or takes a file.
func (c *chooser) open(i int) {
	if i >= 0 && i < len(c.files) {
		c.enter(c.files[i].path)
	}
}

// enter shows a folder, or takes a file, by its path.
func (c *chooser) enter(path string) {
	path = filepath.Clean(strings.Trim(strings.TrimSpace(path), `"`))
	c.w.live.Load(&c.slot, func(context.Context) (func(), error) {
		info, err := os.Stat(path)
		if err == nil && !info.IsDir() {
			return func() { c.take(path) }, nil
		}
		var files []fileEntry
		if err == nil {
			files, err = readFolder(path, c.ends)
		}
		if err != nil {
			return func() { c.dialog.tell(c.w.text.Sentence(app.Fail(app.CodeNoFile, path))) }, nil
		}
		return func() { c.show(path, files) }, nil
	})
}

func (c *chooser) take(path string) {
	if c.w.dialog != c.dialog {
		return
	}
	c.w.folder = filepath.Dir(path)
	c.dialog.close()
	c.taken(path)
}

func (c *chooser) show(folder string, files []fileEntry) {
	c.folder, c.files = folder, files
	c.path.SetText(folder)
	c.dialog.problem.Hide()
	c.list.selected = -1
	c.list.top = 0
	c.list.setCount(len(files))
	if len(files) > 0 {
		c.list.selectRow(0)
	}
}

// readFolder lists folders and files whose names end like that, folders first; the folder above
// stands before them.
func readFolder(folder string, ends []string) ([]fileEntry, error) {
	all, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var out []fileEntry
	for _, e := range all {
		name := e.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		entry := fileEntry{name: name, path: filepath.Join(folder, name), folder: e.IsDir()}
		if !entry.folder && !slices.Contains(ends, strings.ToLower(filepath.Ext(name))) {
			continue
		}
		if info, err := e.Info(); err == nil {
			entry.size, entry.at = info.Size(), info.ModTime()
		}
		out = append(out, entry)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].folder != out[j].folder {
			return out[i].folder
		}
		return app.Fold(out[i].name) < app.Fold(out[j].name)
	})
	if above := filepath.Dir(folder); above != folder {
		out = append([]fileEntry{{path: above, folder: true}}, out...)
	}
	return out, nil
}

// fileRow is one line of a folder.
type fileRow struct {
	widget.BaseWidget
	window *Window
	entry  fileEntry
	icon   *widget.Icon
	name   *canvas.Text
	about  *canvas.Text
}

func (w *Window) newFileRow() *fileRow {
	r := &fileRow{
		window: w, icon: widget.NewIcon(nil), name: newText("", sizeText, w.pal.text, false),
		about: newText("", sizeCaption, w.pal.muted, false),
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *fileRow) set(e fileEntry) {
	r.entry = e
	r.icon.SetResource(theme.Icon(theme.IconNameDocument))
	if e.folder {
		r.icon.SetResource(theme.Icon(theme.IconNameFolder))
	}
	if e.name == "" {
		r.icon.SetResource(theme.Icon(theme.IconNameMoveUp))
	}
	r.Refresh()
}

func (r *fileRow) mark(bool, bool) {}

// CreateRenderer draws the line.
func (r *fileRow) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{r.icon, r.name, r.about}}
	d.arrangement = arrangement{min: func() fyne.Size { return fyne.NewSize(120, fileRowHeight) }, place: r.place}
	d.refresh = func() {
		r.place(r.Size())
		canvas.Refresh(r)
	}
	return d
}

func (r *fileRow) place(size fyne.Size) {
	t := r.window.text
	place(r.icon, 12, (size.Height-16)/2, 16, 16)
	name := r.entry.name
	if name == "" {
		name = t.T("file.above")
	}
	r.about.Text = ""
	if !r.entry.folder {
		r.about.Text = t.Date(r.window.here(r.entry.at)) + " · " + megabytes(t, r.entry.size)
	}
	width := r.about.MinSize().Width
	centred(r.about, size.Width-12-width, size.Height)
	r.name.Text = r.window.cuts.fit(name, sizeText, false, size.Width-52-width)
	centred(r.name, 36, size.Height)
}
