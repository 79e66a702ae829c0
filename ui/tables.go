package ui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// Sizes of the editor of tables.
const (
	tablesListWidth  = 252
	tablesRowHeight  = 32
	tablesFootHeight = 47
	problemsHeight   = 118
	problemsShown    = 200
)

// tablesEditor shows the region's tables, and lets those who may change them: a copy
// of the table in force is edited, and put in force whole or not at all.
type tablesEditor struct {
	w      *Window
	object fyne.CanvasObject
	back   func()
	items  map[app.TableName]*navItem
	place  *fyne.Container // of the table
	title  *canvas.Text
	state  *canvas.Text
	lines  *fyne.Container // what is wrong, under the table
	grid   *table
	first  *button // of the row of buttons

	draft    app.Table // as shown
	inForce  *app.Table
	dirty    bool
	unread   []app.Problem // rows of the file that could not be read at all
	wrong    map[int]bool  // lines
	problems []app.Problem

	buttons []*button // that change the table
	change  []*button // that need a row
	loading Slot
	asking  Slot
}

func (w *Window) newTablesEditor(back func()) *tablesEditor {
	e := &tablesEditor{w: w, back: back, items: map[app.TableName]*navItem{}, place: container.NewStack(), lines: container.NewStack()}
	t := w.text
	e.title, e.state = newText("", sizeHeading, w.pal.text, true), newText("", sizeCaption, w.pal.muted, false)
	bar := w.topBar([]fyne.CanvasObject{
		w.button("‹ "+t.T("screen."+screenSettings), "Esc", e.leave), newText(t.T("tables.title"), sizeTitle, w.pal.text, true),
	}, nil)
	list := container.New(column{gap: 2})
	for _, name := range app.TableNames() {
		item := w.newNavItem(assets.Name(t, "table", name), func() { e.unlessDirty(func() { e.choose(name) }) })
		e.items[name] = item
		list.Add(sized(item, 0, tablesRowHeight))
	}
	add := w.button(t.T("tables.add"), "", func() { e.editRow(-1) })
	change := w.button(t.T("tables.change"), "Enter", func() { e.editRow(e.grid.list.selected) })
	remove := w.button(t.T("tables.remove"), "", e.removeRow)
	load := w.button(t.T("tables.import"), "", e.chooseFile)
	export := w.button(t.T("tables.export"), "", e.export)
	before := w.button(t.T("tables.before"), "", nil)
	before.do = func() { e.chooseBefore(before) }
	save := w.primaryButton(t.T("tables.save"), "", e.save)
	e.buttons, e.change, e.first = []*button{add, change, remove, load, save}, []*button{change, remove}, add
	left := container.New(newFlow(8), add, change, remove, load, export, before)
	ground, edge := canvas.NewRectangle(w.pal.surface), canvas.NewRectangle(w.pal.border)
	side := on(canvas.NewRectangle(w.pal.shade), w.quiet(container.NewVScroll(container.New(gaps{10, 10, 10, 10}, list))))
	e.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(leastWidth-railNarrow, leastHeight) },
		place: func(size fyne.Size) {
			wide := min(tablesListWidth, size.Width*0.28)
			place(ground, 0, 0, size.Width, size.Height)
			placeBar(bar, size.Width)
			x, width := wide+14, size.Width-wide-28
			e.title.Move(fyne.NewPos(x, 57))
			e.state.Move(fyne.NewPos(x, 80))
			m := save.MinSize()
			at, room := x, width-m.Width-8
			if size.Width < cardRoom { // the buttons go under the list of tables too
				at, room = 14, size.Width-28-m.Width-8
			}
			left.Resize(fyne.NewSize(room, left.MinSize().Height)) // whose rows follow from the width
			h := left.MinSize().Height
			foot := size.Height - h - tablesFootHeight + buttonHeight
			place(side, 0, barRow, wide, foot-barRow)
			if at == x {
				place(side, 0, barRow, wide, size.Height-barRow)
			}
			bottom := foot
			if len(e.problems) > 0 {
				bottom -= problemsHeight
				place(e.lines, x, bottom+8, width, problemsHeight-12)
			}
			place(e.place, x, 104, width, bottom-104)
			place(edge, at-14, foot, size.Width-at+14, 1)
			place(left, at, foot+(tablesFootHeight-buttonHeight)/2, room, h)
			place(save, size.Width-14-m.Width, foot+(tablesFootHeight-m.Height)/2, m.Width, m.Height)
		},
	}, ground, bar, side, e.title, e.state, e.place, e.lines, edge, left, save)
	e.choose(app.TableRules)
	return e
}

// spec describes the columns of the table shown.
func (e *tablesEditor) spec() []app.ColumnSpec { return app.ColumnsOf(e.draft.Name) }

// choose shows a table as it is in force.
func (e *tablesEditor) choose(name app.TableName) {
	e.w.live.Drop(&e.asking) // about the table before
	e.renew(name)
}

