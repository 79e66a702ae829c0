package report

import "otklik/app"

// NetworkShares draws the networks' parts of all subscribers as areas stacked to 100 %,
// the first network at the bottom. The first value of every series is of the day from;
// a day that one of the networks shown does not know is a gap.
func NetworkShares(look Look, networks []app.NetworkSeries, from app.Day, labels Labels) Picture {
	f := newFrame(look, labels)
	whole := newStack(networks)
	most, last := whole.most()
	if most <= 0 {
		return f.noData()
	}
	s := newStack(shown(look, networks))
	y := shares(f.lines())
	values := write(y.ticks, f.labels.Percent)
	f.margins(values, 1)
	entries := f.shares(whole, last)
	f.margins(values, f.rows(entries))
	to := from + app.Day(whole.n-1)
	known := func(i int) bool { return s.known(i) && s.total(i) > 0 }
	var spots []spot
	p := f.draw(days(from, to), y, func(p *plot) {
		p.grid(y, values)
		stretches := runs(s.n, known)
		p.parts(s, from, stretches)
		p.calendar(from, to)
		p.legend(entries)
		for _, r := range stretches {
			for i := r.from; i <= r.to; i++ {
				spots = append(spots, p.spot(float64(from)+float64(i), 1, i))
			}
		}
	})
	plot := p.Plot
	p.find = func(px, py float32) (Hover, bool) {
		at, ok := nearest(spots, px)
		if !ok {
			return Hover{}, false
		}
		h := Hover{X: at.x, Day: from + app.Day(at.of), Point: at.of}
		height := float64((plot.Bottom - py) / (plot.Bottom - plot.Top))
		total, layer := float64(s.total(at.of)), 0
		for layer < len(s.sums)-1 && height*total > float64(s.sums[layer][at.of]) {
			layer++
		}
		h.Y = plot.Bottom - float32(float64(s.sums[layer][at.of])/total)*(plot.Bottom-plot.Top)
		for k, net := range networks {
			h.Values = append(h.Values, HoverValue{Network: net.Network, Value: whole.value(k, at.of)})
			if net.Network == s.networks[layer].Network {
				h.Series = k
			}
		}
		return h, true
	}
	return p
}

// shown leaves out what is switched off in the legend.
func shown(look Look, networks []app.NetworkSeries) []app.NetworkSeries {
	var out []app.NetworkSeries
	for k, net := range networks {
		if !look.Hidden.Has(k) {
			out = append(out, net)
		}
	}
	return out
}

// parts draws the layers of every stretch as parts of each day's sum.
func (p *plot) parts(s stack, from app.Day, stretches []run) {
	pen := newPen(p.on)
	day := func(i int) float64 { return float64(from) + float64(i) }
	top := func(k, i int) float64 {
		if k < 0 {
			return 0
		}
		return float64(s.sums[k][i]) / float64(s.total(i))
	}
	for _, r := range stretches {
		for k := range s.networks {
			chosen := thin(r, p.columns(r, day), func(i int) float64 { return top(k, i) }, func(i int) float64 { return top(k-1, i) })
			var outline []point
			for _, i := range chosen {
				outline = append(outline, p.at(day(i), top(k, i)))
			}
			for j := len(chosen) - 1; j >= 0; j-- {
				outline = append(outline, p.at(day(chosen[j]), top(k-1, chosen[j])))
			}
			pen.shape(p.broad(outline)...)
			c := p.look.Palette.Network(s.networks[k].Network)
			c.A = 217
			pen.ink(c)
		}
	}
}
