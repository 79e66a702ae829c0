package central

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// presence knows who has which appeal open. It is in the memory of this node and
// nowhere else: a restart forgets it, and of several nodes behind one address each
// knows those who ask it. That is enough for a hint, and nothing is decided by it.
type presence struct {
	mu sync.Mutex
	at map[string]present // by device
}

// present is where a device was last heard to be.
type present struct {
	appeal string
	who    app.Companion
	until  time.Time
}

// enter notes where a device is and gives who else is there. Devices are few, and
// each is at one place.
func (p *presence) enter(d Device, q wire.Presence, now time.Time) []app.Companion {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == nil {
		p.at = map[string]present{}
	}
	maps.DeleteFunc(p.at, func(_ string, at present) bool { return now.After(at.until) })
	delete(p.at, d.ID)
	others := []app.Companion{}
	if q.Appeal == "" {
		return others
	}
	for _, at := range p.at {
		if at.appeal == q.Appeal {
			others = append(others, at.who)
		}
	}
	p.at[d.ID] = present{q.Appeal, app.Companion{Name: d.Identity.Name, Doing: q.Doing}, now.Add(app.PresenceLife)}
	slices.SortFunc(others, func(a, b app.Companion) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Doing, b.Doing))
	})
	return others
}

// beside answers who else has an appeal open that the device has.
func (s *Server) beside(w http.ResponseWriter, r *http.Request, d Device) error {
	var q wire.Presence
	if err := read(w, r, maxAccessBody, &q); err != nil {
		return err
	}
	if q.Doing != app.DoingReads && q.Doing != app.DoingWrites || q.Appeal != "" && !validID(q.Appeal) {
		return fail(http.StatusBadRequest, wire.CodeMalformed, "not a presence")
	}
	if q.Appeal != "" {
		seen := false
		err := s.storage.View(r.Context(), func(tx Reader) (err error) {
			_, seen, err = scopeOf(d).visible(tx, q.Appeal)
			return err
		})
		switch {
		case err != nil:
			return err
		case !seen:
			return fail(http.StatusNotFound, app.CodeNotFound, "no such appeal")
		}
	}
	write(w, http.StatusOK, wire.TypeJSON, wire.PresenceReply{Others: s.presence.enter(d, q, s.now())})
	return nil
}
