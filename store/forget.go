package store

import (
	"os"
	"time"

	"otklik/app"
)

// Forget forgets at most so many of the appeals that ended before the moment, and
// gives their number; less than asked for means that none is left. Those with
// unsent operations or a draft stay as they are.
func (s *Store) Forget(before time.Time, most int) (n int, err error) {
	var records []uint64
	s.mu.RLock()
	archive := s.index.of(facet{byFlag, flagArchive}).Iterator()
	for archive.HasNext() && len(records) < most {
		record := archive.Next()
		h := s.index.header(uint64(record))
		ended := max(h.closed, h.reply, h.start)
		if h.flags&flagForgotten == 0 && ended != 0 && ended < before.Unix() {
			records = append(records, uint64(record))
		}
	}
	s.mu.RUnlock()
	var files []app.File
	err = s.update(func(t *tx) error {
		for _, record := range records {
			raw := t.Bucket(bucketAppeals).Get(number(record))
			if raw == nil || t.Bucket(bucketBase).Has(number(record)) || t.Bucket(bucketDrafts).Has(number(record)) {
				continue
			}
			a, err := s.decodeRecord(raw)
			if err != nil {
				return err
			}
			for _, e := range a.Events {
				files = append(files, e.Files...)
			}
			a.Forget()
			if err := t.putAppeal(record, a); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	unsent, err := s.FilesUnsent()
	for _, f := range files {
		if err == nil && !unsent[f.SHA256] {
			_ = os.Remove(s.filePath(f.SHA256)) // it comes again where another appeal names it
		}
	}
	return n, err
}
