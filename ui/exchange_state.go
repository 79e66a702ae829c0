package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/assets"
)

// showLink says how the link is: in a word, with its server, and why where it
// is down.
func (s *exchangeScreen) showLink(v exchangeView) {
	t := s.w.text
	st := v.state
	words, kind := t.T("link.none"), toneGrey
	if v.connected {
		words, _ = linkWords(s.w, st.Link)
		switch st.Link {
		case app.LinkOnline:
			kind = toneGreen
		case app.LinkOffline, app.LinkOff:
			kind = toneAmber
		case app.LinkRefused:
			kind = toneRed
		case app.LinkConnecting:
			kind = toneGrey
		}
	}
	s.link.set(words, kind)
	var server, latency, cursor string
	if st.Server != "" {
		server = t.T("exchange.server", st.Server)
	}
	if st.Link == app.LinkOnline && st.Latency > 0 {
		latency = t.T("exchange.latency", st.Latency.Milliseconds())
	}
	if st.Cursor > 0 {
		cursor = t.T("exchange.cursor", t.Number(int64(st.Cursor)))
	}
	s.facts.Text = joined(server, latency, cursor)
	label := t.T("exchange.work_offline")
	if st.Link == app.LinkOff {
		label = t.T("exchange.work_online")
	}
	s.offline.setLabel(label, "")
	s.offline.setDisabled(!v.connected)
	s.export.setDisabled(st.Pending+st.Refused+st.Conflicts == 0)
	s.whyCard.Hidden = st.Reason == "" || st.Link == app.LinkOnline || st.Link == app.LinkOff
	if !s.whyCard.Hidden {
		s.why.SetText(capital(reasonWords(t, st.Reason)))
	}
	s.bar.Refresh()
}

// warning is content on the ground of warnings.
func (w *Window) warning(content fyne.CanvasObject) *fyne.Container {
	back := canvas.NewRectangle(w.pal.amberSoft)
	back.CornerRadius, back.StrokeWidth, back.StrokeColor = 8, 1, w.pal.amber
	return container.NewStack(back, container.New(gaps{10, 14, 10, 14}, content))
}

// reasonWords says in a few words what a code means.
func reasonWords(t *assets.Texts, code app.Code) string {
	if key := "reason." + string(code); t.Has(key) {
		return t.T(key)
	}
	return t.T("reason.other", string(code))
}

// showTiles writes the four figures.
func (s *exchangeScreen) showTiles(v exchangeView) {
	t, p, st := s.w.text, s.w.pal, v.state
	waits := tileNote{words: t.T("exchange.all_out"), ink: p.green}
	if st.Pending > 0 {
		waits = tileNote{words: t.T("exchange.saved_here")}
		if !st.Oldest.IsZero() {
			waits.words = t.T("exchange.oldest", t.Duration(max(0, v.now.Sub(st.Oldest))))
		}
	}
	figures := []tileNote{waits}
	if st.Held > 0 {
		figures = append(figures, tileNote{t.N("exchange.held", st.Held), p.amber})
	}
	s.waiting.set(t.Number(int64(st.Pending)), nil, figures...)
	s.received.set(t.Number(int64(st.Received)), nil,
		tileNote{words: t.T("exchange.received", t.Number(int64(st.ReceivedA)), t.Number(int64(st.Received-st.ReceivedA)))})
	open := len(v.conflicts) + v.others
	ink, notes := p.text, []tileNote{{words: t.T("exchange.no_conflicts")}}
	if open > 0 {
		ink, notes = p.red, []tileNote{{words: t.T("exchange.choice_needed")}}
	}
	if st.Refused > 0 {
		notes = append(notes, tileNote{t.T("exchange.refused_count", t.Number(int64(st.Refused))), p.red})
	}
	s.conflicts.height = exchangeTile + float32(len(notes)-1)*tileLine
	s.conflicts.set(t.Number(int64(open)), ink, notes...)
	s.base.set(bytesWords(t, v.size), nil, tileNote{words: shortPath(s.w, v.path, s.base.Size().Width-2*tileSide)})
}

// bytesWords writes a size on disk.
func bytesWords(t *assets.Texts, n int64) string {
	const mega = 1 << 20
	switch {
	case n >= 1024*mega:
		return t.T("exchange.gigabytes", t.Decimal(float64(n)/(1024*mega), 1))
	case n >= 10*mega:
		return t.T("exchange.megabytes", t.Number((n+mega/2)/mega))
	}
	return t.T("exchange.megabytes", t.Decimal(float64(n)/mega, 1))
}

// shortPath keeps the end of a path, which is the telling part.
func shortPath(w *Window, path string, width float32) string {
	r := []rune(path)
	for i := range r {
		cut := string(r[i:])
		if i > 0 {
			cut = "…" + cut
		}
		if textWidth(cut, sizeCaption, false) <= width {
			return cut
		}
	}
	return ""
}

// loadingCard shows how far the first load is.
type loadingCard struct {
	w      *Window
	object *fyne.Container
	title  *canvas.Text
	note   *widget.Label
	full   *canvas.Rectangle
	done   *canvas.Rectangle
	rail   *fyne.Container
	share  float32

	began time.Time // when this load was first seen
	from  int       // and the rows it had then
}

func newLoadingCard(w *Window) *loadingCard {
	c := &loadingCard{w: w, title: newText("", sizeText, w.pal.text, true), note: historyLine()}
	c.full, c.done = canvas.NewRectangle(w.pal.selected), canvas.NewRectangle(w.pal.accent)
	c.full.CornerRadius, c.done.CornerRadius = 4, 4
	c.rail = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(100, 8) },
		place: func(size fyne.Size) {
			place(c.full, 0, 0, size.Width, size.Height)
			place(c.done, 0, 0, max(size.Height, size.Width*c.share), size.Height)
		},
	}, c.full, c.done)
	c.object = w.framed(container.New(column{7}, c.title, c.rail, aligned(c.note)), gaps{10, 14, 10, 14})
	return c
}

// show hides the card where nothing is being loaded.
func (c *loadingCard) show(st app.ExchangeState, now time.Time) {
	if c.object.Hidden = !st.Loading(); c.object.Hidden {
		c.began = time.Time{}
		return
	}
	t := c.w.text
	if c.began.IsZero() || st.RowsDone < c.from {
		c.began, c.from = now, st.RowsDone
	}
	c.share = float32(float64(st.RowsDone) / float64(st.Rows))
	c.title.Text = t.T("exchange.loading", t.Number(int64(st.RowsDone)), t.Number(int64(st.Rows)))
	left := ""
	if passed, got := now.Sub(c.began), st.RowsDone-c.from; passed >= 3*time.Second && got > 0 {
		rest := time.Duration(float64(passed) * float64(st.Rows-st.RowsDone) / float64(got))
		left = t.T("exchange.loading_left", roughly(t, rest))
	}
	c.note.SetText(joined(left, t.T("exchange.loading_work"), t.T("exchange.loading_resume")))
	c.object.Refresh()
}

// roughly writes a length of time as an estimate deserves.
func roughly(t *assets.Texts, d time.Duration) string {
	if d >= time.Minute {
		return t.Duration(d.Round(time.Minute))
	}
	return t.T("exchange.seconds", fmt.Sprint(max(10, int(d.Round(10*time.Second).Seconds()))))
}
