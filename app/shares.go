package app

import (
	"cmp"
	"slices"
	"strings"
)

// Facets of a hit: those of Codes, and more.
const (
	facetKind = Facets + iota
	facetStep
	facetWhole // 0 of all
	facetsOfHits
)

// hits are the appeals of one stretch of time, column by column, in blocks.
type hits struct {
	blocks []*hitBlock
	off    []uncertain // by number of the hit
	n      int
}

// blockHits is how many there are in a block.
const blockHits = 4096

type hitBlock struct {
	n       int
	seconds [blockHits]uint32 // to the first response
	state   [blockHits]uint8
	codes   [facetsOfHits][blockHits]uint16
}

// What is known of a hit.
const (
	hitReplied = 1 << iota // seconds counts
	hitTimed               // it had a term that has run out or was met
	hitInTime
)

func (h *hits) add(p *FactPart, row int, now uint32, step uint16) {
	if h.n%blockHits == 0 {
		h.blocks = append(h.blocks, &hitBlock{})
	}
	b := h.blocks[len(h.blocks)-1]
	at := b.n
	b.n++
	took, replied := firstResponse(p, row)
	if replied {
		b.seconds[at], b.state[at] = took, hitReplied
		if off := p.Off[row]; off > 0 {
			h.off = append(h.off, uncertain{uint32(h.n), uint32(off) * 60})
		}
	}
	timed, inTime := judged(p, row, now)
	if timed {
		b.state[at] |= hitTimed
	}
	if inTime {
		b.state[at] |= hitInTime
	}
	for facet, code := range p.Codes[row] {
		b.codes[facet][at] = code
	}
	b.codes[facetKind][at], b.codes[facetStep][at] = uint16(p.Kind[row]), step
	h.n++
}

// by gathers the response times of a stretch by the codes of a facet, which are
// below n.
func (s *study) by(span, facet, n int) []gathering {
	out := make([]gathering, n)
	each := func(f func(h *hits, b *hitBlock, first int)) {
		for _, g := range s.glances {
			for i, b := range g.hits[span].blocks {
				f(&g.hits[span], b, i*blockHits)
			}
		}
	}
	replies, total := make([]int32, n), 0
	each(func(_ *hits, b *hitBlock, _ int) {
		codes := &b.codes[facet]
		for i, state := range b.state[:b.n] {
			replies[codes[i]] += int32(state & hitReplied)
		}
	})
	for _, n := range replies {
		total += int(n)
	}
	room := make([]uint32, total)
	for code, n := range replies {
		out[code].seconds, room = room[:0:n], room[n:]
	}
	each(func(h *hits, b *hitBlock, first int) {
		codes := &b.codes[facet]
		off, _ := slices.BinarySearchFunc(h.off, uint32(first), func(u uncertain, at uint32) int { return cmp.Compare(u.at, at) })
		for i, state := range b.state[:b.n] {
			g := &out[codes[i]]
			g.n++
			if state&hitTimed != 0 {
				g.timed++
			}
			if state&hitInTime != 0 {
				g.inTime++
			}
			if state&hitReplied == 0 {
				continue
			}
			if off < len(h.off) && h.off[off].at == uint32(first+i) {
				g.off = append(g.off, uncertain{uint32(len(g.seconds)), h.off[off].by})
				off++
			}
			g.seconds = append(g.seconds, b.seconds[i])
		}
	})
	return out
}

// sharing is the work on one facet.
type sharing struct {
	facet int
	names []string // by code
	to    *[]Share
	rows  [spans][]shareCount // by code
	every []string            // names that are told of without an appeal, too
	known func(*Share)        // adds what the region's tables say
}

// shareCount is what is said of one value of a facet in one stretch of time.
type shareCount struct {
	n int
	Summary
}

func (s *study) shares(f *Facts, region *Region) []*sharing {
	out := s.out
	places := make(map[string]*Municipality, len(region.Municipalities))
	var every []string
	for i := range region.Municipalities {
		m := &region.Municipalities[i]
		places[m.Name] = m
		if chosen := out.Filter.Municipalities; out.Now.Appeals > 0 && (len(chosen) == 0 || slices.Contains(chosen, m.Name)) {
			every = append(every, m.Name)
		}
	}
	return []*sharing{
		{facet: FacetTopic, names: f.Topics, to: &out.Topics},
		{facet: FacetExecutor, names: f.Executors, to: &out.Executors},
		{facet: FacetMunicipality, names: f.Municipalities, to: &out.Municipalities, every: every, known: func(row *Share) {
			if m := places[row.Name]; m != nil {
				row.Residents, row.Tile = m.Residents, m.Tile
			}
		}},
		{facet: FacetGroup, names: f.Groups, to: &out.Groups},
		{facet: FacetSource, names: append([]string{""}, codes(Sources)...), to: &out.Sources},
		{facet: facetKind, names: append([]string{""}, codes(Kinds)...), to: &out.Kinds},
	}
}

// reckon makes the summaries of one stretch of time.
func (of *sharing) reckon(s *study, span int) {
	if span == spanYearAgo && s.twin {
		return
	}
	of.rows[span] = make([]shareCount, len(of.names))
	for code, g := range s.by(span, of.facet, len(of.names)) {
		n := g.n
		of.rows[span][code] = shareCount{n, g.summary()}
	}
}

// tell enters the rows.
func (of *sharing) tell(s *study) {
	if s.twin {
		of.rows[spanYearAgo] = of.rows[spanBefore]
	}
	var out []Share
	add := func(row Share) {
		if of.known != nil {
			of.known(&row)
		}
		out = append(out, row)
	}
	told := make(map[string]bool, len(of.every))
	for code, name := range of.names {
		now, before, yearAgo := of.rows[spanNow][code], of.rows[spanBefore][code], of.rows[spanYearAgo][code]
		if now.n == 0 && !slices.Contains(of.every, name) {
			continue
		}
		told[name] = true
		row := Share{
			Name: name, Appeals: now.n, AppealsBefore: before.n, AppealsYearAgo: yearAgo.n,
			Response: now.Summary, Before: before.Summary, YearAgo: yearAgo.Summary,
		}
		if all := s.out.Now.Appeals; all > 0 {
			row.Part = float64(now.n) / float64(all)
		}
		add(row)
	}
	for _, name := range of.every {
		if !told[name] {
			add(Share{Name: name})
		}
	}
	slices.SortFunc(out, func(a, b Share) int {
		if (a.Name == "") != (b.Name == "") {
			return -strings.Compare(a.Name, b.Name) // "" is last
		}
		return cmp.Or(cmp.Compare(b.Appeals, a.Appeals), strings.Compare(a.Name, b.Name))
	})
	*of.to = out
}
