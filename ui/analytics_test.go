package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"otklik/app"
	"otklik/report"
)

func openAnalytics(t testing.TB, fill func(*fakeStore)) (*fixture, *analyticsScreen) {
	t.Helper()
	f := openWindow(t, fixed{lang: "ru", store: fill})
	f.open(screenAnalytics)
	s := f.screens[screenAnalytics].(*analyticsScreen)
	f.until(func() bool { return s.figures != nil })
	return f, s
}

func full(s *fakeStore) {
	drawnPages(s)
	answeredAppeals(s)
}

// inDialog are the fields of a kind in the open question.
func inDialog[T fyne.CanvasObject](f *fixture) (out []T) {
	f.t.Helper()
	for _, o := range under(f.dialog.pop.Content) {
		if field, ok := o.(T); ok {
			out = append(out, field)
		}
	}
	return out
}

// view is the chart of a card.
func (s *analyticsScreen) view(name string) *chartView { return s.cards[name].body.(*chartView) }

// chips are the words of the conditions in sight.
func (s *analyticsScreen) chips() (out []string) {
	for _, o := range s.strip.chips.Objects {
		out = append(out, o.(*toggle).words.Text)
	}
	return out
}

func TestPresetsOfPeriods(t *testing.T) {
	today := app.DayOf(time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC))
	for p, want := range map[preset]string{
		presetWeek: "2026-02-26 2026-03-04", presetMonth: "2026-02-03 2026-03-04", presetQuarter: "2025-12-04 2026-03-04",
		presetYear: "2025-03-05 2026-03-04", presetThisMonth: "2026-03-01 2026-03-05", presetLastMonth: "2026-02-01 2026-02-28",
		presetThisQuarter: "2026-01-01 2026-03-05", presetLastQuarter: "2025-10-01 2025-12-31",
		presetThisYear: "2026-01-01 2026-03-05", presetLastYear: "2025-01-01 2025-12-31",
	} {
		if got := p.period(today); got.From.String()+" "+got.To.String() != want {
			t.Errorf("%s: %s – %s, want %s", p, got.From, got.To, want)
		}
	}
}

func TestTypedDays(t *testing.T) {
	for words, want := range map[string]string{
		"24.11.2026": "2026-11-24", " 4.1.26 ": "2026-01-04", "24,11,2026": "2026-11-24", "24/11/2026": "2026-11-24",
		"24112026": "2026-11-24", "2026-11-24": "2026-11-24",
		"": "", "32.10.2026": "", "29.02.2026": "", "24.11.1026": "", "завтра": "", "24.11": "",
	} {
		day, ok := typedDay(words)
		if ok != (want != "") || ok && day.String() != want {
			t.Errorf("%q is %s, %v", words, day, ok)
		}
	}
}

func TestAnalyticsPeriodsAreWholeDays(t *testing.T) {
	f, s := openAnalytics(t, full)
	if got := s.dates.label(); got != "25.10 – 23.11.2026" {
		t.Errorf("thirty days before 24.11.2026 are %q", got)
	}
	test.Tap(s.periods[0])
	f.until(func() bool { return s.figures.Period.Days() == 7 })
	if s.figures.Period.To != today-1 || !s.periods[0].chosen || s.periods[1].chosen {
		t.Errorf("a week: %+v", s.figures.Period)
	}
	test.Tap(s.periods[3])
	f.until(func() bool { return s.figures.Period.Days() == 365 })
	if got := s.dates.label(); got != "24.11.2025 – 23.11.2026" {
		t.Errorf("a year is %q", got)
	}
}

