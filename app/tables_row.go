package app

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tableReading is the state of reading one table.
type tableReading struct {
	region   *Region // into which it is read
	strict   bool
	problems []Problem
	seen     map[string]int // line a row was first met at
}

// tableRow is a row that is being read.
type tableRow struct {
	in    *tableReading
	line  int
	cells map[Column]string
}

func (r *tableRow) wrong(code Code, args ...any) {
	r.in.problems = append(r.in.problems, Problem{Line: r.line, Err: Fail(code, args...)})
}

func (r *tableRow) words(c Column) string { return r.cells[c] }

// Choices are what a cell may say; sentences have their words.
type Choices struct {
	Family string
	Of     []string
}

// one reads a choice of the column.
func (r *tableRow) one(c ColumnSpec) string {
	v := r.cells[c.Name]
	if v != "" && !slices.Contains(c.Of, v) {
		r.wrong(CodeRowChoice, c.Name, v, Choices{c.Family, c.Of})
	}
	return v
}

// many reads several choices of the column.
func (r *tableRow) many(c ColumnSpec) (out []string) {
	for _, v := range r.list(c.Name) {
		if !slices.Contains(c.Of, v) {
			r.wrong(CodeRowChoice, c.Name, v, Choices{c.Family, c.Of})
		}
		out = append(out, v)
	}
	return out
}

// list reads words separated by commas or semicolons.
func (r *tableRow) list(c Column) (out []string) {
	for _, v := range strings.FieldsFunc(r.cells[c], func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if v = strings.Join(strings.Fields(v), " "); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// number reads a number between two others; an empty cell is 0.
func (r *tableRow) number(c Column, least, most float64) float64 {
	v := r.cells[c]
	if v == "" {
		return 0
	}
	clean := strings.NewReplacer(" ", "", "\u00a0", "", ",", ".").Replace(v)
	n, err := strconv.ParseFloat(clean, 64)
	if err != nil || math.IsNaN(n) || n < least || n > most {
		r.wrong(CodeRowNumber, c, v, figure(least), figure(most))
		return 0
	}
	return n
}

// whole reads a whole number.
func (r *tableRow) whole(c Column, most int) int {
	n := r.number(c, 0, float64(most))
	if n != math.Trunc(n) {
		r.wrong(CodeRowNumber, c, r.cells[c], "0", strconv.Itoa(most))
	}
	return int(n)
}

// figure writes a number as cells do.
func figure(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// figureOrNone writes 0 as an empty cell.
func figureOrNone(n float64) string {
	if n == 0 {
		return ""
	}
	return figure(n)
}

// day reads a date in either form that people write.
func (r *tableRow) day(c Column) Day {
	v := r.cells[c]
	for _, layout := range []string{time.DateOnly, "02.01.2006"} {
		if t, err := time.Parse(layout, v); err == nil && t.Year() >= 1970 && t.Year() < 2200 {
			return DayOf(t)
		}
	}
	if v != "" {
		r.wrong(CodeRowDay, c, v)
	}
	return 0
}

// clock reads a time of day.
func (r *tableRow) clock(c Column) (at TimeOfDay) {
	v := r.cells[c]
	if v == "" {
		return 0
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, v); err == nil {
			return TimeOfDay(t.Hour()*60 + t.Minute())
		}
	}
	if v == "24:00" {
		return 24 * 60
	}
	r.wrong(CodeRowClock, c, v)
	return 0
}

// zone reads the name of a time zone.
func (r *tableRow) zone(c Column) string {
	v := r.cells[c]
	if _, err := time.LoadLocation(v); err != nil || v == "Local" {
		r.wrong(CodeRowZone, c, v)
	}
	return v
}

// refers asks that what the cell names stands in another table.
func (r *tableRow) refers(c Column, to TableName, has bool) string {
	v := r.cells[c]
	if r.in.strict && v != "" && !has {
		r.wrong(CodeRowUnknown, c, v, to)
	}
	return v
}

// once asks that no other row says the same; of what is missing the row is told
// already.
func (r *tableRow) once(what ...string) bool {
	key := strings.Join(what, "\n")
	if key == "" {
		return false
	}
	first, twice := r.in.seen[key]
	if twice {
		r.wrong(CodeRowTwice, first)
		return false
	}
	r.in.seen[key] = r.line
	return true
}
