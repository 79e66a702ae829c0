package simulate

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

// quiet says whether nothing is on its way any more.
func (w *world) quiet() bool { return w.restless() == "" }

// restless says what is still on its way.
func (w *world) restless() string {
	if w.centre.storage == nil {
		return "the server is down"
	}
	var head uint64
	var epoch string
	w.centre.view(func(r central.Reader) error {
		lineage, err := r.Lineage()
		must(err)
		epoch = lineage[len(lineage)-1].Epoch
		head, err = r.Head()
		return err
	})
	for _, s := range w.stations {
		if s.disk == nil {
			return s.name + " is down"
		}
		waiting, err := s.disk.Waiting()
		must(err)
		cursor, err := s.disk.Cursor()
		must(err)
		if must, _, err := s.disk.MustLoad(); err != nil || must {
			return s.name + " has a snapshot to take in"
		}
		if !s.goesOn || waiting.Pending > s.orphans() || seqOf(cursor) != head || epochOf(cursor) != epoch {
			state := s.engine.State()
			return fmt.Sprintf("%s: %d wait, at %d of %d, %s %s",
				s.name, waiting.Pending, seqOf(cursor), head, state.Link, state.Reason)
		}
	}
	return ""
}

// orphans counts the operations that wait for an appeal which a restored server
// has lost and no station can bring back: the file of the one that had made it
// was lost, too. To a device an appeal is also lost that was moved out of its
// scope in the part of history it had to pass over.
func (s *station) orphans() (n int) {
	if s.w.forgotten {
		return 0 // they have been refused by now
	}
	ops, err := s.disk.waiting()
	must(err)
	creates, behind, who := map[string]bool{}, map[string]bool{}, s.scope()
	for _, other := range s.w.stations {
		if other.disk == nil {
			return 0
		}
		all, err := other.disk.waiting()
		must(err)
		for _, op := range all {
			creates[op.Ent] = creates[op.Ent] || op.Kind == app.OpCreate
		}
	}
	for _, op := range ops {
		// What was told to be gone waits for its turn, too, and so does what no server
		// would take.
		if behind[op.Ent] && op.Kind != app.OpCreate {
			n++
			continue
		}
		if op.Gone || op.Kind != app.OpEvent && op.Kind != app.OpAmend && op.Kind != app.OpResolve {
			continue
		}
		s.w.centre.view(func(r central.Reader) error {
			a, _, err := r.Appeal(op.Ent)
			if a == nil && !creates[op.Ent] || a != nil && !who.Sees(a.Municipality) && s.w.centre.restores > 0 {
				n++
				behind[op.Ent] = true
			}
			return err
		})
	}
	return n
}

// checkQuiet asks for everything that has to hold at rest.
func (w *world) checkQuiet() {
	feed := w.feed()
	w.changes = len(feed)
	w.checkFeed(feed)
	if len(w.violations) > 0 {
		return // what follows needs a feed that can be told
	}
	st, err := replay(feed)
	must(err)
	w.conflicts = len(st.conflicts)
	w.checkServer(feed, st)
	w.checkClocks(feed, st)
	w.takenBack, w.keptWork = 0, 0
	w.checkTakenBack(feed, st)
	w.checkFiles(st)
	for _, s := range w.stations {
		must(s.disk.Reckon(context.Background())) // terms that do not follow from the tables are found by the check
		s.checkFile()
		s.unchecked = true
		s.check()
		s.checkVerdicts(feed)
		s.checkState(st.within(s.scope()))
	}
}

// checkFeed asks that the feed is dense, that every change comes from an
// operation somebody made, and each operation has one at most.
func (w *world) checkFeed(feed []app.Change) {
	seqs := map[string]uint64{}
	for i, c := range feed {
		if c.Seq != uint64(i)+1 {
			w.violate("feed", "place %d holds %d", i+1, c.Seq)
		}
		if w.issued[c.Op] == nil {
			w.violate("no change without an operation", "%d is of %s, which nobody made", c.Seq, c.Op)
		}
		if w.taken[c.Op] && !w.known(c.Op) {
			w.violate("withdrawal", "%d is of %s, which was taken back", c.Seq, c.Op)
		}
		if first := seqs[c.Op]; first != 0 {
			w.violate("one effect", "%s stands at %d and at %d", c.Op, first, c.Seq)
		}
		seqs[c.Op] = c.Seq
	}
}

