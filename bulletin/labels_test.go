package bulletin

import (
	"slices"
	"testing"

	"otklik/assets"
)

func TestAxisNumbers(t *testing.T) {
	text := assets.Load("ru")
	write := func(axis ...float64) []string {
		out := make([]string, len(axis))
		for i, v := range axis {
			out[i] = axisNumber(text, v, axis)
		}
		return out
	}
	for _, c := range []struct{ got, want []string }{
		{write(49_000, 49_500, 50_000), []string{"49", "49,5", "50 тыс."}},
		{write(0, 500_000, 1_000_000, 1_500_000), []string{"0", "0,5 млн", "1,0 млн", "1,5 млн"}},
		{write(0, 200, 400), []string{"0", "200", "400"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("axis %q, want %q", c.got, c.want)
		}
	}
}
