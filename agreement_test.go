package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"github.com/xuri/excelize/v2"

	"otklik/app"
	"otklik/assets"
	"otklik/ui"
)

// TestFiguresAgreeEverywhere: for one period and filter the screen, a workbook, a PDF
// and `otklik stats --json` say the same numbers.
func TestFiguresAgreeEverywhere(t *testing.T) {
	data := t.TempDir()
	command(t, 0, "sync", "--once", "--data", data) // the sample region
	today := app.DayOf(time.Now())
	// Long enough ago: no term of what is still open ends while the test runs.
	period := app.Period{From: today - 75, To: today - 46}
	for name, filter := range map[string]app.Filter{
		"all":          {},
		"municipality": {Municipalities: []string{"г. Новочебоксарск"}},
		"group":        {Groups: []string{"ЖКХ"}},
		"network":      {Networks: []app.Source{app.SourceVK}},
	} {
		t.Run(name, func(t *testing.T) {
			f := agreedOn(t, data, period, filter)
			t.Run("screen", func(t *testing.T) { f.onScreen(t, seen(t, data, period, filter)) })
			t.Run("xlsx", func(t *testing.T) { f.inWorkbook(t, f.report(t, "xlsx")) })
			t.Run("pdf", func(t *testing.T) { f.onPaper(t, f.report(t, "pdf")) })
		})
	}
}

// agreed are the figures of `otklik stats --json`, and how they are asked for.
type agreed struct {
	app.PrintedFigures
	flags []string
	text  *assets.Texts
}

func agreedOn(t *testing.T, data string, p app.Period, filter app.Filter) agreed {
	t.Helper()
	f := agreed{text: assets.Load("ru"), flags: []string{"--data", data, "--from", p.From.String(), "--to", p.To.String()}}
	for _, m := range filter.Municipalities {
		f.flags = append(f.flags, "--municipality", m)
	}
	for _, g := range filter.Groups {
		f.flags = append(f.flags, "--group", g)
	}
	for _, n := range filter.Networks {
		f.flags = append(f.flags, "--network", string(n))
	}
	out, _ := command(t, 0, append([]string{"stats", "--json"}, f.flags...)...)
	said := printed[struct {
		Analytics app.PrintedFigures `json:"analytics"`
	}](t, out)
	if f.PrintedFigures = said.Analytics; f.Now.Response.N == 0 || len(f.Steps) != 30 || len(f.Audience.Networks) == 0 {
		t.Fatalf("too little to compare: %+v", f.Now)
	}
	return f
}

func (f *agreed) report(t *testing.T, format string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "overview."+format)
	command(t, 0, append([]string{"report", "overview", "--format", format, "--out", path}, f.flags...)...)
	return path
}

// words of a number as people read it.
func (f *agreed) number(n int) string { return f.text.Number(int64(n)) }

func (f *agreed) length(s *int64) string       { return f.text.Duration(time.Duration(*s) * time.Second) }
func (f *agreed) percent(share float64) string { return f.text.Percent(share, 1) }

// tiles are the large figures, as words.
func (f *agreed) tiles() map[string]string {
	r := f.Now.Response
	return map[string]string{
		"subscribers": f.text.Number(*f.Audience.Subscribers),
		"growth":      f.text.Signed(*f.Audience.Growth),
		"appeals":     f.number(f.Now.Appeals),
		"backlog":     f.number(f.Now.Backlog),
		"median":      f.length(r.MedianS),
		"mean":        f.length(r.MeanS),
		"p90":         f.length(r.P90S),
		"n":           f.number(r.N),
		"in time":     f.percent(*r.Share),
		"overdue":     f.number(r.Overdue),
		"with terms":  f.number(r.WithTerm),
	}
}

