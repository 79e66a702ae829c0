package app

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// TableRelease names the version of the program the region works with: how people learn
// of a new one, since the program asks nobody but its own server.
const TableRelease TableName = "release"

// Release is a version of the program, and where the region keeps it.
type Release struct {
	Version string `json:"version"` // as "0.2.0"
	Place   string `json:"place"`   // a folder, an address, or whom to ask, in people's words
}

// Newer gives the region's release where it is later than the version.
func (r *Region) Newer(than string) (Release, bool) {
	return r.Release, slices.Compare(versionOf(r.Release.Version), versionOf(than)) > 0
}

// versionMost is the longest a version may be, in bytes, and placeMost the longest a
// place, in letters.
const (
	versionMost = 32
	placeMost   = 200
)

// versionOf gives the numbers of a version, none of what is not one.
func versionOf(v string) []uint64 {
	if len(v) > versionMost {
		return nil
	}
	var out []uint64
	for part := range strings.SplitSeq(v, ".") {
		n, err := strconv.ParseUint(part, 10, 32)
		if err != nil {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// printed leaves what shows on one line: nothing that steers a terminal or turns the
// direction of a line.
func printed(words string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return -1
	}, strings.Join(strings.Fields(words), " "))
}

const (
	columnVersion Column = "version"
	columnPlace   Column = "place"
)

var releaseTable = &tableSpec{
	name:    TableRelease,
	columns: []ColumnSpec{{Name: columnVersion, Need: true}, {Name: columnPlace}},
	read: func(r *Region, rows []*tableRow) {
		r.Release = Release{}
		for i, row := range rows {
			v, place := row.words(columnVersion), printed(row.words(columnPlace))
			switch {
			case i > 0:
				row.wrong(CodeRowOne)
			case v != "" && versionOf(v) == nil:
				row.wrong(CodeRowVersion, columnVersion, Cut(v, placeMost))
			}
			if i == 0 {
				r.Release = Release{Version: v, Place: Cut(place, placeMost)}
			}
		}
	},
	write: func(r *Region) [][]string {
		if r.Release.Version == "" {
			return nil
		}
		return [][]string{{r.Release.Version, r.Release.Place}}
	},
}
