package simulate

import (
	"slices"

	"otklik/app"
)

// poisoned writes an operation the server cannot accept into a station's
// outbox, as a program of another version or with a mistake in it would.
func (w *world) poisoned() {
	s := w.some()
	if s == nil {
		return
	}
	lived := s.lives(func() {
		card, err := s.some()
		must(err)
		if card == nil {
			return
		}
		op := w.poison(s, card.Appeal.ID)
		if err := s.disk.Perform([]app.Op{op}); err != nil {
			w.note("%s: %v", s.name, err)
		}
	})
	if lived {
		s.check()
	}
}

// poison draws an operation of the station about the appeal.
func (w *world) poison(s *station, appeal string) app.Op {
	id := w.newID()
	op := app.Op{ID: id, Ent: appeal, Kind: app.OpEvent, At: w.now, Schema: app.Schema}
	event := app.Event{ID: id, Type: app.EventNote, Text: "Заметка"}
	payload := any(&event)
	switch w.rand.IntN(10) {
	case 0:
		event.Type = "teleported" // unknown to the table
	case 1:
		op.ID, event.ID = "!"+id[1:], "!"+id[1:] // not even an identifier
	case 2:
		op.Schema++
	case 3:
		op.Kind = "appeal.paint"
	case 4:
		// Somebody else's: a station does not give an identifier twice.
		others := slices.DeleteFunc(w.feed(), func(c app.Change) bool {
			return c.Dev == s.device.ID || s.ledger.byID[c.Op] != nil
		})
		if len(others) > 0 {
			op.ID = pick(w, others).Op
			event.ID = op.ID
		}
	case 5:
		op.Kind = app.OpResolve
		payload = app.Resolution{Conflict: w.newID(), Choice: app.ChoiceNote, Event: event}
	case 6:
		op.Ent, op.Kind = id, app.OpCreate
		payload = app.Appeal{ID: id, Kind: "rumour", Source: app.SourceVK, Status: app.StatusNew, Text: "Слух"}
	case 7:
		page := app.IDFrom("page", "0")
		op.Ent, op.Kind, payload = page, app.OpPage, app.Page{ID: page, Network: app.SourceVK} // without a name
	case 8:
		day := app.DayOf(firstMoment) + 200*365 // nobody counts ahead of time
		op.Ent, op.Kind = day.String(), app.OpCount
		payload = app.Counters{Day: day, Counts: map[string]uint32{app.IDFrom("page", "0"): 7}}
	case 9:
		table := app.Table{Name: app.TableHours, Columns: []app.Column{"begin", "end"}, Rows: [][]string{{"вечером", "утром"}}}
		op.Ent, op.Kind, payload = string(table.Name), app.OpTable, table
	}
	op.Payload = app.Encode(payload)
	return op
}