func TestAnalyticsAnyDates(t *testing.T) {
	f, s := openAnalytics(t, full)
	s.dates.chosen(string(presetDates))
	fields := inDialog[*entry](f)
	if len(fields) != 2 || fields[0].Text != "25.10.2026" {
		t.Fatalf("the question begins with %d fields", len(fields))
	}
	for _, wrong := range []struct{ from, to, says string }{
		{"31.11.2026", "23.11.2026", "«31.11.2026» — не дата"},
		{"23.11.2026", "01.11.2026", "раньше первого"},
		{"01.11.2026", "25.11.2026", "не наступил"},
	} {
		fields[0].SetText(wrong.from)
		fields[1].SetText(wrong.to)
		f.dialog.accept()
		if f.dialog == nil || !strings.Contains(f.dialog.problem.Text, wrong.says) {
			t.Fatalf("%v is not told", wrong)
		}
	}
	fields[0].SetText("1.11.2026")
	fields[1].SetText("10.11.2026")
	fields[1].TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	f.dialog.accept()
	f.until(func() bool { return s.figures.Period.Days() == 11 })
	if f.dialog != nil || s.asked.Preset != presetDates {
		t.Errorf("asked %+v", s.asked)
	}
}

func TestAnalyticsFigures(t *testing.T) {
	f, s := openAnalytics(t, full)
	a := s.figures
	if s.appeals.full[1] != f.text.Number(int64(a.Now.Appeals)) || a.Now.Appeals == 0 {
		t.Errorf("appeals: %q of %d", s.appeals.full[1], a.Now.Appeals)
	}
	if s.median.full[1] != f.text.Duration(a.Now.Response.Median) || !strings.Contains(s.median.notes[0].words, "к прошлому периоду") {
		t.Errorf("median %q: %+v", s.median.full[1], s.median.notes)
	}
	if !strings.Contains(s.subscribers.full[0], "не люди") {
		t.Error("the sum of subscribers does not say that it is no number of people")
	}
	c := make([]cell, 6)
	s.places.fill(0, c)
	if m := s.places.rows[0]; c[0].words != m.Name || c[1].words != f.text.Number(int64(m.Appeals)) {
		t.Errorf("first municipality: %+v", c)
	}
	f.until(func() bool {
		return s.view("networks").shown.Image != nil && s.view("responses").shown.Image != nil && s.view("heat").shown.Image != nil
	})
}

