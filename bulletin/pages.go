package bulletin

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"otklik/app"
	"otklik/assets"
	"otklik/report"
)

// pages are held against what the region asks of them. What was found on the day of the
// document counts; the past is not known.
func (c *composer) pages() error {
	all, err := c.desk.Compliance(app.PageQuery{})
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(r app.PageRow) bool { return !c.a.Filter.FitsPage(&r.Page) })
	c.explain("score", "score_open", "score_reach")
	if len(all) == 0 {
		c.say(c.t.T("bulletin.nothing_pages"))
		return nil
	}
	rows := slices.DeleteFunc(slices.Clone(all), func(r app.PageRow) bool { return r.Apart != "" })
	c.add(&report.Figures{Items: c.pagesTiles(all, rows)})
	if apart := len(all) - len(rows); apart > 0 {
		c.say(c.apart(all))
	}
	if len(rows) == 0 {
		return nil
	}
	c.add(&report.Beside{Blocks: []report.Block{c.zonesTable(rows), c.lacksChart(rows)}})
	c.add(c.partsTable(rows), c.foundersTable(rows))
	if fix := c.fixTable(all); len(fix.Rows) > 0 {
		c.add(fix)
	} else {
		c.say(c.t.T("bulletin.pages.nothing_wrong"))
	}
	return nil
}

// zoneCounts counts the pages of each zone, in the order of app.Zones.
func zoneCounts(rows []app.PageRow) []int {
	counts := make([]int, len(app.Zones))
	for _, r := range rows {
		counts[slices.Index(app.Zones, r.Zone)]++
	}
	return counts
}

func (c *composer) pagesTiles(all, rows []app.PageRow) []report.Figure {
	t := c.t
	counts := zoneCounts(rows)
	shares := Shares(counts)
	tiles := []report.Figure{{
		Name: t.T("bulletin.tile.pages"), Value: report.Count(len(rows)),
		Notes: []string{t.N("bulletin.pages.of", len(all))},
	}}
	for i, zone := range app.Zones {
		if zone == app.ZoneOpen {
			if counts[i] > 0 {
				tiles[0].Notes = append(tiles[0].Notes, t.N("bulletin.pages.open", counts[i]))
			}
			continue
		}
		f := report.Figure{
			Name: c.zone(zone), Value: report.Count(counts[i]),
			Notes: []string{t.T("bulletin.pages.part", t.Percent(shares[i], 1))},
		}
		switch {
		case zone == app.ZoneGood:
			f.Tone = report.ToneGood
		case zone == app.ZonePoor && counts[i] > 0:
			f.Tone = report.ToneBad
		}
		tiles = append(tiles, f)
	}
	return tiles
}

// zone names a zone as the beginning of a line.
func (c *composer) zone(z app.Zone) string {
	name := assets.Name(c.t, "zone.short", z)
	r, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r)) + name[n:]
}

// bounds are the points of a zone.
func (c *composer) bounds(z app.Zone) string {
	score := c.desk.Region().Score
	switch z {
	case app.ZoneGood:
		return strconv.Itoa(score.Good) + "–100"
	case app.ZoneFair:
		return strconv.Itoa(score.Fair) + "–" + strconv.Itoa(score.Good-1)
	case app.ZonePoor:
		return "0–" + strconv.Itoa(score.Fair-1)
	}
	return missing
}

// apart says how many pages are not scored, and why.
func (c *composer) apart(all []app.PageRow) string {
	counts := map[app.Apart]int{}
	for _, r := range all {
		counts[r.Apart]++
	}
	var out []string
	for _, why := range []app.Apart{app.ApartGround, app.ApartNoLink, app.ApartNoRule} {
		if n := counts[why]; n > 0 {
			out = append(out, c.t.T("bulletin.apart."+string(why), c.t.Number(int64(n))))
		}
	}
	return c.t.T("bulletin.apart", strings.Join(out, "; "))
}

