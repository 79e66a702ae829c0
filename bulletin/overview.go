package bulletin

import (
	"cmp"
	"slices"

	"otklik/app"
	"otklik/report"
)

// overviewRows is how many rows a table of a page that holds everything has.
const overviewRows = 8

// overview is the screen «Аналитика» on one page.
func (c *composer) overview() error {
	empty := c.nothing()
	if empty && !c.a.Audience.Known {
		return nil
	}
	tiles := []report.Figure{}
	if c.a.Audience.Known {
		tiles = append(tiles, c.subscribersTile())
	}
	if empty {
		c.add(&report.Figures{Items: tiles}, c.networks(ratioTime))
		return nil
	}
	c.add(&report.Figures{Items: append(tiles, c.appealsTile(), c.backlogTile(), c.medianTile(), c.inTimeTile())})
	if c.a.Audience.Known {
		c.add(c.networks(ratioLow))
	}
	c.add(c.responses(ratioLow), c.pace(ratioLow), c.heat(ratioHeat))
	c.add(c.placesTable())
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
	table := &report.Table{Title: t.T("bulletin.table.places"), Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.municipality"), Wide: 0.3},
		{Title: t.T("bulletin.col.appeals"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.thousand"), Kind: report.ValueDecimal},
		{Title: t.T("bulletin.col.median"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.p90"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.in_time"), Kind: report.ValueShare},
	}}
	places := namedShares(c.a.Municipalities, len(c.a.Municipalities))
	slices.SortStableFunc(places, func(a, b app.Share) int {
		x, _ := a.PerThousand()
		y, _ := b.PerThousand()
		return cmp.Compare(y, x)
	})
	for _, s := range places[:min(len(places), overviewRows)] {
		table.Rows = append(table.Rows, []report.Value{
			report.Words(s.Name), report.Count(s.Appeals), thousand(s),
			length(s.Response, s.Response.Median), length(s.Response, s.Response.P90), inTime(s.Response),
		})
	}
	if more := len(places) - len(table.Rows); more > 0 {
		table.Note = t.N("bulletin.more_places", more)
	}
	return table
}
