package central_test

import (
	"testing"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// What a workstation says of the age of an operation is taken, bounded by what
// the server knows itself, and kept with what it may be off.
func TestMomentOfAnOperation(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	create := s.create()
	s.push(create)
	created := o.clock()
	o.pass(10 * time.Hour)
	s.authenticate()
	now := o.clock()
	note := app.Event{Type: app.EventNote, Text: "н"}
	for _, c := range []struct {
		name    string
		says    func(*app.Op)
		at      time.Time
		off     time.Duration
		sentAgo time.Duration
	}{
		{
			"age by a clock nobody can set", func(op *app.Op) { op.AgeMS, op.OffMS = 3_600_000, 2_000 },
			now.Add(-time.Hour), 2 * time.Second, 0,
		},
		{
			"long on its way", func(op *app.Op) { op.AgeMS, op.OffMS = 3_600_000, 2_000 },
			now.Add(-time.Hour), 10*time.Minute + 2*time.Second, 10 * time.Minute,
		},
		{
			"nothing but the wall clock", func(op *app.Op) { op.AgeMS, op.After = 3_600_000, now.Add(-4*time.Hour) },
			now.Add(-time.Hour), 3 * time.Hour, 0,
		},
		{
			"a wall clock set back a year", func(op *app.Op) { op.AgeMS, op.After = 365*24*3_600_000, now.Add(-4*time.Hour) },
			now.Add(-4 * time.Hour), 4 * time.Hour, 0,
		},
		{
			"younger than nothing", func(op *app.Op) { op.AgeMS, op.OffMS = -5, 1_000 },
			now, time.Second, 0,
		},
		{
			"nobody vouches", func(op *app.Op) { op.AgeMS = 3_600_000 },
			now.Add(-time.Hour), time.Hour, 0,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			op := s.event(create.Ent, 0, note)
			op.At = now.Add(-100 * 24 * time.Hour)
			c.says(&op)
			body := wire.Push{Ops: []app.Op{op}}
			if c.sentAgo > 0 {
				body.Sent = now.Add(-c.sentAgo)
			}
			get[wire.PushReply](o, "POST", wire.PathOps, s.token, body)
			events := s.appeal(create.Ent).Events
			for _, e := range events {
				if e.ID != op.ID {
					continue
				}
				if !e.At.Equal(c.at) || (e.Off()-c.off).Abs() > 5*time.Millisecond || !e.Timing.Wall.Equal(op.At) {
					t.Errorf("at %s before now, %+v; want %s", now.Sub(e.At), e.Timing, now.Sub(c.at))
				}
				return
			}
			t.Error("the event is not there")
		})
	}
	// Who has seen a fact acts after it.
	step := s.event(create.Ent, 1, routed)
	step.AgeMS, step.OffMS = 365*24*3_600_000, 1_000
	first := s.push(step).Verdicts[0]
	o.pass(time.Hour)
	s.authenticate()
	next := s.event(create.Ent, first.Seq, started)
	next.AgeMS, next.OffMS = 365*24*3_600_000, 1_000
	s.push(next)
	for _, e := range s.appeal(create.Ent).Events {
		if e.ID == next.ID && e.At.Before(now) {
			t.Errorf("started at %s, an hour after %s", e.At, created)
		}
	}
}

// A payload cannot say what only the server knows.
func TestTimingIsTheServers(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	create := s.create()
	a, err := app.Decode[app.Appeal](create.Payload)
	if err != nil {
		t.Fatal(err)
	}
	a.Events[0].Timing = app.Timing{OffMS: 7}
	a.Events = append(a.Events, app.Event{ID: create.ID, Type: app.EventDetected, At: o.clock().Add(-365 * 24 * time.Hour)})
	create.Payload, create.AgeMS, create.OffMS = app.Encode(a), 1000, 50
	s.push(create)
	events := s.appeal(create.Ent).Events
	for _, e := range events {
		switch {
		case e.ID == create.ID && (!e.At.Equal(o.clock().Add(-time.Second)) || e.Timing.OffMS < 50):
			t.Errorf("what was made here: %+v", e)
		case e.ID != create.ID && e.Timing != (app.Timing{}):
			t.Errorf("what the source tells: %+v", e)
		}
	}
}
