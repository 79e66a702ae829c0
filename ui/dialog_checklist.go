package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// answerOf gives the event that carries the answer or its proposal.
func answerOf(events []app.Event) app.Event {
	i := slices.IndexFunc(events, func(e app.Event) bool { return e.Type == app.EventAnswered || e.Type == app.EventSubmitted })
	return events[max(i, 0)]
}

// review goes on with an answer at once where the program sees nothing in it and
// every point of the region's checklist was ticked for it. Otherwise it asks, once:
// what is seen is told, the points can be ticked, the link of the published answer
// given; Ctrl+Enter goes on in any case. What was ticked is remembered until the
// answer has gone.
func (r *reply) review(e app.Event, goOn func(link string)) {
	w, t, a := r.w, r.w.text, r.detail.card.Appeal
	points, ticked := w.desk.Region().Checklist, w.desk.Ticked(r.kept)
	e.Link, _ = app.AnswerLink(r.kept.Link) // one that leads nowhere is asked for again
	seen := w.desk.Review(a, e)
	if len(seen) == 0 && len(ticked) == len(points) {
		goOn(e.Link)
		return
	}
	content := container.New(column{gap: 12})
	var told []string
	for _, f := range seen {
		if f != app.FlawNoLink { // its field says so
			told = append(told, t.T("flaw."+string(f)))
		}
	}
	if shut := w.desk.Outlet(a).Shut; shut != "" {
		told = append(told, t.T("reply.shut", shut))
	}
	if len(told) > 0 {
		content.Add(w.warning(aligned(paragraph(strings.Join(told, "\n")))))
	}
	var first fyne.Focusable
	link := w.newEntry(t.T("check.link_hint"))
	link.SetText(r.kept.Link)
	link.OnChanged = func(typed string) { r.keep(func(d *app.Draft) { d.Link = typed }) }
	if e.Type == app.EventAnswered && w.desk.AsksLink(a) {
		content.Add(w.field(t.T("check.link"), sized(link, 0, buttonHeight)))
		content.Add(newText(t.T("check.by_hand"), sizeCaption, w.pal.muted, false))
		first = link
	}
	if len(points) > 0 {
		boxes := make([]*tick, len(points))
		for i, p := range points {
			boxes[i] = w.newTick(p, slices.Contains(ticked, p), func(on bool) {
				r.keep(func(d *app.Draft) {
					d.Ticked = slices.DeleteFunc(slices.Clone(d.Ticked), func(one string) bool { return one == p })
					if on {
						d.Ticked = append(d.Ticked, p)
					}
				})
			})
		}
		content.Add(w.field(t.T("check.points"), container.New(column{gap: 3}, ticks(boxes...)...)))
		open := boxes[max(0, slices.IndexFunc(boxes, func(b *tick) bool { return !b.on }))]
		link.key = func(k *fyne.KeyEvent) bool {
			if k.Name == fyne.KeyDown {
				w.focus(boxes[0])
				return true
			}
			return false
		}
		if first == nil || e.Link != "" {
			first = open
		}
	}
	var d *dialog
	d = w.ask(question{
		title: t.T("check.title"), content: content, width: 560, yes: t.T("check.yes"), no: t.T("check.back"), first: first,
		do: func() bool {
			address, err := app.AnswerLink(link.Text)
			if err != nil {
				d.tell(t.Sentence(err))
				w.focus(link)
				return false
			}
			goOn(address)
			return true
		},
	})
	if first == nil {
		w.focus(d.yes)
	}
}
