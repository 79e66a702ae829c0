package app_test

import (
	"testing"
	"time"

	"otklik/app"
)

func TestResponseTimeMayBeOff(t *testing.T) {
	at := time.Date(2026, 7, 15, 9, 0, 0, 0, time.UTC)
	timing := func(off time.Duration) app.Timing { return app.Timing{OffMS: off.Milliseconds()} }
	a := app.Appeal{Events: []app.Event{
		{ID: "1", Type: app.EventDetected, At: at, Timing: timing(time.Hour)},
		{ID: "2", Type: app.EventAnswered, At: at.Add(10 * time.Hour), Timing: timing(2 * time.Hour)},
	}}
	if off := a.FirstResponseOff(); off != 3*time.Hour {
		t.Errorf("%s", off)
	}
	for _, c := range []struct {
		d, off time.Duration
		want   bool
	}{
		{10 * time.Hour, 3 * time.Hour, true},
		{10 * time.Hour, 29 * time.Minute, false},
		{10 * time.Hour, 30 * time.Minute, true},
		{time.Minute, 59 * time.Second, false},
		{0, time.Minute, true},
	} {
		if app.OffMatters(c.d, c.off) != c.want {
			t.Errorf("%s ± %s: %v", c.d, c.off, !c.want)
		}
	}
}
