package ui

import (
	"slices"
	"time"

	"otklik/app"
)

// words numbers words from 1, as the columns of facts do.
type words []string

func (w *words) code(word string) uint16 {
	if len(*w) == 0 {
		*w = words{""}
	}
	i := slices.Index(*w, word)
	if i < 0 {
		i = len(*w)
		*w = append(*w, word)
	}
	return uint16(i)
}

func matches[V comparable](chosen []V, v V) bool {
	return len(chosen) == 0 || slices.Contains(chosen, v)
}

func (s *fakeStore) Facts(filter app.Filter, _ time.Time, f func(*app.Facts)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var groups, topics, places, executors words
	p := app.FactPart{Match: make([]uint64, len(s.appeals)/64+1)}
	for i, a := range s.appeals {
		if matches(filter.Sources, a.Source) && matches(filter.Groups, a.Group) && matches(filter.Municipalities, a.Municipality) &&
			matches(filter.Topics, a.Topic) && matches(filter.Executors, a.Executor) && matches(filter.Kinds, a.Kind) {
			p.Match[i/64] |= 1 << (i % 64)
		}
		var start, reply, due, ended uint32
		if e, ok := a.Start(); ok {
			start = uint32(e.At.Unix())
		}
		if e, ok := a.Reply(); ok {
			reply = uint32(e.At.Unix())
		}
		if at := s.terms.AnswerDue(a); !at.IsZero() {
			due = uint32(at.Unix())
		}
		if e, ok := a.Ended(); ok && !e.At.IsZero() {
			ended = uint32(e.At.Unix())
		}
		p.Codes = append(p.Codes, app.Codes{
			app.FacetTopic: topics.code(a.Topic), app.FacetExecutor: executors.code(a.Executor), app.FacetGroup: groups.code(a.Group), app.FacetMunicipality: places.code(a.Municipality),
			app.FacetSource: uint16(slices.Index(app.Sources, a.Source) + 1),
		})
		p.Status = append(p.Status, uint8(slices.Index(app.Statuses, a.Status)+1))
		p.Start, p.Reply, p.AnswerDue = append(p.Start, start), append(p.Reply, reply), append(p.AnswerDue, due)
		p.Kind, p.Closed, p.Off = append(p.Kind, uint8(slices.Index(app.Kinds, a.Kind)+1)), append(p.Closed, ended), append(p.Off, 0)
	}
	f(&app.Facts{Parts: []app.FactPart{p}, Groups: groups, Topics: topics, Municipalities: places, Executors: executors})
	return nil
}

// Pages have their places in the list for numbers.

func (s *fakeStore) PageFacts() (out app.PageFacts, err error) {
	var networks, places words
	for _, p := range s.pages {
		out.Known, out.Linked = append(out.Known, true), append(out.Linked, p.Link != "")
		out.Network = append(out.Network, networks.code(string(p.Network)))
		out.Municipality = append(out.Municipality, places.code(p.Municipality))
	}
	for _, n := range networks {
		out.Networks = append(out.Networks, app.Source(n))
	}
	out.Municipalities = places
	return out, nil
}

func (s *fakeStore) PageNumber(id string) (n uint32, ok bool, err error) {
	i := slices.IndexFunc(s.pages, func(p app.Page) bool { return p.ID == id })
	return uint32(max(i, 0)), i >= 0, nil
}

func (s *fakeStore) PageAt(n uint32) (app.Page, error) { return s.pages[n], nil }

func (s *fakeStore) Counts(from, to app.Day, wanted func(uint32) bool, worker func() func(uint32, []uint32)) error {
	tell := worker()
	all, err := s.Columns(from, to)
	for i, p := range s.pages {
		if c, ok := all[p.ID]; ok && wanted(uint32(i)) {
			tell(uint32(i), c.Values)
		}
	}
	return err
}

func (s *fakeStore) Totals(from, to app.Day, before, groups int, group func(uint32) int) (app.Totals, error) {
	out := app.Totals{Sums: make([][]int64, groups), Counted: make([]bool, to-from+1)}
	err := s.Counts(from, to, func(page uint32) bool { return group(page) >= 0 }, func() func(uint32, []uint32) {
		return func(page uint32, counts []uint32) {
			of := &out.Sums[group(page)]
			if *of == nil {
				*of = make([]int64, len(counts))
			}
			for i := range counts {
				n, day, ok := s.columns[s.pages[page].ID].LastKnown(from + app.Day(i))
				if ok && int(from-day) <= before {
					(*of)[i] += int64(n)
				}
				out.Counted[i] = out.Counted[i] || counts[i] != app.Missing
			}
		}
	})
	return out, err
}

func (s *fakeStore) Latest(day app.Day, within int) ([]uint32, error) {
	out := make([]uint32, len(s.pages))
	for i, p := range s.pages {
		n, of, ok := s.columns[p.ID].LastKnown(day)
		if out[i] = app.Missing; ok && int(day-of) <= within {
			out[i] = n
		}
	}
	return out, nil
}
