package simulate

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"otklik/app"
	"otklik/store"
	"otklik/sync/wire"
)

// disk is the store of a station with what may go wrong in it, and the eye of
// the simulation on everything that is written.
type disk struct {
	*store.Store
	s          *station
	strike     strike
	commits    int  // until the strike
	mayRestart bool // the server called the cursor expired
}

// metaPages is how long the two pages of a bbolt file are, as the store makes it, one
// of which a commit ends with.
const metaPages = 2 * 32 << 10

// commit runs one write transaction of the store. noted is called when it is on
// disk, even if nobody lives to tell.
func (d *disk) commit(write func() error, noted func()) error {
	now := never
	if d.strike != never {
		if d.commits--; d.commits < 0 {
			now, d.strike = d.strike, never
		}
	}
	var meta []byte
	switch now {
	case before:
		panic(crash{})
	case full:
		return app.Fail(app.CodeDiskFull, filepath.Base(d.Path())).Because(syscall.ENOSPC)
	case torn:
		meta = d.meta()
	}
	err := write()
	d.s.unchecked = true
	if now == torn {
		d.s.torn = meta // the pages are written, the one that names them is not
		panic(crash{})
	}
	if err == nil && noted != nil {
		noted()
	}
	if now == after {
		panic(crash{})
	}
	return err
}

// journaled is commit of what stands in the journal before it is committed: a
// commit that is torn loses none of it.
func (d *disk) journaled(write func() error, noted func()) error {
	return d.commit(func() error {
		err := write()
		if err == nil {
			noted()
		}
		return err
	}, nil)
}

func (d *disk) meta() []byte {
	f, err := os.Open(d.Path())
	must(err)
	meta := make([]byte, metaPages)
	_, err = f.ReadAt(meta, 0)
	must(err)
	must(f.Close())
	return meta
}

// farAhead is after any moment an operation may be held to.
var farAhead = time.Unix(1<<40, 0)

// waiting gives the whole outbox.
func (d *disk) waiting() (ops []app.Op, err error) {
	files, err := d.FilesUnsent()
	if err != nil || len(files) == 0 {
		if err == nil {
			ops, err = d.Pending(0, math.MaxInt, math.MaxInt, farAhead)
		}
		return ops, err
	}
	// Those that wait for their files, too.
	entries, err := d.Entries(math.MaxInt)
	for _, e := range entries {
		if e.State == app.EntryWaiting {
			ops = append(ops, e.Op)
		}
	}
	return ops, err
}

// Perform implements app.Store.
func (d *disk) Perform(ops []app.Op) error {
	return d.journaled(func() error { return d.Store.Perform(ops) }, func() {
		for _, op := range ops {
			d.s.ledger.add(op)
			d.s.w.issued[op.ID] = append(d.s.w.issued[op.ID], d.s.w.now)
			d.s.w.note("%s: %s %s about %s", d.s.name, op.Kind, op.ID, op.Ent)
		}
	})
}

// Withdraw implements app.Store.
func (d *disk) Withdraw(all []app.Withdrawal, at time.Time) (done []bool, err error) {
	err = d.journaled(func() (err error) {
		done, err = d.Store.Withdraw(all, at)
		return err
	}, func() {
		for i, w := range all {
			if !done[i] {
				continue
			}
			d.s.ledger.withdrawn(w)
			d.s.w.note("%s: takes %v back", d.s.name, w.Ops)
		}
	})
	return done, err
}

// SaveDraft implements app.Store.
func (d *disk) SaveDraft(appeal string, draft app.Draft) error {
	return d.journaled(func() error { return d.Store.SaveDraft(appeal, draft) }, func() {
		d.s.ledger.drafts[appeal] = draft
	})
}

// Tried implements sync.Store.
func (d *disk) Tried(ids []string) error {
	return d.commit(func() error { return d.Store.Tried(ids) }, nil)
}

// Refuse implements sync.Store.
func (d *disk) Refuse(op string, reason app.Code, at time.Time) error {
	return d.commit(func() error { return d.Store.Refuse(op, reason, at) }, func() {
		d.s.w.note("%s: %s is refused: %s", d.s.name, op, reason)
		d.s.ledger.judged(op, app.VerdictRejected, reason)
	})
}

// ApplyChanges implements sync.Store.
func (d *disk) ApplyChanges(page app.FeedPage, received time.Time) error {
	cursor, err := d.Cursor()
	if err != nil {
		return err
	}
	d.checkStretch(cursor, page.Changes, page.Next)
	err = d.apply(page, received)
	if err != nil {
		d.s.w.note("%s: changes do not apply: %v", d.s.name, err)
	}
	return err
}

// Settle implements sync.Store.
func (d *disk) Settle(op string, verdict app.Change, at time.Time) error {
	return d.commit(func() error { return d.Store.Settle(op, verdict, at) }, func() {
		d.s.w.note("%s: %s came with a snapshot: %s", d.s.name, op, verdict.Verdict)
		d.s.ledger.judged(op, verdict.Verdict, verdict.Reason)
	})
}

