package main

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"otklik/app"
	"otklik/assets"
)

// The figures are recounted here from the raw files, by lines that share nothing with
// the program but the files.

// recounted is an appeal as a file tells of it, in Unix seconds.
type recounted struct {
	created, due, answered, ended int64 // 0: not
	agency                        string
}

// figuresOf imports a file and gives all its figures, by month.
func figuresOf(t *testing.T, path string) (*app.Analytics, *time.Location) {
	t.Helper()
	data := t.TempDir()
	command(t, 0, "import", "--data", data, path)
	st, err := openStation(&invocation{data: data, text: assets.Load("ru"), out: os.Stderr, errOut: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.close(); err != nil {
			t.Error(err)
		}
	}()
	a, err := st.desk.Analytics(app.Inquiry{Step: app.StepMonth})
	if err != nil {
		t.Fatal(err)
	}
	return a, st.desk.Region().Location()
}

// rank is the quantile of spreadsheets: PERCENTILE.INC.
func rank(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	low, high := sorted[int(math.Floor(at))], sorted[int(math.Ceil(at))]
	return low + (high-low)*(at-math.Floor(at))
}

// recount compares the figures with those of the rows.
func recount(t *testing.T, rows []recounted, a *app.Analytics, zone *time.Location) {
	t.Helper()
	now := a.At.Unix()
	created, ended, agencies := map[string]int{}, map[string]int{}, map[string]int{}
	var heat [7][24]int
	var took []float64
	sum, timed, inTime, open := 0.0, 0, 0, 0
	month := func(unix int64) string { return time.Unix(unix, 0).In(zone).Format("2006-01") }
	for _, r := range rows {
		at := time.Unix(r.created, 0).In(zone)
		created[month(r.created)]++
		agencies[r.agency]++
		heat[(at.Weekday()+6)%7][at.Hour()]++
		if r.ended != 0 {
			ended[month(r.ended)]++
		} else {
			open++
		}
		if r.answered != 0 {
			took = append(took, float64(r.answered-r.created))
			sum += float64(r.answered - r.created)
		}
		if r.answered != 0 || r.ended == 0 && r.due <= now {
			timed++
		}
		if r.answered != 0 && r.answered <= r.due {
			inTime++
		}
	}
	slices.Sort(took)
	n := float64(len(took))
	t.Logf("%d appeals, n %d, median %.2f h, p90 %.2f h, mean %.2f h, %d of %d in time, %d open",
		len(rows), len(took), rank(took, 0.5)/3600, rank(took, 0.9)/3600, sum/n/3600, inTime, timed, open)
	s := a.Now.Response
	for what, pair := range map[string][2]float64{
		"appeals": {float64(a.Now.Appeals), float64(len(rows))}, "n": {float64(s.N), n}, "open": {float64(a.Now.Backlog), float64(open)},
		"closed": {float64(a.Now.Closed), float64(len(rows) - open)}, "with a term": {float64(s.Timed), float64(timed)},
		"in time": {float64(s.InTime), float64(inTime)},
	} {
		if rows[0].due == 0 && (what == "with a term" || what == "in time") {
			continue // the file does not tell of terms
		}
		if pair[0] != pair[1] {
			t.Errorf("%s: %v, by the file %v", what, pair[0], pair[1])
		}
	}
	for what, pair := range map[string][2]float64{
		"median": {s.Median.Seconds(), rank(took, 0.5)}, "p10": {s.P10.Seconds(), rank(took, 0.1)},
		"p90": {s.P90.Seconds(), rank(took, 0.9)}, "mean": {s.Mean.Seconds(), sum / n},
	} {
		if math.Abs(pair[0]-pair[1]) > 0.5 { // whole seconds are told
			t.Errorf("%s: %v s, by the file %v", what, pair[0], pair[1])
		}
	}
	for _, step := range a.Steps {
		m := step.Period.From.In(time.UTC).Format("2006-01")
		if step.Appeals != created[m] || step.Closed != ended[m] {
			t.Errorf("%s: %d new, %d closed; by the file %d and %d", m, step.Appeals, step.Closed, created[m], ended[m])
		}
	}
	if a.Heat != heat {
		t.Errorf("hours: %v, by the file %v", a.Heat, heat)
	}
	for _, e := range a.Executors {
		if e.Appeals != agencies[e.Name] {
			t.Errorf("%s: %d, by the file %d", e.Name, e.Appeals, agencies[e.Name])
		}
	}
	if len(a.Executors) != len(agencies) {
		t.Errorf("%d agencies, by the file %d", len(a.Executors), len(agencies))
	}
	for _, after := range []time.Duration{time.Hour, 24 * time.Hour, 7 * 24 * time.Hour} {
		want := unanswered(rows, after, now)
		at := slices.IndexFunc(a.Unanswered, func(p app.Survival) bool { return p.After > after })
		if at < 0 {
			at = len(a.Unanswered)
		}
		if got := a.Unanswered[at-1].Share; math.Abs(got-want) > 1e-9 {
			t.Errorf("unanswered after %v: %v, by the file %v", after, got, want)
		}
		t.Logf("unanswered after %v: %.4f", after, want)
	}
}

// unanswered is Kaplan and Meier's estimate, as textbooks write it.
func unanswered(rows []recounted, after time.Duration, now int64) float64 {
	answered, watched := map[int64]int{}, map[int64]int{}
	for _, r := range rows {
		switch {
		case r.answered != 0:
			answered[r.answered-r.created]++
			watched[r.answered-r.created]++
		case r.ended != 0:
			watched[r.ended-r.created]++
		default:
			watched[now-r.created]++
		}
	}
	var times []int64
	for at := range watched {
		times = append(times, at)
	}
	slices.Sort(times)
	share, atRisk := 1.0, len(rows)
	for _, at := range times {
		if at > int64(after/time.Second) {
			break
		}
		share *= 1 - float64(answered[at])/float64(atRisk)
		atRisk -= watched[at]
	}
	return share
}

func TestFiguresOfRequestsAreThoseOfTheFile(t *testing.T) {
	path := real(t, "requests-311/requests.csv")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	city, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	at := func(line []string, heading string) int64 {
		v := line[slices.Index(lines[0], heading)]
		if v == "" {
			return 0
		}
		m, err := time.ParseInLocation("01/02/2006 03:04:05 PM", v, city)
		if err != nil {
			t.Fatal(err)
		}
		return m.Unix()
	}
	var rows []recounted
	for _, line := range lines[1:] {
		r := recounted{created: at(line, "CreatedDate"), due: at(line, "DueDate"), agency: strings.TrimSpace(line[slices.Index(lines[0], "Agency")])}
		if r.due == 0 {
			r.due = r.created + 24*3600 // the region's rule
		}
		switch line[slices.Index(lines[0], "SRStatus")] {
		case "Closed", "Closed (Transferred)":
			r.ended = at(line, "CloseDate")
			r.answered = r.ended
		case "Closed (Duplicate)":
			r.ended = at(line, "CloseDate")
		}
		rows = append(rows, r)
	}
	a, zone := figuresOf(t, path)
	recount(t, rows, a, zone)
}

func TestFiguresOfIncidentsAreThoseOfTheFile(t *testing.T) {
	path := real(t, "incident-manager/export_15rows.xlsx")
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	lines, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	cell := func(line []string, heading string) string {
		if i := slices.Index(lines[0], heading); i < len(line) {
			return line[i]
		}
		return ""
	}
	at := func(line []string, heading string) int64 {
		m, err := time.ParseInLocation(time.DateTime, cell(line, heading), time.FixedZone("Омск", 6*3600))
		if err != nil {
			t.Fatal(err)
		}
		return m.Unix()
	}
	var rows []recounted
	for _, line := range lines[1:] {
		r := recounted{created: at(line, "Дата создания"), answered: at(line, "Общее время первого ответа"), ended: at(line, "Дата окончания")}
		if r.agency = cell(line, "Исполнитель"); r.agency == "" {
			r.agency = cell(line, "Отдел")
		}
		rows = append(rows, r)
	}
	a, zone := figuresOf(t, path)
	recount(t, rows, a, zone)
}

// TestStatsAreNarrowedOnTheCommandLine asks for what the file has of two agencies, and
// that the older figures obey, too.
func TestStatsAreNarrowedOnTheCommandLine(t *testing.T) {
	path, data := real(t, "requests-311/requests.csv"), t.TempDir()
	command(t, 0, "import", "--data", data, path)
	stats := func(args ...string) printedStats {
		t.Helper()
		out, _ := command(t, 0, append([]string{"stats", "--json", "--data", data}, args...)...)
		return printed[printedStats](t, out)
	}
	all := stats()
	parts := map[string]app.PrintedPart{}
	for _, e := range all.Analytics.ByWho {
		parts[e.Name] = e
	}
	two := stats("--executor", "Housing", "--executor", "Solid Waste", "--kind", "pos", "--step", "week")
	if want := parts["Housing"].Appeals + parts["Solid Waste"].Appeals; want == 0 || two.Analytics.Now.Appeals != want || two.Appeals.Total != want {
		t.Errorf("%d and %d of %d", two.Analytics.Now.Appeals, two.Appeals.Total, want)
	}
	if two.Analytics.Step != app.StepWeek || len(two.Analytics.Steps) == len(all.Analytics.Steps) {
		t.Error("the step is not the one asked for")
	}
	one := stats("--executor", "Housing", "--from", "2018-03-01", "--to", "2018-03-31")
	if r := one.Analytics.Now.Response; r.MedianS == nil || *r.MedianS != one.FirstResponse.MedianS || r.N != one.FirstResponse.N {
		t.Errorf("%+v beside %+v", r, one.FirstResponse)
	}
	if none := stats("--kind", "formal"); none.Analytics.Now.Appeals != 0 || none.Analytics.Now.Response.MedianS != nil {
		t.Errorf("%+v", none.Analytics.Now)
	}
	if _, said := command(t, 2, "stats", "--data", data, "--kind", "letter"); !strings.Contains(said, "--kind letter") {
		t.Error(said)
	}
}
