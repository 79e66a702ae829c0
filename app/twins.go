package app

import (
	"cmp"
	"slices"
	"strings"
)

// TwinBy is by what two entries of the registry are taken for one page.
type TwinBy string

// What makes twins, the surest first.
const (
	TwinAddress  TwinBy = "address"  // one address, spelled differently or not
	TwinExternal TwinBy = "external" // one number on one network
	TwinName     TwinBy = "name"     // one founder, one network, one name and, where known, one OGRN
)

// twinBys lists them in that order.
var twinBys = []TwinBy{TwinAddress, TwinExternal, TwinName}

// Twins are entries of the registry that are one page, or look like one.
type Twins struct {
	By    []TwinBy // what ties them, the surest first
	Pages []Page   // at least two, as the registry has them
}

// PageTwins finds the entries that stand in the registry more than once; the surest
// ties first, then by name.
func (d *Desk) PageTwins() ([]Twins, error) {
	pages, err := d.store.Pages()
	if err != nil {
		return nil, err
	}
	return TwinsAmong(pages), nil
}

// twinned gives the IDs of pages that have a twin.
func twinned(pages []Page) map[string]bool {
	out := map[string]bool{}
	for _, t := range TwinsAmong(pages) {
		for _, p := range t.Pages {
			out[p.ID] = true
		}
	}
	return out
}

// TwinsAmong finds them in a registry: it ties every page to the first that says the same of itself: one look into
// a map for each of the three ties, whatever the number of pages.
func TwinsAmong(pages []Page) []Twins {
	first := map[twinKey]int{}
	leads := make([]int, len(pages)) // to a page of the same group, the first of it to itself
	for i := range leads {
		leads[i] = i
	}
	root := func(i int) int {
		for leads[i] != i {
			leads[i] = leads[leads[i]]
			i = leads[i]
		}
		return i
	}
	tied := map[int]map[TwinBy]bool{} // by any page of the group
	for i := range pages {
		for _, key := range twinKeys(&pages[i]) {
			j, known := first[key]
			if !known {
				first[key] = i
				continue
			}
			a, b := root(i), root(j)
			leads[max(a, b)] = min(a, b)
			if tied[j] == nil {
				tied[j] = map[TwinBy]bool{}
			}
			tied[j][key.by] = true
		}
	}
	groups, at := []Twins(nil), map[int]int{}
	by := map[int]map[TwinBy]bool{}
	for j, ties := range tied {
		r := root(j)
		if by[r] == nil {
			by[r] = map[TwinBy]bool{}
		}
		for t := range ties {
			by[r][t] = true
		}
	}
	for i := range pages {
		r := root(i)
		if by[r] == nil {
			continue
		}
		g, known := at[r]
		if !known {
			g = len(groups)
			at[r] = g
			groups = append(groups, Twins{})
			for _, t := range twinBys {
				if by[r][t] {
					groups[g].By = append(groups[g].By, t)
				}
			}
		}
		groups[g].Pages = append(groups[g].Pages, pages[i])
	}
	slices.SortStableFunc(groups, func(a, b Twins) int {
		return cmp.Or(slices.Index(twinBys, a.By[0])-slices.Index(twinBys, b.By[0]), cmp.Compare(Fold(a.Pages[0].Name), Fold(b.Pages[0].Name)))
	})
	return groups
}

// twinKey is what pages have in common that are one.
type twinKey struct {
	by      TwinBy
	network Source
	words   string
}

// twinKeys gives what is told of a page that no other page may say of itself.
func twinKeys(p *Page) []twinKey {
	var out []twinKey
	a, ok := AddressOf(p.Link)
	if ok {
		out = append(out, twinKey{by: TwinAddress, words: a.Key})
	}
	if n := p.external(a); n != "" {
		out = append(out, twinKey{TwinExternal, p.Network, n})
	}
	// Bodies that came one after the other bear one name; their OGRN tells them apart.
	if name, founder := plainName(p.Name), plainName(p.Founder); name != "" && founder != "" {
		out = append(out, twinKey{TwinName, p.Network, founder + "\n" + name + "\n" + p.OGRN})
	}
	return out
}

// plainName is a name without what people write differently: case, ё, quotes, spaces.
func plainName(s string) string {
	return strings.Join(strings.FieldsFunc(Fold(s), func(r rune) bool {
		return strings.ContainsRune(" \t\n\u00a0\"'«»“”„", r)
	}), " ")
}
