package app

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Batch is a piece of a spreadsheet, row by row, in the terms of the domain.
type Batch struct {
	Format  string // name of the heading map that fitted, e.g. "incident-manager"
	Read    int    // rows of data in the piece
	Rows    []BatchRow
	Skipped []Skip
}

// Batches gives a spreadsheet piece by piece: a large one is never in memory as a
// whole.
type Batches interface {
	// Next gives nil after the last piece.
	Next() (*Batch, error)
	// Share says how much of the file was read, 0…1.
	Share() float64
	Close() error
}

// Whole gives a piece that is all there is.
func Whole(b *Batch) Batches { return &whole{b} }

type whole struct{ left *Batch }

func (w *whole) Next() (*Batch, error) {
	b := w.left
	w.left = nil
	return b, nil
}

func (w *whole) Share() float64 { return 1 }

func (w *whole) Close() error { return nil }

// BatchRow is one row that could be understood: exactly one of the pointers is set.
type BatchRow struct {
	Line int // in the file, the heading being line 1
	// Masked says that what is personal was covered before the row was written: of a
	// record that is known its covered fields say nothing.
	Masked bool
	Appeal *Appeal
	Page   *Page
	Count  *PageCount
	Entry  *RegionEntry
}

func (r BatchRow) appeal() string {
	if r.Appeal == nil {
		return ""
	}
	return r.Appeal.ID
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
// Skipped.
type ImportReport struct {
	ID        string `json:"id"` // by which it is undone
	Format    string `json:"format"`
	Read      int    `json:"read"`
	Added     int    `json:"added"`
	Updated   int    `json:"updated"`
	Unchanged int    `json:"unchanged"`
	Skipped   int    `json:"skipped"`
	Skips     []Skip `json:"skips"`
}

// importStep is how many operations go into one transaction, and countStep how
// many counts are gathered before they are written. Of a large file importSorted rows
// at a time are put into the order of their IDs: a transaction then touches a part of
// the pages of the store and not nearly all of them.
const (
	importStep   = 1000
	importSorted = 8000
	countStep    = 500_000
)

// Import writes the rows; a row that is already known and says nothing new
// changes nothing, so an import may be repeated after being cut off anywhere.
// progress is told the rows done and the share of the file; it may be nil. file is
// its name, by which people know the import again, "" where there is none. What was
// written can be undone by UndoImport, also of an import that was stopped.
func (d *Desk) Import(ctx context.Context, file string, from Batches, progress func(rows int, share float64)) (report ImportReport, err error) {
	in := importing{desk: d, report: ImportReport{ID: d.newID(), Skips: []Skip{}}}
	in.kept = Imported{ID: in.report.ID, File: file, At: d.now().UTC()}
	defer func() {
		report = in.report
		report.Skipped = len(report.Skips)
		slices.SortStableFunc(report.Skips, func(a, b Skip) int { return cmp.Compare(a.Line, b.Line) })
		if in.kept.Parts > 0 {
			in.kept.count(&report)
			err = errors.Join(err, d.keepImport(in.kept))
		}
	}()
	return in.report, in.all(ctx, from, progress)
}

func (in *importing) all(ctx context.Context, from Batches, progress func(rows int, share float64)) error {
	d := in.desk
	pages, err := d.store.Pages()
	if err != nil {
		return err
	}
	in.pages = make(map[string]Page, len(pages))
	for _, p := range pages {
		in.pages[p.ID] = p
	}
	var rows []BatchRow
	for {
		b, err := from.Next()
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		in.report.Format = b.Format
		in.report.Read += b.Read
		in.report.Skips = append(in.report.Skips, b.Skipped...)
		rows = append(rows, b.Rows...)
		switch {
		case in.report.Read <= importSorted: // not large so far
		case len(rows) < importSorted:
			continue
		default:
			slices.SortStableFunc(rows, func(a, b BatchRow) int { return strings.Compare(a.appeal(), b.appeal()) })
		}
		if err := in.rows(ctx, rows); err != nil {
			return err
		}
		clear(rows)
		rows = rows[:0]
		if progress != nil {
			progress(in.report.Read, from.Share())
		}
	}
	if err := in.rows(ctx, rows); err != nil {
		return err
	}
	if err := in.counters(); err != nil {
		return err
	}
	if err := in.putEntries(); err != nil {
		return err
	}
	return in.flush()
}

func (in *importing) rows(ctx context.Context, rows []BatchRow) error {
	for _, row := range rows {
		if ctx.Err() != nil {
			return Fail(CodeCancelled).Because(ctx.Err())
		}
		if err := in.row(row); err != nil {
			return err
		}
		if len(in.ops) >= importStep {
			if err := in.flush(); err != nil {
				return err
			}
		}
		if in.counted >= countStep {
			if err := in.counters(); err != nil {
				return err
			}
		}
	}
	return nil
}

// importing is the state of one import. Counts are gathered by day first: a day
// is one column, and one operation.
type importing struct {
	desk    *Desk
	report  ImportReport
	pages   map[string]Page
	counts  map[Day]map[string]uint32
	counted int // in counts
	entries *Entries
	fresh   map[TableName][]RegionEntry // that entries did not have
	ops     []Op
	kept    Imported
	part    importPart // what ops do
}

func (in *importing) flush() error {
	if len(in.ops) == 0 {
		return nil
	}
	// What is to be done is kept before it is done: an import may end anywhere.
	in.kept.count(&in.report)
	if err := in.desk.keepPart(&in.kept, in.part); err != nil {
		return err
	}
	err := in.desk.store.Perform(in.ops)
	in.ops, in.part = in.ops[:0], importPart{}
	in.desk.did(&deed{final: OpAmend})
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
		return in.appeal(row)
	case row.Page != nil:
		in.page(*row.Page)
	case row.Entry != nil:
		return in.entry(*row.Entry)
	case row.Count != nil:
		c := row.Count
		if _, ok := in.pages[c.Page.ID]; !ok {
			in.put(c.Page, nil)
		}
		if in.counts == nil {
			in.counts = map[Day]map[string]uint32{}
		}
		if in.counts[c.Day] == nil {
			in.counts[c.Day] = map[string]uint32{}
		}
		in.counts[c.Day][c.Page.ID] = c.Count
		in.counted++
	}
	return nil
}