// known says whether a station knows of the operation: one that was taken back may
// stand in a copy of the file, which is another hand.
func (w *world) known(op string) bool {
	return slices.ContainsFunc(w.stations, func(s *station) bool { return s.ledger.byID[op] != nil })
}

// checkServer asks that the server's state is the fold of its feed, and that
// what it remembers of an operation is what its feed says.
func (w *world) checkServer(feed []app.Change, st state) {
	w.centre.view(func(r central.Reader) error {
		for _, c := range feed {
			j, ok, err := r.Judgement(c.Op)
			if err != nil {
				return err
			}
			if !ok || j.Seq != c.Seq || j.Verdict != c.Verdict || j.Reason != c.Reason {
				w.violate("one verdict", "%s is %s at %d in the feed and %s at %d in memory", c.Op, c.Verdict, c.Seq, j.Verdict, j.Seq)
			}
		}
		for _, id := range slices.Sorted(maps.Keys(st.appeals)) {
			a, _, err := r.Appeal(id)
			if err != nil {
				return err
			}
			w.same("replay", "the server, appeal "+id, a, st.appeals[id])
		}
		for _, id := range slices.Sorted(maps.Keys(st.pages)) {
			p, _, err := r.Page(id)
			if err != nil {
				return err
			}
			w.same("replay", "the server, page "+id, p, st.pages[id])
		}
		for _, name := range slices.Sorted(maps.Keys(st.tables)) {
			t, _, err := r.Table(app.TableName(name))
			if err != nil {
				return err
			}
			w.same("replay", "the server, table "+name, t, st.tables[name])
		}
		for _, day := range slices.Sorted(maps.Keys(st.counters)) {
			c, _, err := r.Counters(day)
			if err != nil {
				return err
			}
			w.same("replay", "the server, counters of "+day.String(), c.Counts, st.counters[day])
		}
		for _, op := range slices.Sorted(maps.Keys(st.conflicts)) {
			k, _, err := r.Conflict(st.conflicts[op].Appeal, op)
			if err != nil {
				return err
			}
			w.same("replay", "the server, conflict "+op, k, st.conflicts[op])
		}
		return nil
	})
}

// same asks that two values are one, as they travel.
func (w *world) same(invariant, what string, got, want any) {
	if g, m := string(app.Encode(got)), string(app.Encode(want)); g != m {
		w.violate(invariant, "%s:\n    is      %s\n    must be %s", what, g, m)
	}
}

// checkVerdicts asks that each operation of the station ended once, in the way
// the server decided, and that the text of a conflict can be read here.
func (s *station) checkVerdicts(feed []app.Change) {
	decided := map[string]app.Change{}
	for _, c := range feed {
		decided[c.Op] = c
	}
	entries, err := s.disk.Entries(math.MaxInt)
	must(err)
	ends := map[string][]app.Entry{}
	for _, e := range entries {
		ends[e.Op.ID] = append(ends[e.Op.ID], e)
	}
	conflicts, err := s.disk.Conflicts()
	must(err)
	for _, e := range s.ledger.entries {
		all := ends[e.op.ID]
		if len(all) == 1 && all[0].State == app.EntryWaiting && !e.judged {
			continue // an orphan, or there would be no rest
		}
		if !ended(all, e) {
			s.w.violate("one verdict", "%s: %s is %s and stands in the journal as %+v", s.name, e.op.ID, e.verdict, all)
		}
		if e.verdict == app.VerdictRejected && len(all) == 1 && string(all[0].Op.Payload) != string(e.op.Payload) {
			s.w.violate("refused", "%s: the text of %s cannot be read", s.name, e.op.ID)
		}
		c, inFeed := decided[e.op.ID]
		// What is somebody else's under the same identifier says nothing of this one.
		others := e.verdict == app.VerdictRejected && (e.reason == wire.CodeIDReused || e.reason == app.CodeOutOfScope)
		switch unstored := others || e.verdict == app.VerdictRejected && e.reason == wire.CodeMalformed; {
		case !inFeed && !unstored, inFeed && c.Verdict != e.verdict && !others:
			s.w.violate("one verdict", "%s: %s is %s here and %q on the server", s.name, e.op.ID, e.verdict, c.Verdict)
		}
		if e.verdict == app.VerdictConflict {
			s.checkReadable(e, all[0], conflicts)
		}
	}
}

