package app

import (
	"context"
	"slices"
)

// Batch is what a spreadsheet holds, row by row, in the terms of the domain.
type Batch struct {
	Format  string // name of the heading map that fitted, e.g. "incident-manager"
	Read    int    // rows of data in the file
	Rows    []BatchRow
	Skipped []Skip
}

// BatchRow is one row that could be understood: exactly one field is set.
type BatchRow struct {
	Line   int // in the file, the heading being line 1
	Appeal *Appeal
	Page   *Page
	Count  *PageCount
}

// PageCount is one count of one page on one day; the page is added where the
// registry does not have it.
type PageCount struct {
	Page  Page
	Day   Day
	Count uint32
}

// Skip is a row that was left out, and why. Reason is a key of the translation
// files under "skip.".
type Skip struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
	Detail string `json:"detail,omitempty"` // another line's number or a bad value, never personal data
}

// ImportReport says what an import did. Read = Added + Updated + Unchanged +
// len(Skipped).
type ImportReport struct {
	Format    string `json:"format"`
	Read      int    `json:"read"`
	Added     int    `json:"added"`
	Updated   int    `json:"updated"`
	Unchanged int    `json:"unchanged"`
	Skipped   int    `json:"skipped"`
	Skips     []Skip `json:"skips"`
}

// importStep is how many operations go into one transaction.
const importStep = 1000

// Import writes the rows; a row that is already known and says nothing new
// changes nothing, so an import may be repeated after being cut off anywhere.
// progress is told the rows done and all rows; it may be nil.
func (d *Desk) Import(ctx context.Context, b *Batch, progress func(done, all int)) (ImportReport, error) {
	in := importing{desk: d, report: ImportReport{Format: b.Format, Read: b.Read, Skipped: len(b.Skipped), Skips: b.Skipped}}
	if in.report.Skips == nil {
		in.report.Skips = []Skip{}
	}
	pages, err := d.store.Pages()
	if err != nil {
		return in.report, err
	}
	in.pages = make(map[string]Page, len(pages))
	for _, p := range pages {
		in.pages[p.ID] = p
	}
	for i, row := range b.Rows {
		if ctx.Err() != nil {
			return in.report, Fail(CodeCancelled).Because(ctx.Err())
		}
		if err := in.row(row); err != nil {
			return in.report, err
		}
		if len(in.ops) >= importStep {
			if err := in.flush(); err != nil {
				return in.report, err
			}
			if progress != nil {
				progress(i+1, len(b.Rows))
			}
		}
	}
	if err := in.counters(); err != nil {
		return in.report, err
	}
	if err := in.flush(); err != nil {
		return in.report, err
	}
	if progress != nil {
		progress(len(b.Rows), len(b.Rows))
	}
	return in.report, nil
}

// importing is the state of one import. Counts are gathered by day first: a day
// is one column, and one operation.
type importing struct {
	desk   *Desk
	report ImportReport
	pages  map[string]Page
	counts map[Day]map[string]uint32
	ops    []Op
}

func (in *importing) flush() error {
	if len(in.ops) == 0 {
		return nil
	}
	err := in.desk.store.Perform(in.ops)
	in.ops = in.ops[:0]
	return err
}

func (in *importing) op(id, ent string, kind OpKind, payload any) {
	in.ops = append(in.ops, Op{
		ID: id, Ent: ent, Kind: kind, At: in.desk.now().UTC(), Schema: Schema, Payload: Encode(payload),
	})
}

func (in *importing) row(row BatchRow) error {
	switch {
	case row.Appeal != nil:
		return in.appeal(row.Line, row.Appeal)
	case row.Page != nil:
		in.page(*row.Page)
	case row.Count != nil:
		c := row.Count
		if _, ok := in.pages[c.Page.ID]; !ok {
			in.pages[c.Page.ID] = c.Page
			in.op(in.desk.newID(), c.Page.ID, OpPage, c.Page)
		}
		if in.counts == nil {
			in.counts = map[Day]map[string]uint32{}
		}
		if in.counts[c.Day] == nil {
			in.counts[c.Day] = map[string]uint32{}
		}
		in.counts[c.Day][c.Page.ID] = c.Count
	}
	return nil
}