func (c *composer) zonesTable(rows []app.PageRow) *report.Table {
	t := c.t
	c.explain("rounding")
	table := &report.Table{Title: t.T("bulletin.table.zones"), Spare: true, Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.zone")},
		{Title: t.T("bulletin.col.points")},
		{Title: t.T("bulletin.col.pages"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.part"), Kind: report.ValueShare},
	}}
	counts := zoneCounts(rows)
	shares := Shares(counts)
	for i, zone := range app.Zones {
		table.Rows = append(table.Rows, []report.Value{
			report.Words(c.zone(zone)), report.Words(c.bounds(zone)), report.Count(counts[i]), report.Ratio(shares[i]),
		})
	}
	table.Total = []report.Value{report.Words(t.T("bulletin.total")), report.Words(""), report.Count(len(rows)), report.Ratio(1)}
	return table
}

// asked counts the pages by what a component came to.
type asked struct{ whole, lacking, unknown int }

// askedParts counts them for every component the region asks for.
func (c *composer) askedParts(rows []app.PageRow) map[app.ScoreWhat]asked {
	out := map[app.ScoreWhat]asked{}
	for _, r := range rows {
		for _, p := range r.Parts {
			n := out[p.What]
			switch {
			case !p.Known:
				n.unknown++
			case p.Lacking():
				n.lacking++
			default:
				n.whole++
			}
			out[p.What] = n
		}
	}
	return out
}

// lacksChart has the components, those most pages lack first.
func (c *composer) lacksChart(rows []app.PageRow) *report.Chart {
	t, parts := c.t, c.askedParts(rows)
	data := report.Table{Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.component")},
		{Title: t.T("bulletin.col.lacking"), Kind: report.ValueCount},
	}}
	var bars []report.Bar
	for _, what := range c.whats(parts) {
		n := parts[what]
		name := assets.Name(t, "score", what)
		bars = append(bars, report.Bar{Name: name, Value: float64(n.lacking), None: n.lacking+n.whole == 0})
		v := report.Count(n.lacking)
		v.None = n.lacking+n.whole == 0
		data.Rows = append(data.Rows, []report.Value{report.Words(name), v})
	}
	return &report.Chart{
		Title: t.T("bulletin.chart.lacks"), Note: t.N("bulletin.note.lacks", len(rows)),
		Ratio: ratioHalf, Data: data, Native: report.NativeBar,
		Draw: func(l report.Look) report.Picture { return report.Bars(l, bars, 0, c.writeCount, c.labels) },
	}
}

// whats are the components asked for, what most pages lack first.
func (c *composer) whats(parts map[app.ScoreWhat]asked) []app.ScoreWhat {
	out := slices.DeleteFunc(slices.Clone(app.ScoreWhats), func(w app.ScoreWhat) bool {
		_, known := parts[w]
		return !known
	})
	slices.SortStableFunc(out, func(a, b app.ScoreWhat) int { return cmp.Compare(parts[b].lacking, parts[a].lacking) })
	return out
}

func (c *composer) partsTable(rows []app.PageRow) *report.Table {
	t, parts := c.t, c.askedParts(rows)
	worth, fix := map[app.ScoreWhat]int{}, map[app.ScoreWhat]string{}
	for _, p := range c.desk.Region().Score.Parts {
		worth[p.What], fix[p.What] = max(worth[p.What], p.Of()), p.Fix
	}
	table := &report.Table{Title: t.T("bulletin.table.parts"), Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.component"), Wide: 0.2},
		{Title: t.T("bulletin.col.worth"), Kind: report.ValueCount, Spare: true},
		{Title: t.T("bulletin.col.fulfilled"), Kind: report.ValueCount, Spare: true},
		{Title: t.T("bulletin.col.lacking"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.unknown"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.fix"), Wide: 0.35, Spare: true},
	}}
	for _, what := range c.whats(parts) {
		n := parts[what]
		table.Rows = append(table.Rows, []report.Value{
			report.Words(assets.Name(t, "score", what)), report.Count(worth[what]),
			report.Count(n.whole), report.Count(n.lacking), report.Count(n.unknown), report.Words(fix[what]),
		})
	}
	return table
}