// Nothing is drawn that cannot be seen; it follows when it is scrolled to or turned to.
func TestAnalyticsDrawsWhatIsSeen(t *testing.T) {
	f, s := openAnalytics(t, full)
	if s.cards["networks"].shown == nil || s.cards["pace"].shown != nil {
		t.Fatal("the first page is not what is drawn")
	}
	s.Key(&fyne.KeyEvent{Name: fyne.KeyRight})
	if s.asked.Group != "speed" || s.cards["in_time"].shown == nil || s.cards["speed_table"].shown != nil {
		t.Fatalf("page %s: the upper cards are not what is drawn", s.asked.Group)
	}
	for range 4 {
		s.Key(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	}
	if s.cards["speed_table"].shown != s.figures {
		t.Error("what was scrolled to is not drawn")
	}
	for i, g := range analyticsGroups {
		s.Key(&fyne.KeyEvent{Name: fyne.KeyName(rune('1' + i))})
		if s.asked.Group != g.name || !s.strip.tabs[i].chosen {
			t.Errorf("%d leads to %s", i+1, s.asked.Group)
		}
	}
	f.settle()
}

func TestAnalyticsTrend(t *testing.T) {
	f, s := openAnalytics(t, full)
	summary := func(in int) app.Summary { return app.Summary{Timed: 1000, InTime: in} }
	s.places.rows = []app.Share{
		{Name: "лучше", Response: summary(951), Before: summary(940), YearAgo: summary(960)},
		{Name: "хуже", Response: summary(811), Before: summary(853)},
		{Name: "так же", Response: summary(900), Before: summary(900)},
		{Name: "впервые", Response: summary(900)},
		{Name: "без сроков"},
	}
	s.places.table.setCount(5)
	for i, want := range []struct {
		share, points string
		trend         int
	}{{"95,1\u00a0%", "1,1", 1}, {"81,1\u00a0%", "4,2", -1}, {"90,0\u00a0%", "0,0", 0}, {"90,0\u00a0%", "—", 0}, {"—", "—", 0}} {
		c := make([]cell, 6)
		s.places.fill(i, c)
		if c[4].words != want.share || c[5].words != want.points || c[5].trend != want.trend {
			t.Errorf("%s: %+v %+v", c[0].words, c[4], c[5])
		}
	}
	c := make([]cell, 6)
	if s.places.fill(1, c); c[4].ink != f.pal.red || c[5].ink != f.pal.red {
		t.Error("a bad share is not red")
	}
	s.asked.YearAgo = true
	if s.places.fill(0, c); c[5].words != "0,9" || c[5].trend != -1 {
		t.Errorf("against a year ago: %+v", c[5])
	}
	s.places.sortBy("in_time")
	s.places.sortBy("in_time") // the least first, unknown last
	if first, last := s.places.rows[0].Name, s.places.rows[4].Name; first != "хуже" || last != "без сроков" {
		t.Errorf("sorted from %s to %s", first, last)
	}
}

func TestAnalyticsWithoutData(t *testing.T) {
	f, s := openAnalytics(t, func(s *fakeStore) { s.appeals = nil })
	for _, o := range []*tile{s.subscribers, s.median, s.p90, s.inTime} {
		if o.full[1] != "—" || len(o.notes) == 0 {
			t.Errorf("%s shows %q", o.full[0], o.full[1])
		}
	}
	for _, g := range analyticsGroups {
		s.chooseGroup(g.name)
		for _, row := range g.rows {
			for _, name := range row {
				c := s.cards[name]
				c.bring(s.figures)
				if c.full.empty == "" || c.body.Visible() || c.empty.Hidden {
					t.Errorf("%s says nothing", name)
				}
			}
		}
	}
	f.settle()
}

func TestAnalyticsFilter(t *testing.T) {
	f, s := openAnalytics(t, full)
	all := s.figures.Now.Appeals
	name := s.places.rows[1].Name
	s.places.actions(1)[2].do()
	f.until(func() bool { return s.figures.Now.Appeals < all })
	if got := s.chips(); !slices.Equal(got, []string{name + " ×"}) || s.filter.label != "Отбор: 1" {
		t.Errorf("chips %q, button %q", got, s.filter.label)
	}
	if len(s.places.rows) != 1 {
		t.Errorf("narrowed to %d rows", len(s.places.rows))
	}
	s.askFilter()
	choices := inDialog[*choice](f)
	if len(choices) != len(conditions) {
		t.Fatalf("%d conditions to choose", len(choices))
	}
	choices[4].chosen(string(app.SourceVK)) // source
	choices[4].chosen(string(app.SourceOK))
	choices[4].chosen(string(app.SourceOK)) // and not
	f.dialog.accept()
	f.until(func() bool { return len(s.figures.Filter.Sources) == 1 })
	if got := s.chips(); len(got) != 3 || got[1] != "ВКонтакте ×" {
		t.Errorf("chips %q", got)
	}
	test.Tap(s.strip.chips.Objects[0].(*toggle))
	f.until(func() bool { return len(s.figures.Filter.Municipalities) == 0 })
	if got := s.cards["networks"].full.note; !strings.HasPrefix(got, "отбор по источнику на паблики не действует") {
		t.Errorf("the card of pages says %q", got)
	}
	test.Tap(s.strip.chips.Objects[0].(*toggle))
	f.until(func() bool { return len(s.figures.Filter.Sources) == 0 })
	if len(s.chips()) != 0 || s.figures.Now.Appeals != all {
		t.Errorf("%d chips stay", len(s.chips()))
	}
}

// What was asked in the evening is asked in the morning.
func TestAnalyticsRemembers(t *testing.T) {
	f, s := openAnalytics(t, full)
	s.chooseGroup("territory")
	s.choosePeriod(presetLastMonth, app.Period{})
	s.compare(true)
	s.narrow(app.Filter{Municipalities: []string{"г. Чебоксары"}})
	f.settle()
	words := f.store.settings[settingAnalytics]
	if got := readAsked(words); got.Group != "territory" || got.Preset != presetLastMonth || !got.YearAgo || len(got.Filter.Municipalities) != 1 {
		t.Errorf("remembered %s", words)
	}
	for _, bad := range []string{"", "{", `{"preset":"?"}`, `{"preset":"dates"}`, `{"preset":"week","group":"?"}`} {
		if got := readAsked(bad); !slices.Contains(presets, got.Preset) || got.Preset == presetDates || got.Group != "overview" {
			t.Errorf("%s is read as %+v", bad, got)
		}
	}
}

func TestAnalyticsZoom(t *testing.T) {
	f, s := openAnalytics(t, full)
	s.zoom(today-20, today-15)
	f.until(func() bool { return s.figures.Period.Days() == 6 })
	s.zoom(today-18, today-17)
	f.until(func() bool { return s.figures.Period.Days() == 2 })
	s.Key(&fyne.KeyEvent{Name: fyne.KeyEscape})
	f.until(func() bool { return s.figures.Period.Days() == 6 })
	s.Key(&fyne.KeyEvent{Name: fyne.KeyEscape})
	f.until(func() bool { return s.figures.Period.Days() == 30 })
	if s.asked.Preset != presetMonth {
		t.Errorf("back at %s", s.asked.Preset)
	}
	s.Key(&fyne.KeyEvent{Name: fyne.KeyEscape}) // nowhere to go
	if s.asked.Preset != presetMonth {
		t.Errorf("%s after one Escape more", s.asked.Preset)
	}
}

// Every figure leads to the appeals it counts.
func TestAnalyticsOpensTheAppeals(t *testing.T) {
	for name, one := range map[string]struct {
		open func(*analyticsScreen)
		want func(app.Filter) bool
		says string
	}{
		"tile":     {func(s *analyticsScreen) { s.openAll("late", late) }, func(f app.Filter) bool { return f.Late }, "просроченные · 25 октября – 23 ноября 2026"},
		"answered": {func(s *analyticsScreen) { s.openAll("answered", answered) }, func(f app.Filter) bool { return f.Took != nil && *f.Took == app.Lengths{} }, "с ответом · 25"},
		"hour": {
			func(s *analyticsScreen) { s.openHour(s.figures, report.Hover{Series: 2, Point: 11}) },
			func(f app.Filter) bool { return *f.Hour == app.WeekHour{Weekday: 2, Hour: 11} }, "Ср, 11:00–12:00",
		},
		"share": {
			func(s *analyticsScreen) { s.places.open(0) },
			func(f app.Filter) bool { return slices.Equal(f.Municipalities, []string{"г. Чебоксары"}) }, "25 октября",
		},
		"closed": {
			func(s *analyticsScreen) {
				s.figures.Steps = []app.StepFigures{{Tally: app.Tally{Period: s.figures.Period}}}
				s.openPace(s.figures, report.Hover{Series: paceClosed})
			},
			func(f app.Filter) bool { return f.Since.IsZero() && f.Closed.To.Sub(f.Closed.From) == 30*24*time.Hour }, "закрыты",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, s := openAnalytics(t, full)
			one.open(s)
			a := f.screens[screenAppeals].(*appealsScreen)
			if f.current != screenAppeals || !one.want(a.query.Filter) || !strings.Contains(a.spotName, one.says) {
				t.Fatalf("%s: %q %+v", f.current, a.spotName, a.query)
			}
			f.settle()
			a.filter.items["spot/"+a.spotName].do()
			if spotted(a.query.Filter) {
				t.Errorf("a click does not drop %+v", a.query.Filter)
			}
			f.settle()
		})
	}
}

