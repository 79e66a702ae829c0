package app

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// numberedMost bounds how many appeals that hold the digits somewhere are looked at
// for a number.
const numberedMost = 2000

// Numbered finds appeals by their number: the whole of it, its last part, with or
// without zeros before it, or its beginning or end. It gives those that fit best,
// at most so many, the newest first; none where there is none.
func (d *Desk) Numbered(typed string, most int) ([]Row, error) {
	typed = Fold(strings.Join(strings.Fields(strings.TrimLeft(typed, "№#- ")), ""))
	if !strings.ContainsFunc(typed, unicode.IsDigit) {
		return nil, nil
	}
	var best []Row
	fit := numberNot
	for _, queue := range []Queue{QueueOpen, QueueArchive} {
		found, err := d.Find(Query{Queue: queue, Words: typed, Order: OrderNewest})
		if err != nil {
			return nil, err
		}
		for _, record := range found.Records[:min(numberedMost, len(found.Records))] {
			row, err := d.Row(record)
			if err != nil {
				return nil, err
			}
			switch is := numberFit(Fold(row.Number), typed); {
			case is == numberNot || is < fit:
				continue
			case is > fit:
				best, fit = nil, is
			}
			best = append(best, row)
		}
	}
	slices.SortStableFunc(best, func(a, b Row) int { return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(b.Record, a.Record)) })
	return best[:min(most, len(best))], nil
}

// How well a number fits what was typed.
const (
	numberNot   = iota
	numberHolds // begins or ends with it, or a part of it does
	numberPart  // its last part is it
	numberWhole
)

func numberFit(number, typed string) int {
	part := func(s string) string { return strings.TrimLeft(s[strings.LastIndexFunc(s, notDigit)+1:], "0") }
	switch {
	case number == "":
		return numberNot
	case number == typed:
		return numberWhole
	case !strings.ContainsFunc(typed, notDigit) && part(number) == part(typed):
		return numberPart
	case strings.Contains(number, typed):
		return numberHolds
	}
	return numberNot
}

func notDigit(r rune) bool { return !unicode.IsDigit(r) }
