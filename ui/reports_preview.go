package ui

import (
	"bytes"
	"context"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/bulletin"
	"otklik/report"
)

// Sizes of the preview, in points.
const (
	paperMost   = 6   // pages that are drawn: each takes megabytes
	paperWidest = 760 // of a page
	paperSide   = 18
	paperStrip  = 44 // above the pages
)

// reportPreview shows a document as it will be printed, or as a message.
type reportPreview struct {
	s      *reportsScreen
	object *fyne.Container
	forms  []*button // pages, message
	state  *canvas.Text
	full   string // of state, uncut
	scroll *container.Scroll
	empty  *emptyState

	pages  []*canvas.Image // as many as ever were shown: replaced ones stay cached
	shown  int
	more   *canvas.Text // that there are more pages
	text   *widget.Label
	ground *canvas.Rectangle // under the message
	asText bool

	width float32 // the pages were drawn for
	stop  func()  // of the delay after resizing
}

func newReportPreview(s *reportsScreen) *reportPreview {
	w, t := s.w, s.w.text
	v := &reportPreview{s: s, state: newText("", sizeCaption, w.pal.muted, false), empty: w.newEmptyState()}
	for i, name := range []string{"reports.form.pages", "reports.form.text"} {
		v.forms = append(v.forms, w.periodButton(t.T(name), func() { v.turn(i == 1) }))
	}
	v.more = newText("", sizeCaption, w.pal.muted, false)
	v.text = widget.NewLabel("")
	v.text.Wrapping, v.text.Selectable = fyne.TextWrapWord, true
	v.ground = canvas.NewRectangle(w.pal.surface)
	v.ground.CornerRadius, v.ground.StrokeWidth, v.ground.StrokeColor = 8, 1, w.pal.border
	objects := []fyne.CanvasObject{v.ground, v.text, v.more}
	for range paperMost {
		p := &canvas.Image{FillMode: canvas.ImageFillStretch}
		v.pages = append(v.pages, p)
		objects = append(objects, p)
	}
	v.scroll = container.NewVScroll(container.New(arrangement{min: v.min, place: v.arrange}, objects...))
	body := w.quiet(v.scroll)
	v.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(200, 200) },
		place: func(size fyne.Size) {
			x := float32(paperSide)
			for _, b := range []fyne.CanvasObject{s.period, v.forms[0], v.forms[1]} {
				m := b.MinSize()
				place(b, x, (paperStrip-m.Height)/2+2, m.Width, m.Height)
				x += m.Width + 8
			}
			v.state.Text = w.cuts.fit(v.full, sizeCaption, false, max(0, size.Width-x-paperSide))
			centred(v.state, x+6, paperStrip+4)
			place(body, 0, paperStrip, size.Width, size.Height-paperStrip)
			place(v.empty.object, 0, paperStrip, size.Width, size.Height-paperStrip)
			v.resized(size.Width)
		},
	}, s.period, v.forms[0], v.forms[1], v.state, body, v.empty.object)
	v.turn(false)
	return v
}

// paper is how wide a page is shown.
func (v *reportPreview) paper() float32 { return min(paperWidest, v.scroll.Size().Width-2*paperSide) }

// resized draws the pages anew once the size has settled.
func (v *reportPreview) resized(float32) {
	if v.s.made == nil || v.paper() == v.width {
		return
	}
	if v.stop != nil {
		v.stop()
	}
	v.stop = v.s.w.live.Later(settle, v.s.draw)
}

// height is that of a page as it is shown.
func (v *reportPreview) height(page *canvas.Image) float32 {
	b := page.Image.Bounds()
	return v.width * float32(b.Dy()) / float32(b.Dx())
}

func (v *reportPreview) min() fyne.Size {
	high := float32(paperSide)
	if v.asText {
		v.text.Resize(fyne.NewSize(max(100, v.paper()-24), v.text.Size().Height))
		return fyne.NewSize(100, v.text.MinSize().Height+24+paperSide)
	}
	for _, p := range v.pages[:v.shown] {
		high += v.height(p) + paperSide
	}
	return fyne.NewSize(100, high+20)
}

