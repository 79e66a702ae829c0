package app

import (
	"cmp"
	"slices"
)

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

// PageGrowth is by how much the subscribers of a page have changed.
type PageGrowth struct {
	Page
	From, To  uint32
	Residents int // of its municipality, 0: not known
}

// Diff is S₁−S₀.
func (g *PageGrowth) Diff() int64 { return int64(g.To) - int64(g.From) }

// By is the change in the measure; ok is false where the page has none.
func (g *PageGrowth) By(m GrowthBy) (v float64, ok bool) {
	diff := float64(g.Diff())
	switch m {
	case GrowthShare:
		return diff / float64(g.From), g.From > 0
	case GrowthResidents:
		return diff * 1000 / float64(g.Residents), g.Residents > 0
	}
	return diff, true
}

// GrowthBy is what growth is measured in.
type GrowthBy string

// Measures of growth.
const (
	GrowthCount     GrowthBy = "count"     // S₁−S₀
	GrowthShare     GrowthBy = "share"     // (S₁−S₀)/S₀
	GrowthResidents GrowthBy = "residents" // S₁−S₀ for each 1,000 residents of the municipality
)

// GrowthMeasures lists all measures.
var GrowthMeasures = []GrowthBy{GrowthCount, GrowthShare, GrowthResidents}

// growthGap is for how many days a count stands for those after it that were not
// counted, where growth is asked for.
const growthGap = 3

// TopGrowth gives the pages whose subscribers have grown most in number, see Movers.
func (d *Desk) TopGrowth(p Period, filter Filter, most int) ([]PageGrowth, error) {
	up, _, err := d.Movers(p, filter, GrowthCount, most)
	return up, err
}

// TopFall gives those whose subscribers have fallen most in number.
func (d *Desk) TopFall(p Period, filter Filter, most int) ([]PageGrowth, error) {
	_, down, err := d.Movers(p, filter, GrowthCount, most)
	return down, err
}

// Movers gives the pages that have grown most and those that have fallen most from the
// first day of the period to its last, at most so many of each, among those the filter
// leaves. A page that was not counted for more than three days at either end has no
// growth that could be told; one that stands where it stood is in neither list.
func (d *Desk) Movers(p Period, filter Filter, by GrowthBy, most int) (up, down []PageGrowth, err error) {
	pages, err := d.store.PageFacts()
	if err != nil {
		return nil, nil, err
	}
	counts, err := d.wanted(pages, filter)
	if err != nil {
		return nil, nil, err
	}
	then, err := d.store.Latest(p.From, growthGap)
	if err != nil {
		return nil, nil, err
	}
	now, err := d.store.Latest(p.To, growthGap)
	if err != nil {
		return nil, nil, err
	}
	residents := d.residents(pages.Municipalities)
	growing, falling := topMovers{most: most}, topMovers{most: most}
	for n := range min(len(then), len(now)) {
		if then[n] == Missing || now[n] == Missing || then[n] == now[n] || !counts(uint32(n)) {
			continue
		}
		g := PageGrowth{From: then[n], To: now[n], Residents: residents[pages.Municipality[n]]}
		switch v, ok := g.By(by); {
		case ok && v > 0:
			growing.add(mover{uint32(n), v, g})
		case ok:
			falling.add(mover{uint32(n), -v, g})
		}
	}
	up, err = growing.pages(d)
	if err == nil {
		down, err = falling.pages(d)
	}
	return up, down, err
}

// residents gives the number of residents of municipalities by their codes.
func (d *Desk) residents(names []string) []int {
	known := map[string]int{}
	for _, m := range d.Region().Municipalities {
		known[m.Name] = m.Residents
	}
	out := make([]int, len(names))
	for i, name := range names {
		out[i] = known[name]
	}
	return out
}

// mover is a page that has changed by so much, whichever way.
type mover struct {
	page   uint32
	by     float64
	growth PageGrowth
}

// topMovers are the first of many, sorted; no longer than asked for.
type topMovers struct {
	most int
	all  []mover
}

func (t *topMovers) add(m mover) {
	order := func(a, b mover) int { return cmp.Or(cmp.Compare(b.by, a.by), cmp.Compare(a.page, b.page)) }
	if t.most < 1 || len(t.all) == t.most && order(m, t.all[t.most-1]) > 0 {
		return
	}
	at, _ := slices.BinarySearchFunc(t.all, m, order)
	t.all = slices.Insert(t.all, at, m)[:min(len(t.all)+1, t.most)]
}

func (t *topMovers) pages(d *Desk) ([]PageGrowth, error) {
	out := make([]PageGrowth, len(t.all))
	for i, m := range t.all {
		page, err := d.store.PageAt(m.page)
		if err != nil {
			return nil, err
		}
		out[i] = m.growth
		out[i].Page = page
	}
	return out, nil
}
