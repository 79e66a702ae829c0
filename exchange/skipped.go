package exchange

import (
	"errors"
	"slices"
	"strconv"

	"otklik/app"
)

// WriteSkipped writes the rows of a file that an import left out to a new list: the
// number of the line, why, and the cells as they stand, however many. What is mended
// there can be imported as it is. It is a workbook or a CSV, as the name ends. Errors are those of Open and of NewList.
func WriteSkipped(path string, region *app.Region, how app.Layout, to string, left []app.Skip, headings [2]string, why func(app.Skip) string) (err error) {
	reasons := map[int]string{}
	for _, s := range left {
		if reasons[s.Line] != "" {
			reasons[s.Line] += "; "
		}
		reasons[s.Line] += why(s)
	}
	r, err := openFile(path)
	if err == nil {
		err = r.begin(region, how, true)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	t := r.reading.table
	heading := slices.Clone(t.heading)
	if t.bare { // its column has no heading to be known by beside the two
		for f, c := range t.columns {
			heading[c] = t.profile.headings[f][0]
		}
	}
	form := FormCSV
	if isXLSX(to, nil) {
		form = FormXLSX
	}
	list, err := NewList(to, form, UTF8, append(headings[:], heading...))
	if err != nil {
		return err
	}
	if err := r.writeSkipped(list, reasons); err != nil {
		return errors.Join(err, list.Drop())
	}
	return list.Close()
}

func (r *Reader) writeSkipped(list *List, reasons map[int]string) error {
	for {
		rec, ok, err := r.record()
		if err != nil {
			return r.fail(err)
		}
		if !ok {
			return nil
		}
		why, left := reasons[rec.line]
		if !left {
			continue
		}
		if err := list.Add(append([]string{strconv.Itoa(rec.line), why}, rec.fields...)); err != nil {
			return err
		}
	}
}
