package exchange

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"pgregory.net/rapid"

	"otklik/app"
)

// piecesOfTexts are those of which people, machines and attackers make texts.
var piecesOfTexts = []string{
	"=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "-1", "-48", "007", "1e5", "'", "''", "\"", ";", ",", "\t", "\n", " ", "\u00a0", "\u200b", "\ufeff",
	"＝1", "👩🏽‍🚒", "й", "Яма на дороге", "ё", "_x0041_", "_x005F_", "<b>&amp;</b>", "[club1|Имя]", "<br>", "-", "¤", "\u2028", "true", "NULL", "0", "12.05.2026",
}

// tabularText is what a table can hold: see tabular.
func tabularText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(piecesOfTexts), rapid.StringMatching(`[а-яё "';,=+@-]{0,12}`)), 0, 6).Draw(t, "pieces"), "")
	})
}

func name() *rapid.Generator[string] { return rapid.StringMatching(`[0-9A-Z]{26}`) }

func momentGen(t *rapid.T, label string) time.Time {
	if rapid.Bool().Draw(t, label+" known") {
		return time.Unix(rapid.Int64Range(0, 4e9).Draw(t, label), rapid.Int64Range(0, 999).Draw(t, label+" ns")).UTC()
	}
	return time.Time{}
}

func appealGen() *rapid.Generator[*app.Appeal] {
	return rapid.Custom(func(t *rapid.T) *app.Appeal {
		s := func(label string) string { return tabularText().Draw(t, label) }
		a := &app.Appeal{
			ID: name().Draw(t, "id"), Number: s("number"), Kind: rapid.SampledFrom(app.Kinds).Draw(t, "kind"), Source: rapid.SampledFrom(app.Sources).Draw(t, "source"),
			External: s("external"), Title: s("title"), Text: s("text"), Author: s("author"), Contact: s("contact"), Place: s("place"), Page: s("page"), Link: s("link"),
			Channel: s("channel"), Municipality: s("municipality"), Severity: app.Severity(rapid.IntRange(0, 4).Draw(t, "severity")), Due: momentGen(t, "due"),
			Group: s("group"), Topic: s("topic"), Executor: s("executor"), Assignee: s("assignee"), Status: rapid.SampledFrom(app.Statuses).Draw(t, "status"),
			Outcome: rapid.SampledFrom(append([]app.Outcome{""}, app.Outcomes...)).Draw(t, "outcome"), Hops: rapid.IntRange(0, 9).Draw(t, "hops"), Parent: s("parent"),
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "events") {
			a.Events = append(a.Events, app.Event{
				ID: fmt.Sprint(i), Type: app.EventNote, At: momentGen(t, "at"), By: s("by"), Text: s("note"), Target: s("target"), FinalBy: momentGen(t, "final"),
				Files: []app.File{{Name: s("file")}},
			})
		}
		return a
	})
}

func pageGen() *rapid.Generator[*app.Page] {
	return rapid.Custom(func(t *rapid.T) *app.Page {
		s := func(label string) string { return tabularText().Draw(t, label) }
		some := func(label string) *int {
			if !rapid.Bool().Draw(t, label+" known") {
				return nil
			}
			n := rapid.IntRange(0, 1e9).Draw(t, label)
			return &n
		}
		line := rapid.StringMatching(`[а-я=+"';-]{1,9}`)
		p := &app.Page{
			ID: name().Draw(t, "id"), Network: rapid.SampledFrom(app.Sources).Draw(t, "network"), Name: s("name"), Link: s("link"), External: s("external"),
			Founder: s("founder"), OGRN: s("ogrn"), Municipality: s("municipality"), Level: s("level"), Status: s("status"), NotKept: s("not kept"), Keeper: s("keeper"),
			LastPost: momentGen(t, "post"), PostsWeek: some("posts"), MarksKnown: rapid.Bool().Draw(t, "known"), ReachWeek: some("week"),
			Reach: rapid.Float64Range(0, 1e9).Draw(t, "reach"),
		}
		if n := some("reactions"); n != nil {
			x := float64(*n) / 7
			p.Reactions = &x
		}
		for _, to := range []*[]string{&p.Spheres, &p.Marks, &p.Looked} {
			if all := rapid.SliceOfN(line, 0, 3).Draw(t, "words"); len(all) > 0 {
				*to = all
			}
		}
		return p
	})
}

