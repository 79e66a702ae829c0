package store

import (
	"bytes"
	"encoding/binary"
	"slices"

	"otklik/app"
)

// A page or a day of counts that this workstation has changed and not yet sent
// is kept twice, as an appeal is: as the server confirmed it (buckets page_base
// and day_base, an empty value where it confirmed nothing) and with the outbox
// over it. A refusal brings back what was confirmed.

// performPage lets a page of this workstation show at once.
func (t *tx) performPage(p app.Page) error {
	base := t.Bucket(bucketPageBase)
	if !base.Has([]byte(p.ID)) {
		if err := base.Put([]byte(p.ID), append([]byte{}, t.pageRaw(p.ID)...)); err != nil {
			return err
		}
	}
	return t.putPage(p)
}

// pageRaw gives the stored page, nil where there is none.
func (t *tx) pageRaw(id string) []byte {
	key := t.Bucket(bucketPageIDs).Get([]byte(id))
	if key == nil {
		return nil
	}
	return t.Bucket(bucketPages).Get(key)
}

// applyPage moves the confirmed page where the change was accepted, and puts
// over it what this workstation has not sent yet.
func (t *tx) applyPage(c app.Change) error {
	base := t.Bucket(bucketPageBase)
	raw := bytes.Clone(base.Get([]byte(c.Ent)))
	if raw == nil {
		raw = bytes.Clone(t.pageRaw(c.Ent))
	}
	if c.Verdict == app.VerdictApplied {
		page, err := app.Decode[app.Page](c.Body)
		if raw = nil; err == nil && !page.Undone {
			raw, err = packJSON(page)
		}
		if err != nil {
			return err
		}
	}
	pending, err := t.pendingOps(c.Ent)
	if err != nil {
		return err
	}
	if len(pending) > 0 {
		if err := base.Put([]byte(c.Ent), append([]byte{}, raw...)); err != nil {
			return err
		}
		page, err := app.Decode[app.Page](pending[len(pending)-1].Payload)
		if err != nil {
			return err
		}
		return t.putPage(page)
	}
	if err := base.Delete([]byte(c.Ent)); err != nil {
		return err
	}
	return t.putPageRaw(c.Ent, raw)
}

// performCounters lets counts of this workstation show at once.
func (t *tx) performCounters(c app.Counters) error {
	if err := t.keepDay(c.Day); err != nil {
		return err
	}
	column, err := t.day(c.Day)
	if err == nil {
		column, err = t.merge(column, c)
	}
	if err != nil {
		return err
	}
	return t.putDay(c.Day, column)
}

// dayBase gives the day as confirmed; ok is false where no such copy is kept.
func (t *tx) dayBase(d app.Day) (column []uint32, ok bool, err error) {
	b := t.Bucket(bucketDayBase).Get(dayKey(d))
	if b == nil {
		return nil, false, nil
	}
	if len(b) < 4 {
		return nil, false, errShort
	}
	n := int(binary.LittleEndian.Uint32(b))
	b = b[4:]
	for n > 0 {
		var run [tilePages]uint32
		if b, err = unpackRun(b, run[:]); err != nil {
			return nil, false, err
		}
		for _, v := range run[:min(n, tilePages)] {
			column = append(column, v-1) // as in a tile
		}
		n -= tilePages
	}
	return column, true, nil
}

func (t *tx) putDayBase(d app.Day, column []uint32) error {
	b, key := binary.LittleEndian.AppendUint32(nil, uint32(len(column))), dayKey(d)
	for part := range slices.Chunk(column, tilePages) {
		var run [tilePages]uint32
		for i, v := range part {
			run[i] = v + 1
		}
		b = packRun(b, run[:])
	}
	b = append(b, make([]byte, padding)...)
	return t.Bucket(bucketDayBase).Put(key, b)
}

// keepDay keeps the day as it is shown as what was confirmed, where nothing is
// kept yet.
func (t *tx) keepDay(d app.Day) error {
	if t.Bucket(bucketDayBase).Has(dayKey(d)) {
		return nil
	}
	column, err := t.day(d)
	if err != nil {
		return err
	}
	return t.putDayBase(d, column)
}

// applyCounters is applyPage for a day of counts. own is the operation where it
// is this workstation's: a verdict that changes nothing does not say the day.
func (t *tx) applyCounters(c app.Change, own app.Op) error {
	payload := own.Payload
	if c.Verdict == app.VerdictApplied {
		payload = c.Body
	}
	counters, err := app.Decode[app.Counters](payload)
	if err != nil {
		return err
	}
	column, kept, err := t.dayBase(counters.Day)
	if err == nil && !kept {
		column, err = t.day(counters.Day)
	}
	if err == nil && c.Verdict == app.VerdictApplied {
		column, err = t.merge(column, counters)
	}
	if err != nil {
		return err
	}
	return t.showDay(counters.Day, column)
}

// showDay keeps a confirmed day and shows it with what this workstation has not
// sent yet over it.
func (t *tx) showDay(day app.Day, column []uint32) error {
	pending, err := t.pendingOps(day.String())
	if err != nil {
		return err
	}
	if len(pending) == 0 {
		if err := t.Bucket(bucketDayBase).Delete(dayKey(day)); err != nil {
			return err
		}
		return t.putDay(day, column)
	}
	if err := t.putDayBase(day, column); err != nil {
		return err
	}
	for _, op := range pending {
		unsent, err := app.Decode[app.Counters](op.Payload)
		if err == nil {
			column, err = t.merge(column, unsent)
		}
		if err != nil {
			return err
		}
	}
	return t.putDay(day, column)
}
