package app

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// Region is the region's own tables: everything in which one region differs
// from another.
type Region struct {
	Name           string         `json:"name"`   // «Чувашская Республика»
	Centre         string         `json:"centre"` // «ЦУР Чувашской Республики»
	Zone           string         `json:"zone"`   // IANA name
	GoalHours      float64        `json:"goal_hours"`
	Hours          Hours          `json:"hours"`
	Rules          []Rule         `json:"rules"`
	Municipalities []Municipality `json:"municipalities"`
	Executors      []string       `json:"executors"`
	Groups         []TopicGroup   `json:"-"`
	Reasons        []string       `json:"reasons"`   // for sending back to rework
	Templates      []Template     `json:"templates"` // of answers
	TopicTexts     []TopicText    `json:"topic_texts"`
	Routes         []Route        `json:"routes"`
	Checklist      []string       `json:"checklist"`    // to go through before an answer goes to approval
	Rejections     []string       `json:"rejections"`   // reasons for turning an appeal down
	Days           []RegionDay    `json:"days"`         // in which its calendar differs from the country's
	Views          []View         `json:"views"`        // that everybody has
	Occasions      []Occasion     `json:"occasions"`    // marked on charts
	Restrictions   []Restriction  `json:"restrictions"` // of channels
	Release        Release        `json:"release"`      // of the program
	Score          PageScore      `json:"page_score"`   // what is asked of a page, and what it is worth

	location *time.Location
}

// Municipality of the region.
type Municipality struct {
	Name      string `json:"name"`
	Residents int    `json:"residents"`
	Zone      string `json:"zone,omitempty"`  // "" as the region
	Hours     *Hours `json:"hours,omitempty"` // nil: as the region
	Tile      *Tile  `json:"tile,omitempty"`  // nil: not on the map
}

// Tile is the place of a municipality on the map of equal squares, both counted
// from 1, from the upper left.
type Tile struct {
	Column int `json:"column"`
	Row    int `json:"row"`
}

// Occasion is a day that explains a bend of a line: a holiday, a flood, an outage.
type Occasion struct {
	Date         Day    `json:"date"`
	Name         string `json:"name"`
	Municipality string `json:"municipality,omitempty"` // "": of all
}

// TopicGroup is one of the 26 federal groups with its topics.
type TopicGroup struct {
	Name   string   `json:"name"`
	Topics []string `json:"topics"`
	// Aliases are names other systems use for the group.
	Aliases []string `json:"aliases,omitempty"`
}

// TopicText says in people's words what a topic is about.
type TopicText struct {
	Topic string   `json:"topic"`
	Must  string   `json:"must"`  // «должна содержать»
	Not   string   `json:"not"`   // «не путать с»
	Words []string `json:"words"` // what people call it: свет, нет света
}

// Route says who answers: an empty field stands for any.
type Route struct {
	Group        string `json:"group"`
	Topic        string `json:"topic"`
	Municipality string `json:"municipality"`
	Executor     string `json:"executor"`
}

// RegionDay is a holiday of the region, or another day of its own.
type RegionDay struct {
	Date Day     `json:"date"`
	Kind DayKind `json:"kind"`
	Name string  `json:"name,omitempty"`
}

// Template of an answer.
type Template struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// OccasionsIn gives the occasions of a municipality and those of all.
func (r *Region) OccasionsIn(municipality string) (out []Occasion) {
	for _, o := range r.Occasions {
		if o.Municipality == "" || o.Municipality == municipality {
			out = append(out, o)
		}
	}
	return out
}

// LoadRegion reads the region's tables.
func LoadRegion(region, groups []byte) (*Region, error) {
	r := &Region{}
	if err := json.Unmarshal(region, r); err != nil {
		return nil, fmt.Errorf("region: %w", err)
	}
	if err := json.Unmarshal(groups, &r.Groups); err != nil {
		return nil, fmt.Errorf("topic groups: %w", err)
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return nil, fmt.Errorf("region: zone: %w", err)
	}
	r.location = zone
	for _, m := range r.Municipalities {
		if _, err := time.LoadLocation(m.Zone); err != nil {
			return nil, fmt.Errorf("region: %s: zone: %w", m.Name, err)
		}
	}
	return r, nil
}

// Location is the region's time zone.
func (r *Region) Location() *time.Location { return r.location }

// Goal is the region's goal for the first response.
func (r *Region) Goal() time.Duration {
	return time.Duration(r.GoalHours * float64(time.Hour))
}

// Terms joins the region's rules with the calendar of the country. They follow
// the tables the region changes, by their Book.
func (r *Region) Terms(c *Calendar) Terms {
	var book func([]Table) (*Region, Terms)
	book = func(changed []Table) (*Region, Terms) {
		now := r.With(changed)
		terms := now.terms(c)
		terms.Book = book
		return now, terms
	}
	_, terms := book(nil)
	return terms
}

func (r *Region) terms(c *Calendar) Terms {
	c = c.with(r.Hours, r.Days)
	zones, calendars := map[string]*time.Location{}, map[string]*Calendar{}
	for _, m := range r.Municipalities {
		if m.Hours != nil {
			calendars[m.Name] = c.With(*m.Hours)
		}
		if m.Zone == "" {
			continue
		}
		if z, err := time.LoadLocation(m.Zone); err == nil {
			zones[m.Name] = z
		}
	}
	zone := func(municipality string) *time.Location {
		if z := zones[municipality]; z != nil {
			return z
		}
		return r.location
	}
	local := func(municipality string) *Calendar {
		if own := calendars[municipality]; own != nil {
			return own
		}
		return c
	}
	return Terms{Rules: r.Rules, Calendar: c, Zone: zone, Local: local, Version: r.version(c)}
}

// version tells what terms follow from apart from anything else they could follow
// from.
func (r *Region) version(c *Calendar) string {
	type own struct {
		Zone  string
		Hours *Hours
	}
	local := map[string]own{"": {Zone: r.Zone}}
	for _, m := range r.Municipalities {
		if m.Zone != "" || m.Hours != nil {
			local[m.Name] = own{m.Zone, m.Hours}
		}
	}
	sum := sha256.Sum256(Encode([]any{r.Rules, c.Hours, c.days, local}))
	return hex.EncodeToString(sum[:16])
}

// with gives the calendar with a region's own hours and days.
func (c *Calendar) with(hours Hours, days []RegionDay) *Calendar {
	own := c.With(hours)
	own.days, own.moved = maps.Clone(c.days), maps.Clone(c.moved)
	for _, d := range days {
		own.days[d.Date] = d.Kind
		delete(own.moved, d.Date)
	}
	return own
}

// GroupOf finds the federal group a name of another system stands for, or "".
func (r *Region) GroupOf(name string) string {
	for _, g := range r.Groups {
		if g.Name == name {
			return g.Name
		}
		for _, a := range g.Aliases {
			if a == name {
				return g.Name
			}
		}
	}
	return ""
}

// RouteFor is the executor of the most precise route, or "": a topic says more
// than a municipality, a municipality more than a group, and among equals the
// first in the table has it.
func (r *Region) RouteFor(group, topic, municipality string) string {
	executor, best := "", -1
	for _, route := range r.Routes {
		precision, fits := 0, true
		for _, f := range [...]struct {
			asked, has string
			weight     int
		}{
			{route.Group, group, 1},
			{route.Municipality, municipality, 2},
			{route.Topic, topic, 4},
		} {
			if f.asked == "" {
				continue
			}
			fits = fits && f.asked == f.has
			precision += f.weight
		}
		if fits && precision > best {
			executor, best = route.Executor, precision
		}
	}
	return executor
}
