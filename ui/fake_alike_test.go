package ui

import (
	"slices"
	"strings"

	"otklik/app"
)

// isAt says whether the appeal is at the place of the filter and not before its time.
func isAt(a *app.Appeal, f app.Filter) bool {
	at := a.Where()
	start, _ := a.Start()
	return (f.Place == "" || at.Key() == f.Place || at.OfStreet().Key() == f.Place) && !start.At.Before(f.Since)
}

// Alike compares every appeal, by the share of words that are the same to the letter.
func (s *fakeStore) Alike(record uint64) ([]app.Alike, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing != nil {
		return nil, s.failing
	}
	words := func(a *app.Appeal) []string { return strings.Fields(app.Fold(a.Title + " " + a.Text)) }
	subject := app.NewSubject(s.appeals[record])
	var out []app.Alike
	for i, a := range s.appeals {
		if uint64(i) == record || a.Status == app.StatusMerged {
			continue
		}
		other := app.NewSubject(a)
		l := subject.Compare(other)
		own, theirs := words(subject.Appeal), words(a)
		for _, w := range own {
			if slices.Contains(theirs, w) {
				l.Words += 2 / float64(len(own)+len(theirs))
			}
		}
		if l.Alike() {
			out = append(out, app.Alike{Record: uint64(i), Appeal: a, Start: other.Start, Likeness: l})
		}
	}
	return out, nil
}

func (s *fakeStore) Located(records []uint64) ([]app.Located, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []app.Located
	for _, n := range records {
		a := s.appeals[n]
		start, _ := a.Start()
		out = append(out, app.Located{Place: a.Where(), In: a.Municipality, Group: a.Group, Topic: a.Topic, Start: start.At})
	}
	return out, nil
}

func (s *fakeStore) History(place string) ([]app.Trace, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []app.Trace
	for _, a := range s.appeals {
		if !isAt(a, app.Filter{Place: place}) {
			continue
		}
		start, _ := a.Start()
		closed, _ := a.Last(app.EventClosed)
		t := app.Trace{Start: start.At.Unix(), Topic: a.Topic, Solved: a.Status == app.StatusClosed && a.Outcome == app.OutcomeSolved}
		if !closed.At.IsZero() {
			t.Closed = closed.At.Unix()
		}
		out = append(out, t)
	}
	return out, nil
}
