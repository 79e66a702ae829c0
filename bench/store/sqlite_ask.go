package main

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
)

// facet narrows by one field.
type facet struct {
	column string
	codes  []int64
}

func (s *sqlite) facets(f app.Filter) []facet {
	out := []facet{{column: "source"}, {column: "grp"}, {column: "municipality"}}
	for _, v := range f.Sources {
		out[0].codes = append(out[0].codes, codeOf(app.Sources, v))
	}
	for _, v := range f.Groups {
		out[1].codes = append(out[1].codes, s.codes[v])
	}
	for _, v := range f.Municipalities {
		out[2].codes = append(out[2].codes, s.codes[v])
	}
	return out
}

// where narrows by all facets but one.
func where(facets []facet, but string) (text string, args []any) {
	for _, f := range facets {
		if f.column == but || len(f.codes) == 0 {
			continue
		}
		text += " AND " + f.column + " IN (?" + strings.Repeat(",?", len(f.codes)-1) + ")"
		for _, c := range f.codes {
			args = append(args, c)
		}
	}
	return text, args
}

const (
	rowsOf = `SELECT t.ulid, t.number, t.title, substr(t.text, 1, 160), a.source, a.status, a.grp, a.municipality,
		a.assignee, a.start, a.due FROM json_each(?) k JOIN appeals a ON a.id=k.value JOIN texts t ON t.id=a.id ORDER BY k.key`
	inQueues = `SELECT sum(awaits), sum(NOT archive AND assignee=?), sum(NOT archive AND due<>0 AND due<?), sum(status=?),
		sum(status=?), sum(NOT archive), sum(archive) FROM appeals `
)

func (s *sqlite) Find(q question) (found, error) {
	if q.Words != "" {
		return s.search(q)
	}
	out := found{counts: newCounts()}
	facets := s.facets(q.Filter)
	all, args := where(facets, "")
	newest := fmt.Sprintf("SELECT id FROM appeals WHERE archive=1%s ORDER BY start DESC, id DESC LIMIT %d", all, listRows)
	err := s.rows(newest, args, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		out.keys = append(out.keys, id)
		return err
	})
	if err != nil {
		return out, err
	}
	if err := s.queued(&out, inQueues+"WHERE 1"+all, args); err != nil {
		return out, err
	}
	for _, f := range facets {
		narrowed, args := where(facets, f.column)
		err := s.counted(&out, f.column, "SELECT "+f.column+", count(*) FROM appeals WHERE archive=1"+narrowed+" GROUP BY 1", args)
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// search counts in Go what the words are found in: joining for each count takes
// several times as long, and so does a temporary table.
func (s *sqlite) search(q question) (found, error) {
	t := newTally(q, s.place.now.Unix())
	type hit struct{ start, id int64 }
	var hits []hit
	err := s.rows(`SELECT a.id, start, archive, awaits, status, assignee, due, source, grp, municipality
		FROM words w CROSS JOIN appeals a ON a.id=w.rowid WHERE words MATCH ?`, []any{s.match(q.Words)}, func(scan func(...any) error) error {
		var h hit
		var status, assignee, source, group, municipality int64
		var r row
		err := scan(&h.id, &h.start, &r.archive, &r.awaits, &status, &assignee, &r.due, &source, &group, &municipality)
		r.status, r.source = app.Statuses[status-1], app.Sources[source-1]
		r.who, r.group, r.municipality = s.names[assignee], s.names[group], s.names[municipality]
		if t.add(&r); t.hit {
			hits = append(hits, h)
		}
		return err
	})
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(b.start, a.start), cmp.Compare(b.id, a.id)) })
	out := found{total: t.out.Total, counts: t.out.Counts}
	for _, h := range hits[:min(listRows, len(hits))] {
		out.keys = append(out.keys, h.id)
	}
	return out, err
}

func (s *sqlite) Rows(keys []int64) ([]string, error) {
	ids := make([]string, 0, len(keys))
	return ids, s.rows(rowsOf, []any{string(app.Encode(keys))}, func(scan func(...any) error) error {
		var id, number, title, snippet string
		var source, status, group, municipality, assignee, start, due int64
		err := scan(&id, &number, &title, &snippet, &source, &status, &group, &municipality, &assignee, &start, &due)
		ids = append(ids, id)
		return err
	})
}

func (s *sqlite) queued(out *found, text string, args []any) error {
	all := append([]any{
		s.codes[me.Name], s.place.now.Unix(), codeOf(app.Statuses, app.StatusApproval), codeOf(app.Statuses, app.StatusRework),
	}, args...)
	return s.rows(text, all, func(scan func(...any) error) error {
		var n [7]sql.NullInt64
		err := scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6])
		for i, q := range queues { // in this order
			out.counts.Queues[q] = int(n[i].Int64)
		}
		out.total = out.counts.Queues[app.QueueArchive]
		return err
	})
}

func (s *sqlite) counted(out *found, column, text string, args []any) error {
	return s.rows(text, args, func(scan func(...any) error) error {
		var code int64
		var n int
		err := scan(&code, &n)
		switch {
		case code == 0:
		case column == "source":
			out.counts.Sources[app.Sources[code-1]] = n
		case column == "grp":
			out.counts.Groups[s.names[code]] = n
		default:
			out.counts.Municipalities[s.names[code]] = n
		}
		return err
	})
}

