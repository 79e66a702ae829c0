package app

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// An import is remembered with what it changed, and what stood there before, so that
// it can be undone as a whole: see docs/decisions/0035-import-wizard.md.

// importsKept is how many imports can be undone, the latest ones, and
// countsRemembered how many counts of one: what they were before is kept whole.
const (
	importsKept      = 20
	countsRemembered = 300_000
)

// Imported is one import in the list of this workstation.
type Imported struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	File      string    `json:"file,omitempty"` // base name; "" of a pasted table
	Format    string    `json:"format"`
	Read      int       `json:"read"`
	Added     int       `json:"added"`
	Updated   int       `json:"updated"`
	Unchanged int       `json:"unchanged"`
	Skipped   int       `json:"skipped"`
	Counts    int       `json:"counts,omitempty"` // of the added and updated
	Parts     int       `json:"parts"`
	Undone    time.Time `json:"undone,omitzero"`
}

func (i *Imported) count(r *ImportReport) {
	i.Format, i.Read, i.Added, i.Updated, i.Unchanged, i.Skipped = r.Format, r.Read, r.Added, r.Updated, r.Unchanged, len(r.Skips)
}

// importPart is what one transaction of an import does.
type importPart struct {
	Appeals []importedAppeal  `json:"appeals,omitempty"`
	Pages   []importedPage    `json:"pages,omitempty"`
	Counts  []importedCounts  `json:"counts,omitempty"`
	Tables  []importedEntries `json:"tables,omitempty"`
}

type importedAppeal struct {
	Appeal string   `json:"appeal"`
	Op     string   `json:"op"`
	Sum    string   `json:"sum"`              // of the appeal as the import left it
	Before *Appeal  `json:"before,omitempty"` // see TakenBack
	Drop   []string `json:"drop,omitempty"`
}

type importedPage struct {
	Op     string `json:"op"`
	Page   Page   `json:"page"`
	Before *Page  `json:"before,omitempty"`
}

type importedCounts struct {
	Op     string            `json:"op"`
	Day    Day               `json:"day"`
	Put    map[string]uint32 `json:"put"`
	Before map[string]uint32 `json:"before"` // Missing where there was none
}

const settingImports = "imports"

func settingPart(id string, n int) string { return "import " + id + " " + strconv.Itoa(n) }

// Imports lists what was imported here and can be undone, the latest first.
func (d *Desk) Imports() (all []Imported, err error) {
	raw, err := d.Setting(settingImports)
	if err != nil || raw == "" {
		return nil, err
	}
	return all, json.Unmarshal([]byte(raw), &all)
}

// keepImport puts an import into the list; what is too old to be undone goes.
func (d *Desk) keepImport(one Imported) error {
	d.importing.Lock()
	defer d.importing.Unlock()
	all, err := d.Imports()
	if err != nil {
		return err
	}
	if at := slices.IndexFunc(all, func(i Imported) bool { return i.ID == one.ID }); at >= 0 {
		all[at] = one
	} else {
		all = slices.Insert(all, 0, one)
	}
	for len(all) > importsKept {
		if err := d.forgetParts(all[len(all)-1]); err != nil {
			return err
		}
		all = all[:len(all)-1]
	}
	return d.SaveSetting(settingImports, string(Encode(all)))
}

