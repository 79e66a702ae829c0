package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"otklik/app"
	"otklik/report"
)

// cardHead is the height of a card's heading.
const cardHead = 26

// card is one picture or table of the screen: a heading with the unit and the number
// of what is counted, the definition one click away, and words in the place of what
// is missing. It is brought to the figures only while it can be seen.
type card struct {
	screen *analyticsScreen
	name   string // words: "analytics.card." + name, definition: "analytics.about." + name
	object fyne.CanvasObject
	shown  *app.Analytics // the figures it shows, nil: none yet
	show   func(*app.Analytics) said

	title, note *canvas.Text
	about       *iconButton
	more        fyne.CanvasObject // a choice in the heading, nil: none
	body        fyne.CanvasObject
	empty, hint *canvas.Text
	drop        *button // drops the filter that leaves nothing
	full        said
	heading     func() string // nil: the words of its name
}

// said is what a card says of its figures.
type said struct {
	note  string // the unit and the number of what is counted
	warns bool   // the note begins with what the picture does not obey
	empty string // words in the place of a picture, "" where there is one
	hint  string // what may be done about it
}

// newCard makes a card around its picture or table.
func (s *analyticsScreen) newCard(name string, body, more fyne.CanvasObject, show func(*app.Analytics) said) *card {
	w := s.w
	c := &card{screen: s, name: name, body: body, more: more, show: show}
	c.title = newText("", sizeText, w.pal.text, true)
	c.note = newText("", sizeSmall, w.pal.muted, false)
	c.about = w.iconButton(theme.IconNameInfo, w.text.T("analytics.about"), c.explain)
	c.empty = newText("", sizeText, w.pal.second, true)
	c.hint = newText("", sizeCaption, w.pal.muted, false)
	c.drop = w.button(w.text.T("analytics.drop_all"), "", s.dropAll)
	c.drop.Hide()
	objects := []fyne.CanvasObject{c.title, c.note, c.about, body, c.empty, c.hint, c.drop}
	if more != nil {
		objects = append(objects, more)
	}
	inner := container.New(arrangement{
		min:   func() fyne.Size { return body.MinSize().AddWidthHeight(0, cardHead) },
		place: c.place,
	}, objects...)
	c.object = w.framed(inner, gaps{9, 12, 10, 14})
	return c
}

func (c *card) place(size fyne.Size) {
	w := c.screen.w
	right := size.Width - 24
	place(c.about, right, -3, 24, 24)
	right -= 8
	if c.more != nil {
		m := c.more.MinSize()
		right -= m.Width
		place(c.more, right, (18-m.Height)/2, m.Width, m.Height)
		right -= 10
	}
	heading := w.text.T("analytics.card." + c.name)
	if c.heading != nil {
		heading = c.heading()
	}
	c.title.Text = w.cuts.fit(heading, sizeText, true, right)
	c.title.Move(fyne.NewPos(0, 0))
	room := right - c.title.MinSize().Width - 10
	c.note.Text, c.note.Color = "", w.pal.muted
	if c.full.warns {
		c.note.Color = w.pal.amber
	}
	if room > 60 {
		c.note.Text = w.cuts.fit(c.full.note, sizeSmall, false, room)
	}
	c.note.Move(fyne.NewPos(c.title.MinSize().Width+10, 2))
	place(c.body, 0, cardHead, size.Width, size.Height-cardHead)
	y := cardHead + (size.Height-cardHead)/2 - 28
	c.empty.Text = w.cuts.fit(c.full.empty, sizeText, true, size.Width)
	c.hint.Text = w.cuts.fit(c.full.hint, sizeCaption, false, size.Width)
	for _, t := range []*canvas.Text{c.empty, c.hint} {
		placeText(t, (size.Width-t.MinSize().Width)/2, y)
		y += 22
	}
	m := c.drop.MinSize()
	place(c.drop, (size.Width-m.Width)/2, y+4, m.Width, m.Height)
}

// bring shows the figures, where it does not yet.
func (c *card) bring(a *app.Analytics) {
	if c.shown == a {
		return
	}
	c.shown = a
	c.full = c.show(a)
	missing := c.full.empty != ""
	c.body.Hide()
	if !missing {
		c.body.Show()
	}
	c.drop.Hidden = !missing || !narrows(a.Filter)
	c.empty.Hidden, c.hint.Hidden = !missing, !missing
	c.object.Refresh()
}

// explain says how the figure is defined.
func (c *card) explain() {
	w := c.screen.w
	var parts []fyne.CanvasObject
	keys := []string{c.name}
	for _, note := range cardNotes[c.name] {
		keys = append(keys, "note."+note)
	}
	for _, key := range keys {
		parts = append(parts, aligned(paragraph(w.text.T("analytics.about."+key))))
	}
	w.ask(question{
		title: w.text.T("analytics.card." + c.name), width: 560, no: w.text.T("dialog.close"),
		content: container.New(column{gap: 6}, parts...),
	})
}

// picture is what a chart of a card shows.
type picture struct {
	draw func(report.Look) report.Picture
	tell func(report.Hover) []string
	open func(report.Hover) // the appeals behind a point, nil where there are none
	time bool               // dragging across it chooses dates
}

// newChartCard makes a card of a chart.
func (s *analyticsScreen) newChartCard(name string, more fyne.CanvasObject, show func(*app.Analytics) (picture, said)) *card {
	v := s.w.newChartView()
	v.name = s.w.text.T("analytics.card." + name)
	return s.newCard(name, v, more, func(a *app.Analytics) said {
		p, words := show(a)
		v.open, v.zoom, v.unzoom = p.open, nil, nil
		if p.time {
			v.zoom = s.zoom
		}
		if len(s.zoomed) > 0 {
			v.unzoom = s.unzoom
		}
		if words.empty == "" {
			v.set(p.draw, p.tell)
		}
		return words
	})
}

// newTableCard makes a card of a table. It is read by fill for as many rows as show says.
func (s *analyticsScreen) newTableCard(name string, more fyne.CanvasObject, t *table, show func(*app.Analytics) (rows int, words said)) *card {
	return s.newCard(name, t, more, func(a *app.Analytics) said {
		n, words := show(a)
		t.setCount(n)
		return words
	})
}
