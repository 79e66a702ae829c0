package ui

import (
	"context"
	"maps"
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/assets"
)

// Sizes of the question about a file.
const (
	lookWidth    = 1180
	headingsMost = 30 // lines a heading is looked for by hand
)

// What people may choose from where the file does not say it.
var (
	encodings  = []string{"utf-8", "windows-1251", "utf-16le", "utf-16be"}
	separators = []string{";", ",", "\t", "|"}
)

// fileLook is the second step of an import: what was found in a file, shown before
// anything is written and each of it changeable.
type fileLook struct {
	w        *Window
	path     string
	set      app.Layout // what a person set
	preview  *app.Preview
	profiles []app.ImportProfile
	profile  string // that is in use
	asked    bool   // whether a profile was looked for
	dialog   *dialog
	slot     Slot

	format, encoding, separator, sheet, heading, saved *choice
	name                                               *entry
	forget                                             *button
	grid                                               *previewGrid
	found, lacks                                       *canvas.Text
	about                                              *widget.Label
}

// lookInto reads the first rows of a file and shows what they would become.
func (w *Window) lookInto(path string) {
	l := &fileLook{w: w, path: path}
	t := w.text
	pick := func(caption string, set func(v string)) *choice {
		return w.newChoice(t.T(caption), nil, "", func(v string) {
			set(v)
			l.read()
		})
	}
	l.format = pick("import.format", func(v string) { l.set.Format, l.set.Columns = v, nil })
	l.encoding = pick("import.encoding", func(v string) { l.set.Encoding, l.set.Columns = v, nil })
	l.separator = pick("import.separator", func(v string) { l.set.Separator, l.set.Columns = v, nil })
	l.sheet = pick("import.sheet", func(v string) { l.set.Sheet, l.set.Heading, l.set.Columns = v, 0, nil })
	l.heading = pick("import.heading", func(v string) {
		l.set.Heading, _ = strconv.Atoi(v)
		l.set.Columns = nil
	})
	l.saved = w.newChoice(t.T("import.profile"), nil, "", l.use)
	l.name = w.newEntry(t.T("import.profile_name"))
	l.name.OnSubmitted = func(string) { l.save() }
	keep := w.button(t.T("import.profile_save"), "", l.save)
	l.forget = w.button(t.T("import.profile_forget"), "", l.remove)
	l.grid = w.newPreviewGrid()
	l.grid.choose = l.meaning
	l.about = paragraph("")
	l.grid.told = func(words string) { l.about.SetText(words) }
	l.found, l.lacks = newText("", sizeText, w.pal.text, true), newText("", sizeText, w.pal.red, true)
	l.dialog = w.ask(question{
		title: t.T("import.look", filepath.Base(path)), width: lookWidth, yes: t.T("import.begin"), first: l.grid,
		content: container.New(column{gap: 8},
			container.New(newFlow(8), l.format, l.encoding, l.separator, l.sheet, l.heading),
			container.New(newFlow(8), l.saved, sized(l.name, 220, buttonHeight), keep, l.forget),
			l.found, sized(w.framed(l.grid, gaps{2, 2, 2, 2}), 0, gridHead+gridRows*gridRow+4),
			sized(l.about, 0, 44), l.lacks),
		do: func() bool {
			w.live.OnScreen(func() { w.importFile(l.path, l.preview.Layout) })
			return true
		},
		closed: func() { w.live.Drop(&l.slot) },
	})
	l.dialog.yes.setDisabled(true)
	l.about.SetText(t.T("import.reading"))
	l.read()
}

// read looks into the file again, as it is set now.
func (l *fileLook) read() {
	w, path, set := l.w, l.path, l.set
	set.Columns = maps.Clone(set.Columns)
	w.live.Load(&l.slot, func(context.Context) (func(), error) {
		profiles, err := w.desk.ImportProfiles()
		if err != nil {
			return nil, err
		}
		preview, err := w.options.Importer.Look(path, set)
		return func() {
			l.profiles = profiles
			if err != nil {
				l.failed(err)
				return
			}
			l.show(preview)
		}, nil
	})
}

// failed says why the file cannot be looked into; what was set can be set otherwise.
func (l *fileLook) failed(err error) {
	l.dialog.yes.setDisabled(true)
	if l.preview == nil {
		l.dialog.close()
		l.w.fail(err)
		return
	}
	l.dialog.tell(l.w.text.Sentence(err))
}

