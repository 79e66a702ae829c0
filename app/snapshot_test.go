package app

import (
	"maps"
	"testing"

	"pgregory.net/rapid"
)

// TestCountsBlockHoldsEveryCount packs any days and asks that they come back.
func TestCountsBlockHoldsEveryCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pages := rapid.SliceOfNDistinct(rapid.StringMatching(`[0-9A-Z]{26}`), 0, 8, rapid.ID[string]).Draw(t, "pages")
		var days []Counters
		for d := range rapid.IntRange(0, 9).Draw(t, "days") {
			c := Counters{Day: Day(20000 + 2*d), Counts: map[string]uint32{}}
			for _, p := range pages {
				if rapid.Bool().Draw(t, "counted") {
					c.Counts[p] = rapid.Uint32Range(0, Missing-1).Draw(t, "count")
				}
			}
			days = append(days, c)
		}
		back, err := NewCountsBlock(days).Counters()
		if err != nil || len(back) != len(days) {
			t.Fatalf("%d of %d days, %v", len(back), len(days), err)
		}
		for i := range days {
			if back[i].Day != days[i].Day || !maps.Equal(back[i].Counts, days[i].Counts) {
				t.Fatalf("%v came back as %v", days[i], back[i])
			}
		}
	})
}

func TestCountsBlockOfAStranger(t *testing.T) {
	good := NewCountsBlock([]Counters{{Day: 20000, Counts: map[string]uint32{"A": 7, "B": 9}}})
	for name, b := range map[string]CountsBlock{
		"ends early": {Days: good.Days, Pages: good.Pages, Counts: good.Counts[:1]},
		"too long":   {Days: good.Days, Pages: good.Pages, Counts: append([]byte{1}, good.Counts...)},
		"below zero": {Days: good.Days, Pages: good.Pages[:1], Counts: []byte{2}},
		"overflow":   {Days: good.Days, Pages: good.Pages[:1], Counts: []byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}},
	} {
		if _, err := b.Counters(); err == nil {
			t.Errorf("%s: taken for good", name)
		}
	}
}
