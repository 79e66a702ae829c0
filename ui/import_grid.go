package ui

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

// Sizes of the preview of a file.
const (
	gridHead   = 50
	gridRow    = 26
	gridRows   = 10 // on the screen
	gridColumn = 168
	gridLine   = 58 // width of the numbers of lines
	gridWords  = 220
)

// previewGrid shows the first rows of a file with what its columns mean. A cursor of
// the keyboard goes from cell to cell, the headings included; what is wrong with a
// cell is marked by a sign and said for the cell under the cursor or the mouse.
type previewGrid struct {
	widget.BaseWidget
	window  *Window
	preview *app.Preview
	choose  func(col int, at fyne.Position) // Enter, or a click on a heading
	told    func(words string)

	row, col  int // of the cursor; -1 are the headings
	top, left int // first row and column on the screen
	focused   bool
	hover     [2]int
	objects   []fyne.CanvasObject
}

func (w *Window) newPreviewGrid() *previewGrid {
	g := &previewGrid{window: w, preview: &app.Preview{}, row: -1, hover: [2]int{-2, -2}}
	g.ExtendBaseWidget(g)
	return g
}

// set shows a preview; the cursor stays where it can.
func (g *previewGrid) set(p *app.Preview) {
	g.preview = p
	g.walk(g.row, g.col)
}

// MinSize leaves the size to the place it stands in.
func (g *previewGrid) MinSize() fyne.Size {
	return fyne.NewSize(gridLine+gridColumn, gridHead+2*gridRow)
}

// columns is how many stand on the screen, and how wide each is.
func (g *previewGrid) columns() (n int, width float32) {
	room := g.Size().Width - gridLine
	n = min(max(1, int(room/gridColumn)), max(1, len(g.preview.Columns)))
	return n, room / float32(n)
}

func (g *previewGrid) rows() int { return max(1, int((g.Size().Height-gridHead)/gridRow)) }

// walk moves the cursor, as far as there are cells, and brings it into view.
func (g *previewGrid) walk(row, col int) {
	g.row = min(max(row, -1), len(g.preview.Rows)-1)
	g.col = min(max(col, 0), max(0, len(g.preview.Columns)-1))
	n, _ := g.columns()
	g.left = min(max(g.left, g.col-n+1), g.col)
	if g.row >= 0 {
		g.top = min(max(g.top, g.row-g.rows()+1), g.row)
	} else {
		g.top = 0
	}
	g.tell(g.row, g.col)
	g.Refresh()
}

// problem is what is wrong with a cell, "" nothing.
func (g *previewGrid) problem(row, col int) string {
	skip, bad := g.preview.Rows[row].Skip(col, gridWords)
	if !bad {
		return ""
	}
	return g.window.skipWords(skip)
}

// tell says all about a cell.
func (g *previewGrid) tell(row, col int) {
	if g.told == nil || col >= len(g.preview.Columns) {
		return
	}
	t, c := g.window.text, g.preview.Columns[col]
	heading := t.T("import.column", col+1, c.Heading)
	if row < 0 {
		g.told(t.T("import.column_means", heading, fieldName(g.window, c.Field)))
		return
	}
	r := g.preview.Rows[row]
	value := ""
	if col < len(r.Cells) {
		value = app.Cut(strings.Join(strings.Fields(r.Cells[col]), " "), gridWords)
	}
	words := t.T("import.cell", r.Line, heading, value)
	for _, at := range []int{col, -1} {
		if why := g.problem(row, at); why != "" {
			words += "\n! " + why
			break
		}
	}
	g.told(words)
}

