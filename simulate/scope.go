package simulate

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

// places are the municipalities of the region.
var places = []string{"г. Чебоксары", "г. Канаш", "г. Шумерля"}

// drawScope gives a part of the region, or now and then all of it.
func (w *world) drawScope() []string {
	if w.chance(0.3) {
		return nil
	}
	first := w.rand.IntN(len(places))
	if w.chance(0.7) {
		return places[first : first+1]
	}
	return []string{places[first], places[(first+1)%len(places)]}
}

func (s *station) scope() app.Identity { return s.w.centre.scope(s.device.ID) }

// scope gives who the device is to the server now, past accidents and planted
// bugs.
func (c *centre) scope(device string) (who app.Identity) {
	c.view(func(r central.Reader) error {
		d, ok, err := r.Device(device)
		if err == nil && !ok {
			err = app.Fail(app.CodeNotFound, device)
		}
		who = d.Identity
		return err
	})
	return who
}

// rescoped gives the device another scope while a request is on its way, or its
// answer: in the middle of a pull, of a batch or of a snapshot.
func (l *line) rescoped(m *message) (*reply, error) {
	if l.w.chance(0.5) {
		l.s.rescope()
		return l.w.centre.answer(m, nil)
	}
	r, err := l.w.centre.answer(m, nil)
	l.s.rescope()
	return r, err
}

func (s *station) rescope() {
	s.w.centre.rewrite(s.device.ID, func(d *central.Device) { d.Identity.Municipalities = s.w.drawScope() })
	for _, other := range s.w.stations {
		other.goesOn = other.goesOn && other.device.ID != s.device.ID // a copied file is the same device
	}
	s.w.note("%s now sees %q", s.name, s.scope().Municipalities)
}

// move takes an appeal to another municipality.
func (s *station) move() error {
	card, err := s.some()
	if card == nil || err != nil {
		return err
	}
	m := app.Amendment{Fields: app.Appeal{Municipality: pick(s.w, places)}}
	return s.disk.Perform([]app.Op{{
		ID: s.w.newID(), Ent: card.Appeal.ID, Kind: app.OpAmend, At: s.time.Now(), Schema: app.Schema, Payload: app.Encode(m),
	}})
}

// stay is where the appeal of a change was before it and after it; "" where
// there was none.
type stay struct{ before, after string }

// stays tells the history of places from the feed, here once more and by itself.
type stays struct {
	feed  []app.Change
	of    []stay            // by seq − 1
	been  map[string]string // by appeal: all places it has been at, a line each
	count int               // of restores of the server
}

// told brings the history of places up to the feed.
func (w *world) told() *stays {
	c := w.centre
	var head uint64
	c.view(func(r central.Reader) (err error) {
		head, err = r.Head()
		return err
	})
	if c.stays != nil && c.stays.count == c.restores && len(c.stays.feed) == int(head) {
		return c.stays
	}
	t := &stays{feed: w.feed(), been: map[string]string{}, count: c.restores}
	now := map[string]string{}
	for _, ch := range t.feed {
		s := stay{before: now[ch.Ent]}
		if ch.Verdict == app.VerdictApplied {
			switch ch.Kind {
			case app.OpCreate:
				a, err := app.Decode[app.Appeal](ch.Body)
				must(err)
				now[ch.Ent] = a.Municipality
			case app.OpEvent:
				e, err := app.Decode[app.Event](ch.Body)
				must(err)
				if e.Type == app.EventPlaced {
					now[ch.Ent] = e.Target
				}
			case app.OpAmend:
				m, err := app.Decode[app.Amendment](ch.Body)
				must(err)
				if m.Fields.Municipality != "" {
					now[ch.Ent] = m.Fields.Municipality
				}
			case app.OpBack:
				b, err := app.Decode[app.TakenBack](ch.Body)
				must(err)
				if b.Before != nil {
					now[ch.Ent] = b.Before.Municipality
				}
			}
		}
		s.after = now[ch.Ent]
		t.of = append(t.of, s)
		t.been[ch.Ent] += s.after + "\n"
	}
	c.stays = t
	return t
}

