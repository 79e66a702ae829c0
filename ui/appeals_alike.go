package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"otklik/app"
)

// alikePause is how long a card has to be on the screen before its look-alikes are
// looked for: who walks down the list passes most of them.
const alikePause = 150 * time.Millisecond

// lookalikes are the appeals that look like the one on the card. They are looked for
// after it has been shown.
type lookalikes struct {
	slot   Slot
	stop   func() // of a search that waits
	known  bool   // they were looked for
	all    []app.Alike
	dialog *alikeDialog // nil while it is shut
}

// seekAlike looks for them in the background; fresh: the card is of another appeal.
func (d *detail) seekAlike(fresh bool) {
	if fresh {
		d.alike.known, d.alike.all = false, nil
	}
	d.waitAlike()
	live, desk, record := d.screen.w.live, d.screen.w.desk, d.card.Record
	d.alike.stop = live.Later(alikePause, func() {
		live.Load(&d.alike.slot, func(context.Context) (func(), error) {
			all, err := desk.Alike(record)
			if app.CodeOf(err) == app.CodeNotFound {
				return nil, nil // the appeal has gone meanwhile, which its card says
			}
			return func() {
				if err == nil {
					d.foundAlike(all)
				}
			}, err
		})
	})
}

// waitAlike ends a search that has not come to its end.
func (d *detail) waitAlike() {
	if d.alike.stop != nil {
		d.alike.stop()
	}
	d.screen.w.live.Drop(&d.alike.slot)
}

// forgetAlike is for a card that is shut.
func (d *detail) forgetAlike() {
	d.waitAlike()
	d.alike.known, d.alike.all = false, nil
}

func (d *detail) foundAlike(all []app.Alike) {
	before := d.alike.all
	d.alike.known, d.alike.all = true, all
	if len(before)+len(all) > 0 {
		d.showFacts()
	}
	if d.alike.dialog != nil {
		d.alike.dialog.show()
	}
}

// alikePills say how many look alike, and whether that is a complaint about what was
// reported as solved.
func (d *detail) alikePills() (pills []fyne.CanvasObject) {
	w, n := d.screen.w, len(d.alike.all)
	if n == 0 {
		return nil
	}
	pills = append(pills, w.newClickable(w.newPill(w.text.T("alike.pill", n)), d.screen.showAlike))
	start, known := d.card.Appeal.Start()
	for _, a := range d.alike.all {
		if a.Again && known && a.Start.Before(start.At) {
			return append(pills, w.newClickable(w.newStateChip(w.text.T("alike.again"), toneAmber), d.screen.showAlike))
		}
	}
	return pills
}

// sameWords says what two appeals have in common, so that a person sees why one is
// shown beside the other.
func (w *Window) sameWords(l app.Likeness) string {
	t := w.text
	var place, topic, days string
	switch l.Place {
	case app.PlaceHouse:
		place = t.T("alike.house")
	case app.PlaceStreet:
		place = t.T("alike.street")
	case app.PlaceMunicipality:
		place = t.T("alike.municipality")
	}
	switch l.Topic {
	case app.TopicSame:
		topic = t.T("alike.topic")
	case app.TopicGroupOnly:
		topic = t.T("alike.group")
	}
	if days = t.T("alike.same_day"); l.Days > 0 {
		days = t.N("alike.days", l.Days)
	}
	return joined(place, topic, t.T("alike.words", t.Percent(l.Words, 0)), days)
}
