package store

import (
	"encoding/json"
	"time"

	"otklik/app"
)

// stamp is an app.Stamp as it is kept beside every operation: short, in Unix
// milliseconds and milliseconds.
type stamp struct {
	Wall   int64  `json:"w"`
	Up     int64  `json:"u,omitempty"`
	Boot   string `json:"b,omitempty"`
	Server int64  `json:"s,omitempty"`
	Off    int64  `json:"o,omitempty"`
	Since  int64  `json:"p,omitempty"`
}

func stampOf(s app.Stamp) stamp {
	kept := stamp{Wall: s.Wall.UnixMilli(), Up: s.Up.Milliseconds(), Boot: s.Boot}
	if !s.Server.IsZero() {
		kept.Server, kept.Off = s.Server.UnixMilli(), s.Off.Milliseconds()+2 // what both are cut by
	}
	if !s.Since.IsZero() {
		kept.Since = s.Since.UnixMilli()
	}
	return kept
}

func (k stamp) open() (s app.Stamp) {
	if k == (stamp{}) {
		return s
	}
	s.Instant = app.Instant{Wall: time.UnixMilli(k.Wall), Up: time.Duration(k.Up) * time.Millisecond, Boot: k.Boot}
	if k.Server != 0 {
		s.Server, s.Off = time.UnixMilli(k.Server), time.Duration(k.Off)*time.Millisecond
	}
	if k.Since != 0 {
		s.Since = time.UnixMilli(k.Since)
	}
	return s
}

// SaveAnchor keeps what the clocks of this machine are worth for the next run.
func (s *Store) SaveAnchor(a app.Anchor) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return s.update(func(t *tx) error { return t.Bucket(bucketMeta).Put(keyAnchor, raw) })
}

func (s *Store) loadAnchor() error {
	raw, err := s.meta(keyAnchor)
	if err != nil || raw == nil {
		return err
	}
	var a app.Anchor
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	s.time.Restore(a)
	return nil
}
