package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// rowFieldsHeight is the most the fields of a row take; more is scrolled.
const rowFieldsHeight = 380

// editRow asks for the cells of a row; -1 adds one.
func (e *tablesEditor) editRow(row int) {
	w, t := e.w, e.w.text
	if !w.desk.MayChangeTables() || row >= len(e.draft.Rows) {
		return
	}
	title := t.T("tables.row_new")
	if row >= 0 {
		title = t.T("tables.row_change", e.draft.Line(row))
	}
	fields := container.New(column{gap: 12})
	var values []func() string
	var first fyne.Focusable
	for _, c := range e.spec() {
		v := ""
		if row >= 0 {
			v = e.draft.Cell(row, c.Name)
		}
		input, value, focus := w.cellInput(c, v)
		fields.Add(w.field(t.T("column."+string(c.Name)), input))
		values = append(values, value)
		if first == nil {
			first = focus
		}
	}
	var content fyne.CanvasObject = fields
	if fields.MinSize().Height > rowFieldsHeight {
		content = sized(w.quiet(container.NewVScroll(container.New(gaps{0, 12, 4, 0}, fields))), 0, rowFieldsHeight)
	}
	w.ask(question{
		title: title, content: content, width: 620, yes: t.T("tables.row_done"), first: first,
		do: func() bool {
			cells := make([]string, len(values))
			for i, value := range values {
				cells[i] = value()
			}
			e.putRow(row, cells)
			return true
		},
	})
}

// putRow puts the cells, which stand in the order of the columns, into the draft.
func (e *tablesEditor) putRow(row int, cells []string) {
	e.own()
	if row < 0 {
		row = len(e.draft.Rows)
		last := 0
		for _, l := range e.draft.Lines {
			last = max(last, l)
		}
		e.draft.Rows, e.draft.Lines = append(e.draft.Rows, nil), append(e.draft.Lines, last+1)
	}
	e.draft.Rows[row] = cells
	e.edited()
	e.grid.list.selectRow(row)
}

// cellInput is what a cell is changed by, with what it comes to.
func (w *Window) cellInput(c app.ColumnSpec, v string) (input fyne.CanvasObject, value func() string, focus fyne.Focusable) {
	var all []string
	if c.From != nil {
		all = c.From(w.desk.Region())
	}
	switch {
	case c.Kind == app.CellMany:
		return w.manyInput(c, v)
	case c.Kind == app.CellChoice || c.From != nil:
		var options []option
		if !c.Need {
			options = append(options, option{"", w.text.T("tables.any")})
		}
		for _, code := range c.Of {
			options = append(options, option{code, assets.Name(w.text, c.Family, code)})
		}
		options = append(options, plain(all)...)
		if known := slices.ContainsFunc(options, func(o option) bool { return o.value == v }); v != "" && !known {
			options = append(options, option{v, v}) // what is wrong is shown, not changed in silence
		}
		choice := w.newChoice("", options, v, nil)
		return choice, func() string { return choice.value }, choice
	case c.Kind == app.CellText:
		editor := w.newEditor("")
		editor.SetText(v)
		return sized(editor, 0, 84), func() string { return strings.TrimSpace(editor.Text) }, editor
	}
	entry := w.newEntry("")
	entry.SetText(v)
	if c.Kind == app.CellDay || c.Kind == app.CellNumber {
		entry.SetText(w.cellWords(c, v))
	}
	return sized(entry, 0, buttonHeight), func() string { return strings.TrimSpace(entry.Text) }, entry
}

// manyInput shows every code as a pill that is on or off. What is chosen keeps its
// order, which may say what goes first; what is added goes last.
func (w *Window) manyInput(c app.ColumnSpec, v string) (input fyne.CanvasObject, value func() string, focus fyne.Focusable) {
	var chosen []string
	if v != "" {
		chosen = strings.Split(v, ", ")
	}
	pills := container.New(newFlow(6))
	for _, code := range c.Of {
		pill := w.toggle(assets.Name(w.text, c.Family, code), slices.Contains(chosen, code), func(on bool) {
			chosen = slices.DeleteFunc(chosen, func(c string) bool { return c == code })
			if on {
				chosen = append(chosen, code)
			}
		})
		pills.Add(pill)
		if focus == nil {
			focus = pill
		}
	}
	return pills, func() string { return strings.Join(chosen, ", ") }, focus
}
