package app

import (
	"math"
	"time"
)

// Stats are the figures of `otklik stats`.
type Stats struct {
	Appeals struct {
		Total          int            `json:"total"`
		Open           int            `json:"open"`
		Answered       int            `json:"answered"`
		BySource       map[Source]int `json:"by_source"`
		ByTopicGroup   map[string]int `json:"by_topic_group"`
		ByMunicipality map[string]int `json:"by_municipality"`
	} `json:"appeals"`
	FirstResponse struct {
		N       int      `json:"n"`
		MeanS   int64    `json:"mean_s"`
		MedianS int64    `json:"median_s"`
		P90S    int64    `json:"p90_s"`
		InTime  *float64 `json:"in_time"` // share 0…1 of those that had a term, null where none had
	} `json:"first_response"`
	Pages struct {
		Total       int            `json:"total"`
		WithLink    int            `json:"with_link"`
		ByNetwork   map[Source]int `json:"by_network"`
		Subscribers int64          `json:"subscribers"` // sum of the latest counts; not a number of people
	} `json:"pages"`
}

// unix32 is a moment in the range of the columns of facts.
func unix32(sec int64) uint32 { return uint32(min(max(sec, 0), math.MaxUint32)) }

// Stats computes the figures for the appeals that match the filter and began within
// the period; appeals whose beginning is unknown count only over all time.
func (d *Desk) Stats(p Period, filter Filter) (Stats, error) {
	var s Stats
	s.Appeals.BySource = map[Source]int{}
	s.Appeals.ByTopicGroup = map[string]int{}
	s.Appeals.ByMunicipality = map[string]int{}
	s.Pages.ByNetwork = map[Source]int{}
	from, to := p.bounds(d.Region().Location())
	now := unix32(d.now().Unix())
	var g gathering
	err := d.store.Facts(filter, d.now(), func(f *Facts) {
		var sources [256]int
		groups, places := make([]int, len(f.Groups)), make([]int, len(f.Municipalities))
		for i := range f.Parts {
			part := &f.Parts[i]
			for row := range part.Rows() {
				if start := int64(part.Start[row]); !p.Whole() && (start < from || start >= to || start == 0) {
					continue
				}
				s.Appeals.Total++
				if openCode[part.Status[row]] {
					s.Appeals.Open++
				}
				if part.Reply[row] != 0 {
					s.Appeals.Answered++
				}
				codes := &part.Codes[row]
				sources[codes[FacetSource]]++
				groups[codes[FacetGroup]]++
				places[codes[FacetMunicipality]]++
				g.add(part, row, now)
			}
		}
		for i, source := range Sources {
			if n := sources[i+1]; n > 0 {
				s.Appeals.BySource[source] = n
			}
		}
		named(s.Appeals.ByTopicGroup, f.Groups, groups)
		named(s.Appeals.ByMunicipality, f.Municipalities, places)
	})
	if err != nil {
		return s, err
	}
	sum := g.summary()
	s.FirstResponse.N = sum.N
	s.FirstResponse.MeanS = int64(sum.Mean / time.Second)
	s.FirstResponse.MedianS = int64(sum.Median / time.Second)
	s.FirstResponse.P90S = int64(sum.P90 / time.Second)
	if share, ok := sum.Share(); ok {
		s.FirstResponse.InTime = &share
	}
	return s, d.pageStats(&s, p, filter)
}

// named enters counts by code under the words of the codes.
func named(to map[string]int, words []string, counts []int) {
	for code, n := range counts {
		if n > 0 && words[code] != "" {
			to[words[code]] = n
		}
	}
}

func (d *Desk) pageStats(s *Stats, p Period, filter Filter) error {
	pages, err := d.store.PageFacts()
	if err != nil {
		return err
	}
	wanted, err := d.wanted(pages, filter)
	if err != nil {
		return err
	}
	first, last, ok, err := d.store.Days()
	if err != nil {
		return err
	}
	if !p.Whole() && p.To < last {
		last = p.To
	}
	var latest []uint32
	if ok && first <= last {
		if latest, err = d.store.Latest(last, int(last-first)); err != nil {
			return err
		}
	}
	for n, known := range pages.Known {
		if !known || !wanted(uint32(n)) {
			continue
		}
		s.Pages.Total++
		s.Pages.ByNetwork[pages.Networks[pages.Network[n]]]++
		if pages.Linked[n] {
			s.Pages.WithLink++
		}
		if n < len(latest) && latest[n] != Missing {
			s.Pages.Subscribers += int64(latest[n])
		}
	}
	return nil
}
