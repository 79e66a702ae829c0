package app

import (
	"slices"
	"time"
)

// Page is a public page a body of the region keeps, or has to keep, on a
// network.
type Page struct {
	ID           string    `json:"id"` // ULID, derived from the address where there is one
	Network      Source    `json:"network"`
	Name         string    `json:"name"`
	Link         string    `json:"link,omitempty"` // "" where no page is kept
	External     string    `json:"external,omitempty"`
	Founder      string    `json:"founder,omitempty"`
	OGRN         string    `json:"ogrn,omitempty"`
	Spheres      []string  `json:"spheres,omitempty"` // up to three
	Municipality string    `json:"municipality,omitempty"`
	Level        string    `json:"level,omitempty"`
	Status       string    `json:"status,omitempty"`     // as the registry says: активный, визитка, флагманский …
	NotKept      string    `json:"not_kept,omitempty"`   // ground on which no page is kept
	Keeper       string    `json:"keeper,omitempty"`     // who is responsible
	LastPost     time.Time `json:"last_post,omitzero"`   // zero: not known
	PostsWeek    *int      `json:"posts_week,omitempty"` // nil: not known, which is not zero
	Marks        []string  `json:"marks,omitempty"`      // it has: госметка, avatar, cover …
	MarksKnown   bool      `json:"marks_known,omitempty"`
	Looked       []string  `json:"looked,omitempty"`     // further marks that were looked for: see Mark
	Reach        float64   `json:"reach,omitempty"`      // mean views of a post, 0: not known
	Reactions    *float64  `json:"reactions,omitempty"`  // mean reactions to a post, nil: not known
	ReachWeek    *int      `json:"reach_week,omitempty"` // people reached in seven days, nil: not known
	// Undone says that the import which added it was undone: for everybody it is not
	// there.
	Undone bool `json:"undone,omitempty"`
}

// Marks of a proper page; which are asked for is the region's table.
const (
	MarkState       = "state"          // госметка
	MarkGospubliki  = "gospubliki"     // it is kept through the system «Госпаблики»
	MarkWidget      = "widget"         // one widget of «Решаем вместе», nobody said which
	MarkOpinion     = "widget_opinion" // widget «Высказать мнение»
	MarkProblem     = "widget_problem" // widget «Сообщить о проблеме»
	MarkAvatar      = "avatar"         //
	MarkCover       = "cover"          //
	MarkDescription = "description"    //
)

// firstMarks are those MarksKnown speaks of: there were no others once.
var firstMarks = []string{MarkState, MarkWidget, MarkAvatar, MarkCover, MarkDescription}

// Mark says whether the page has the mark, and whether that is known: a mark nobody
// looked for is not a missing one.
func (p *Page) Mark(mark string) (there, known bool) {
	there = slices.Contains(p.Marks, mark)
	return there, there || slices.Contains(p.Looked, mark) || p.MarksKnown && slices.Contains(firstMarks, mark)
}

// Counters are the subscribers of pages on one day, by page ID. A page that is
// absent was not counted: missing is not zero.
type Counters struct {
	Day    Day               `json:"day"`
	Counts map[string]uint32 `json:"counts"`
}

// Merge puts other counts of the day over these; one that is Missing was taken back.
func (c *Counters) Merge(over Counters) {
	for page, n := range over.Counts {
		if n == Missing {
			delete(c.Counts, page)
		} else {
			c.Counts[page] = n
		}
	}
}

// Missing stands in a Series for a day without a count.
const Missing = ^uint32(0)

// Series is one count a day from First on, with Missing for gaps.
type Series struct {
	First  Day
	Values []uint32
}

// Totals are sums of the counts of many pages.
type Totals struct {
	Sums    [][]int64 // by group and day; nil where none of the group was counted
	Counted []bool    // by day: a page was counted
}

// At gives the count of the day.
func (s Series) At(d Day) (uint32, bool) {
	i := int(d - s.First)
	if i < 0 || i >= len(s.Values) || s.Values[i] == Missing {
		return 0, false
	}
	return s.Values[i], true
}

// LastKnown gives the latest count at or before the day, and the day it is of.
func (s Series) LastKnown(d Day) (n uint32, of Day, ok bool) {
	i := min(int(d-s.First), len(s.Values)-1)
	for ; i >= 0; i-- {
		if s.Values[i] != Missing {
			return s.Values[i], s.First + Day(i), true
		}
	}
	return 0, 0, false
}

// Growth is S₁−S₀ over the last days before the latest count; ok is false
// where either end is missing for more than three days.
func (s Series) Growth(days int) (diff int, ok bool) {
	now, of, has := s.LastKnown(s.First + Day(len(s.Values)) - 1)
	if !has {
		return 0, false
	}
	then, from, had := s.LastKnown(of - Day(days))
	if !had || int(of-from) > days+growthGap {
		return 0, false
	}
	return int(now) - int(then), true
}

// ERRViews is mean views of a post / subscribers; ok is false where one is not known.
func (r *PageRow) ERRViews() (share float64, ok bool) {
	if r.Reach <= 0 || !r.Counted || r.Count == 0 {
		return 0, false
	}
	return r.Reach / float64(r.Count), true
}

// ERRReactions is mean reactions to a post / mean views of a post, which stand for its
// reach; ok is false where one is not known.
func (r *PageRow) ERRReactions() (share float64, ok bool) {
	if r.Reactions == nil || r.Reach <= 0 {
		return 0, false
	}
	return *r.Reactions / r.Reach, true
}
