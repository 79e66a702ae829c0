package store

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"otklik/app"
)

// TestEndsAreReckonedInAnOlderFile brings a file of the first way of reckoning up to
// date, in which only closings were ends.
func TestEndsAreReckonedInAnOlderFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otklik.db")
	s := must[*Store](t)(Open(path, testBox(t), testTerms(t)))
	rejected, again := appeal(1), appeal(2)
	at := day0.Add(5 * time.Hour)
	do(t, s.Perform([]app.Op{
		create(rejected), event(rejected, app.Event{Type: app.EventRejected, Text: "нет", At: at}),
		create(again), event(again, app.Event{Type: app.EventAnswered, Text: "а", At: at}),
		event(again, app.Event{Type: app.EventClosed, At: at}), event(again, app.Event{Type: app.EventReopened, At: at.Add(time.Hour)}),
	}))
	records := make([]uint64, 2)
	for i, a := range []app.Appeal{rejected, again} {
		records[i], _ = s.Record(a.ID)
	}
	do(t, s.update(func(t *tx) error {
		for i, record := range records {
			b, key := t.Bucket(bucketAppeals), number(record)
			h, err := decodeHeader(b.Bucket.Get(key))
			if err != nil {
				return err
			}
			h.closed = []int64{0, at.Unix()}[i]
			t.setHeader(record, h)
			if err := b.Put(key, join(h, b.Get(key)[headerLen:])); err != nil {
				return err
			}
		}
		return t.Bucket(bucketMeta).Put(keyReckoned, append(number(allReckoned), "1 "+t.terms().Version...))
	}))
	do(t, s.Close())
	s = must[*Store](t)(Open(path, testBox(t), testTerms(t)))
	defer s.Close()
	if !s.NeedsReckoning() {
		t.Fatal("nothing is to be reckoned")
	}
	do(t, s.Reckon(context.Background()))
	for i, want := range []int64{at.Unix(), 0} {
		if got := s.index.header(records[i]).closed; got != want {
			t.Errorf("appeal %d ended at %d, want %d", i, got, want)
		}
	}
	sound(t, s)
}