func (in *importing) appeal(line int, a *Appeal) error {
	if _, known := in.desk.store.Record(a.ID); !known {
		if !in.desk.Me().Sees(a.Municipality) {
			in.report.Skips = append(in.report.Skips, Skip{Line: line, Reason: string(CodeOutOfScope)})
			return nil
		}
		in.op(a.ID, a.ID, OpCreate, a)
		in.report.Added++
		return nil
	}
	old, err := in.desk.store.Appeal(a.ID)
	if err != nil {
		return err
	}
	m, differs := amendment(old, a)
	if !differs {
		in.report.Unchanged++
		return nil
	}
	in.op(in.desk.newID(), a.ID, OpAmend, m)
	in.report.Updated++
	return nil
}

// amendment finds what the source says now and did not say before. Fields that
// people set here (assignee) are theirs; a field the source leaves empty says
// nothing.
func amendment(old, now *Appeal) (Amendment, bool) {
	m := Amendment{}
	for _, e := range now.Events {
		if !old.HasEvent(e.ID) {
			m.Events = append(m.Events, e)
		}
	}
	after := old.Clone()
	fields := *now
	fields.Events, fields.ID, fields.Registers = nil, "", Registers{}
	if len(m.Events) == 0 {
		fields.Status, fields.Outcome = "", "" // nothing happened at the source; what was done here stands
	}
	if _, here := old.Last(EventClassified); here {
		fields.Group, fields.Topic = "", "" // a person here knew better
	}
	m.Fields = fields
	after.Amend(m)
	after.Events = old.Events
	return m, len(m.Events) > 0 || !sameFields(old, after)
}

func sameFields(a, b *Appeal) bool {
	return a.Title == b.Title && a.Text == b.Text && a.Author == b.Author && a.Contact == b.Contact &&
		a.Place == b.Place && a.Link == b.Link && a.Municipality == b.Municipality && a.Group == b.Group &&
		a.Topic == b.Topic && a.Executor == b.Executor && a.Due.Equal(b.Due) && a.Status == b.Status
}

func (in *importing) page(p Page) {
	old, known := in.pages[p.ID]
	switch {
	case !known:
		in.report.Added++
	case samePage(old, p):
		in.report.Unchanged++
		return
	default:
		// What only the counting service knows stays.
		p.LastPost, p.PostsWeek, p.Marks, p.MarksKnown, p.Reach, p.Keeper = old.LastPost, old.PostsWeek, old.Marks, old.MarksKnown, old.Reach, old.Keeper
		in.report.Updated++
	}
	in.pages[p.ID] = p
	in.op(in.desk.newID(), p.ID, OpPage, p)
}

func samePage(a, b Page) bool {
	return a.Network == b.Network && a.Name == b.Name && a.Link == b.Link && a.External == b.External &&
		a.Founder == b.Founder && a.OGRN == b.OGRN && slices.Equal(a.Spheres, b.Spheres) &&
		a.Municipality == b.Municipality && a.Level == b.Level && a.Status == b.Status && a.NotKept == b.NotKept
}

// counters compares the gathered days with what is kept and writes those that
// differ.
func (in *importing) counters() error {
	if len(in.counts) == 0 {
		return nil
	}
	days := make([]Day, 0, len(in.counts))
	for d := range in.counts {
		days = append(days, d)
	}
	slices.Sort(days)
	kept, err := in.desk.store.Columns(days[0], days[len(days)-1])
	if err != nil {
		return err
	}
	for _, d := range days {
		fresh := map[string]uint32{}
		for page, n := range in.counts[d] {
			switch old, has := kept[page].At(d); {
			case !has:
				in.report.Added++
			case old == n:
				in.report.Unchanged++
				continue
			default:
				in.report.Updated++
			}
			fresh[page] = n
		}
		if len(fresh) == 0 {
			continue
		}
		in.op(in.desk.newID(), d.String(), OpCount, Counters{Day: d, Counts: fresh})
		if len(in.ops) >= importStep {
			if err := in.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}
