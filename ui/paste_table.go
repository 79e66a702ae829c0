package ui

import (
	"cmp"
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
	"otklik/exchange"
)

// Sizes of the question about a pasted table.
const (
	pasteWidth   = 860
	pasteColumns = 8   // whose meaning can be chosen
	pasteARow    = 4   // of them stand side by side
	pasteColumn  = 199 // width of a choice
	pasteHeight  = 190
)

// pasting is the question about a table out of the clipboard: what its columns mean,
// and what would come of each row.
type pasting struct {
	w       *Window
	table   *exchange.Pasted
	meaning exchange.Meaning
	batch   *app.Batch
	lines   []pastedLine
	dialog  *dialog
	list    *table
	sum     *canvas.Text
	slot    Slot
}

// pastedLine is what comes of one row.
type pastedLine struct {
	line   int
	appeal *app.Appeal // nil where the row cannot be understood
	why    string      // "" where the appeal is created
}

// pasteTable reads a table out of the clipboard and shows which appeals it would
// make.
func (w *Window) pasteTable() {
	if !w.desk.Me().MayAsk(app.OpCreate) {
		w.fail(app.Fail(app.CodeWrongRole, app.OpCreate))
		return
	}
	text, region := w.fyne.Clipboard().Content(), w.desk.Region()
	var table *exchange.Pasted
	w.live.Do(func() (err error) {
		table, err = exchange.Paste(text, region)
		return err
	}, func() {
		if w.dialog == nil && w.shut == "" {
			w.askPasted(table)
		}
	})
}

func (w *Window) askPasted(of *exchange.Pasted) {
	t := w.text
	p := &pasting{w: w, table: of, sum: newText("", sizeText, w.pal.text, true)}
	p.meaning = exchange.Meaning{
		Columns: slices.Clone(of.Columns), Headed: of.Headed, Source: app.SourceFile, Kind: app.KindIncident, Now: w.desk.Now(),
	}
	content := container.New(column{gap: 10})
	first := p.askMeaning(content)
	p.list = w.newTable([]tableColumn{
		{title: t.T("pasted.line"), width: 70, right: true},
		{title: t.T("pasted.fate"), width: 320, kind: cellChip},
		{title: t.T("pasted.appeal"), width: 260, grow: 1},
	}, 30, sizeText, p.fill)
	p.list.setEmpty(t.T("pasted.nothing"), nil)
	content.Add(sized(w.framed(p.list, gaps{2, 2, 2, 2}), 0, pasteHeight))
	content.Add(p.sum)
	if first == nil {
		first = p.list.list
	}
	p.dialog = w.ask(question{
		title: t.T("pasted.title"), content: content, width: pasteWidth, yes: t.T("pasted.yes"), first: first, do: p.create,
		closed: func() { w.live.Drop(&p.slot) },
	})
	p.dialog.yes.setDisabled(true)
	p.look()
}

