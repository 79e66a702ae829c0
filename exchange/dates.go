package exchange

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

var (
	numericDate = regexp.MustCompile(`^(\d{1,4})([./-])(\d{1,2})([./-])(\d{2,4})(?:[ t]+(.+))?$`)
	wordedDate  = regexp.MustCompile(`^(\d{1,2}) ([а-я]+)\.? (\d{4})(?: (.+))?$`)
	clockTime   = regexp.MustCompile(`^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)? ?(am|pm)? ?(z|[+-]\d{2}:?\d{2})?$`)
	lasting     = regexp.MustCompile(`^(?:(\d{1,5}) ?(?:дн|д|дней|день|дня|d|days?)\.?,? ?)?(\d{1,6}):(\d{2})(?::(\d{2}))?$`)
	// slashed is a date whose order of day and month only its column tells.
	slashed = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/\d{2,4}(?:\D|$)`)
	between = strings.NewReplacer("\u00a0", " ", "\u202f", " ", ",", " ", " года", "", " г.", "", " в ", " ", "a.m.", "am", "p.m.", "pm", "ё", "е")
)

// months by the letters their Russian names begin with, in every case.
var months = []string{"янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"}

// firstSerial and lastSerial bound the numbers of days that a text may write in place of a
// date: 1954 to 2119. Other numbers there are numbers.
const firstSerial, lastSerial = 20000, 80000

// dating is how the dates of a column are to be read.
type dating struct {
	monthFirst bool // in dates with slashes
	serial     bool // any number is a number of days
	date1904   bool // counted from 1904
	zone       *time.Location
}

// dateOf reads a date and time as people and systems write them.
func dateOf(v string, by dating) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, v); err == nil {
		return t, sensible(t)
	}
	number := strings.Replace(v, ",", ".", 1)
	if days, err := strconv.ParseFloat(number, 64); err == nil && (by.serial || days >= firstSerial && days < lastSerial) {
		t, err := excelize.ExcelDateToTime(days, by.date1904)
		if err != nil || !sensible(t) {
			return time.Time{}, false
		}
		t = t.Round(time.Second)
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, by.zone), true
	}
	if len(v) > 64 {
		return time.Time{}, false
	}
	v = strings.Join(strings.Fields(between.Replace(strings.ToLower(strings.TrimPrefix(v, "'")))), " ")
	var year, month, day int
	var clock string
	if m := numericDate.FindStringSubmatch(v); m != nil && m[2] == m[4] {
		a, b, c := atoi(m[1]), atoi(m[3]), atoi(m[5])
		clock = m[6]
		switch {
		case len(m[1]) == 4 && len(m[5]) <= 2:
			year, month, day = a, b, c
		case len(m[1]) > 2 || len(m[5]) == 3:
			return time.Time{}, false
		default:
			day, month, year = a, b, c
			if m[2] == "/" && by.monthFirst {
				day, month = b, a
			}
			if len(m[5]) == 2 {
				year += 2000
			}
		}
	} else if m := wordedDate.FindStringSubmatch(v); m != nil {
		day, month, year, clock = atoi(m[1]), monthOf(m[2]), atoi(m[3]), m[4]
	} else {
		return time.Time{}, false
	}
	return at(year, month, day, clock, by.zone)
}

func monthOf(word string) int {
	for i, begin := range months {
		if strings.HasPrefix(word, begin) && (i != 4 || len([]rune(word)) == 3) {
			return i + 1
		}
	}
	return 0
}

// at is false for days and hours that no calendar has.
func at(year, month, day int, clock string, zone *time.Location) (time.Time, bool) {
	hour, minute, second := 0, 0, 0
	if clock != "" {
		m := clockTime.FindStringSubmatch(clock)
		if m == nil {
			return time.Time{}, false
		}
		hour, minute, second = atoi(m[1]), atoi(m[2]), atoi(m[3])
		if m[4] != "" {
			if hour < 1 || hour > 12 {
				return time.Time{}, false
			}
			if hour %= 12; m[4] == "pm" {
				hour += 12
			}
		}
		switch {
		case m[5] == "z":
			zone = time.UTC
		case m[5] != "":
			digits := strings.Replace(m[5][1:], ":", "", 1)
			off := atoi(digits[:2])*3600 + atoi(digits[2:])*60
			if m[5][0] == '-' {
				off = -off
			}
			zone = time.FixedZone("", off)
		}
	}
	if month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, zone)
	return t, day <= time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day() && sensible(t)
}

// atoi reads what a pattern has found to be a few digits; nothing is 0.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// lastingOf reads a duration, however many hours it has: as 49:30:00, as days and hours,
// or as the number of days spreadsheets keep.
func lastingOf(v string) (time.Duration, bool) {
	if m := lasting.FindStringSubmatch(strings.ToLower(v)); m != nil {
		if minute, second := atoi(m[3]), atoi(m[4]); minute < 60 && second < 60 {
			return time.Duration(atoi(m[1])*24+atoi(m[2]))*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second, true
		}
		return 0, false
	}
	days, ok := decimal(v)
	if !ok || days < 0 || days > 36525 {
		return 0, false
	}
	return time.Duration(days * 24 * float64(time.Hour)).Round(time.Second), true
}

// decimal reads a number with a comma or a point, its thousands apart or not.
func decimal(v string) (float64, bool) {
	v = strings.Join(strings.Fields(strings.TrimPrefix(v, "'")), "")
	n, err := strconv.ParseFloat(strings.Replace(v, ",", ".", 1), 64)
	return n, err == nil
}

// orderOf decides by the first rows which columns write the month before the day. One
// export writes one order, so a column where every day is 12 or less goes by the others;
// where none tells, hours with AM and PM mean the month is first, and otherwise the day
// is, as in Russia. A row that says the contrary of its column is not read.
func orderOf(rows []record, columns int) map[int]bool {
	day, month, noon := make([]int, columns), make([]int, columns), make([]bool, columns)
	days, monthsFirst, anyNoon := 0, 0, false
	for _, rec := range rows {
		for i, v := range rec.fields[:min(len(rec.fields), columns)] {
			m := slashed.FindStringSubmatch(tidy(v))
			if m == nil {
				continue
			}
			if atoi(m[1]) > 12 {
				day[i]++
				days++
			}
			if atoi(m[2]) > 12 {
				month[i]++
				monthsFirst++
			}
			upper := strings.ToUpper(v)
			noon[i] = noon[i] || strings.HasSuffix(upper, "AM") || strings.HasSuffix(upper, "PM")
			anyNoon = anyNoon || noon[i]
		}
	}
	out := map[int]bool{}
	for i := range columns {
		switch {
		case day[i] != month[i]:
			out[i] = month[i] > day[i]
		case days != monthsFirst:
			out[i] = monthsFirst > days
		default:
			out[i] = noon[i] || anyNoon
		}
	}
	return out
}
