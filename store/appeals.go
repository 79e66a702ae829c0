package store

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"otklik/app"
)

// Appeal reads one appeal.
func (s *Store) Appeal(id string) (*app.Appeal, error) {
	record, ok := s.Record(id)
	if !ok {
		return nil, app.Fail(app.CodeNotFound, "appeal")
	}
	return s.AppealAt(record)
}

// AppealAt reads the appeal with the record number.
func (s *Store) AppealAt(record uint64) (a *app.Appeal, err error) {
	err = s.view(func(tx reader) error {
		raw := tx.Bucket(bucketAppeals).Get(number(record))
		if raw == nil {
			return app.Fail(app.CodeNotFound, "appeal")
		}
		a, err = s.decodeRecord(raw)
		return err
	})
	return a, err
}

// snippetLen is what a line of a list can show at most.
const snippetLen = 160

// line is what a line of a list needs of the body of a record: what it shows, and
// what its clock follows from.
type line struct {
	ID           string       `json:"id"`
	Number       string       `json:"number"`
	Title        string       `json:"title"`
	Text         string       `json:"text"`
	Group        string       `json:"group"`
	Topic        string       `json:"topic"`
	Municipality string       `json:"municipality"`
	Assignee     string       `json:"assignee"`
	Severity     app.Severity `json:"severity"`
	Due          time.Time    `json:"due"`
	Events       []lineEvent  `json:"events"`
}

type lineEvent struct {
	ID       string        `json:"id"`
	Type     app.EventType `json:"type"`
	At       time.Time     `json:"at"`
	FinalBy  time.Time     `json:"final_by"`
	Percent  int           `json:"percent"`
	Delivery app.Delivery  `json:"delivery"`
}

// Row reads one line of a list.
func (s *Store) Row(record uint64) (r app.Row, err error) {
	err = s.view(func(tx reader) error {
		raw := tx.Bucket(bucketAppeals).Get(number(record))
		if raw == nil {
			return app.Fail(app.CodeNotFound, "appeal")
		}
		var l line
		h, err := s.openRecord(raw, &l)
		if err != nil {
			return err
		}
		a := app.Appeal{
			Title: l.Title, Text: l.Text, Group: l.Group, Topic: l.Topic, Municipality: l.Municipality, Severity: l.Severity,
			Due: l.Due, Kind: decode(app.Kinds, h.kind), Status: decode(app.Statuses, h.status),
		}
		r = app.Row{
			Record: record, ID: l.ID, Number: l.Number, Heading: a.Heading(), Snippet: app.Cut(l.Text, snippetLen),
			Forgotten: h.flags&flagForgotten != 0, Source: decode(app.Sources, h.source), Status: a.Status,
			Group: l.Group, Municipality: l.Municipality, Assignee: l.Assignee, Start: moment(h.start),
			Pending: tx.Bucket(bucketBase).Has(number(record)),
			Draft:   tx.Bucket(bucketDrafts).Has(number(record)),
		}
		if check := h.flags&flagCheck != 0; check || a.Status.Open() {
			a.Events = make([]app.Event, len(l.Events))
			for i, e := range l.Events {
				a.Events[i] = app.Event{ID: e.ID, Type: e.Type, At: e.At, FinalBy: e.FinalBy, Percent: e.Percent, Delivery: e.Delivery}
			}
			if check {
				r.Attention = a.Attention()
			}
			if a.Status.Open() {
				s.timed(&r, &a)
			}
		}
		return nil
	})
	return r, err
}

// timed says how the clock of a line stands.
func (s *Store) timed(r *app.Row, a *app.Appeal) {
	d := s.terms.Load().Deadline(a)
	r.Due, r.Unit, r.Standing, r.Left, r.Marked = d.Due, d.Rule.Unit, d.Standing, d.Left, a.Marked()
}

// Soonest gives open appeals by their terms, from the moment on, as many as are
// asked for.
func (s *Store) Soonest(from time.Time, most int) ([]app.Soon, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f := finding{ix: s.index, orders: &s.orders, q: app.Query{Order: app.OrderDue}}
	o, byDue, compare := f.ordering()
	ranked, _ := o.all(s.index, byDue, compare, false)
	first, _ := slices.BinarySearchFunc(ranked, uint32(from.Unix()), func(n, at uint32) int { return cmp.Compare(s.index.term(n), at) })
	open := f.flag(flagOpen)
	var out []app.Soon
	for _, n := range ranked[first:] {
		due := s.index.due(n)
		if due == 0 || len(out) == most {
			break // those without a term come last
		}
		if open.Contains(n) {
			out = append(out, app.Soon{Record: uint64(n), Due: due})
		}
	}
	return out, nil
}

