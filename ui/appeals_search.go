package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"otklik/app"
)

// searchPause is how long typing has to pause before a search: a search is ended by
// the next one, so this only spares those between two keys of one stroke.
const searchPause = 25 * time.Millisecond

// cardPause is how long after the list of a question the card of its first appeal
// is read: who types on would have one drawn at every key.
const cardPause = 200 * time.Millisecond

// searched follows the search line.
func (s *appealsScreen) searched(words string) {
	s.w.options.Stalls.typed(words)
	for _, stop := range []func(){s.stopSearch, s.stopCard} {
		if stop != nil {
			stop()
		}
	}
	s.stopSearch = s.w.live.Later(searchPause, func() {
		if s.query.Words != words {
			s.query.Words = words
			s.typing = true
			s.narrowed()
		}
	})
}

// searchKey leads from the search line into the list.
func (s *appealsScreen) searchKey(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnter:
		s.w.focus(s.list)
		if i := s.list.selected; i >= 0 && (!s.has || s.found.Records[i] != s.selected) {
			s.choose(i) // now, and not after the pause
		}
		return true
	case fyne.KeyEscape:
		if s.search.Text != "" {
			s.search.SetText("")
		}
		s.w.focus(s.list)
		return true
	}
	return false
}

// narrowed asks a new question: the answer is shown from its beginning.
func (s *appealsScreen) narrowed() {
	s.list.top = 0
	s.list.selected = -1
	s.asked = true
	s.reload()
}

// clear drops all conditions but the queue.
func (s *appealsScreen) clear() {
	s.query = app.Query{Queue: s.query.Queue, Order: s.query.Order}
	s.search.SetText("")
	s.narrowed()
}

// narrowing says whether anything but the queue narrows the list.
func (s *appealsScreen) narrowing() bool {
	q := s.query
	return q.Words != "" || q.Page != "" || q.Own || spotted(q.Filter) ||
		len(q.Sources)+len(q.Groups)+len(q.Topics)+len(q.Municipalities)+len(q.Executors)+len(q.Assignees) > 0
}
