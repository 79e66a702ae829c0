package store

import (
	"path/filepath"
	"testing"

	"otklik/app"
)

// TestFileLearns: from the transaction that brings enough appeals on they are packed
// by what they have in common, here, after a start and in a backup.
func TestFileLearns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otklik.db")
	s := must[*Store](t)(Open(path, testBox(t), testTerms(t)))
	perform := func(from, to int) {
		t.Helper()
		var ops []app.Op
		for n := from; n < to; n++ {
			ops = append(ops, create(appeal(n)))
		}
		do(t, s.Perform(ops))
	}
	size := func(n int) (bytes int) {
		t.Helper()
		record, _ := s.Record(appeal(n).ID)
		do(t, s.view(func(tx reader) error {
			bytes = len(tx.Bucket(bucketAppeals).Bucket.Get(number(record)))
			return nil
		}))
		return bytes
	}
	perform(0, 10)
	if s.learned.Load() != nil {
		t.Error("learned from ten")
	}
	perform(10, 10+learnFrom)
	do(t, s.Close())
	s = must[*Store](t)(Open(path, testBox(t), testTerms(t)))
	defer func() { do(t, s.Close()) }()
	if s.learned.Load() == nil {
		t.Fatal("not learned, or forgotten")
	}
	perform(1000, 1010)
	if before, after := size(5), size(1005); after >= before {
		t.Errorf("%d bytes, %d before it was learned", after, before)
	}
	for _, n := range []int{5, 100, 1005} {
		if a := must[*app.Appeal](t)(s.Appeal(appeal(n).ID)); a.Text != appeal(n).Text {
			t.Errorf("%d: %q", n, a.Text)
		}
	}
	do(t, s.Backup(t.Context())) // which is read back whole
	sound(t, s)
}
