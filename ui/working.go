package ui

import (
	"context"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// working is a dialog that shows how far an action has come, and stops it. It ends
// with the window, too.
type working struct {
	w      *Window
	title  string
	ctx    context.Context
	stop   func()
	dialog *dialog // nil while it is not open
	bar    *progress
	state  *canvas.Text
}

func (w *Window) working(title string) *working {
	p := &working{w: w, title: title, bar: w.newProgress(), state: newText(w.text.T("bulk.begins"), sizeText, w.pal.text, false)}
	p.ctx, p.stop = context.WithCancel(w.live.ctx)
	return p
}

func (p *working) open() {
	p.dialog = p.w.ask(question{
		title: p.title, width: 460, no: p.w.text.T("import.stop"), closed: p.stop,
		content: container.New(column{gap: 10}, p.state, p.bar.object),
	})
}

// told is called by whoever works, on any goroutine. What takes longer than one step
// opens the dialog.
func (p *working) told(done, of int) {
	p.w.live.OnScreen(func() {
		if p.dialog == nil && p.w.dialog == nil && done < of && p.ctx.Err() == nil {
			p.open()
		}
		t := p.w.text
		p.state.Text = t.T("bulk.progress", t.Number(int64(done)), t.Number(int64(of)))
		canvas.Refresh(p.state)
		p.bar.set(done, of)
	})
}

// end takes the dialog away.
func (p *working) end() {
	p.stop()
	if p.dialog != nil {
		p.dialog.close()
	}
}
