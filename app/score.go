package app

import (
	"cmp"
	"math"
	"slices"
)

// PageScore is the region's method of scoring pages: the components and the bounds of
// the zones, in points of 100.
type PageScore struct {
	Parts []ScorePart `json:"parts"`
	Good  int         `json:"good"` // from so many points on
	Fair  int         `json:"fair"`
}

// ScorePart is one thing that is asked of a page.
type ScorePart struct {
	What     ScoreWhat `json:"what"`
	Networks []Source  `json:"networks,omitempty"` // it is asked for on; none: on all
	Steps    []Worth   `json:"steps"`              // the best first: the first that is reached counts
	Fix      string    `json:"fix"`                // what to do, in the words of a letter to the founder
	Link     string    `json:"link,omitempty"`     // where it is explained
}

// Worth is what reaching a bound is worth.
type Worth struct {
	From   float64 `json:"from"` // of a mark 1; of widgets 1 or 2; posts in seven days; percent of the members
	Points int     `json:"points"`
}

// ScoreWhat is what a component looks at: a mark of the page (MarkState …) or one of
// those below.
type ScoreWhat string

// Components that are no marks.
const (
	ScoreWidgets ScoreWhat = "widgets" // how many of the two widgets are there
	ScorePosts   ScoreWhat = "posts"   // in seven days
	ScoreReach   ScoreWhat = "reach"   // weekly reach / members
)

// ScoreWhats are all components there can be, in the order they are shown.
var ScoreWhats = []ScoreWhat{
	MarkState, MarkGospubliki, MarkAvatar, MarkDescription, MarkCover, ScoreWidgets, ScorePosts, ScoreReach,
}

// Of is what the component is worth at most.
func (s *ScorePart) Of() int {
	most := 0
	for _, w := range s.Steps {
		most = max(most, w.Points)
	}
	return most
}

// Need is the bound that is worth most.
func (s *ScorePart) Need() float64 { return s.Steps[0].From }

// asks says whether the component is asked for on the network.
func (s *ScorePart) asks(n Source) bool {
	return len(s.Networks) == 0 || slices.Contains(s.Networks, n)
}

// Zone is where the points of a page lie.
type Zone string

// Zones, the best first.
const (
	ZoneGood Zone = "good"
	ZoneFair Zone = "fair"
	ZonePoor Zone = "poor"
	ZoneOpen Zone = "open" // what is not known decides between two of them
)

// Zones lists all zones.
var Zones = []Zone{ZoneGood, ZoneFair, ZonePoor, ZoneOpen}

// Apart says why a page is not scored.
type Apart string

// Grounds on which pages stand apart.
const (
	ApartGround Apart = "ground"  // there is a ground on which no page is kept
	ApartNoLink Apart = "no_link" // the registry names neither a page nor a ground
	ApartNoRule Apart = "no_rule" // the region asks nothing on this network
)

// PageCheck is a page held against what the region asks. What is not known is worth
// nothing in From and everything in To, so that nobody is blamed for what nobody has
// looked at.
type PageCheck struct {
	Apart Apart       `json:"apart,omitempty"` // "" where it is scored; otherwise nothing else is set
	Parts []PartScore `json:"parts,omitempty"` // those asked for on its network, in the order of the table
	Got   int         `json:"got"`             // points that are sure
	Open  int         `json:"open"`            // points that are not known
	Asked int         `json:"asked"`           // points all its parts come to
	// From and To are Got, and Got with Open, as a share of Asked in points of 100: the
	// network of a page decides what can be asked of it.
	From int  `json:"from"`
	To   int  `json:"to"`
	Zone Zone `json:"zone,omitempty"`
}

// PartScore is one component of a check.
type PartScore struct {
	What   ScoreWhat `json:"what"`
	Known  bool      `json:"known"`
	Points int       `json:"points"` // 0 where it is not known
	Of     int       `json:"of"`
	Has    float64   `json:"has"`             // in the unit of Worth.From, 0 where it is not known
	Need   float64   `json:"need"`            // for all points
	Lacks  []string  `json:"lacks,omitempty"` // widgets that are missing, where it is known which
	Fix    string    `json:"fix,omitempty"`   // "" where all points are had, or nothing is known
	Link   string    `json:"link,omitempty"`
}