func (in *importing) appeal(row BatchRow) error {
	line, a := row.Line, row.Appeal
	if _, known := in.desk.store.Record(a.ID); !known {
		if !in.desk.Me().Sees(a.Municipality) {
			in.report.Skips = append(in.report.Skips, Skip{Line: line, Reason: string(CodeOutOfScope)})
			return nil
		}
		id := in.desk.newID() // one that was undone may come again
		in.op(id, a.ID, OpCreate, a)
		in.part.Appeals = append(in.part.Appeals, importedAppeal{Appeal: a.ID, Op: id, Sum: a.Sum()})
		in.report.Added++
		return nil
	}
	old, err := in.desk.store.Appeal(a.ID)
	if err != nil {
		return err
	}
	if row.Masked {
		a.Title, a.Text, a.Author, a.Contact, a.Place, a.Link = "", "", "", "", "", ""
	}
	m, differs := Amended(old, a)
	if !differs {
		in.report.Unchanged++
		return nil
	}
	id := in.desk.newID()
	in.op(id, a.ID, OpAmend, m)
	one := importedAppeal{Appeal: a.ID, Op: id, Before: &Appeal{}}
	one.Before.said(old)
	for _, e := range m.Events {
		one.Drop = append(one.Drop, e.ID)
	}
	old.Amend(m)
	one.Sum = old.Sum()
	in.part.Appeals = append(in.part.Appeals, one)
	in.report.Updated++
	return nil
}

// Amended finds what the source says now and did not say before. Fields that
// people set here (assignee) are theirs; a field the source leaves empty says
// nothing.
func Amended(old, now *Appeal) (Amendment, bool) {
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
	if p.External == "" {
		p.External = old.External // a table without it takes nothing back
	}
	switch {
	case !known:
		in.report.Added++
	case samePage(old, p):
		in.report.Unchanged++
		return
	default:
		// What only the counting service knows stays.
		p.LastPost, p.PostsWeek, p.Marks, p.MarksKnown, p.Looked, p.Keeper = old.LastPost, old.PostsWeek, old.Marks, old.MarksKnown, old.Looked, old.Keeper
		p.Reach, p.Reactions, p.ReachWeek = old.Reach, old.Reactions, old.ReachWeek
		in.report.Updated++
	}
	if known {
		in.put(p, &old)
	} else {
		in.put(p, nil)
	}
}

// put writes a page over what was there before.
func (in *importing) put(p Page, before *Page) {
	in.pages[p.ID] = p
	id := in.desk.newID()
	in.op(id, p.ID, OpPage, p)
	in.part.Pages = append(in.part.Pages, importedPage{Op: id, Page: p, Before: before})
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
	days := slices.Sorted(maps.Keys(in.counts))
	kept, err := in.known(days)
	if err != nil {
		return err
	}
	for _, d := range days {
		fresh, before := map[string]uint32{}, map[string]uint32{}
		for page, n := range in.counts[d] {
			switch old, has := kept[d][page]; {
			case !has:
				before[page] = Missing
				in.report.Added++
			case old == n:
				in.report.Unchanged++
				continue
			default:
				before[page] = old
				in.report.Updated++
			}
			fresh[page] = n
		}
		if len(fresh) == 0 {
			continue
		}
		id := in.desk.newID()
		in.op(id, d.String(), OpCount, Counters{Day: d, Counts: fresh})
		if in.kept.Counts += len(fresh); in.kept.Counts <= countsRemembered {
			in.part.Counts = append(in.part.Counts, importedCounts{Op: id, Day: d, Put: fresh, Before: before})
		}
		if len(in.ops) >= importStep {
			if err := in.flush(); err != nil {
				return err
			}
		}
	}
	in.counts, in.counted = nil, 0
	return nil
}

// known gives what is kept of the counts that were gathered; days are theirs,
// sorted.
func (in *importing) known(days []Day) (map[Day]map[string]uint32, error) {
	ids := map[uint32]string{}
	out := make(map[Day]map[string]uint32, len(days))
	for _, d := range days {
		out[d] = map[string]uint32{}
		for id := range in.counts[d] {
			n, ok, err := in.desk.store.PageNumber(id)
			if err != nil {
				return nil, err
			}
			if ok {
				ids[n] = id
			}
		}
	}
	var mu sync.Mutex
	asked := func(page uint32) bool { return ids[page] != "" }
	err := in.desk.store.Counts(days[0], days[len(days)-1], asked, func() func(uint32, []uint32) {
		return func(page uint32, counts []uint32) {
			id := ids[page]
			mu.Lock()
			defer mu.Unlock()
			for _, d := range days {
				if n := counts[d-days[0]]; n != Missing {
					if _, gathered := in.counts[d][id]; gathered {
						out[d][id] = n
					}
				}
			}
		}
	})
	return out, err
}
