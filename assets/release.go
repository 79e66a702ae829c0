package assets

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/semver"

	"otklik/app"
)

// Bounds of an announced release: bytes of its version, runes of its place.
const (
	releaseVersionMost = 32
	releasePlaceMost   = 200
)

// Showable gives what of an announced release can stand on one line: no control
// characters, nothing that turns the direction of a line, nothing endless. It is
// false where the version is none, which the words of a server may be.
func Showable(r app.Release) (app.Release, bool) {
	if len(r.Version) > releaseVersionMost || !semver.IsValid("v"+r.Version) {
		return app.Release{}, false
	}
	var place strings.Builder
	for _, c := range strings.TrimSpace(r.Place) {
		if !unicode.IsPrint(c) || c == utf8.RuneError {
			continue
		}
		if utf8.RuneCountInString(place.String()) == releasePlaceMost {
			break
		}
		place.WriteRune(c)
	}
	r.Place = place.String()
	return r, true
}

// Newer gives an announced release as it can be shown, false where this program is
// as new or nothing was announced.
func Newer(r app.Release) (app.Release, bool) {
	r, ok := Showable(r)
	return r, ok && semver.Compare("v"+r.Version, "v"+Version) > 0
}

// Release says in one line what was announced.
func (t *Texts) Release(r app.Release) string {
	if r.Place == "" {
		return t.T("release.out", r.Version)
	}
	return t.T("release.out_at", r.Version, r.Place)
}
