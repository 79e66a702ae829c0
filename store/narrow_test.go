package store

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"otklik/app"
)

// TestConditionsAgreeWithAPlainScan asks lists, their counts and figures for the
// appeals behind points of charts.
func TestConditionsAgreeWithAPlainScan(t *testing.T) {
	s := open(t)
	page := app.Page{ID: app.IDFrom("p"), Network: app.SourceOK}
	do(t, s.update(func(t *tx) error { return t.putPage(page) }))
	now := day0.AddDate(0, 0, 6)
	all := map[uint64]*app.Appeal{}
	var ops []app.Op
	for i := range 400 {
		a := appeal(i)
		a.Kind, a.Source = app.Kinds[i%len(app.Kinds)], app.Sources[i/3%len(app.Sources)]
		if i%5 == 0 {
			a.Page = page.ID
		}
		start := day0.Add(time.Duration(i*i%(7*24*60)) * time.Minute)
		a.Events[0].At = start
		ops = append(ops, create(a))
		reply, end := start.Add(time.Duration(i%60)*time.Hour), start.Add(time.Duration(i%90)*time.Hour)
		for _, e := range [][]app.Event{
			{},
			{{Type: app.EventAnswered, Text: "а", At: reply}},
			{{Type: app.EventAnswered, Text: "а", At: reply}, {Type: app.EventClosed, At: end}},
			{{Type: app.EventRejected, Text: "нет", At: end}},
			{{Type: app.EventMerged, Target: "x", At: end}},
			{{Type: app.EventAnswered, Text: "а", At: reply}, {Type: app.EventClosed, At: end}, {Type: app.EventReopened, At: end.Add(time.Hour)}},
		}[i%6] {
			ops = append(ops, event(a, e))
		}
	}
	do(t, s.Perform(ops))
	for _, op := range ops {
		record, _ := s.Record(op.Ent)
		all[record] = must[*app.Appeal](t)(s.AppealAt(record))
	}
	within := func(m app.Moments, e app.Event, ok bool) bool {
		return ok && !e.At.Before(m.From) && (m.To.IsZero() || e.At.Before(m.To))
	}
	fits := func(f app.Filter, a *app.Appeal) bool {
		start, began := a.Start()
		ended, over := a.Ended()
		took, replied := a.FirstResponse()
		due := s.terms.Load().AnswerDue(a)
		reply, _ := a.Reply()
		late := !due.IsZero() && (replied && reply.At.After(due) || !replied && !due.After(now) && a.Status.Open())
		return (len(f.Kinds) == 0 || slices.Contains(f.Kinds, a.Kind)) &&
			(len(f.Networks) == 0 || slices.Contains(f.Networks, a.Source) || a.Page != "" && slices.Contains(f.Networks, page.Network)) &&
			(f.Since.IsZero() && f.Until.IsZero() || within(app.Moments{From: f.Since, To: f.Until}, start, began)) &&
			(f.Closed == app.Moments{} || within(f.Closed, ended, over)) &&
			(f.Took == nil || replied && took >= f.Took.AtLeast && (f.Took.Below == 0 || took < f.Took.Below)) &&
			(f.Hour == nil || began && int(start.At.UTC().Weekday()+6)%7 == f.Hour.Weekday && start.At.UTC().Hour() == f.Hour.Hour) &&
			(!f.Late || late)
	}
	met := 0
	rapid.Check(t, func(t *rapid.T) {
		moment := rapid.Custom(func(t *rapid.T) time.Time {
			return day0.Add(time.Duration(rapid.IntRange(-20, 200).Draw(t, "hours")) * time.Hour)
		})
		some := func(n int) bool { return rapid.IntRange(0, n).Draw(t, "asked") == 0 }
		var f app.Filter
		if some(2) {
			f.Kinds = rapid.SliceOfNDistinct(rapid.SampledFrom(app.Kinds), 1, 2, rapid.ID).Draw(t, "kinds")
		}
		if some(2) {
			f.Networks = rapid.SliceOfNDistinct(rapid.SampledFrom(app.Sources), 1, 3, rapid.ID).Draw(t, "networks")
		}
		if some(2) {
			f.Since = moment.Draw(t, "since")
		}
		if some(2) {
			f.Until = moment.Draw(t, "until")
		}
		if some(3) {
			f.Closed = app.Moments{From: moment.Draw(t, "closed from"), To: moment.Draw(t, "to")}
		}
		if some(3) {
			f.Took = &app.Lengths{AtLeast: time.Duration(rapid.IntRange(0, 30).Draw(t, "least")) * time.Hour}
			if some(1) {
				f.Took.Below = f.Took.AtLeast + 10*time.Hour
			}
		}
		if some(4) {
			f.Hour = &app.WeekHour{Weekday: rapid.IntRange(0, 6).Draw(t, "weekday"), Hour: rapid.IntRange(0, 23).Draw(t, "hour")}
		}
		f.Late = some(3)
		var want []uint64
		open := 0
		for record, a := range all {
			if fits(f, a) {
				want = append(want, record)
				if a.Status.Open() {
					open++
				}
			}
		}
		met += len(want)
		slices.Sort(want)
		var got []uint64
		if err := s.Facts(f, now, func(facts *app.Facts) { got = slices.Collect(facts.Records()) }); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%+v: figures of %v, want %v; %v", f, got, want, err)
		}
		found, err := s.Find(app.Query{Queue: app.QueueAll, Filter: f, Now: now})
		slices.Sort(found.Records)
		if err != nil || found.Total != len(want) || !slices.Equal(found.Records, want) || found.Counts.Queues[app.QueueOpen] != open {
			t.Fatalf("%+v: a list of %d, want %d; %v", f, found.Total, len(want), err)
		}
		bySource := 0
		for _, n := range found.Counts.Sources {
			bySource += n
		}
		if bySource != len(want) {
			t.Fatalf("%+v: sources of %d, want %d", f, bySource, len(want))
		}
	})
	if met == 0 {
		t.Error("nothing was met")
	}
}