// foundersTable has those with most pages to mend first.
func (c *composer) foundersTable(rows []app.PageRow) *report.Table {
	t := c.t
	type founder struct {
		name               string
		pages, wrong, poor int
		open               int
	}
	var all []*founder
	at := map[string]*founder{}
	for _, r := range rows {
		f := at[r.Founder]
		if f == nil {
			f = &founder{name: r.Founder}
			at[r.Founder] = f
			all = append(all, f)
		}
		f.pages++
		if r.Wrong() {
			f.wrong++
		}
		switch r.Zone {
		case app.ZonePoor:
			f.poor++
		case app.ZoneOpen:
			f.open++
		}
	}
	slices.SortStableFunc(all, func(a, b *founder) int {
		return cmp.Or(cmp.Compare(b.poor, a.poor), cmp.Compare(b.wrong, a.wrong), cmp.Compare(app.Fold(a.name), app.Fold(b.name)))
	})
	table := &report.Table{Title: t.T("bulletin.table.founders"), Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.founder")},
		{Title: t.T("bulletin.col.pages"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.wrong"), Kind: report.ValueCount},
		{Title: c.zone(app.ZonePoor), Kind: report.ValueCount},
		{Title: c.zone(app.ZoneOpen), Kind: report.ValueCount, Spare: true},
	}}
	for _, f := range all {
		table.Rows = append(table.Rows, []report.Value{
			report.Words(orNone(t, f.name)), report.Count(f.pages), report.Count(f.wrong), report.Count(f.poor), report.Count(f.open),
		})
	}
	return table
}

// fixTable is what each page lacks, by founder, the worst page first; what is to be done
// about it stands once, beside the component.
func (c *composer) fixTable(all []app.PageRow) *report.Table {
	t := c.t
	table := &report.Table{Title: t.T("bulletin.table.fix"), Spare: true, Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.founder"), Wide: 0.18},
		{Title: t.T("bulletin.col.page"), Wide: 0.18},
		{Title: t.T("bulletin.col.network"), Wide: 0.14},
		{Title: t.T("bulletin.col.points"), Wide: 0.08},
		{Title: t.T("bulletin.col.lacks"), Wide: 0.24},
		{Title: t.T("bulletin.col.link"), Kind: report.ValueLink, Wide: 0.18},
	}}
	wrong := slices.DeleteFunc(slices.Clone(all), func(r app.PageRow) bool { return len(c.lacks(&r)) == 0 })
	slices.SortStableFunc(wrong, func(a, b app.PageRow) int { return cmp.Compare(app.Fold(a.Founder), app.Fold(b.Founder)) })
	for _, r := range wrong {
		points := strconv.Itoa(r.From)
		if r.To != r.From {
			points += "–" + strconv.Itoa(r.To)
		}
		link := report.None(report.ValueLink)
		if r.Link != "" {
			link = report.Value{Kind: report.ValueLink, Words: r.Link}
		}
		table.Rows = append(table.Rows, []report.Value{
			report.Words(orNone(t, r.Founder)), report.Words(r.Name), report.Words(assets.Name(t, "source", r.Network)),
			report.Words(points), report.Words(strings.Join(c.lacks(&r), "; ")), link,
		})
	}
	return table
}

// lacks are the things the page is known to lack, with how much of how much.
func (c *composer) lacks(r *app.PageRow) (out []string) {
	if r.LinkSeen != nil && r.LinkSeen.State.Dead() {
		out = append(out, c.t.T("bulletin.lacks.link"))
	}
	for _, p := range r.Parts {
		switch name := assets.Name(c.t, "score", p.What); {
		case !p.Lacking():
		case p.Need > 1:
			out = append(out, c.t.T("bulletin.lacks.of", name, c.t.Decimal(p.Has, 0), c.t.Decimal(p.Need, 0)))
		default:
			out = append(out, name)
		}
	}
	return out
}