func stateOf(v app.Verdict) app.EntryState {
	switch v {
	case app.VerdictConflict:
		return app.EntryConflict
	case app.VerdictRejected:
		return app.EntryRefused
	}
	return app.EntrySent
}

// ended says whether the journal tells of the one end the operation had. A
// conflict that is out of scope stands among the refused.
func ended(all []app.Entry, e *entry) bool {
	if len(all) != 1 {
		return false
	}
	state, reason := all[0].State, all[0].Reason
	return state == stateOf(e.verdict) && reason == e.reason ||
		e.verdict == app.VerdictConflict && state == app.EntryRefused && reason == app.CodeOutOfScope
}

func (s *station) checkReadable(e *entry, in app.Entry, conflicts []app.Conflict) {
	mine, err := app.Decode[app.Event](e.op.Payload)
	must(err)
	// A conflict that has gone out of scope is read in the journal.
	if kept, err := app.Decode[app.Event](in.Op.Payload); s.w.narrow && err == nil && kept.Text == mine.Text && kept.Type == mine.Type {
		return
	}
	for _, c := range conflicts {
		if c.Op == e.op.ID && c.Mine.Text == mine.Text && c.Mine.Type == mine.Type {
			return
		}
	}
	s.w.violate("conflict", "%s: the text of %s, which lost, cannot be read", s.name, e.op.ID)
}

// checkState asks that the station holds what the server holds and nothing
// else.
func (s *station) checkState(st state) {
	const invariant = "convergence"
	appeals := map[string]*app.Appeal{}
	var records []uint64
	must(s.disk.Facts(app.Filter{}, time.Time{}, func(f *app.Facts) { records = slices.Collect(f.Records()) }))
	for _, record := range records {
		a, err := s.disk.AppealAt(record)
		must(err)
		appeals[a.ID] = a
	}
	conflicts := map[string]app.Conflict{}
	all, err := s.disk.Conflicts()
	must(err)
	for _, c := range all {
		conflicts[c.Op] = c
	}
	pages := map[string]app.Page{}
	list, err := s.disk.Pages()
	must(err)
	for _, p := range list {
		pages[p.ID] = p
	}
	// Counts of a page the server refused stand on both sides until it comes.
	counted := maps.Clone(pages)
	for _, counts := range st.counters {
		for id := range counts {
			counted[id] = app.Page{}
		}
	}
	counters := map[app.Day]map[string]uint32{}
	for id := range counted {
		series, err := s.disk.Series(id)
		must(err)
		for i := range series.Values {
			day := series.First + app.Day(i)
			if n, ok := series.At(day); ok {
				if counters[day] == nil {
					counters[day] = map[string]uint32{}
				}
				counters[day][id] = n
			}
		}
	}
	tables := map[string]app.Table{}
	changed, err := s.disk.Tables()
	must(err)
	for _, t := range changed {
		tables[string(t.Name)] = t
	}
	sameAll(s.w, invariant, s.name+", table", tables, st.tables)
	sameAll(s.w, invariant, s.name+", appeal", appeals, st.appeals)
	sameAll(s.w, invariant, s.name+", conflict", conflicts, st.conflicts)
	sameAll(s.w, invariant, s.name+", page", pages, st.pages)
	s.w.same(invariant, s.name+", counters", counters, st.counters)
}

func sameAll[T any](w *world, invariant, what string, got, want map[string]T) {
	for _, id := range slices.Sorted(maps.Keys(want)) {
		w.same(invariant, what+" "+id, got[id], want[id])
	}
	for _, id := range slices.Sorted(maps.Keys(got)) {
		if _, known := want[id]; !known {
			w.violate(invariant, "%s %s is not on the server", what, id)
		}
	}
}
