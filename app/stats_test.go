package app

import (
	"testing"
	"time"
)

func TestMedianSaysWhatItMayBeOff(t *testing.T) {
	var g gathering
	for _, f := range []Fact{
		{Start: 1, Reply: 1 + 3600}, {Start: 1, Reply: 1 + 7200, Off: 1800}, {Start: 1, Reply: 1 + 36_000, Off: 600},
	} {
		g.add(f, 100_000)
	}
	if s := g.summary(); s.Median != 2*time.Hour || s.Off != 30*time.Minute {
		t.Errorf("%s ± %s", s.Median, s.Off)
	}
	g.off = nil
	if s := g.summary(); s.Off != 0 {
		t.Errorf("± %s where every time is known", s.Off)
	}
}
