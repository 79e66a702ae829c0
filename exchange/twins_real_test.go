package exchange

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"otklik/app"
)

// TestTwinsOfTheRealRegistry: the registry holds two addresses twice, each for a village
// council and the administration that came after it. Six further rows bear two names
// between them, but have an OGRN each: they are no twins.
func TestTwinsOfTheRealRegistry(t *testing.T) {
	path := dataFile(t, fileRegistry)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	founders, named, ogrn := column(t, rows, "Учредитель"), column(t, rows, "Наименование подведомственной организации"), column(t, rows, "ОГРН")
	numbers, links := column(t, rows, "ID госпаблика"), column(t, rows, "Ссылка на госпаблик ВК")
	pages := make([]app.Page, len(links))
	for i := range pages {
		pages[i] = app.Page{
			ID: fmt.Sprint(i + 2), Network: app.SourceVK, Founder: founders[i], Name: named[i], OGRN: ogrn[i], External: strings.TrimSpace(numbers[i]),
			Link: strings.TrimSpace(links[i]),
		}
	}
	var got []string
	for _, g := range app.TwinsAmong(pages) {
		words := fmt.Sprint(g.By)
		for _, p := range g.Pages {
			words += " " + p.ID
		}
		got = append(got, words)
	}
	if want := []string{"[address] 442 457", "[address] 467 475"}; !slices.Equal(got, want) {
		t.Errorf("of %d rows: %q", len(pages), got)
	}
	// The import lets each of them in once.
	var read []app.Page
	for _, row := range readFile(t, path).Rows {
		read = append(read, *row.Page)
	}
	if twins := app.TwinsAmong(read); len(twins) != 0 || len(read) != len(pages)-2 {
		t.Errorf("%d read, %d twins", len(read), len(twins))
	}
}
