package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"otklik/app"
	"otklik/report"
)

// drawnNetworks are two networks over the ninety days before today.
func drawnNetworks() []app.NetworkSeries {
	nets := []app.NetworkSeries{{Network: app.SourceVK}, {Network: app.SourceOK}}
	for i := range int64(90) {
		nets[0].Days = append(nets[0].Days, 1000+10*i)
		nets[1].Days = append(nets[1].Days, 400+i)
	}
	return nets
}

// openChart shows the networks in a window of their own, with an occasion.
func openChart(t *testing.T) (*fixture, *chartView) {
	t.Helper()
	f := openWindow(t, fixed{lang: "ru"})
	v, labels, nets := f.newChartView(), f.chartLabels(), drawnNetworks()
	f.win.SetContent(v)
	f.win.Resize(fyne.NewSize(600, 240))
	v.set(func(l report.Look) report.Picture {
		l.Occasions = []app.Occasion{{Date: today - 89, Name: "выборы"}}
		return report.Networks(l, nets, today-89, labels)
	}, tellNetworks(f.text, nets, today-89))
	f.until(func() bool { return v.shown.Image != nil })
	f.settle()
	return f, v
}

func (v *chartView) words() []string {
	var out []string
	for _, l := range v.tip.lines {
		if l.Text != "" && l.Visible() {
			out = append(out, l.Text)
		}
	}
	return out
}

func TestChartByKeys(t *testing.T) {
	f, v := openChart(t)
	f.win.Canvas().Focus(v)
	if !v.ring.Visible() {
		t.Fatal("nothing shows that the chart has the keyboard")
	}
	press(f, fyne.KeyEnd)
	if v.at.Point != 89 || !v.tip.box.Visible() {
		t.Fatalf("End leads to %+v", v.at)
	}
	press(f, fyne.KeyRight)
	if v.at.Point != 89 || !v.tip.box.Visible() {
		t.Errorf("beyond the end is %+v", v.at)
	}
	press(f, fyne.KeyLeft)
	if v.at.Point != 88 {
		t.Errorf("left of the end is %+v", v.at)
	}
	was := v.at.Series
	press(f, fyne.KeyDown)
	down := v.at.Series
	press(f, fyne.KeyUp)
	if down == was && v.at.Series == was {
		t.Error("up and down lead to no other series")
	}
	press(f, fyne.KeyHome)
	if v.at.Point != 0 {
		t.Errorf("Home leads to %+v", v.at)
	}
	if words := v.words(); words[0] != wholeDay(f.text, today-89) || !slices.Contains(words, "1 · выборы") {
		t.Errorf("the first day says %q", words)
	}
	byKeys := v.words()
	v.MouseOut()
	hover(v, v.at.X, v.at.Y)
	if !slices.Equal(v.words(), byKeys) {
		t.Errorf("the mouse is told %q, the keyboard %q", v.words(), byKeys)
	}
	var opened []report.Hover
	v.open = func(h report.Hover) { opened = append(opened, h) }
	press(f, fyne.KeyReturn)
	if len(opened) != 1 || opened[0].Point != 0 {
		t.Errorf("Enter opened %+v", opened)
	}
	press(f, fyne.KeyEscape)
	if f.win.Canvas().Focused() != nil || v.ring.Visible() || v.tip.box.Visible() {
		t.Error("Escape does not leave the chart")
	}
}

func TestChartLegendHidesSeries(t *testing.T) {
	f, v := openChart(t)
	look := func(change func()) report.Hidden {
		t.Helper()
		before := v.shown.Image
		change()
		f.until(func() bool { return v.shown.Image != before })
		return v.hidden
	}
	e := v.picture.Legend[0]
	at := fyne.NewPos((e.Left+e.Right)/2, (e.Top+e.Bottom)/2)
	v.open = func(report.Hover) { t.Error("a click on the legend opened something") }
	hover(v, at.X, at.Y)
	if !v.key.Visible() || v.Cursor() != desktop.PointerCursor {
		t.Error("nothing says that the legend can be clicked")
	}
	if h := look(func() { test.TapAt(v, at) }); !h.Has(e.Series) {
		t.Error("a click does not hide the series")
	}
	f.win.Canvas().Focus(v)
	press(f, fyne.KeyEnd)
	if v.at.Series == e.Series {
		t.Error("the keyboard finds what is hidden")
	}
	if h := look(func() { v.TypedRune('2') }); h != 0 {
		t.Errorf("the last series was hidden: %b", h)
	}
	if h := look(func() { v.TypedRune('2') }); !h.Has(v.picture.Legend[1].Series) {
		t.Errorf("2 does not hide the second series: %b", h)
	}
	v.TypedRune('9') // there is none
	if v.hidden.Toggle(v.picture.Legend[1].Series) != 0 {
		t.Errorf("9 hides something: %b", v.hidden)
	}
}

