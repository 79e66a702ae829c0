package main

import (
	"cmp"
	"context"
	"flag"
	"slices"
	"time"

	"otklik/app"
)

// asked is what figures are narrowed by on the command line: a flag may come several
// times, each value another alternative.
type asked struct {
	filter app.Filter
	step   app.Step
	wrong  error // the first value that cannot be
}

// flags adds those of the filter.
func (a *asked) flags(f *flag.FlagSet) {
	words := func(name string, to *[]string) {
		f.Func(name, "", func(v string) error {
			*to = append(*to, v)
			return nil
		})
	}
	words("municipality", &a.filter.Municipalities)
	words("executor", &a.filter.Executors)
	words("group", &a.filter.Groups)
	words("topic", &a.filter.Topics)
	oneOf(a, f, "source", app.Sources, func(v app.Source) { a.filter.Sources = append(a.filter.Sources, v) })
	oneOf(a, f, "network", app.Sources, func(v app.Source) { a.filter.Networks = append(a.filter.Networks, v) })
	oneOf(a, f, "kind", app.Kinds, func(v app.Kind) { a.filter.Kinds = append(a.filter.Kinds, v) })
	oneOf(a, f, "step", app.Steps, func(v app.Step) { a.step = v })
}

// oneOf adds a flag that takes codes.
func oneOf[V ~string](a *asked, f *flag.FlagSet, name string, all []V, take func(V)) {
	f.Func(name, "", func(v string) error {
		if !slices.Contains(all, V(v)) {
			a.wrong = first(a.wrong, app.Fail(app.CodeBadArgument, "--"+name+" "+v, all))
		}
		take(V(v))
		return nil
	})
}

// printedStats is what `stats --json` prints.
type printedStats struct {
	app.Stats
	Analytics app.PrintedFigures `json:"analytics"`
}

// runStats prints the figures of a period.
func runStats(_ context.Context, in *invocation) (err error) {
	from, to, err := in.days()
	if err != nil {
		return err
	}
	st, err := openStation(in)
	if err != nil {
		return err
	}
	defer func() { err = first(err, st.close()) }()
	period := app.Period{}
	if from != nil || to != nil {
		// Open at the end that was not given.
		if period, err = st.desk.Known(); err != nil {
			return err
		}
		if from != nil {
			period.From, period.To = *from, max(period.To, *from)
		}
		if to != nil {
			period.From, period.To = min(period.From, *to), *to
		}
	}
	stats, err := st.desk.Stats(period, in.asked.filter)
	if err != nil {
		return err
	}
	figures, err := st.desk.Analytics(app.Inquiry{Period: period, Filter: in.asked.filter, Step: in.asked.step})
	if err != nil {
		return err
	}
	if in.json {
		return in.printJSON(printedStats{stats, figures.Printed()})
	}
	in.tellStats(stats, figures)
	return nil
}

// days reads the ends of the period; nil where one was not given.
func (in *invocation) days() (from, to *app.Day, err error) {
	for _, end := range []struct {
		typed string
		day   **app.Day
	}{{in.from, &from}, {in.to, &to}} {
		if end.typed == "" {
			continue
		}
		day, err := app.ParseDay(end.typed)
		if err != nil {
			return nil, nil, err
		}
		*end.day = &day
	}
	if from != nil && to != nil && *to < *from {
		return nil, nil, app.Fail(app.CodeBadArgument, "--to "+in.to, ">= "+in.from)
	}
	return from, to, nil
}

// tellStats prints figures for people.
func (in *invocation) tellStats(s app.Stats, a *app.Analytics) {
	t := in.text
	date := func(d app.Day) string { return d.In(time.UTC).Format("02.01.2006") }
	in.println("cli.stats.period", date(a.Period.From), date(a.Period.To))
	in.println("cli.stats.appeals", s.Appeals.Total, s.Appeals.Open, s.Appeals.Answered)
	in.println("cli.stats.flow", a.Now.Appeals, a.Now.Closed, a.Now.Backlog, a.Before.Appeals, a.YearAgo.Appeals)
	share := func(s app.Summary) string {
		if part, ok := s.Share(); ok {
			return t.Percent(part, 1)
		}
		return "—"
	}
	r := s.FirstResponse
	duration := func(s int64) string { return t.Duration(time.Duration(s) * time.Second) }
	inTime := "—"
	if r.InTime != nil {
		inTime = t.Percent(*r.InTime, 1)
	}
	in.println("cli.stats.response", r.N, duration(r.MedianS), duration(r.P90S), duration(r.MeanS), inTime)
	if before := a.Before.Response; before.N > 0 {
		in.println("cli.stats.before", before.N, t.Duration(before.Median), t.Duration(before.P90), share(before))
	}
	for _, group := range a.Groups[:min(len(a.Groups), 5)] {
		in.println("cli.stats.group", t.Percent(group.Part, 1), group.Appeals, cmp.Or(group.Name, t.T("cli.stats.none")))
	}
	p := s.Pages
	in.println("cli.stats.pages", p.Total, p.WithLink, t.Number(p.Subscribers))
	if a.Partial {
		in.println("cli.stats.partial")
	}
}
