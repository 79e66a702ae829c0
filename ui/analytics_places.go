package ui

import (
	"slices"

	"otklik/app"
	"otklik/report"
)

// placeCards are the cards of municipalities.
func (s *analyticsScreen) placeCards() []*card {
	t := s.w.text
	municipalities := func() breakdown { return breakdownOf("municipality") }
	s.perHead = s.w.newSmallChoice([]option{
		{"", t.T("analytics.raw")}, {"per", t.T("analytics.per_thousand")},
	}, "", func(string) {
		s.cards["map"].shown = nil
		s.draw()
	})
	tiles := s.newChartCard("map", s.perHead.button, func(a *app.Analytics) (picture, said) {
		if a.Now.Appeals == 0 {
			return picture{}, s.noAppeals(a)
		}
		tiles, shares := s.mapTiles(a)
		if len(tiles) == 0 {
			return picture{}, said{empty: t.T("analytics.empty.map"), hint: t.T("analytics.empty.map_hint")}
		}
		format := func(v float64) string { return t.Number(int64(v)) }
		note := s.counted(a)
		if s.perHead.value != "" {
			format = func(v float64) string { return t.Decimal(v, 1) }
			note = joined(t.T("analytics.unit.per_thousand"), note)
		}
		labels := s.labels()
		return picture{
			draw: func(l report.Look) report.Picture { return report.TileMap(l, tiles, format, labels) },
			tell: func(h report.Hover) []string { return s.tellShare(municipalities(), shares[h.Point]) },
			open: func(h report.Hover) { s.openShare(a, municipalities().facet, shares[h.Point].Name, "", nil) },
		}, said{note: note}
	})
	places := s.newShareCard("places", municipalities,
		columnName, columnAppeals, columnMedian, columnP90, columnInTime, columnTrend)
	territory := s.newShareCard("territory", municipalities,
		columnName, columnAppeals, columnPerThousand, columnChange, columnMedian, columnInTime, columnTrend)
	s.places = places
	return []*card{tiles, places.card, territory.card}
}

// mapTiles gives the squares of the map, one a municipality of the region that has a
// place on it, and what is known of each.
func (s *analyticsScreen) mapTiles(a *app.Analytics) ([]report.MapTile, []app.Share) {
	known := map[string]app.Share{}
	for _, x := range a.Municipalities {
		known[x.Name] = x
	}
	var tiles []report.MapTile
	var shares []app.Share
	for _, m := range s.w.desk.Region().Municipalities {
		if m.Tile == nil {
			continue
		}
		x, ok := known[m.Name]
		if !ok {
			x = app.Share{Name: m.Name, Residents: m.Residents, Tile: m.Tile}
		}
		tile := report.MapTile{Name: m.Name, Short: shortPlace(m.Name), Tile: *m.Tile, Value: float64(x.Appeals)}
		if s.perHead.value != "" {
			n, ok := x.PerThousand()
			tile.Value, tile.None = n, !ok
		}
		// Where others are left out by the filter nothing is known of this one.
		if chosen := a.Filter.Municipalities; len(chosen) > 0 && !slices.Contains(chosen, m.Name) {
			tile.None = true
		}
		tiles, shares = append(tiles, tile), append(shares, x)
	}
	return tiles, shares
}
