package app

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

// countBefore is for how many days before a period a page's count is looked for that it
// begins with.
const countBefore = 31

// audiences keeps what was said of subscribers last: whoever narrows appeals by their
// topic asks for the same pages again.
type audiences struct {
	changed atomic.Uint64 // how often pages have changed

	mu   sync.Mutex
	when uint64 // changed, when it was reckoned
	of   Inquiry
	last *Audience
}

// audience enters what is said of subscribers.
func (d *Desk) audience(out *Analytics) error {
	of, when := Inquiry{Period: out.Period, Filter: out.Filter.OfPages()}, d.audiences.changed.Load()
	d.audiences.mu.Lock()
	defer d.audiences.mu.Unlock()
	if a := &d.audiences; a.last == nil || a.when != when || a.of.Period != of.Period || !a.of.Filter.Same(of.Filter) {
		fresh := &Analytics{Inquiry: of}
		if err := d.reckonAudience(fresh); err != nil {
			return err
		}
		a.when, a.of, a.last = when, of, &fresh.Audience
	}
	out.Audience = *d.audiences.last
	return nil
}

func (d *Desk) reckonAudience(out *Analytics) error {
	pages, err := d.store.PageFacts()
	if err != nil {
		return err
	}
	wanted, err := d.wanted(pages, out.Filter)
	if err != nil {
		return err
	}
	a, p := &out.Audience, out.Period
	sum, err := d.store.Totals(p.From, p.To, countBefore, len(pages.Networks), func(page uint32) int {
		if !wanted(page) {
			return -1
		}
		return int(pages.Network[page])
	})
	if err != nil {
		return err
	}
	if first := slices.Index(sum.Counted, true); first >= 0 {
		last := len(sum.Counted) - 1
		for !sum.Counted[last] {
			last--
		}
		a.tell(pages, sum, last)
		a.Known, a.Of = true, p.From+Day(last)
		latest, err := d.store.Latest(a.Of, last+countBefore)
		if err != nil {
			return err
		}
		for n, count := range latest {
			if count != Missing && wanted(uint32(n)) {
				a.Pages++
			}
		}
		growth, err := d.grown(Period{p.From + Day(first), a.Of}, wanted)
		if err != nil {
			return err
		}
		if growth != nil {
			a.Growth = *growth
		}
	}
	if a.Before, err = d.grown(p.Before(), wanted); err != nil {
		return err
	}
	if a.YearAgo = a.Before; p.YearAgo() != p.Before() {
		if a.YearAgo, err = d.grown(p.YearAgo(), wanted); err != nil {
			return err
		}
	}
	a.Leaders, a.Losers, err = d.Movers(p, out.Filter, GrowthCount, Leading)
	return err
}

// tell enters the sums of networks; last is the last day that was counted.
func (a *Audience) tell(pages PageFacts, sum Totals, last int) {
	for _, network := range Sources {
		code := slices.Index(pages.Networks, network)
		if code < 0 || sum.Sums[code] == nil {
			continue
		}
		days := sum.Sums[code]
		a.Subscribers += days[last]
		for i := range days {
			if !sum.Counted[i] {
				days[i] = -1
			}
		}
		a.Networks = append(a.Networks, NetworkSeries{Network: network, Days: days})
	}
	slices.SortStableFunc(a.Networks, func(a, b NetworkSeries) int { return cmp.Compare(b.Days[last], a.Days[last]) })
}

// grown adds up by how much each page has grown over the period. A page that was not
// counted for more than growthGap at either end has no growth that could be told: that
// it is counted now is none. The sum is nil where no page has one.
func (d *Desk) grown(p Period, wanted func(page uint32) bool) (*int64, error) {
	then, err := d.store.Latest(p.From, growthGap)
	if err != nil {
		return nil, err
	}
	now, err := d.store.Latest(p.To, growthGap)
	if err != nil {
		return nil, err
	}
	sum, known := int64(0), false
	for n := range min(len(then), len(now)) {
		if then[n] != Missing && now[n] != Missing && wanted(uint32(n)) {
			sum += int64(now[n]) - int64(then[n])
			known = true
		}
	}
	if !known {
		return nil, nil
	}
	return &sum, nil
}

// OfPages is what of the filter can be said of pages: a page has a network and a
// municipality and may be the one asked for. Figures of pages obey that and nothing
// else.
func (f Filter) OfPages() Filter {
	return Filter{Sources: f.Sources, Networks: f.Networks, Municipalities: f.Municipalities, Page: f.Page}
}

// FitsPage says whether a page is among those the filter leaves, as far as it can be
// said of pages: see OfPages.
func (f Filter) FitsPage(p *Page) bool {
	return (len(f.Sources) == 0 || slices.Contains(f.Sources, p.Network)) &&
		(len(f.Networks) == 0 || slices.Contains(f.Networks, p.Network)) &&
		(len(f.Municipalities) == 0 || slices.Contains(f.Municipalities, p.Municipality)) &&
		(f.Page == "" || f.Page == p.ID)
}
