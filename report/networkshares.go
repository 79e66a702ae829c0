package report

import (
	"math"
	"slices"

	"otklik/app"
)

// NetworkShares draws the networks' parts of all subscribers as stacked areas, the
// first network at the bottom. The first value of every series is of the day from; a
// day that any network does not know is a gap. A network that is switched off stays
// part of the whole. Hover.Point is the place of the day in the series, Hover.Series
// that of the network.
func NetworkShares(look Look, networks []app.NetworkSeries, from app.Day, labels Labels) Picture {
	f := newFrame(look, labels)
	g := parts{all: newStack(networks, 0), shown: newStack(networks, look.Hidden)}
	stretches := thin(g.all.days, f.w, g.scan())
	if len(stretches) == 0 {
		return f.noData()
	}
	end := stretches[len(stretches)-1]
	y := shareAxis(f.lines())
	if _, most := bounds(stretches, func(i int) float64 { return g.top(len(g.shown.layers), i) }); most < 0.5 && most > 0 {
		y = snug(0, most, f.lines(), roundStep)
	}
	values := write(y.ticks, f.labels.Percent)
	f.span(days(from, from+app.Day(g.all.days-1)))
	f.margins(values, 1)
	entries := f.shares(g.all, end[len(end)-1])
	f.margins(values, f.rows(entries))
	return f.draw(f.time, y, func(p *plot) {
		p.grid(y, values)
		p.areas(g.shown, from, stretches, g.top)
		p.calendar()
		p.legend(entries)
		p.places = &track{
			points: g.all.known, series: g.shown.layers, stacked: true,
			x: func(i int) float32 { return p.pointX(float64(from) + float64(i)) },
			y: func(i, k int) (float32, bool) {
				if !g.known(i) {
					return 0, false
				}
				n := 1
				for g.shown.layers[n-1] != k {
					n++
				}
				return p.pointY(g.top(n, i)), true
			},
		}
	})
}

// parts are the networks shown as parts of all.
type parts struct{ all, shown stack }

func (g parts) known(day int) bool { return g.all.whole(day) && g.all.total(day) > 0 }

// top is the share of the lowest n layers shown.
func (g parts) top(n, day int) float64 { return float64(g.shown.top(n, day)) / g.all.total(day) }

// scan keeps the days on which a count is least and greatest: a share leaps where a
// count does; see thin.
func (g parts) scan() func(from, to int) []int {
	var kept []int
	return func(from, to int) []int {
		for from < to && !g.known(from) {
			from++
		}
		for from < to && !g.known(to-1) {
			to--
		}
		if from == to {
			return nil
		}
		kept = append(kept[:0], from, to-1)
		for _, net := range g.all.networks {
			days := net.Days[from:to]
			least, most := uint64(math.MaxUint64), int64(-1) // a gap is -1, the greatest there is without a sign
			for _, n := range days {
				least, most = min(least, uint64(n)), max(most, n)
			}
			for _, n := range []int64{int64(least), most} {
				if i := from + slices.Index(days, n); g.known(i) {
					kept = append(kept, i)
				}
			}
		}
		return sorted(kept)
	}
}
