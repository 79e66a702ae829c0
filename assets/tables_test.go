package assets

import (
	"testing"

	"otklik/app"
)

// TestTablesHaveWords asks that every heading and every code of the region's tables
// has a word, and no two headings of a table the same.
func TestTablesHaveWords(t *testing.T) {
	for _, lang := range Languages {
		text := Load(lang)
		for _, name := range app.TableNames() {
			if !text.Has("table." + string(name)) {
				t.Errorf("%s: table %s has no word", lang, name)
			}
			heads := map[string]bool{}
			for _, c := range app.ColumnsOf(name) {
				key := "column." + string(c.Name)
				if !text.Has(key) || heads[text.T(key)] {
					t.Errorf("%s: %s of %s has no word of its own", lang, key, name)
				}
				heads[text.T(key)] = true
				words := map[string]bool{}
				for _, code := range c.Of {
					key := c.Family + "." + code
					if !text.Has(key) || words[text.T(key)] {
						t.Errorf("%s: %s has no word of its own", lang, key)
					}
					words[text.T(key)] = true
				}
			}
		}
	}
}

// TestNoTwoMunicipalitiesStandOnOneSquare looks at the map that is shipped.
func TestNoTwoMunicipalitiesStandOnOneSquare(t *testing.T) {
	region, _, err := Region()
	if err != nil {
		t.Fatal(err)
	}
	taken := map[app.Tile]string{}
	for _, m := range region.Municipalities {
		if m.Tile == nil || m.Tile.Column < 1 || m.Tile.Row < 1 {
			t.Errorf("%s is not on the map: %v", m.Name, m.Tile)
			continue
		}
		if other := taken[*m.Tile]; other != "" {
			t.Errorf("%s and %s stand on one square", m.Name, other)
		}
		taken[*m.Tile] = m.Name
	}
	if len(region.Occasions) == 0 {
		t.Error("no occasions")
	}
}