// Find lists appeals and counts what each facet would give.
func (s *Store) Find(q app.Query) (app.Found, error) {
	words, err := s.search(q.Words, q.Gone)
	if err == nil {
		err = waiting(q.Gone).err()
	}
	if err != nil {
		return app.Found{}, err
	}
	page := uint32(0)
	if q.Page != "" {
		if page, _, err = s.PageNumber(q.Page); err != nil {
			return app.Found{}, err
		}
	}
	at, err := s.at(q.Place)
	if err != nil {
		return app.Found{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	f := finding{ix: s.index, orders: &s.orders, q: q, always: intersect(words.in, at)}
	f.late = s.late.at(s.index, q.Now.Unix())
	f.soon = roaring.AndNot(s.soon.at(s.index, q.Now.Add(app.SoonWithin).Unix()), f.late)
	f.unsent = roaring.And(s.unsent, roaring.Or(f.flag(flagOpen), f.flag(flagArchive)))
	f.narrow(page, s.zone())
	if words.out != nil {
		f.always = roaring.AndNot(f.live(), words.out)
	}
	f.queue = f.queueSet(q.Queue)
	result := f.all(f.queue, f.sources, nil)
	found := app.Found{Total: int(result.GetCardinality()), Cut: words.cut}
	var ordered sync.WaitGroup
	if found.Total > tallyAlone { // of fewer it takes less than waking another
		ordered.Go(func() { found.Records = f.order(result) })
	} else {
		found.Records = f.order(result)
	}
	found.Counts = f.counts(result)
	ordered.Wait()
	return found, nil
}

// narrow takes the filter of the query in; page is the number of its page, zone that
// of the region.
func (f *finding) narrow(page uint32, zone *time.Location) {
	if f.q.Page != "" {
		f.always = intersect(f.always, f.ix.onPage(page))
	}
	f.always = intersect(f.always, f.ix.behind(f.q, zone))
	if f.q.Own {
		f.always = intersect(f.always, f.own())
	}
	f.sources = f.union(bySource, codes(f.q.Sources, func(v app.Source) uint16 { return uint16(code(app.Sources, v)) }))
	for i, w := range f.words() {
		f.chosen[i] = f.union(w.by, f.wordCodes(w.family, w.values))
	}
}

// finding is the work on one query. A nil set does not narrow.
type finding struct {
	ix             *index
	orders         *orders
	q              app.Query
	always         *roaring.Bitmap // words and page
	queue, sources *roaring.Bitmap
	chosen         [wordFacets]*roaring.Bitmap // by the facets of words
	late           *roaring.Bitmap             // open and past the deadline
	soon           *roaring.Bitmap             // open, and past it within the hour
	unsent         *roaring.Bitmap             // not judged by the server
}

// wordFacets is how many facets have words as values: all after the source.
const wordFacets = app.Facets - 1

// wordFacet is one of them.
type wordFacet struct {
	by     fieldName
	family string
	values []string // chosen
}

func (f *finding) words() [wordFacets]wordFacet {
	return [wordFacets]wordFacet{
		{byGroup, "group", f.q.Groups},
		{byTopic, "topic", f.q.Topics},
		{byMunicipality, "municipality", f.q.Municipalities},
		{byExecutor, "executor", f.q.Executors},
		{byAssignee, "assignee", f.q.Assignees},
	}
}

// live gives what always holds, as a set: all records where nothing narrows.
func (f *finding) live() *roaring.Bitmap {
	if f.always != nil {
		return f.always
	}
	return roaring.Or(f.flag(flagOpen), f.flag(flagArchive))
}

func orNone(b *roaring.Bitmap) *roaring.Bitmap {
	if b == nil {
		return none
	}
	return b
}

func intersect(a, b *roaring.Bitmap) *roaring.Bitmap {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return roaring.And(a, b)
}

// all intersects what always holds with what was chosen, but for the words of one
// facet, which may be nil.
func (f *finding) all(queue, sources *roaring.Bitmap, but *wordFacet) *roaring.Bitmap {
	r := intersect(intersect(f.always, queue), sources)
	for i, w := range f.words() {
		if but == nil || w.by != but.by {
			r = intersect(r, f.chosen[i])
		}
	}
	return r
}

func codes[V any](values []V, of func(V) uint16) []uint16 {
	if len(values) == 0 {
		return nil
	}
	out := make([]uint16, 0, len(values))
	for _, v := range values {
		out = append(out, of(v))
	}
	return out
}

func (f *finding) wordCodes(family string, words []string) []uint16 {
	d := f.ix.dicts[family]
	return codes(words, func(w string) uint16 {
		switch {
		case w == "":
			return 0
		case d == nil || d.codes[w] == 0:
			return noCode
		}
		return d.codes[w]
	})
}

// noCode is of a word that no dictionary has; they end before it.
const noCode = 1<<16 - 1

// union gives the records with any of the values; nil where none was chosen.
func (f *finding) union(by fieldName, values []uint16) *roaring.Bitmap {
	if values == nil {
		return nil
	}
	r := roaring.New()
	for _, c := range values {
		r.Or(f.ix.of(facet{by, c}))
	}
	return r
}

func (f *finding) flag(flag uint16) *roaring.Bitmap { return f.ix.of(facet{byFlag, flag}) }

func (f *finding) status(s app.Status) *roaring.Bitmap {
	return f.ix.of(facet{byStatus, uint16(code(app.Statuses, s))})
}

// mine are the appeals that are assigned to the person.
func (f *finding) mine() *roaring.Bitmap {
	if d := f.ix.dicts["assignee"]; d != nil && d.codes[f.q.Me] != 0 {
		return f.ix.of(facet{byAssignee, d.codes[f.q.Me]})
	}
	return none
}

// own are the appeals that are the person's matter, see app.Query.
func (f *finding) own() *roaring.Bitmap {
	nobodys := f.ix.of(facet{byAssignee, 0})
	if places := f.union(byMunicipality, f.wordCodes("municipality", f.q.Places)); places != nil {
		nobodys = roaring.And(nobodys, places)
	}
	return roaring.Or(f.mine(), nobodys)
}

func (f *finding) queueSet(q app.Queue) *roaring.Bitmap {
	switch q {
	case app.QueueNeeds:
		return f.flag(flagAwaits)
	case app.QueueMine:
		return roaring.And(f.flag(flagOpen), f.mine())
	case app.QueueSoon:
		return f.soon
	case app.QueueOverdue:
		return f.late
	case app.QueueUnsent:
		return f.unsent
	case app.QueueApproval:
		return f.status(app.StatusApproval)
	case app.QueueReturned:
		return f.status(app.StatusRework)
	case app.QueueCheck:
		return f.flag(flagCheck)
	case app.QueueArchive:
		return f.flag(flagArchive)
	case app.QueueAll:
		return roaring.Or(f.flag(flagOpen), f.flag(flagArchive))
	}
	return f.flag(flagOpen)
}

// counts counts what each facet would give, of which result is what there is with
// all that was chosen.
func (f *finding) counts(result *roaring.Bitmap) app.Counts {
	c := app.Counts{Queues: make(map[app.Queue]int, len(app.Queues))}
	filtered := f.all(nil, f.sources, nil)
	for _, q := range app.Queues {
		c.Queues[q] = overlap(f.queueSet(q), filtered)
	}
	words := f.words()
	var tally tallies
	var open [app.Facets]bool // nothing was chosen: what would be given is the result
	open[0] = f.sources == nil
	if !open[0] {
		f.ix.tally(f.all(f.queue, nil, nil), [app.Facets]bool{true}, &tally)
	}
	for i, w := range words {
		if open[i+1] = f.chosen[i] == nil; !open[i+1] {
			var one [app.Facets]bool
			one[i+1] = true
			f.ix.tally(f.all(f.queue, f.sources, &w), one, &tally)
		}
	}
	f.ix.tally(result, open, &tally)
	c.Sources = make(map[app.Source]int, distinct(tally[0]))
	for code, n := range tally[0] {
		if n > 0 {
			c.Sources[decode(app.Sources, uint8(code))] = n
		}
	}
	for i, to := range [wordFacets]*map[string]int{&c.Groups, &c.Topics, &c.Municipalities, &c.Executors, &c.Assignees} {
		*to = make(map[string]int, distinct(tally[i+1]))
		for code, n := range tally[i+1] {
			if n > 0 {
				(*to)[f.ix.word(words[i].family, uint16(code))] = n
			}
		}
	}
	return c
}

// distinct is how many values occur.
func distinct(counts []int) (n int) {
	for _, of := range counts {
		if of > 0 {
			n++
		}
	}
	return n
}

// overlap counts the records of a set among others; nil others are all.
func overlap(set, others *roaring.Bitmap) int {
	if others == nil {
		return int(set.GetCardinality())
	}
	return int(set.AndCardinality(others))
}
