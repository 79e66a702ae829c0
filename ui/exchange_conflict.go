package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/assets"
)

// conflictView is a conflict with the number of its appeal.
type conflictView struct {
	app.Conflict
	number string
}

// readConflict looks the number up; a conflict of an appeal this side does not
// have (yet) is shown without.
func readConflict(desk *app.Desk, c app.Conflict) conflictView {
	v := conflictView{Conflict: c}
	if record, ok := desk.Record(c.Appeal); ok {
		if row, err := desk.Row(record); err == nil {
			v.number = row.Number
		}
	}
	return v
}

// showConflicts keeps the cards of conflicts that are still open, so that
// nothing jumps under the pointer while other things change.
func (s *exchangeScreen) showConflicts(v exchangeView) {
	same := len(v.conflicts) == len(s.shown)
	for i := range v.conflicts {
		same = same && s.shown[i].view.Op == v.conflicts[i].Op && s.shown[i].view.number == v.conflicts[i].number
	}
	if !same {
		var cards []*conflictCard
		var objects []fyne.CanvasObject
		for _, c := range v.conflicts {
			at := slices.IndexFunc(s.shown, func(k *conflictCard) bool {
				return k.view.Op == c.Op && k.view.number == c.number
			})
			card := (*conflictCard)(nil)
			if at >= 0 {
				card = s.shown[at]
			} else {
				card = s.newConflictCard(c)
			}
			cards = append(cards, card)
			objects = append(objects, card.object)
		}
		s.shown, s.cards.Objects = cards, objects
	}
	s.cards.Hidden = len(s.shown) == 0
	s.more.Hidden = v.others == 0
	s.more.Text = s.w.text.N("exchange.more_conflicts", v.others)
}

// conflictCard shows both texts in full and asks for a choice.
type conflictCard struct {
	view    conflictView
	object  *fyne.Container
	buttons []*button
}

func (s *exchangeScreen) newConflictCard(v conflictView) *conflictCard {
	w, t := s.w, s.w.text
	c := &conflictCard{view: v}
	title := w.cutText(conflictTitle(t, v), sizeText, w.pal.text, true)
	heading := t.T("conflict.mine", actionName(t, v.Mine))
	if v.Mine.Type == app.EventAnswered {
		heading = t.T("conflict.my_answer")
	}
	mine := s.side(heading, joined(w.clock(v.Mine.At), t.T("conflict.this_computer")), v.Mine, false)
	theirs := s.side(t.T("conflict.server", actionName(t, v.Winner), lower(assets.Name(t, "status", v.Status))),
		joined(w.clock(v.Winner.At), v.Winner.By), v.Winner, true)
	c.buttons = []*button{
		w.primaryButton(t.T("conflict.send"), "", func() { s.settle(c, app.ChoiceSend) }),
		w.button(t.T("conflict.note"), "", func() { s.settle(c, app.ChoiceNote) }),
		w.button(t.T("conflict.drop"), "", func() { s.settle(c, app.ChoiceDrop) }),
	}
	row := container.New(newFlow(8), c.buttons[0], c.buttons[1], c.buttons[2])
	kept := w.cutText(t.T("conflict.kept"), sizeCaption, w.pal.muted, false)
	c.object = w.framed(container.New(column{8}, title, twoTexts(mine, theirs), row, kept), gaps{10, 14, 10, 14})
	return c
}

// settle carries the choice out; until it is, there is no second one.
func (s *exchangeScreen) settle(c *conflictCard, choice app.Choice) {
	for _, b := range c.buttons {
		b.setDisabled(true)
	}
	s.w.live.Try(func() error { return s.w.desk.Settle(c.view.Conflict, choice) }, func(err error) {
		if err != nil {
			for _, b := range c.buttons {
				b.setDisabled(false)
			}
			s.w.fail(err)
			return
		}
		s.w.say(s.w.text.T("conflict.settled"))
		s.reload()
	})
}

func conflictTitle(t *assets.Texts, v conflictView) string {
	number := v.number
	if number == "" {
		number = v.Appeal
	}
	if v.Status == app.StatusClosed {
		return t.T("conflict.closed", number)
	}
	return t.T("conflict.changed", number, assets.Name(t, "status", v.Status))
}

// actionName names what happened, with whom or what it was about.
func actionName(t *assets.Texts, e app.Event) string {
	words := assets.Name(t, "timeline.what", e.Type)
	if e.Target != "" {
		words += ": " + e.Target
	}
	return words
}

// side is one of the two texts: heading, time and author, the text in full.
func (s *exchangeScreen) side(heading, facts string, e app.Event, server bool) fyne.CanvasObject {
	w := s.w
	back := canvas.NewRectangle(w.pal.surface)
	back.CornerRadius, back.StrokeWidth, back.StrokeColor = 6, 1, w.pal.border
	if server {
		back.FillColor, back.StrokeColor = w.pal.note, w.pal.noteEdge
	}
	head := newText(heading, sizeCaption, w.pal.text, true)
	when := newText(facts, sizeCaption, w.pal.faint, false)
	words := e.Text
	if words == "" {
		words = w.text.T("conflict.no_text")
	}
	text := widget.NewLabel(words)
	text.Wrapping = fyne.TextWrapWord
	text.Selectable = true
	top := container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(120, 18) },
		place: func(size fyne.Size) {
			right := when.MinSize().Width
			head.Text = w.cuts.fit(heading, sizeCaption, true, size.Width-right-12)
			centred(head, 0, size.Height)
			centred(when, size.Width-right, size.Height)
		},
	}, head, when)
	return container.NewStack(back, container.New(column{}, container.New(gaps{8, 12, 0, 12}, top), container.New(gaps{-4, 6, 2, 6}, text)))
}

// twoTexts puts two texts side by side, both as high as the higher one.
func twoTexts(a, b fyne.CanvasObject) fyne.CanvasObject {
	const gap = 12
	var wide float32
	return container.New(arrangement{
		min: func() fyne.Size {
			if wide > 0 { // the height of wrapped words follows from their width
				a.Resize(fyne.NewSize(wide, a.Size().Height))
				b.Resize(fyne.NewSize(wide, b.Size().Height))
			}
			return fyne.NewSize(240, max(a.MinSize().Height, b.MinSize().Height))
		},
		place: func(size fyne.Size) {
			wide = (size.Width - gap) / 2
			place(a, 0, 0, wide, size.Height)
			place(b, wide+gap, 0, wide, size.Height)
		},
	}, a, b)
}
