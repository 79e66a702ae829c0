package bulletin

import (
	"cmp"
	"slices"

	"otklik/app"
	"otklik/report"
)

// overviewRows is how many rows a table of a page that holds everything has.
const overviewRows = 7

// overview is the screen «Аналитика» on one page.
func (c *composer) overview() error {
	c.d.OnePage = true
	empty := c.nothing()
	var tiles []report.Figure
	if c.a.Audience.Known {
		tiles = append(tiles, c.subscribersTile())
	}
	if !empty {
		tiles = append(tiles, c.appealsTile(), c.closedTile(), c.backlogTile(), c.medianTile(), c.inTimeTile())
	}
	if len(tiles) > 0 {
		c.add(&report.Figures{Items: tiles})
	}
	switch {
	case empty && c.a.Audience.Known:
		c.add(c.networks(ratioTime))
		c.occasions()
		return nil
	case empty:
		return nil
	case c.a.Audience.Known:
		c.add(beside(ratioLow, c.networks(0), c.responses(0)), beside(ratioLow, c.pace(0), c.heat()))
	default:
		c.add(c.responses(ratioTime), beside(ratioLow, c.pace(0), c.heat()))
	}
	c.occasions()
	c.add(&report.Beside{Blocks: []report.Block{c.placesTable(), c.partsOfTopics()}})
	return nil
}

// subscribersTile is the sum of subscribers, which is no number of people.
func (c *composer) subscribersTile() report.Figure {
	t, s := c.t, c.a.Audience
	c.explain("subscribers")
	f := report.Figure{
		Name:  t.T("bulletin.tile.subscribers"),
		Value: report.Count(int(s.Subscribers)),
		Notes: []string{t.T("bulletin.grown", t.Signed(s.Growth)), t.T("bulletin.not_people")},
	}
	if s.Before != nil {
		f.Notes = slices.Insert(f.Notes, 1, t.T("bulletin.grown_before", t.Signed(*s.Before)))
	}
	return f
}

// placesTable has the municipalities with most appeals to a resident, or most appeals
// where residents are not known.
func (c *composer) placesTable() *report.Table {
	t := c.t
	c.explain("thousand", "in_time")
	table := &report.Table{Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.municipality")},
		{Title: t.T("bulletin.col.appeals"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.thousand"), Kind: report.ValueDecimal},
		{Title: t.T("bulletin.col.median"), Kind: report.ValueDuration},
	}}
	places := namedShares(c.a.Municipalities, len(c.a.Municipalities))
	table.Title = t.T("bulletin.table.places_raw")
	if slices.ContainsFunc(places, func(s app.Share) bool { return s.Residents > 0 }) {
		table.Title = t.T("bulletin.table.places")
		slices.SortStableFunc(places, func(a, b app.Share) int {
			x, _ := a.PerThousand()
			y, _ := b.PerThousand()
			return cmp.Compare(y, x)
		})
	}
	for _, s := range places[:min(len(places), overviewRows)] {
		table.Rows = append(table.Rows, []report.Value{
			report.Words(s.Name), report.Count(s.Appeals), thousand(s), length(s.Response, s.Response.Median),
		})
	}
	if more := len(places) - len(table.Rows); more > 0 {
		table.Note = t.N("bulletin.more_places", more)
	}
	return table
}

// partsOfTopics has the groups of topics with most appeals.
func (c *composer) partsOfTopics() *report.Table {
	t := c.t
	c.explain("rounding")
	table := &report.Table{Title: t.T("bulletin.table.groups_short"), Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.group")},
		{Title: t.T("bulletin.col.appeals"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.part"), Kind: report.ValueShare},
		{Title: t.T("bulletin.col.change"), Kind: report.ValueChange},
	}}
	rows := c.withRest(c.a.Groups, overviewRows-1)
	for i, part := range sharesOf(rows) {
		s := rows[i]
		table.Rows = append(table.Rows, []report.Value{
			report.Words(s.Name), report.Count(s.Appeals), report.Ratio(part), change(float64(s.Appeals), float64(s.AppealsBefore)),
		})
	}
	return table
}