// Appeals that pour in do not make the figures be counted at every change.
func TestAnalyticsReloadsOnceForManyChanges(t *testing.T) {
	f, s := openAnalytics(t, full)
	f.settle()
	var waits []func()
	f.live.after = func(_ time.Duration, do func()) func() {
		waits = append(waits, do)
		return func() {}
	}
	before := s.slot.generation
	for range 20 {
		s.Changed(app.Changed{Appeals: true})
	}
	s.Changed(app.Changed{Settings: true})
	if len(waits) != 1 {
		t.Fatalf("%d reloads wait", len(waits))
	}
	waits[0]()
	f.until(func() bool { return s.slot.generation > before })
	if got := s.slot.generation - before; got != 1 {
		t.Errorf("%d reloads", got)
	}
	waits = nil
	s.Changed(app.Changed{Pages: true})
	if len(waits) != 1 {
		t.Error("a change after the reload is not shown")
	}
}

// analyticsKeys are the words of the screen that are made from values.
func analyticsKeys() (keys []string) {
	add := func(family string, names ...string) {
		for _, n := range names {
			keys = append(keys, "analytics."+family+n)
		}
	}
	for _, p := range presets {
		add("", string(p))
	}
	for _, c := range conditions {
		add("by.", c.name)
		if !c.pages {
			add("deaf.", c.name)
		}
	}
	for _, b := range breakdowns() {
		add("among.", b.facet.name)
	}
	for _, g := range analyticsGroups {
		add("group.", g.name)
		for _, row := range g.rows {
			for _, name := range row {
				add("card.", name)
				add("about.", name)
				for _, note := range cardNotes[name] {
					add("about.note.", note)
				}
			}
		}
	}
	for _, step := range app.Steps {
		for _, family := range []string{"step.", "unfinished.", "card.responses.", "card.pace."} {
			add(family, string(step))
		}
	}
	for _, than := range []string{"before", "year"} {
		for _, family := range []string{"than.", "then.", "against.", "none."} {
			add(family, than)
		}
	}
	add("behind.", "answered", "late", "new", "closed", "open", "slowest")
	add("card.", "speed_by.by", "spread_by.by", "speed_table.by")
	add("empty.", "leaders", "losers")
	for _, c := range []shareColumn{
		columnName, columnAppeals, columnN, columnPart, columnPerThousand, columnChange, columnMedian, columnMean, columnP90, columnInTime, columnTrend,
	} {
		add("col.", c.key)
	}
	return keys
}

