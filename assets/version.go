package assets

import (
	_ "embed"
	"fmt"
	"runtime"
	"runtime/debug"

	"otklik/app"
)

// Version is the number of this version. The packages take it from here;
// FyneApp.toml and the AppStream data repeat it, and a test compares them.
const Version = "0.1.0"

//go:embed changes.ru.md
var changes string

// Changes is what people notice in each version, newest first, in Russian:
// Markdown of headings, paragraphs and lists.
func Changes() string { return changes }

// Newer says that the region has a later version of the program than this one, and
// where; "" where it has none.
func (t *Texts) Newer(region *app.Region) string {
	r, newer := region.Newer(Version)
	if !newer {
		return ""
	}
	words := t.T("release.newer", r.Version, Version)
	if r.Place != "" {
		words += " " + t.T("release.place", r.Place)
	}
	return words
}

// Built tells which build this is: "0.1.0 (0123456789ab, go1.26.8)", with a + after
// the commit where files differed from it, and no commit where none is known.
func Built() string {
	var commit, changed string
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				commit = s.Value[:min(len(s.Value), 12)]
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = "+"
			}
		}
	}
	if commit == "" {
		return fmt.Sprintf("%s (%s)", Version, runtime.Version())
	}
	return fmt.Sprintf("%s (%s%s, %s)", Version, commit, changed, runtime.Version())
}
