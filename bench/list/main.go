// Command list is the least this toolkit does on a click: a list of words, and
// a label beside it that names the row.
package main

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.New()
	w := a.NewWindow("bench")
	detail := widget.NewLabel("detail 0")
	rows := widget.NewList(
		func() int { return 100 },
		func() fyne.CanvasObject { return widget.NewLabel("row") },
		func(i widget.ListItemID, o fyne.CanvasObject) { o.(*widget.Label).SetText(fmt.Sprint("row ", i)) },
	)
	rows.OnSelected = func(i widget.ListItemID) { detail.SetText(fmt.Sprint("detail ", i+1)) }
	split := container.NewHSplit(rows, container.NewVBox(detail))
	w.SetContent(split)
	w.Resize(fyne.NewSize(1366, 740))
	w.ShowAndRun()
}
