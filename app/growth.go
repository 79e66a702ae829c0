package app

import (
	"cmp"
	"slices"
)

// countBefore is for how many days before a period a page's count is looked for that it
// begins with.
const countBefore = 31

// audience enters what is said of subscribers.
func (d *Desk) audience(out *Analytics) error {
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
		a.tell(pages, sum, first, last)
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
	}
	for _, then := range []struct {
		period Period
		growth **int64
	}{{p.Before(), &a.Before}, {p.YearAgo(), &a.YearAgo}} {
		if *then.growth, err = d.grown(then.period, wanted); err != nil {
			return err
		}
	}
	a.Leaders, err = d.TopGrowth(p, out.Filter, Leading)
	return err
}

// tell enters the sums of networks; first and last are the days that were counted.
func (a *Audience) tell(pages PageFacts, sum Totals, first, last int) {
	for _, network := range Sources {
		code := slices.Index(pages.Networks, network)
		if code < 0 || sum.Sums[code] == nil {
			continue
		}
		days := sum.Sums[code]
		a.Subscribers += days[last]
		a.Growth += days[last] - days[first]
		for i := range days {
			if !sum.Counted[i] {
				days[i] = -1
			}
		}
		a.Networks = append(a.Networks, NetworkSeries{Network: network, Days: days})
	}
	slices.SortStableFunc(a.Networks, func(a, b NetworkSeries) int { return cmp.Compare(b.Days[last], a.Days[last]) })
}

// grown gives by how much the sum of the pages has grown over the period; nil where
// nothing was counted for longer than growthGap at either end.
func (d *Desk) grown(p Period, wanted func(page uint32) bool) (*int64, error) {
	sum := func(from, to Day) (Totals, error) {
		return d.store.Totals(from, to, countBefore, 1, func(page uint32) int {
			if !wanted(page) {
				return -1
			}
			return 0
		})
	}
	begin, err := sum(p.From, min(p.From+growthGap, p.To))
	if err != nil {
		return nil, err
	}
	end, err := sum(max(p.To-growthGap, p.From), p.To)
	if err != nil {
		return nil, err
	}
	slices.Reverse(end.Counted)
	first, back := slices.Index(begin.Counted, true), slices.Index(end.Counted, true)
	if first < 0 || back < 0 {
		return nil, nil
	}
	by := end.Sums[0][len(end.Counted)-1-back] - begin.Sums[0][first]
	return &by, nil
}

// OfPages is what of the filter can be said of pages: a page has a network and a
// municipality and may be the one asked for. Figures of pages obey that and nothing
// else.
func (f Filter) OfPages() Filter {
	return Filter{Sources: f.Sources, Networks: f.Networks, Municipalities: f.Municipalities, Page: f.Page}
}

// wanted says which pages match the filter.
func (d *Desk) wanted(pages PageFacts, filter Filter) (func(page uint32) bool, error) {
	networks, places := make([]bool, len(pages.Networks)), make([]bool, len(pages.Municipalities))
	for i, n := range pages.Networks {
		networks[i] = (len(filter.Sources) == 0 || slices.Contains(filter.Sources, n)) &&
			(len(filter.Networks) == 0 || slices.Contains(filter.Networks, n))
	}
	for i, m := range pages.Municipalities {
		places[i] = len(filter.Municipalities) == 0 || slices.Contains(filter.Municipalities, m)
	}
	one := uint32(0)
	if filter.Page != "" {
		n, ok, err := d.store.PageNumber(filter.Page)
		if err != nil {
			return nil, err
		}
		if !ok {
			return func(uint32) bool { return false }, nil
		}
		one = n
	}
	return func(page uint32) bool {
		return int(page) < len(pages.Known) && pages.Known[page] && networks[pages.Network[page]] &&
			places[pages.Municipality[page]] && (one == 0 || page == one)
	}, nil
}

// PageGrowth is by how much the subscribers of a page have grown.
type PageGrowth struct {
	Page
	From, To uint32
}

// growthGap is for how many days a count stands for those after it that were not
// counted, where growth is asked for.
const growthGap = 3

// TopGrowth gives the pages that have grown most from the first day of the period
// to its last, at most so many, among those the filter leaves. A page that was not
// counted for more than three days at either end has no growth that could be told.
func (d *Desk) TopGrowth(p Period, filter Filter, most int) ([]PageGrowth, error) {
	pages, err := d.store.PageFacts()
	if err != nil {
		return nil, err
	}
	counts, err := d.wanted(pages, filter)
	if err != nil {
		return nil, err
	}
	then, err := d.store.Latest(p.From, growthGap)
	if err != nil {
		return nil, err
	}
	now, err := d.store.Latest(p.To, growthGap)
	if err != nil {
		return nil, err
	}
	if most < 1 {
		return nil, nil
	}
	type grown struct {
		page uint32
		by   int64
	}
	order := func(a, b grown) int { return cmp.Or(cmp.Compare(b.by, a.by), cmp.Compare(a.page, b.page)) }
	var top []grown // sorted; no longer than asked for
	for n := range min(len(then), len(now)) {
		if then[n] == Missing || now[n] == Missing || !counts(uint32(n)) {
			continue
		}
		g := grown{uint32(n), int64(now[n]) - int64(then[n])}
		if len(top) == most && order(g, top[most-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, g, order)
		top = slices.Insert(top, at, g)[:min(len(top)+1, most)]
	}
	out := make([]PageGrowth, len(top))
	for i, g := range top {
		page, err := d.store.PageAt(g.page)
		if err != nil {
			return nil, err
		}
		out[i] = PageGrowth{page, then[g.page], now[g.page]}
	}
	return out, nil
}
