package app_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"otklik/app"
)

// figured gives a desk with appeals of a year and more, in all states.
func figured(t *testing.T) *app.Desk {
	t.Helper()
	d := desk(t)
	rnd := rand.New(rand.NewPCG(5, 6))
	var rows []app.BatchRow
	for i := range 600 {
		start := now.Add(-time.Duration(rnd.IntN(420*24*60)) * time.Minute).Truncate(time.Second)
		if i%3 == 0 {
			start = now.Add(-time.Duration(rnd.IntN(30*24*60)) * time.Minute).Truncate(time.Second)
		}
		a := fact(i, start, 0, []string{"г. Чебоксары", "г. Канаш", ""}[rnd.IntN(3)])
		a.Kind, a.Source = app.Kinds[rnd.IntN(2)], app.Sources[rnd.IntN(4)]
		a.Group = []string{"Дороги", "ЖКХ", ""}[rnd.IntN(3)]
		a.Executor = []string{"Минстрой Чувашии", "Минтранс Чувашии"}[rnd.IntN(2)]
		if a.Group == "ЖКХ" {
			a.Topic = []string{"Лифты", "Отопление"}[rnd.IntN(2)]
		}
		reply := start.Add(time.Duration(math.Exp(rnd.NormFloat64()*2+9)) * time.Second)
		end := reply.Add(time.Duration(rnd.IntN(72)) * time.Hour)
		add := func(e app.Event) {
			if e.At.Before(now) {
				e.ID = fmt.Sprint(a.ID, len(a.Events))
				a.Apply(e)
			}
		}
		switch rnd.IntN(10) {
		case 0:
		case 1:
			add(app.Event{Type: app.EventRejected, Text: "не обращение", At: end})
		case 2:
			add(app.Event{Type: app.EventAnswered, Text: "а", At: reply})
		case 3:
			add(app.Event{Type: app.EventAnswered, Text: "а", At: reply})
			add(app.Event{Type: app.EventClosed, At: end})
			add(app.Event{Type: app.EventReopened, At: end.Add(time.Hour)})
		default:
			add(app.Event{Type: app.EventAnswered, Text: "а", At: reply})
			add(app.Event{Type: app.EventClosed, At: end})
		}
		rows = append(rows, app.BatchRow{Appeal: a})
	}
	load(t, d, rows...)
	return d
}

func found(t *testing.T, d *app.Desk, f app.Filter) int {
	t.Helper()
	out, err := d.Find(app.Query{Queue: app.QueueAll, Filter: f})
	if err != nil {
		t.Fatal(err)
	}
	return out.Total
}

