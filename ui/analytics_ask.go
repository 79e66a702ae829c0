package ui

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"otklik/app"
	"otklik/assets"
)

// settingAnalytics remembers what the screen was left at: a manager asks the same
// every morning.
const settingAnalytics = "analytics"

// preset is a period that moves with the calendar; its words are "analytics." + it.
type preset string

// Presets: the first four are buttons, the rest stand in the list of periods.
const (
	presetWeek        preset = "week"
	presetMonth       preset = "month"
	presetQuarter     preset = "quarter"
	presetYear        preset = "year"
	presetThisMonth   preset = "this_month"
	presetLastMonth   preset = "last_month"
	presetThisQuarter preset = "this_quarter"
	presetLastQuarter preset = "last_quarter"
	presetThisYear    preset = "this_year"
	presetLastYear    preset = "last_year"
	presetDates       preset = "dates" // what was typed or drawn
)

// presetButtons are always in sight.
var presetButtons = []preset{presetWeek, presetMonth, presetQuarter, presetYear}

// presets lists all presets.
var presets = append(slices.Clone(presetButtons),
	presetThisMonth, presetLastMonth, presetThisQuarter, presetLastQuarter, presetThisYear, presetLastYear, presetDates)

// period gives the days of a preset. So many days end with yesterday: a day that is
// not over would look like a fall. What is called «this» ends with today, and the
// screen says that it is not over.
func (p preset) period(today app.Day) app.Period {
	now := today.In(time.UTC)
	month := func(by int) app.Day {
		return app.DayOf(time.Date(now.Year(), now.Month()+time.Month(by), 1, 0, 0, 0, 0, time.UTC))
	}
	quarter := -(int(now.Month()-1) % 3) // months back to where it began
	year := 1 - int(now.Month())
	back := func(days app.Day) app.Period { return app.Period{From: today - days, To: today - 1} }
	switch p {
	case presetWeek:
		return back(7)
	case presetQuarter:
		return back(91)
	case presetYear:
		return back(365)
	case presetThisMonth:
		return app.Period{From: month(0), To: today}
	case presetLastMonth:
		return app.Period{From: month(-1), To: month(0) - 1}
	case presetThisQuarter:
		return app.Period{From: month(quarter), To: today}
	case presetLastQuarter:
		return app.Period{From: month(quarter - 3), To: month(quarter) - 1}
	case presetThisYear:
		return app.Period{From: month(year), To: today}
	case presetLastYear:
		return app.Period{From: month(year - 12), To: month(year) - 1}
	}
	return back(30)
}

// asked is what the screen asks for.
type asked struct {
	Preset  preset     `json:"preset"`
	Period  app.Period `json:"period,omitzero"` // of presetDates
	Filter  app.Filter `json:"filter,omitzero"`
	Step    app.Step   `json:"step,omitempty"`     // "": as the period asks
	YearAgo bool       `json:"year_ago,omitempty"` // compared with the same period a year before
	Group   string     `json:"group,omitempty"`    // of cards
}

// readAsked reads what was remembered; of what cannot be read nothing is left.
func readAsked(words string) asked {
	a := asked{Preset: presetMonth, Group: analyticsGroups[0].name}
	if json.Unmarshal([]byte(words), &a) != nil || !slices.Contains(presets, a.Preset) {
		a = asked{Preset: presetMonth}
	}
	if a.Preset == presetDates && a.Period.Whole() {
		a.Preset = presetMonth
	}
	if !slices.ContainsFunc(analyticsGroups, func(g cardGroup) bool { return g.name == a.Group }) {
		a.Group = analyticsGroups[0].name
	}
	return a
}

// inquiry is the question of that day.
func (a asked) inquiry(today app.Day) app.Inquiry {
	q := app.Inquiry{Period: a.Period, Filter: a.Filter, Step: a.Step}
	if a.Preset != presetDates {
		q.Period = a.Preset.period(today)
	}
	return q
}

// condition is one of the conditions of the panel «Отбор»; its words are "analytics.by." + name.
type condition struct {
	name    string
	pages   bool // narrows pages, too
	get     func(app.Filter) []string
	set     func(*app.Filter, []string)
	options func(*app.Region, app.Filter, *app.Analytics) []string
	family  string // of the words of its values, "" where they are words
}

