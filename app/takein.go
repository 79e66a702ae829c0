package app

import "context"

// Reasons for which a row that could be understood is not taken in as new.
const (
	SkipKnown     = "known"      // taken in before
	SkipOtherText = "other_text" // its number belongs to another appeal
)

// Fresh tells rows of new appeals from those that are here already. It reads only.
func (d *Desk) Fresh(rows []BatchRow) (fresh []BatchRow, left []Skip, err error) {
	for _, row := range rows {
		switch _, known := d.store.Record(row.Appeal.ID); {
		case known:
			reason := SkipKnown
			old, err := d.store.Appeal(row.Appeal.ID)
			if err != nil {
				return nil, nil, err
			}
			if !old.Forgotten && old.Text != row.Appeal.Text {
				reason = SkipOtherText
			}
			left = append(left, Skip{Line: row.Line, Reason: reason})
		case !d.Me().Sees(row.Appeal.Municipality):
			left = append(left, Skip{Line: row.Line, Reason: string(CodeOutOfScope)})
		default:
			fresh = append(fresh, row)
		}
	}
	return fresh, left, nil
}

// TakeIn creates the appeals that are new, at most so many as an import writes in
// one transaction: all of them or none. What is here already stays as it is.
func (d *Desk) TakeIn(ctx context.Context, b *Batch) (ImportReport, error) {
	if err := d.mayAsk(OpCreate); err != nil {
		return ImportReport{}, err
	}
	if len(b.Rows) > TakeInMost {
		return ImportReport{}, Fail(CodePasteLarge, TakeInMost)
	}
	fresh, left, err := d.Fresh(b.Rows)
	if err != nil {
		return ImportReport{}, err
	}
	whole := *b
	whole.Rows = fresh
	whole.Skipped = append(append([]Skip{}, b.Skipped...), left...)
	return d.Import(ctx, "", Whole(&whole), nil)
}

// TakeInMost is how many appeals can be taken in at once: one transaction of an
// import.
const TakeInMost = importStep