// onScreen looks for every figure among the words of the screen: the tiles, the tables
// and what the charts tell under the keyboard.
func (f *agreed) onScreen(t *testing.T, words string) {
	for name, want := range f.tiles() {
		holds(t, words, name, want)
	}
	for _, s := range f.Steps {
		day, t2 := f.day(s.From), f.text
		holds(t, words, "appeals of the day", strings.Join([]string{
			day, t2.T("analytics.tip.new", f.number(s.Appeals)), t2.T("analytics.tip.closed", f.number(s.Closed)), t2.T("analytics.tip.backlog", f.number(s.Backlog)),
		}, "\n"))
		if r := s.Response; r.N > 0 {
			holds(t, words, "responses of the day", strings.Join([]string{
				day, t2.T("analytics.tip.median", f.length(r.MedianS)), t2.T("analytics.tip.mean", f.length(r.MeanS)),
				t2.T("analytics.tip.band", f.length(r.P10S), f.length(r.P90S)), t2.N("analytics.answers", r.N),
			}, "\n"))
		}
		if r := s.Response; r.WithTerm > 0 {
			holds(t, words, "in time of the day", day+"\n"+t2.T("analytics.tip.in_time", f.percent(*r.Share), f.number(r.InTime), f.number(r.WithTerm)))
		}
	}
	for _, parts := range [][]app.PrintedPart{f.ByPlace, f.ByWho, f.ByGroup, f.BySource} {
		for i, p := range parts {
			if p.Appeals == 0 || i >= 7 {
				continue // the screen shows the greatest; the rest is further down its tables
			}
			holds(t, words, p.Name, f.number(p.Appeals))
			if p.Response.N > 0 {
				holds(t, words, p.Name, f.length(p.Response.MedianS))
			}
		}
	}
	for day := range f.Heat {
		for hour, n := range f.Heat[day] {
			holds(t, words, "hour", fmt.Sprintf("%s, %d:00–%d:00\n", f.text.Weekday(day), hour, hour+1)+f.text.N("analytics.appeals", n))
		}
	}
	for _, n := range f.Audience.Networks {
		for _, sum := range n.Subscribers {
			if sum != nil {
				holds(t, words, string(n.Network), f.text.Number(*sum))
			}
		}
	}
}

func (f *agreed) day(d app.Day) string {
	at := d.In(time.UTC)
	return fmt.Sprintf("%d %s", at.Day(), f.text.T(fmt.Sprintf("month.of.%d", at.Month())))
}

// onPaper looks for the large figures and the rows of the tables in the words of a PDF.
func (f *agreed) onPaper(t *testing.T, path string) {
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("pdftotext is not here (package poppler-utils): the words of a PDF are not read")
	}
	if err != nil {
		t.Fatal(err)
	}
	// Words stand where they are printed; how wide a space is says nothing.
	words := tight(string(out))
	for name, want := range f.tiles() {
		holds(t, words, name, tight(want))
	}
	for _, p := range f.ByPlace {
		if p.Appeals == 0 || p.Response.N == 0 {
			continue
		}
		lines := regexp.MustCompile(`(?m)^.*`+regexp.QuoteMeta(tight(p.Name))+`.*$`).FindAllString(words, -1)
		said := len(lines) == 0 // the page has the greatest only
		for _, line := range lines {
			said = said || strings.Contains(line, tight(f.number(p.Appeals))) && strings.Contains(line, tight(f.length(p.Response.MedianS)))
		}
		if !said && !slices.Contains(f.Filter.Municipalities, p.Name) {
			t.Errorf("%s: not %d and %d s in %q", p.Name, p.Appeals, *p.Response.MedianS, lines)
		}
	}
}

// inWorkbook looks the figures up in the cells: numbers, not words.
func (f *agreed) inWorkbook(t *testing.T, path string) {
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	cells := workbookOf(t, book)
	r := f.Now.Response
	for name, want := range map[string]float64{
		"subscribers": float64(*f.Audience.Subscribers), "appeals": float64(f.Now.Appeals), "closed": float64(f.Now.Closed),
		"backlog": float64(f.Now.Backlog), "median": float64(*r.MedianS) / 86400, "in time": *r.Share,
	} {
		if !cells.has(want) {
			t.Errorf("%s: no cell is %v", name, want)
		}
	}
	for i, s := range f.Steps {
		want := []float64{float64(s.Appeals), float64(s.Closed), float64(s.Backlog)}
		if s.Response.N > 0 {
			want = append(want, float64(*s.Response.MedianS)/86400, float64(*s.Response.P10S)/86400, float64(*s.Response.P90S)/86400, float64(*s.Response.MeanS)/86400, float64(s.Response.N))
		}
		for _, n := range f.Audience.Networks {
			if sum := n.Subscribers[i]; sum != nil {
				want = append(want, float64(*sum))
			}
		}
		row := cells.rowsOf(s.From)
		for _, v := range want {
			if !row.has(v) {
				t.Errorf("%s: no cell is %v among %v", s.From, v, row)
			}
		}
	}
	for _, p := range f.ByPlace {
		if row := cells.named[p.Name]; row != nil && p.Response.N > 0 && (!row.has(float64(p.Appeals)) || !row.has(float64(*p.Response.MedianS)/86400)) {
			t.Errorf("%s: %v is not %d and %d s", p.Name, row, p.Appeals, *p.Response.MedianS)
		}
	}
}

// numbers of cells.
type numbers []float64

func (n numbers) has(want float64) bool {
	for _, v := range n {
		if math.Abs(v-want) <= 1e-9*max(1, math.Abs(want)) {
			return true
		}
	}
	return false
}

// workbook is what stands in the cells: all numbers, and those of a row by what its
// first cell names.
type workbook struct {
	numbers
	named map[string]numbers
}

func (w workbook) rowsOf(d app.Day) numbers {
	return w.named[d.In(time.UTC).Format("2006-01-02")]
}

