package store

import (
	"math/bits"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"otklik/app"
)

// condition is what a filter asks of a record, by its part and row, beside what
// there are sets for.
type condition func(p *part, i int) bool

// conditions gives those of a filter, for one goroutine.
func (ix *index) conditions(q app.Query, zone *time.Location) (all []condition) {
	if from, to := q.Since, q.Until; !from.IsZero() || !to.IsZero() {
		within := within(app.Moments{From: from, To: to})
		all = append(all, func(p *part, i int) bool { return within(p.start[i]) })
	}
	if q.Closed != (app.Moments{}) {
		within := within(q.Closed)
		all = append(all, func(p *part, i int) bool { return within(p.closed[i]) })
	}
	if len(q.Kinds) > 0 {
		var kinds [256]bool
		for _, k := range q.Kinds {
			kinds[code(app.Kinds, k)] = true
		}
		all = append(all, func(p *part, i int) bool { return kinds[p.kind[i]] })
	}
	if len(q.Networks) > 0 {
		all = append(all, ix.onNetworks(q.Networks))
	}
	if l := q.Took; l != nil {
		all = append(all, func(p *part, i int) bool {
			start, reply := p.start[i], p.reply[i]
			took := time.Duration(reply-start) * time.Second
			return start != 0 && reply >= start && took >= l.AtLeast && (l.Below == 0 || took < l.Below)
		})
	}
	if h := q.Hour; h != nil {
		clock, hour := app.NewWeekClock(zone), h.Weekday*24+h.Hour
		all = append(all, func(p *part, i int) bool { return p.start[i] != 0 && clock.WeekHour(int64(p.start[i])) == hour })
	}
	if q.Late {
		now := seconds(unix(q.Now))
		all = append(all, func(p *part, i int) bool {
			due, reply := p.answerDue[i], p.reply[i]
			return due != 0 && (reply > due || reply == 0 && due <= now && p.flags[i]&flagOpen != 0)
		})
	}
	return all
}

// within says whether a moment that is known lies in the stretch of time.
func within(m app.Moments) func(sec uint32) bool {
	from, to := seconds(unix(m.From)), seconds(unix(m.To))
	return func(sec uint32) bool { return sec != 0 && sec >= from && (to == 0 || sec < to) }
}

// onNetworks leaves what came from one of the networks or was left on a page of one.
func (ix *index) onNetworks(networks []app.Source) condition {
	sources, pages := make([]bool, 1<<8), make([]bool, len(ix.pages.network))
	asked := map[uint16]bool{}
	for _, n := range networks {
		sources[code(app.Sources, n)] = true
		if d := ix.dicts["network"]; d != nil && d.codes[string(n)] != 0 {
			asked[d.codes[string(n)]] = true
		}
	}
	for n, network := range ix.pages.network {
		pages[n] = asked[network]
	}
	return func(p *part, i int) bool {
		page := int(p.page[i])
		return sources[p.codes[i][app.FacetSource]] || page != 0 && page < len(pages) && pages[page]
	}
}

// behind gives the records that meet all conditions of the filter; nil where it has
// none.
func (ix *index) behind(q app.Query, zone *time.Location) *roaring.Bitmap {
	if len(ix.conditions(q, zone)) == 0 {
		return nil
	}
	const words = partRows / 64
	out := make([]uint64, len(ix.columns)*words)
	_ = everywhere(len(ix.columns), func() func(int) error { // what a worker gives cannot fail
		all := ix.conditions(q, zone)
		return func(n int) error {
			p, of := ix.columns[n], out[n*words:(n+1)*words]
			for i, status := range p.status {
				if status != 0 {
					of[i/64] |= 1 << (i % 64)
				}
			}
			for _, meets := range all {
				strike(p, of, meets)
			}
			return nil
		}
	})
	return roaring.FromDense(out, true)
}

// strike leaves of the rows of a part those that meet a condition.
func strike(p *part, rows []uint64, meets condition) {
	for w, set := range rows {
		for left := set; left != 0; left &= left - 1 {
			if i := bits.TrailingZeros64(left); !meets(p, w*64+i) {
				rows[w] &^= 1 << i
			}
		}
	}
}