func (s *sqlite) Series(page string) (out []uint32, err error) {
	return out, s.rows(`SELECT c.n FROM days d LEFT JOIN counts c ON c.day=d.day AND c.page=(SELECT id FROM pages WHERE ulid=?)
		ORDER BY d.day`, []any{page}, func(scan func(...any) error) error {
		var n sql.NullInt64
		err := scan(&n)
		v := app.Missing
		if n.Valid {
			v = uint32(n.Int64)
		}
		out = append(out, v)
		return err
	})
}

// Top is right for two days on which every page was counted.
func (s *sqlite) Top(n int, from, to app.Day) (out []int64, err error) {
	return out, s.rows(`SELECT p.ulid, b.n-a.n FROM counts b JOIN counts a ON a.day=? AND a.page=b.page JOIN pages p ON p.id=b.page
		WHERE b.day=? ORDER BY 2 DESC LIMIT ?`, []any{int64(from), int64(to), n}, func(scan func(...any) error) error {
		var page string
		var grown int64
		err := scan(&page, &grown)
		out = append(out, grown)
		return err
	})
}

// Dashboard reads the times off an index: SQLite has no percentiles, and ranking
// them by window functions takes ten times as long.
func (s *sqlite) Dashboard(p app.Period, municipality string) (dashboard, error) {
	g := newGatherer(p, s.place.region.Location())
	from, to := g.bounds()
	text, args := "SELECT start, reply, municipality FROM appeals WHERE start>=? AND start<?", []any{from, to}
	sums, of := "SELECT n FROM sums WHERE day=?", []any{int64(p.To)}
	if municipality != "" {
		text, args = text+" AND municipality=?", append(args, s.codes[municipality])
		sums, of = sums+" AND municipality=?", append(of, s.codes[municipality])
	}
	err := s.rows(text, args, func(scan func(...any) error) error {
		var start, reply, place int64
		err := scan(&start, &reply, &place)
		g.add(s.names[place], start, reply)
		return err
	})
	if err != nil {
		return dashboard{}, err
	}
	err = s.rows(sums, of, func(scan func(...any) error) error {
		var n int64
		err := scan(&n)
		g.out.Subscribers += n
		return err
	})
	return g.dashboard(), err
}

// Act reads the appeal, judges, and writes row, words and outbox.
func (s *sqlite) Act(appeal string, e app.Event) error {
	a := &app.Appeal{ID: appeal}
	var id, kind, source, group, topic, municipality, executor, assignee, status, outcome, severity, due int64
	var events string
	err := s.rows(`SELECT t.id, kind, source, grp, topic, municipality, executor, assignee, status, outcome, severity, named_due,
		number, external, title, text, author, contact, place, t.page, link, parent, hops, events
		FROM texts t JOIN appeals a ON a.id=t.id WHERE ulid=?`, []any{appeal}, func(scan func(...any) error) error {
		return scan(&id, &kind, &source, &group, &topic, &municipality, &executor, &assignee, &status, &outcome, &severity, &due,
			&a.Number, &a.External, &a.Title, &a.Text, &a.Author, &a.Contact, &a.Place, &a.Page, &a.Link, &a.Parent, &a.Hops, &events)
	})
	if err == nil {
		err = json.Unmarshal([]byte(events), &a.Events)
	}
	if err != nil {
		return err
	}
	a.Kind, a.Source, a.Status = app.Kinds[kind-1], app.Sources[source-1], app.Statuses[status-1]
	a.Group, a.Topic, a.Municipality = s.names[group], s.names[topic], s.names[municipality]
	a.Executor, a.Assignee, a.Severity = s.names[executor], s.names[assignee], app.Severity(severity)
	if outcome > 0 {
		a.Outcome = app.Outcomes[outcome-1]
	}
	if due != 0 {
		a.Due = time.Unix(due, 0)
	}
	before := searched(a)
	e.ID, e.By, e.At = ulid.Make().String(), me.Name, s.place.now.UTC()
	if err := app.Judge(a, e, me.Roles); err != nil {
		return err
	}
	a.Apply(e)
	op := app.Op{ID: e.ID, Ent: a.ID, Kind: app.OpEvent, At: e.At, Schema: app.Schema, Payload: app.Encode(e)}
	r, after := rowOf(a, s.place.terms), searched(a)
	return s.update(func(w *writing) error {
		if group, err = w.code(a.Group); err == nil {
			if topic, err = w.code(a.Topic); err == nil {
				assignee, err = w.code(a.Assignee)
			}
		}
		if err != nil {
			return err
		}
		err := w.exec(updateAppeal, group, topic, assignee, codeOf(app.Statuses, a.Status), codeOf(app.Outcomes, a.Outcome),
			r.archive, r.awaits, r.reply, r.answerDue, r.due, r.closed, id)
		if err != nil {
			return err
		}
		if err := w.exec(updateText, string(app.Encode(a.Events)), id); err != nil {
			return err
		}
		if before != after {
			if err := w.exec(deleteWords, id); err != nil {
				return err
			}
			if err := w.exec(insertWords, id, strings.Join(s.stems.stems(after), " ")); err != nil {
				return err
			}
		}
		return w.exec(insertOp, string(app.Encode(op)))
	})
}
