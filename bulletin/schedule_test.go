package bulletin

import (
	"testing"
	"time"

	"otklik/app"
)

// clock reads a moment in the zone.
func clock(t *testing.T, zone, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, z)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestDue(t *testing.T) {
	day := Schedule{Every: EveryDay, At: 8 * 60, On: true}
	week := Schedule{Every: EveryWeek, Weekday: 0, At: 8 * 60, On: true}
	month := Schedule{Every: EveryMonth, Day: 31, At: 8 * 60, On: true}
	night := Schedule{Every: EveryDay, At: 2*60 + 30, On: true}
	off := day
	off.On = false
	set := day
	set.Since = clock(t, "Europe/Moscow", "2026-11-27 09:00")
	for _, c := range []struct {
		why       string
		s         Schedule
		zone      string
		now, last string
		want      string // "" not due
	}{
		{"before the hour", day, "Europe/Moscow", "2026-11-27 07:59", "2026-11-26 08:00", ""},
		{"at the minute", day, "Europe/Moscow", "2026-11-27 08:00", "2026-11-26 08:00", "2026-11-27 08:00"},
		{"made already", day, "Europe/Moscow", "2026-11-27 23:00", "2026-11-27 08:00", ""},
		{"switched off", off, "Europe/Moscow", "2026-11-27 23:00", "", ""},
		{"ten days missed: the latest, once", day, "Europe/Moscow", "2026-11-27 07:00", "2026-11-16 08:00", "2026-11-26 08:00"},
		{"set after the hour", set, "Europe/Moscow", "2026-11-27 10:00", "", ""},
		{"the day after it was set", set, "Europe/Moscow", "2026-11-28 08:01", "", "2026-11-28 08:00"},
		{"Sunday, of Monday's", week, "Europe/Moscow", "2026-11-29 12:00", "2026-11-16 08:00", "2026-11-23 08:00"},
		{"Monday morning", week, "Europe/Moscow", "2026-11-30 07:00", "2026-11-23 08:00", ""},
		{"the 31st of November is the 30th", month, "Europe/Moscow", "2026-11-30 09:00", "2026-10-31 08:00", "2026-11-30 08:00"},
		{"the 31st of February", month, "Europe/Moscow", "2027-03-01 00:00", "2027-01-31 08:00", "2027-02-28 08:00"},
		{"the 31st of a leap February", month, "Europe/Moscow", "2028-03-30 00:00", "2028-01-31 08:00", "2028-02-29 08:00"},
		{"from January into the year before", month, "Europe/Moscow", "2027-01-15 00:00", "2026-11-30 08:00", "2026-12-31 08:00"},
		{"clock set back an hour", day, "Europe/Moscow", "2026-11-27 07:30", "2026-11-27 08:00", ""},
		{"clock set back two days", day, "Europe/Moscow", "2026-11-25 12:00", "2026-11-27 08:00", ""},
		{"a clock that was a year ahead", day, "Europe/Moscow", "2026-11-27 12:00", "2027-11-27 08:00", "2026-11-27 08:00"},
		{"the hour that is leapt over", night, "Europe/Berlin", "2026-03-29 12:00", "2026-03-28 02:30", "2026-03-29 03:30"},
		{"made on that day", night, "Europe/Berlin", "2026-03-29 12:00", "2026-03-29 03:30", ""},
		{"the hour that comes twice", night, "Europe/Berlin", "2026-10-25 12:00", "2026-10-24 02:30", "2026-10-25 02:30"},
	} {
		at, due := c.s.Due(clock(t, c.zone, c.now), clock(t, c.zone, c.last))
		want := clock(t, c.zone, c.want)
		if due != (c.want != "") || due && !at.Equal(want) {
			t.Errorf("%s: due %v at %v, want %q", c.why, due, at, c.want)
		}
	}
}

// TestEveryMomentOnce walks two years by the minute's neighbours: each schedule falls due
// once a day, week or month, whatever the clocks of the zone do.
func TestEveryMomentOnce(t *testing.T) {
	for _, zone := range []string{"Europe/Moscow", "Europe/Berlin", "America/New_York", "Asia/Kamchatka"} {
		z, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []Schedule{
			{Every: EveryDay, At: 2*60 + 30, On: true},
			{Every: EveryWeek, Weekday: 6, At: 2*60 + 30, On: true},
			{Every: EveryMonth, Day: 31, At: 0, On: true},
		} {
			from := time.Date(2026, 1, 1, 12, 0, 0, 0, z)
			last, made := from, 0
			seen := map[string]bool{}
			for now := from; now.Before(from.AddDate(2, 0, 0)); now = now.Add(20 * time.Minute) {
				at, due := s.Due(now, last)
				if !due {
					continue
				}
				if at.After(now) || now.Sub(at) > 40*time.Minute || seen[app.DayOf(at).String()] {
					t.Fatalf("%s, %s: %v at %v", zone, s.Every, at, now)
				}
				if next := s.Next(last); !next.Equal(at) {
					t.Fatalf("%s, %s: after %v comes %v, told %v", zone, s.Every, last, at, next)
				}
				seen[app.DayOf(at).String()] = true
				last = at
				made++
			}
			want := map[Every]int{EveryDay: 730, EveryWeek: 104, EveryMonth: 24}[s.Every]
			if made < want-1 || made > want+1 {
				t.Errorf("%s, %s: made %d times in two years, want about %d", zone, s.Every, made, want)
			}
		}
	}
}

func TestUsualPeriods(t *testing.T) {
	day := func(s string) app.Day {
		d, err := app.ParseDay(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		kind            Kind
		today, from, to string
	}{
		{KindWeek, "2026-11-27", "2026-11-16", "2026-11-22"},
		{KindWeek, "2026-11-23", "2026-11-16", "2026-11-22"}, // Monday
		{KindRanking, "2026-11-22", "2026-11-09", "2026-11-15"},
		{KindTopics, "2026-03-31", "2026-02-01", "2026-02-28"},
		{KindTopics, "2027-01-01", "2026-12-01", "2026-12-31"},
		{KindQuarter, "2026-11-27", "2026-07-01", "2026-09-30"},
		{KindQuarter, "2027-01-01", "2026-10-01", "2026-12-31"},
		{KindFlow, "2026-11-27", "2026-08-24", "2026-11-22"},
		{KindPages, "2026-11-27", "2026-11-27", "2026-11-27"},
		{KindOverview, "2026-11-27", "2026-10-28", "2026-11-26"},
	} {
		if got := Usual(c.kind, day(c.today)); got != (app.Period{From: day(c.from), To: day(c.to)}) {
			t.Errorf("%s on %s: %v – %v", c.kind, c.today, got.From, got.To)
		}
	}
}
