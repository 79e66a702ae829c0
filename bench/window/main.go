// Command window opens an empty Fyne window and leaves once it is drawn: the
// least any program with this toolkit takes to start.
package main

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.New()
	w := a.NewWindow("bench")
	w.SetContent(widget.NewLabel("ready"))
	w.Resize(fyne.NewSize(1366, 740))
	a.Lifecycle().SetOnStarted(func() {
		time.AfterFunc(0, func() {
			fyne.Do(func() {
				fmt.Println("ready")
				a.Quit()
			})
		})
	})
	w.ShowAndRun()
}
