package app

import (
	"cmp"
	"slices"
	"time"
)

// Alike is an appeal that looks like another one.
type Alike struct {
	Record uint64
	Appeal *Appeal
	Start  time.Time // when its clock began; zero: not known
	Likeness
}

// SamePlace says how near to each other two appeals are known to be.
type SamePlace uint8

// Degrees of one place. Other is known to be another one.
const (
	PlaceUnknown SamePlace = iota
	PlaceOther
	PlaceMunicipality
	PlaceStreet
	PlaceHouse
)

// SameTopic says how near two appeals are in what they are about.
type SameTopic uint8

// Degrees of one topic.
const (
	TopicUnknown SameTopic = iota // one of them has none yet
	TopicOther
	TopicGroupOnly
	TopicSame
)

// Likeness is what two appeals have in common.
type Likeness struct {
	Place SamePlace
	Topic SameTopic
	Words float64 // 0–1: how much of the less usual words is the same
	Days  int     // between their beginnings
	// Again says that the earlier one was closed as solved at the same place and on
	// the same topic, not long before the later one came.
	Again bool
}

const (
	// AlikeWithin is how far apart in time appeals are looked for that look alike.
	AlikeWithin = 90 * 24 * time.Hour
	// AgainWithin is how long after a solution a new complaint says that it was none.
	AgainWithin = 60 * 24 * time.Hour
	// AlikeMost is how many look-alikes are shown.
	AlikeMost = 20
)

// The weight of what is the same, in points. A house and a topic are enough, and so
// are most of the words in one municipality; a topic and a municipality alone are
// not: every winter has a hundred appeals about snow.
var (
	placePoints = [...]float64{PlaceUnknown: 0, PlaceOther: -40, PlaceMunicipality: 8, PlaceStreet: 12, PlaceHouse: 42}
	topicPoints = [...]float64{TopicUnknown: 0, TopicOther: 0, TopicGroupOnly: 10, TopicSame: 20}
)

const (
	wordPoints  = 60
	dayPoints   = 1.0 / 18
	alikePoints = 55
)

// Points tells how alike two appeals are.
func (l Likeness) Points() float64 {
	return placePoints[l.Place] + topicPoints[l.Topic] + wordPoints*l.Words - dayPoints*float64(l.Days)
}

// Compare orders likenesses: those of one house stand above all others.
func (l Likeness) Compare(o Likeness) int {
	house := func(l Likeness) int { return max(int(l.Place), int(PlaceStreet)) }
	return cmp.Or(cmp.Compare(house(l), house(o)), cmp.Compare(l.Points(), o.Points()))
}

// Alike says whether it is worth showing.
func (l Likeness) Alike() bool { return l.Points() >= alikePoints }

// Subject is an appeal as it is compared with others. Its place is read once.
type Subject struct {
	*Appeal
	At    Place
	Start time.Time // zero: not known
}

// NewSubject makes an appeal ready to be compared.
func NewSubject(a *Appeal) Subject {
	s := Subject{Appeal: a, At: a.Where()}
	if e, ok := a.Start(); ok {
		s.Start = e.At
	}
	return s
}

// Compare says what two appeals have in common but for their words.
func (s Subject) Compare(o Subject) Likeness {
	l := Likeness{Place: s.samePlace(o), Topic: s.sameTopic(o)}
	if !s.Start.IsZero() && !o.Start.IsZero() {
		l.Days = int(s.Start.Sub(o.Start).Abs() / (24 * time.Hour))
		earlier, later := o, s
		if s.Start.Before(o.Start) {
			earlier, later = s, o
		}
		l.Again = l.Topic == TopicSame && (l.Place == PlaceHouse || l.Place == PlaceStreet && s.At.House == o.At.House) &&
			earlier.solvedBefore(later.Start)
	}
	return l
}

// solvedBefore says whether it was closed as solved, not long before the moment.
func (s Subject) solvedBefore(at time.Time) bool {
	if s.Status != StatusClosed || s.Outcome != OutcomeSolved {
		return false
	}
	closed, ok := s.Last(EventClosed)
	return ok && SolvedBefore(closed.At.Unix(), at.Unix())
}

// SolvedBefore says whether what was solved at a moment and is complained of at
// another counts as complained of again; both are Unix seconds.
func SolvedBefore(closed, start int64) bool {
	return closed != 0 && closed <= start && start-closed <= int64(AgainWithin/time.Second)
}

func (s Subject) samePlace(o Subject) SamePlace {
	sameTown := s.Municipality == o.Municipality
	switch {
	case s.Municipality != "" && o.Municipality != "" && !sameTown:
		return PlaceOther
	case s.At.Street == "" || o.At.Street == "":
		if sameTown && s.Municipality != "" {
			return PlaceMunicipality
		}
		return PlaceUnknown
	case s.At.Street != o.At.Street || s.At.Town != o.At.Town && s.At.Town != "" && o.At.Town != "":
		return PlaceOther
	case s.At.House != "" && s.At.House == o.At.House:
		return PlaceHouse
	}
	return PlaceStreet
}

func (s Subject) sameTopic(o Subject) SameTopic {
	switch {
	case s.Group == "" || o.Group == "":
		return TopicUnknown
	case s.Group != o.Group:
		return TopicOther
	case s.Topic == "" || s.Topic != o.Topic:
		return TopicGroupOnly
	}
	return TopicSame
}

// Alike gives the appeals that look like the one with the record number, the most
// alike first.
func (d *Desk) Alike(record uint64) ([]Alike, error) { return d.store.Alike(record) }

// Parent chooses which of appeals the others are merged into: the oldest that is
// open already at work, so that no work is lost, or else the oldest. It says why
// they cannot be merged where more than one is at work, or one is not open.
func Parent(all []*Appeal) (parent *Appeal, err error) {
	age := func(a *Appeal) int64 {
		if e, ok := a.Start(); ok {
			return e.At.UnixMilli()
		}
		return 1 << 62
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b *Appeal) int { return cmp.Or(cmp.Compare(age(a), age(b)), cmp.Compare(a.ID, b.ID)) })
	for _, a := range all {
		switch {
		case mergeable(a):
		case parent != nil, !a.Status.Open():
			return nil, Fail(CodeMergeAtWork, a.Number, a.Status)
		default:
			parent = a
		}
	}
	if parent == nil && len(all) > 0 {
		parent = all[0]
	}
	return parent, nil
}

// mergeable says whether the table of transitions lets the appeal be merged at all.
func mergeable(a *Appeal) bool {
	return slices.ContainsFunc(Transitions, func(tr Transition) bool {
		return tr.Event == EventMerged && slices.Contains(tr.From, a.Status)
	})
}

// Merge merges appeals into one of them, all or none, and gives that one and how
// many went into it. Which it is says Parent.
func (d *Desk) Merge(ids ...string) (parent *Appeal, n int, err error) {
	var all []*Appeal
	for _, id := range ids {
		a, err := d.store.Appeal(id)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, a)
	}
	if parent, err = Parent(all); err != nil || len(all) < 2 {
		return parent, 0, err
	}
	one := &deed{}
	var ops []Op
	for _, a := range all {
		if a == parent {
			continue
		}
		s, more, err := d.ask(a, false, []Event{{Type: EventMerged, Target: parent.ID}})
		if err != nil {
			return nil, 0, err
		}
		one.steps, ops = append(one.steps, s), append(ops, more...)
	}
	if err := d.store.Perform(ops); err != nil {
		return nil, 0, err
	}
	d.did(one)
	return parent, len(ops), nil
}
