package app

import (
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// tableTerms are the terms of the region that testdata/deadlines.json describes.
func tableTerms(t testing.TB) (*Region, Terms) {
	t.Helper()
	raw, err := os.ReadFile("testdata/deadlines.json")
	if err != nil {
		t.Fatal(err)
	}
	region, err := LoadRegion(raw, []byte("[]"))
	if err != nil {
		t.Fatal(err)
	}
	c := shipped(t)
	return region, region.Terms(c.With(region.Hours))
}

// TestDeadlinesAgreeWithTheTable compares with what was worked out by hand from
// the calendar of the year; the last column says how.
func TestDeadlinesAgreeWithTheTable(t *testing.T) {
	region, terms := tableTerms(t)
	f, err := os.Open("testdata/deadlines.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.Comment, r.FieldsPerRecord = ';', '#', 6
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 61 {
		t.Fatalf("only %d cases", len(rows)-1)
	}
	for _, row := range rows[1:] {
		t.Run(row[0], func(t *testing.T) {
			a, aim := tableAppeal(t, row[1], row[2], region.Location())
			now := tableMoment(t, row[3], region.Location())
			d := terms.DeadlineAt(a, now)
			if aim != AimAnswer {
				d = terms.ruled(a, a.round(), now, aim, false)
			}
			got := "none"
			switch {
			case !d.Due.IsZero():
				got = strings.TrimSuffix(d.Due.In(region.Location()).Format("2006-01-02 15:04:05"), ":00")
			case d.Standing:
				got = fmt.Sprintf("stands with %dh", int(d.Left.Hours()))
			}
			if got != row[4] {
				t.Errorf("due %s, by hand %s: %s", got, row[4], row[5])
			}
		})
	}
}

// tableAppeal reads «incident severity=3 in=Samara» and «detected 2026-11-24 10:00 | …».
func tableAppeal(t *testing.T, what, history string, zone *time.Location) (*Appeal, Aim) {
	t.Helper()
	words := strings.Fields(what)
	a, aim := &Appeal{ID: IDFrom("table"), Kind: Kind(words[0]), Status: StatusNew}, AimAnswer
	for i := 1; i < len(words); i++ {
		name, value, _ := strings.Cut(words[i], "=")
		switch name {
		case "severity":
			n, err := strconv.Atoi(value)
			if err != nil {
				t.Fatal(err)
			}
			a.Severity = Severity(n)
		case "group":
			a.Group = value
		case "in":
			a.Municipality = value
		case "aim":
			aim = Aim(value)
		case "due":
			i++
			a.Due = tableMoment(t, value+" "+words[i], zone)
		default:
			t.Fatalf("%q", words[i])
		}
	}
	for i, told := range strings.Split(history, " | ") {
		told, by, _ := strings.Cut(told, " by=")
		kind, at, _ := strings.Cut(told, " ")
		a.Apply(Event{
			ID: strconv.Itoa(i), Type: EventType(kind), At: tableMoment(t, at, zone), FinalBy: tableMoment(t, by, zone), Text: "…",
		})
	}
	return a, aim
}

func tableMoment(t *testing.T, s string, zone *time.Location) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