// renew shows what is in force now; a file that is being read still comes.
func (e *tablesEditor) renew(name app.TableName) {
	for n, item := range e.items {
		item.setChosen(n == name)
	}
	e.draft = e.w.desk.Region().Table(name)
	e.dirty, e.unread, e.inForce = false, nil, nil
	e.build()
	e.show(nil)
	e.follow()
}

// follow asks who put the table in force, and how far terms are reckoned by it.
func (e *tablesEditor) follow() {
	name := e.draft.Name
	e.w.live.Load(&e.loading, func(context.Context) (func(), error) {
		tables, err := e.w.desk.Tables()
		if err != nil {
			return nil, err
		}
		done, total := e.w.desk.Reckoning()
		return func() {
			e.inForce = nil
			if i := slices.IndexFunc(tables, func(t app.Table) bool { return t.Name == name }); i >= 0 {
				e.inForce = &tables[i]
			}
			e.say(done, total)
		}, nil
	})
}

// refresh follows a change from elsewhere; what is being edited stays.
func (e *tablesEditor) refresh() {
	if e.dirty {
		e.follow()
		return
	}
	selected := e.grid.list.selected
	e.renew(e.draft.Name)
	e.grid.list.selectRow(min(selected, len(e.draft.Rows)-1))
}

// say tells what stands behind the table shown.
func (e *tablesEditor) say(done, total int) {
	w, t := e.w, e.w.text
	e.state.Color = w.pal.muted
	switch {
	case e.dirty:
		e.state.Color, e.state.Text = w.pal.amber, t.T("tables.unsaved")
	case done < total:
		e.state.Text = t.T("tables.reckoning", t.Number(int64(done)), t.Number(int64(total)))
	case e.inForce != nil:
		e.state.Text = t.T("tables.changed", w.clock(e.inForce.At), e.inForce.By)
	default:
		e.state.Text = t.T("tables.shipped")
	}
	if !w.desk.MayChangeTables() {
		e.state.Text += " " + t.T("tables.readonly")
	}
	canvas.Refresh(e.state)
}

// build makes the grid for the columns of the table.
func (e *tablesEditor) build() {
	w, t := e.w, e.w.text
	e.title.Text = assets.Name(t, "table", e.draft.Name)
	canvas.Refresh(e.title)
	columns := []tableColumn{{title: "№", width: 42, right: true}}
	for _, c := range e.spec() {
		// Ten columns find room in a small window; what is left is shared by what they hold.
		column := tableColumn{title: t.T("column." + string(c.Name)), width: 40, grow: 1}
		switch c.Kind {
		case app.CellText:
			column.grow = 3
		case app.CellNumber, app.CellClock, app.CellDay:
			column.grow = 0.6
		case app.CellChoice:
			column.grow = 1.2
		case app.CellMany:
			column.grow = 1.6
		case app.CellWords:
			if c.Need && c.From == nil {
				column.grow = 2
			}
		}
		columns = append(columns, column)
	}
	size := float32(sizeText)
	if len(columns) > 6 {
		size = sizeCaption
	}
	e.grid = w.newTable(columns, tablesRowHeight, size, e.fill)
	e.grid.setEmpty(t.T("tables.empty"), nil)
	e.grid.list.clickAgain = true
	e.grid.list.activate = e.editRow
	e.grid.list.escape = e.leave
	e.grid.list.changed = func(int) { e.enable() }
	e.place.Objects = []fyne.CanvasObject{e.grid}
	e.place.Refresh()
}

// fill shows a row in words.
func (e *tablesEditor) fill(row int, cells []cell) {
	no := e.draft.Line(row)
	cells[0].words, cells[0].ink = strconv.Itoa(no), e.w.pal.faint
	for i, c := range e.spec() {
		cells[i+1].words = e.w.cellWords(c, e.draft.Cell(row, c.Name))
		if e.wrong[no] {
			cells[i+1].ink = e.w.pal.red
		}
	}
	if e.wrong[no] {
		cells[0].ink = e.w.pal.red
	}
}

// cellWords are what a person reads in the place of codes.
func (w *Window) cellWords(c app.ColumnSpec, v string) string {
	switch c.Kind {
	case app.CellChoice:
		if v != "" {
			return assets.Name(w.text, c.Family, v)
		}
	case app.CellMany:
		parts := strings.Split(v, ", ")
		for i, p := range parts {
			parts[i] = assets.Name(w.text, c.Family, p)
		}
		if v != "" {
			return strings.Join(parts, ", ")
		}
	case app.CellDay:
		if d, err := app.ParseDay(v); err == nil {
			return w.text.Date(d.In(w.desk.Region().Location()))
		}
	case app.CellNumber:
		if w.text.Lang == "ru" {
			return strings.Replace(v, ".", ",", 1)
		}
	}
	return strings.Join(strings.Fields(v), " ")
}

