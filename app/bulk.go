package app

import (
	"context"
	"slices"
	"sort"
)

// manyStep is how many appeals are acted on in one transaction: all that is in
// memory at once, and what a person waits for who stops.
const manyStep = 200

// ManyReport says what became of an action on many appeals.
type ManyReport struct {
	Asked     int
	Done      int
	Same      int // stood there already: nothing to be done
	Withdrawn int // of the done, by an undo: never sent
	Refused   []LeftOut
	Stopped   bool        // before the rest was looked at
	Events    []EventType // what it was about, each kind once
}

// Left is how many were not looked at.
func (r *ManyReport) Left() int { return r.Asked - r.Done - r.Same - len(r.Refused) }

// LeftOut is an appeal that was left as it was, and why.
type LeftOut struct {
	Record uint64
	Number string // for people, "" where there is none
	Err    error  // a sentence
}

func (r *ManyReport) refuse(record uint64, number string, err error) {
	r.Refused = append(r.Refused, LeftOut{record, number, err})
}

// ActMany does to each of the appeals, named by their records, what events says; no
// events: it stands there already. Each appeal is judged for itself and acted on
// whole or not at all; what is refused is named in the report. It goes on in
// transactions of some hundred appeals and can be stopped between them, and a
// failure of the store ends it: what the report calls done is done. progress is
// told the appeals looked at.
func (d *Desk) ActMany(ctx context.Context, records []uint64, events func(*Appeal) []Event, progress func(done, of int)) (ManyReport, error) {
	r := ManyReport{Asked: len(records)}
	one := &deed{}
	var err error
	for at := 0; at < len(records) && err == nil && !r.Stopped; at += manyStep {
		some := records[at:min(at+manyStep, len(records))]
		if err = d.actSome(&r, one, some, events); err == nil {
			progress(at+len(some), len(records))
		}
		r.Stopped = ctx.Err() != nil && at+len(some) < len(records)
	}
	if len(one.steps) > 0 {
		d.did(one)
	}
	r.Events = eventsOf(one.steps)
	return r, err
}

// actSome is one transaction of ActMany.
func (d *Desk) actSome(r *ManyReport, one *deed, records []uint64, events func(*Appeal) []Event) error {
	disputed, err := d.disputed()
	if err != nil {
		return err
	}
	var steps []step
	var ops []Op
	for _, record := range records {
		a, err := d.store.AppealAt(record)
		if CodeOf(err) == CodeNotFound {
			r.refuse(record, "", err)
			continue
		}
		if err != nil {
			return err
		}
		happens := events(a)
		if len(happens) == 0 {
			r.Same++
			continue
		}
		// Nobody reads each of so many answers before it goes.
		if name, left := unfilled(happens); left {
			r.refuse(record, a.Number, Fail(CodeNeedsField, name))
			continue
		}
		s, more, err := d.ask(a, disputed[a.ID], happens)
		if err == nil {
			err = blankIn(happens)
		}
		if err != nil {
			r.refuse(record, a.Number, err)
			continue
		}
		steps, ops = append(steps, s), append(ops, more...)
	}
	if len(ops) == 0 {
		return nil
	}
	if err := d.store.Perform(ops); err != nil {
		return err
	}
	r.Done += len(steps)
	one.steps = append(one.steps, steps...)
	return nil
}

// unfilled gives the first field of a template that an answer leaves empty.
func unfilled(events []Event) (name string, left bool) {
	for _, e := range events {
		if e.Type != EventAnswered && e.Type != EventSubmitted {
			continue
		}
		if blanks := Blanks(e.Text); len(blanks) > 0 {
			return blanks[0].Name, true
		}
	}
	return "", false
}

// disputed gives the appeals with an open conflict.
func (d *Desk) disputed() (map[string]bool, error) {
	open, err := d.Conflicts()
	out := map[string]bool{}
	for _, c := range open {
		out[c.Appeal] = true
	}
	return out, err
}

func eventsOf(steps []step) (kinds []EventType) {
	for _, s := range steps {
		for _, a := range s.acts {
			if !slices.Contains(kinds, a.what) {
				kinds = append(kinds, a.what)
			}
		}
	}
	return kinds
}

// MayMany says, by the table of transitions, to how many of the appeals this person
// may do what events says. What is said of a single one (its topic, a conflict) is
// asked when it is done.
func (d *Desk) MayMany(records []uint64, events func(*Appeal) []Event) (int, error) {
	standing, err := d.standings(records)
	if err != nil {
		return 0, err
	}
	n := 0
	for status, many := range standing {
		// Of an appeal that lacks nothing only the status and the role are judged.
		a := &Appeal{Status: status, Group: "?", Municipality: "?"}
		if _, _, err := d.ask(a, false, events(a)); err == nil {
			n += many
		}
	}
	return n, nil
}

// standings counts appeals by their status.
func (d *Desk) standings(records []uint64) (map[Status]int, error) {
	out := map[Status]int{}
	err := d.store.Facts(Filter{}, d.now(), func(f *Facts) {
		for _, record := range records {
			i := sort.Search(len(f.Parts), func(i int) bool { return f.Parts[i].First > record }) - 1
			if i < 0 {
				continue
			}
			p := &f.Parts[i]
			if row := int(record - p.First); row < len(p.Status) && p.Status[row] > 0 {
				out[Statuses[p.Status[row]-1]]++
			}
		}
	})
	return out, err
}

// EachAppeal reads appeals one after the other, with their terms, until f fails or
// the context ends (CodeCancelled). One that is gone is passed over.
func (d *Desk) EachAppeal(ctx context.Context, records []uint64, f func(*Appeal, Deadline) error) error {
	for _, record := range records {
		if err := ctx.Err(); err != nil {
			return Fail(CodeCancelled).Because(err)
		}
		a, err := d.store.AppealAt(record)
		if CodeOf(err) == CodeNotFound {
			continue
		}
		if err == nil {
			err = f(a, d.Terms().Deadline(a))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Exported enters into the journal that a list was written to a file, and by whom.
// Whoever may not take personal data out is refused: CodeListPersonal.
func (d *Desk) Exported(x Export) error {
	me := d.Me()
	if x.Personal && !me.MayList() {
		return Fail(CodeListPersonal)
	}
	x.By = me.Name
	return d.store.Exported(x, d.now())
}

// Matching gives the records of all appeals the filter leaves, however many they are.
func (d *Desk) Matching(f Filter) (records []uint64, err error) {
	err = d.store.Facts(f, d.now(), func(all *Facts) { records = slices.AppendSeq(records, all.Records()) })
	return records, err
}

// Published enters into the journal that a document of figures was written to a file.
func (d *Desk) Published(document string) error {
	return d.store.Exported(Export{Document: document}, d.now())
}
