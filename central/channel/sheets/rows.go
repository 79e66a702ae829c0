package sheets

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"slices"

	"otklik/app"
	"otklik/central"
	"otklik/exchange"
)

// refusal says that a file is not taken: the fault is its own, and trying again is of
// no use.
type refusal struct {
	code app.Code
	err  error // for people
}

func (r *refusal) Error() string { return string(r.code) }

func refuse(err error) error { return &refusal{app.CodeOf(err), err} }

// formats are those of the exports; the program's other spreadsheets are imported by a
// person, who sees what they would change.
var formats = []string{"incident-manager", "appeals"}

// rowsAtOnce is how many rows are written in one transaction: others wait for it.
const rowsAtOnce = 100

// read writes what a file says that is not known yet. It may be read again and again.
func (s *Sheets) read(ctx context.Context, in *Inlet, path string, size int64) (r app.ImportReport, err error) {
	if size > s.opts.MaxFile {
		return r, refuse(app.Fail(app.CodeFileLarge, filepath.Base(path), s.opts.MaxFile>>20))
	}
	file, err := exchange.Open(path, s.opts.Region, app.Layout{})
	if app.CodeOf(err) == app.CodeNoFile {
		return r, err // of the disk, not of the file
	}
	if err != nil {
		return r, refuse(err)
	}
	defer file.Close()
	for {
		b, err := file.Next()
		if app.CodeOf(err) == app.CodeNoFile {
			return r, err
		}
		if err != nil {
			return r, refuse(err)
		}
		if b == nil {
			break
		}
		if !slices.Contains(formats, b.Format) {
			return r, refuse(app.Fail(app.CodeFileHeadings, filepath.Base(path)))
		}
		r.Format = b.Format
		r.Read += b.Read
		r.Skips = append(r.Skips, b.Skipped...)
		for some := range slices.Chunk(b.Rows, rowsAtOnce) {
			if err := s.write(ctx, in, some, &r); err != nil {
				return r, err
			}
		}
	}
	slices.SortStableFunc(r.Skips, func(a, b app.Skip) int { return a.Line - b.Line })
	r.Skipped = len(r.Skips)
	return r, nil
}

// write writes rows in one transaction.
func (s *Sheets) write(ctx context.Context, in *Inlet, rows []app.BatchRow, r *app.ImportReport) error {
	var now app.ImportReport
	err := s.server.Act(ctx, s.actor(in), func(a *central.Acting) error {
		now = app.ImportReport{}
		for _, row := range rows {
			if err := writeRow(a, row, &now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.Added, r.Updated, r.Unchanged = r.Added+now.Added, r.Updated+now.Updated, r.Unchanged+now.Unchanged
	r.Skips = append(r.Skips, now.Skips...)
	return nil
}

// writeRow writes an appeal that is new, and of one that is known what the system says
// now and did not say before. Its operation is the one a workstation would make of the
// same row: whoever comes first, it is one appeal.
func writeRow(a *central.Acting, row app.BatchRow, r *app.ImportReport) error {
	fresh := row.Appeal
	op := app.Op{ID: fresh.ID, Ent: fresh.ID, Kind: app.OpCreate, At: a.Now(), Payload: app.Encode(fresh)}
	old, known, err := a.Appeal(fresh.ID)
	if err != nil {
		return err
	}
	count := &r.Added
	switch {
	case known && old.Undone: // it comes again, by an operation that has no verdict yet
		op.ID = app.IDFrom("sheet", fresh.ID, rand.Text())
	case known:
		m, differs := app.Amended(old, fresh)
		if !differs {
			r.Unchanged++
			return nil
		}
		op.ID, op.Kind, op.Payload = app.IDFrom("sheet", fresh.ID, rand.Text()), app.OpAmend, app.Encode(m)
		count = &r.Updated
	}
	v, err := a.Do(op)
	switch {
	case err != nil:
		return err
	case v.Verdict == app.VerdictRejected:
		r.Skips = append(r.Skips, app.Skip{Line: row.Line, Reason: string(v.Reason)})
	default:
		*count++
	}
	return nil
}