func (l *fileLook) show(p *app.Preview) {
	first := !l.asked
	l.asked, l.preview = true, p
	if first {
		of := app.ImportSource{Headings: p.Headings()}
		for _, saved := range l.profiles {
			if saved.Query.Same(of) {
				l.use(saved.Name)
				return
			}
		}
	}
	w, t := l.w, l.w.text
	l.dialog.problem.Hide()
	choose := func(c *choice, values []string, value string, words func(string) string) {
		var options []option
		for _, v := range values {
			options = append(options, option{v, words(v)})
		}
		c.Hidden = len(values) == 0
		c.setOptions(options)
		c.set(value)
	}
	text := len(p.Sheets) == 0
	only := func(on bool, values []string) []string {
		if on {
			return values
		}
		return nil
	}
	choose(l.format, p.Formats, p.Layout.Format, func(v string) string { return wordsOr(w, "format.", v) })
	choose(l.encoding, only(text && p.Layout.Encoding != "", encodings), p.Layout.Encoding, strings.ToUpper)
	choose(l.separator, only(text && p.Layout.Separator != "", separators), p.Layout.Separator, func(v string) string {
		if v == "\t" {
			return t.T("import.tab")
		}
		return v
	})
	choose(l.sheet, p.Sheets, p.Layout.Sheet, func(v string) string { return v })
	var lines []string
	for n := range max(headingsMost, p.Layout.Heading) {
		lines = append(lines, strconv.Itoa(n+1))
	}
	bare := p.List != nil && p.List.Bare
	if bare {
		lines = append([]string{"0"}, lines...)
	}
	choose(l.heading, only(p.Layout.Heading > 0 || bare, lines), strconv.Itoa(p.Layout.Heading), func(v string) string {
		if v == "0" {
			return t.T("import.heading_none")
		}
		return v
	})
	names := []string{""}
	for _, saved := range l.profiles {
		names = append(names, saved.Name)
	}
	choose(l.saved, names, l.profile, func(v string) string {
		if v == "" {
			return t.T("import.profile_none")
		}
		return v
	})
	l.forget.Hidden = l.profile == ""
	bad := 0
	for _, r := range p.Rows {
		if len(r.Problems) > 0 {
			bad++
		}
	}
	l.found.Text = t.N("import.rows_seen", len(p.Rows)) + " · " + t.N("import.rows_bad", bad)
	if of := p.List; of != nil {
		number := func(n int) string { return t.Number(int64(n)) }
		l.found.Text = t.T("import.list", assets.Name(t, "table", of.Table), number(of.New), number(of.Known), number(of.Skipped))
	}
	l.lacks.Text = ""
	switch {
	case p.List != nil && !w.desk.MayChangeTables():
		l.lacks.Text = t.T("import.list_readonly")
	case p.Layout.Format == "":
		l.lacks.Text = t.T("import.no_format")
	case len(p.Missing) > 0:
		var all []string
		for _, f := range p.Missing {
			all = append(all, fieldName(w, f))
		}
		l.lacks.Text = t.T("import.missing", strings.Join(all, ", "))
	}
	l.dialog.yes.setDisabled(l.lacks.Text != "")
	l.grid.set(p)
	l.dialog.pop.Refresh()
}

// meaning asks what a column means.
func (l *fileLook) meaning(col int, at fyne.Position) {
	t, p := l.w.text, l.preview
	column := p.Columns[col]
	if column.Heading == "" {
		l.about.SetText(t.T("import.no_heading"))
		return
	}
	options := []option{{"", t.T("column.none")}}
	for _, f := range p.Fields {
		options = append(options, option{f, fieldName(l.w, f)})
	}
	l.w.pick(options, column.Field, at, gridColumn, func(v string) {
		if l.set.Columns == nil {
			l.set.Columns = map[string]string{}
		}
		for _, other := range p.Columns { // a meaning has one column
			if v != "" && other.Field == v && other.Heading != "" {
				l.set.Columns[other.Heading] = ""
			}
		}
		l.set.Columns[column.Heading] = v
		l.read()
	}, l.grid)
}

// use reads the file by a saved profile, or with "" as it is found.
func (l *fileLook) use(name string) {
	l.profile, l.set = "", app.Layout{}
	for _, saved := range l.profiles {
		if saved.Name == name {
			l.profile, l.set = name, saved.Query.Clone().Layout
		}
	}
	l.name.SetText(l.profile)
	l.read()
}

// save keeps what was set under a name.
func (l *fileLook) save() {
	if l.preview == nil {
		return
	}
	p := app.ImportProfile{Name: l.name.Text, Query: app.ImportSource{Layout: l.set, Headings: l.preview.Headings()}.Clone()}
	p.Query.Layout.Format = l.preview.Layout.Format
	l.profiled(func() error { return l.w.desk.SaveImportProfile(p) }, strings.Join(strings.Fields(p.Name), " "))
}

func (l *fileLook) remove() {
	name := l.profile
	l.profiled(func() error { return l.w.desk.RemoveImportProfile(name) }, "")
}

// profiled changes the profiles; afterwards the named one is in use.
func (l *fileLook) profiled(change func() error, name string) {
	l.w.live.Try(change, func(err error) {
		if err != nil {
			l.dialog.tell(l.w.text.Sentence(err))
			return
		}
		l.profile = name
		l.w.focus(l.grid)
		l.read()
	})
}

// fieldName says what a column means.
func fieldName(w *Window, field string) string {
	if field == "" {
		return w.text.T("column.none")
	}
	return wordsOr(w, "import.field.", strings.ReplaceAll(field, " ", "_"))
}

// wordsOr gives the words for a name, or the name itself where there are none yet.
func wordsOr(w *Window, prefix, name string) string {
	if !w.text.Has(prefix + name) {
		return name
	}
	return w.text.T(prefix + name)
}
