package main

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"

	"github.com/kljensen/snowball/russian"

	"otklik/app"
)

// row is what lists, counts and figures ask of an appeal.
type row struct {
	id                                   string
	kind                                 app.Kind
	source                               app.Source
	status                               app.Status
	group, topic, municipality, who      string
	archive, awaits                      bool
	start, reply, answerDue, due, closed int64
}

// rowOf computes it, as every store has to.
func rowOf(a *app.Appeal, terms app.Terms) row {
	r := row{
		id: a.ID, kind: a.Kind, source: a.Source, status: a.Status, group: a.Group, topic: a.Topic,
		municipality: a.Municipality, who: a.Assignee, archive: !a.Status.Open(), awaits: a.AwaitsReply(),
	}
	if e, ok := a.Start(); ok {
		r.start = e.At.Unix()
	}
	if e, ok := a.Reply(); ok {
		r.reply = e.At.Unix()
	}
	if e, ok := a.Last(app.EventClosed); ok {
		r.closed = e.At.Unix()
	}
	if t := terms.AnswerDue(a); !t.IsZero() {
		r.answerDue = t.Unix()
	}
	if t := terms.Deadline(a).Due; !t.IsZero() {
		r.due = t.Unix()
	}
	return r
}

// queues the appeal stands in.
func (r *row) queues(now int64, f func(app.Queue)) {
	if r.archive {
		f(app.QueueArchive)
		return
	}
	f(app.QueueOpen)
	if r.awaits {
		f(app.QueueNeeds)
	}
	if r.who == me.Name {
		f(app.QueueMine)
	}
	if r.due != 0 && r.due < now {
		f(app.QueueOverdue)
	}
	switch r.status {
	case app.StatusApproval:
		f(app.QueueApproval)
	case app.StatusRework:
		f(app.QueueReturned)
	}
}

// tally counts rows one by one.
type tally struct {
	q   question
	now int64
	out answer
	hit bool // the last row is in the list
}

func newTally(q question, now int64) *tally {
	return &tally{q: q, now: now, out: answer{Counts: newCounts(), IDs: []string{}}}
}

func (t *tally) add(r *row) {
	f, c := &t.q.Filter, &t.out.Counts
	source := len(f.Sources) == 0 || slices.Contains(f.Sources, r.source)
	group := len(f.Groups) == 0 || slices.Contains(f.Groups, r.group)
	place := len(f.Municipalities) == 0 || slices.Contains(f.Municipalities, r.municipality)
	if source && group && place {
		r.queues(t.now, func(q app.Queue) { c.Queues[q]++ })
	}
	if t.hit = r.archive && source && group && place; t.hit {
		t.out.Total++
	}
	if !r.archive {
		return
	}
	if group && place {
		c.Sources[r.source]++
	}
	if source && place && r.group != "" {
		c.Groups[r.group]++
	}
	if source && group && r.municipality != "" {
		c.Municipalities[r.municipality]++
	}
}

// searched joins the texts an appeal is found by.
func searched(a *app.Appeal) string {
	return strings.Join([]string{a.Title, a.Text, a.Number, a.External, a.Place, a.Municipality, a.Group, a.Topic}, " ")
}

// stemmer remembers the stems of forms.
type stemmer struct {
	mu    sync.RWMutex
	known map[string]string
}

func newStemmer() *stemmer { return &stemmer{known: map[string]string{}} }

// stems gives the distinct stems of a text, sorted.
func (s *stemmer) stems(text string) []string {
	out := make([]string, 0, 128)
	for form := range strings.FieldsFuncSeq(app.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		s.mu.RLock()
		stem, ok := s.known[form]
		s.mu.RUnlock()
		if !ok {
			stem = russian.Stem(form, true)
			s.mu.Lock()
			s.known[strings.Clone(form)] = stem
			s.mu.Unlock()
		}
		out = append(out, stem)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// parallel calls f for 0 … n-1 on all processors and gives the first error.
func parallel(n int, f func(int) error) error {
	var next atomic.Int64
	var all sync.WaitGroup
	errs := make([]error, runtime.GOMAXPROCS(0))
	for w := range errs {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && errs[w] == nil; i = int(next.Add(1)) - 1 {
				errs[w] = f(i)
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
