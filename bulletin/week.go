package bulletin

import "otklik/report"

// weekTopics is how many groups of topics the week's total names: all of a region's
// usual ones, and not those with a case or two. Its picture has weekBars of them.
const (
	weekTopics = 12
	weekBars   = 7
)

// week is the total of a week and what it was about.
func (c *composer) week() error {
	if c.nothing() {
		return nil
	}
	c.d.OnePage = true
	c.add(&report.Figures{Items: []report.Figure{
		c.appealsTile(), c.endedTile(), c.medianTile(), c.inTimeTile(),
	}})
	group, shares := c.t.T("bulletin.col.group"), c.a.Groups
	if len(namedShares(shares, 1)) == 0 { // data that know topics alone
		group, shares = c.t.T("bulletin.col.topic"), c.a.Topics
	}
	top := namedShares(shares, weekBars)
	if len(top) == 0 {
		c.add(c.pace(ratioTime))
		c.occasions()
		return nil
	}
	c.add(beside(ratioHalf, c.pace(0), c.counts(c.t.T("bulletin.chart.groups"), group, top)))
	c.occasions()
	c.add(c.sharesTable(c.t.T("bulletin.table.groups"), group, shares, weekTopics))
	return nil
}
