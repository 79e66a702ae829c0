package app

import (
	"cmp"
	"slices"
)

// countBefore is for how many days before a period a page's count is looked for that it
// begins with.
const countBefore = 31

// growth adds the subscribers by network.
func (d *Desk) growth(out *Analytics, filter Filter) error {
	pages, err := d.store.PageFacts()
	if err != nil {
		return err
	}
	wanted, err := d.wanted(pages, filter)
	if err != nil {
		return err
	}
	sum, err := d.store.Totals(out.Period.From, out.Period.To, countBefore, len(pages.Networks), func(page uint32) int {
		if !wanted(page) {
			return -1
		}
		return int(pages.Network[page])
	})
	if err != nil {
		return err
	}
	firstDay, lastDay := slices.Index(sum.Counted, true), -1
	for i, c := range sum.Counted {
		if c {
			lastDay = i
		}
	}
	for _, network := range Sources {
		code := slices.Index(pages.Networks, network)
		if code < 0 || sum.Sums[code] == nil || lastDay < 0 {
			continue
		}
		days := sum.Sums[code]
		out.Audience.Subscribers += days[lastDay]
		out.Audience.Growth += days[lastDay] - days[firstDay]
		for i := range days {
			if !sum.Counted[i] {
				days[i] = -1
			}
		}
		out.Audience.Networks = append(out.Audience.Networks, NetworkSeries{Network: network, Days: days})
	}
	slices.SortStableFunc(out.Audience.Networks, func(a, b NetworkSeries) int {
		return cmp.Compare(b.Days[lastDay], a.Days[lastDay])
	})
	return nil
}

// wanted says which pages match the filter.
func (d *Desk) wanted(pages PageFacts, filter Filter) (func(page uint32) bool, error) {
	networks, places := make([]bool, len(pages.Networks)), make([]bool, len(pages.Municipalities))
	for i, n := range pages.Networks {
		networks[i] = len(filter.Sources) == 0 || slices.Contains(filter.Sources, n)
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