func (v *reportPreview) arrange(size fyne.Size) {
	left := (size.Width - v.paper()) / 2
	setShown(v.ground, v.asText && v.text.Text != "")
	setShown(v.text, v.asText)
	setShown(v.more, !v.asText)
	place(v.ground, left, 2, v.paper(), v.text.MinSize().Height+20)
	place(v.text, left+12, 12, v.paper()-24, v.text.MinSize().Height)
	y, left := float32(2), (size.Width-v.width)/2
	for i, p := range v.pages {
		setShown(p, !v.asText && i < v.shown)
		if i < v.shown {
			place(p, left, y, v.width, v.height(p))
			y += v.height(p) + paperSide
		}
	}
	placeText(v.more, (size.Width-v.more.MinSize().Width)/2, y+2)
}

// turn shows the pages or the message.
func (v *reportPreview) turn(asText bool) {
	v.asText = asText
	v.forms[0].setChosen(!asText)
	v.forms[1].setChosen(asText)
	v.scroll.ScrollToTop()
	v.scroll.Content.Refresh()
	v.object.Refresh()
}

// tell says what the preview is of, or that it is being made.
func (v *reportPreview) tell(words string) {
	v.full = words
	v.object.Refresh()
}

// show brings in a document that has been drawn.
func (v *reportPreview) show(d *report.Document, pages []image.Image, of int, text string, width float32) {
	v.width, v.shown, v.text.Text = width, len(pages), text
	for i, p := range pages {
		v.pages[i].Image = p
		v.pages[i].Refresh()
	}
	v.more.Text = ""
	if of > len(pages) {
		v.more.Text = v.s.w.text.N("reports.more_pages", of-len(pages))
	}
	why := emptyNot
	if saysNothing(d) {
		why, v.shown, v.text.Text, v.more.Text = emptyReport, 0, "", ""
	}
	v.empty.show(why, nil)
	v.text.Refresh()
	v.tell(joined(d.AsOf, v.s.w.text.N("reports.pages", of)))
	v.scroll.Content.Refresh()
	v.scroll.Refresh()
}

// saysNothing says whether a document has nothing but words: its period has no data.
func saysNothing(d *report.Document) bool {
	for _, b := range d.Blocks {
		if _, words := b.(*report.Prose); !words {
			return false
		}
	}
	return true
}

// reload makes the document and draws it; what was there before stays until then.
func (s *reportsScreen) reload() {
	w, kind, q := s.w, s.kind, s.inquiry()
	s.made = nil
	s.enable()
	s.preview.tell(w.text.T("reports.making"))
	desk, text, drawn := w.desk, w.text, s.drawing()
	w.live.Load(&s.slot, func(ctx context.Context) (func(), error) {
		d, err := bulletin.Make(desk, text, kind, q)
		if err == nil {
			err = ctx.Err() // another one was chosen meanwhile
		}
		if err != nil {
			return func() { s.preview.tell(text.Sentence(err)) }, err
		}
		show, err := drawn(d)
		return func() {
			s.made = d
			s.enable()
			if show != nil {
				s.preview.scroll.ScrollToTop()
				show()
			}
		}, err
	})
}

// draw draws what has been made for another size.
func (s *reportsScreen) draw() {
	if s.made == nil {
		return
	}
	d, drawn := s.made, s.drawing()
	s.w.live.Load(&s.slot, func(context.Context) (func(), error) { return drawn(d) })
}

// drawing gives what draws a document for the present size; it is called on a worker.
func (s *reportsScreen) drawing() func(*report.Document) (show func(), err error) {
	v := s.preview
	width := v.paper()
	if width < 100 { // it has no place yet
		width = 600
	}
	pixels := int(width*s.w.win.Canvas().Scale() + 0.5)
	return func(d *report.Document) (func(), error) {
		var text bytes.Buffer
		if err := bulletin.Write(&text, d, bulletin.Text); err != nil {
			return nil, err
		}
		pages, of := report.Preview(d, pixels, paperMost)
		return func() { v.show(d, pages, of, text.String(), width) }, nil
	}
}
