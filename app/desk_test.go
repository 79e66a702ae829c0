package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
	"otklik/assets"
	"otklik/seal"
	"otklik/store"
)

var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))

func box(t testing.TB) *seal.Box {
	t.Helper()
	b, err := seal.NewBox(make([]byte, seal.KeyLen))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func desk(t testing.TB, roles ...app.Role) *app.Desk {
	t.Helper()
	region, terms, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(filepath.Join(t.TempDir(), "otklik.db"), box(t), terms)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return app.NewDesk(app.Outside{
		Store: s, Region: region, Terms: terms, Me: app.Identity{Name: "Оператор 2", Roles: roles},
		Now: func() time.Time { return now }, NewID: func() string { return ulid.Make().String() },
	})
}

var operator = []app.Role{app.RoleOperator, app.RoleCurator}

func fact(i int, start time.Time, reply time.Duration, place string) *app.Appeal {
	a := &app.Appeal{
		ID: app.IDFrom("f", fmt.Sprint(i)), Number: fmt.Sprint(i), Kind: app.KindIncident, Source: app.SourceVK,
		Text: "Яма", Municipality: place, Status: app.StatusNew,
	}
	a.Apply(app.Event{ID: a.ID + "d", Type: app.EventDetected, At: start})
	if reply > 0 {
		a.Apply(app.Event{ID: a.ID + "a", Type: app.EventAnswered, Text: "ответ", At: start.Add(reply)})
	}
	return a
}

// pieces gives rows in pieces, as the reader of a file does.
type pieces struct {
	app.Batches
	rows []app.BatchRow
}

func (p *pieces) Next() (*app.Batch, error) {
	n := min(1000, len(p.rows))
	if n == 0 {
		return nil, nil
	}
	b := &app.Batch{Read: n, Rows: p.rows[:n]}
	p.rows = p.rows[n:]
	return b, nil
}

func (p *pieces) Share() float64 { return 0.5 }

func load(t testing.TB, d *app.Desk, rows ...app.BatchRow) app.ImportReport {
	t.Helper()
	r, err := d.Import(context.Background(), "", app.Whole(&app.Batch{Read: len(rows), Rows: rows}), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestAnalyticsAgreesWithAPlainCount compares the figures of a period with a
// count over the same appeals by other means.
func TestAnalyticsAgreesWithAPlainCount(t *testing.T) {
	d := desk(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	period := app.Period{From: app.DayOf(now) - 9, To: app.DayOf(now)}
	places := []string{"г. Чебоксары", "г. Канаш"}
	var rows []app.BatchRow
	var durations []float64
	total, before, heat, byPlace := 0, 0, [7][24]int{}, map[string]int{}
	for i := range 400 {
		start := now.Add(-time.Duration(rnd.IntN(30*24*60)) * time.Minute).Truncate(time.Second)
		reply := time.Duration(rnd.IntN(20*3600)) * time.Second
		place := places[rnd.IntN(2)]
		rows = append(rows, app.BatchRow{Appeal: fact(i, start, reply, place)})
		switch day := app.DayOf(start); {
		case day >= period.From:
			total++
			byPlace[place]++
			heat[(int(start.Weekday())+6)%7][start.Hour()]++
			if reply > 0 {
				durations = append(durations, reply.Seconds())
			}
		case day >= period.From-10:
			before++
		}
	}
	load(t, d, rows...)
	got, err := d.Analytics(app.Inquiry{Period: period, Filter: app.Filter{}})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(durations)
	middle := durations[len(durations)/2]
	if len(durations)%2 == 0 {
		middle = (middle + durations[len(durations)/2-1]) / 2
	}
	if got.Now.Appeals != total || got.Before.Appeals != before || got.Now.Response.N != len(durations) || got.Heat != heat {
		t.Errorf("appeals %d of %d, before %d of %d, n %d of %d", got.Now.Appeals, total, got.Before.Appeals, before, got.Now.Response.N, len(durations))
	}
	if diff := got.Now.Response.Median.Seconds() - middle; diff > 1 || diff < -1 {
		t.Errorf("median %v, want %v s", got.Now.Response.Median, middle)
	}
	sum := 0
	for _, day := range got.Steps {
		sum += day.Response.N
	}
	if sum != len(durations) || len(got.Steps) != 10 {
		t.Errorf("%d answers over %d days", sum, len(got.Steps))
	}
	for _, m := range got.Municipalities {
		if m.Appeals != byPlace[m.Name] {
			t.Errorf("%s: %d, want %d", m.Name, m.Appeals, byPlace[m.Name])
		}
	}
	one, err := d.Analytics(app.Inquiry{Period: period, Filter: app.Filter{Municipalities: []string{"г. Канаш"}}})
	if err != nil || one.Now.Appeals != byPlace["г. Канаш"] {
		t.Errorf("one municipality: %d, %v", one.Now.Appeals, err)
	}
	stats, err := d.Stats(period, app.Filter{})
	if err != nil || stats.Appeals.Total != total || stats.FirstResponse.MedianS != int64(got.Now.Response.Median.Seconds()) {
		t.Errorf("stats say %+v, %v", stats.FirstResponse, err)
	}
}

func TestInTimeCountsWhatIsMissingToo(t *testing.T) {
	d := desk(t)
	monday := time.Date(2026, 11, 16, 9, 0, 0, 0, now.Location())
	load(t, d,
		app.BatchRow{Appeal: fact(1, monday, time.Hour, "")},     // in time
		app.BatchRow{Appeal: fact(2, monday, 100*time.Hour, "")}, // late
		app.BatchRow{Appeal: fact(3, monday, 0, "")},             // still missing
		app.BatchRow{Appeal: fact(4, now.Add(-time.Minute), 0, "")},
	)
	s, err := d.Stats(app.Period{}, app.Filter{})
	if err != nil || s.FirstResponse.InTime == nil || *s.FirstResponse.InTime != 1.0/3 {
		t.Errorf("%+v %v", s.FirstResponse, err)
	}
}

func TestGrowthBridgesAPagesGapAndShowsADayWithoutCounts(t *testing.T) {
	d := desk(t)
	page := func(name string, network app.Source) app.Page {
		return app.Page{ID: app.IDFrom(name), Name: name, Network: network}
	}
	a, b := page("a", app.SourceVK), page("b", app.SourceOK)
	today := app.DayOf(now)
	count := func(p app.Page, back app.Day, n uint32) app.BatchRow {
		return app.BatchRow{Count: &app.PageCount{Page: p, Day: today - back, Count: n}}
	}
	load(t, d, count(a, 4, 100), count(b, 4, 10), count(b, 3, 11), count(a, 1, 130), count(b, 1, 12), count(a, 0, 131))
	got, err := d.Analytics(app.Inquiry{Period: app.Period{From: today - 4, To: today}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[app.Source][]int64{
		app.SourceVK: {100, 100, -1, 130, 131},
		app.SourceOK: {10, 11, -1, 12, 12},
	}
	for _, n := range got.Audience.Networks {
		if !slices.Equal(n.Days, want[n.Network]) {
			t.Errorf("%s: %v, want %v", n.Network, n.Days, want[n.Network])
		}
	}
	if got.Audience.Subscribers != 143 || got.Audience.Growth != 33 || got.Audience.Pages != 2 || got.Audience.Of != today {
		t.Errorf("%+v", got.Audience)
	}
	// A page that comes to be counted is no growth, but its subscribers are there.
	load(t, d, count(page("c", app.SourceVK), 0, 1000))
	if got, err = d.Analytics(app.Inquiry{Period: app.Period{From: today - 4, To: today}}); err != nil {
		t.Fatal(err)
	}
	if a := got.Audience; a.Subscribers != 1143 || a.Growth != 33 || a.Pages != 3 || a.Before != nil || len(a.Leaders) != 2 || a.Leaders[0].Name != "a" || len(a.Losers) != 0 {
		t.Errorf("%+v", a)
	}
	one, err := d.Analytics(app.Inquiry{Period: app.Period{From: today - 4, To: today}, Filter: app.Filter{Networks: []app.Source{app.SourceOK}, Topics: []string{"Лифты"}}})
	if err != nil || one.Audience.Subscribers != 12 || one.Audience.Growth != 2 {
		t.Errorf("one network: %+v, %v", one.Audience, err)
	}
}

func TestOneGestureIsAllOrNothing(t *testing.T) {
	d := desk(t, operator...)
	id, err := d.Create(app.Appeal{Kind: app.KindIncident, Source: app.SourceVK, Text: "  Яма на дороге  "})
	if err != nil {
		t.Fatal(err)
	}
	record, _ := d.Record(id)
	card := func() *app.Card {
		t.Helper()
		c, err := d.Card(record)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := card()
	if c.Appeal.Text != "Яма на дороге" || c.Deadline.Due.IsZero() || c.Pending != 1 {
		t.Errorf("card %+v", c)
	}
	// The close lacks its outcome: the answer before it does not happen either.
	err = d.Act(id, append(app.Answer(c.Appeal, "Сделаем", ""), app.Event{Type: app.EventClosed})...)
	if app.CodeOf(err) != app.CodeNeedsField {
		t.Fatalf("got %v", err)
	}
	if c = card(); c.Appeal.Status != app.StatusNew || c.Pending != 1 {
		t.Errorf("half a gesture: %s, %d pending", c.Appeal.Status, c.Pending)
	}
	err = d.Act(id, append(app.Answer(c.Appeal, "Сделаем", ""), app.Event{Type: app.EventClosed, Outcome: app.OutcomeSolved})...)
	if err != nil {
		t.Fatal(err)
	}
	if c = card(); c.Appeal.Status != app.StatusClosed || c.Appeal.Assignee != "Оператор 2" || c.Pending != 4 {
		t.Errorf("%s, %q, %d pending", c.Appeal.Status, c.Appeal.Assignee, c.Pending)
	}
	if _, err := d.Create(app.Appeal{Kind: app.KindIncident, Source: app.SourceVK, Text: " "}); app.CodeOf(err) != app.CodeEmptyText {
		t.Errorf("an empty appeal: %v", err)
	}
	if err := d.Act(app.IDFrom("nobody"), app.Event{Type: app.EventNote, Text: "x"}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("an unknown appeal: %v", err)
	}
}

func TestImportBringsWhatTheSourceLearntMeanwhile(t *testing.T) {
	d := desk(t, operator...)
	start := now.Add(-10 * time.Hour)
	if r := load(t, d, app.BatchRow{Appeal: fact(1, start, 0, "")}); r.Added != 1 {
		t.Fatalf("%+v", r)
	}
	id := fact(1, start, 0, "").ID
	if err := d.Act(id, app.Event{Type: app.EventClassified, Group: "Дороги", Target: "Ямы и выбоины"}); err != nil {
		t.Fatal(err)
	}
	again := fact(1, start, 2*time.Hour, "г. Канаш")
	again.Group = "ЖКХ"
	if r := load(t, d, app.BatchRow{Appeal: again}); r.Updated != 1 || r.Added != 0 {
		t.Errorf("%+v", r)
	}
	if r := load(t, d, app.BatchRow{Appeal: again}); r.Unchanged != 1 || r.Updated != 0 {
		t.Errorf("a third time: %+v", r)
	}
	record, _ := d.Record(id)
	c, err := d.Card(record)
	if err != nil {
		t.Fatal(err)
	}
	if c.Appeal.Status != app.StatusAnswered || c.Appeal.Municipality != "г. Канаш" || c.Appeal.Group != "Дороги" {
		t.Errorf("status %s, place %q, group %q", c.Appeal.Status, c.Appeal.Municipality, c.Appeal.Group)
	}
}

func TestStoppedImportKeepsWhatWasWritten(t *testing.T) {
	d := desk(t)
	var rows []app.BatchRow
	for i := range 3000 {
		rows = append(rows, app.BatchRow{Appeal: fact(i, now.Add(-time.Hour), 0, "")})
	}
	ctx, cancel := context.WithCancel(context.Background())
	_, err := d.Import(ctx, "", &pieces{rows: rows}, func(int, float64) { cancel() })
	if app.CodeOf(err) != app.CodeCancelled {
		t.Fatalf("got %v", err)
	}
	if r := load(t, d, rows...); r.Unchanged == 0 || r.Added == 0 || r.Added+r.Unchanged != len(rows) {
		t.Errorf("%+v", r)
	}
}

func TestPagesSortAndFilter(t *testing.T) {
	d := desk(t)
	today := app.DayOf(now)
	var rows []app.BatchRow
	for i, name := range []string{"Ёлка", "Музей", "Аптека"} {
		p := app.Page{ID: app.IDFrom(name), Name: name, Network: app.SourceVK}
		rows = append(rows, app.BatchRow{Page: &p},
			app.BatchRow{Count: &app.PageCount{Page: p, Day: today - 7, Count: uint32(100 * (i + 1))}},
			app.BatchRow{Count: &app.PageCount{Page: p, Day: today, Count: uint32(100*(i+1) + 10 - 8*i)}})
	}
	bare := app.Page{ID: app.IDFrom("bare"), Name: "Без замеров", Network: app.SourceOK}
	load(t, d, append(rows, app.BatchRow{Page: &bare})...)
	names := func(q app.PageQuery) (out []string) {
		t.Helper()
		got, err := d.Pages(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range got {
			out = append(out, r.Name)
		}
		return out
	}
	for _, c := range []struct {
		q    app.PageQuery
		want []string
	}{
		{app.PageQuery{Sort: app.PagesByCount}, []string{"Аптека", "Музей", "Ёлка", "Без замеров"}},
		{app.PageQuery{Sort: app.PagesByName}, []string{"Аптека", "Без замеров", "Ёлка", "Музей"}},
		{app.PageQuery{Sort: app.PagesByWeek}, []string{"Ёлка", "Музей", "Аптека", "Без замеров"}},
		{app.PageQuery{Words: "елка"}, []string{"Ёлка"}},
		{app.PageQuery{Network: app.SourceOK}, []string{"Без замеров"}},
	} {
		if got := names(c.q); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.q, got, c.want)
		}
	}
}

// TestDeskKeepsToItsScope before the server has to.
func TestDeskKeepsToItsScope(t *testing.T) {
	d := desk(t, operator...)
	d.SetMe(app.Identity{Name: "Оператор 2", Roles: operator, Municipalities: []string{"г. Канаш"}})
	a := app.Appeal{Kind: app.KindIncident, Source: app.SourceVK, Text: "Яма"}
	for place, want := range map[string]app.Code{"г. Канаш": "", "г. Шумерля": app.CodeOutOfScope, "": app.CodeOutOfScope} {
		a.Municipality = place
		if _, err := d.Create(a); app.CodeOf(err) != want {
			t.Errorf("%q: %v", place, err)
		}
	}
	r := load(t, d, app.BatchRow{Line: 2, Appeal: fact(1, now, 0, "г. Канаш")}, app.BatchRow{Line: 3, Appeal: fact(2, now, 0, "г. Шумерля")})
	if r.Added != 1 || len(r.Skips) != 1 || r.Skips[0] != (app.Skip{Line: 3, Reason: "out_of_scope"}) {
		t.Errorf("%+v", r)
	}
	// What is here already may go elsewhere.
	if r = load(t, d, app.BatchRow{Line: 2, Appeal: fact(1, now, 0, "г. Шумерля")}); r.Updated != 1 {
		t.Errorf("%+v", r)
	}
	d.SetMe(app.Identity{Name: "Руководитель", Roles: []app.Role{app.RoleManager}})
	if _, err := d.Create(a); app.CodeOf(err) != app.CodeWrongRole {
		t.Errorf("%v", err)
	}
}

func TestTopGrowthLeavesOutWhatIsNotKnown(t *testing.T) {
	d := desk(t)
	today := app.DayOf(now)
	var rows []app.BatchRow
	count := func(name string, network app.Source, back app.Day, n uint32) {
		page := app.Page{ID: app.IDFrom(name), Name: name, Network: network}
		rows = append(rows, app.BatchRow{Count: &app.PageCount{Page: page, Day: today - back, Count: n}})
	}
	count("grows", app.SourceVK, 30, 100)
	count("grows", app.SourceVK, 0, 150)
	count("grows more", app.SourceOK, 33, 10) // stands for the day of three days later
	count("grows more", app.SourceOK, 3, 90)
	count("shrinks", app.SourceVK, 30, 50)
	count("shrinks", app.SourceVK, 1, 20)
	count("new", app.SourceVK, 5, 1000) // no count to begin with
	count("new", app.SourceVK, 0, 9000)
	count("forgotten", app.SourceVK, 30, 1)
	count("forgotten", app.SourceVK, 4, 5000) // too old at the end
	load(t, d, rows...)
	period := app.Period{From: today - 30, To: today}
	names := func(f app.Filter, most int) (out []string) {
		top, err := d.TopGrowth(period, f, most)
		if err != nil {
			t.Fatal(err)
		}
		low, err := d.TopFall(period, f, most)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range append(top, low...) {
			out = append(out, fmt.Sprintf("%s %d", p.Name, p.Diff()))
		}
		return out
	}
	if got := names(app.Filter{}, 100); !slices.Equal(got, []string{"grows more 80", "grows 50", "shrinks -30"}) {
		t.Errorf("%v", got)
	}
	if got := names(app.Filter{}, 1); !slices.Equal(got, []string{"grows more 80", "shrinks -30"}) {
		t.Errorf("the first: %v", got)
	}
	if got := names(app.Filter{Sources: []app.Source{app.SourceVK}}, 100); !slices.Equal(got, []string{"grows 50", "shrinks -30"}) {
		t.Errorf("of one network: %v", got)
	}
	if got := names(app.Filter{Page: app.IDFrom("shrinks")}, 100); !slices.Equal(got, []string{"shrinks -30"}) {
		t.Errorf("of one page: %v", got)
	}
	if got := names(app.Filter{}, 0); got != nil {
		t.Errorf("none asked for: %v", got)
	}
}
