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