// TypedKey moves the cursor; Enter and Space choose what the column means.
func (g *previewGrid) TypedKey(e *fyne.KeyEvent) {
	g.window.touch()
	switch e.Name {
	case fyne.KeyUp:
		g.walk(g.row-1, g.col)
	case fyne.KeyDown:
		g.walk(g.row+1, g.col)
	case fyne.KeyLeft:
		g.walk(g.row, g.col-1)
	case fyne.KeyRight:
		g.walk(g.row, g.col+1)
	case fyne.KeyHome:
		g.walk(g.row, 0)
	case fyne.KeyEnd:
		g.walk(g.row, len(g.preview.Columns)-1)
	case fyne.KeyPageUp:
		g.walk(max(g.row-g.rows(), -1), g.col)
	case fyne.KeyPageDown:
		g.walk(g.row+g.rows(), g.col)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		g.ask(g.col)
	default:
		g.window.typed(e)
	}
}

// TypedRune is part of fyne.Focusable.
func (g *previewGrid) TypedRune(rune) {}

// TypedShortcut leaves shortcuts to the window.
func (g *previewGrid) TypedShortcut(s fyne.Shortcut) { g.window.shortcut(s) }

// FocusGained shows where the keyboard is.
func (g *previewGrid) FocusGained() {
	g.focused = true
	g.Refresh()
	g.window.followFocus()
}

// FocusLost takes the sign away.
func (g *previewGrid) FocusLost() {
	g.focused = false
	g.Refresh()
}

func (g *previewGrid) ask(col int) {
	if g.choose == nil || col >= len(g.preview.Columns) {
		return
	}
	_, width := g.columns()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(g)
	g.choose(col, at.AddXY(gridLine+float32(col-g.left)*width, gridHead))
}

// at gives the cell at a place; col is -1 outside.
func (g *previewGrid) at(p fyne.Position) (row, col int) {
	n, width := g.columns()
	if p.X < gridLine || width <= 0 {
		return -1, -1
	}
	if col = int((p.X - gridLine) / width); col >= n {
		return -1, -1
	}
	if col += g.left; col >= len(g.preview.Columns) {
		return -1, -1
	}
	if p.Y < gridHead {
		return -1, col
	}
	if row = g.top + int((p.Y-gridHead)/gridRow); row >= len(g.preview.Rows) {
		return -1, -1
	}
	return row, col
}

// Tapped moves the cursor; a click on a heading asks what the column means.
func (g *previewGrid) Tapped(e *fyne.PointEvent) {
	row, col := g.at(e.Position)
	g.window.focus(g)
	if col < 0 {
		return
	}
	g.walk(row, col)
	if row < 0 {
		g.ask(col)
	}
}

// MouseIn is part of desktop.Hoverable.
func (g *previewGrid) MouseIn(e *desktop.MouseEvent) { g.MouseMoved(e) }

// MouseMoved tells of the cell under the mouse.
func (g *previewGrid) MouseMoved(e *desktop.MouseEvent) {
	g.window.touch()
	row, col := g.at(e.Position)
	if at := [2]int{row, col}; at != g.hover {
		g.hover = at
		if col >= 0 {
			g.tell(row, col)
		}
	}
}

// MouseOut tells of the cell under the cursor again.
func (g *previewGrid) MouseOut() {
	g.hover = [2]int{-2, -2}
	g.tell(g.row, g.col)
}

// Scrolled moves the rows, or with Shift the columns.
func (g *previewGrid) Scrolled(e *fyne.ScrollEvent) {
	step := func(at int, by float32, last int) int {
		switch {
		case by < 0:
			at++
		case by > 0:
			at--
		}
		return min(max(at, 0), max(0, last))
	}
	n, _ := g.columns()
	g.top = step(g.top, e.Scrolled.DY, len(g.preview.Rows)-g.rows())
	g.left = step(g.left, e.Scrolled.DX, len(g.preview.Columns)-n)
	g.Refresh()
}

// CreateRenderer draws the cells on the screen.
func (g *previewGrid) CreateRenderer() fyne.WidgetRenderer { return &gridDrawing{g} }

type gridDrawing struct{ grid *previewGrid }

func (d *gridDrawing) Destroy()                     {}
func (d *gridDrawing) MinSize() fyne.Size           { return d.grid.MinSize() }
func (d *gridDrawing) Objects() []fyne.CanvasObject { return d.grid.objects }
func (d *gridDrawing) Layout(fyne.Size)             { d.grid.draw() }

