package store

import (
	"cmp"
	"slices"

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

// Row reads one line of a list.
func (s *Store) Row(record uint64) (r app.Row, err error) {
	err = s.view(func(tx reader) error {
		raw := tx.Bucket(bucketAppeals).Get(number(record))
		if raw == nil {
			return app.Fail(app.CodeNotFound, "appeal")
		}
		h, err := decodeHeader(raw)
		if err != nil {
			return err
		}
		a, err := s.decodeRecord(raw)
		if err != nil {
			return err
		}
		r = app.Row{
			Record: record, ID: a.ID, Number: a.Number, Heading: a.Heading(), Snippet: app.Cut(a.Text, snippetLen),
			Forgotten: a.Forgotten, Source: a.Source, Status: a.Status, Group: a.Group, Municipality: a.Municipality, Assignee: a.Assignee,
			Start: moment(h.start), Due: moment(h.due),
			Pending: tx.Bucket(bucketBase).Has(number(record)),
			Draft:   tx.Bucket(bucketDrafts).Has(number(record)),
		}
		return nil
	})
	return r, err
}

// Find lists appeals and counts what each facet would give.
func (s *Store) Find(q app.Query) (app.Found, error) {
	words, err := s.search(q.Words)
	if err != nil {
		return app.Found{}, err
	}
	page := uint32(0)
	if q.Page != "" {
		if page, _, err = s.PageNumber(q.Page); err != nil {
			return app.Found{}, err
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	ix := s.index
	f := finding{ix: ix, q: q}
	f.always = words
	f.queue = f.queueSet(q.Queue)
	f.narrow(q.Filter, page)

	result := f.all(f.queue, f.sources, f.groups, f.places)
	found := app.Found{Total: int(result.GetCardinality()), Counts: f.counts()}
	found.Records = f.order(result)
	return found, nil
}

// narrow takes the filter in; page is the number of its page.
func (f *finding) narrow(filter app.Filter, page uint32) {
	if filter.Page != "" {
		f.always = intersect(f.always, f.ix.onPage(page))
	}
	f.sources = f.union(bySource, codes(filter.Sources, func(v app.Source) uint16 { return uint16(code(app.Sources, v)) }))
	f.groups = f.union(byGroup, f.wordCodes("group", filter.Groups))
	f.places = f.union(byMunicipality, f.wordCodes("municipality", filter.Municipalities))
}

// finding is the work on one query. A nil set does not narrow.
type finding struct {
	ix                             *index
	q                              app.Query
	always                         *roaring.Bitmap // words and page
	queue, sources, groups, places *roaring.Bitmap
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

// all intersects the sets with what always holds.
func (f *finding) all(sets ...*roaring.Bitmap) *roaring.Bitmap {
	r := f.always
	for _, s := range sets {
		r = intersect(r, s)
	}
	return orNone(r)
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
		if d == nil {
			return 0
		}
		return d.codes[w]
	})
}

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

func (f *finding) queueSet(q app.Queue) *roaring.Bitmap {
	switch q {
	case app.QueueNeeds:
		return f.flag(flagAwaits)
	case app.QueueMine:
		mine := uint16(0)
		if d := f.ix.dicts["assignee"]; d != nil {
			mine = d.codes[f.q.Me]
		}
		if mine == 0 {
			return none
		}
		return roaring.And(f.flag(flagOpen), f.ix.of(facet{byAssignee, mine}))
	case app.QueueOverdue:
		// Time passes without a write, so this set cannot be kept; open appeals
		// are few.
		now, late := f.q.Now.Unix(), roaring.New()
		f.flag(flagOpen).Iterate(func(n uint32) bool {
			if due := f.ix.due(n); due != 0 && due < now {
				late.Add(n)
			}
			return true
		})
		return late
	case app.QueueApproval:
		return f.status(app.StatusApproval)
	case app.QueueReturned:
		return f.status(app.StatusRework)
	case app.QueueArchive:
		return f.flag(flagArchive)
	}
	return f.flag(flagOpen)
}

func (f *finding) counts() app.Counts {
	c := app.Counts{
		Queues: map[app.Queue]int{}, Sources: map[app.Source]int{},
		Groups: map[string]int{}, Municipalities: map[string]int{},
	}
	filtered := f.all(f.sources, f.groups, f.places)
	narrowed := f.always != nil || f.sources != nil || f.groups != nil || f.places != nil
	for _, q := range app.Queues {
		set := f.queueSet(q)
		if narrowed {
			c.Queues[q] = int(set.AndCardinality(filtered))
		} else {
			c.Queues[q] = int(set.GetCardinality())
		}
	}
	forSources := f.all(f.queue, f.groups, f.places)
	forGroups := f.all(f.queue, f.sources, f.places)
	forPlaces := f.all(f.queue, f.sources, f.groups)
	for facet, set := range f.ix.sets {
		switch facet.field {
		case bySource:
			if n := set.AndCardinality(forSources); n > 0 {
				c.Sources[decode(app.Sources, uint8(facet.code))] = int(n)
			}
		case byGroup:
			if n := set.AndCardinality(forGroups); n > 0 {
				c.Groups[f.ix.word("group", facet.code)] = int(n)
			}
		case byMunicipality:
			if n := set.AndCardinality(forPlaces); n > 0 {
				c.Municipalities[f.ix.word("municipality", facet.code)] = int(n)
			}
		}
	}
	return c
}

// order sorts a result the way its queue is worked: by deadline, nearest first
// and those without one last; the archive newest first.
func (f *finding) order(result *roaring.Bitmap) []uint64 {
	ix := f.ix
	records := result.ToArray()
	if f.q.Queue == app.QueueArchive {
		slices.SortFunc(records, func(a, b uint32) int {
			return cmp.Or(cmp.Compare(ix.start(b), ix.start(a)), cmp.Compare(b, a))
		})
	} else {
		slices.SortFunc(records, func(a, b uint32) int {
			x, y := ix.due(a), ix.due(b)
			if (x == 0) != (y == 0) {
				if x == 0 {
					return 1
				}
				return -1
			}
			return cmp.Or(cmp.Compare(x, y), cmp.Compare(ix.start(b), ix.start(a)), cmp.Compare(b, a))
		})
	}
	records = records[:min(len(records), app.ListLimit)]
	out := make([]uint64, len(records))
	for i, n := range records {
		out[i] = uint64(n)
	}
	return out
}
