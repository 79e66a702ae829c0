package assets

import (
	"embed"
	"fmt"
	"io/fs"

	"otklik/app"
)

//go:embed calendars region translations
var files embed.FS

// Icon is the program's icon, SVG.
//
//go:embed icon.svg
var Icon []byte

// Region loads the default region and its production calendar.
func Region() (*app.Region, app.Terms, error) {
	region, err := app.LoadRegion(must("region/region.json"), must("region/topic_groups.json"))
	if err != nil {
		return nil, app.Terms{}, err
	}
	names, err := fs.Glob(files, "calendars/*.json")
	if err != nil {
		return nil, app.Terms{}, err
	}
	years := make([][]byte, 0, len(names))
	for _, n := range names {
		years = append(years, must(n))
	}
	calendar, err := app.NewCalendar(region.Hours, years...)
	if err != nil {
		return nil, app.Terms{}, err
	}
	return region, region.Terms(calendar), nil
}

// must reads an embedded file; that it is there is known when compiling.
func must(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("assets: %v", err))
	}
	return b
}