// through writes the rows and reads them again.
func through(t fataler, dir string, form Form, headings []string, rows [][]string) (out []app.BatchRow) {
	path := filepath.Join(dir, "l."+string(form))
	defer os.Remove(path)
	l, err := NewList(path, form, "", headings)
	if err != nil {
		t.Fatalf("begins: %v", err)
	}
	for _, r := range rows {
		if err := l.Add(r); err != nil {
			t.Fatalf("row: %v", err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatalf("ends: %v", err)
	}
	if l.Lost() != (Lost{}) {
		t.Fatalf("lost %+v", l.Lost())
	}
	r, err := Open(path, &app.Region{}, app.Layout{})
	if err != nil {
		t.Fatalf("opens: %v", err)
	}
	defer r.Close()
	for {
		b, err := r.Next()
		if err != nil {
			t.Fatalf("reads: %v", err)
		}
		if b == nil {
			return out
		}
		if len(b.Skipped) > 0 {
			t.Fatalf("skipped %+v", b.Skipped)
		}
		out = append(out, b.Rows...)
	}
}

type fataler interface{ Fatalf(string, ...any) }

var roundForms = []Form{FormCSV, FormXLSX, FormJSON}

// What is written is read again, field by field, whatever stands in it.
func TestAppealsComeBackAsTheyWere(t *testing.T) {
	for _, form := range roundForms {
		t.Run(string(form), func(t *testing.T) {
			dir := t.TempDir()
			rapid.Check(t, func(t *rapid.T) {
				all := rapid.SliceOfNDistinct(appealGen(), 1, 4, func(a *app.Appeal) string { return a.ID }).Draw(t, "appeals")
				var rows [][]string
				for _, a := range all {
					rows = append(rows, OwnAppealCells(a, false))
				}
				got := through(t, dir, form, OwnAppealHeadings(), rows)
				if len(got) != len(all) {
					t.Fatalf("%d of %d", len(got), len(all))
				}
				for i, r := range got {
					if r.Masked || !reflect.DeepEqual(r.Appeal, all[i]) {
						t.Fatalf("\n%+v\nwant\n%+v", r.Appeal, all[i])
					}
				}
			})
		})
	}
}

func TestPagesComeBackAsTheyWere(t *testing.T) {
	for _, form := range roundForms {
		t.Run(string(form), func(t *testing.T) {
			dir := t.TempDir()
			rapid.Check(t, func(t *rapid.T) {
				p := pageGen().Draw(t, "page")
				got := through(t, dir, form, OwnPageHeadings(), [][]string{OwnPageCells(p, false)})
				if len(got) != 1 || !reflect.DeepEqual(got[0].Page, p) {
					t.Fatalf("\n%+v\nwant\n%+v", got, p)
				}
			})
		})
	}
}

// Of a masked list all but what is covered comes back, and it says that it is masked.
func TestMaskedAppealsComeBackButForWhatIsCovered(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		a := appealGen().Draw(t, "appeal")
		masked := a.Listed("[скрыто]")
		got := through(t, dir, FormCSV, OwnAppealHeadings(), [][]string{OwnAppealCells(masked, true)})
		if len(got) != 1 || !got[0].Masked || !reflect.DeepEqual(got[0].Appeal, masked) {
			t.Fatalf("\n%+v\nwant\n%+v", got[0].Appeal, masked)
		}
		// The fields that may be covered aside, it is the appeal itself.
		back, want := *got[0].Appeal, *a
		for _, x := range []*app.Appeal{&back, &want} {
			x.Author, x.Contact, x.Link, x.External, x.Title, x.Text, x.Place = "", "", "", "", "", "", ""
			x.Events = slices.Clone(x.Events)
			for i := range x.Events {
				x.Events[i].Text, x.Events[i].Files = "", nil
			}
		}
		if !reflect.DeepEqual(back, want) {
			t.Fatalf("\n%+v\nwant\n%+v", back, want)
		}
	})
}

// A text longer than a cell of a workbook is cut where everybody sees it, counted, and
// not read as if it were the text; a CSV holds it.
func TestTextsBeyondACell(t *testing.T) {
	a := &app.Appeal{ID: "A", Kind: app.KindPOS, Source: app.SourcePOS, Status: app.StatusNew, Text: strings.Repeat("яма👩", 20_000)}
	path := filepath.Join(t.TempDir(), "l.xlsx")
	l, err := NewList(path, FormXLSX, "", OwnAppealHeadings())
	if err != nil {
		t.Fatal(err)
	}
	cells := OwnAppealCells(a, false)
	if err := l.Add(cells); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil || l.Lost() != (Lost{Cut: 1}) {
		t.Fatalf("%+v, %v", l.Lost(), err)
	}
	r, err := Open(path, &app.Region{}, app.Layout{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := r.Next()
	if err != nil || len(b.Rows) != 0 || len(b.Skipped) != 1 || b.Skipped[0].Reason != "cut_text" {
		t.Fatalf("%+v, %v", b, err)
	}
	cut := (&bookRows{lost: &Lost{}}).cell(a.Text)
	if n := len(utf16.Encode([]rune(cut))); n > 32767 || n < 32700 || !strings.HasPrefix(a.Text, strings.Split(cut, cutMark)[0]) {
		t.Errorf("%d units: …%s", n, cut[len(cut)-30:])
	}
	got := through(t, t.TempDir(), FormCSV, OwnAppealHeadings(), [][]string{cells})
	if len(got) != 1 || got[0].Appeal.Text != a.Text {
		t.Error("a CSV loses it")
	}
}

// A value the program never writes leaves its row out.
func TestForeignValuesOfAnOwnListAreLeftOut(t *testing.T) {
	a := &app.Appeal{ID: "A", Kind: app.KindPOS, Source: app.SourcePOS, Status: app.StatusNew}
	for heading, value := range map[string]string{
		"ИД записи": "", "Вид": "x", "Состояние": "", "Тяжесть": "9", "История (JSON)": "{", "Срок источника": "1066-10-14T00:00:00Z", "Перенаправлений": "много",
	} {
		path := filepath.Join(t.TempDir(), "l.csv")
		l, err := NewList(path, FormCSV, "", OwnAppealHeadings())
		if err != nil {
			t.Fatal(err)
		}
		cells := OwnAppealCells(a, false)
		cells[slices.Index(OwnAppealHeadings(), heading)] = value
		if err := l.Add(cells); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := Open(path, &app.Region{}, app.Layout{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := r.Next()
		if err != nil || len(b.Skipped) != 1 || b.Skipped[0].Reason != "bad_value" {
			t.Errorf("%s: %+v, %v", heading, b, err)
		}
		_ = r.Close()
	}
}
