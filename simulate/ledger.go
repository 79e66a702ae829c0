package simulate

import (
	"math"
	"slices"
	"strings"

	"otklik/app"
)

// ledger is what became durable at one station and what the station has been
// told of it since.
type ledger struct {
	s       *station
	entries []*entry // in the order they were made
	byID    map[string]*entry
	drafts  map[string]app.Draft // by appeal
}

// entry is one operation.
type entry struct {
	op       app.Op
	judged   bool
	verdict  app.Verdict
	reason   app.Code
	restores int    // of the server, when the verdict came
	before   *entry // what was known before the operation was to go out again
}

func (l *ledger) add(op app.Op) {
	e := &entry{op: op}
	l.entries = append(l.entries, e)
	l.byID[op.ID] = e
}

// withdrawn forgets what was taken back, but not its words: they are typed on.
func (l *ledger) withdrawn(w app.Withdrawal) {
	for _, id := range w.Ops {
		if e := l.byID[id]; e.judged {
			l.s.w.violate("withdrawal", "%s: %s is taken back and was %s", l.s.name, id, e.verdict)
		}
		delete(l.byID, id)
		l.s.w.taken[id] = true
	}
	l.entries = slices.DeleteFunc(l.entries, func(e *entry) bool { return slices.Contains(w.Ops, e.op.ID) })
	d, err := l.s.disk.Draft(w.Record)
	must(err)
	if !strings.Contains(d.Answer, w.Draft.Answer) || !strings.Contains(d.Note, w.Draft.Note) {
		l.s.w.violate("drafts", "%s: the words of %v are lost", l.s.name, w.Ops)
	}
	if w.Draft.Answer+w.Draft.Note != "" {
		l.drafts[w.Record] = d
	}
}

// judged notes the verdict; a feed told anew tells the same.
func (l *ledger) judged(op string, v app.Verdict, reason app.Code) {
	e := l.byID[op]
	if e == nil {
		return
	}
	if e.judged && e.op.Kind == app.OpCreate && e.reason == app.CodeOutOfScope {
		return // which the server does not keep: another station may create the same
	}
	restores := l.s.w.centre.restores
	if e.judged && e.restores == restores && (e.verdict != v || e.reason != reason) {
		l.s.w.violate("one verdict", "%s: %s is %s and then %s", l.s.name, op, e.verdict, v)
	}
	e.judged, e.verdict, e.reason, e.restores = true, v, reason, restores
}

// rewound forgets the verdicts on what goes out again: they are of a history the
// server has lost.
func (l *ledger) rewound() {
	ops, err := l.s.disk.waiting()
	must(err)
	for _, op := range ops {
		if e := l.byID[op.ID]; e != nil {
			before := *e
			*e = entry{op: e.op, before: &before}
		}
	}
}

// adopt takes over what another station's file knows.
func (l *ledger) adopt(other *ledger) {
	*l = ledger{s: l.s, byID: map[string]*entry{}, drafts: map[string]app.Draft{}}
	for _, e := range other.entries {
		same := *e
		l.entries = append(l.entries, &same)
		l.byID[e.op.ID] = &same
	}
	for appeal, d := range other.drafts {
		l.drafts[appeal] = d
	}
}

// reread brings the ledger to what another file in the place of the station's own
// knows, with the journal beside it: nothing is lost, but what was judged since may
// wait again.
func (l *ledger) reread() {
	known, err := l.s.disk.Entries(math.MaxInt)
	must(err)
	states := map[string]app.EntryState{}
	for _, e := range known {
		states[e.Op.ID] = e.State
	}
	for _, e := range l.entries {
		state, has := states[e.op.ID]
		switch {
		case !has:
			l.s.w.violate("survival", "%s: %s is lost with the file", l.s.name, e.op.ID)
		case state == app.EntryWaiting:
			*e = entry{op: e.op}
		case !e.judged && e.before != nil: // a file from before it was to go out again
			*e = *e.before
		}
	}
	l.s.checkDrafts()
}

// check asks that every operation waits or has its verdict and not both, and
// that the person still sees what they did.
func (s *station) check() {
	if !s.unchecked {
		return
	}
	s.unchecked = false
	ops, err := s.disk.waiting()
	must(err)
	waits := map[string]bool{}
	for _, op := range ops {
		waits[op.ID] = true
		if op.Kind == app.OpCreate {
			waits[op.Ent] = true // taken in anew
		}
		if s.ledger.byID[op.ID] == nil {
			s.w.violate("one verdict", "%s: %s waits and was never made", s.name, op.ID)
		}
	}
	appeals := map[string]*app.Appeal{}
	for _, e := range s.ledger.entries {
		switch {
		case waits[e.op.ID] && e.judged:
			s.w.violate("one verdict", "%s: %s is %s and still waits", s.name, e.op.ID, e.verdict)
		case !waits[e.op.ID] && !e.judged:
			s.w.violate("one verdict", "%s: %s neither waits nor has a verdict", s.name, e.op.ID)
		}
		if e.op.Kind == app.OpEvent && (!e.judged || e.verdict == app.VerdictApplied) {
			s.checkSeen(e, appeals, waits)
		}
	}
	s.checkChoices(waits)
	s.checkDrafts()
}

// checkChoices asks that a conflict the person has settled does not come up
// again while nobody said otherwise.
func (s *station) checkChoices(waits map[string]bool) {
	conflicts, err := s.disk.Conflicts()
	must(err)
	open := map[string]bool{}
	for _, c := range conflicts {
		open[c.Op] = c.Choice == ""
	}
	for _, e := range s.ledger.entries {
		if e.op.Kind != app.OpResolve || !waits[e.op.ID] && e.verdict == app.VerdictRejected {
			continue
		}
		r, err := app.Decode[app.Resolution](e.op.Payload)
		must(err)
		if open[r.Conflict] {
			s.w.violate("own writes", "%s: the conflict of %s, settled by %s, is open", s.name, r.Conflict, e.op.ID)
		}
	}
}

// checkSeen asks that the person's own event shows.
func (s *station) checkSeen(e *entry, read map[string]*app.Appeal, waits map[string]bool) {
	a, known := read[e.op.Ent]
	if !known {
		var err error
		if a, err = s.disk.Appeal(e.op.Ent); err != nil && app.CodeOf(err) != app.CodeNotFound {
			s.w.violate("own writes", "%s: %s cannot be read: %v", s.name, e.op.Ent, err)
		}
		read[e.op.Ent] = a
	}
	switch {
	case a == nil && e.judged && !s.w.narrow: // otherwise it may have left the scope
		s.w.violate("own writes", "%s: %s was accepted and its appeal is not there", s.name, e.op.ID)
	case a != nil && e.judged && s.w.narrow && waits[e.op.Ent]: // left the scope, and was taken in anew since
	case a != nil && !a.HasEvent(e.op.ID):
		s.w.violate("own writes", "%s does not see its own %s (judged: %v)", s.name, e.op.ID, e.judged)
	}
}

func (s *station) checkDrafts() {
	for appeal, want := range s.ledger.drafts {
		if got, err := s.disk.Draft(appeal); err != nil || got.Answer != want.Answer || got.Note != want.Note {
			s.w.violate("drafts", "%s: a draft is lost, error %v", s.name, err)
		}
	}
}

// checkFile asks the store for its own proof.
func (s *station) checkFile() {
	report, err := s.disk.Check()
	must(err)
	for _, p := range report.Problems {
		s.w.violate("file", "%s: %s", s.name, p)
	}
}