func (d *gridDrawing) Refresh() {
	d.grid.draw()
	canvas.Refresh(d.grid)
}

// draw makes the objects of the cells on the screen anew: they are few.
func (g *previewGrid) draw() {
	g.objects = g.objects[:0:0]
	p := g.window.pal
	n, width := g.columns()
	g.rect(0, 0, g.Size().Width, gridHead, p.shade, nil)
	for i := range n {
		col := g.left + i
		if col >= len(g.preview.Columns) {
			break
		}
		c, x := g.preview.Columns[col], gridLine+float32(i)*width
		ink := p.link
		if c.Field == "" {
			ink = p.muted
		}
		g.words(fieldName(g.window, c.Field)+" ▾", x, 5, width, ink, true)
		g.words(c.Heading, x, 27, width, p.muted, false)
		g.rect(x, 0, 1, g.Size().Height, p.border, nil)
		g.cursor(-1, col, x, 0, width, gridHead)
	}
	for k := range g.rows() {
		row := g.top + k
		if row >= len(g.preview.Rows) {
			break
		}
		g.line(row, n, width, gridHead+float32(k)*gridRow)
	}
	if rest := len(g.preview.Columns) - n; rest > 0 {
		g.words("‹ "+g.window.text.Number(int64(g.left+1))+"–"+g.window.text.Number(int64(g.left+n))+" ›", 0, 5, gridLine, p.muted, false)
	}
}

// line draws a row.
func (g *previewGrid) line(row, n int, width, y float32) {
	p, r := g.window.pal, g.preview.Rows[row]
	g.rect(0, y+gridRow-1, g.Size().Width, 1, p.line, nil)
	number, ink := g.window.text.Number(int64(r.Line)), p.muted
	if len(r.Problems) > 0 {
		number, ink = "! "+number, p.red
		if r.Problems[-1] != "" {
			g.rect(0, y, g.Size().Width, gridRow-1, p.redSoft, nil)
		}
	}
	g.words(number, 0, y+4, gridLine, ink, len(r.Problems) > 0)
	for i := range n {
		col := g.left + i
		if col >= len(g.preview.Columns) {
			break
		}
		x, value, ink, bad := gridLine+float32(i)*width, "", p.text, r.Problems[col] != ""
		if col < len(r.Cells) {
			value = strings.Join(strings.Fields(app.Cut(r.Cells[col], gridWords)), " ")
		}
		if g.preview.Columns[col].Field == "" {
			ink = p.muted
		}
		if bad {
			g.rect(x+1, y, width-1, gridRow-1, p.redSoft, p.red)
			value, ink = "! "+value, p.red
		}
		g.words(value, x, y+4, width, ink, bad)
		g.cursor(row, col, x, y, width, gridRow)
	}
}

// cursor draws the frame around the cell the keyboard is at.
func (g *previewGrid) cursor(row, col int, x, y, width, height float32) {
	if row == g.row && col == g.col && g.focused {
		r := g.rect(x+1, y+1, width-2, height-2, color.Transparent, g.window.pal.link)
		r.StrokeWidth = 2
	}
}

func (g *previewGrid) rect(x, y, width, height float32, fill, stroke color.Color) *canvas.Rectangle {
	r := canvas.NewRectangle(fill)
	if stroke != nil {
		r.StrokeColor, r.StrokeWidth = stroke, 1
	}
	place(r, x, y, width, height)
	g.objects = append(g.objects, r)
	return r
}

func (g *previewGrid) words(s string, x, y, width float32, ink color.Color, bold bool) {
	o := newText(g.window.cuts.fit(s, sizeCaption, bold, width-2*cellSide), sizeCaption, ink, bold)
	o.Move(fyne.NewPos(x+cellSide, y))
	o.Resize(o.MinSize())
	g.objects = append(g.objects, o)
}
