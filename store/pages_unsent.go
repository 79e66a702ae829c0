package store

import (
	"bytes"
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
		if err == nil {
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
	days, base := t.Bucket(bucketDays), t.Bucket(bucketDayBase)
	key := dayKey(c.Day)
	if !base.Has(key) {
		if err := base.Put(key, append([]byte{}, days.Get(key)...)); err != nil {
			return err
		}
	}
	column, err := t.merge(slices.Clone(days.Get(key)), c)
	if err != nil {
		return err
	}
	return t.putDay(c.Day, column)
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
	base, key := t.Bucket(bucketDayBase), dayKey(counters.Day)
	column := bytes.Clone(base.Get(key))
	if column == nil {
		column = bytes.Clone(t.Bucket(bucketDays).Get(key))
	}
	if c.Verdict == app.VerdictApplied {
		if column, err = t.merge(column, counters); err != nil {
			return err
		}
	}
	return t.showDay(counters.Day, column)
}

// showDay keeps a confirmed day and shows it with what this workstation has not
// sent yet over it.
func (t *tx) showDay(day app.Day, column []byte) error {
	base, key := t.Bucket(bucketDayBase), dayKey(day)
	pending, err := t.pendingOps(day.String())
	if err != nil {
		return err
	}
	if len(pending) == 0 {
		if err := base.Delete(key); err != nil {
			return err
		}
		return t.putDay(day, column)
	}
	if err := base.Put(key, append([]byte{}, column...)); err != nil {
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
