package ui

import (
	"image"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"otklik/app"
	"otklik/report"
)

func TestChartLooks(t *testing.T) {
	for _, look := range []string{"light", "dark"} {
		t.Run(look, func(t *testing.T) {
			f := openWindow(t, fixed{theme: look})
			v := f.newChartView()
			labels := f.chartLabels()
			series := drawnSeries(49_870, 905, 4)
			v.set(func(l report.Look) report.Picture {
				return report.Growth(l, series, today-89, today, labels)
			}, tellGrowth(f.text, series))
			win := test.NewTempWindow(t, on(newBack(f.Window), v))
			win.SetPadded(false)
			win.Resize(fyne.NewSize(300, 130))
			f.until(func() bool { return v.shown.Image != nil })
			f.settle()
			hover(v, 210, 40)
			test.AssertRendersToImage(t, "chart-"+look+".png", win.Canvas())
			v.MouseOut()
			if v.tip.box.Visible() || v.tip.dot.Visible() {
				t.Error("the value stays after the mouse has gone")
			}
		})
	}
}

// The newest data wins, whichever picture is done first, and resizing draws
// once, at its end.
func TestChartShowsTheNewest(t *testing.T) {
	f := openWindow(t, fixed{})
	v := f.newChartView()
	v.Resize(fyne.NewSize(200, 100))
	release := make(chan struct{})
	f.t.Cleanup(func() { close(release) })
	picture := func(side int) report.Picture {
		return report.Picture{Image: image.NewNRGBA(image.Rect(0, 0, side, side))}
	}
	v.set(func(report.Look) report.Picture {
		<-release
		return picture(1)
	}, nil)
	var drawn atomic.Int32
	var wide atomic.Int32
	v.set(func(l report.Look) report.Picture {
		drawn.Add(1)
		wide.Store(int32(l.Width))
		return picture(2)
	}, nil)
	f.until(func() bool { return v.shown.Image != nil })
	if v.shown.Image.Bounds().Dx() != 2 {
		t.Fatal("an older picture is shown")
	}
	before := drawn.Load()
	for w := float32(201); w <= 240; w++ {
		v.Resize(fyne.NewSize(w, 100))
	}
	f.until(func() bool { return wide.Load() == 240 })
	if n := drawn.Load() - before; n != 1 {
		t.Errorf("forty sizes were drawn %d times", n)
	}
}

func TestTooltipsSpeak(t *testing.T) {
	f := openWindow(t, fixed{lang: "ru"})
	day, err := app.ParseDay("2026-11-12")
	if err != nil {
		t.Fatal(err)
	}
	series := app.Series{First: day - 1, Values: []uint32{49_661, 49_702}}
	nets := []app.NetworkSeries{{Network: app.SourceVK, Days: []int64{-1, 5}}, {Network: app.SourceMAX, Days: []int64{1, 2}}}
	var heat [7][24]int
	heat[1][9] = 4
	steps := []app.StepFigures{{Tally: app.Tally{
		Period:   app.Period{From: day, To: day},
		Response: app.Summary{N: 21, Median: 3 * time.Hour, Mean: 5 * time.Hour, P10: time.Hour, P90: 9 * time.Hour},
	}}}
	for _, c := range []struct{ got, want []string }{
		{tellGrowth(f.text, series)(report.Hover{Point: 1}), []string{"12 ноября", "49\u00a0702 (+41)"}},
		{tellHeat(f.text, heat)(report.Hover{Series: 1, Point: 9}), []string{"Вт, 9:00–10:00", "4 обращения"}},
		{tellResponses(f.text, steps)(report.Hover{}), []string{"12 ноября", "медиана 3 ч", "среднее 5 ч", "p10 – p90: 1 ч – 9 ч", "21 ответ"}},
		{tellNetworks(f.text, nets, day-1)(report.Hover{Point: 1}), []string{"12 ноября", "ВКонтакте: 5", "MAX: 2 (+1)", "всего: 7"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("tooltip %q, want %q", c.got, c.want)
		}
	}
}

func newBack(w *Window) *canvas.Rectangle { return canvas.NewRectangle(w.pal.surface) }