// drag moves the mouse with its button held, as the driver tells it.
func drag(v *chartView, from, to fyne.Position) {
	const steps = 4
	by := to.Subtract(from)
	each := fyne.NewDelta(by.X/steps, by.Y/steps)
	for i := range steps {
		at := from.AddXY(each.DX*float32(i+1), each.DY*float32(i+1))
		v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at}, Dragged: each})
	}
}

func TestChartZoomsByDragging(t *testing.T) {
	f, v := openChart(t)
	plot := v.picture.Plot
	middle := (plot.Top + plot.Bottom) / 2
	x := func(day int) float32 { return plot.Left + (plot.Right-plot.Left)*float32(day)/89 }
	drag(v, fyne.NewPos(x(10), middle), fyne.NewPos(x(30), middle))
	if v.band.on {
		t.Error("a band where nothing can be narrowed")
	}
	v.DragEnd()
	var got []app.Period
	v.zoom = func(from, to app.Day) { got = append(got, app.Period{From: from, To: to}) }
	drag(v, fyne.NewPos(x(30), middle), fyne.NewPos(x(10), middle)) // to the left
	if !v.band.fill.Visible() || v.words()[0] != f.text.Days(app.Period{From: today - 79, To: today - 59}) {
		t.Errorf("the band says %q", v.words())
	}
	v.DragEnd()
	if want := (app.Period{From: today - 79, To: today - 59}); len(got) != 1 || got[0] != want {
		t.Fatalf("narrowed to %v, want %v", got, want)
	}
	if v.band.fill.Visible() {
		t.Error("the band stays")
	}
	for _, c := range []struct {
		what     string
		from, to fyne.Position
		escape   bool
	}{
		{"a hand that shakes", fyne.NewPos(x(10), middle), fyne.NewPos(x(10)+2, middle), false},
		{"what was dropped by Escape", fyne.NewPos(x(10), middle), fyne.NewPos(x(50), middle), true},
		{"a drag from the legend", fyne.NewPos(x(10), v.Size().Height-4), fyne.NewPos(x(50), middle), false},
	} {
		drag(v, c.from, c.to)
		if c.escape {
			v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
			drag(v, c.to, c.from)
		}
		if v.DragEnd(); len(got) != 1 {
			t.Fatalf("%s narrows the period to %v", c.what, got[1:])
		}
	}

	f.win.Canvas().Focus(v)
	press(f, fyne.KeyHome)
	v.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	press(f, fyne.KeyRight)
	press(f, fyne.KeyRight)
	v.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	press(f, fyne.KeyReturn)
	if want := (app.Period{From: today - 89, To: today - 87}); len(got) != 2 || got[1] != want {
		t.Errorf("Shift and arrows narrow to %v, want %v", got[1:], want)
	}
}

// Only where there is something to go back to a click waits for a second one.
func TestChartClickAndDoubleClick(t *testing.T) {
	f, v := openChart(t)
	opened, back := 0, 0
	v.open = func(report.Hover) { opened++ }
	at := fyne.NewPos(300, (v.picture.Plot.Top+v.picture.Plot.Bottom)/2)
	test.TapAt(v, at)
	if opened != 1 {
		t.Fatal("a click opens nothing at once")
	}
	v.unzoom = func() { back++ }
	test.TapAt(v, at)
	test.TapAt(v, at)
	f.settle()
	if opened != 1 || back != 1 {
		t.Errorf("a double click opened %d times and went back %d times", opened-1, back)
	}
	test.TapAt(v, at)
	f.until(func() bool { return opened == 2 })
	f.win.Canvas().Focus(v)
	press(f, fyne.KeyEscape)
	if back != 2 {
		t.Error("Escape does not go back")
	}
}
