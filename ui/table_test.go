package ui

import (
	"fmt"
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"otklik/app"
	"otklik/report"
)

// sampleTable has every kind of cell.
func sampleTable(w *Window, rows int) *table {
	t := w.newTable([]tableColumn{
		{title: "Сеть", width: 50, kind: cellBadge},
		{title: "Название", sort: "name", width: 120, grow: 1},
		{title: "Подписчики", sort: "count", width: 116, right: true},
		{title: "90 дней", width: 84, kind: cellSpark},
		{title: "Динамика", width: 90, kind: cellTrend},
		{title: "Состояние", width: 130, kind: cellChip},
	}, pageRowHeight, sizeText, func(i int, c []cell) {
		c[0].source = app.Sources[i%len(app.Sources)]
		c[1] = cell{words: fmt.Sprintf("Паблик %d с очень длинным названием, которое не помещается", i), bold: true}
		c[2] = cell{words: w.text.Number(int64(i * 1234)), ink: w.pal.signed(i - 2)}
		c[3].picture = report.Sparkline(report.Look{Width: sparkWidth, Height: sparkHeight, Palette: w.chartPalette()}, drawnSeries(5000, 300-i*200, i))
		c[4] = cell{words: "1,1", trend: i%3 - 1, ink: w.pal.signed(i%3 - 1)}
		c[5] = cell{words: "ждёт отправки", tone: toneAmber}
	})
	t.setCount(rows)
	return t
}

// golden compares a widget with its picture in testdata.
func golden(t *testing.T, f *fixture, name string, o fyne.CanvasObject, size fyne.Size) {
	t.Helper()
	win := test.NewTempWindow(t, container.NewStack(newGround(f.Window), o))
	win.SetPadded(false)
	win.Resize(size)
	f.settle()
	test.AssertRendersToImage(t, name+".png", win.Canvas())
}

func newGround(w *Window) fyne.CanvasObject { return w.framed(container.NewStack(), gaps{}) }

func TestTableLooks(t *testing.T) {
	for _, look := range []string{"light", "dark"} {
		t.Run(look, func(t *testing.T) {
			f := openWindow(t, fixed{theme: look})
			o := sampleTable(f.Window, 6)
			o.setSort("count", false)
			o.list.mark(1)
			o.heads[1].MouseIn(nil)
			golden(t, f, "table-"+look, o, fyne.NewSize(640, 220))
		})
	}
}

func TestTileLooks(t *testing.T) {
	for _, look := range []string{"light", "dark"} {
		t.Run(look, func(t *testing.T) {
			f := openWindow(t, fixed{theme: look})
			a, b := f.newTile("Время ответа, медиана", analyticsTile), f.newTile("Конфликты", exchangeTile)
			a.set("2 ч 48 мин", nil, tileNote{"среднее 4 ч 06 мин · цель 4 ч 30 мин", f.pal.green})
			b.set("1", f.pal.red, tileNote{words: "нужен выбор оператора"}, tileNote{"отклонено сервером: 1", f.pal.red})
			golden(t, f, "tiles-"+look, tileRow(a, b), fyne.NewSize(460, analyticsTile))
		})
	}
}

// A click on a title, or Enter on it, asks for the order; titles without an
// order take neither.
func TestTableTitlesSort(t *testing.T) {
	f := openWindow(t, fixed{})
	o := sampleTable(f.Window, 3)
	var asked []string
	o.sorted = func(key string) { asked = append(asked, key) }
	test.Tap(o.heads[1])
	o.heads[2].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	test.Tap(o.heads[3])
	if fmt.Sprint(asked) != "[name count]" {
		t.Fatalf("asked for %v", asked)
	}
	o.setSort("name", true)
	if o.heads[1].mark.Hidden || o.heads[1].mark.Angle != 0 || !o.heads[2].mark.Hidden {
		t.Error("the mark does not stand on the title of the order")
	}
}

func TestTableKeepsRowsInColumns(t *testing.T) {
	f := openWindow(t, fixed{})
	o := sampleTable(f.Window, 5)
	for _, width := range []float32{590, 900} {
		o.Resize(fyne.NewSize(width, 300))
		if got := o.lefts[len(o.lefts)-1]; got != width {
			t.Errorf("columns end at %v of %v", got, width)
		}
		r := o.list.rows[0].inner.(*tableRow)
		words := r.parts[1].words
		if end := words.Position().X + words.MinSize().Width; end > o.lefts[2]-cellSide+0.5 {
			t.Errorf("name ends at %v, its column at %v", end, o.lefts[2])
		}
		number := r.parts[2].words
		if end := number.Position().X + number.MinSize().Width; end < o.lefts[3]-cellSide-0.5 || end > o.lefts[3]-cellSide+0.5 {
			t.Errorf("number ends at %v, want %v", end, o.lefts[3]-cellSide)
		}
	}
}

func TestEmptyTableOffersTheWayOut(t *testing.T) {
	f := openWindow(t, fixed{})
	o := sampleTable(f.Window, 3)
	cleared := false
	o.setEmpty("пусто", func() { cleared = true })
	o.setCount(0)
	if o.empty.Hidden || o.clear.Hidden {
		t.Fatal("an empty table says nothing")
	}
	test.Tap(o.clear)
	if !cleared {
		t.Error("the button does not drop the conditions")
	}
	o.setEmpty("пусто", nil)
	o.setCount(0)
	if !o.clear.Hidden {
		t.Error("a button without conditions to drop")
	}
	o.setCount(2)
	if !o.empty.Hidden {
		t.Error("words of emptiness over rows")
	}
}

func TestSparksAreDrawnOnce(t *testing.T) {
	f := openWindow(t, fixed{})
	ready := 0
	s := newSparks(f.Window, func() { ready++ })
	series := drawnSeries(1000, 50, 1)
	if s.of("a", series) != nil || s.of("b", series) != nil {
		t.Fatal("a picture before it was drawn")
	}
	f.until(func() bool { return ready > 0 })
	first, second := s.of("a", series), s.of("a", series)
	if first == nil || first != second {
		t.Fatal("the picture is not kept")
	}
	if colours(first) < 2 {
		t.Error("the picture is empty")
	}
	s.forget()
	if s.of("a", series) != nil {
		t.Error("the picture of old data is shown")
	}
}

// colours counts the different colours of a picture.
func colours(img image.Image) int {
	seen := map[color.Color]bool{}
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			seen[img.At(x, y)] = true
		}
	}
	return len(seen)
}

func BenchmarkTablePage(b *testing.B) {
	f := openWindow(b, fixed{})
	o := sampleTable(f.Window, 100_000)
	f.stage.Objects = []fyne.CanvasObject{o}
	f.stage.Refresh()
	o.list.selectRow(0)
	for b.Loop() {
		o.list.move(fyne.KeyPageDown)
		f.win.Canvas().Capture()
	}
}
