package bulletin

import "otklik/report"

// weekTopics is how many groups of topics the week's total names: all of a region's
// usual ones, and not those with a case or two.
const weekTopics = 12

// week is the total of a week and what it was about.
func (c *composer) week() error {
	if c.nothing() {
		return nil
	}
	c.add(&report.Figures{Items: []report.Figure{
		c.appealsTile(), c.closedTile(), c.backlogTile(), c.medianTile(), c.inTimeTile(),
	}})
	c.add(c.pace(ratioLow))
	group := c.t.T("bulletin.col.group")
	shares := c.a.Groups
	if len(namedShares(shares, 1)) == 0 { // data that know topics alone
		shares, group = c.a.Topics, c.t.T("bulletin.col.topic")
	}
	if top := namedShares(shares, weekTopics); len(top) > 0 {
		c.add(c.counts(c.t.T("bulletin.chart.groups"), group, top))
		c.add(c.sharesTable(c.t.T("bulletin.table.groups"), group, shares, weekTopics))
	}
	return nil
}
