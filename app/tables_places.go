package app

import (
	"slices"
	"strconv"
)

// tileMost is how many columns and rows the map of a region has at most.
const tileMost = 99

var municipalitiesTable = &tableSpec{
	name: TableMunicipalities, need: true,
	columns: []ColumnSpec{
		{Name: columnName, Need: true},
		{Name: columnResidents, Kind: CellNumber},
		{Name: columnZone},
		{Name: columnBegin, Kind: CellClock},
		{Name: columnEnd, Kind: CellClock},
		{Name: columnLunchStart, Kind: CellClock},
		{Name: columnLunchEnd, Kind: CellClock},
		{Name: columnTileColumn, Kind: CellNumber},
		{Name: columnTileRow, Kind: CellNumber},
	},
	read: func(r *Region, rows []*tableRow) {
		r.Municipalities = nil
		for _, row := range rows {
			m := Municipality{
				Name: row.words(columnName), Residents: row.whole(columnResidents, 100_000_000), Zone: row.zone(columnZone),
				Tile: row.tile(),
			}
			if row.words(columnBegin) != "" || row.words(columnEnd) != "" {
				own := row.hours()
				m.Hours = &own
			}
			if row.once(m.Name) {
				r.Municipalities = append(r.Municipalities, m)
			}
		}
	},
	write: func(r *Region) [][]string {
		var rows [][]string
		for _, m := range r.Municipalities {
			row := []string{m.Name, figureOrNone(float64(m.Residents)), m.Zone, "", "", "", "", "", ""}
			if m.Hours != nil {
				copy(row[3:], m.Hours.cells())
			}
			if m.Tile != nil {
				row[7], row[8] = strconv.Itoa(m.Tile.Column), strconv.Itoa(m.Tile.Row)
			}
			rows = append(rows, row)
		}
		return rows
	},
}

// tile reads the square of a municipality, which no other may have; nil where it is
// not on the map.
func (r *tableRow) tile() *Tile {
	t := Tile{r.whole(columnTileColumn, tileMost), r.whole(columnTileRow, tileMost)}
	switch {
	case t == Tile{}:
		return nil
	case t.Column == 0:
		r.wrong(CodeRowEmpty, columnTileColumn)
		return nil
	case t.Row == 0:
		r.wrong(CodeRowEmpty, columnTileRow)
		return nil
	}
	r.once("tile", strconv.Itoa(t.Column), strconv.Itoa(t.Row))
	return &t
}

// occasionsTable has the days that are marked on charts.
var occasionsTable = &tableSpec{
	name: TableOccasions,
	columns: []ColumnSpec{
		{Name: columnDate, Kind: CellDay, Need: true},
		{Name: columnName, Need: true},
		{Name: columnMunicipality, From: (*Region).municipalityNames},
	},
	read: func(r *Region, rows []*tableRow) {
		r.Occasions = nil
		for _, row := range rows {
			municipality := row.words(columnMunicipality)
			o := Occasion{
				Date: row.day(columnDate), Name: row.words(columnName),
				Municipality: row.refers(columnMunicipality, TableMunicipalities, slices.Contains(r.municipalityNames(), municipality)),
			}
			if row.once(o.Date.String(), o.Name, municipality) {
				r.Occasions = append(r.Occasions, o)
			}
		}
	},
	write: func(r *Region) [][]string {
		var rows [][]string
		for _, o := range r.Occasions {
			rows = append(rows, []string{o.Date.String(), o.Name, o.Municipality})
		}
		return rows
	},
}