// Placed implements sync.Store.
func (d *disk) Placed(sha256, place string) error {
	return d.commit(func() error { return d.Store.Placed(sha256, place) }, nil)
}

// Uploaded implements sync.Store.
func (d *disk) Uploaded(sha256 string) error {
	return d.commit(func() error { return d.Store.Uploaded(sha256) }, func() {
		d.s.w.note("%s: the server has %.8s", d.s.name, sha256)
	})
}

// Missing implements sync.Store.
func (d *disk) Missing(ops []string) error {
	return d.commit(func() error { return d.Store.Missing(ops) }, func() {
		d.s.w.note("%s: the server lacks files of %v", d.s.name, ops)
	})
}

// Hold implements sync.Store.
func (d *disk) Hold(ids []string, until time.Time) error {
	return d.commit(func() error { return d.Store.Hold(ids, until) }, nil)
}

// Renew implements sync.Store.
func (d *disk) Renew(inc uint32) error {
	return d.commit(func() error { return d.Store.Renew(inc) }, func() {
		d.s.w.note("%s: takes the incarnation %d", d.s.name, inc)
	})
}

// Anew implements sync.Store.
func (d *disk) Anew(since uint64) error {
	_, loading, err := d.Load() // whose frames may be gone
	must(err)
	if !d.mayRestart && !loading {
		d.s.w.violate("cursor", "%s starts anew though nobody said so", d.s.name)
	}
	return d.commit(func() error { return d.Store.Anew(since) }, func() {
		d.mayRestart = false
		d.s.w.note("%s: starts anew", d.s.name)
	})
}

// Rewind implements sync.Store.
func (d *disk) Rewind(cut uint64, shared string) error {
	rewind := func() error { return d.Store.Rewind(cut, shared) }
	if d.s.w.run.Bug == NoRequeue {
		rewind = func() error { return errors.Join(d.Store.Rewind(math.MaxInt64, shared), d.Store.Anew(cut)) }
	}
	return d.commit(rewind, func() {
		d.mayRestart = false
		d.s.ledger.rewound()
		d.s.w.note("%s: goes back to %d", d.s.name, cut)
	})
}

// BeginLoad implements sync.Store.
func (d *disk) BeginLoad(shot app.Snapshot) error {
	return d.commit(func() error { return d.Store.BeginLoad(shot) }, func() {
		d.s.w.note("%s: begins a snapshot of %d rows", d.s.name, shot.Rows)
	})
}

// ReadFrame implements sync.Store.
func (d *disk) ReadFrame(rows []app.SnapshotRow) (take func() error, err error) {
	write, err := d.Store.ReadFrame(rows)
	return func() error { return d.commit(write, nil) }, err
}

// SaveAnchor implements sync.Store.
func (d *disk) SaveAnchor(a app.Anchor) error {
	return d.commit(func() error { return d.Store.SaveAnchor(a) }, nil)
}

// EndLoad implements sync.Store.
func (d *disk) EndLoad() error { return d.commit(d.Store.EndLoad, nil) }

// seen notes the verdicts of a page that is on disk.
func (d *disk) seen(changes []app.Change, next string) {
	d.s.w.note("%s: %d changes up to %d", d.s.name, len(changes), seqOf(next))
	for _, c := range changes {
		// An appeal taken from a spreadsheet has the same identifier at every
		// station, so another's verdict is also one's own.
		e := d.s.ledger.byID[c.Op]
		if e != nil && (c.Dev == d.s.device.ID || c.Kind == app.OpCreate && e.op.Kind == app.OpCreate) {
			d.s.ledger.judged(c.Op, c.Verdict, c.Reason)
		}
	}
}

// checkStretch asserts that the cursor only goes forward within an epoch and
// that the changes are those right after it.
func (d *disk) checkStretch(cursor string, changes []app.Change, next string) {
	w, last := d.s.w, seqOf(cursor)
	if next == "" && cursor != "" && !d.mayRestart {
		w.violate("cursor", "%s starts anew from %s though nobody said so", d.s.name, cursor)
	}
	if next == "" {
		d.mayRestart = false
		return
	}
	if epochOf(cursor) == epochOf(next) && seqOf(next) < last {
		w.violate("cursor", "%s goes back from %s to %s", d.s.name, cursor, next)
	}
	dense := strings.Contains(next, "."+wire.ScopeAll+".")
	for _, c := range changes {
		if c.Seq <= last || dense && c.Seq != last+1 {
			w.violate("feed", "%s receives %d after %d", d.s.name, c.Seq, last)
		}
		last = c.Seq
	}
	if len(changes) > 0 && (seqOf(next) < last || dense && seqOf(next) != last) {
		w.violate("cursor", "%s moves to %d with changes up to %d", d.s.name, seqOf(next), last)
	}
}

func seqOf(cursor string) uint64 {
	n, err := strconv.ParseUint(cursor[strings.LastIndexByte(cursor, '.')+1:], 10, 64)
	if err != nil {
		return 0 // the beginning
	}
	return n
}

func epochOf(cursor string) string {
	epoch, _, _ := strings.Cut(cursor, ".")
	return epoch
}
