package exchange

import (
	"strings"
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	want := time.Date(2013, 11, 1, 15, 35, 0, 0, time.UTC)
	for _, v := range []string{
		"1 ноября 2013 в 15:35", "01.11.2013 15:35", "1.11.2013, 15:35:00", "2013-11-01 15:35", "2013-11-01T15:35:00", "2013-11-01T15:35:00Z",
		"2013-11-01T18:35:00+03:00", "2013/11/01 15:35", "01/11/2013 15:35", "'01.11.2013 15:35", "1 нояб. 2013 г. 15:35", "01.11.13 15:35", "41579,6493055556",
	} {
		if got, ok := dateOf(v, dating{zone: time.UTC}); !ok || !got.Equal(want) {
			t.Errorf("%q: %v %v", v, got, ok)
		}
	}
	if got, ok := dateOf("11/01/2013 03:35:00 PM", dating{zone: time.UTC, monthFirst: true}); !ok || !got.Equal(want) {
		t.Errorf("month first: %v %v", got, ok)
	}
	if got, ok := dateOf("40117.649305556", dating{zone: time.UTC, serial: true, date1904: true}); !ok || !got.Equal(want) {
		t.Errorf("1904: %v %v", got, ok)
	}
	for _, v := range []string{"", "-", "вчера", "31.02.2024", "00.01.2024", "1/2/3", "2024-13-01", "12", "9999999", "01.01.0001", "10:00", "1 брюмера 2013", strings.Repeat("1", 200), "NaN"} {
		if got, ok := dateOf(v, dating{zone: time.UTC}); ok {
			t.Errorf("%q is read as %v", v, got)
		}
	}
	for v, want := range map[string]time.Duration{"49:30:00": 49*time.Hour + 30*time.Minute, "2 дн. 1:30": 49*time.Hour + 30*time.Minute, "2,0625": 49*time.Hour + 30*time.Minute, "0:05": 5 * time.Minute} {
		if got, ok := lastingOf(v); !ok || got != want {
			t.Errorf("%q: %v", v, got)
		}
	}
}

// TestOrderOfDates tells the order of day and month by the column.
func TestOrderOfDates(t *testing.T) {
	rows := func(values ...string) (out []record) {
		for _, v := range values {
			out = append(out, record{fields: strings.Split(v, "|")})
		}
		return out
	}
	for name, c := range map[string]struct {
		rows []record
		want [2]bool
	}{
		"by a day of its own":        {rows("01/02/2024|", "01/31/2024|"), [2]bool{true, true}},
		"by the other column":        {rows("01/02/2024|02/28/2024"), [2]bool{true, true}},
		"as in Russia":               {rows("01/02/2024|03/04/2024"), [2]bool{false, false}},
		"by the half of the day":     {rows("01/02/2024 10:00:00 AM|03/04/2024"), [2]bool{true, true}},
		"each column has its own":    {rows("31/01/2024|01/31/2024"), [2]bool{false, true}},
		"no slashes, nothing to say": {rows("31.01.2024|2024-01-31"), [2]bool{false, false}},
	} {
		if got := orderOf(c.rows, 2); got[0] != c.want[0] || got[1] != c.want[1] {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func FuzzDate(f *testing.F) {
	f.Add("1 ноября 2013 в 15:35", true)
	f.Add("01/31/2024 03:35:00 PM", false)
	f.Add("49:30:00", false)
	f.Add("41579,65", true)
	f.Fuzz(func(t *testing.T, v string, monthFirst bool) {
		if got, ok := dateOf(v, dating{zone: time.UTC, monthFirst: monthFirst, serial: monthFirst}); ok && !sensible(got) {
			t.Errorf("%q: %v", v, got)
		}
		if d, ok := lastingOf(v); ok && d < 0 {
			t.Errorf("%q lasts %v", v, d)
		}
	})
}
