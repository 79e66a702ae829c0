package bulletin

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/report"
	"otklik/seal"
	"otklik/store"
)

// planted are words no document may show.
var planted = []string{"Тайный", "тайного", "+79990001122", "Секретная", "Приметнов", "Потайной"}

// now is a Friday; the last week that is over is 16–22 November.
var now = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// desk is over a store with the appeals; it knows the region that is shipped.
func desk(t *testing.T, appeals ...app.Appeal) *app.Desk {
	t.Helper()
	region, terms, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.NewBox(make([]byte, seal.KeyLen))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.OpenWith(filepath.Join(t.TempDir(), "otklik.db"), box, terms, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ops := make([]app.Op, len(appeals))
	for i, a := range appeals {
		ops[i] = app.Op{ID: a.ID, Ent: a.ID, Kind: app.OpCreate, At: now, Schema: app.Schema, Payload: app.Encode(a)}
	}
	if err := s.Perform(ops); err != nil {
		t.Fatal(err)
	}
	n := 0
	return app.NewDesk(app.Outside{
		Store: s, Region: region, Terms: terms, Me: app.Identity{Name: "Приметнов"},
		Now: func() time.Time { return now.In(region.Location()) },
		NewID: func() string {
			n++
			return app.IDFrom("test", fmt.Sprint(n))
		},
	})
}

// appealsOfWeeks gives appeals of three weeks, answered after hours that differ by body.
func appealsOfWeeks() (out []app.Appeal) {
	groups := []string{"ЖКХ", "Дороги", "Благоустройство"}
	places := []string{"Канаш", "Алатырь", "Шумерля"}
	sources := []app.Source{app.SourceVK, app.SourcePOS, app.SourceTelegram}
	for i := range 150 {
		start := time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC).Add(time.Duration(i) * 3 * time.Hour)
		answer := start.Add(time.Duration(1+i%3*2) * time.Hour)
		a := app.Appeal{
			ID: app.IDFrom("appeal", fmt.Sprint(i)), Kind: app.KindIncident, Source: sources[i%3],
			Text: "Секретная жалоба", Title: "Секретная", Author: "Тайный автор", Contact: "+79990001122",
			Place: "Потайной переулок, 7", Municipality: places[i%3], Group: groups[i%3], Topic: "Тема " + groups[i%3],
			Executor: "Министерство " + groups[i%3], Assignee: "Приметнов",
		}
		events := []app.Event{
			{Type: app.EventDetected, At: start},
			{Type: app.EventRouted, At: start.Add(time.Minute), Target: a.Executor},
			{Type: app.EventStarted, At: start.Add(2 * time.Minute)},
			{Type: app.EventAnswered, At: answer, Text: "Ответ тайного свойства"},
		}
		if i%2 == 0 {
			events = append(events, app.Event{Type: app.EventClosed, At: answer.Add(time.Hour)})
		}
		for j, e := range events {
			e.ID, e.By = app.IDFrom(a.ID, fmt.Sprint(j)), "Приметнов"
			a.Events = append(a.Events, e)
		}
		a.Status = app.StatusAnswered
		if i%2 == 0 {
			a.Status = app.StatusClosed
		}
		out = append(out, a)
	}
	return out
}

func made(t *testing.T, desk *app.Desk, lang string, k Kind, q app.Inquiry) *report.Document {
	t.Helper()
	d, err := Make(desk, assets.Load(lang), k, q)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// words gives everything the document says.
func words(d *report.Document) (out []string) {
	add := func(s ...string) { out = append(out, s...) }
	value := func(v report.Value) { add(d.Words.Value(v)) }
	table := func(t *report.Table) {
		add(t.Title, t.Note)
		for _, c := range t.Columns {
			add(c.Title)
		}
		for _, row := range append(t.Rows, t.Total) {
			for _, v := range row {
				value(v)
			}
		}
	}
	add(d.Name, d.Centre, d.Title, d.Period, d.AsOf)
	add(d.Method...)
	for _, b := range blocks(d.Blocks) {
		switch b := b.(type) {
		case *report.Figures:
			for _, f := range b.Items {
				add(f.Name)
				add(f.Notes...)
				value(f.Value)
			}
		case *report.Table:
			table(b)
		case *report.Chart:
			add(b.Title, b.Note)
			table(&b.Data)
		case *report.Prose:
			add(b.Text)
		}
	}
	return out
}

// blocks gives those that stand side by side one by one.
func blocks(all []report.Block) (out []report.Block) {
	for _, b := range all {
		if beside, ok := b.(*report.Beside); ok {
			out = append(out, blocks(beside.Blocks)...)
			continue
		}
		out = append(out, b)
	}
	return out
}

// tables gives the tables of the document.
func tables(d *report.Document) (out []*report.Table) {
	for _, b := range blocks(d.Blocks) {
		switch b := b.(type) {
		case *report.Table:
			out = append(out, b)
		case *report.Chart:
			out = append(out, &b.Data)
		}
	}
	return out
}