func workbookOf(t *testing.T, book *excelize.File) workbook {
	t.Helper()
	w := workbook{named: map[string]numbers{}}
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			var all numbers
			for _, cell := range row {
				var v float64
				if json.Unmarshal([]byte(cell), &v) == nil {
					all = append(all, v)
				}
			}
			w.numbers = append(w.numbers, all...)
			if len(row) > 0 {
				name := row[0]
				if len(all) > 0 && all[0] > 40000 && all[0] < 60000 { // a date is the days since 1900
					name = app.DayOf(time.Date(1899, 12, 30+int(all[0]), 0, 0, 0, 0, time.UTC)).String()
				}
				w.named[name] = append(w.named[name], all...)
			}
		}
	}
	return w
}

// seen gives all words of the screen «Аналитика», page by page, and of what its charts
// tell from point to point.
func seen(t *testing.T, data string, p app.Period, filter app.Filter) (words string) {
	t.Helper()
	withStation(t, data, func(st *station) {
		ask := map[string]any{"preset": "dates", "period": p, "filter": filter, "step": app.StepDay}
		if err := st.desk.SaveSetting("analytics", string(app.Encode(ask))); err != nil {
			t.Fatal(err)
		}
		words = plain(look(t, st))
	})
	return words
}

// look opens the window and reads the screen, page by page.
func look(t *testing.T, st *station) string {
	a := test.NewApp()
	defer a.Quit()
	queue := make(chan func(), 1000)
	ready := false
	w := ui.New(a, ui.Options{
		Desk: st.desk, Version: "test", Language: "ru", Theme: "light", OnReady: func() { ready = true },
		Schedule: func(do func()) { queue <- do },
	})
	settle := func(done func() bool) {
		quiet := time.Now()
		for end := time.Now().Add(time.Minute); time.Now().Before(end); {
			select {
			case do := <-queue:
				do()
				quiet = time.Now()
			case <-time.After(10 * time.Millisecond):
				if done() && time.Since(quiet) > 300*time.Millisecond {
					return
				}
			}
		}
		t.Fatal("the screen does not come to rest")
	}
	w.Show()
	all := a.Driver().AllWindows()
	win := all[len(all)-1]
	win.Resize(fyne.NewSize(1600, 3200)) // what is not in sight is not drawn
	settle(func() bool { return ready })
	win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF4})
	out := ""
	for _, page := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6} {
		win.Canvas().Unfocus()
		win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: page})
		settle(func() bool { return drawn(win.Canvas().Content()) })
		out += texts(win.Canvas().Content())
		for _, chart := range charts(win.Canvas().Content()) {
			win.Canvas().Focus(chart)
			out += points(chart, chart.(fyne.CanvasObject))
		}
	}
	w.Close()
	return out
}

// charts gives those in sight.
func charts(o fyne.CanvasObject) (out []fyne.Focusable) {
	for _, under := range test.LaidOutObjects(o) {
		chart, is := under.(fyne.Focusable)
		if is && under.Visible() && strings.HasSuffix(reflect.TypeOf(under).String(), "chartView") {
			out = append(out, chart)
		}
	}
	return out
}

// drawn says whether there are charts and each has its picture.
func drawn(o fyne.CanvasObject) bool {
	all := charts(o)
	for _, chart := range all {
		has := false
		for _, under := range test.LaidOutObjects(chart.(fyne.CanvasObject)) {
			img, is := under.(*canvas.Image)
			has = has || is && img.Image != nil && img.Visible()
		}
		if !has {
			return false
		}
	}
	return len(all) > 0
}

// points walks through the points of a chart, each row of a field of cells in its turn,
// and gives what it tells of them.
func points(chart fyne.Focusable, o fyne.CanvasObject) string {
	var out strings.Builder
	for range 40 {
		chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
		last := ""
		for range 400 {
			now := texts(o)
			if now == last {
				break
			}
			out.WriteString(now)
			last = now
			chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		}
		before := texts(o)
		chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		if texts(o) == before {
			break
		}
	}
	return out.String()
}

// texts gives the visible words under an object, a line each.
func texts(o fyne.CanvasObject) string {
	var out strings.Builder
	for _, under := range test.LaidOutObjects(o) {
		if text, is := under.(*canvas.Text); is && text.Visible() && text.Text != "" {
			out.WriteString(text.Text + "\n")
		}
	}
	return out.String()
}

// plain makes all spaces one kind: a PDF and a screen break lines where they like.
func plain(s string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ", "−", "-", "\u2011", "-").Replace(s)
}

// tight leaves the spaces out.
func tight(s string) string { return strings.ReplaceAll(plain(s), " ", "") }

func holds(t *testing.T, words, name, want string) {
	t.Helper()
	if !strings.Contains(words, plain(want)) {
		t.Errorf("%s: %q is not said", name, want)
	}
}
