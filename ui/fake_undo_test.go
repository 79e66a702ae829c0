package ui

import (
	"time"

	"otklik/app"
)

// Withdraw takes back what was performed while sent is not set, for as long as it is
// the last thing about its appeal.
func (s *fakeStore) Withdraw(all []app.Withdrawal, _ time.Time) ([]bool, error) {
	s.mu.Lock()
	done := make([]bool, len(all))
	for i, w := range all {
		at, err := s.index(w.Record)
		before := s.before[w.Ops[0]]
		if err != nil || s.sent || before == nil {
			continue
		}
		s.appeals[at], done[i] = before, true
		s.pending[w.Record] -= len(w.Ops)
		if w.Draft.Answer+w.Draft.Note != "" {
			s.drafts[w.Record] = w.Draft
		}
	}
	s.mu.Unlock()
	s.commit(app.Changed{Appeals: true, Outbox: true})
	return done, nil
}

func (s *fakeStore) Exported(x app.Export, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = append(s.entries, app.Entry{Op: app.Op{Kind: app.OpExport, At: at, Payload: app.Encode(x)}, State: app.EntryExported})
	return nil
}
