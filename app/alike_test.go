package app_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"otklik/app"
)

// atPlace makes an appeal at an address that came so long ago.
func atPlace(i int, place, topic string, ago time.Duration) *app.Appeal {
	a := &app.Appeal{
		ID: app.IDFrom("at", fmt.Sprint(i)), Number: fmt.Sprint(i), Kind: app.KindIncident, Source: app.SourceVK,
		Text: fmt.Sprint("Обращение ", i), Place: place, Municipality: "г. Канаш", Group: "ЖКХ", Topic: topic, Status: app.StatusNew,
	}
	a.Apply(app.Event{ID: a.ID + "d", Type: app.EventDetected, At: now.Add(-ago)})
	return a
}

func rowsOf(all ...*app.Appeal) (rows []app.BatchRow) {
	for _, a := range all {
		rows = append(rows, app.BatchRow{Appeal: a})
	}
	return rows
}

const oneDay = 24 * time.Hour

// TestMerge: all go into the oldest, or into the one that is at work, or none does.
func TestMerge(t *testing.T) {
	d := desk(t, operator...)
	a, b, c := atPlace(1, "Мира 4", "Вода", 3*oneDay), atPlace(2, "Мира 4", "Вода", 2*oneDay), atPlace(3, "Мира 4", "Вода", oneDay)
	working, working2 := atPlace(4, "Мира 4", "Вода", time.Hour), atPlace(5, "Мира 4", "Вода", time.Hour)
	shut := atPlace(6, "Мира 4", "Вода", 9*oneDay)
	working.Status, working2.Status, shut.Status = app.StatusInProgress, app.StatusInProgress, app.StatusClosed
	load(t, d, rowsOf(a, b, c, working, working2, shut)...)
	state := func(x *app.Appeal) (app.Status, string) {
		record, _ := d.Record(x.ID)
		card, err := d.Card(record)
		if err != nil {
			t.Fatal(err)
		}
		return card.Appeal.Status, card.Appeal.Parent
	}
	for _, wrong := range [][]string{{working.ID, working2.ID, a.ID}, {shut.ID, a.ID}} {
		if _, _, err := d.Merge(wrong...); app.CodeOf(err) != app.CodeMergeAtWork {
			t.Errorf("merging what is at work or shut: %v", err)
		}
	}
	if s, _ := state(a); s != app.StatusNew {
		t.Errorf("a merge that was refused has changed something: %s", s)
	}
	parent, n, err := d.Merge(c.ID, a.ID)
	if err != nil || parent.ID != a.ID || n != 1 {
		t.Fatalf("merged %d into %+v: %v", n, parent, err)
	}
	if s, p := state(c); s != app.StatusMerged || p != a.ID {
		t.Errorf("the later one is %s under %q", s, p)
	}
	if parent, n, err = d.Merge(a.ID, working.ID, b.ID); err != nil || parent.ID != working.ID || n != 2 {
		t.Fatalf("merged %d into %+v: %v", n, parent, err)
	}
	for _, x := range []*app.Appeal{a, b} {
		if s, p := state(x); s != app.StatusMerged || p != working.ID {
			t.Errorf("%s is %s under %q", x.Number, s, p)
		}
	}
	if _, err := d.Undo(context.Background(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	for _, x := range []*app.Appeal{a, b} {
		if s, p := state(x); s != app.StatusNew || p != "" {
			t.Errorf("undone, %s is %s under %q", x.Number, s, p)
		}
	}
	if s, _ := state(working); s != app.StatusInProgress {
		t.Errorf("the one they went into is %s", s)
	}
}

// TestMergeAsksForTheRole: who may not merge one may not merge many.
func TestMergeAsksForTheRole(t *testing.T) {
	d := desk(t, app.RoleExecutor)
	a, b := atPlace(1, "Мира 4", "Вода", oneDay), atPlace(2, "Мира 4", "Вода", 0)
	load(t, d, rowsOf(a, b)...)
	if _, _, err := d.Merge(a.ID, b.ID); app.CodeOf(err) != app.CodeWrongRole {
		t.Errorf("an executor merges: %v", err)
	}
}

// TestPoints: what is enough to be shown, and what is not.
func TestPoints(t *testing.T) {
	for _, one := range []struct {
		l    app.Likeness
		want bool
	}{
		{app.Likeness{Place: app.PlaceHouse, Topic: app.TopicSame, Days: 80}, true},
		{app.Likeness{Place: app.PlaceHouse, Topic: app.TopicOther, Words: 0.1}, false},
		{app.Likeness{Place: app.PlaceHouse, Topic: app.TopicUnknown, Words: 0.3}, true},
		{app.Likeness{Place: app.PlaceMunicipality, Topic: app.TopicSame, Words: 0.2}, false},
		{app.Likeness{Place: app.PlaceMunicipality, Topic: app.TopicSame, Words: 0.6}, true},
		{app.Likeness{Place: app.PlaceOther, Topic: app.TopicSame, Words: 0.9}, false},
		{app.Likeness{Place: app.PlaceStreet, Topic: app.TopicSame, Words: 0.2}, false},
		{app.Likeness{Place: app.PlaceStreet, Topic: app.TopicSame, Words: 0.5}, true},
	} {
		if got := one.l.Alike(); got != one.want {
			t.Errorf("%+v (%.0f points): shown %v", one.l, one.l.Points(), got)
		}
	}
}

// TestHotspots plants a house, a street and a topic with more than usual among
// appeals that come as they always do.
func TestHotspots(t *testing.T) {
	d := desk(t, operator...)
	var all []*app.Appeal
	add := func(place, topic string, ago time.Duration) *app.Appeal {
		all = append(all, atPlace(len(all), place, topic, ago))
		return all[len(all)-1]
	}
	closed := func(a *app.Appeal, outcome app.Outcome, after time.Duration) {
		start, _ := a.Start()
		a.Apply(app.Event{ID: a.ID + "c", Type: app.EventClosed, Outcome: outcome, At: start.At.Add(after)})
	}
	for i := range 200 { // as usual: Кирова 1 has one appeal nearly every day
		closed(add("Кирова 1", "Свет", time.Duration(i)*oneDay+8*oneDay), app.OutcomeExplained, oneDay)
	}
	for i := range 7 {
		add("Кирова 1", "Свет", time.Duration(i)*oneDay+time.Hour)
	}
	closed(add("ул. Мира, 4", "Вода", 30*oneDay), app.OutcomeSolved, oneDay)
	closed(add("ул. Мира, 4", "Вода", 170*oneDay), app.OutcomeSolved, oneDay) // too long ago
	for i := range 5 {
		add([]string{"ул. Мира, д. 4", "Мира 4"}[i%2], "Вода", time.Duration(i)*oneDay+time.Hour)
	}
	for i := range 4 {
		add(fmt.Sprintf("Лесная %d", 1+i), "Снег", time.Duration(i)*oneDay+time.Hour)
	}
	for i := range 6 {
		add("", "Автобус", time.Duration(i)*oneDay+time.Hour)
	}
	add("Речная 1", "Свет", time.Hour)
	closed(add("Речная 2", "Свет", 3*time.Hour), app.OutcomeSolved, time.Hour) // not open
	load(t, d, rowsOf(all...)...)

	told := 0
	found, err := d.Hotspots(context.Background(), 7, func(done, total int) { told = done })
	if err != nil {
		t.Fatal(err)
	}
	if found.Open != 7+5+4+6+1 || found.Read != found.Open || told != found.Read || found.Again != 5 {
		t.Errorf("%d open, %d read, %d told, %d again", found.Open, found.Read, told, found.Again)
	}
	var names []string
	for _, h := range found.Spots {
		name := h.Street + " " + h.House
		if h.Street == "" {
			name = h.In + ": " + h.Topic
		}
		names = append(names, name)
		list, err := d.Find(app.Query{Queue: app.QueueOpen, Filter: h.Filter})
		if err != nil || list.Total != h.Open {
			t.Errorf("%s: %d open, its list has %d: %v", name, h.Open, list.Total, err)
		}
	}
	if want := []string{"г. Канаш: Автобус", "мира 4", "лесн "}; !slices.Equal(names, want) {
		t.Fatalf("hot spots are %q, want %q", names, want)
	}
	mira := found.Spots[1]
	if mira.Open != 5 || mira.Again != 5 || mira.Usual < 0.05 || mira.Usual > 0.1 || len(mira.Topics) != 1 ||
		!mira.Last.Equal(now.Add(-time.Hour)) || !mira.First.Equal(now.Add(-4*oneDay-time.Hour)) {
		t.Errorf("the house is %+v", mira)
	}

	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if found, err = d.Hotspots(gone, 7, nil); err != nil || found.Read != 0 || len(found.Spots) != 0 || found.Open == 0 {
		t.Errorf("stopped at once: %+v, %v", found, err)
	}
	d.Leave()
	if _, err := d.Hotspots(context.Background(), 7, nil); app.CodeOf(err) != app.CodeAway {
		t.Errorf("while nobody is there: %v", err)
	}
	if _, err := d.Alike(1); app.CodeOf(err) != app.CodeAway {
		t.Errorf("look-alikes while nobody is there: %v", err)
	}
}

// TestHotspotsWithoutAPast: what is usual is not known in a new file, and that is said.
func TestHotspotsWithoutAPast(t *testing.T) {
	d := desk(t, operator...)
	var all []*app.Appeal
	for i := range 3 {
		all = append(all, atPlace(i, "Мира 4", "Вода", time.Duration(i)*time.Hour))
	}
	load(t, d, rowsOf(all...)...)
	found, err := d.Hotspots(context.Background(), 7, nil)
	if err != nil || len(found.Spots) != 1 || found.Spots[0].Usual >= 0 || found.Spots[0].Above() != 3 {
		t.Errorf("%+v, %v", found, err)
	}
}
