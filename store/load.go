package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"

	"otklik/app"
)

// A snapshot is taken in record by record, over what is there: each becomes the
// confirmed state, with the outbox folded over it. What the snapshot does not
// hold goes when its last frame is in. So numbers of records and drafts stay,
// people go on working, and a load that is cut off goes on at the next frame.

// seen is what a snapshot has held so far.
type seen struct {
	Records   []byte          `json:"records"` // bitmap of record numbers
	Pages     []byte          `json:"pages"`   // of page numbers
	Days      []byte          `json:"days"`    // of days
	Conflicts map[string]bool `json:"conflicts"`
	Tables    map[string]bool `json:"tables,omitempty"`

	records, pages, days *roaring.Bitmap
}

func (n *seen) open() (err error) {
	for _, set := range []struct {
		to   **roaring.Bitmap
		from []byte
	}{{&n.records, n.Records}, {&n.pages, n.Pages}, {&n.days, n.Days}} {
		*set.to = roaring.New()
		if len(set.from) > 0 {
			err = errors.Join(err, (*set.to).UnmarshalBinary(set.from))
		}
	}
	if n.Conflicts == nil {
		n.Conflicts = map[string]bool{}
	}
	if n.Tables == nil {
		n.Tables = map[string]bool{}
	}
	return err
}

func (n *seen) close() (raw []byte, err error) {
	for _, set := range []struct {
		from *roaring.Bitmap
		to   *[]byte
	}{{n.records, &n.Records}, {n.pages, &n.Pages}, {n.days, &n.Days}} {
		b, err := set.from.ToBytes()
		if err != nil {
			return nil, err
		}
		*set.to = b
	}
	return json.Marshal(n)
}

// Load says how far a snapshot has been taken in; ok is false while none is.
func (s *Store) Load() (l app.Load, ok bool, err error) {
	raw, err := s.meta(keyLoad)
	if err != nil || raw == nil {
		return l, false, err
	}
	return l, true, json.Unmarshal(raw, &l)
}

// MustLoad says whether the exchange has to begin with a snapshot, and the seq it
// must not be older than.
func (s *Store) MustLoad() (must bool, since uint64, err error) {
	anew, err := s.meta(keyAnew)
	if err != nil {
		return false, 0, err
	}
	if len(anew) == 8 {
		return true, keyNumber(anew), nil
	}
	cursor, err := s.meta(keyCursor)
	return len(cursor) == 0, 0, err
}

// BeginLoad begins with the first frame of a snapshot.
func (s *Store) BeginLoad(shot app.Snapshot) error {
	return s.update(func(t *tx) error {
		t.changed.Exchange = true
		return t.saveLoad(app.Load{Snapshot: shot}, &seen{})
	})
}

func (t *tx) saveLoad(l app.Load, n *seen) error {
	if n.records == nil {
		if err := n.open(); err != nil {
			return err
		}
	}
	sets, err := n.close()
	if err != nil {
		return err
	}
	raw, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if err := t.Bucket(bucketMeta).Put(keySeen, sets); err != nil {
		return err
	}
	return t.Bucket(bucketMeta).Put(keyLoad, raw)
}

func (t *tx) load() (l app.Load, n seen, err error) {
	meta := t.Bucket(bucketMeta)
	raw := meta.Get(keyLoad)
	if raw == nil {
		return l, n, errors.New("no snapshot is being taken in")
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		return l, n, err
	}
	if err := json.Unmarshal(meta.Get(keySeen), &n); err != nil {
		return l, n, err
	}
	return l, n, n.open()
}

// ReadFrame reads the rows of the next frame, which may be done while the one
// before is being taken in. take writes them, in one transaction; after the last
// frame the state is the snapshot's.
func (s *Store) ReadFrame(rows []app.SnapshotRow) (take func() error, err error) {
	ready, err := s.read(rows)
	if err != nil {
		return nil, err
	}
	return func() error { return s.takeFrame(rows, ready) }, nil
}

