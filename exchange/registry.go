package exchange

import (
	"otklik/app"
)

// levelMunicipal is the level at which the founder is a municipality.
const levelMunicipal = "мо"

// readRegistry reads a row of the registry of official pages in VKontakte.
func readRegistry(in *reading, r *row) {
	name := r.phrase(fieldName)
	if name == "" {
		r.refuse(fieldName, "no_name", "")
		return
	}
	p := app.Page{
		Network: app.SourceVK, Name: name, Founder: r.phrase(fieldFounder),
		OGRN: r.phrase(fieldOGRN), Level: r.phrase(fieldLevel), Status: r.phrase(fieldStatus),
		NotKept: r.phrase(fieldNotKept),
	}
	if v := r.phrase(fieldExternal); v != "0" {
		p.External = v
	}
	if headingKey(p.Level) == levelMunicipal {
		p.Municipality = p.Founder
	}
	for _, f := range []field{fieldSphere1, fieldSphere2, fieldSphere3} {
		if v := r.phrase(f); v != "" {
			p.Spheres = append(p.Spheres, v)
		}
	}
	p.ID = app.IDFrom("page", p.OGRN, p.Name, p.Founder)
	reason := "duplicate_row"
	if a, ok := addressOf(r.raw(fieldLink)); ok {
		p.Network, p.Link, p.ID = a.Network, a.Link, app.IDFrom("page", a.Key)
		reason = "duplicate_link"
	}
	if !in.repeated(r.line, p.ID, reason) {
		in.batch.Rows = append(in.batch.Rows, app.BatchRow{Line: r.line, Page: &p})
	}
}
