package app

import "time"

// PrintedFigures are all figures of Analytics in the words of JSON: units stand in
// the names (s: seconds), shares are 0…1, null is what is not known.
type PrintedFigures struct {
	At       time.Time     `json:"at"`
	Step     Step          `json:"step"`
	Partial  bool          `json:"partial"` // the last day is not over
	GoalS    int64         `json:"goal_s"`
	Filter   Filter        `json:"filter"`
	OfPages  Filter        `json:"filter_of_pages"` // what of it the audience obeys
	Now      PrintedTally  `json:"period"`
	Before   PrintedTally  `json:"before"`
	YearAgo  PrintedTally  `json:"year_ago"`
	Steps    []PrintedStep `json:"steps"`
	ByPlace  []PrintedPart `json:"by_municipality"`
	ByWho    []PrintedPart `json:"by_executor"`
	ByGroup  []PrintedPart `json:"by_topic_group"`
	ByTopic  []PrintedPart `json:"by_topic"`
	BySource []PrintedPart `json:"by_source"`
	ByKind   []PrintedPart `json:"by_kind"`
	Heat     [7][24]int    `json:"by_weekday_and_hour"` // Monday first
	Took     []PrintedBin  `json:"first_response_lengths"`
	Waiting  []PrintedWait `json:"unanswered"`
	Audience PrintedPages  `json:"audience"`
	Marked   []Occasion    `json:"occasions"`
}

// PrintedTally is a Tally in JSON.
type PrintedTally struct {
	From     Day            `json:"from"`
	To       Day            `json:"to"`
	Appeals  int            `json:"appeals"`
	Closed   int            `json:"closed"`
	Backlog  int            `json:"backlog"`
	Response PrintedSummary `json:"first_response"`
}

// PrintedStep is a StepFigures in JSON.
type PrintedStep struct {
	PrintedTally
	Partial bool `json:"partial"`
}

// PrintedSummary is a Summary in JSON.
type PrintedSummary struct {
	N          int      `json:"n"`
	MeanS      *int64   `json:"mean_s"`
	MedianS    *int64   `json:"median_s"`
	MedianOffS *int64   `json:"median_off_s"` // the most it may be off
	P10S       *int64   `json:"p10_s"`
	P90S       *int64   `json:"p90_s"`
	WithTerm   int      `json:"with_term"`
	InTime     int      `json:"in_time"`
	Overdue    int      `json:"overdue"`
	Share      *float64 `json:"in_time_share"`
}

// PrintedPart is a Share in JSON.
type PrintedPart struct {
	Name           string         `json:"name"`
	Appeals        int            `json:"appeals"`
	Part           float64        `json:"share"`
	AppealsBefore  int            `json:"appeals_before"`
	AppealsYearAgo int            `json:"appeals_year_ago"`
	Response       PrintedSummary `json:"first_response"`
	Before         PrintedSummary `json:"first_response_before"`
	YearAgo        PrintedSummary `json:"first_response_year_ago"`
	Residents      *int           `json:"residents,omitempty"`
	PerThousand    *float64       `json:"appeals_per_1000_residents,omitempty"`
}

// PrintedBin is a Bin in JSON; the last one has no upper bound.
type PrintedBin struct {
	FromS  int64  `json:"from_s"`
	BelowS *int64 `json:"below_s"`
	N      int    `json:"n"`
}

// PrintedWait is a Survival in JSON.
type PrintedWait struct {
	AfterS int64   `json:"after_s"`
	Share  float64 `json:"share"`
	AtRisk int     `json:"at_risk"`
}

// PrintedPages is an Audience in JSON.
type PrintedPages struct {
	Pages         int              `json:"pages"`
	Subscribers   *int64           `json:"subscribers"` // a sum, not a number of people
	Of            *Day             `json:"of"`
	Growth        *int64           `json:"growth"`
	GrowthBefore  *int64           `json:"growth_before"`
	GrowthYearAgo *int64           `json:"growth_year_ago"`
	Networks      []PrintedNetwork `json:"by_network"`
	Leaders       []PrintedGrowth  `json:"leaders"`
	Losers        []PrintedGrowth  `json:"losers"`
}

// PrintedNetwork is a NetworkSeries in JSON: a sum a day, null for a gap.
type PrintedNetwork struct {
	Network     Source   `json:"network"`
	Subscribers []*int64 `json:"subscribers_by_day"`
}