// forgetParts empties what was kept to undo an import.
func (d *Desk) forgetParts(one Imported) error {
	for n := range one.Parts {
		if err := d.SaveSetting(settingPart(one.ID, n), ""); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) keepPart(one *Imported, part importPart) error {
	if err := d.SaveSetting(settingPart(one.ID, one.Parts), string(Encode(part))); err != nil {
		return err
	}
	one.Parts++
	return d.keepImport(*one)
}

func (d *Desk) part(one Imported, n int) (p importPart, err error) {
	raw, err := d.Setting(settingPart(one.ID, n))
	if err != nil || raw == "" {
		return p, err
	}
	return p, json.Unmarshal([]byte(raw), &p)
}

// UndoneImport says what became of the undo of an import.
type UndoneImport struct {
	Removed  int       `json:"removed"`  // appeals, pages, counts and rows of tables that are gone again
	Restored int       `json:"restored"` // that stand as before
	Kept     []LeftOut `json:"-"`        // appeals somebody has worked on since
	Worked   int       `json:"worked"`   // how many these are
	Pages    int       `json:"pages"`    // that stay: changed or counted since
	Counts   int       `json:"counts"`   // that stay: changed since, or too many to be remembered
	Entries  int       `json:"entries"`  // rows of the region's tables that stay: changed since
	Stopped  bool      `json:"stopped"`
}

// UndoImport takes back what an import did, the last part first: what it added goes,
// what it changed stands as before. What nobody else can know of yet never leaves
// this workstation; about the rest the server is asked. What people did since stays,
// and so does what they did it to. Stopped or cut off it goes on when it is repeated.
func (d *Desk) UndoImport(ctx context.Context, id string, progress func(done, of int)) (r UndoneImport, err error) {
	all, err := d.Imports()
	if err != nil {
		return r, err
	}
	at := slices.IndexFunc(all, func(i Imported) bool { return i.ID == id })
	switch {
	case at < 0:
		return r, Fail(CodeNotFound, id)
	case !all[at].Undone.IsZero():
		return r, Fail(CodeImportUndone)
	}
	for _, kind := range []OpKind{OpBack, OpPage, OpCount} {
		if err := d.mayAsk(kind); err != nil {
			return r, err
		}
	}
	one := all[at]
	back := takingBack{desk: d, report: &r}
	for n := one.Parts - 1; n >= 0; n-- {
		part, err := d.part(one, n)
		if err != nil {
			return r, err
		}
		for _, step := range []func(importPart) error{back.tables, back.counts, back.pages} {
			if err := step(part); err != nil {
				return r, err
			}
		}
		slices.Reverse(part.Appeals)
		for some := range slices.Chunk(part.Appeals, manyStep) {
			if ctx.Err() != nil {
				r.Stopped = true
				return r, nil
			}
			if err := back.appeals(some); err != nil {
				return r, err
			}
		}
		progress(one.Parts-n, one.Parts)
	}
	r.Counts += max(0, one.Counts-back.counted)
	one.Undone = d.now().UTC()
	if err := d.forgetParts(one); err != nil {
		return r, err
	}
	one.Parts = 0
	return r, d.keepImport(one)
}

// takingBack is the undo of one import.
type takingBack struct {
	desk    *Desk
	report  *UndoneImport
	counted int // counts that are remembered
}

// op makes an operation of what leads back.
func (b *takingBack) op(ent string, kind OpKind, payload any) Op {
	d := b.desk
	return Op{ID: d.newID(), Ent: ent, Kind: kind, At: d.now().UTC(), Schema: Schema, Payload: Encode(payload)}
}

// withdraw takes back what never left this workstation, and gives of which that is
// true.
func (b *takingBack) withdraw(n int, of func(i int) (record, op string)) ([]bool, error) {
	all := make([]Withdrawal, n)
	for i := range all {
		record, op := of(i)
		all[i] = Withdrawal{Record: record, Ops: []string{op}}
	}
	return b.desk.store.Withdraw(all, b.desk.now())
}

func (b *takingBack) perform(ops []Op) error {
	if len(ops) == 0 {
		return nil
	}
	return b.desk.store.Perform(ops)
}

func (b *takingBack) done(created bool) {
	if created {
		b.report.Removed++
	} else {
		b.report.Restored++
	}
}

// appeals leads some appeals back, the last one that was imported first.
func (b *takingBack) appeals(some []importedAppeal) error {
	d := b.desk
	disputed, err := d.disputed()
	if err != nil {
		return err
	}
	var free []importedAppeal
	for _, one := range some {
		a, err := d.store.Appeal(one.Appeal)
		if CodeOf(err) == CodeNotFound {
			continue // taken back already, or out of scope
		}
		if err != nil {
			return err
		}
		draft, err := d.store.Draft(a.ID)
		if err != nil {
			return err
		}
		switch {
		case one.Before != nil && one.isBack(a): // before this undo was stopped
		case a.Sum() != one.Sum || disputed[a.ID] || !draft.Empty():
			record, _ := d.store.Record(a.ID)
			b.report.Kept = append(b.report.Kept, LeftOut{record, a.Number, Fail(CodeWorkedOn)})
			b.report.Worked++
		default:
			free = append(free, one)
		}
	}
	withdrawn, err := b.withdraw(len(free), func(i int) (string, string) { return free[i].Appeal, free[i].Op })
	if err != nil {
		return err
	}
	var ops []Op
	for i, one := range free {
		if !withdrawn[i] {
			ops = append(ops, b.op(one.Appeal, OpBack, TakenBack{Seen: one.Sum, Before: one.Before, Drop: one.Drop}))
		}
		b.done(one.Before == nil)
	}
	return b.perform(ops)
}

// isBack says whether the appeal stands as before the import.
func (i *importedAppeal) isBack(a *Appeal) bool {
	before := a.Clone()
	before.said(i.Before)
	return before.Sum() == a.Sum() && !slices.ContainsFunc(i.Drop, a.HasEvent)
}

func (b *takingBack) pages(part importPart) error {
	var free []importedPage
	for _, one := range slices.Backward(part.Pages) {
		now, ok, err := b.desk.store.Page(one.Page.ID)
		switch {
		case err != nil:
			return err
		case !ok || one.Before != nil && string(Encode(now)) == string(Encode(one.Before)):
		case string(Encode(now)) != string(Encode(one.Page)):
			b.report.Pages++
		default:
			free = append(free, one)
		}
	}
	withdrawn, err := b.withdraw(len(free), func(i int) (string, string) { return free[i].Page.ID, free[i].Op })
	if err != nil {
		return err
	}
	var ops []Op
	for i, one := range free {
		switch {
		case withdrawn[i]:
		case one.Before == nil:
			counted, err := b.desk.store.Series(one.Page.ID)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(counted.Values, func(n uint32) bool { return n != Missing }) {
				b.report.Pages++
				continue
			}
			gone := Page{ID: one.Page.ID, Network: one.Page.Network, Name: one.Page.Name, Undone: true}
			ops = append(ops, b.op(gone.ID, OpPage, gone))
		default:
			ops = append(ops, b.op(one.Page.ID, OpPage, one.Before))
		}
		b.done(one.Before == nil)
	}
	return b.perform(ops)
}

// counts puts back the counts of days that are still what the import made them.
func (b *takingBack) counts(part importPart) error {
	var ops []Op
	for _, one := range slices.Backward(part.Counts) {
		b.counted += len(one.Put)
		known := importing{desk: b.desk, counts: map[Day]map[string]uint32{one.Day: one.Put}}
		kept, err := known.known([]Day{one.Day})
		if err != nil {
			return err
		}
		back := map[string]uint32{}
		for page, n := range one.Put {
			now, has := kept[one.Day][page]
			if !has {
				now = Missing
			}
			switch before := one.Before[page]; now {
			case n:
				back[page] = before
				b.done(before == Missing)
			case before:
			default:
				b.report.Counts++
			}
		}
		if len(back) == 0 {
			continue
		}
		if len(back) == len(one.Put) {
			withdrawn, err := b.withdraw(1, func(int) (string, string) { return one.Day.String(), one.Op })
			if err != nil {
				return err
			}
			if withdrawn[0] {
				continue
			}
		}
		ops = append(ops, b.op(one.Day.String(), OpCount, Counters{Day: one.Day, Counts: back}))
	}
	return b.perform(ops)
}
