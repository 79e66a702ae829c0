package main

import (
	"errors"
	"strings"

	"otklik/app"
)

// byPrefix is FTS5 as it is without a stemmer of Russian: it has the words as they are
// written, and a stem is looked for as what a word begins with.
type byPrefix struct{ *sqlite }

func openPrefixes(p place) (peer, error) {
	s, err := openSQLite("sqlite3", p, strings.Replace(schema, "tokenize='ascii'", "tokenize='unicode61'", 1))
	if err != nil {
		return nil, err
	}
	s.light = true
	s.words = func(a *app.Appeal) string { return app.Fold(searched(a)) }
	s.match = func(words string) string {
		return `"` + strings.Join(s.stems.stems(words), `"* AND "`) + `"*`
	}
	return byPrefix{s}, nil
}

// Read takes in appeals alone, without their texts.
func (p byPrefix) Read(rows []app.SnapshotRow) (take func() error, err error) {
	if rows[0].Kind != app.RowAppeal {
		return nil, nil
	}
	return p.sqlite.Read(rows)
}

func (p byPrefix) Find(q question) (found, error) {
	if q.Words == "" {
		return found{}, errors.ErrUnsupported
	}
	out, err := p.sqlite.Find(q)
	out.ids = []string{} // there are no rows
	return out, err
}

func (p byPrefix) Series(string) ([]uint32, error) { return nil, errors.ErrUnsupported }

func (p byPrefix) Top(int, app.Day, app.Day) ([]int64, error) { return nil, errors.ErrUnsupported }

func (p byPrefix) Dashboard(app.Period, string) (dashboard, error) {
	return dashboard{}, errors.ErrUnsupported
}

func (p byPrefix) Act(string, app.Event) error { return errors.ErrUnsupported }
