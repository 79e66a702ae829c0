package trial

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
)

// Row is a classified appeal.
type Row struct{ Text, Category, Theme string }

// Read reads a table with the columns text, category and theme.
func Read(r io.Reader) ([]Row, error) {
	all, err := csv.NewReader(r).ReadAll()
	if err != nil || len(all) == 0 {
		return nil, err
	}
	column := func(name string) (int, error) {
		n := slices.Index(all[0], name)
		if n < 0 {
			return 0, fmt.Errorf("no column %q", name)
		}
		return n, nil
	}
	var at [3]int
	for i, name := range []string{"text", "category", "theme"} {
		if at[i], err = column(name); err != nil {
			return nil, err
		}
	}
	rows := make([]Row, 0, len(all)-1)
	for _, line := range all[1:] {
		rows = append(rows, Row{line[at[0]], line[at[1]], line[at[2]]})
	}
	return rows, nil
}
