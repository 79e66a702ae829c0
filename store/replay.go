package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"otklik/app"
)

func readOutbox(raw []byte) (e outboxEntry, err error) {
	return e, json.Unmarshal(raw, &e)
}

func readDraft(raw []byte) (d app.Draft, err error) {
	return d, unpackJSON(raw, &d)
}

// isSent says whether the operation is kept as judged under its number.
func isSent(sent *bucket, id string, n uint64) (bool, error) {
	raw := sent.Get(number(n))
	if raw == nil {
		return false, nil
	}
	var e sentEntry
	err := json.Unmarshal(raw, &e)
	return e.Op.ID == id, err
}

// logOp notes for the journal that the operation waits.
func (t *tx) logOp(e *outboxEntry) {
	t.logged.Ops = append(t.logged.Ops, loggedOp{e.Op, e.Made})
}

func (t *tx) logDevice(d Device) {
	d.Key = nil
	t.logged.Device = &d
}

// journal writes the frame of the transaction, which is not committed yet. cut
// takes it back.
func (t *tx) journal() (cut func() error, err error) {
	cut = func() error { return nil }
	if t.logged.empty() || t.replays {
		return cut, nil
	}
	meta := t.Bucket(bucketMeta)
	t.logged.Top = t.Bucket(bucketOutbox).Sequence()
	t.logged.File = string(meta.Get(keyFile))
	n, cut, err := t.s.journal.append(&t.logged)
	if err != nil {
		return cut, err
	}
	return cut, meta.Put(keyLogged, number(n))
}

// replaysAtOnce is how many frames are done again in one transaction.
const replaysAtOnce = 200

// reconcile makes the database and the journal agree after the file was opened. What the journal holds after
// the last frame the database knows of is done again: the file is from an earlier
// moment. What both hold has to be the same, or the database is damaged; where the
// journal itself has holes, the database is believed.
func (s *Store) reconcile() error {
	l := newLatest()
	if err := s.journal.scan(l.add); err != nil {
		return writeFailed(s.journal.path, err)
	}
	v := verdict{latest: l, s: s, lost: map[string]bool{}}
	if err := s.view(v.compare); err != nil {
		return err
	}
	s.journal.goOn(v.known)
	if len(v.lost) > 0 || v.redo || s.journal.last > v.known && v.same {
		if err := s.replay(&v); err != nil {
			return err
		}
	}
	if v.lacks.empty() {
		return nil
	}
	return s.update(func(t *tx) error {
		t.logged = v.lacks
		return nil
	})
}

// damagedBy is what an error says of a file that was just opened, unless it is of
// the disk.
func damagedBy(path string, err error) error {
	if err = writeFailed(path, err); app.CodeOf(err) != "" {
		return err
	}
	return app.Fail(app.CodeDamagedStore, path).Because(err)
}

// verdict is what comes of comparing the database with its journal.
type verdict struct {
	*latest
	s     *Store
	known uint64          // number of the last frame the database holds
	same  bool            // the journal is of this database
	sure  bool            // and lacks nothing of what the database had told it
	lost  map[string]bool // operations the database should hold and does not
	lacks logged          // what the journal should hold and does not
	redo  bool            // drafts and choices the database should hold and does not
}

func (v *verdict) compare(tx reader) error {
	meta := tx.Bucket(bucketMeta)
	if k := meta.Get(keyLogged); len(k) == 8 {
		v.known = keyNumber(k)
	}
	v.same = v.file == "" || v.file == string(meta.Get(keyFile))
	v.sure = v.same && !v.s.journal.holed() && v.s.journal.last >= v.known
	for _, compare := range []func(reader) error{v.outbox, v.typed, v.choices, v.enrolled} {
		if err := compare(tx); err != nil {
			return err
		}
	}
	return nil
}

// differs compares a thing of the database with the last word of the journal. It
// is true where the journal has to be told.
func (v *verdict) differs(what string, in loggedAt, sum uint64) (tell bool, err error) {
	switch {
	case in.number > v.known && v.same: // is done again
		return false, nil
	case in.number > 0 && in.sum == sum:
		return false, nil
	case in.number > 0 && v.sure:
		return false, fmt.Errorf("%s is not what the journal says", what)
	}
	return true, nil
}

