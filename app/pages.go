package app

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"
)

// PageSort is what a list of pages is ordered by.
type PageSort string

// Orders of pages.
const (
	PagesByCount  PageSort = "count"
	PagesByName   PageSort = "name"
	PagesByWeek   PageSort = "week"
	PagesByMonth  PageSort = "month"
	PagesByPost   PageSort = "post"
	PagesByKeeper PageSort = "founder"
	PagesByScore  PageSort = "score"
)

// PageQuery asks for a list of pages. What is empty does not narrow.
type PageQuery struct {
	Words        string   `json:"words,omitempty"`
	Network      Source   `json:"network,omitempty"`
	Sphere       string   `json:"sphere,omitempty"`
	Municipality string   `json:"municipality,omitempty"`
	Level        string   `json:"level,omitempty"`
	Status       string   `json:"status,omitempty"`
	Founder      string   `json:"founder,omitempty"`
	Zone         Zone     `json:"zone,omitempty"`
	Trouble      Trouble  `json:"trouble,omitempty"`
	Sort         PageSort `json:"sort,omitempty"`
	Ascending    bool     `json:"ascending,omitempty"`
}

// Trouble is what may be the matter with a page.
type Trouble string

// Troubles.
const (
	TroubleLacking   Trouble = "lacking"   // something of what the region asks is known to be missing
	TroubleUnknown   Trouble = "unknown"   // something of it is not known
	TroubleSilent    Trouble = "silent"    // no post in seven days
	TroubleUncounted Trouble = "uncounted" // no count in the last 91 days
	TroubleDead      Trouble = "dead"      // its link leads nowhere, see CheckLinks
	TroubleTwin      Trouble = "twin"      // it stands in the registry twice, see PageTwins
	TroubleNotKept   Trouble = "not_kept"  // it stands apart: a ground, or no link
)

// Troubles lists all troubles.
var Troubles = []Trouble{
	TroubleLacking, TroubleUnknown, TroubleSilent, TroubleUncounted, TroubleDead, TroubleTwin, TroubleNotKept,
}

// Narrows says whether the query leaves anything out.
func (q PageQuery) Narrows() bool {
	q.Sort, q.Ascending, q.Words = "", false, strings.TrimSpace(q.Words)
	return q != PageQuery{}
}

// Same says whether both ask the same.
func (q PageQuery) Same(o PageQuery) bool {
	q.Words, o.Words = strings.TrimSpace(q.Words), strings.TrimSpace(o.Words)
	return q == o
}

// Clone gives a query that shares nothing with q.
func (q PageQuery) Clone() PageQuery { return q }

// PageRow is one page in a list. Growth is nil where a count is missing.
type PageRow struct {
	Page
	PageCheck
	Count       uint32
	Counted     bool
	Week, Month *int
	Quarter     Series     // last 91 days, for the sparkline
	LinkSeen    *LinkCheck // nil: its link was not checked
}

// quarter is how many days before the last count the lists know.
const quarter = 90

// PageCount is how many pages are known, without opening any of them.
func (d *Desk) PageCount() (n int, err error) {
	facts, err := d.store.PageFacts()
	for _, known := range facts.Known {
		if known {
			n++
		}
	}
	return n, err
}

// Pages lists pages.
func (d *Desk) Pages(q PageQuery) ([]PageRow, error) {
	pages, err := d.store.Pages()
	if err != nil {
		return nil, err
	}
	_, last, ok, err := d.store.Days()
	if err != nil {
		return nil, err
	}
	columns := map[string]Series{}
	if ok {
		if columns, err = d.store.Columns(last-quarter, last); err != nil {
			return nil, err
		}
	}
	links, err := d.linkChecks()
	if err != nil {
		return nil, err
	}
	var twins map[string]bool
	if q.Trouble == TroubleTwin {
		twins = twinned(pages)
	}
	score := &d.Region().Score
	words := strings.Fields(Fold(q.Words))
	rows := make([]PageRow, 0, len(pages))
	for _, p := range pages {
		if !q.fits(&p) || !containsAll(Fold(p.Name+" "+p.Founder+" "+p.Link), words) {
			continue
		}
		row := PageRow{Page: p, Quarter: columns[p.ID], LinkSeen: links.of(&p)}
		row.Count, _, row.Counted = row.Quarter.LastKnown(last)
		if n, ok := row.Quarter.Growth(7); ok {
			row.Week = &n
		}
		if n, ok := row.Quarter.Growth(30); ok {
			row.Month = &n
		}
		row.PageCheck = score.Check(&p, row.Count, row.Counted)
		if (q.Zone == "" || row.Zone == q.Zone) && row.has(q.Trouble, twins) {
			rows = append(rows, row)
		}
	}
	sortPages(rows, q)
	return rows, nil
}

