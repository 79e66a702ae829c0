package app

import (
	"cmp"
	"slices"
	"strings"
)

// Columns of the table of page scores.
const (
	columnScoreOf  Column = "score_of"
	columnNetworks Column = "networks"
	columnFrom     Column = "from"
	columnPoints   Column = "points"
	columnFix      Column = "fix"
	columnLink     Column = "link"
)

// Rows of the table that are no components: where the zones begin.
const (
	scoreGood ScoreWhat = "good"
	scoreFair ScoreWhat = "fair"
)

var (
	scoreOfColumn  = ColumnSpec{Name: columnScoreOf, Kind: CellChoice, Need: true, Of: codes(append(slices.Clone(ScoreWhats), scoreGood, scoreFair)), Family: "score"}
	networksColumn = ColumnSpec{Name: columnNetworks, Kind: CellMany, Of: codes(Sources), Family: "source"}
)

// pageScoreTable has a row for every bound of a component. What to do, where it is
// explained and on which networks it is asked for stand in the first row of a component
// that says so.
var pageScoreTable = &tableSpec{
	name: TablePageScore, need: true,
	columns: []ColumnSpec{
		scoreOfColumn,
		{Name: columnFrom, Kind: CellNumber},
		{Name: columnPoints, Kind: CellNumber, Need: true},
		networksColumn,
		{Name: columnFix, Kind: CellText},
		{Name: columnLink},
	},
	read: func(r *Region, rows []*tableRow) {
		score := PageScore{}
		for _, row := range rows {
			row.scored(&score)
		}
		if len(rows) > 0 && len(score.Parts) == 0 {
			rows[0].wrong(CodeRowEmpty, columnScoreOf)
		}
		if score.Fair > score.Good {
			rows[len(rows)-1].wrong(CodeRowOrder, columnPoints, columnPoints)
		}
		r.Score = score
	},
	write: func(r *Region) [][]string {
		var rows [][]string
		for _, p := range r.Score.Parts {
			for i, w := range p.Steps {
				row := []string{string(p.What), figure(w.From), figure(float64(w.Points)), "", "", ""}
				if i == 0 {
					row[3], row[4], row[5] = strings.Join(codes(p.Networks), ", "), p.Fix, p.Link
				}
				rows = append(rows, row)
			}
		}
		if len(rows) == 0 {
			return nil
		}
		return append(rows,
			[]string{string(scoreGood), "", figure(float64(r.Score.Good)), "", "", ""},
			[]string{string(scoreFair), "", figure(float64(r.Score.Fair)), "", "", ""})
	},
}

// scored reads a row of the table into the method.
func (r *tableRow) scored(score *PageScore) {
	what, from, points := ScoreWhat(r.one(scoreOfColumn)), r.number(columnFrom, 0, 1_000_000), r.whole(columnPoints, 100)
	switch what {
	case "":
		return // told already
	case scoreGood, scoreFair:
		if !r.once(string(what)) {
			return
		}
		if what == scoreGood {
			score.Good = points
		} else {
			score.Fair = points
		}
		return
	}
	if r.words(columnFrom) == "" {
		r.wrong(CodeRowEmpty, columnFrom)
	}
	if !r.once(string(what), figure(from)) {
		return
	}
	i := slices.IndexFunc(score.Parts, func(p ScorePart) bool { return p.What == what })
	if i < 0 {
		i = len(score.Parts)
		score.Parts = append(score.Parts, ScorePart{What: what})
	}
	p := &score.Parts[i]
	p.Steps = append(p.Steps, Worth{from, points})
	slices.SortStableFunc(p.Steps, func(a, b Worth) int { return cmp.Compare(b.From, a.From) })
	if len(p.Networks) == 0 {
		p.Networks = of[Source](r.many(networksColumn))
	}
	if p.Fix == "" {
		p.Fix = r.words(columnFix)
	}
	if p.Link == "" {
		p.Link = r.words(columnLink)
	}
}
