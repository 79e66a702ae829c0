package ui

import (
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"otklik/app"
)

// TestLookScreens draws Pages, Analytics and Exchange for people to look at.
func TestLookScreens(t *testing.T) {
	if os.Getenv("OTKLIK_LOOK") == "" {
		t.Skip("OTKLIK_LOOK names no folder for pictures")
	}
	for _, look := range []string{"light", "dark"} {
		for _, lang := range []string{"ru", "en"} {
			t.Run(look+"-"+lang, func(t *testing.T) {
				end := "-" + look + "-" + lang
				f := openWindow(t, fixed{lang: lang, theme: look, store: func(s *fakeStore) {
					drawnPages(s)
					answeredAppeals(s)
					drawnExchange(s)
				}})
				f.open(screenPages)
				f.settle()
				p := f.screens[screenPages].(*pagesScreen)
				p.table.list.selectRow(4)
				f.settle()
				hover(p.card.chart, 210, 40)
				f.picture("pages" + end)
				p.table.list.selectRow(17)
				f.settle()
				f.picture("pages-notkept" + end)
				p.search.SetText("ничего такого")
				f.until(func() bool { return len(p.rows) == 0 })
				f.settle()
				f.picture("pages-none" + end)
				f.open(screenAnalytics)
				f.settle()
				a := f.screens[screenAnalytics].(*analyticsScreen)
				hover(a.view("networks"), 300, 40)
				hover(a.view("responses"), 200, 40)
				hover(a.view("heat"), 200, 40)
				f.picture("analytics" + end)
				f.exchange.state = app.ExchangeState{
					Link: app.LinkOnline, Server: "central.example", Latency: 84 * time.Millisecond, Cursor: 2_184_300, Head: 3_010_450, RowsDone: 2_184_300, Rows: 3_010_450,
					Pending: 7, Held: 2, Oldest: noon.Add(-22 * time.Minute), Received: 1204, ReceivedA: 212, Refused: 1, Conflicts: 1, Last: noon.Add(-time.Minute),
				}
				f.open(screenExchange)
				f.settle()
				f.picture("sync" + end)
				f.exchange.state = app.ExchangeState{Link: app.LinkOffline, Server: "central.example", Reason: app.CodeNoServer, Pending: 2}
				f.store.conflicts = nil
				f.screens[screenExchange].Changed(app.Changed{Exchange: true})
				f.settle()
				f.picture("sync-offline" + end)
			})
		}
	}
}

// hover moves the mouse over a chart.
func hover(v *chartView, x, y float32) {
	v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}})
}