// show shows the rows, and under them what is wrong.
func (e *tablesEditor) show(problems []app.Problem) {
	e.problems, e.wrong = problems, map[int]bool{}
	var words []string
	for _, p := range problems {
		e.wrong[p.Line] = true
		if len(words) < problemsShown {
			words = append(words, e.w.problemWords(p))
		}
	}
	if more := len(problems) - problemsShown; more > 0 {
		words = append(words, e.w.text.T("tables.more_problems", e.w.text.Number(int64(more))))
	}
	e.lines.Objects = nil
	if len(problems) > 0 {
		head := newText(e.w.text.N("tables.problems", len(problems)), sizeText, e.w.pal.red, true)
		scroll := e.w.quiet(container.NewVScroll(aligned(paragraph(strings.Join(words, "\n")))))
		body := container.New(arrangement{
			min: func() fyne.Size { return fyne.NewSize(200, 60) },
			place: func(size fyne.Size) {
				centred(head, 0, 22)
				place(scroll, 0, 26, size.Width, size.Height-26)
			},
		}, head, scroll)
		e.lines.Objects = []fyne.CanvasObject{e.w.framed(body, gaps{4, 8, 6, 10})}
	}
	e.lines.Hidden = len(problems) == 0
	e.grid.setCount(len(e.draft.Rows))
	e.grid.list.refill()
	e.enable()
	e.object.Refresh()
}

// problemWords name the row and say what is wrong with it.
func (w *Window) problemWords(p app.Problem) string {
	if p.Line == 0 {
		return w.text.T("tables.whole", w.text.Sentence(p.Err))
	}
	return w.text.T("tables.line", p.Line, w.text.Sentence(p.Err))
}

// enable lets buttons be pressed that have something to do.
func (e *tablesEditor) enable() {
	may := e.w.desk.MayChangeTables()
	for _, b := range e.buttons {
		b.setDisabled(!may)
	}
	for _, b := range e.change {
		b.setDisabled(!may || e.grid.list.selected < 0 || e.grid.list.selected >= len(e.draft.Rows))
	}
	e.buttons[len(e.buttons)-1].setDisabled(!may || !e.dirty)
}

// edited looks at the table after a change of it, in the background: a large one
// takes its time.
func (e *tablesEditor) edited() {
	e.dirty = true
	e.say(0, 0)
	draft, unread, region := e.draft, e.unread, e.w.desk.Region()
	e.w.live.Load(&e.asking, func(context.Context) (func(), error) {
		problems := slices.Concat(unread, region.Check(draft))
		slices.SortStableFunc(problems, func(a, b app.Problem) int { return a.Line - b.Line })
		return func() { e.show(problems) }, nil
	})
	e.show(e.problems)
}

// save puts the table in force.
func (e *tablesEditor) save() {
	if len(e.unread) > 0 {
		e.show(e.problems) // rows of the file are missing in what is shown
		return
	}
	draft := e.draft
	var problems []app.Problem
	e.w.live.Do(func() (err error) {
		problems, err = e.w.desk.SaveTable(draft)
		return err
	}, func() {
		if len(problems) > 0 {
			e.show(problems)
			return
		}
		e.w.say(e.w.text.T("tables.saved", assets.Name(e.w.text, "table", draft.Name)))
		if e.draft.Name == draft.Name {
			e.choose(draft.Name)
		}
	})
}

// removeRow takes the selected row out.
func (e *tablesEditor) removeRow() {
	row := e.grid.list.selected
	if row < 0 || row >= len(e.draft.Rows) || !e.w.desk.MayChangeTables() {
		return
	}
	e.own()
	e.draft.Rows = slices.Delete(e.draft.Rows, row, row+1)
	e.draft.Lines = slices.Delete(e.draft.Lines, row, row+1)
	e.edited()
	e.grid.list.selectRow(min(row, len(e.draft.Rows)-1))
}

// own makes the rows of the draft its own, each with the number people know it by:
// what looks for problems in the background reads those of before.
func (e *tablesEditor) own() {
	lines := make([]int, len(e.draft.Rows))
	for i := range lines {
		lines[i] = e.draft.Line(i)
	}
	e.draft.Rows, e.draft.Lines = slices.Clone(e.draft.Rows), lines
}

// leave goes back to the settings.
func (e *tablesEditor) leave() { e.unlessDirty(e.back) }

// unlessDirty does something that would lose what was edited, after a question
// where there is anything.
func (e *tablesEditor) unlessDirty(do func()) {
	if !e.dirty {
		do()
		return
	}
	t := e.w.text
	e.w.ask(question{
		title: t.T("tables.leave_title"), width: 460, yes: t.T("tables.leave_yes"),
		content: aligned(paragraph(t.T("tables.leave_about", assets.Name(t, "table", e.draft.Name)))),
		do: func() bool {
			e.dirty = false
			do()
			return true
		},
	})
}

// key moves through the rows and changes them.
func (e *tablesEditor) key(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyDelete:
		e.removeRow()
	case fyne.KeyInsert:
		e.editRow(-1)
	case fyne.KeyEscape:
		e.leave()
	default:
		return e.grid.list.key(k)
	}
	return true
}