// checkScope asks that an answer tells a station nothing that is out of the scope
// its device had when it was given.
func (w *world) checkScope(s *station, who app.Identity, m *message, r *reply) {
	if p := m.request.URL.Path; m.device == s.device.ID && r.status == http.StatusOK && (p == wire.PathOps || p == wire.PathChanges) {
		s.goesOn = true
	}
	if who.Regional() || r.status != http.StatusOK && r.status != http.StatusPartialContent {
		return
	}
	path := m.request.URL.Path
	switch {
	case path == wire.PathOps:
		var reply wire.PushReply
		must(json.Unmarshal(r.plain(), &reply))
		w.checkPage(s, who, reply.Page.Changes)
	case path == wire.PathChanges:
		var changes []app.Change
		for line := range bytes.Lines(r.plain()) {
			var c app.Change
			must(json.Unmarshal(line, &c))
			if c.Seq > 0 {
				changes = append(changes, c)
			}
		}
		w.checkPage(s, who, changes)
	case strings.HasPrefix(path, wire.PathSnapshot+"/") && r.status == http.StatusOK:
		w.checkFrame(s, who, r.body)
	}
}

// plain gives the body unpacked.
func (r *reply) plain() []byte {
	var from io.Reader
	switch packed := bytes.NewReader(r.body); r.header.Get("Content-Encoding") {
	case "":
		return r.body
	case wire.EncodingGzip:
		zip, err := gzip.NewReader(packed)
		must(err)
		from = zip
	case wire.EncodingZstd:
		unpack, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1))
		must(err)
		defer unpack.Close()
		from = unpack
	}
	plain, err := io.ReadAll(from)
	must(err)
	return plain
}

func (w *world) checkPage(s *station, who app.Identity, changes []app.Change) {
	if len(changes) == 0 {
		return
	}
	t := w.told()
	for _, c := range changes {
		is, at := t.feed[c.Seq-1], t.of[c.Seq-1]
		if !is.Kind.AboutAppeal() {
			continue
		}
		own, before, after := is.Dev == s.device.ID, who.Sees(at.before), who.Sees(at.after)
		entered := app.Entered{Appeal: app.Appeal{Municipality: at.after}}
		if c.Kind == app.ChangeEntered {
			var err error
			entered, err = app.Decode[app.Entered](c.Body)
			must(err)
		}
		switch {
		case !before && !after && (!own || len(c.Body) > 0),
			!after && len(c.Body) > 0,
			!after && !own && c.Op != "",
			after && !who.Sees(entered.Appeal.Municipality):
			w.violate("scope", "%s, who sees %q, is told of %s from %q to %q: %s", s.name, who.Municipalities, c.Ent, at.before, at.after, app.Encode(c))
		}
	}
}

func (w *world) checkFrame(s *station, who app.Identity, packed []byte) {
	unpack, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1))
	must(err)
	defer unpack.Close()
	t := w.told()
	for d := json.NewDecoder(unpack); ; {
		var row app.SnapshotRow
		if err := d.Decode(&row); err == io.EOF {
			return
		} else if err != nil {
			must(err)
		}
		seen := true
		switch row.Kind {
		case app.RowAppeal:
			a, err := app.Decode[app.Appeal](row.Value)
			must(err)
			seen = who.Sees(a.Municipality)
		case app.RowConflict:
			k, err := app.Decode[app.Conflict](row.Value)
			must(err)
			seen = slices.ContainsFunc(strings.Split(t.been[k.Appeal], "\n"), who.Sees)
		}
		if !seen {
			w.violate("scope", "%s, who sees %q, takes in %s", s.name, who.Municipalities, row.Value)
		}
	}
}

// within gives the part of the state that somebody may see. What came by an import
// that was taken back nobody sees.
func (st state) within(who app.Identity) state {
	part := st
	part.appeals, part.conflicts = maps.Clone(st.appeals), maps.Clone(st.conflicts)
	maps.DeleteFunc(part.appeals, func(_ string, a *app.Appeal) bool { return a.Undone || !who.Sees(a.Municipality) })
	part.pages, part.counters = maps.Clone(st.pages), maps.Clone(st.counters)
	maps.DeleteFunc(part.pages, func(_ string, p app.Page) bool { return p.Undone })
	maps.DeleteFunc(part.counters, func(_ app.Day, counts map[string]uint32) bool { return len(counts) == 0 })
	maps.DeleteFunc(part.conflicts, func(_ string, k app.Conflict) bool { return part.appeals[k.Appeal] == nil })
	return part
}