func (s *Store) takeFrame(rows []app.SnapshotRow, ready []readAppeal) error {
	return s.update(func(t *tx) error {
		t.changed.Exchange = true
		l, n, err := t.load()
		if err != nil {
			return err
		}
		for i, r := range rows {
			if err := t.takeRow(&n, r, ready[i]); err != nil {
				return fmt.Errorf("a %s of a snapshot: %w", r.Kind, err)
			}
		}
		l.Frames++
		l.Rows += len(rows)
		if l.Frames < len(l.Snapshot.Frames) {
			return t.saveLoad(l, &n)
		}
		return t.endLoad(l, &n)
	})
}

// EndLoad ends a snapshot that has no frames: the server is empty.
func (s *Store) EndLoad() error {
	return s.update(func(t *tx) error {
		t.changed.Exchange = true
		l, n, err := t.load()
		if err != nil {
			return err
		}
		return t.endLoad(l, &n)
	})
}

// readAppeal is an appeal of a snapshot with all that can be made of it outside
// the transaction.
type readAppeal struct {
	appeal *app.Appeal
	head   header // without codes of the file
	body   []byte // as it is stored
	terms  []term
	by     *app.Terms // what the head was made by
}

// read decodes the appeals among the rows on all processors: the greater part of
// a first load.
func (s *Store) read(rows []app.SnapshotRow) ([]readAppeal, error) {
	out, errs := make([]readAppeal, len(rows)), make([]error, len(rows))
	learned, by := s.learned.Load(), s.terms.Load()
	var next atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(rows); i = int(next.Add(1)) - 1 {
				if rows[i].Kind != app.RowAppeal {
					continue
				}
				a := &app.Appeal{}
				if errs[i] = json.Unmarshal(rows[i].Value, a); errs[i] == nil {
					out[i] = readAppeal{a, head(a, *by), learned.Bytes(rows[i].Value), s.stems.termsOf(a), by}
				}
			}
		})
	}
	all.Wait()
	return out, errors.Join(errs...)
}

func (t *tx) takeRow(n *seen, r app.SnapshotRow, ready readAppeal) error {
	switch r.Kind {
	case app.RowAppeal:
		return t.takeAppeal(n, ready)
	case app.RowPage:
		p, err := app.Decode[app.Page](r.Value)
		if err != nil || p.Undone { // which goes with what the snapshot does not hold
			return err
		}
		if err := t.applyPage(app.Change{Ent: p.ID, Verdict: app.VerdictApplied, Body: r.Value}); err != nil {
			return err
		}
		n.pages.Add(uint32(keyNumber(t.Bucket(bucketPageIDs).Get([]byte(p.ID)))))
		return nil
	case app.RowConflict:
		return t.takeConflict(n, r)
	case app.RowCounts:
		return t.takeCounts(n, r)
	case app.RowTable:
		table, err := app.Decode[app.Table](r.Value)
		if err != nil {
			return err
		}
		n.Tables[string(table.Name)] = true
		return t.applyTable(app.Change{Ent: string(table.Name), Verdict: app.VerdictApplied, Body: r.Value})
	}
	return nil // a later server's; this version has no place for it
}

func (t *tx) takeAppeal(n *seen, r readAppeal) error {
	a := r.appeal
	if a.Undone {
		return nil // goes with what the snapshot does not hold
	}
	record, known := t.record(a.ID)
	if known {
		n.records.Add(uint32(record))
		if err := t.rebase(record, a.ID, a); err != nil {
			return err
		}
		return t.tellGone(a.ID, false)
	}
	record, err := t.newRecord(a.ID)
	if err != nil {
		return err
	}
	n.records.Add(uint32(record))
	t.wordsChanged(record, nil, r.terms)
	if now := t.terms(); now != r.by { // a table has come into force since
		r.head = head(a, *now)
	}
	return t.putRecord(record, a, r.head, r.body)
}

