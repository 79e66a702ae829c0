package app

import (
	"maps"
	"slices"
)

// ImportSource is a source of files as a person set it up once: how they are read,
// and the headings they are known by.
type ImportSource struct {
	Layout   Layout   `json:"layout"`
	Headings []string `json:"headings"`
}

// ImportProfile is such a source under its name.
type ImportProfile = Named[ImportSource]

// Clone gives a source that shares nothing with s.
func (s ImportSource) Clone() ImportSource {
	s.Headings, s.Layout.Columns = slices.Clone(s.Headings), maps.Clone(s.Layout.Columns)
	return s
}

// Same says whether both are of files with the same headings, in whatever order.
func (s ImportSource) Same(o ImportSource) bool {
	folded := func(all []string) []string {
		var out []string
		for _, h := range all {
			out = append(out, Fold(h))
		}
		slices.Sort(out)
		return out
	}
	return len(s.Headings) > 0 && slices.Equal(folded(s.Headings), folded(o.Headings))
}

func (d *Desk) importProfiles() viewsOf[ImportSource] {
	return viewsOf[ImportSource]{d, "import_profiles", nil}
}

// ImportProfiles gives the saved sources; SaveImportProfile keeps one under its name,
// in the place of one that has it, and RemoveImportProfile forgets it.
func (d *Desk) ImportProfiles() ([]ImportProfile, error) { return d.importProfiles().all() }
func (d *Desk) SaveImportProfile(p ImportProfile) error  { return d.importProfiles().save(p) }
func (d *Desk) RemoveImportProfile(name string) error    { return d.importProfiles().remove(name) }

// Headings gives what the columns are headed by.
func (p *Preview) Headings() []string {
	var out []string
	for _, c := range p.Columns {
		if c.Heading != "" {
			out = append(out, c.Heading)
		}
	}
	return out
}