// TestAPointOfAChartOpensWhatItCounts asks for the appeals behind each figure.
func TestAPointOfAChartOpensWhatItCounts(t *testing.T) {
	d := figured(t)
	zone := d.Region().Location()
	today := app.DayOf(now)
	for _, q := range []app.Inquiry{
		{Period: app.Period{From: today - 29, To: today}},
		{Period: app.Period{From: today - 89, To: today - 3}, Step: app.StepWeek},
		{Period: app.Period{From: today - 399, To: today + 20}, Step: app.StepMonth, Filter: app.Filter{Groups: []string{"ЖКХ", ""}, Kinds: app.Kinds[:1]}},
	} {
		a, err := d.Analytics(q)
		if err != nil {
			t.Fatal(err)
		}
		within := func(p app.Period) app.Filter {
			f := q.Filter
			f.Since, f.Until = p.From.In(zone), (p.To + 1).In(zone)
			return f
		}
		same := func(what string, got, want int) {
			t.Helper()
			if got != want {
				t.Errorf("%s of %v: %d appeals behind %d", what, q.Period, got, want)
			}
		}
		whole := within(q.Period)
		for name, tally := range map[string]app.Tally{"now": a.Now, "before": a.Before, "a year ago": a.YearAgo} {
			same(name, found(t, d, within(tally.Period)), tally.Appeals)
			closed := q.Filter
			closed.Closed = app.Moments{From: tally.Period.From.In(zone), To: (tally.Period.To + 1).In(zone)}
			same("closed "+name, found(t, d, closed), tally.Closed)
			late := within(tally.Period)
			late.Late = true
			same("late "+name, found(t, d, late), tally.Response.Overdue())
		}
		sum, ended := 0, 0
		for i, step := range a.Steps {
			same("a step", found(t, d, within(step.Period)), step.Appeals)
			closed := q.Filter
			closed.Closed = app.Moments{From: step.Period.From.In(zone), To: (step.Period.To + 1).In(zone)}
			same("closed in a step", found(t, d, closed), step.Closed)
			sum, ended = sum+step.Appeals, ended+step.Closed
			if i > 0 && step.Period.From != a.Steps[i-1].Period.To+1 {
				t.Errorf("a gap before %v", step.Period)
			}
			last := step.Period.To >= today
			if step.Partial && i > 0 && i < len(a.Steps)-1 || last && !step.Partial {
				t.Errorf("%v: partial %v", step.Period, step.Partial)
			}
		}
		if sum != a.Now.Appeals || ended != a.Now.Closed || a.Steps[len(a.Steps)-1].Backlog != a.Now.Backlog {
			t.Errorf("steps of %d and %d, %d at the end; all of %+v", sum, ended, a.Steps[len(a.Steps)-1].Backlog, a.Now)
		}
		for facet, shares := range map[string][]app.Share{
			"municipality": a.Municipalities, "executor": a.Executors, "group": a.Groups, "topic": a.Topics, "source": a.Sources, "kind": a.Kinds,
		} {
			part := 0.0
			for i, s := range shares {
				f := whole
				switch facet {
				case "municipality":
					f.Municipalities = []string{s.Name}
				case "executor":
					f.Executors = []string{s.Name}
				case "group":
					f.Groups = []string{s.Name}
				case "topic":
					f.Topics = []string{s.Name}
				case "source":
					f.Sources = []app.Source{app.Source(s.Name)}
				case "kind":
					f.Kinds = []app.Kind{app.Kind(s.Name)}
				}
				same(facet+" "+s.Name, found(t, d, f), s.Appeals)
				f.Late = true
				same("late of "+s.Name, found(t, d, f), s.Response.Overdue())
				part += s.Part
				if i > 0 && s.Name != "" && shares[i-1].Appeals < s.Appeals || s.Name == "" && i < len(shares)-1 {
					t.Errorf("%s: %s stands wrong", facet, s.Name)
				}
			}
			if math.Abs(part-1) > 1e-9 {
				t.Errorf("%s: shares of %v in all", facet, part)
			}
		}
		for weekday, hours := range a.Heat {
			for hour, n := range hours {
				f := whole
				f.Hour = &app.WeekHour{Weekday: weekday, Hour: hour}
				same("an hour", found(t, d, f), n)
			}
		}
		answers := 0
		for _, bin := range a.Took {
			f := whole
			f.Took = &bin.Lengths
			same("a length", found(t, d, f), bin.N)
			answers += bin.N
		}
		if answers != a.Now.Response.N {
			t.Errorf("%d answers by length, %d in all", answers, a.Now.Response.N)
		}
	}
}