// conditions are the conditions, in the order of the panel.
var conditions = []condition{
	conditionOf("municipality", "", true, func(f *app.Filter) *[]string { return &f.Municipalities },
		func(r *app.Region, _ app.Filter, a *app.Analytics) []string {
			var out []string
			for _, m := range r.Municipalities {
				out = append(out, m.Name)
			}
			return withSeen(out, a, func(a *app.Analytics) []app.Share { return a.Municipalities })
		}),
	conditionOf("executor", "", false, func(f *app.Filter) *[]string { return &f.Executors },
		func(r *app.Region, _ app.Filter, a *app.Analytics) []string {
			return withSeen(slices.Clone(r.Executors), a, func(a *app.Analytics) []app.Share { return a.Executors })
		}),
	conditionOf("group", "", false, func(f *app.Filter) *[]string { return &f.Groups },
		func(r *app.Region, _ app.Filter, a *app.Analytics) []string {
			var out []string
			for _, g := range r.Groups {
				out = append(out, g.Name)
			}
			return withSeen(out, a, func(a *app.Analytics) []app.Share { return a.Groups })
		}),
	conditionOf("topic", "", false, func(f *app.Filter) *[]string { return &f.Topics },
		func(r *app.Region, f app.Filter, a *app.Analytics) []string {
			var out []string
			for _, g := range r.Groups {
				if len(f.Groups) == 0 || slices.Contains(f.Groups, g.Name) {
					out = append(out, g.Topics...)
				}
			}
			return withSeen(out, a, func(a *app.Analytics) []app.Share { return a.Topics })
		}),
	conditionOf("source", "source", false, func(f *app.Filter) *[]app.Source { return &f.Sources },
		func(*app.Region, app.Filter, *app.Analytics) []string { return plainWords(app.Sources) }),
	conditionOf("kind", "kind", false, func(f *app.Filter) *[]app.Kind { return &f.Kinds },
		func(*app.Region, app.Filter, *app.Analytics) []string { return plainWords(app.Kinds) }),
	conditionOf("network", "source", true, func(f *app.Filter) *[]app.Source { return &f.Networks },
		func(*app.Region, app.Filter, *app.Analytics) []string { return plainWords(networks) }),
}

// networks are the sources on which public pages stand.
var networks = []app.Source{app.SourceVK, app.SourceOK, app.SourceTelegram, app.SourceMAX, app.SourceViber}

func conditionOf[V ~string](name, family string, pages bool, of func(*app.Filter) *[]V,
	options func(*app.Region, app.Filter, *app.Analytics) []string,
) condition {
	return condition{
		name: name, family: family, pages: pages, options: options,
		get: func(f app.Filter) []string { return plainWords(*of(&f)) },
		set: func(f *app.Filter, values []string) {
			var chosen []V
			for _, v := range values {
				chosen = append(chosen, V(v))
			}
			*of(f) = chosen
		},
	}
}

func plainWords[V ~string](values []V) []string {
	var out []string
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}

// withSeen adds what occurs and is in no table of the region; without a name of it
// is what nobody has filled in.
func withSeen(known []string, a *app.Analytics, of func(*app.Analytics) []app.Share) []string {
	if a != nil {
		for _, s := range of(a) {
			if !slices.Contains(known, s.Name) {
				known = append(known, s.Name)
			}
		}
	}
	return known
}

// value is what a person calls a value of the facet.
func (f condition) value(t *assets.Texts, v string) string {
	switch {
	case v == "":
		return t.T("analytics.none_given")
	case f.family != "":
		return assets.Name(t, f.family, v)
	}
	return v
}

// with gives the filter with the value added, or without it where it is chosen.
func (f condition) with(filter app.Filter, value string) app.Filter {
	values := slices.Clone(f.get(filter))
	if at := slices.Index(values, value); at >= 0 {
		values = slices.Delete(values, at, at+1)
	} else {
		values = append(values, value)
	}
	f.set(&filter, values)
	return filter
}

// deaf says in words which conditions of the filter say nothing of pages, "" where
// there are none.
func deaf(t *assets.Texts, filter app.Filter) string {
	var names []string
	for _, f := range conditions {
		if !f.pages && len(f.get(filter)) > 0 {
			names = append(names, t.T("analytics.deaf."+f.name))
		}
	}
	if names == nil {
		return ""
	}
	return t.T("analytics.deaf", strings.Join(names, ", "))
}
