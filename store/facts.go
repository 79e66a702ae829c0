package store

import (
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"otklik/app"
)

// Facts calls f with the appeals that match the filter; now decides what is late.
func (s *Store) Facts(filter app.Filter, now time.Time, f func(*app.Facts)) error {
	page := uint32(0)
	if filter.Page != "" {
		var err error
		if page, _, err = s.PageNumber(filter.Page); err != nil {
			return err
		}
	}
	at, err := s.at(filter.Place)
	if err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	ix := s.index
	facts := &app.Facts{
		Parts:  make([]app.FactPart, len(ix.columns)),
		Groups: ix.words("group"), Topics: ix.words("topic"), Municipalities: ix.words("municipality"),
		Executors: ix.words("executor"), Assignees: ix.words("assignee"),
	}
	const words = partRows / 64
	match := make([]uint64, len(ix.columns)*words)
	copy(match, s.matching(app.Query{Filter: filter, Now: now}, page, at).ToDense())
	for n, p := range ix.columns {
		facts.Parts[n] = app.FactPart{
			First: uint64(n * partRows), Match: match[n*words : (n+1)*words],
			Codes: p.codes[:], Kind: p.kind[:], Status: p.status[:],
			Start: p.start[:], Reply: p.reply[:], AnswerDue: p.answerDue[:], Closed: p.closed[:], Off: p.off[:],
		}
	}
	f(facts)
	return nil
}

// matching gives the appeals, open or not, that match the filter of the query; at are
// those of its place, nil where it has none.
func (s *Store) matching(q app.Query, page uint32, at *roaring.Bitmap) *roaring.Bitmap {
	f := finding{ix: s.index, q: q, always: at}
	f.narrow(page, s.zone())
	return f.all(roaring.Or(f.flag(flagOpen), f.flag(flagArchive)), f.sources, nil)
}

// zone is that of the region.
func (s *Store) zone() *time.Location { return s.terms.Load().Zone("") }

// words lists the words of a family by their codes.
func (ix *index) words(family string) []string {
	return append([]string{""}, namesOf(ix.dicts[family])...)
}
