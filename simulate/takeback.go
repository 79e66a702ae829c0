package simulate

import (
	"maps"
	"slices"

	"otklik/app"
)

// checkTakenBack asks of imports that were taken back what decision 0035 promises: what
// people did stays, with what they did it to, and of the rest no word is left.
func (w *world) checkTakenBack(feed []app.Change, st state) {
	since := map[string][]string{} // what people did since the appeal was last created
	for _, c := range feed {
		if c.Verdict != app.VerdictApplied {
			continue
		}
		switch c.Kind {
		case app.OpCreate:
			delete(since, c.Ent)
		case app.OpEvent:
			since[c.Ent] = append(since[c.Ent], c.Op)
		case app.OpBack:
			w.takenBack++
			if len(since[c.Ent]) > 0 {
				w.keptWork++
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(st.appeals)) {
		a := st.appeals[id]
		for _, event := range since[id] {
			if !a.HasEvent(event) {
				w.violate("taken back", "%s does not hold %s, which a person did", id, event)
			}
		}
		if a.Undone && (len(a.Events) > 0 || a.Text+a.Title+a.Author+a.Contact+a.Place+a.Link+a.External != "") {
			w.violate("taken back", "%s was taken back and says %s", id, app.Encode(a))
		}
	}
	for _, op := range slices.Sorted(maps.Keys(st.conflicts)) {
		k := st.conflicts[op]
		if a := st.appeals[k.Appeal]; a.Undone {
			w.violate("taken back", "%s was in a conflict and was taken back", a.ID)
		}
	}
}
