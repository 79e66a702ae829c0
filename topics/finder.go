package topics

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"otklik/app"
)

// Finder leads from people's words to the topics of a region.
//
// Topics that more of the words lead to stand first, then those that they lead to in
// a surer way (weights), then as in the region's list. What is not among a topic's
// words, such as what it is not to be taken for, does not count.
type Finder struct {
	places []place
}

// place is a topic, or a group, with all it may be found by.
type place struct {
	app.TopicHit
	terms []term
}

// term is a word a topic may be found by.
type term struct {
	form, stem string
	by         app.MatchBy
	share      float64 // of the phrase it stands in
}

// weights are what the ways to a topic count.
var weights = map[app.MatchBy]float64{
	app.MatchName: 10, app.MatchWords: 8, app.MatchStart: 6, app.MatchSynonym: 5, app.MatchGroup: 3, app.MatchText: 2,
}

// startLen is from how many letters on the beginning of a word leads to it, rootLen
// how many letters at the beginning make two words of one root.
const (
	startLen = 3
	rootLen  = 4
)

// asksAll is how many topics may ask for the same word in their texts: the address
// is asked for by nearly all and leads to none.
const asksAll = 3

// NewFinder reads the topics of the region.
func NewFinder(r *app.Region) *Finder {
	texts := map[string]app.TopicText{}
	wanted := map[string]int{}
	for _, t := range r.TopicTexts {
		texts[t.Topic] = t
		for _, s := range distinct(t.Must) {
			wanted[s]++
		}
	}
	f := &Finder{}
	for _, g := range r.Groups {
		group := place{TopicHit: app.TopicHit{TopicName: app.TopicName{Group: g.Name}}}
		group.add(app.MatchName, g.Name)
		group.add(app.MatchWords, g.Aliases...)
		f.places = append(f.places, group)
		for _, name := range g.Topics {
			t := texts[name]
			p := place{TopicHit: app.TopicHit{TopicName: app.TopicName{Group: g.Name, Topic: name}, Must: t.Must, Not: t.Not}}
			p.add(app.MatchName, name)
			p.add(app.MatchWords, t.Words...)
			p.add(app.MatchGroup, g.Name)
			p.add(app.MatchGroup, g.Aliases...)
			for w := range words(t.Must) {
				if says(w) && wanted[stem(w)] <= asksAll {
					p.add(app.MatchText, w)
				}
			}
			f.places = append(f.places, p)
		}
	}
	return f
}

// distinct gives each stem of a text once.
func distinct(text string) []string {
	all := slices.Sorted(Stems(text))
	return slices.Compact(all)
}

// add takes phrases the place may be found by. In its name every word is one of the
// matter; of a phrase each is a part.
func (p *place) add(by app.MatchBy, phrases ...string) {
	for _, phrase := range phrases {
		from := len(p.terms)
		for w := range words(phrase) {
			if says(w) {
				p.terms = append(p.terms, term{w, stem(w), by, 1})
			}
		}
		if by == app.MatchName {
			continue
		}
		for i := from; i < len(p.terms); i++ {
			p.terms[i].share = 1 / float64(len(p.terms)-from)
		}
	}
}

// asked is a word of a question.
type asked struct {
	word, stem string
	least      int               // letters of which are a beginning
	also       map[string]string // stems of words that mean the same, with these words
}

// ask reads a question; the last word may not be typed to its end.
func ask(text string) []asked {
	var out []asked
	also := synonyms()
	for w := range words(text) {
		if says(w) {
			s := stem(w)
			out = append(out, asked{w, s, startLen, also[s]})
		}
	}
	if n := len(out); n > 0 && strings.HasSuffix(app.Fold(text), out[n-1].word) {
		out[n-1].least = startLen - 1
	}
	return out
}

// Find gives the topics and groups that the words mean, the best first; without
// words it gives all of them in the region's order.
func (f *Finder) Find(text string) []app.TopicHit {
	question := ask(text)
	type scored struct {
		app.TopicHit
		weight float64
	}
	var found []scored
	for i := range f.places {
		p := &f.places[i]
		s := scored{TopicHit: p.TopicHit}
		for _, a := range question {
			if match, weight := p.match(a); weight > 0 {
				s.Why = append(s.Why, match)
				s.weight += weight
			}
		}
		if len(s.Why) > 0 || len(question) == 0 {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int {
		return cmp.Or(cmp.Compare(len(b.Why), len(a.Why)), cmp.Compare(b.weight, a.weight))
	})
	out := make([]app.TopicHit, len(found))
	for i := range found {
		out[i] = found[i].TopicHit
	}
	return out
}

// match gives the surest way from the word to the topic; its weight is 0 where there
// is none.
func (p *place) match(a asked) (best app.TopicMatch, weight float64) {
	for _, t := range p.terms {
		by, found := t.by, t.form
		switch {
		case t.stem == a.stem:
		case t.by == app.MatchText: // by its own forms only
			continue
		case begins(a, t):
			by = app.MatchStart
		case a.also[t.stem] != "":
			by = app.MatchSynonym
		default:
			continue
		}
		w := min(weights[by], weights[t.by]) * t.share
		if w > weight {
			best, weight = app.TopicMatch{Word: a.word, Found: found, By: by}, w
		}
	}
	return best, weight
}

// begins says that the word is the beginning of the term, or both are of one root.
func begins(a asked, t term) bool {
	if strings.HasPrefix(t.form, a.word) && utf8.RuneCountInString(a.word) >= a.least {
		return true
	}
	short, long := a.stem, t.stem
	if len(short) > len(long) {
		short, long = long, short
	}
	return strings.HasPrefix(long, short) && utf8.RuneCountInString(short) >= rootLen
}
