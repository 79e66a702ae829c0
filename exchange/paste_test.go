package exchange

import (
	"slices"
	"strings"
	"testing"
	"time"

	"otklik/app"
)

var pastedAt = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

func pastedRegion(t testing.TB) *app.Region {
	t.Helper()
	r := testRegion(t)
	r.Municipalities = []app.Municipality{{Name: "г. Канаш"}, {Name: "Цивильский округ"}}
	return r
}

func paste(t testing.TB, text string) *Pasted {
	t.Helper()
	p, err := Paste(text, pastedRegion(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *Pasted) meant() Meaning {
	return Meaning{Columns: p.Columns, Headed: p.Headed, Source: app.SourceFile, Kind: app.KindIncident, Now: pastedAt}
}

func TestPasteWithHeadings(t *testing.T) {
	p := paste(t, "Номер\tДата\tТекст обращения\tМО\tАдрес\tЗаявитель\r\n"+
		"А-1\t23.11.2026 10:30\t\"Яма у дома.\nВторая \"\"яма\"\" рядом\"\tКанаш\tул. Ленина, 14\tавтор\r\n"+
		"А-2\t\tООО \"Ромашка\" не вывозит мусор\tгород Канаш\t\t\r\n"+
		"А-3\t32.11.2026\tСвет\tКанаш\t\t\r\n"+
		"А-4\t25.11.2026\tСвет\tКанаш\t\t\r\n"+
		"А-5\t\tСвет\tМосква\t\t\r\n"+
		"А-6\t\t\tКанаш\t\t\r\n"+
		"А-1\t\tЕщё раз\tКанаш\t\t\r\n")
	if !p.Headed || !slices.Equal(p.Columns, []Column{ColumnNumber, ColumnDate, ColumnText, ColumnMunicipality, ColumnPlace, ColumnAuthor}) {
		t.Fatalf("%v, %q", p.Headed, p.Columns)
	}
	b := p.Appeals(p.meant())
	if b.Read != 7 || len(b.Rows) != 2 {
		t.Fatalf("read %d, %d rows, %+v", b.Read, len(b.Rows), b.Skipped)
	}
	a := b.Rows[0].Appeal
	if a.Text != "Яма у дома.\nВторая \"яма\" рядом" || a.Municipality != "г. Канаш" || a.External != "А-1" || a.Place != "ул. Ленина, 14" || b.Rows[0].Line != 2 {
		t.Errorf("%+v", a)
	}
	if e, ok := a.Last(app.EventPublished); !ok || !e.At.Equal(time.Date(2026, 11, 23, 7, 30, 0, 0, time.UTC)) {
		t.Errorf("%+v", e)
	}
	if e, ok := a.Last(app.EventDetected); !ok || !e.At.Equal(pastedAt) {
		t.Errorf("%+v", e)
	}
	if got := b.Rows[1].Appeal.Text; got != `ООО "Ромашка" не вывозит мусор` {
		t.Errorf("%q", got)
	}
	var reasons []string
	for _, s := range b.Skipped {
		reasons = append(reasons, s.Reason)
	}
	if !slices.Equal(reasons, []string{"bad_date", "future_date", "no_municipality", "no_text", "duplicate_row"}) || b.Skipped[0].Line != 5 {
		t.Errorf("%+v", b.Skipped)
	}
	if again := paste(t, "№\tТекст\nА-1\tЯма у дома, иначе сказано\n"); again.Appeals(again.meant()).Rows[0].Appeal.ID != a.ID {
		t.Error("the same number is another appeal")
	}
}

func TestPasteWithoutHeadings(t *testing.T) {
	p := paste(t, "17-01\tНет света на всей улице второй день\tг. Канаш\thttps://vk.com/wall1\t24.11.2026\tкакое-то слово\n17-02\tЯма\tЦивильский округ\thttps://vk.com/wall2\t23.11.2026\t\n")
	if p.Headed || !slices.Equal(p.Columns, []Column{ColumnNumber, ColumnText, ColumnMunicipality, ColumnLink, ColumnDate, ColumnNone}) {
		t.Fatalf("%v, %q", p.Headed, p.Columns)
	}
	if b := p.Appeals(p.meant()); len(b.Rows) != 2 || b.Rows[0].Line != 1 || b.Rows[1].Appeal.Link != "https://vk.com/wall2" {
		t.Errorf("%+v", b)
	}
	if p.Sample(5) != "какое-то слово" || p.Sample(9) != "" {
		t.Error(p.Sample(5))
	}
	// What people say goes before what it seems.
	m := p.meant()
	m.Columns = []Column{ColumnNone, ColumnNone, ColumnNone, ColumnNone, ColumnNone, ColumnText}
	if b := p.Appeals(m); len(b.Rows) != 1 || len(b.Skipped) != 1 || b.Skipped[0].Reason != "no_text" {
		t.Errorf("%+v", b)
	}
}

func TestNumbersThatOnlyCountTheRows(t *testing.T) {
	for _, text := range []string{"№\tТекст\n1\tЯма\n2\tСвет\n", "1\tЯма на дороге\n2\tСвет не горит\n"} {
		p := paste(t, text)
		if slices.Contains(p.Columns, ColumnNumber) {
			t.Errorf("%q: %q", text, p.Columns)
		}
		b := p.Appeals(p.meant())
		if len(b.Rows) != 2 || b.Rows[0].Appeal.External != "" || b.Rows[0].Appeal.ID == b.Rows[1].Appeal.ID {
			t.Errorf("%q: %+v", text, b)
		}
	}
}

// TestPasteOfAKnownFormat: the rows are those of the file.
func TestPasteOfAKnownFormat(t *testing.T) {
	p := paste(t, "Номер инцидента\tТекст инцидента\tДата создания\n77\tЯма\t23.11.2026 10:00\n")
	if p.Format != "incident-manager" {
		t.Fatal(p.Format)
	}
	b := p.Appeals(p.meant())
	if len(b.Rows) != 1 || b.Rows[0].Appeal.ID != app.IDFrom("im", "77") || b.Format != p.Format {
		t.Errorf("%+v", b)
	}
}

func TestPasteOfNoTable(t *testing.T) {
	large := strings.Repeat("Яма на дороге\n", app.TakeInMost+2)
	for text, want := range map[string]app.Code{
		"": app.CodePasteEmpty, " \n\t\t\n": app.CodePasteEmpty, large: app.CodePasteLarge,
		"date\tpage\tcount\n2026-11-24\tx\t1\n": app.CodePasteOther,
	} {
		if _, err := Paste(text, pastedRegion(t)); app.CodeOf(err) != want {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	// A quote left open takes no row with it.
	p := paste(t, "Номер\tТекст\nА-1\t\"Яма\nА-2\tСвет\nА-3\tВода\n")
	if b := p.Appeals(p.meant()); len(b.Rows) < 2 {
		t.Errorf("%+v", b)
	}
}