// The buttons of the bar make the overview of what the screen shows.
func TestAnalyticsSaves(t *testing.T) {
	f, s := openAnalytics(t, full)
	f.folder = t.TempDir()
	s.choosePeriod(presetWeek, app.Period{})
	f.settle()
	test.Tap(s.bar.(*fyne.Container).Layout.(*bar).right[0].(*button))
	f.until(func() bool { return f.dialog != nil && len(inDialog[*entry](f)) > 0 })
	if path := inDialog[*entry](f)[0].Text; !strings.HasPrefix(path, f.folder) || !strings.HasSuffix(path, ".png") {
		t.Errorf("asks to save %s", path)
	}
	f.dialog.close()
	f.settle()
}

// A line of a page and a layer of a network lead to the pages.
func TestAnalyticsOpensPages(t *testing.T) {
	f, s := openAnalytics(t, full)
	s.openNetwork(s.figures, report.Hover{Series: 0})
	p := f.screens[screenPages].(*pagesScreen)
	f.settle()
	if f.current != screenPages || p.query.Network != s.figures.Audience.Networks[0].Network {
		t.Fatalf("%s shows %+v", f.current, p.query)
	}
	page := f.store.pages[4]
	f.showPage(page.ID)
	f.settle()
	if p.query.Network != "" || p.selected != page.ID {
		t.Errorf("page %q of %+v", p.selected, p.query)
	}
}
