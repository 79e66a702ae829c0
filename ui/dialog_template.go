package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// Sizes of the question for a template.
const (
	templateList    = 270
	templateHeight  = 300
	templateRow     = 28
	templatesWidth  = 780
	templatePadding = 10
)

// templates is the question for a template: a line to search in, the names, and
// beside them the words of the one that is chosen, filled for the appeal.
type templates struct {
	r      *reply
	all    []app.Template
	shown  []app.Template
	search *entry
	list   *list
	dialog *dialog
	text   func(words string)
}

// chooseTemplate offers the region's templates; the one taken is put where the
// cursor stands.
func (s *appealsScreen) chooseTemplate() {
	r := s.detail.reply
	if s.detail.card == nil {
		return
	}
	if r.tab != tabAnswer {
		r.choose(tabAnswer)
	}
	if r.editor.Hidden {
		return
	}
	w, all := s.w, s.w.desk.Region().Templates
	if len(all) == 0 {
		w.notice.show(w.text.T("template.none"), toneAmber)
		return
	}
	c := &templates{r: r, all: all, search: w.newEntry(w.text.T("template.search"))}
	c.list = w.newList(templateRow, func() listRow { return w.newOptionRow() }, func(i int, row listRow) {
		row.(*optionRow).set(c.shown[i].Name, false)
	})
	c.list.changed = func(i int) { c.text(w.desk.Fill(c.shown[i].Text, s.detail.card.Appeal)) }
	c.list.activate = func(int) { c.dialog.accept() }
	c.list.clickAgain = true
	c.search.OnChanged = c.narrow
	c.search.key = c.key
	c.search.OnSubmitted = func(string) { c.dialog.accept() }
	words := paragraph("")
	preview := container.NewVScroll(words)
	c.text = func(s string) {
		words.SetText(s)
		preview.ScrollToTop()
	}
	left, right := w.framed(c.list, gaps{2, 2, 2, 2}), w.framed(w.quiet(preview), gaps{2, templatePadding, 2, templatePadding})
	c.dialog = w.ask(question{
		title: w.text.T("template.title"), width: templatesWidth, yes: w.text.T("template.yes"), first: c.search, do: c.take,
		content: container.New(column{gap: 8}, sized(c.search, 0, buttonHeight), sized(container.New(arrangement{
			min: func() fyne.Size { return fyne.NewSize(2*templateList, templateHeight) },
			place: func(size fyne.Size) {
				place(left, 0, 0, templateList, size.Height)
				place(right, templateList+8, 0, size.Width-templateList-8, size.Height)
			},
		}, left, right), 0, templateHeight)),
	})
	c.narrow("")
}

// narrow shows the templates whose name or words hold all that is typed.
func (c *templates) narrow(typed string) {
	c.shown = nil
	for _, t := range c.all {
		fits := true
		for _, word := range strings.Fields(app.Fold(typed)) {
			fits = fits && strings.Contains(app.Fold(t.Name+"\n"+t.Text), word)
		}
		if fits {
			c.shown = append(c.shown, t)
		}
	}
	c.list.selected = -1
	c.list.setCount(len(c.shown))
	if c.text(""); len(c.shown) > 0 {
		c.list.selectRow(0)
	}
}

// key leads the list while the search line has the keyboard.
func (c *templates) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageDown, fyne.KeyPageUp:
		return c.list.move(e.Name)
	}
	return false
}

func (c *templates) take() bool {
	i := c.list.selected
	if i < 0 || i >= len(c.shown) || c.r.detail.card == nil {
		return false
	}
	text := c.r.w.desk.Fill(c.shown[i].Text, c.r.detail.card.Appeal)
	c.dialog.closed = func() { c.r.insert(text) } // the editor has the keyboard again
	return true
}

// insert puts a template into the answer: alone into an empty one, otherwise
// under what is there. The first field left to the person is selected.
func (r *reply) insert(text string) {
	if old := strings.TrimRight(r.editor.Text, " \n"); old != "" {
		text = old + "\n\n" + text
	}
	r.editor.SetText(text)
	r.focus()
	if blanks := app.Blanks(text); len(blanks) > 0 {
		r.editor.choose(blanks[0].From, blanks[0].To)
	}
}

// editorKey takes Tab to the next field to be filled, where there is one.
func (r *reply) editorKey(k *fyne.KeyEvent) bool { return k.Name == fyne.KeyTab && r.nextBlank() }

// nextBlank selects the next field of a template that is still to be filled, from
// the cursor on and then from the beginning.
func (r *reply) nextBlank() bool {
	blanks := app.Blanks(r.editor.Text)
	if r.tab != tabAnswer || len(blanks) == 0 {
		return false
	}
	next := blanks[0]
	for _, b := range blanks {
		if at := r.editor.CursorTextOffset(); b.From >= at {
			next = b
			break
		}
	}
	r.editor.choose(next.From, next.To)
	return true
}

// blankWords names the fields that are still to be filled, "" where none is.
func (r *reply) blankWords() string {
	blanks := app.Blanks(r.texts[tabAnswer])
	if r.tab != tabAnswer || r.editor.Hidden || len(blanks) == 0 {
		return ""
	}
	names := make([]string, len(blanks))
	for i, b := range blanks {
		names[i] = b.Name
	}
	return r.w.text.T("reply.blanks", strings.Join(names, ", "))
}