func (t *tx) takeConflict(n *seen, r app.SnapshotRow) error {
	c, err := app.Decode[app.Conflict](r.Value)
	if err != nil {
		return err
	}
	n.Conflicts[c.Op] = true
	return t.keepConflict(c)
}

func (t *tx) takeCounts(n *seen, r app.SnapshotRow) error {
	block, err := app.Decode[app.CountsBlock](r.Value)
	if err != nil {
		return err
	}
	columns := make([][]uint32, len(block.Days))
	err = block.Each(func(page string, counts []uint32) error {
		key, err := t.pageKey(page)
		if err != nil {
			return err
		}
		at := int(keyNumber(key))
		for i, v := range counts {
			if v != app.Missing {
				columns[i] = put(columns[i], at, v)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, d := range block.Days {
		n.days.Add(uint32(d))
		if err := t.showDay(d, columns[i]); err != nil {
			return err
		}
	}
	return nil
}

// endLoad takes away what the snapshot did not hold and goes on from its place
// in the feed. What this workstation alone knows, since it has not been sent,
// stays.
func (t *tx) endLoad(l app.Load, n *seen) error {
	gone, err := t.unseen(bucketIDs, func(_, number []byte) bool {
		base := t.Bucket(bucketBase).Get(number)
		ours := base != nil && len(base) == 0 // taken in here, and not confirmed by anybody
		return !ours && !n.records.Contains(uint32(keyNumber(number))) && t.Bucket(bucketAppeals).Has(number)
	})
	if err != nil {
		return err
	}
	// In a history that goes on nothing is lost: what is missing is out of scope.
	meta := t.Bucket(bucketMeta)
	goesOn := meta.Has(keyCursor)
	for _, id := range gone {
		record, _ := t.record(string(id))
		if err := t.rebase(record, string(id), nil); err != nil {
			return err
		}
		if goesOn {
			if err := t.tellGone(string(id), true); err != nil {
				return err
			}
		}
	}
	if err := t.dropConflicts(func(c app.Conflict) bool { return !n.Conflicts[c.Op] }); err != nil {
		return err
	}
	gone, err = t.unseen(bucketDays, func(k, _ []byte) bool { return !n.days.Contains(uint32(keyDay(k))) })
	if err != nil {
		return err
	}
	for _, k := range gone {
		if err := t.showDay(keyDay(k), nil); err != nil {
			return err
		}
	}
	if err := errors.Join(t.dropPages(n), t.dropTables(n.Tables)); err != nil {
		return err
	}
	for _, key := range [][]byte{keyLoad, keySeen, keyAnew, keyShared} {
		if err := meta.Delete(key); err != nil {
			return err
		}
	}
	return meta.Put(keyCursor, []byte(l.Snapshot.Next))
}

func (t *tx) dropPages(n *seen) error {
	gone, err := t.unseen(bucketPageIDs, func(_, number []byte) bool {
		return t.Bucket(bucketPages).Has(number) && !n.pages.Contains(uint32(keyNumber(number)))
	})
	if err != nil {
		return err
	}
	for _, id := range gone {
		if t.waits(string(id)) { // ours alone: the server has confirmed nothing
			err = t.Bucket(bucketPageBase).Put(id, []byte{})
		} else {
			err = t.putPageRaw(string(id), nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unseen gives the keys for which gone says so.
func (t *tx) unseen(bucket []byte, gone func(k, v []byte) bool) (keys [][]byte, err error) {
	err = t.Bucket(bucket).ForEach(func(k, v []byte) error {
		if gone(k, v) {
			keys = append(keys, bytes.Clone(k))
		}
		return nil
	})
	return keys, err
}

// waits says whether an operation about the record has no verdict yet.
func (t *tx) waits(ent string) bool {
	prefix := entPrefix(ent)
	k, _ := t.Bucket(bucketOutboxEnt).Cursor().Seek(prefix)
	return bytes.HasPrefix(k, prefix)
}
