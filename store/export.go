package store

import (
	"encoding/json"
	"time"

	"otklik/app"
)

// Unsettled gives, whole, every operation of this workstation that the server has
// not accepted as far as is known here: what waits for a verdict, oldest first,
// then what was refused, then what lost a conflict that is still open. Whoever asks
// may carry it to the server: from then on Withdraw leaves it alone.
func (s *Store) Unsettled() (out []app.Entry, err error) {
	device, _, err := s.Device()
	if err != nil {
		return nil, err
	}
	conflicts, err := s.Conflicts()
	if err != nil {
		return nil, err
	}
	open := map[string]bool{}
	for _, c := range conflicts {
		open[c.Op] = c.Choice == ""
	}
	s.departed.mu.Lock()
	defer s.departed.mu.Unlock()
	err = s.view(func(tx reader) error {
		err := tx.Bucket(bucketOutbox).ForEach(func(_, v []byte) error {
			var e outboxEntry
			if err := json.Unmarshal(v, &e); err != nil {
				return err
			}
			e.Op.Dev, e.Op.Inc = device.ID, device.Inc
			s.departed.gone.Add(e.Op.N)
			out = append(out, app.Entry{Op: e.Op, State: app.EntryWaiting, Attempts: e.Attempts})
			return nil
		})
		for _, bucket := range [][]byte{bucketRefused, bucketJournal} {
			if err != nil {
				return err
			}
			err = tx.Bucket(bucket).ForEach(func(_, v []byte) error {
				var e app.Entry
				if err := json.Unmarshal(v, &e); err != nil {
					return err
				}
				if e.State == app.EntryRefused || e.State == app.EntryConflict && open[e.Op.ID] {
					out = append(out, e)
				}
				return nil
			})
		}
		return err
	})
	return out, err
}

// Exported enters into the journal what was written to a file.
func (s *Store) Exported(x app.Export, at time.Time) error {
	return s.note(app.Entry{
		Op: app.Op{Kind: app.OpExport, At: at, Payload: app.Encode(x)}, State: app.EntryExported,
	})
}

// Disclosed enters into the journal that personal data of an appeal were given out.
func (s *Store) Disclosed(appeal, how string, at time.Time) error {
	return s.note(app.Entry{
		Op:    app.Op{Ent: appeal, Kind: app.OpDisclosed, At: at, Payload: app.Encode(app.Disclosure{How: how})},
		State: app.EntryDisclosed,
	})
}

// note enters into the journal what is no operation.
func (s *Store) note(e app.Entry) error {
	return s.update(func(t *tx) error {
		t.changed.Outbox = true
		return t.putEntry(bucketJournal, e)
	})
}