// TestFiguresAgreeWithAPlainScan reckons backlog, summaries of groups and the curve of
// the unanswered over the appeals themselves.
func TestFiguresAgreeWithAPlainScan(t *testing.T) {
	d := figured(t)
	zone, today := d.Region().Location(), app.DayOf(now)
	q := app.Inquiry{Period: app.Period{From: today - 59, To: today}}
	a, err := d.Analytics(q)
	if err != nil {
		t.Fatal(err)
	}
	all, err := d.Find(app.Query{Queue: app.QueueAll})
	if err != nil {
		t.Fatal(err)
	}
	var appeals []*app.Appeal
	for _, record := range all.Records {
		one, err := d.AppealAt(record)
		if err != nil {
			t.Fatal(err)
		}
		appeals = append(appeals, one)
	}
	backlog := func(end time.Time) (n int) {
		for _, one := range appeals {
			start, _ := one.Start()
			ended, over := one.Ended()
			if start.At.Before(end) && (!over || !ended.At.Before(end)) {
				n++
			}
		}
		return n
	}
	for _, step := range a.Steps {
		if want := backlog((step.Period.To + 1).In(zone)); step.Backlog != want {
			t.Errorf("%v: %d open, want %d", step.Period, step.Backlog, want)
		}
	}
	for _, tally := range []app.Tally{a.Now, a.Before, a.YearAgo} {
		if want := backlog((tally.Period.To + 1).In(zone)); tally.Backlog != want {
			t.Errorf("%v: %d open, want %d", tally.Period, tally.Backlog, want)
		}
	}
	// Each appeal of the period: how long it waited, and whether that ended with an answer.
	type waited struct {
		time.Duration
		answered bool
	}
	var waits []waited
	byGroup := map[string][]float64{}
	for _, one := range appeals {
		start, _ := one.Start()
		if app.DayOf(start.At.In(zone)) < q.Period.From {
			continue
		}
		if took, ok := one.FirstResponse(); ok {
			waits = append(waits, waited{took, true})
			byGroup[one.Group] = append(byGroup[one.Group], took.Seconds())
		} else if ended, over := one.Ended(); over {
			waits = append(waits, waited{ended.At.Sub(start.At), false})
		} else {
			waits = append(waits, waited{now.Sub(start.At), false})
		}
	}
	for _, g := range a.Groups {
		took := byGroup[g.Name]
		slices.Sort(took)
		at := 0.9 * float64(len(took)-1)
		low, high := took[int(at)], took[int(math.Ceil(at))]
		if want := low + (at-math.Floor(at))*(high-low); g.Response.N != len(took) || math.Abs(g.Response.P90.Seconds()-want) > 0.5 {
			t.Errorf("%s: %d answers, p90 %v; want %d, %v s", g.Name, g.Response.N, g.Response.P90, len(took), want)
		}
	}
	survival := func(after time.Duration) float64 {
		share := 1.0
		var times []time.Duration
		for _, w := range waits {
			if w.answered && w.Duration <= after && !slices.Contains(times, w.Duration) {
				times = append(times, w.Duration)
			}
		}
		for _, at := range times {
			risk, answered := 0, 0
			for _, w := range waits {
				if w.Duration >= at {
					risk++
				}
				if w.Duration == at && w.answered {
					answered++
				}
			}
			share *= 1 - float64(answered)/float64(risk)
		}
		return share
	}
	if n := len(a.Unanswered); n < 10 || n > 200 || a.Unanswered[0] != (app.Survival{Share: 1, AtRisk: len(waits)}) {
		t.Fatalf("a curve of %d points, %+v", n, a.Unanswered)
	}
	for i, p := range a.Unanswered[1:] {
		risk := 0
		for _, w := range waits {
			if w.Duration >= p.After {
				risk++
			}
		}
		if want := survival(p.After); math.Abs(p.Share-want) > 1e-9 || p.AtRisk != risk || p.Share > a.Unanswered[i].Share {
			t.Errorf("after %v: %v of %d, want %v of %d", p.After, p.Share, p.AtRisk, want, risk)
		}
	}
}

func TestStepsAreCutByThePeriod(t *testing.T) {
	day := func(s string) app.Day {
		d, err := app.ParseDay(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	p := app.Period{From: day("2026-01-30"), To: day("2026-03-03")}
	for step, want := range map[app.Step][]string{
		app.StepMonth: {"2026-01-30", "2026-02-01", "2026-03-01"},
		app.StepWeek:  {"2026-01-30", "2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02"},
	} {
		var got []string
		for _, s := range p.Steps(step) {
			got = append(got, s.From.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v", step, got)
		}
	}
	if n := len(p.Steps(app.StepDay)); n != p.Days() {
		t.Errorf("%d days", n)
	}
}