// askMeaning asks what the columns mean, where no known format says it, and gives
// the input that comes first.
func (p *pasting) askMeaning(content *fyne.Container) (first fyne.Focusable) {
	w, t := p.w, p.w.text
	if p.table.Format != "" {
		content.Add(aligned(paragraph(t.T("pasted.format", t.T("format."+p.table.Format)))))
		return nil
	}
	var meanings, sources, kinds []option
	for _, c := range append([]exchange.Column{exchange.ColumnNone}, exchange.Columns...) {
		name := string(c)
		if c == exchange.ColumnNone {
			name = "none"
		}
		meanings = append(meanings, option{string(c), t.T("column." + name)})
	}
	for _, v := range app.Sources {
		sources = append(sources, option{string(v), assets.Name(t, "source", v)})
	}
	for _, v := range app.Kinds {
		kinds = append(kinds, option{string(v), assets.Name(t, "kind", v)})
	}
	columns := container.New(column{gap: 8})
	var row *fyne.Container
	for i := range min(len(p.meaning.Columns), pasteColumns) {
		c := w.newChoice("", meanings, string(p.meaning.Columns[i]), func(v string) {
			p.meaning.Columns[i] = exchange.Column(v)
			p.look()
		})
		if first == nil {
			first = c
		}
		sample := w.cuts.fit(p.table.Sample(i), sizeCaption, false, pasteColumn-4)
		if i%pasteARow == 0 {
			row = container.New(line{gap: 8})
			columns.Add(row)
		}
		row.Add(sized(w.field(t.T("pasted.column", i+1)+" "+sample, c), pasteColumn, 0))
	}
	content.Add(columns)
	headed := w.newTick(t.T("pasted.headed"), p.meaning.Headed, func(on bool) {
		p.meaning.Headed = on
		p.look()
	})
	source := w.newChoice("", sources, string(p.meaning.Source), func(v string) {
		p.meaning.Source = app.Source(v)
		p.look()
	})
	kind := w.newChoice("", kinds, string(p.meaning.Kind), func(v string) {
		p.meaning.Kind = app.Kind(v)
		p.look()
	})
	content.Add(sideBySide(w.field(t.T("new.source"), source), w.field(t.T("new.kind"), kind)))
	content.Add(headed)
	return first
}

// look reads the rows as they are meant now, and asks which are new.
func (p *pasting) look() {
	desk, table, meaning := p.w.desk, p.table, p.meaning
	meaning.Columns = slices.Clone(meaning.Columns)
	p.w.live.Load(&p.slot, func(context.Context) (func(), error) {
		batch := table.Appeals(meaning)
		fresh, left, err := desk.Fresh(batch.Rows)
		if err != nil {
			return nil, err
		}
		return func() { p.show(batch, fresh, left) }, nil
	})
}

func (p *pasting) show(batch *app.Batch, fresh []app.BatchRow, left []app.Skip) {
	w, t := p.w, p.w.text
	p.batch, p.lines = batch, nil
	at := map[int]*app.Appeal{}
	for _, row := range batch.Rows {
		at[row.Line] = row.Appeal
	}
	for _, row := range fresh {
		p.lines = append(p.lines, pastedLine{line: row.Line, appeal: row.Appeal})
	}
	for _, s := range slices.Concat(batch.Skipped, left) {
		p.lines = append(p.lines, pastedLine{line: s.Line, appeal: at[s.Line], why: w.skipWords(s)})
	}
	slices.SortStableFunc(p.lines, func(a, b pastedLine) int { return cmp.Compare(a.line, b.line) })
	p.list.setCount(len(p.lines))
	p.sum.Text = t.N("pasted.new", len(fresh))
	if n := len(p.lines) - len(fresh); n > 0 {
		p.sum.Text = joined(p.sum.Text, t.N("pasted.left", n))
	}
	canvas.Refresh(p.sum)
	p.dialog.yes.setDisabled(len(fresh) == 0)
}

// fill gives the cells of a row.
func (p *pasting) fill(i int, c []cell) {
	l := p.lines[i]
	c[0].words = p.w.text.Number(int64(l.line))
	c[1].words, c[1].tone = p.w.text.T("pasted.created"), toneGreen
	if l.why != "" {
		c[1].words, c[1].tone = l.why, toneAmber
	}
	if l.appeal != nil {
		c[2].words = joined(l.appeal.External, l.appeal.Municipality, l.appeal.Heading())
	}
}

// create takes the new appeals in, all in one transaction.
func (p *pasting) create() bool {
	w, d, batch := p.w, p.dialog, p.batch
	d.yes.setDisabled(true)
	var report app.ImportReport
	w.live.Try(func() (err error) {
		report, err = w.desk.TakeIn(context.Background(), batch)
		return err
	}, func(err error) {
		if err != nil {
			d.yes.setDisabled(false)
			d.tell(w.text.Sentence(err))
			return
		}
		d.close()
		w.say(w.text.N("pasted.done", report.Added))
		w.withAppeals((*appealsScreen).reload)
	})
	return false // closes when they are there
}
