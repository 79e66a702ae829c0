package report

import (
	"strconv"
	"time"
)

// spaced writes a number as people read it: 12 345.
func spaced(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u00a0" + s[i:]
	}
	return s
}

// hoursText writes hours as people read them.
func hoursText(v float64) string {
	d := time.Duration(v * float64(time.Hour)).Round(time.Minute)
	switch days, h, m := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60; {
	case d == 0:
		return "0"
	case days > 0 && h == 0:
		return strconv.Itoa(days) + " дн"
	case days > 0:
		return strconv.Itoa(days) + " дн " + strconv.Itoa(h) + " ч"
	case h == 0:
		return strconv.Itoa(m) + " мин"
	case m == 0:
		return strconv.Itoa(h) + " ч"
	default:
		return strconv.Itoa(h) + " ч " + strconv.Itoa(m) + " мин"
	}
}

func countText(v float64) string {
	if v < 0 {
		return "−" + spaced(int(-v))
	}
	return spaced(int(v))
}