// PrintedGrowth is a PageGrowth in JSON.
type PrintedGrowth struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	From uint32 `json:"from"`
	To   uint32 `json:"to"`
}

// Printed gives all figures in the words of JSON.
func (a *Analytics) Printed() PrintedFigures {
	out := PrintedFigures{
		At: a.At, Step: a.Step, Partial: a.Partial, GoalS: inSeconds(a.Goal), Filter: a.Filter, OfPages: a.Filter.OfPages(),
		Now: a.Now.printed(), Before: a.Before.printed(), YearAgo: a.YearAgo.printed(), Heat: a.Heat,
		Steps: printedOf(a.Steps, func(s StepFigures) PrintedStep { return PrintedStep{s.printed(), s.Partial} }),
		Took: printedOf(a.Took, func(b Bin) PrintedBin {
			p := PrintedBin{FromS: inSeconds(b.AtLeast), N: b.N}
			if b.Below != 0 {
				p.BelowS = known(inSeconds(b.Below))
			}
			return p
		}),
		Waiting:  printedOf(a.Unanswered, func(s Survival) PrintedWait { return PrintedWait{inSeconds(s.After), s.Share, s.AtRisk} }),
		Audience: a.Audience.printed(), Marked: a.Occasions,
	}
	for _, of := range []struct {
		from []Share
		to   *[]PrintedPart
	}{
		{a.Municipalities, &out.ByPlace},
		{a.Executors, &out.ByWho},
		{a.Groups, &out.ByGroup},
		{a.Topics, &out.ByTopic},
		{a.Sources, &out.BySource},
		{a.Kinds, &out.ByKind},
	} {
		*of.to = printedOf(of.from, Share.printed)
	}
	return out
}

// printedOf never gives nil, which would be written as null.
func printedOf[V, P any](all []V, print func(V) P) []P {
	out := make([]P, len(all))
	for i, v := range all {
		out[i] = print(v)
	}
	return out
}

func inSeconds(d time.Duration) int64 { return int64(d / time.Second) }

func known[V any](v V) *V { return &v }

func (t Tally) printed() PrintedTally {
	return PrintedTally{t.Period.From, t.Period.To, t.Appeals, t.Closed, t.Backlog, t.Response.printed()}
}

func (s Summary) printed() PrintedSummary {
	out := PrintedSummary{N: s.N, WithTerm: s.Timed, InTime: s.InTime, Overdue: s.Overdue()}
	if s.N > 0 {
		out.MeanS, out.MedianS, out.MedianOffS = known(inSeconds(s.Mean)), known(inSeconds(s.Median)), known(inSeconds(s.Off))
		out.P10S, out.P90S = known(inSeconds(s.P10)), known(inSeconds(s.P90))
	}
	if share, ok := s.Share(); ok {
		out.Share = &share
	}
	return out
}

func (s Share) printed() PrintedPart {
	out := PrintedPart{
		Name: s.Name, Appeals: s.Appeals, Part: s.Part, AppealsBefore: s.AppealsBefore, AppealsYearAgo: s.AppealsYearAgo,
		Response: s.Response.printed(), Before: s.Before.printed(), YearAgo: s.YearAgo.printed(),
	}
	if n, ok := s.PerThousand(); ok {
		out.Residents, out.PerThousand = known(s.Residents), &n
	}
	return out
}

func (a Audience) printed() PrintedPages {
	grown := func(g PageGrowth) PrintedGrowth { return PrintedGrowth{g.ID, g.Name, g.From, g.To} }
	out := PrintedPages{
		Pages: a.Pages, GrowthBefore: a.Before, GrowthYearAgo: a.YearAgo,
		Leaders: printedOf(a.Leaders, grown), Losers: printedOf(a.Losers, grown),
		Networks: printedOf(a.Networks, func(n NetworkSeries) PrintedNetwork {
			return PrintedNetwork{n.Network, printedOf(n.Days, func(sum int64) *int64 {
				if sum < 0 {
					return nil
				}
				return &sum
			})}
		}),
	}
	if a.Known {
		out.Subscribers, out.Growth, out.Of = known(a.Subscribers), known(a.Growth), known(a.Of)
	}
	return out
}
