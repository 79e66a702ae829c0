package app

import "slices"

// TableChannels says which channels are restricted.
const TableChannels TableName = "channels"

// Restriction is what a region lets through a channel. One that has none is open.
type Restriction struct {
	Source  Source `json:"source"`
	Intake  bool   `json:"intake"`  // what citizens write is taken in
	Answers bool   `json:"answers"` // answers go out by it
	Reason  string `json:"reason"`  // for the operator
}

// Restricted gives the restriction of a channel.
func (r *Region) Restricted(s Source) (x Restriction, ok bool) {
	i := slices.IndexFunc(r.Restrictions, func(x Restriction) bool { return x.Source == s })
	if i < 0 {
		return Restriction{Source: s, Intake: true, Answers: true}, false
	}
	return r.Restrictions[i], true
}

const (
	columnSource  Column = "source"
	columnIntake  Column = "intake"
	columnAnswers Column = "answers"
)

var (
	sourceColumn  = ColumnSpec{Name: columnSource, Kind: CellChoice, Need: true, Of: codes(Sources), Family: "source"}
	intakeColumn  = ColumnSpec{Name: columnIntake, Kind: CellChoice, Of: []string{yes}, Family: "flag"}
	answersColumn = ColumnSpec{Name: columnAnswers, Kind: CellChoice, Of: []string{yes}, Family: "flag"}
)

var channelsTable = &tableSpec{
	name:    TableChannels,
	columns: []ColumnSpec{sourceColumn, intakeColumn, answersColumn, {Name: columnReason, Need: true}},
	read: func(r *Region, rows []*tableRow) {
		r.Restrictions = nil
		for _, row := range rows {
			x := Restriction{
				Source: Source(row.one(sourceColumn)), Intake: row.one(intakeColumn) == yes, Answers: row.one(answersColumn) == yes,
				Reason: row.words(columnReason),
			}
			if row.once(string(x.Source)) {
				r.Restrictions = append(r.Restrictions, x)
			}
		}
	},
	write: func(r *Region) [][]string {
		flag := func(set bool) string {
			if set {
				return yes
			}
			return ""
		}
		var rows [][]string
		for _, x := range r.Restrictions {
			rows = append(rows, []string{string(x.Source), flag(x.Intake), flag(x.Answers), x.Reason})
		}
		return rows
	},
}