// fits says whether the page is of those asked for, as the registry has it.
func (q *PageQuery) fits(p *Page) bool {
	return (q.Network == "" || p.Network == q.Network) && (q.Municipality == "" || p.Municipality == q.Municipality) &&
		(q.Level == "" || p.Level == q.Level) && (q.Status == "" || p.Status == q.Status) && (q.Founder == "" || p.Founder == q.Founder) &&
		(q.Sphere == "" || slices.Contains(p.Spheres, q.Sphere))
}

// has says whether that is the matter with the page.
func (r *PageRow) has(t Trouble, twins map[string]bool) bool {
	switch t {
	case TroubleLacking:
		return r.Wrong()
	case TroubleUnknown:
		return r.Open > 0
	case TroubleSilent:
		return r.Apart == "" && r.PostsWeek != nil && *r.PostsWeek == 0
	case TroubleUncounted:
		return r.Apart == "" && !r.Counted
	case TroubleDead:
		return r.LinkSeen != nil && r.LinkSeen.State.Dead()
	case TroubleTwin:
		return twins[r.ID]
	case TroubleNotKept:
		return r.Apart == ApartGround || r.Apart == ApartNoLink
	}
	return true
}

// Compliance lists the pages with what is asked of them, those that ask for most work
// first and those that stand apart last. The order of the query does not count.
func (d *Desk) Compliance(q PageQuery) ([]PageRow, error) {
	q.Sort, q.Ascending = PagesByCount, false
	rows, err := d.Pages(q)
	slices.SortStableFunc(rows, func(a, b PageRow) int { return a.worse(&b.PageCheck) })
	return rows, err
}

// Letter is what a founder has to be told: the pages that lack something, or whose
// links lead nowhere.
type Letter struct {
	Founder string
	Pages   []PageRow
}

// Letters gives one letter a founder, by name; pages in the order of Compliance.
func (d *Desk) Letters(q PageQuery) ([]Letter, error) {
	rows, err := d.Compliance(q)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	var out []Letter
	for _, r := range rows {
		if !r.Wrong() && !r.has(TroubleDead, nil) {
			continue
		}
		i, known := at[r.Founder]
		if !known {
			i = len(out)
			at[r.Founder] = i
			out = append(out, Letter{Founder: r.Founder})
		}
		out[i].Pages = append(out[i].Pages, r)
	}
	slices.SortStableFunc(out, func(a, b Letter) int { return cmp.Compare(Fold(a.Founder), Fold(b.Founder)) })
	return out, nil
}

func sortPages(rows []PageRow, q PageQuery) {
	names := make(map[string]string, len(rows))
	for i := range rows {
		names[rows[i].ID] = Fold(rows[i].Name)
	}
	number := func(n *int) int {
		if n == nil {
			return -1 << 40 // pages without a figure stand last in a falling order
		}
		return *n
	}
	less := func(a, b *PageRow) int {
		switch q.Sort {
		case PagesByName:
			return -strings.Compare(names[a.ID], names[b.ID])
		case PagesByWeek:
			return number(a.Week) - number(b.Week)
		case PagesByMonth:
			return number(a.Month) - number(b.Month)
		case PagesByPost:
			return a.LastPost.Compare(b.LastPost)
		case PagesByKeeper:
			return -strings.Compare(Fold(a.Founder), Fold(b.Founder))
		case PagesByScore:
			if (a.Apart == "") != (b.Apart == "") {
				return -a.worse(&b.PageCheck) // no score is below every score
			}
			return cmp.Or(a.From-b.From, a.To-b.To)
		}
		return int(a.Count) - int(b.Count)
	}
	sort.SliceStable(rows, func(i, j int) bool {
		c := less(&rows[i], &rows[j])
		if c == 0 {
			return names[rows[i].ID] < names[rows[j].ID]
		}
		if q.Ascending {
			return c < 0
		}
		return c > 0
	})
}

// PageSeries gives all counts of one page.
func (d *Desk) PageSeries(id string) (Series, error) { return d.store.Series(id) }

// AddPage enters a page into the registry. Its network follows from the address, and so
// does its ID, so that the same page cannot be entered twice. Errors: CodePageLink for
// what is no address of a page, CodePageKnown.
func (d *Desk) AddPage(p Page) error {
	a, ok := AddressOf(strings.TrimSpace(p.Link))
	if !ok {
		return Fail(CodePageLink, p.Link)
	}
	p.Name = strings.Join(strings.Fields(p.Name), " ")
	if p.Name == "" {
		return Fail(CodeNeedsField, columnName)
	}
	if err := d.mayAsk(OpPage); err != nil {
		return err
	}
	p.Link, p.Network, p.ID = a.Link, a.Network, IDFrom("page", a.Key)
	known, err := d.store.Pages()
	if err != nil {
		return err
	}
	for _, k := range known {
		if b, ok := AddressOf(k.Link); k.ID == p.ID || ok && b.Key == a.Key {
			return Fail(CodePageKnown, k.Name)
		}
	}
	at := d.now().UTC().Truncate(time.Millisecond)
	return d.store.Perform([]Op{{ID: d.newID(), Ent: p.ID, Kind: OpPage, At: at, Schema: Schema, Payload: Encode(p)}})
}