func (v *verdict) outbox(tx reader) error {
	here := map[string]bool{}
	ids, ents := tx.Bucket(bucketOutboxIDs), tx.Bucket(bucketOutboxEnt)
	err := tx.Bucket(bucketOutbox).ForEach(func(k, raw []byte) error {
		e, err := readOutbox(raw)
		if err != nil {
			return err
		}
		if len(k) != 8 || keyNumber(k) != e.Op.N || !bytes.Equal(ids.Get([]byte(e.Op.ID)), k) || ents.Get(entKey(e.Op.Ent, e.Op.N)) == nil {
			return fmt.Errorf("an operation is not where it belongs")
		}
		here[e.Op.ID] = true
		if v.same && v.taken[e.Op.ID] { // goes when the journal is done again
			return nil
		}
		op := loggedOp{e.Op, e.Made}
		tell, err := v.differs("an operation", v.ops[e.Op.ID], sumOf(op))
		if tell {
			v.lacks.Ops = append(v.lacks.Ops, op)
		}
		return err
	})
	if err != nil {
		return err
	}
	sent := tx.Bucket(bucketSent)
	for id, at := range v.ops {
		if here[id] || v.same && at.number > v.known {
			continue
		}
		// The journal is told after the fact, and not at once, what was judged.
		judged, err := isSent(sent, id, at.n)
		if err != nil {
			return err
		}
		if judged {
			v.lacks.Left = append(v.lacks.Left, id)
		} else {
			v.lost[id] = true
		}
	}
	if len(v.lost) == 0 {
		return nil
	}
	// The frame that says so may be what the journal lacks.
	return tx.Bucket(bucketJournal).ForEach(func(_, raw []byte) error {
		var e app.Entry
		err := json.Unmarshal(raw, &e)
		if e.State == app.EntryWithdrawn && v.lost[e.Op.ID] {
			delete(v.lost, e.Op.ID)
			v.lacks.Left, v.lacks.Withdrawn = append(v.lacks.Left, e.Op.ID), append(v.lacks.Withdrawn, e.Op.ID)
		}
		return err
	})
}

func (v *verdict) typed(tx reader) error {
	if !v.same {
		return nil
	}
	ids, drafts := tx.Bucket(bucketIDs), tx.Bucket(bucketDrafts)
	met := 0
	for appeal, at := range v.drafts {
		raw := drafts.Get(ids.Get([]byte(appeal)))
		if raw == nil {
			v.redo = v.redo || at.number <= v.known && !at.gone
			continue
		}
		if met++; at.gone {
			continue
		}
		d, err := readDraft(raw)
		if err == nil {
			var tell bool
			if tell, err = v.differs("a draft", at, sumOf(d)); tell {
				v.lacks.Drafts = append(v.lacks.Drafts, loggedDraft{appeal, d})
			}
		}
		if err != nil {
			return err
		}
	}
	if met == drafts.Stats().KeyN {
		return nil
	}
	// The journal is younger than the database.
	return drafts.ForEach(func(k, raw []byte) error {
		record := tx.Bucket(bucketAppeals).Get(k)
		if record == nil {
			return nil
		}
		a, err := v.s.decodeRecord(record)
		if err != nil {
			return err
		}
		if v.drafts[a.ID].number > 0 {
			return nil
		}
		d, err := readDraft(raw)
		v.lacks.Drafts = append(v.lacks.Drafts, loggedDraft{a.ID, d})
		return err
	})
}

func (v *verdict) choices(tx reader) error {
	b := tx.Bucket(bucketSettings)
	for name := range v.settings {
		v.redo = v.redo || v.same && b.Get([]byte(name)) == nil
	}
	return b.ForEach(func(k, raw []byte) error {
		tell, err := v.differs("a choice", v.settings[string(k)], sumOf(string(raw)))
		if tell {
			if v.lacks.Settings == nil {
				v.lacks.Settings = map[string]string{}
			}
			v.lacks.Settings[string(k)] = string(raw)
		}
		return err
	})
}

func (v *verdict) enrolled(tx reader) error {
	raw := tx.Bucket(bucketMeta).Get(keyDevice)
	if raw == nil {
		v.redo = v.redo || v.same && v.device.number > 0
		return nil
	}
	var d Device
	if err := json.Unmarshal(raw, &d); err != nil {
		return err
	}
	d.Key = nil
	tell, err := v.differs("the device", v.device, sumOf(&d))
	if tell {
		v.lacks.Device = &d
	}
	return err
}