// Wrong says whether something is known to be missing.
func (c *PageCheck) Wrong() bool {
	return slices.ContainsFunc(c.Parts, func(p PartScore) bool { return p.Lacking() })
}

// Lacking says whether the component is known not to have all its points.
func (p *PartScore) Lacking() bool { return p.Known && p.Points < p.Of }

// Check holds a page against the method. members is its latest count, counted whether
// there is one.
func (s *PageScore) Check(p *Page, members uint32, counted bool) (c PageCheck) {
	switch {
	case p.NotKept != "":
		return PageCheck{Apart: ApartGround}
	case p.Link == "":
		return PageCheck{Apart: ApartNoLink}
	}
	for i := range s.Parts {
		part := &s.Parts[i]
		if !part.asks(p.Network) {
			continue
		}
		score := PartScore{What: part.What, Of: part.Of(), Need: part.Need()}
		score.Has, score.Lacks, score.Known = measure(p, part.What, members, counted)
		c.Asked += score.Of
		if !score.Known {
			c.Open += score.Of
		} else {
			score.Points = part.worth(score.Has)
			c.Got += score.Points
		}
		if score.Lacking() {
			score.Fix, score.Link = part.Fix, part.Link
		}
		c.Parts = append(c.Parts, score)
	}
	if c.Asked == 0 {
		return PageCheck{Apart: ApartNoRule}
	}
	c.From, c.To = hundredths(c.Got, c.Asked), hundredths(c.Got+c.Open, c.Asked)
	if c.Zone = s.zone(c.From); c.Zone != s.zone(c.To) {
		c.Zone = ZoneOpen
	}
	return c
}

// worth is what the first bound is worth that is reached.
func (s *ScorePart) worth(has float64) int {
	for _, w := range s.Steps {
		if has >= w.From {
			return w.Points
		}
	}
	return 0
}

// measure gives what a component looks at.
func measure(p *Page, what ScoreWhat, members uint32, counted bool) (has float64, lacks []string, known bool) {
	switch what {
	case ScoreWidgets:
		return widgets(p)
	case ScorePosts:
		if p.PostsWeek == nil {
			return 0, nil, false
		}
		return float64(*p.PostsWeek), nil, true
	case ScoreReach:
		if p.ReachWeek == nil || !counted || members == 0 {
			return 0, nil, false
		}
		return 100 * float64(*p.ReachWeek) / float64(members), nil, true
	}
	there, known := p.Mark(string(what))
	if there {
		has = 1
	}
	return has, nil, known
}

// widgets counts the two widgets. Data that know of one widget only say that one is
// there, or none.
func widgets(p *Page) (n float64, lacks []string, known bool) {
	known = true
	separately := false
	for _, mark := range []string{MarkOpinion, MarkProblem} {
		there, looked := p.Mark(mark)
		separately, known = separately || looked, known && looked
		if there {
			n++
		} else {
			lacks = append(lacks, mark)
		}
	}
	if separately {
		return n, lacks, known || n == 2
	}
	one, known := p.Mark(MarkWidget)
	if one {
		return 1, nil, true
	}
	return 0, lacks, known
}

func hundredths(points, of int) int { return int(math.Round(100 * float64(points) / float64(of))) }

func (s *PageScore) zone(points int) Zone {
	switch {
	case points >= s.Good:
		return ZoneGood
	case points >= s.Fair:
		return ZoneFair
	}
	return ZonePoor
}

// worse orders checks: what asks for work first, what stands apart last.
func (c *PageCheck) worse(o *PageCheck) int {
	apart := func(c *PageCheck) int {
		if c.Apart != "" {
			return 1
		}
		return 0
	}
	return cmp.Or(apart(c)-apart(o), c.To-o.To, c.From-o.From)
}
