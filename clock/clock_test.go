package clock_test

import (
	"strings"
	"testing"

	"otklik/clock"
)

func TestClockRunsAndItsStartHasOneName(t *testing.T) {
	one, two := clock.Now(), clock.Now()
	if one.Boot == "" {
		t.Skip("this system does not name its start")
	}
	if two.Boot != one.Boot || two.Up < one.Up || one.Up <= 0 {
		t.Errorf("%+v, then %+v", one, two)
	}
	if strings.ContainsAny(one.Boot, "-\n") || len(one.Boot) != 16 {
		t.Errorf("the name is %q", one.Boot)
	}
	if one.Wall.String() != one.Wall.Round(0).String() {
		t.Error("the wall clock carries another clock inside")
	}
}