// replay does again what the database lacks, a few frames at a time. Cut off
// anywhere it goes on at the next start.
func (s *Store) replay(v *verdict) error {
	var frames []logged
	var numbers []uint64
	flush := func() error {
		if len(frames) == 0 {
			return nil
		}
		err := s.update(func(t *tx) error {
			t.replays = true
			for i := range frames {
				if err := t.replay(v, numbers[i], &frames[i]); err != nil {
					return err
				}
			}
			last := numbers[len(numbers)-1]
			if !v.same || last <= v.known {
				return nil
			}
			return t.Bucket(bucketMeta).Put(keyLogged, number(last))
		})
		frames, numbers = frames[:0], numbers[:0]
		return err
	}
	err := s.journal.scan(func(number uint64, e *logged) error {
		frames, numbers = append(frames, *e), append(numbers, number)
		if len(frames) < replaysAtOnce {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// replay does one frame again, as far as the database lacks it.
func (t *tx) replay(v *verdict, number uint64, e *logged) error {
	after := v.same && number > v.known
	for _, op := range e.Ops {
		if !after && !(v.lost[op.Op.ID] && v.ops[op.Op.ID].number == number) || v.taken[op.Op.ID] {
			continue
		}
		if err := t.redo(op); err != nil {
			return err
		}
	}
	if !v.same {
		return nil
	}
	if err := t.withdraw(e.Withdrawn, time.Time{}); err != nil {
		return err
	}
	for _, d := range e.Drafts {
		if v.drafts[d.Appeal].number == number {
			if err := t.putDraft(d.Appeal, d.Draft); err != nil {
				return err
			}
		}
	}
	for name, value := range e.Settings {
		if v.settings[name].number == number {
			t.changed.Settings = true
			if err := t.Bucket(bucketSettings).Put([]byte(name), []byte(value)); err != nil {
				return err
			}
		}
	}
	if e.Device != nil && v.device.number == number {
		if err := t.redoDevice(*e.Device); err != nil {
			return err
		}
	}
	if b := t.Bucket(bucketOutbox); e.Top > b.Sequence() {
		return b.SetSequence(e.Top)
	}
	return nil
}

// redo puts an operation into the outbox again, at its old place, as if the
// server had lost it: whether it has judged it, it will say. One that is there or
// known to be judged stays as it is.
func (t *tx) redo(op loggedOp) error {
	e := outboxEntry{Op: op.Op, Made: op.Made}
	e.Op.Made = op.Made.open()
	if judged, err := isSent(t.Bucket(bucketSent), e.Op.ID, e.Op.N); err != nil || judged {
		return err
	}
	b := t.Bucket(bucketOutbox)
	if key := t.Bucket(bucketOutboxIDs).Get([]byte(e.Op.ID)); key != nil {
		return t.mark([]string{e.Op.ID}, func(here *outboxEntry) {
			n := here.Op.N
			here.Op, here.Op.N = e.Op, n
		})
	}
	if b.Get(number(e.Op.N)) != nil || t.Bucket(bucketSent).Get(number(e.Op.N)) != nil { // another's file has used it
		n, err := b.NextSequence()
		if err != nil {
			return err
		}
		e.Op.N = n
	}
	if e.Op.N > b.Sequence() {
		if err := b.SetSequence(e.Op.N); err != nil {
			return err
		}
	}
	// Of an appeal that is not here the number is: what is pulled takes it, and the
	// operation shows over it.
	if e.Op.Kind.AboutAppeal() {
		if _, known := t.record(e.Op.Ent); !known {
			if _, err := t.newRecord(e.Op.Ent); err != nil {
				return err
			}
		}
	}
	t.changed.Outbox = true
	if err := t.requeue(e); err != nil {
		return err
	}
	return t.refold(e.Op)
}

// redoDevice takes over what the journal knows of this device; the key is not in
// it.
func (t *tx) redoDevice(d Device) error {
	if raw := t.Bucket(bucketMeta).Get(keyDevice); raw != nil {
		var here Device
		if err := json.Unmarshal(raw, &here); err != nil {
			return err
		}
		if here.ID == d.ID {
			d.Key = here.Key
		}
	}
	return t.saveDevice(d)
}
