package app

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestMedianSaysWhatItMayBeOff(t *testing.T) {
	var g gathering
	p := FactPart{
		Start: []uint32{1, 1, 1}, Reply: []uint32{1 + 3600, 1 + 7200, 1 + 36_000}, AnswerDue: make([]uint32, 3),
		Off: []uint16{0, 30, 10}, Status: make([]uint8, 3),
	}
	var first gathering
	first.add(&p, 0, 100_000)
	g.add(&p, 1, 100_000)
	g.add(&p, 2, 100_000)
	first.join(&g)
	known := gathering{seconds: slices.Clone(first.seconds)}
	if s := first.summary(); s.Median != 2*time.Hour || s.Off != 30*time.Minute {
		t.Errorf("%s ± %s", s.Median, s.Off)
	}
	if s := known.summary(); s.Off != 0 {
		t.Errorf("± %s where every time is known", s.Off)
	}
}

// TestQuantilesAreThoseOfSorted compares the selection with a full sort, over
// values that repeat, rise and fall.
func TestQuantilesAreThoseOfSorted(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		v := make([]uint32, 1+rnd.IntN(300))
		kinds := 1 + rnd.Uint32N(1000)
		for i := range v {
			v[i] = rnd.Uint32N(kinds)
		}
		switch rnd.IntN(3) {
		case 0:
			slices.Sort(v)
		case 1:
			slices.Sort(v)
			slices.Reverse(v)
		}
		sorted := slices.Clone(v)
		slices.Sort(sorted)
		asked := []float64{0, 0.1, 0.5, 0.5, 0.9, 1}
		for i, got := range quantiles(v, asked...) {
			pos := asked[i] * float64(len(sorted)-1)
			low := sorted[int(math.Floor(pos))]
			high := sorted[int(math.Ceil(pos))]
			if want := seconds(float64(low) + (pos-math.Floor(pos))*float64(high-low)); got != want {
				t.Fatalf("q%v of %v is %v, want %v", asked[i], sorted, got, want)
			}
		}
	}
}

// TestHoursOfAPeriodAreThoseOfTheZone compares days and hours of moments with the
// library's, where clocks are put forward and back.
func TestHoursOfAPeriodAreThoseOfTheZone(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, name := range []string{"Europe/Moscow", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, year := range []int{2010, 2014, 2026} {
			from := DayOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
			s := newStudy(&Analytics{Inquiry: Inquiry{Period: Period{from, from + 364}, Step: StepDay}}, zone, from+364)
			clock := NewWeekClock(zone)
			for range 5000 {
				sec := s.midnight[0] + rnd.Int64N(s.midnight[365]-s.midnight[0])
				day, hour := s.step(sec), clock.WeekHour(sec)
				if at := time.Unix(sec, 0).In(zone); from+Day(day) != DayOf(at) || hour != int(at.Weekday()+6)%7*24+at.Hour() {
					t.Fatalf("%v is day %d, hour %d", at, day, hour)
				}
			}
		}
	}
}
