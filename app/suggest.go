package app

import "slices"

// TopicName names a topic by its group, and the group itself where Topic is "".
type TopicName struct{ Group, Topic string }

// Suggestion is a topic an appeal looks like, and how likely that is, 0…1.
type Suggestion struct {
	TopicName
	Share float64
}

// TopicHit is a topic that somebody's words mean.
type TopicHit struct {
	TopicName
	Must, Not string       // «должна содержать», «не путать с»; "" where nothing is said
	Why       []TopicMatch // the words that were found, in the order they were typed
}

// TopicMatch is why a word of a question led to a topic.
type TopicMatch struct {
	Word  string  // as it was typed
	Found string  // what of the topic it stands for
	By    MatchBy //
}

// MatchBy says how a word stands for what was found.
type MatchBy string

// Ways to find a topic, the surest first.
const (
	MatchName    MatchBy = "name"    // a form of a word of its name
	MatchWords   MatchBy = "words"   // of what people call it
	MatchStart   MatchBy = "start"   // the beginning of one of these, or of the same root
	MatchSynonym MatchBy = "synonym" // another word for one of these
	MatchGroup   MatchBy = "group"   // the name of its group, or what other systems call that
	MatchText    MatchBy = "text"    // what an appeal on it should contain
)

// Adviser is what the desk needs to name topics.
type Adviser interface {
	// Find gives the topics of the region that the words mean, the best first; without
	// words it gives all of them in the region's order.
	Find(region *Region, words string) []TopicHit
	// Suggest gives the topics an appeal looks like, the likeliest first, none while
	// nothing was learnt.
	Suggest(a *Appeal) []Suggestion
}

// FindTopics gives the topics that the words mean.
func (d *Desk) FindTopics(words string) []TopicHit {
	if d.adviser == nil {
		return nil
	}
	return d.adviser.Find(d.Region(), words)
}

// suggested gives the topics the appeal looks like, where its topic is still a
// question that this person may answer. It sets none.
func (d *Desk) suggested(c *Card) []Suggestion {
	if d.adviser == nil || !slices.Contains(c.Offers, EventClassified) {
		return nil
	}
	for _, e := range c.Appeal.Events {
		if e.Type == EventClassified && e.By != "" {
			return nil // somebody has looked at it
		}
	}
	return d.adviser.Suggest(c.Appeal)
}

// Classified is an appeal that has a topic.
type Classified struct {
	Record uint64
	TopicName
}

// Classified lists the latest appeals that have a topic, as they were taken in.
func (d *Desk) Classified(most int) ([]Classified, error) {
	var out []Classified
	err := d.store.Facts(Filter{}, d.now(), func(f *Facts) {
		out = f.classified(most)
	})
	return out, err
}

func (f *Facts) classified(most int) []Classified {
	records := 0
	for i := range f.Parts {
		for row := range f.Parts[i].Rows() {
			if f.Parts[i].Codes[row][FacetGroup] != 0 {
				records++
			}
		}
	}
	skip := max(0, records-most)
	out := make([]Classified, 0, records-skip)
	for i := range f.Parts {
		p := &f.Parts[i]
		for row := range p.Rows() {
			c := &p.Codes[row]
			if c[FacetGroup] == 0 {
				continue
			}
			if skip > 0 {
				skip--
				continue
			}
			name := TopicName{f.Groups[c[FacetGroup]], f.Topics[c[FacetTopic]]}
			out = append(out, Classified{p.First + uint64(row), name})
		}
	}
	return out
}

// AppealAt gives the appeal of a record, without all that its screen adds.
func (d *Desk) AppealAt(record uint64) (*Appeal, error) { return d.store.AppealAt(record) }
